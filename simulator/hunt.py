"""Hunting: schedules at random, for worlds too large to be explored, and for quick answers.

A hunt proves nothing. It runs one schedule per seed to its end and judges each state on the way; it stops at the first
seed whose schedule breaks an invariant. A seed gives the same schedule in every process: ``random.Random`` is seeded
with a text, and chooses among labels in the fixed order of ``World.enabled``.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any, Literal

from simulator.explore import Violation
from simulator.faults import NO_FAULTS, Faults
from simulator.race import Race
from simulator.races import RACES
from simulator.strategies import STRATEGIES, Chooser
from simulator.world import Label, World

StrategyName = Literal["random", "pct", "swarm"]
Verdict = Literal["nothing-found", "refuted"]

LONGEST = 10_000
"""Steps after which a schedule is given up: livelocks are the explorer's, not the hunter's."""
PORTION = 100
"""Seeds that a worker takes at a time."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """What a hunt found. ``schedules`` and ``steps`` count up to and including the seed of the violation."""

    verdict: Verdict
    schedules: int
    steps: int
    seconds: float
    violation: Violation | None = None
    seed_of_violation: int | None = None
    cut: int = 0
    """Schedules that were given up after ``LONGEST`` steps."""
    out_of_time: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """What every worker is told. ``until`` is a time of day in seconds, None for no bound."""

    race: str
    strategy: StrategyName
    variant: str | None
    faults: Faults | None
    until: float | None


def hunt(
    race: Race[Any, Any],
    strategy: StrategyName = "random",
    variant: str | None = None,
    faults: Faults | None = None,
    seed: int = 0,
    runs: int | None = None,
    seconds: float | None = None,
    workers: int = 1,
) -> Hunt:
    """Run the schedules of the seeds ``seed``, ``seed + 1``, … up to the first that breaks an invariant.

    ``runs`` bounds their number, ``seconds`` the time; with neither, 1,000 are run. ``workers`` processes share the
    seeds; the violation is that of the lowest seed, the same that one process finds. KeyError: there is no such variant
    or strategy. ValueError: several processes for a race that is not in the catalogue, where they look it up.
    """
    if strategy not in STRATEGIES:
        raise KeyError(f"no strategy {strategy!r}; there are: {', '.join(STRATEGIES)}")
    if workers > 1 and RACES.get(race.id) is not race:
        raise ValueError(f"several processes look a race up in the catalogue, and this {race.id} is not the one there")
    began = time.time()
    world = race.world(variant, faults)
    order = _Order(race.id, strategy, variant, faults, None if seconds is None else began + seconds)
    portions = _portions(seed, 1_000 if runs is None and seconds is None else runs)
    if workers == 1:
        found = _joined(_portion(race, world, order, seeds) for seeds in portions)
    else:
        with ProcessPoolExecutor(workers) as executor:
            found = _joined(_shared(executor, 2 * workers, order, portions))
            executor.shutdown(cancel_futures=True)
    return replace(found, seconds=time.time() - began)


def schedule(
    race: Race[Any, Any],
    strategy: StrategyName,
    seed: int,
    variant: str | None = None,
    faults: Faults | None = None,
) -> tuple[Label, ...]:
    """What a hunt does under one seed: the steps up to the end, or to the first state that must never be."""
    world = race.world(variant, faults)
    labels: list[Label] = []
    chooser = STRATEGIES[strategy](Random(f"{strategy} {seed}"), world, _plain_length(world))
    _run(race, world, chooser, labels)
    return tuple(labels)


def _portions(seed: int, runs: int | None) -> Iterator[range]:
    """The seeds in portions, in order; without end where ``runs`` is None."""
    for start in count(seed, PORTION) if runs is None else range(seed, seed + runs, PORTION):
        yield range(start, start + PORTION if runs is None else min(start + PORTION, seed + runs))


def _shared(executor: Executor, ahead: int, order: _Order, portions: Iterator[range]) -> Iterator[Hunt]:
    """The hunts of the portions, in the order of their seeds; a few are begun ahead of need."""
    running: deque[Future[Hunt]] = deque()
    for seeds in portions:
        running.append(executor.submit(_looked_up, order, seeds))
        if len(running) == ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _looked_up(order: _Order, seeds: range) -> Hunt:
    """A portion in a process of its own."""
    race = RACES[order.race]
    return _portion(race, race.world(order.variant, order.faults), order, seeds)


def _joined(hunts: Iterator[Hunt]) -> Hunt:
    """All of them in one, up to the first that found something or ran out of time."""
    schedules = steps = cut = 0
    for each in hunts:
        schedules, steps, cut = schedules + each.schedules, steps + each.steps, cut + each.cut
        if each.violation is not None or each.out_of_time:
            return replace(each, schedules=schedules, steps=steps, cut=cut)
    return Hunt("nothing-found", schedules, steps, 0.0, cut=cut)


def _portion(race: Race[Any, Any], world: World, order: _Order, seeds: range) -> Hunt:
    """The schedules of some seeds from where the world stands, up to the first that breaks an invariant."""
    start = world.snapshot()
    length = _plain_length(world)
    strategy = STRATEGIES[order.strategy]
    schedules = steps = cut = 0
    for seed in seeds:
        if order.until is not None and time.time() > order.until:
            return Hunt("nothing-found", schedules, steps, 0.0, cut=cut, out_of_time=True)
        chooser = strategy(Random(f"{order.strategy} {seed}"), world, length)
        labels: list[Label] = []
        violation = _run(race, world, chooser, labels)
        world.restore(start)
        schedules, steps, cut = schedules + 1, steps + len(labels), cut + (len(labels) == LONGEST)
        if violation is not None:
            return Hunt("refuted", schedules, steps, 0.0, violation, seed, cut)
    return Hunt("nothing-found", schedules, steps, 0.0, cut=cut)


def _run(race: Race[Any, Any], world: World, chooser: Chooser, labels: list[Label]) -> Violation | None:
    """One schedule, to its end or to the first state that must never be; ``labels`` gets its steps."""
    always = [rule for rule in race.never if not rule.at_rest]
    while True:
        choices = world.successors()
        views = race.views(world)
        for rule in always if choices else race.never:
            if (finding := rule.judge(views)) is not None:
                return Violation(rule.name, finding, tuple(labels))
        if not choices or len(labels) == LONGEST:
            return None
        label, happens = chooser(choices)
        happens()
        labels.append(label)


def _plain_length(world: World) -> int:
    """The steps of the schedule that takes the first choice always, and no fault; the world is left as it was."""
    start = world.snapshot()
    world.faults = NO_FAULTS
    length = 0
    while length < LONGEST and (choices := world.successors()):
        choices[0][1]()
        length += 1
    world.restore(start)
    return max(length, 1)
