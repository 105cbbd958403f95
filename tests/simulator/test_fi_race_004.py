"""FI-RACE-004 explored: one of two adds succeeds and the other one undoes nothing."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_004 import one_added_at_rest, race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (23, 30, 3)),
        ("drop=1", (69, 100, 8)),
        ("lose-response=1", (77, 116, 8)),
        ("duplicate=1", (71, 128, 6)),
        ("late=1", (104, 190, 8)),
        ("crash=1", (154, 297, 8)),
        ("late=2", (297, 704, 13)),
        ("crash=2", (520, 1389, 13)),
        ("lose-response=1,duplicate=1,late=1", (1218, 3205, 36)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest, one_added_at_rest]) == (585, 1003, 30)


VARIANTS = {
    "a failing add undoes the winner": (
        "",
        ("roles mirrored at rest (I6)", "operator1 False; operator2 True", 6),
    ),
    "a new requestId for every attempt": (
        "lose-response=1,duplicate=1,late=1",
        ("nothing has ended in doubt", "add_partner of operator1 did", 8),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
