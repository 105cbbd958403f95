"""FI-RACE-002 explored: the lead answers a withdrawal while its own request is open, and forgets nothing that is registered."""

from __future__ import annotations

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_002 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (48, 75, 5)),
        ("drop=1", (141, 255, 10)),
        ("lose-response=1", (155, 284, 10)),
        ("duplicate=1", (148, 311, 10)),
        ("late=1", (212, 463, 10)),
        ("crash=1", (257, 553, 10)),
        ("late=2", (597, 1668, 15)),
        ("lose-response=1,duplicate=1,late=1", (2439, 7421, 40)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (710, 1545, 19)


VARIANTS = {
    "refuses a withdrawal while it registers, and forgets that it did": (
        "lose-response=1,duplicate=1,late=1",
        ("zone lists mirrored at rest (I7)", "operator1 none; operator2 zone-0001", 9),
    ),
    "forgets what it has registered, and the host does not look": (
        "",
        ("a registered zone is shared (I1)", "operator2 has zone-0001 with operator1 registered, and not shared", 3),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
