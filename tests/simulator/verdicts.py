"""What the tests of the races ask: is it proved, with which counts; is a variant refuted, how, and in how many steps?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from simulator.explore import PROVED, REFUTED
from simulator.faults import Faults
from simulator.invariant import Invariant
from simulator.race import Race


def proved(race: Race[Any, Any], faults: str, *, but: Collection[Invariant[Any]] = ()) -> tuple[int, int, int]:
    """States, transitions and states at rest of a race that is proved, and where everything occurred that shall.

    ``but`` are rules that are left out.
    """
    never = tuple(rule for rule in race.never if rule not in but)
    found = replace(race, never=never).explore(faults=Faults.parse(faults))
    assert found.violation is None
    assert found.verdict is PROVED
    assert all(found.sometimes.values())
    return found.states, found.transitions, found.rests


def refuted(race: Race[Any, Any], variant: str, faults: str) -> tuple[str, str, int]:
    """The invariant that a variant breaks, what was seen of that, and the number of steps of the shortest schedule."""
    found = race.explore(variant, Faults.parse(faults))
    assert found.verdict is REFUTED
    assert found.violation is not None
    return found.violation.invariant, found.violation.finding.got, len(found.violation.schedule)
