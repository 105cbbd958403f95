"""The explorer against a search that keeps no states: every schedule is run afresh, from the first step on.

Sleep sets (Godefroid, 1996) spare it the schedules that differ only in the order of steps that do not meet; they lose
no state. Two steps do not meet where both are enabled, neither disables the other and both orders end alike: that is
tried out, not believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from simulator.explore import explore
from simulator.faults import NO_FAULTS, Faults
from simulator.races import RACES
from simulator.races.cc_race_001 import race
from simulator.world import Label, Moment, World
from tests.simulator.toys import two_equal_calls

Labels = tuple[Label, ...]


def after(make: Callable[[], World], labels: Labels) -> World:
    world = make()
    for label in labels:
        world.step(label)
    return world


def meet(make: Callable[[], World], labels: Labels, one: Label, other: Label) -> bool:
    ends = []
    for first, second in ((one, other), (other, one)):
        world = after(make, (*labels, first))
        if second not in world.enabled():
            return True
        world.step(second)
        ends.append(world.fingerprint())
    return ends[0] != ends[1]


def runs(make: Callable[[], World], labels: Labels = (), sleeping: frozenset[Label] = frozenset()) -> Iterator[Labels]:
    """Every schedule up to the order of steps that do not meet, and all that begin one."""
    yield labels
    awake = [label for label in after(make, labels).enabled() if label not in sleeping]
    for number, label in enumerate(awake):
        others = sleeping | set(awake[:number])
        yield from runs(
            make, (*labels, label), frozenset(other for other in others if not meet(make, labels, label, other))
        )


CONFIRMED = (
    "accept csp-a 0001",
    "accept csp-b 0002",
    "deliver csp-a ConfirmActivationKey",
    "answer csp-a ConfirmActivationKey",
    "deliver csp-b ConfirmActivationKey",
    "answer csp-b ConfirmActivationKey",
)


@pytest.mark.parametrize(
    ("variant", "faults", "start", "states", "schedules"),
    [
        (None, NO_FAULTS, (), 62, 3),
        ("ignores tentative reservations", NO_FAULTS, (), 64, 5),
        (None, Faults(clock_jump=1), CONFIRMED, 153, 5),
        (None, Faults(duplicate=1), CONFIRMED, 120, 13),
    ],
)
def test_both_reach_the_same_states(
    variant: str | None, faults: Faults, start: Labels, states: int, schedules: int
) -> None:
    def make() -> World:
        return after(lambda: race.world(variant, faults), start)

    reached, rests, ended = set(), set(), 0
    for labels in runs(make):
        world = after(make, labels)
        reached.add(world.fingerprint())
        if not world.enabled():
            rests.add(world.fingerprint())
            ended += 1
    found = explore(make(), race.views, ())
    assert (found.states, found.rests) == (len(reached), len(rests))
    assert (found.states, ended) == (states, schedules)


# --- nothing is taken for the same that goes on differently ---------------------------------------------------------


def exact_marks(world: World) -> tuple[int, set[int]]:
    """A search that takes two states for one only if they agree in everything, handles and the order of rows included.

    How many states it finds, and the fingerprints that these have.
    """

    def key(moment: Moment) -> object:
        return (*moment[:-1], tuple(moment.given.items()))

    world.fingerprint()
    for seat, (_, tables) in world.cast.items():
        tables.restore(world.snapshots[seat].first(tables.snapshot()))
    waiting = [world.snapshot()]
    known = {key(waiting[0])}
    marks = {world.fingerprint()}
    while waiting:
        moment = waiting.pop()
        world.restore(moment)
        for _, happens in world.successors():
            world.restore(moment)
            happens()
            after = world.snapshot()
            if key(after) not in known:
                known.add(key(after))
                marks.add(world.fingerprint())
                waiting.append(after)
    return len(known), marks


@pytest.mark.parametrize(
    ("id", "faults"),
    [
        ("CC-RACE-001", Faults(drop=1)),
        ("CC-RACE-002", NO_FAULTS),
        ("CC-RACE-003", Faults(crash=1)),
        ("CC-RACE-004", Faults(late=1)),
        ("CC-RACE-005", NO_FAULTS),
        ("CC-RACE-006", NO_FAULTS),
        ("CC-RACE-007", NO_FAULTS),
        ("CC-RACE-012", NO_FAULTS),
        ("CC-RACE-014", Faults(late=1)),
        ("FI-RACE-001", Faults(duplicate=1)),
        ("FI-RACE-003", Faults(lose_response=1)),
        ("FI-RACE-013", Faults(late=1)),
    ],
)
def test_what_is_taken_for_one_state_goes_on_alike(id: str, faults: Faults) -> None:
    found = explore(RACES[id].world(faults=faults), RACES[id].views, ())
    exact, marks = exact_marks(RACES[id].world(faults=faults))
    assert exact >= found.states == len(marks)


def test_two_calls_that_say_the_same_are_two() -> None:
    found = explore(two_equal_calls(), lambda world: (), ())
    exact, marks = exact_marks(two_equal_calls())
    assert (exact, found.states) == (25, 16)
    assert len(marks) == found.states
