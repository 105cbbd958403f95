"""A long random schedule shrinks to the minimum that the exhaustive search knows."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from reports.verdict import Finding
from simulator.explore import Violation
from simulator.faults import NO_FAULTS, Faults
from simulator.races.cc_race_001 import race
from simulator.shrink import _fewer_steps, shrink, spent
from simulator.world import Label

MANY = Faults(drop=2, lose_response=1, duplicate=2, late=1, crash=1)
SOME = Faults(drop=2, duplicate=2, late=1, crash=1)
OVERSUBSCRIBED = "no interconnect oversubscribed"
NONE_PLACED = "at least one connection is placed at rest"


def wander(variant: str, faults: Faults, invariant: str, seed: int) -> Violation:
    """Take steps at random until the invariant breaks."""
    random = Random(seed)
    (rule,) = (each for each in race.never if each.name == invariant)
    world = race.world(variant, faults)
    taken = []
    while choices := world.enabled():
        taken.append(random.choice(choices))
        world.step(taken[-1])
        resting = not world.enabled() or world.at_rest()
        if (resting or not rule.at_rest) and (finding := rule.judge(race.views(world))) is not None:
            return Violation(rule.name, finding, tuple(taken))
    raise AssertionError(f"seed {seed} does not break {invariant!r}")


@pytest.mark.parametrize(
    ("variant", "faults", "invariant", "seed", "long", "short", "needed"),
    [
        ("ignores tentative reservations", MANY, OVERSUBSCRIBED, 43, 26, 9, NO_FAULTS),
        ("refuses each other at once", SOME, NONE_PLACED, 14, 53, 42, NO_FAULTS),
        (
            "does not look before it tries elsewhere",
            Faults(drop=1, duplicate=1),
            NONE_PLACED,
            2,
            22,
            20,
            Faults(duplicate=1),
        ),
    ],
    ids=["26 to 9", "53 to 42", "22 to 20"],
)
def test_the_known_minimum(
    variant: str, faults: Faults, invariant: str, seed: int, long: int, short: int, needed: Faults
) -> None:
    found = wander(variant, faults, invariant, seed)
    assert len(found.schedule) == long
    shrunk = shrink(race, variant, faults, found)
    assert shrunk is not None
    assert (len(shrunk.violation.schedule), shrunk.faults, shrunk.minimal) == (short, needed, True)
    assert shrunk.violation.invariant == invariant
    known = race.explore(variant, needed).violation
    assert known is not None
    assert shrunk.violation.schedule == known.schedule


def test_without_the_search_no_single_step_can_be_dropped() -> None:
    variant = "refuses each other at once"
    found = wander(variant, SOME, NONE_PLACED, 14)
    shrunk = shrink(race, variant, SOME, found, cap=0)
    assert shrunk is not None
    labels = shrunk.violation.schedule
    assert (len(labels), shrunk.faults, shrunk.minimal) == (47, Faults(duplicate=1, crash=1), False)
    for place in range(len(labels)):
        world = race.world(variant, SOME)
        for label in (*labels[:place], *labels[place + 1 :]):
            if label in world.enabled():
                world.step(label)
        findings = [rule.judge(race.views(world)) for rule in race.never if rule.name == NONE_PLACED]
        assert world.enabled() or findings == [None]


class Picky:
    """Breaks as long as there is an a, and no c without a b."""

    def play(self, labels: Sequence[Label]) -> Violation | None:
        breaks = "a" in labels and ("b" in labels or "c" not in labels)
        return Violation("rule", Finding.failed(want="", got=""), tuple(labels)) if breaks else None


def test_a_step_that_can_be_dropped_only_after_a_later_one() -> None:
    """The b must stay while the c is there: so a second pass is needed."""
    trial = Picky()
    found = trial.play(("a", "b", "c"))
    assert found is not None
    assert _fewer_steps(trial, found).schedule == ("a",)


def test_what_does_not_break_is_not_shrunk() -> None:
    found = wander("ignores tentative reservations", MANY, OVERSUBSCRIBED, 43)
    assert shrink(race, None, MANY, found) is None


def test_the_faults_of_a_schedule() -> None:
    labels = ("accept csp-a 0001", "lose-response csp-a X", "drop csp-a X", "drop csp-b Y", "time-out csp-a X")
    assert spent(labels) == Faults(drop=2, lose_response=1)
