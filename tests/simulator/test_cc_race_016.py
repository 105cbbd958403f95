"""CC-RACE-016 explored: whenever the time of a deferral ends, both sides are VERIFIED or nobody has anything."""

from __future__ import annotations

import pytest

from simulator.races.cc_race_016 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("clock-jump=1", (1280, 4059, 4)),
        ("clock-jump=1,lose-response=1", (11433, 41941, 10)),
        ("clock-jump=1,late=1", (22852, 89674, 10)),
        ("clock-jump=1,crash=1", (31486, 121390, 13)),
        ("clock-jump=1,duplicate=1", (11408, 45379, 8)),
        ("clock-jump=1,drop=1", (7622, 26738, 11)),
        ("slow-provisioning=1,lose-response=1", (6333, 22570, 9)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


GOOD = "an acknowledged notification is success for good"


@pytest.mark.parametrize("variant", list(race.variants))
def test_its_variants_are_refuted(variant: str) -> None:
    """Both roll back what was acknowledged: the one later, the other by an acknowledgement out of its grave."""
    got = "csp-b acknowledged csp-a's notification of 0001, and rolled it back"
    assert refuted(race, variant, "clock-jump=1,lose-response=1") == (GOOD, got, 8)
