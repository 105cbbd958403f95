"""CC-RACE-013 explored: crossing notifications end VERIFIED on both sides, and with the last state known."""

from __future__ import annotations

import pytest

from simulator.races.cc_race_013 import changing, race
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (328, 860, 1)),
        ("drop=1", (1760, 5170, 2)),
        ("late=1", (4040, 13820, 2)),
        ("crash=1", (8184, 29388, 2)),
        ("lose-response=1,duplicate=1", (21857, 83990, 4)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_the_last_of_several_changes_is_known_in_the_end() -> None:
    assert proved(changing, "") == (5581, 22707, 1)


VARIANTS = {
    "waits for the other side to be VERIFIED first": (
        "every connection is VERIFIED at rest",
        "csp-a shows 0001 UNVERIFIED",
        10,
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    assert refuted(race, variant, "") == VARIANTS[variant]


def test_who_forgets_a_notification_while_it_reads_ends_with_an_older_state() -> None:
    assert refuted(changing, "forgets a notification that comes while it reads", "") == (
        "each side knows the other's last state at rest",
        "csp-a holds 'yes', the other one is ready",
        15,
    )
