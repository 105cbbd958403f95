"""FI-RACE-010 explored: what overtakes the answer to an add is kept."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_010 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (76, 134, 5)),
        ("drop=1", (262, 532, 10)),
        ("lose-response=1", (404, 855, 13)),
        ("duplicate=1", (374, 907, 13)),
        ("late=1", (506, 1213, 13)),
        ("crash=1", (648, 1579, 13)),
        ("crash=1,late=1", (3476, 11242, 29)),
        ("lose-response=1,late=1", (2427, 7069, 29)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (2989, 7233, 37)


VARIANTS = {
    "stores the answer over what it heard": (
        "",
        ("zone lists mirrored at rest (I7)", "operator1 zone-0001, zone-0002; operator2 zone-0002", 7),
    ),
    "drops a withdrawal that comes early": (
        "",
        ("zone lists mirrored at rest (I7)", "operator1 zone-0001, zone-0002; operator2 zone-0002", 7),
    ),
    "puts notifications off, and the host gives up": (
        "",
        ("every order has ended and everything is told at rest", "still open: delete_zone of operator2", 7),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
