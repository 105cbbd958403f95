"""Shrink a schedule that breaks an invariant to one that a person can read: few faults first, then few steps.

Delta debugging (ddmin) over labels: a part of the schedule is replayed leniently, which skips what is not enabled, and
kept if the same invariant breaks. What is left is a local minimum, and it tells which faults are needed at all; a
bounded breadth-first search with no more faults than that finds the true one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import product
from typing import Any, Protocol

from simulator.explore import Violation, explore
from simulator.faults import Faults, fault_of
from simulator.invariant import Invariant
from simulator.race import Race
from simulator.world import Label, World

CAP = 20_000
"""States that the search for the true minimum may visit."""
AFTERWARDS = 500
"""Steps that a world is given to come to rest after a candidate, for rules that are judged at rest."""

Labels = tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The shrunk violation with the faults it needs. ``minimal``: with fewer faults nothing breaks, nor in fewer steps."""

    violation: Violation
    faults: Faults
    minimal: bool


def shrink(
    race: Race[Any, Any], variant: str | None, faults: Faults, violation: Violation, cap: int = CAP
) -> Shrunk | None:
    """A schedule that breaks the same invariant in as few faults and steps as can be found.

    None: today's code does not break it on this schedule. The search for the true minimum gives up after ``cap``
    states; what is left of the schedule itself is then the answer. KeyError: no such invariant or variant.
    """
    rules = {each.name: each for each in race.never}
    rule = rules[violation.invariant]
    trial = _Trial(race, race.world(variant, faults), rule)
    shorter = trial.play(violation.schedule)
    if shorter is None:
        return None
    shorter = _fewer_steps(trial, _fewer_faults(trial, shorter))
    used = spent(shorter.schedule)
    for budgets in _sparer(used):
        found = explore(race.world(variant, budgets), race.views, (rule,), cap=cap)
        cap -= found.states
        if found.violation is not None:
            return Shrunk(found.violation, budgets, minimal=True)
        if cap <= 0:
            break
    return Shrunk(shorter, used, minimal=False)


def spent(labels: Sequence[Label]) -> Faults:
    """The faults that a schedule takes."""
    taken = [fault for label in labels if (fault := fault_of(label))]
    return Faults(**{fault: taken.count(fault) for fault in taken})


def _sparer(used: Faults) -> Iterator[Faults]:
    """All budgets within these, those with the fewest faults first."""
    names = [each.name for each in fields(used)]
    choices = product(*(range(getattr(used, name) + 1) for name in names))
    for budgets in sorted(choices, key=lambda chosen: (sum(chosen), chosen)):
        yield Faults(**dict(zip(names, budgets, strict=True)))


def _fewer_faults(trial: _Plays, found: Violation) -> Violation:
    """Drop each fault that can be dropped, whatever that does to the number of steps."""
    place = len(found.schedule)
    while place > 0:
        place -= 1
        labels = found.schedule
        if place < len(labels) and fault_of(labels[place]):
            found = trial.play((*labels[:place], *labels[place + 1 :])) or found
    return found


def _fewer_steps(trial: _Plays, found: Violation) -> Violation:
    """Drop ever smaller parts, until no single step can be dropped."""
    size = len(found.schedule)
    while size:
        before = len(found.schedule)
        start = 0
        while start < len(found.schedule):
            labels = found.schedule
            shorter = trial.play((*labels[:start], *labels[start + size :]))
            if shorter is not None and len(shorter.schedule) < len(labels):
                found = shorter
            else:
                start += size
        if size > 1 or len(found.schedule) == before:
            size //= 2
    return found


class _Plays(Protocol):
    def play(self, labels: Sequence[Label], /) -> Violation | None: ...


class _Trial:
    """One world in which candidates are played, each from the start."""

    def __init__(self, race: Race[Any, Any], world: World, rule: Invariant[Any]) -> None:
        self._race, self._world, self._rule = race, world, rule
        self._start = world.snapshot()

    def play(self, labels: Sequence[Label]) -> Violation | None:
        """The violation, with the labels that were enabled up to there; None if the rule does not break."""
        self._world.restore(self._start)
        taken: list[Label] = []
        broken = self._broken(taken)
        for label in labels:
            if broken is None and self._take(label):
                taken.append(label)
                broken = self._broken(taken)
        for _ in range(AFTERWARDS if self._rule.at_rest else 0):
            following = next((each for each in self._world.enabled() if not fault_of(each)), None)
            if broken is not None or following is None:
                break
            self._take(following)
            taken.append(following)
            broken = self._broken(taken)
        return broken

    def _take(self, label: Label) -> bool:
        """Without a record of it: candidates are many."""
        happens = next((act for name, act in self._world.successors() if name == label), None)
        if happens is not None:
            happens()
        return happens is not None

    def _broken(self, taken: Sequence[Label]) -> Violation | None:
        if self._rule.at_rest and self._world.enabled() and not self._world.at_rest():
            return None
        finding = self._rule.judge(self._race.views(self._world))
        return None if finding is None else Violation(self._rule.name, finding, tuple(taken))
