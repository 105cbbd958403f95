"""CC-RACE-007 explored: exact counts, so that a change of reachable behaviour is a diff in review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.connection_coordinator.invariants import turned_away_at_rest
from simulator.connection_coordinator.providers import two_providers
from simulator.races.cc_race_007 import changed_by, race
from tests.simulator.verdicts import proved, refuted

CROSSING = replace(race, cast=two_providers("nine-left", channels=1), prepare=changed_by("csp-a"))


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (208, 480, 2)),
        ("duplicate=1", (1094, 3342, 4)),
        ("lose-response=1", (1693, 4187, 7)),
        ("drop=1", (1336, 3362, 6)),
        ("lose-response=1,duplicate=1", (9151, 29390, 14)),
    ],
)
def test_exactly_one_is_granted(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


@pytest.mark.parametrize(("faults", "counts"), [("", (129, 234, 4)), ("duplicate=1", (571, 1387, 8))])
def test_one_is_granted_where_they_cross(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(CROSSING, faults) == counts


@pytest.mark.parametrize(
    ("crosses", "faults", "steps", "counts"),
    [
        (False, "late=1", 42, (2587, 7286, 8)),
        (True, "late=1", 33, (1368, 3129, 14)),
        (True, "lose-response=1", 25, (878, 1709, 14)),
    ],
)
def test_room_that_is_held_for_nothing(crosses: bool, faults: str, steps: int, counts: tuple[int, int, int]) -> None:
    """What is taken late, or not answered, holds room until that is made good: both may be refused, and safely so."""
    held = CROSSING if crosses else race
    kept = replace(held, variants={"the reference": race.decisions})
    broken, got, length = refuted(kept, "the reference", faults)
    assert (broken, got, length) == (turned_away_at_rest.name, "9000 Mbps free on ix1", steps)
    assert proved(held, faults, but=(turned_away_at_rest,)) == counts


VARIANTS = {
    "compares an increase with the maximum": 4,
    "checks in one step and reserves in another": 5,
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_grants_both(variant: str) -> None:
    broken = ("no interconnect oversubscribed", "csp-a has placed 11000 Mbps", VARIANTS[variant])
    assert refuted(race, variant, "") == broken
