"""The log as the operator reads it: the newest lines, from a moment on; each line goes on to the usual place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from reference_impl.serve.journal import Kept


def line(second: int) -> dict[str, Any]:
    return {"time": f"2026-01-31T12:00:{second:02}.000+00:00", "status": 200}


def texts(kept: Kept, **inputs: str) -> list[Any]:
    text = asyncio.run(kept.logs(inputs))["text"]
    return [json.loads(each) for each in text.splitlines()]


def test_the_newest_lines_are_kept_and_all_are_passed_on() -> None:
    told: list[Mapping[str, Any]] = []
    kept = Kept(told.append, lines=2)
    for second in (1, 2, 3):
        kept(line(second))
    assert texts(kept) == [line(2), line(3)]
    assert told == [line(1), line(2), line(3)]


def test_lines_from_a_moment_on() -> None:
    kept = Kept()
    for second in (1, 2, 3):
        kept(line(second))
    assert texts(kept, since=line(2)["time"]) == [line(2), line(3)]
    assert texts(kept, since=line(9)["time"]) == []
