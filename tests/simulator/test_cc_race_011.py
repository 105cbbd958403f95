"""CC-RACE-011 explored: a notification neither revives nor verifies what is being deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from simulator.connection_coordinator.prologue import agreed, asked
from simulator.race import Cast
from simulator.races.cc_race_011 import race
from simulator.world import Step
from tests.simulator.verdicts import proved, refuted


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (467, 1288, 4)),
        ("drop=1", (2195, 6574, 8)),
        ("late=1", (4205, 14720, 8)),
        ("crash=1", (4532, 15074, 8)),
        ("lose-response=1,duplicate=1", (19795, 76941, 16)),
    ],
)
def test_the_reference_is_proved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(race, faults) == counts


def test_both_sides_may_notify_while_both_delete() -> None:
    def nobody_ready(cast: Cast) -> Sequence[Step]:
        agreed(cast)
        return asked("csp-a", "delete", optional=True), asked("csp-b", "delete", optional=True)

    assert proved(replace(race, prepare=nobody_ready), "") == (11648, 48046, 4)


VARIANTS = {
    "a notification brings back what was deleted": (
        "what was deleted does not come back",
        "csp-b shows 0001 on ix2 again",
        4,
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_refuted(variant: str) -> None:
    assert refuted(race, variant, "") == VARIANTS[variant]
