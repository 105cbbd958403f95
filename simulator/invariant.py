"""What must never be, and what must not go on for ever: rules over what every side shows.

A view is what one side shows: built from tables in the simulator, from observations in a live run. So a rule is
written once and knows neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reports.verdict import Finding

V = TypeVar("V")

Judge = Callable[[Sequence[V]], Finding | None]
Sometimes = Callable[[Sequence[V]], bool]
"""A property that guards against an empty success: it shall hold in some state at rest."""


@dataclass(frozen=True, slots=True)
class Invariant(Generic[V]):
    """A rule over the views of all sides; ``at_rest`` rules hold once nothing is in flight and no timer is armed."""

    name: str
    judge: Judge[V]
    at_rest: bool = False


@dataclass(frozen=True, slots=True)
class Liveness(Generic[V]):
    """A rule over endless schedules: under a fair one, what is ``open`` does not stay so for ever.

    ``open`` tells what somebody still waits for, in words; empty: nobody waits for anything. A cycle that is fair and
    has something open in each of its states is a livelock, and breaks the rule.
    """

    name: str
    open: Callable[[Sequence[V]], str]
