"""CC-RACE-014 explored: a key is good for one connection, and for none once it was withdrawn."""

from __future__ import annotations

import pytest

from simulator.races.cc_race_014 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (561, 1445, 10)),
        ("drop=1", (2391, 6643, 24)),
        ("late=1", (5445, 17904, 23)),
        ("crash=1", (5838, 18610, 23)),
        ("lose-response=1,duplicate=1", (9903, 33404, 42)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


VARIANTS = {
    "uses a key up when it is first confirmed": (
        "lose-response=1",
        ("a rightful use of a key succeeds", "csp-a has not placed 0001, its customer reads failed", 9),
    ),
    "proposes before the key is confirmed": (
        "",
        (
            "no placement before its key is confirmed",
            "csp-b shows 0001 on ix2, its key is merely issued",
            1,
        ),
    ),
    "forgets a deletion that overtook its create": (
        "late=1",
        ("deleted on both sides or on none", "csp-a has 0001 on ix2", 10),
    ),
    "leaves the key of a deleted connection valid": (
        "",
        ("what was deleted does not come back", "csp-a shows 0001 on ix2 again", 5),
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
