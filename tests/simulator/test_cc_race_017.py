"""CC-RACE-017 explored: of windows that cross at least one takes place, and never both at once."""

from __future__ import annotations

import pytest

from simulator.races.cc_race_017 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (1740, 5053, 8)),
        ("drop=1", (117350, 536414, 39)),
        ("lose-response=1", (113667, 521690, 37)),
        ("duplicate=1", (12862, 51861, 16)),
        ("late=1", (22689, 89165, 18)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


TOGETHER = "no two routers of an interconnect are maintained together"
BOTH = "csp-a on ch1, minutes 120 to 180 and csp-b on ch2, minutes 120 to 180"
VARIANTS = {
    "keeps its window": ("", (TOGETHER, BOTH, 20)),
    "withdraws instead of moving": ("", ("at least one window takes place", "all 2 withdrawn", 18)),
    "starts without a last look": ("partition=1", (TOGETHER, BOTH, 7)),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, told = VARIANTS[variant]
    assert refuted(race, variant, faults) == told
