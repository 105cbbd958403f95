"""FI-RACE-003 explored: never a registration without its federation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_003 import CARELESS, race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (73, 110, 8)),
        ("drop=1", (193, 322, 16)),
        ("lose-response=1", (193, 322, 16)),
        ("duplicate=1", (193, 370, 16)),
        ("late=1", (301, 606, 16)),
        ("crash=1", (349, 678, 16)),
        ("late=2", (839, 2112, 24)),
        ("lose-response=1,duplicate=1,late=1", (2453, 6262, 64)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


@pytest.mark.parametrize(
    ("faults", "counts"),
    [("", (91, 137, 10)), ("lose-response=1", (247, 415, 20)), ("lose-response=1,duplicate=1", (727, 1537, 40))],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_host_alone_is_enough(faults: str, counts: tuple[int, int, int]) -> None:
    """A lead that does not look for registered zones."""
    assert proved(replace(race, decisions=CARELESS), faults) == counts


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (649, 1278, 32)


VARIANTS = {
    "removes while undecided, and the host does not look": (
        "",
        ("a registered zone is shared (I1)", "operator2 has zone-0001 with operator1 registered, and not shared", 4),
    ),
    "removes with a zone registered, and the host does not look": (
        "",
        ("a registered zone is shared (I1)", "operator2 has zone-0001 with operator1 registered, and not shared", 5),
    ),
    "removes with a zone registered, and the host refuses that with 409": (
        "lose-response=1",
        ("roles mirrored at rest (I6)", "operator1 False; operator2 True", 11),
    ),
    "forgets what it has carried out": (
        "lose-response=1,duplicate=1,late=1",
        ("registrations mirrored at rest (I8)", "operator1 none; operator2 zone-0001", 8),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
