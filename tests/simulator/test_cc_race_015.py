"""CC-RACE-015 explored: rotations by two managers never put two channels in rotation or take a key that is in use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.races.cc_race_015 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(("faults", "counts"), [("", (887, 1172, 16)), ("duplicate=1", (2762, 4512, 32))])
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("drop=1", (4856, 6944, 64)),
        ("lose-response=1", (5434, 7936, 64)),
        ("late=1", (9226, 17058, 64)),
        ("crash=1", (10928, 20450, 64)),
    ],
)
def test_the_reference_is_safe_where_calls_are_lost(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(replace(race, live=()), faults) == counts


VARIANTS = {
    "takes a key while its own rotation is under way": ("", "the key limits", "csp-b has 5 keys on 3 channels", 4),
    "deletes the old key before the other side uses the new one": (
        "",
        "one active key on each channel",
        "csp-b has 0 active keys on ch1",
        6,
    ),
    "keeps a key that was refused": (
        "",
        "the same keys on both sides at rest",
        "csp-a: ch1 irst, ch1 -a-1, ch2 irst, ch3 irst; csp-b: ch1 irst, ch2 irst, ch3 irst, ch3 -b-1",
        14,
    ),
    "gives up when it is refused": ("", "every rotation is done at rest", "the rotation of ch1 by csp-a is failed", 12),
    "hands over another key when there was no answer": (
        "lose-response=1",
        "a key in use is on both sides",
        "csp-b uses -a-1 on ch1, csp-a does not have it",
        6,
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, *told = VARIANTS[variant]
    assert refuted(race, variant, faults) == tuple(told)
