"""FI-RACE-011 explored: a report counts whenever it comes, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.federation_interconnect.invariants import no_doubt_at_rest
from simulator.races.fi_race_011 import choosing, race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (51, 112, 1)),
        ("drop=1", (328, 809, 4)),
        ("lose-response=1", (271, 742, 2)),
        ("duplicate=1", (233, 675, 2)),
        ("late=1", (369, 1115, 2)),
        ("crash=1", (599, 1679, 4)),
        ("fail-provisioning=1", (163, 408, 3)),
        ("late=1,crash=1", (4090, 15098, 8)),
        ("lose-response=1,duplicate=1,fail-provisioning=1", (8773, 35032, 12)),
    ],
    ids=lambda value: value or "none" if isinstance(value, str) else "",
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_a_partition_does_no_harm_but_may_last_longer_than_the_attempts() -> None:
    """What ended in doubt then the operator is told; everything else agrees."""
    assert proved(race, "partition=1", but=[no_doubt_at_rest]) == (1736, 4729, 12)


def test_a_lead_that_cannot_hear_yet_may_say_so() -> None:
    """A refusal that asks for a repeat is legal, and comes to the same."""
    patient = replace(race, decisions=choosing(hears_early_report=False))
    assert proved(patient, "lose-response=1,duplicate=1") == (1977, 5863, 8)


def test_all_its_variants_are_told_below() -> None:
    assert set(race.variants) == set(VARIANTS)


REFUSED = "operator1 refuses GET /operator/artifact/status artifact d5e1a749d6c126e8 from operator2"
VARIANTS = {
    "the answer to the upload sets the status back": (
        "",
        ("applications mirrored at rest (I10)", "operator1 none; operator2 app-of-dev-1 in zone-0001", 10),
    ),
    "onboards at the report and at the answer": (
        "",
        ("applications mirrored at rest (I10)", "operator1 none; operator2 app-of-dev-1 in zone-0001", 11),
    ),
    "a report that is early is refused and not repeated": (
        "",
        ("nothing has ended in doubt", REFUSED, 8),
    ),
    "a report counts as often as it comes": (
        "lose-response=1",
        ("applications mirrored at rest (I10)", "operator1 none; operator2 app-of-dev-1 in zone-0001", 14),
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found
