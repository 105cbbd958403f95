"""FI-RACE-006 explored: an update brings nobody back, and does not hold up the removal."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_006 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (104, 165, 13)),
        ("drop=1", (405, 734, 40)),
        ("lose-response=1", (430, 817, 33)),
        ("duplicate=1", (406, 910, 26)),
        ("late=1", (674, 1460, 40)),
        ("crash=1", (927, 2092, 40)),
        ("late=1,duplicate=1", (2744, 7644, 80)),
        ("lose-response=1,late=1", (2550, 6595, 90)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (2351, 5386, 58)


VARIANTS = {
    "an update brings the partner back": (
        "",
        ("roles mirrored at rest (I6)", "operator1 True; operator2 False", 7),
    ),
    "takes zones from whom it has removed": (
        "",
        (
            "zones are known of accessible partners only (I2)",
            "operator1 knows zone-0002 with operator2 without access",
            6,
        ),
    ),
    "tells whom it shares nothing with": (
        "",
        ("nothing has ended in doubt", "operator1 refuses POST /operator/notify/zone zone-0002 from operator2", 9),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
