"""CC-RACE-018 explored: a migration against a deletion, a second migration and a change of bandwidth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.races.cc_race_018 import DELETED, MOVED, MOVED_TOO, UPDATED, race, story
from tests.simulator.verdicts import proved, refuted

DELETION = replace(race, prepare=story(MOVED, DELETED), sometimes={})
CROSSING = replace(race, prepare=story(MOVED, MOVED_TOO), sometimes={})
UPDATE = replace(race, prepare=story(MOVED, UPDATED), sometimes={})


def test_all_three_at_once() -> None:
    assert proved(race, "") == (19829, 75201, 19)


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (2078, 6806, 8)),
        ("drop=1", (12924, 47228, 19)),
        ("lose-response=1", (22689, 85573, 24)),
        ("late=1", (31794, 128753, 25)),
        ("crash=1", (59290, 245015, 26)),
        ("clock-jump=1", (12368, 47111, 18)),
    ],
)
def test_the_customer_deletes_what_is_moved(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(DELETION, faults) == counts


@pytest.mark.parametrize(
    ("faults", "counts"),
    [
        ("", (799, 1911, 8)),
        ("drop=1", (6255, 17052, 41)),
        ("lose-response=1", (10347, 29921, 50)),
        ("late=1", (11812, 36653, 42)),
        ("crash=1", (36078, 135458, 53)),
        ("clock-jump=1", (38779, 160772, 33)),
    ],
)
def test_both_sides_move_it(faults: str, counts: tuple[int, int, int]) -> None:
    assert proved(CROSSING, faults) == counts


def test_the_peer_changes_the_bandwidth_of_what_is_moved() -> None:
    assert proved(UPDATE, "") == (26872, 127027, 6)


VARIANTS = {
    "deletes the old place before the new one is there": (
        "a place VERIFIED on both sides, until the customer deletes",
        "csp-a on none; csp-b on ix2",
        3,
    ),
    "deletes the old place once the new one is VERIFIED here": (
        "a place VERIFIED on both sides, until the customer deletes",
        "csp-a on ix1; csp-b on ix2",
        8,
    ),
    "deletes by UUID": (
        "deleted on both sides or on none",
        "csp-a has 0001 on ix1, a customer who reads established",
        17,
    ),
}


def test_all_its_variants_are_told_above() -> None:
    assert set(race.variants) == set(VARIANTS)


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_its_variants_are_refuted(variant: str) -> None:
    assert refuted(race, variant, "") == VARIANTS[variant]
