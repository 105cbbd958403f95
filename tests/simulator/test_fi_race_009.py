"""FI-RACE-009 explored: the zone lists agree after every loss."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_009 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (518, 1131, 17)),
        ("drop=1", (2222, 5603, 34)),
        ("lose-response=1", (2346, 5939, 34)),
        ("duplicate=1", (2284, 6608, 34)),
        ("late=1", (3584, 10508, 34)),
        ("crash=1", (5176, 15398, 34)),
        ("lose-response=1,duplicate=1", (11366, 36888, 68)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (21134, 60065, 64)


VARIANTS = {
    "tells once and not again": (
        "lose-response=1,duplicate=1",
        ("nothing has ended in doubt", "operator1 refuses POST /operator/notify/zone zone-0002 from operator2", 9),
    ),
    "registers a zone whose withdrawal is undelivered": (
        "",
        ("a registered zone is shared (I1)", "operator2 has zone-0001 with operator1 registered, and not shared", 3),
    ),
    "judges a copy of what it has refused anew": (
        "lose-response=1,duplicate=1",
        ("registrations mirrored at rest (I8)", "operator1 none; operator2 zone-0001", 14),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
