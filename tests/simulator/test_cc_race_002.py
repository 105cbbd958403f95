"""CC-RACE-002 explored: exact counts, so that a change of reachable behaviour is a diff in review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reference_impl.connection_coordinator.records import PLACEMENTS
from simulator.explore import PROVED, REFUTED
from simulator.faults import NO_FAULTS, Faults
from simulator.races.cc_race_002 import race, requests

ACCEPTED = ("accept csp-b 0001", "accept csp-b 0002", "accept csp-b 0003", "accept csp-b 0004")
DELIVERED = tuple(f"deliver csp-b CreateConnection ix1/00000000000{each}" for each in range(1, 5))


@pytest.mark.parametrize(
    ("faults", "states", "transitions", "rests"),
    [
        (NO_FAULTS, 297, 740, 4),
        (Faults(duplicate=1), 2550, 8005, 8),
        (Faults(lose_response=1), 2258, 6569, 12),
        (race.faults, 21430, 75511, 24),
        (Faults(drop=1), 1902, 5353, 12),
        (Faults(late=1), 5822, 18303, 12),
    ],
    ids=lambda value: ",".join(value.named()) or "none" if isinstance(value, Faults) else "",
)
def test_three_of_four_are_placed(faults: Faults, states: int, transitions: int, rests: int) -> None:
    found = race.explore(faults=faults)
    assert found.violation is None
    assert found.verdict is PROVED
    assert (found.states, found.transitions, found.rests) == (states, transitions, rests)
    assert found.sometimes == {"three connections placed": True}


def test_three_of_five_are_placed() -> None:
    found = replace(race, prepare=requests(5)).explore(faults=NO_FAULTS)
    assert (found.verdict, found.states, found.rests) == (PROVED, 4268, 10)


@pytest.mark.parametrize("seed", range(10))
def test_three_of_twenty_are_placed(seed: int) -> None:
    """The number that the requirement names: too many to explore, so a few orders of arrival, far apart."""
    world = replace(race, prepare=requests(20)).world(faults=NO_FAULTS)
    for turn in range(1000):
        if not (labels := world.enabled()):
            break
        world.step(labels[(seed * 7919 + turn * 31) % len(labels)])
    assert world.at_rest()
    placed = [[row.uuid for row in tables.rows(PLACEMENTS)] for _, tables in world.cast.values()]
    assert len(placed[0]) == 3
    assert sorted(placed[0]) == sorted(placed[1])


@pytest.mark.parametrize(
    ("variant", "schedule"),
    [
        (
            "checks in one step and reserves in another",
            (
                *ACCEPTED,
                *DELIVERED,
                *(f"provision csp-a place ix1/00000000000{each}" for each in range(1, 5)),
            ),
        ),
        ("counts nothing that is placed", (*ACCEPTED, *DELIVERED)),
    ],
)
def test_a_variant_places_four(variant: str, schedule: tuple[str, ...]) -> None:
    found = race.explore(variant, NO_FAULTS)
    assert found.verdict is REFUTED
    assert found.violation is not None
    assert found.violation.invariant == "no interconnect oversubscribed"
    assert found.violation.finding.got == "csp-a has placed 4000 Mbps"
    assert found.violation.schedule == schedule
