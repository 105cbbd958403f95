"""FI-RACE-012 explored: never an application without the registration of its zone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.races.fi_race_012 import CARELESS, race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (388, 857, 11)),
        ("drop=1", (1126, 2796, 22)),
        ("lose-response=1", (1219, 3059, 22)),
        ("duplicate=1", (1636, 4574, 22)),
        ("late=1", (1919, 5661, 22)),
        ("crash=1", (2212, 6363, 22)),
        ("partition=1", (3870, 10183, 45)),
        ("fail-provisioning=1", (709, 1551, 25)),
        ("late=1,crash=1", (9119, 33369, 44)),
        ("lose-response=1,duplicate=1", (5795, 17951, 44)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


@pytest.mark.parametrize(
    ("faults", "counts"),
    [("", (3185, 7889, 77)), ("lose-response=1", (14329, 41178, 162)), ("duplicate=1", (17198, 54635, 154))],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_host_alone_is_enough(faults: str, counts: tuple[int, int, int]) -> None:
    """A lead that looks at nothing of its own."""
    assert proved(replace(race, decisions=CARELESS), faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


ALONE = "operator2 has an application in zone-0001 with operator1, and no registration"
VARIANTS = {
    "neither looks whether a zone carries applications": (
        "",
        ("an application is in a registered zone (I3)", ALONE, 4),
    ),
    "onboards in any zone that is shared": (
        "",
        ("an application is in a registered zone (I3)", ALONE, 4),
    ),
    "a zone in use is refused with 409": (
        "lose-response=1",
        ("registrations mirrored at rest (I8)", "operator1 none; operator2 zone-0001", 14),
    ),
    "the lead forgets an application before it asks": (
        "drop=1",
        ("applications mirrored at rest (I10)", "operator1 none; operator2 app-of-dev-1 in zone-0001", 11),
    ),
    "the host acknowledges a removal and keeps the application": (
        "",
        ("applications mirrored at rest (I10)", "operator1 none; operator2 app-of-dev-1 in zone-0001", 11),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
