"""What the simulator costs beside the parties, and how it compares with what else could drive the same world.

Ratios are medians over rounds in which both sides run one after the other, so that a busy machine slows both.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from simulator import memory
from simulator.explore import explore
from simulator.faults import Faults
from simulator.hunt import hunt
from simulator.races import RACES
from simulator.races.cc_race_001 import race
from tests.benchmarks.conftest import microseconds, note

FAULTS = Faults(drop=1, duplicate=1)
ROUNDS = 5
Clock = Callable[[], float]


def rounds(tasks: Sequence[Callable[[], int]], clock: Clock = time.process_time) -> list[list[float]]:
    """For each task its seconds per thing done, in each of the rounds; a task returns how many things it did."""
    found: list[list[float]] = [[] for _ in tasks]
    for number in range(ROUNDS + 1):
        for task, each in zip(tasks, found, strict=True):
            began = clock()
            done = task()
            if number:  # the first round warms up
                each.append((clock() - began) / done)
    return found


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    return median(one / other for one, other in zip(slow, fast, strict=True))


# --- exploring ------------------------------------------------------------------------------------------------------


def test_the_explorers_own_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exploration of a world that remembers all deeds, and without rules, is nothing but the explorer's own work:
    choices and labels, messages in flight, snapshots, fingerprints, the search. It is compared with a transition of a
    world that remembers nothing, where every step is a party's."""
    known = race.world(faults=FAULTS)
    explore(known, race.views, race.never)

    def own() -> int:
        return explore(known, lambda world: (), ()).transitions

    def first() -> int:
        return race.explore(faults=FAULTS).transitions

    def stepping() -> int:
        with monkeypatch.context() as patch:
            patch.setattr(memory, "LIMIT", 1)
            return race.explore(faults=FAULTS).transitions

    owns, firsts, steps = rounds((own, first, stepping))
    note("a transition, every step worked out by a party", f"{median(steps) * 1e6:.1f} us")
    note("a transition, most steps remembered (as it is)", f"{median(firsts) * 1e6:.1f} us")
    note("the explorer's own part of it", f"{median(owns) * 1e6:.1f} us")
    note("that part of a step that is worked out", f"{100 / ratio(steps, owns):.0f} %")
    assert median(owns) * 1e6 <= 5 or ratio(steps, owns) >= 5
    assert ratio(steps, firsts) > 2


def test_a_worlds_snapshot_restore_and_fingerprint() -> None:
    world = race.world(faults=FAULTS)
    for label in ("accept csp-a 0001", "accept csp-b 0002", "deliver csp-a ConfirmActivationKey"):
        world.step(label)
    moment = world.snapshot()
    world.fingerprint()
    note("a world's snapshot", f"{microseconds(world.snapshot, times=5_000):.2f} us")
    note("a world's restore", f"{microseconds(lambda: world.restore(moment), times=5_000):.2f} us")
    note("a world's fingerprint", f"{microseconds(world.fingerprint, times=5_000):.2f} us")
    note("a world's choices", f"{microseconds(world.successors, times=5_000):.2f} us")


def exploration(id: str) -> int:
    return RACES[id].explore().states


def test_states_a_second_with_one_and_two_processes() -> None:
    """Races go to processes whole. A search that is shared hands half of its states to the other process: a state costs
    more to hand over than to find."""
    work = ["CC-RACE-001"] * 4

    def alone() -> int:
        return sum(map(exploration, work))

    with ProcessPoolExecutor(2) as executor:

        def shared() -> int:
            return sum(executor.map(exploration, work))

        one, two = rounds((alone, shared), time.perf_counter)
    world = race.world(faults=FAULTS)
    rows = [[tables.rows(table) for table in tables.schema] for _, tables in world.cast.values()]
    handing = microseconds(lambda: pickle.loads(pickle.dumps((rows, world.exchanges))))
    note("states a second, one process", f"{1 / median(one):,.0f}")
    note("states a second, two processes with a race each", f"{1 / median(two):,.0f}")
    note("two processes against one", f"{ratio(one, two):.2f}x")
    note("finding a state", f"{median(one) * 1e6:.0f} us")
    note("handing one to another process", f"{handing:.0f} us")
    assert handing > median(one) * 1e6, "a shared search could pay now: see the docstring"


# --- hunting --------------------------------------------------------------------------------------------------------


class Judged:
    """CC-RACE-001 to be driven by somebody else: the same steps, the same rules after each."""

    def __init__(self) -> None:
        self.world = race.world(faults=FAULTS)
        self._start = self.world.snapshot()
        self._always = [rule for rule in race.never if not rule.at_rest]
        self.steps = 0

    def begin(self) -> None:
        self.world.restore(self._start)

    def choices(self) -> list[Any]:
        choices = self.world.successors()
        views = race.views(self.world)
        for each in self._always if choices else race.never:
            assert each.judge(views) is None
        return choices

    def take(self, choice: Any) -> None:
        choice[1]()
        self.steps += 1


def hunted(runs: int) -> Callable[[], int]:
    return lambda: hunt(race, faults=FAULTS, runs=runs).schedules


LENGTH = round(hunt(race, faults=FAULTS, runs=200).steps / 200)
"""The mean length of a schedule; Hypothesis has as many steps for each of its own."""


def test_random_schedules_against_hypothesis() -> None:
    """A rule-based state machine with one rule, the leanest there is: it draws what happens next."""
    judged = Judged()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            judged.begin()

        @rule(data=st.data())
        def happen(self, data: st.DataObject) -> None:
            if choices := judged.choices():
                judged.take(data.draw(st.sampled_from(choices)))

    def drawn() -> int:
        run_state_machine_as_test(
            hypothesis_seed(1)(Machine),
            settings=settings(
                max_examples=100,
                stateful_step_count=LENGTH,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        return 100

    ours, theirs = rounds((hunted(1_000), drawn))
    note("random schedules a second, CC-RACE-001", f"{1 / median(ours):,.0f}")
    note("random steps a second", f"{LENGTH / median(ours):,.0f}")
    note("schedules a second, a Hypothesis state machine", f"{1 / median(theirs):,.0f}")
    note("against Hypothesis (aim 30x, never below 10x)", f"{ratio(theirs, ours):.1f}x")
    assert ratio(theirs, ours) >= 10


def test_random_schedules_against_detangle() -> None:
    """One task whose every choice is detangle's, drawn by its random walk."""
    detangle = pytest.importorskip("detangle", reason="not installed: pip install 'interlock-harness[bench]'")
    judged = Judged()

    async def run() -> None:
        judged.begin()
        while choices := judged.choices():
            judged.take(detangle.choice(choices))

    def walked() -> int:
        detangle.explore(run, runs=1_000, strategy="random", seed=1, database=False, shrink=False)
        return 1_000

    ours, theirs = rounds((hunted(1_000), walked))
    note("schedules a second, detangle", f"{1 / median(theirs):,.0f}")
    note("against detangle (aim 1x, never below 0.95x)", f"{ratio(theirs, ours):.2f}x")
    assert ratio(theirs, ours) >= 0.95
