"""CC-RACE-012 explored: an early notification verifies nobody, and none is needed a second time."""

from __future__ import annotations

import pytest

from simulator.races.cc_race_012 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (342, 889, 1)),
        ("drop=1", (1837, 5365, 2)),
        ("lose-response=1", (2888, 8845, 2)),
        ("duplicate=1", (2629, 8850, 2)),
        ("late=1", (4568, 15551, 2)),
        ("fail-provisioning=1", (392, 979, 2)),
        ("crash=1", (8784, 31314, 2)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


VARIANTS = {
    "drops an early notification": ("every connection is VERIFIED at rest", "csp-b shows 0001 UNVERIFIED", 13),
    "is VERIFIED as soon as the peer is ready": (
        "VERIFIED only once all conditions hold",
        "csp-b set 0001 VERIFIED without: its own features FINAL, an acknowledged notification",
        8,
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    assert refuted(race, variant, "") == VARIANTS[variant]
