"""Exhaustive exploration: breadth first over all states of a world, each visited once.

Breadth first makes the first counterexample a shortest one. Fault budgets are part of the state. A cap that was hit
is never green, and neither is an empty success, where a rule for states at rest met none or what shall happen
sometimes never did: the verdict is INCOMPLETE. Transitions are kept only for liveness rules; a fair cycle in which
somebody waits refutes as a broken invariant does.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import inf
from typing import Generic, TypeVar

from reports.verdict import Finding
from simulator.cardinality import Sample
from simulator.graph import Graph
from simulator.invariant import Invariant, Liveness, Sometimes
from simulator.livelock import livelocks
from simulator.world import Label, Moment, World

V = TypeVar("V")


class Result(StrEnum):
    PROVED = "proved"
    REFUTED = "refuted"
    INCOMPLETE = "incomplete"


PROVED, REFUTED, INCOMPLETE = Result.PROVED, Result.REFUTED, Result.INCOMPLETE


@dataclass(frozen=True, slots=True)
class Violation:
    """The rule that broke, and a schedule that breaks it: of an exploration a shortest one.

    ``cycle`` is what goes on for ever after the schedule, where a liveness rule broke.
    """

    invariant: str
    finding: Finding
    schedule: tuple[Label, ...]
    cycle: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Exploration:
    """What an exploration found. ``rests`` counts the states at rest; without one nothing was judged at rest."""

    verdict: Result
    states: int
    transitions: int
    rests: int
    seconds: float
    violation: Violation | None = None
    deepest: int = 0
    sometimes: dict[str, bool] = field(default_factory=dict)
    """Which of the properties that guard against an empty success occurred in some state at rest."""
    livelocks: tuple[Violation, ...] = ()
    """One for each rule and what is waited for. They are looked for where nothing else broke and no cap was hit."""
    cardinality: dict[str, int] = field(default_factory=dict)
    """Where a cap was hit: how many values each part of the fingerprint had, the most varied first."""


Views = Callable[[World], Sequence[V]]


def explore(
    world: World,
    views: Views[V],
    never: Sequence[Invariant[V]],
    sometimes: Mapping[str, Sometimes[V]] | None = None,
    live: Sequence[Liveness[V]] = (),
    cap: int = 2_000_000,
    seconds: float = inf,
    progress: Callable[[int, int], None] = lambda states, waiting: None,
) -> Exploration:
    """Visit every state that the world can reach from where it stands; the world is left as it was.

    After ``cap`` states, and after ``seconds``, it gives up. ``progress`` is called every 1,000 states with the states
    seen and those still waiting.
    """
    started = time.perf_counter()
    end = started + seconds
    start = world.snapshot()
    search = _Search(world, views, never, sometimes or {}, live, progress)
    while search.waiting and search.violation is None and len(search.ways) <= cap and time.perf_counter() < end:
        search.leave_next()
    found = search.ended()
    world.restore(start)
    return replace(found, seconds=time.perf_counter() - started)


class _Search(Generic[V]):
    """What has been found so far, and which states wait to be left."""

    def __init__(
        self,
        world: World,
        views: Views[V],
        never: Sequence[Invariant[V]],
        sometimes: Mapping[str, Sometimes[V]],
        live: Sequence[Liveness[V]],
        progress: Callable[[int, int], None],
    ) -> None:
        self.world, self.views, self.progress = world, views, progress
        self.never, self.sometimes, self.live = never, sometimes, live
        self.always = [rule for rule in never if not rule.at_rest]
        self.occurred = dict.fromkeys(sometimes, False)
        self.numbers: dict[int, int] = {}
        """Of the states, by their fingerprints."""
        self.ways: list[tuple[int, Label]] = []
        """For each state, by number, the state from which it was found and by what; the first was there."""
        self.waiting: deque[tuple[Moment, int]] = deque()
        self.sample = Sample()
        self.graph = Graph() if live else None
        self.waits: list[list[str]] = [[] for _ in live]
        """For each liveness rule what somebody waits for, by the number of the state."""
        self.transitions = self.rests = self.left = 0
        self.violation: Violation | None = None
        self._meet(world.fingerprint(), (0, ""))

    def leave_next(self) -> None:
        """Take every choice of the state that has waited longest, up to a violation."""
        moment, self.left = self.waiting.popleft()
        self.world.restore(moment)
        choices = self.world.successors()
        if not choices:
            self._rest()
        for taken, (label, happens) in enumerate(choices):
            if taken:
                self.world.restore(moment)
            happens()
            mark = self.world.fingerprint()
            self.transitions += 1
            target = self.numbers.get(mark)
            if target is None:
                target = self._meet(mark, (self.left, label))
                if self.violation is not None:
                    return
            if self.graph is not None:
                self.graph.add(label, target)
        if self.graph is not None:
            self.graph.leave()

    def _meet(self, mark: int, way: tuple[int, Label]) -> int:
        """The world is in a state that is new; returns its number."""
        number = self.numbers[mark] = len(self.ways)
        self.ways.append(way)
        moment = self.world.snapshot()
        self.waiting.append((moment, number))
        self.sample.offer(moment)
        shown = self.views(self.world)
        self._judge(self.always, shown, number)
        for rule, waits in zip(self.live, self.waits, strict=True):
            waits.append(rule.open(shown))
        if len(self.ways) % 1000 == 0:
            self.progress(len(self.ways), len(self.waiting))
        return number

    def _rest(self) -> None:
        """The world is where nothing more can happen."""
        self.rests += 1
        shown = self.views(self.world)
        self._judge(self.never, shown, self.left)
        for name, property_ in self.sometimes.items():
            self.occurred[name] = self.occurred[name] or property_(shown)

    def _judge(self, rules: Sequence[Invariant[V]], shown: Sequence[V], number: int) -> None:
        for rule in rules:
            if (finding := rule.judge(shown)) is not None:
                self.violation = Violation(rule.name, finding, self._schedule(number))
                return

    def _schedule(self, number: int) -> tuple[Label, ...]:
        labels: list[Label] = []
        while number:
            number, label = self.ways[number]
            labels.append(label)
        return tuple(reversed(labels))

    # --- the end ----------------------------------------------------------------------------------------------

    def ended(self) -> Exploration:
        """What came of it; the world is left anywhere."""
        capped = self.violation is None and bool(self.waiting)
        lassos = [] if capped or self.violation else self._livelocks()
        violation = self.violation or min(lassos, key=_steps, default=None)
        nothing_seen = not all(self.occurred.values()) or (not self.rests and len(self.always) < len(self.never))
        return Exploration(
            REFUTED if violation else INCOMPLETE if capped or nothing_seen else PROVED,
            len(self.ways),
            self.transitions,
            self.rests,
            0.0,
            violation,
            len(self._schedule(self.left)),
            self.occurred,
            tuple(lassos),
            self.sample.cardinalities(self.world) if capped else {},
        )

    def _livelocks(self) -> list[Violation]:
        """The shortest lasso for each rule and each thing that is waited for."""
        found: dict[tuple[str, str], Violation] = {}
        for rule, waits in zip(self.live, self.waits, strict=True):
            assert self.graph is not None, "transitions are kept where there are liveness rules"
            for lasso in livelocks(self.graph, [bool(words) for words in waits]):
                words = waits[lasso.entry]
                finding = Finding.failed(want="an end under every fair schedule", got=f"for ever: {words}")
                violation = Violation(rule.name, finding, self._schedule(lasso.entry), lasso.cycle)
                if (signature := (rule.name, words)) not in found or _steps(violation) < _steps(found[signature]):
                    found[signature] = violation
        return sorted(found.values(), key=_steps)


def _steps(violation: Violation) -> int:
    return len(violation.schedule) + len(violation.cycle)
