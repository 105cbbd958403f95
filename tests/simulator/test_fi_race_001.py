"""FI-RACE-001 explored: the check for registrations and the withdrawal are one step, so exactly one of the two wins."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_001 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (20, 26, 3)),
        ("drop=1", (55, 84, 6)),
        ("lose-response=1", (59, 90, 6)),
        ("duplicate=1", (57, 104, 6)),
        ("late=1", (77, 146, 6)),
        ("crash=1", (95, 180, 6)),
        ("late=2", (194, 484, 9)),
        ("lose-response=1,duplicate=1,late=1", (752, 2065, 24)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (272, 502, 11)


VARIANTS = {
    "withdraws a zone that is registered": (
        "",
        ("a registered zone is shared (I1)", "operator2 has zone-0001 with operator1 registered, and not shared", 3),
    ),
    "registers a zone that is being withdrawn": (
        "",
        ("a registered zone is shared (I1)", "operator2 has zone-0001 with operator1 registered, and not shared", 3),
    ),
    "answers 409 for a zone that is being withdrawn": (
        "lose-response=1,duplicate=1,late=1",
        ("registrations mirrored at rest (I8)", "operator1 zone-0001; operator2 none", 8),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
