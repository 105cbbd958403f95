"""FI-RACE-007 explored: repeated adds and removals have one effect, and both sides agree."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_007 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (19, 22, 3)),
        ("drop=1", (49, 66, 6)),
        ("lose-response=1", (49, 66, 6)),
        ("duplicate=1", (49, 78, 6)),
        ("late=1", (73, 125, 6)),
        ("crash=1", (85, 143, 6)),
        ("late=2", (192, 429, 9)),
        ("crash=2", (236, 512, 9)),
        ("lose-response=1,duplicate=1,late=1", (585, 1340, 24)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (233, 372, 17)


VARIANTS = {
    "does not repeat": (
        "lose-response=1,duplicate=1,late=1",
        ("nothing has ended in doubt", "add_partner of operator1 did", 5),
    ),
    "a new requestId for every attempt": (
        "lose-response=1,duplicate=1,late=1",
        ("nothing has ended in doubt", "add_partner of operator1 did", 7),
    ),
    "forgets what it has carried out": (
        "lose-response=1,duplicate=1,late=1",
        ("nothing has ended in doubt", "add_partner of operator1 did", 7),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
