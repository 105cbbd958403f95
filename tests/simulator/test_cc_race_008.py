"""CC-RACE-008 explored: a deletion ends an update, and all of its room comes back once."""

from __future__ import annotations

import pytest

from simulator.races.cc_race_008 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (274, 503, 21)),
        ("drop=1", (914, 1899, 42)),
        ("lose-response=1", (1169, 2561, 42)),
        ("duplicate=1", (1127, 2747, 42)),
        ("late=1", (1696, 4201, 42)),
        ("crash=1", (1899, 4461, 56)),
        ("lose-response=1,duplicate=1", (5597, 15685, 84)),
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
