"""A faster look-up of steps.

For every step that it runs, pytest-bdd asks pytest about every fixture there is (some 300 here), which costs more than
playing the scenario. All our steps are global, so what a text means does not change during a session: it is looked up
once. Where pytest-bdd no longer has the function, nothing is changed and runs are slower.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest_bdd  # noqa: F401 - makes sure that the module below is loaded

_MODULE = "pytest_bdd.scenario"
_FUNCTION = "find_fixturedefs_for_step"


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """Within the block, the definitions of a step are looked up once for each kind and text."""
    module = sys.modules.get(_MODULE)
    original = getattr(module, _FUNCTION, None)
    if module is None or original is None:
        yield
        return
    known: dict[tuple[Any, str], list[Any]] = {}

    def find(step: Any, fixturemanager: Any, node: Any) -> list[Any]:
        place = (step.type, step.name)
        if place not in known:
            known[place] = list(original(step, fixturemanager, node))
        return known[place]

    setattr(module, _FUNCTION, find)
    try:
        yield
    finally:
        setattr(module, _FUNCTION, original)
