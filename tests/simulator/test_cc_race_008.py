"""CC-RACE-008 explored: a deletion ends an update, and all of its room comes back once."""

from __future__ import annotations

import pytest

from simulator.races.cc_race_008 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (317, 597, 21)),
        ("drop=1", (1234, 2610, 45)),
        ("lose-response=1", (1556, 3396, 45)),
        ("duplicate=1", (1501, 3740, 42)),
        ("late=1", (3018, 7293, 54)),
        ("crash=1", (3190, 7464, 68)),
        ("lose-response=1,duplicate=1", (8415, 23592, 90)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


VARIANTS = {
    "writes down whatever an update's answer says": (
        "what was deleted does not come back",
        "csp-a shows 0001 on ix1 again",
        5,
    ),
    "gives back room with every deletion that it is asked for": (
        "the same room on both sides at rest",
        "csp-a has 11000 Mbps on ix1; csp-b has 10000 Mbps on ix1",
        7,
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    assert refuted(race, variant, "") == VARIANTS[variant]
