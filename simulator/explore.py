"""Exhaustive exploration: breadth first over all states of a world, each visited once.

Breadth first makes the first counterexample a shortest one. Fault budgets are part of the state. A cap that was hit
is never green, and neither is an empty success, where a rule for states at rest met none or what shall happen
sometimes never did: the verdict is INCOMPLETE. Transitions are kept only for liveness rules; a fair cycle in which
somebody waits refutes as a broken invariant does.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from reports.verdict import Finding
from simulator.cardinality import cardinalities
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
    sometimes: dict[str, Sometimes[V]] | None = None,
    live: Sequence[Liveness[V]] = (),
    cap: int = 2_000_000,
    progress: Callable[[int, int], None] = lambda states, waiting: None,
) -> Exploration:
    """Visit every state that the world can reach from where it stands; the world is left as it was.

    ``progress`` is called every 1,000 states with the states seen and those still waiting.
    """
    started = time.perf_counter()
    start = world.snapshot()
    always = [each for each in never if not each.at_rest]
    occurred = dict.fromkeys(sometimes or {}, False)
    numbers = {world.fingerprint(): 0}
    ways: Ways = [(0, "")]
    waiting: deque[tuple[Moment, int]] = deque([(world.snapshot(), 0)])
    graph = Graph() if live else None
    waits = [[rule.open(views(world))] for rule in live]
    rests = number = transitions = 0
    violation: Violation | None = None

    while waiting and violation is None and len(ways) <= cap:
        moment, number = waiting.popleft()
        world.restore(moment)
        choices = world.successors()
        if not choices:
            rests += 1
            shown = views(world)
            violation = _judge(never, shown, ways, number)
            for name, property_ in (sometimes or {}).items():
                occurred[name] = occurred[name] or property_(shown)
        for label, happens in choices:
            happens()
            transitions += 1
            mark = world.fingerprint()
            target = numbers.get(mark)
            if target is None:
                target = numbers[mark] = len(ways)
                ways.append((number, label))
                waiting.append((world.snapshot(), target))
                shown = views(world)
                violation = _judge(always, shown, ways, target)
                for rule, words in zip(live, waits, strict=True):
                    words.append(rule.open(shown))
                if len(ways) % 1000 == 0:
                    progress(len(ways), len(waiting))
                if violation is not None:
                    break
            if graph is not None:
                graph.add(label, target)
            world.restore(moment)
        if graph is not None:
            graph.leave()
    capped = violation is None and bool(waiting)
    cardinality = cardinalities(world, [moment for moment, _ in waiting]) if capped else {}
    world.restore(start)
    lassos: list[Violation] = []
    if graph is not None and violation is None and not capped:
        for rule, words in zip(live, waits, strict=True):
            lassos += _livelocks(rule, graph, words, ways)
        violation = min(lassos, key=_length, default=None)
    nothing_seen = not all(occurred.values()) or (not rests and len(always) < len(never))
    verdict = REFUTED if violation else INCOMPLETE if capped or nothing_seen else PROVED
    return Exploration(
        verdict,
        len(ways),
        transitions,
        rests,
        time.perf_counter() - started,
        violation,
        len(_schedule(ways, number)),
        occurred,
        tuple(lassos),
        cardinality,
    )


Ways = list[tuple[int, Label]]
"""For each state, by number, the state from which it was found and by what; the first was there."""


def _judge(never: Sequence[Invariant[V]], views: Sequence[V], ways: Ways, number: int) -> Violation | None:
    for invariant in never:
        if (finding := invariant.judge(views)) is not None:
            return Violation(invariant.name, finding, _schedule(ways, number))
    return None


def _livelocks(rule: Liveness[V], graph: Graph, waits: Sequence[str], ways: Ways) -> list[Violation]:
    """The shortest lasso for each thing that is waited for."""
    found: dict[str, Violation] = {}
    for lasso in livelocks(graph, [bool(words) for words in waits]):
        words = waits[lasso.entry]
        finding = Finding.failed(want="an end under every fair schedule", got=f"for ever: {words}")
        violation = Violation(rule.name, finding, _schedule(ways, lasso.entry), lasso.cycle)
        if words not in found or _length(violation) < _length(found[words]):
            found[words] = violation
    return sorted(found.values(), key=_length)


def _length(violation: Violation) -> int:
    return len(violation.schedule) + len(violation.cycle)


def _schedule(ways: Ways, number: int) -> tuple[Label, ...]:
    labels: list[Label] = []
    while number:
        number, label = ways[number]
        labels.append(label)
    return tuple(reversed(labels))
