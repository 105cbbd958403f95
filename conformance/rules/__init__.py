"""Rules: what a claim means, looking only at the trace.

A rule is registered under its own name and gets a view and the claim's parameters; it returns a Finding, or Waiting
as long as it cannot say. The same rule judges live and from a stored trace.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from conformance.unseen import Unseen
from conformance.view import TraceView
from reports.verdict import Finding, Waiting

Rule = Callable[..., Finding | Waiting]
F = TypeVar("F", bound=Rule)

RULES: dict[str, Rule] = {}


def rule(function: F) -> F:
    """Register a rule under its name; names must differ."""
    name = function.__name__
    if name in RULES:
        raise ValueError(f"two rules are called {name}")
    RULES[name] = function
    return function


@cache
def _load() -> None:
    """Import every module of this package, so that its rules are registered."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def names() -> frozenset[str]:
    """The names of all rules."""
    _load()
    return frozenset(RULES)


def evaluate(name: str, view: TraceView, params: dict[str, Any]) -> Finding | Waiting:
    """Apply a rule; KeyError names the rules there are. What needs more than could be observed is untested."""
    _load()
    if name not in RULES:
        raise KeyError(f"no rule {name!r}; there are {', '.join(sorted(RULES))}")
    try:
        return RULES[name](view, **params)
    except Unseen as lack:
        return Finding.untested(str(lack))
