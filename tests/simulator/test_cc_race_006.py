"""CC-RACE-006 explored: exact counts, so that a change of reachable behaviour is a diff in review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from reports.verdict import Finding
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View
from simulator.explore import PROVED, explore
from simulator.faults import NO_FAULTS
from simulator.invariant import Invariant
from simulator.race import through
from simulator.races.cc_race_006 import change, crossing, race
from tests.simulator.verdicts import proved, refuted

TEN_TWICE = replace(race, prepare=crossing(1000, ("csp-a", 10000), ("csp-b", 10000)), sometimes={})
BACK_TO_THE_OLD = replace(race, prepare=crossing(1000, ("csp-a", 10000), ("csp-b", 1000)), sometimes={})
DECREASE = replace(race, prepare=crossing(10000, ("csp-a", 2000), ("csp-b", 10000)), sometimes={})


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (780, 1720, 5)),
        ("lose-response=1", (6941, 16960, 20)),
        ("drop=1", (4033, 9944, 14)),
        ("duplicate=1", (4601, 13484, 10)),
        ("late=1", (12025, 31680, 20)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (655, 1448, 4)),
        ("lose-response=1", (4345, 10706, 16)),
        ("late=1", (7397, 20190, 16)),
        ("crash=1", (26283, 85550, 18)),
    ],
)
def test_both_want_the_same(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(TEN_TWICE, faults) == counts


@pytest.mark.parametrize(
    ("faults", "counts"),
    [("", (479, 1002, 5)), ("lose-response=1", (4317, 10164, 18)), ("late=1", (6972, 18127, 20))],
)
def test_the_second_wants_what_is_shown_until_the_first_is_answered(faults: str, counts: tuple[int, int, int]) -> None:
    """What csp-a shows while its change is open is what csp-b asks for: no proof that it was granted."""
    assert proved(BACK_TO_THE_OLD, faults) == counts


@pytest.mark.parametrize(("faults", "counts"), [("", (479, 1002, 5)), ("late=1", (6972, 18127, 20))])
def test_a_decrease_that_is_taken_late(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(DECREASE, faults) == counts


def test_with_room_for_one_of_the_two_increases() -> None:
    tight = replace(race, cast=two_providers("nine-left", channels=1))
    assert proved(tight, "") == (780, 1720, 5)


def test_a_later_single_change_is_granted_wherever_the_two_came_to_rest() -> None:
    world = race.world(faults=NO_FAULTS)

    def later(views: Sequence[View]) -> Finding | None:
        """Leaves the world as it found it."""
        rest = world.snapshot()
        wanted = 1000 if views[0].customers[0].mbps == 2000 else 2000
        world.steps = (change("csp-b", wanted),)
        through(world)
        told = [each for view in race.views(world) for each in view.customers]
        world.restore(rest)
        if all((each.mbps, each.state) == (wanted, "established") for each in told):
            return None
        return Finding.failed(want=f"{wanted} Mbps", got=str(told))

    found = explore(world, race.views, [Invariant("a later change is granted", later, at_rest=True)])
    assert found.violation is None
    assert (found.verdict, found.states, found.rests) == (PROVED, 780, 5)


VARIANTS = {
    "grants a change while its own is open": ("", "both sides agree at rest", 20),
    "takes what has no answer for refused": ("lose-response=1", "both sides agree at rest", 11),
    "keeps what was refused": ("", "both sides agree at rest", 18),
    "does not make good what is taken late": ("late=1", "both sides agree at rest", 15),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, invariant, steps = VARIANTS[variant]
    broken, _, length = refuted(race, variant, faults)
    assert (broken, length) == (invariant, steps)
