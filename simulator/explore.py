"""Exhaustive exploration: breadth first over all states of a world, each visited once.

Breadth first makes the first counterexample a shortest one. Fault budgets are part of the state. A cap that was hit
is never green, and neither is an empty success, where a rule for states at rest met none or what shall happen
sometimes never did: the verdict is INCOMPLETE.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from reports.verdict import Finding
from simulator.invariant import Invariant, Sometimes
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


Views = Callable[[World], Sequence[V]]


def explore(
    world: World,
    views: Views[V],
    never: Sequence[Invariant[V]],
    sometimes: dict[str, Sometimes[V]] | None = None,
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
    parents: dict[int, tuple[int, Label] | None] = {world.fingerprint(): None}
    waiting: deque[tuple[Moment, int, int]] = deque([(start, world.fingerprint(), 0)])
    transitions = rests = deepest = 0
    violation: Violation | None = None

    while waiting and violation is None and len(parents) <= cap:
        moment, mark, depth = waiting.popleft()
        deepest = depth
        world.restore(moment)
        choices = world.successors()
        if not choices or world.at_rest():
            rests += 1
            shown = views(world)
            violation = _judge(never, shown, parents, mark)
            for name, property_ in (sometimes or {}).items():
                occurred[name] = occurred[name] or property_(shown)
        for label, happens in choices:
            if violation is not None:
                break
            world.restore(moment)
            happens()
            transitions += 1
            after = world.fingerprint()
            if after in parents:
                continue
            parents[after] = (mark, label)
            waiting.append((world.snapshot(), after, depth + 1))
            violation = _judge(always, views(world), parents, after)
            if len(parents) % 1000 == 0:
                progress(len(parents), len(waiting))
    world.restore(start)
    nothing_seen = not all(occurred.values()) or (not rests and len(always) < len(never))
    verdict = REFUTED if violation else INCOMPLETE if waiting or nothing_seen else PROVED
    seconds = time.perf_counter() - started
    return Exploration(verdict, len(parents), transitions, rests, seconds, violation, deepest, occurred)


def _judge(
    never: Sequence[Invariant[V]],
    views: Sequence[V],
    parents: dict[int, tuple[int, Label] | None],
    mark: int,
) -> Violation | None:
    for invariant in never:
        if (finding := invariant.judge(views)) is not None:
            return Violation(invariant.name, finding, _schedule(parents, mark))
    return None


def _schedule(parents: dict[int, tuple[int, Label] | None], mark: int) -> tuple[Label, ...]:
    labels: list[Label] = []
    while (step := parents[mark]) is not None:
        mark, label = step
        labels.append(label)
    return tuple(reversed(labels))
