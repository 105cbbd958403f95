"""CC-RACE-010 explored: crossing deletions both succeed, and what they free is free once."""

from __future__ import annotations

import pytest

from simulator.faults import Faults
from simulator.races.cc_race_010 import race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (113, 189, 5)),
        ("drop=1", (468, 895, 10)),
        ("duplicate=2", (1006, 2673, 14)),
        ("crash=1", (1016, 2241, 11)),
        ("late=2", (4511, 13505, 19)),
        ("lose-response=1,late=1", (4692, 12745, 27)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


VARIANTS = {
    "takes 404 for a failed deletion": (
        "late=1",
        ("every deletion ends", "for ever: csp-b still deletes 0001, its customer reads established", 5),
    ),
    "gives back room with every deletion that it is asked for": (
        "",
        (
            "the same room on both sides at rest",
            "csp-a has 2000 Mbps on ix1; csp-b has 1000 Mbps on ix1",
            7,
        ),
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    faults, found = VARIANTS[variant]
    assert refuted(race, variant, faults) == found


def test_a_deletion_that_takes_404_for_a_failure_is_repeated_for_ever() -> None:
    """The first copy was carried out after its sender had given up; every further one is answered 404."""
    found = race.explore("takes 404 for a failed deletion", Faults(late=1))
    assert found.violation is not None
    assert found.violation.cycle == (
        "deliver csp-b DeleteConnection ix1/000000000001",
        "answer csp-b DeleteConnection ix1/000000000001",
    )
