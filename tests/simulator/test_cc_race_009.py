"""CC-RACE-009 explored: nothing of what was negotiated outlives its connection, and the negotiator stops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.connection_coordinator.providers import two_providers
from simulator.races.cc_race_009 import REFERENCE, race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (1756, 5474, 15)),
        ("lose-response=1", (11589, 39690, 30)),
        ("duplicate=1", (11908, 44980, 30)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_three_channels_are_deleted_like_two() -> None:
    three = replace(race, cast=two_providers("standard", channels=3), sometimes={})
    assert proved(three, "") == (11158, 43710, 16)


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (586, 1373, 14)),
        ("drop=1", (2723, 7048, 28)),
        ("lose-response=1", (2814, 7454, 28)),
        ("duplicate=1", (2978, 8778, 28)),
        ("late=1", (6030, 18592, 28)),
        ("crash=1", (6348, 18923, 28)),
    ],
)
def test_a_refused_channel_is_tried_again_until_all_is_gone(faults: str, counts: tuple[int, int, int]) -> None:
    stubborn = replace(REFERENCE, feature_attempts=3)
    one = replace(race, cast=two_providers("standard", channels=1), decisions=stubborn, sometimes={})
    assert proved(one, faults) == counts


VARIANTS = {
    "deletes the connection, but not its features": (
        "no feature outlives its connection",
        "csp-a has l3-ch1 on ix2, and no connection 0001",
        6,
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    assert refuted(race, variant, "") == VARIANTS[variant]
