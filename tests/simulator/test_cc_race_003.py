"""CC-RACE-003 explored: exact counts, so that a change of reachable behaviour is a diff in review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.connection_coordinator.invariants import one_placed_at_rest
from simulator.explore import PROVED, REFUTED
from simulator.faults import NO_FAULTS, Faults
from simulator.races.cc_race_003 import REFERENCE, race


@pytest.mark.parametrize(
    ("faults", "states", "transitions", "rests"),
    [
        (NO_FAULTS, 34, 47, 2),
        (Faults(lose_response=1), 98, 141, 7),
        (Faults(late=1), 224, 386, 8),
        (Faults(crash=1), 244, 422, 8),
        (Faults(drop=1), 107, 145, 7),
        (Faults(duplicate=1), 102, 173, 4),
        (Faults(duplicate=1, late=2), 3645, 9400, 32),
        (Faults(late=3), 3925, 11098, 24),
        (race.faults, 4491, 10880, 51),
    ],
    ids=lambda value: ",".join(value.named()) or "none" if isinstance(value, Faults) else "",
)
def test_the_reference_is_proved(faults: Faults, states: int, transitions: int, rests: int) -> None:
    found = race.explore(faults=faults)
    assert found.violation is None
    assert found.verdict is PROVED
    assert (found.states, found.transitions, found.rests) == (states, transitions, rests)
    assert found.sometimes == {"goes on where it was placed first": True, "goes on elsewhere": True}


def test_each_fault_costs_an_attempt() -> None:
    """With three attempts three faults are too many: the connection fails, and nothing is left on either side."""
    three = replace(race, decisions=replace(REFERENCE, placement_attempts=3))
    found = three.explore()
    assert found.violation is not None
    assert found.violation.invariant == "at least one connection is placed at rest"
    assert len(found.violation.schedule) == 24
    safety = replace(three, never=tuple(rule for rule in race.never if rule is not one_placed_at_rest))
    found = safety.explore()
    assert (found.verdict, found.states) == (PROVED, 4547)


@pytest.mark.parametrize(
    ("variant", "faults", "invariant", "steps"),
    [
        (
            "takes the 409 to its retry for want of room",
            Faults(lose_response=1),
            "at least one connection is placed at rest",
            13,
        ),
        ("takes every 409 for its own connection", NO_FAULTS, "at least one connection is placed at rest", 6),
        ("takes a second placement before the first is verified", Faults(late=1), "both sides agree at rest", 14),
    ],
)
def test_a_variant_is_refuted(variant: str, faults: Faults, invariant: str, steps: int) -> None:
    found = race.explore(variant, faults)
    assert found.verdict is REFUTED
    assert found.violation is not None
    assert found.violation.invariant == invariant
    assert len(found.violation.schedule) == steps


def test_a_late_copy_finds_its_uuid_placed_elsewhere() -> None:
    """The first request reaches csp-a after csp-b has looked there, and the second goes to the other interconnect."""
    found = race.explore("takes a second placement before the first is verified", Faults(late=1))
    assert found.violation is not None
    assert found.violation.finding.got == "csp-a 0001 on ix1, 0001 on ix2; csp-b 0001 on ix1"
    assert found.violation.schedule[:10] == (
        "accept csp-b 0001",
        "late csp-b CreateConnection ix2/000000000001",
        "deliver csp-b GetConnection ix2/000000000001",
        "answer csp-b GetConnection ix2/000000000001",
        "deliver csp-b CreateConnection ix2/000000000001",
        "close csp-a ix2",
        "deliver csp-b ListInterconnects",
        "answer csp-b ListInterconnects",
        "deliver csp-b CreateConnection ix1/000000000001",
        "answer csp-b CreateConnection ix1/000000000001",
    )
