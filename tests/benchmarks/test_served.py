"""The served reference against a bare FastAPI route, and against itself with a hundred times as much stored."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.benchmarks.conftest import note
from tests.benchmarks.load import post, seconds_for
from tests.benchmarks.served_process import PATH, body_of, waiting_uuid

ROOT = Path(__file__).parents[2]
TOKEN = "benchmark-csp-b"
ROUNDS = 9
REQUESTS = 320
"""In each round."""

PARTY = f"""
[party]
protocol = "connection-coordinator"
id = "csp-a"
listen = "127.0.0.1:0"
northbound = "127.0.0.1:0"
northbound_token = "benchmark-operator"

[[partners]]
id = "csp-b"
url = "http://127.0.0.1:9"
token_out = "benchmark-csp-a"
token_in = "{TOKEN}"

[limits]
per_second = 1000000
burst = 1000000
pending_per_partner = 1000000
connections_per_partner = 1000000

[inventory]
file = "{ROOT}/examples/inventory.toml"
"""


@contextlib.contextmanager
def process(*arguments: str) -> Iterator[str]:
    """The URL of a server process."""
    command = [sys.executable, "-m", "tests.benchmarks.served_process", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        assert url.startswith("http"), "the server process did not begin; its stderr knows why"
        try:
            yield url
        finally:
            running.stdin.close()
            running.wait(30)


def creates(round_: int) -> list[bytes]:
    """The CreateConnections of one round, each with a key of its own."""
    uuids = [waiting_uuid(number) for number in range(round_ * REQUESTS, (round_ + 1) * REQUESTS)]
    return [post(f"{PATH}?connectionId={uuid}", "party", body_of(uuid), TOKEN) for uuid in uuids]


def rounds(urls: Sequence[str]) -> list[list[float]]:
    """Microseconds a request, per server and round: all servers take turns, so that noise hits them alike."""
    seconds_each: list[list[float]] = [[] for _ in urls]
    for round_ in range(ROUNDS + 1):
        requests = creates(round_)
        for url, found in zip(urls, seconds_each, strict=True):
            found.append(seconds_for(url, requests) / len(requests) * 1e6)
    return [found[1:] for found in seconds_each]  # the first one warms up


def ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    """Of the best rounds of each: whatever else the machine does only adds to a round."""
    return min(ones) / min(others)


def per_second(found: Sequence[float]) -> str:
    return f"{1e6 / min(found):,.0f} /s"


@pytest.fixture
def party(tmp_path: Path) -> tuple[Path, str]:
    config = tmp_path / "party.toml"
    config.write_text(PARTY, encoding="utf-8")
    return config, str((ROUNDS + 1) * REQUESTS)


def test_create_connection_against_an_echo(party: tuple[Path, str], tmp_path: Path) -> None:
    """SQLite in WAL with synchronous=FULL: every answer is on the disk before it leaves."""
    config, keys = party
    database = f"sqlite:///{tmp_path / 'party.db'}"
    with (
        process("echo") as echo,
        process("party", str(config), database, "0", keys) as durable,
        process("party", str(config), "memory", "0", keys) as memory,
    ):
        yardstick, on_disk, in_memory = rounds([echo, durable, memory])
    found = ratio(yardstick, on_disk)
    for name, each in (
        ("echo", yardstick),
        ("CreateConnection, SQLite", on_disk),
        ("CreateConnection, memory", in_memory),
    ):
        note(f"served {name}", per_second(each))
    note("served CreateConnection, SQLite / echo (bar 0.4)", f"{found:.2f} x")
    note("served CreateConnection, memory / echo", f"{ratio(yardstick, in_memory):.2f} x")
    assert found >= 0.4


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_many_stored_connections_cost_no_more(party: tuple[Path, str], tmp_path: Path, kind: str) -> None:
    config, keys = party
    few_at, many_at = (
        "memory" if kind == "memory" else f"sqlite:///{tmp_path / name}" for name in ("few.db", "many.db")
    )
    with (
        process("party", str(config), few_at, "1000", keys) as few,
        process("party", str(config), many_at, "100000", keys) as many,
    ):
        with_few, with_many = rounds([few, many])
    found = ratio(with_many, with_few)
    note(f"served CreateConnection, {kind}, 1,000 stored", per_second(with_few))
    note(f"served CreateConnection, {kind}, 100,000 stored", per_second(with_many))
    note(f"cost at 100,000 / at 1,000, {kind} (bar 1.5)", f"{found:.2f} x")
    assert found <= 1.5
