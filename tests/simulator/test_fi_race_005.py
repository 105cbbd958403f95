"""FI-RACE-005 explored: crossing adds end with one record and both roles on each side."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_005 import both_roles_at_rest, race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (74, 143, 3)),
        ("drop=1", (267, 582, 6)),
        ("lose-response=1", (337, 765, 6)),
        ("duplicate=1", (316, 820, 6)),
        ("late=1", (442, 1148, 6)),
        ("crash=1", (587, 1527, 6)),
        ("late=1,duplicate=1", (2072, 6727, 12)),
        ("duplicate=1,late=1", (2072, 6727, 12)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest, both_roles_at_rest]) == (4545, 11257, 35)


VARIANTS = {
    "the answer overwrites the role gained meanwhile": (
        "",
        ("roles mirrored at rest (I6)", "operator1 True; operator2 False", 7),
    ),
    "the answer overwrites the attributes told meanwhile": (
        "",
        ("attributes mirrored at rest (I9)", "operator1 450, ('01',), ; operator2 451, ('01',), ", 9),
    ),
    "answers no add while its own is open": (
        "",
        ("nothing has ended in doubt", "add_partner of operator1 did", 11),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
