"""A faster look-up of steps.

For every step that it runs, pytest-bdd asks pytest about every fixture there is (some 400 here), which costs more than
playing the scenario. All our steps are global, so pytest is asked once for all of them, and what a text means is looked
up once. Where pytest-bdd no longer has the functions, nothing is changed and runs are slower.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest_bdd  # noqa: F401 - makes sure that the module below is loaded

_MODULE = "pytest_bdd.scenario"
_FUNCTION = "find_fixturedefs_for_step"
_PARTS = ("get_fixture_names", "getfixturedefs", "step_function_context_registry")


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """Within the block, the definitions of a step are looked up once for each kind and text."""
    module = sys.modules.get(_MODULE)
    original = getattr(module, _FUNCTION, None)
    names, visible, contexts = (getattr(module, part, None) for part in _PARTS)
    if original is None or names is None or visible is None or contexts is None:
        yield
        return
    steps: list[tuple[Any, Any]] = []
    known: dict[tuple[Any, str], list[Any]] = {}

    def find(step: Any, fixturemanager: Any, node: Any) -> list[Any]:
        if not steps:
            given = (each for name in names(fixturemanager) for each in visible(fixturemanager, name, node) or ())
            steps.extend((each, context) for each in given if (context := contexts.get(each.func)) is not None)
        place = (step.type, step.name)
        if place not in known:
            known[place] = [
                each
                for each, context in steps
                if context.type in (None, step.type) and context.parser.is_matching(step.name)
            ]
        return known[place]

    setattr(module, _FUNCTION, find)
    try:
        yield
    finally:
        setattr(module, _FUNCTION, original)
