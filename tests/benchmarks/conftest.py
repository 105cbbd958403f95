"""Measuring, and the table at the end. Benchmarks run only when they are asked for."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_TABLE: list[tuple[str, str]] = []


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "benchmark: measures; runs only when it is asked for")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`pytest` alone passes them over; `pytest tests/benchmarks` or `pytest -m benchmark` runs them."""
    named = any(
        path == _HERE or _HERE in path.parents for path in (Path(a.split("::")[0]).resolve() for a in config.args)
    )
    asked = named or "benchmark" in config.getoption("markexpr")
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.benchmark)
            if not asked:
                item.add_marker(pytest.mark.skip(reason="run with: pytest tests/benchmarks"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, figure in _TABLE:
        terminalreporter.write_line(f"{name:<58} {figure:>14}")


def microseconds(what: Callable[[], object], times: int = 200, rounds: int = 7) -> float:
    """The best of some rounds, per call."""
    gc.collect()
    gc.disable()
    try:
        best = float("inf")
        for _ in range(rounds):
            began = time.perf_counter()
            for _ in range(times):
                what()
            best = min(best, time.perf_counter() - began)
    finally:
        gc.enable()
    return best / times * 1e6


def note(name: str, figure: str) -> None:
    """A line of the table."""
    _TABLE.append((name, figure))
