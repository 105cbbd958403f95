"""The soak in small: two served processes, 24 customers, every connection to its end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from scripts import soak

CONNECTIONS = 60


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_sixty_connections_leave_nothing_behind(tmp_path: Path) -> None:
    play, found = asyncio.run(soak.soak(tmp_path, CONNECTIONS, clients=24, seconds=300))
    assert found == []
    assert play.done == CONNECTIONS
    assert all(status < 400 for side in play.sides.values() for status in side.statuses)


def test_what_is_left_behind_is_told() -> None:
    good = {
        "connections": [{"uuid": "u", "customer": "deleted", "placements": []}],
        "interconnects": [{"reserved_mbps": 0}],
    }
    left = {
        "connections": [{"uuid": "u", "customer": "established", "placements": [{}]}],
        "interconnects": [{"reserved_mbps": 1000}],
    }
    assert soak.problems({"csp-a": good, "csp-b": good}, 1) == []
    assert soak.problems({"csp-a": good, "csp-b": left}, 1) == [
        "the two sides differ on 1 connections, for example ['u']",
        "csp-b: want 1 deleted, 0 placed, 0 Mbps reserved; got 0, 1, 1000 Mbps",
    ]
