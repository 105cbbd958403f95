"""CC-RACE-001 explored: exact counts, so that a change of reachable behaviour is a diff in review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.connection_coordinator.invariants import one_placed_at_rest
from simulator.explore import INCOMPLETE, PROVED, REFUTED, explore
from simulator.faults import NO_FAULTS, Faults
from simulator.races.cc_race_001 import REFERENCE, race

DROP_AND_DUPLICATE = Faults(drop=1, duplicate=1)

CONFIRMED = (
    "accept csp-a 0001",
    "accept csp-b 0002",
    "deliver csp-a ConfirmActivationKey",
    "answer csp-a ConfirmActivationKey",
    "deliver csp-b ConfirmActivationKey",
    "answer csp-b ConfirmActivationKey",
)


@pytest.mark.parametrize(
    ("faults", "states", "transitions", "rests"),
    [
        (NO_FAULTS, 62, 96, 3),
        (Faults(drop=1), 642, 1142, 14),
        (Faults(lose_response=1), 544, 971, 13),
        (Faults(duplicate=1), 303, 632, 6),
        (Faults(late=1), 813, 1760, 8),
        (Faults(clock_jump=1), 192, 324, 7),
        (DROP_AND_DUPLICATE, 3444, 8072, 28),
    ],
    ids=lambda value: ",".join(value.named()) or "none" if isinstance(value, Faults) else "",
)
def test_the_reference_is_proved(faults: Faults, states: int, transitions: int, rests: int) -> None:
    found = race.explore(faults=faults)
    assert found.violation is None
    assert found.verdict is PROVED
    assert (found.states, found.transitions, found.rests) == (states, transitions, rests)
    assert found.sometimes == {"both connections placed": True}


@pytest.mark.parametrize(
    ("faults", "states"), [(Faults(late=2), 7913), (Faults(clock_jump=2), 486), (Faults(drop=2), 4350)]
)
def test_two_faults_of_a_kind_are_safe(faults: Faults, states: int) -> None:
    safety = replace(race, never=tuple(rule for rule in race.never if rule is not one_placed_at_rest))
    found = safety.explore(faults=faults)
    assert (found.verdict, found.states) == (PROVED, states)


def test_a_crash_in_the_middle_is_survived() -> None:
    """Whoever waited for a held answer does so no longer after a restart, so nothing may be placed for it then."""
    found = race.explore(faults=Faults(crash=1))
    assert found.violation is None
    assert (found.verdict, found.states, found.transitions, found.rests) == (PROVED, 1294, 2792, 10)


def test_a_holder_that_forgets_its_crash_can_leave_none_placed() -> None:
    """The request that csp-b held is placed when its own proposal ends, though nobody waits; a copy of that proposal
    comes late and is placed, too. Each side's room is taken by what the other has given up."""
    world = race.world(faults=Faults(crash=1))
    for seat, (party, tables) in world.cast.items():
        handlers = replace(party.handlers, restarted=lambda turn: None)
        world.cast[seat] = (replace(party, handlers=handlers), tables)
    found = explore(world, race.views, race.never, dict(race.sometimes))
    assert found.violation is not None
    assert found.violation.invariant == "at least one connection is placed at rest"
    assert found.violation.schedule[: len(CONFIRMED) + 3] == (
        *CONFIRMED,
        "deliver csp-a CreateConnection ix2/000000000001",
        "crash csp-b",
        "restart csp-b",
    )


@pytest.mark.parametrize("faults", [Faults(drop=2), Faults(clock_jump=2)], ids=["two losses", "two early timers"])
def test_two_spoilt_holds_use_up_the_only_round(faults: Faults) -> None:
    """The bound speaks, not the rule: a second round lets one of the two through."""
    found = race.explore(faults=faults)
    assert found.violation is not None
    assert found.violation.invariant == "at least one connection is placed at rest"
    two_rounds = replace(race, decisions=replace(REFERENCE, placement_rounds=2))
    assert two_rounds.explore(faults=faults).verdict is PROVED


def test_ignoring_tentative_reservations_oversubscribes() -> None:
    found = race.explore("ignores tentative reservations", DROP_AND_DUPLICATE)
    assert found.verdict is REFUTED
    assert found.violation is not None
    assert found.violation.invariant == "no interconnect oversubscribed"
    assert found.violation.finding.got == "csp-a has placed 2000 Mbps"
    assert found.violation.schedule == (
        *CONFIRMED,
        "deliver csp-a CreateConnection ix2/000000000001",
        "deliver csp-b CreateConnection ix2/000000000002",
        "answer csp-a CreateConnection ix2/000000000001",
    )


def test_refusing_each_other_at_once_places_none() -> None:
    found = race.explore("refuses each other at once", NO_FAULTS)
    assert found.violation is not None
    assert found.violation.invariant == "at least one connection is placed at rest"
    assert found.violation.schedule == (
        *CONFIRMED,
        "deliver csp-a CreateConnection ix2/000000000001",
        "answer csp-a CreateConnection ix2/000000000001",
        "deliver csp-a GetConnection ix2/000000000001",
        "deliver csp-b CreateConnection ix2/000000000002",
        "answer csp-a GetConnection ix2/000000000001",
        "answer csp-b CreateConnection ix2/000000000002",
        "deliver csp-a ListInterconnects",
        "answer csp-a ListInterconnects",
        "deliver csp-b GetConnection ix2/000000000002",
        "answer csp-b GetConnection ix2/000000000002",
        "deliver csp-b ListInterconnects",
        "answer csp-b ListInterconnects",
        "deliver csp-a CreateConnection ix1/000000000001",
        "answer csp-a CreateConnection ix1/000000000001",
        "deliver csp-a GetConnection ix1/000000000001",
        "answer csp-a GetConnection ix1/000000000001",
        "deliver csp-a GetConnection ix2/000000000001",
        "deliver csp-b CreateConnection ix1/000000000002",
        "answer csp-a GetConnection ix2/000000000001",
        "answer csp-b CreateConnection ix1/000000000002",
        "deliver csp-a ListInterconnects",
        "answer csp-a ListInterconnects",
        "deliver csp-a DeleteConnection ix1/000000000001",
        "answer csp-a DeleteConnection ix1/000000000001",
        "deliver csp-a DeleteConnection ix2/000000000001",
        "answer csp-a DeleteConnection ix2/000000000001",
        "deliver csp-b GetConnection ix1/000000000002",
        "answer csp-b GetConnection ix1/000000000002",
        "deliver csp-b GetConnection ix2/000000000002",
        "answer csp-b GetConnection ix2/000000000002",
        "deliver csp-b ListInterconnects",
        "answer csp-b ListInterconnects",
        "deliver csp-b DeleteConnection ix1/000000000002",
        "answer csp-b DeleteConnection ix1/000000000002",
        "deliver csp-b DeleteConnection ix2/000000000002",
        "answer csp-b DeleteConnection ix2/000000000002",
    )


def test_not_looking_gives_up_what_the_peer_had_taken() -> None:
    """The copy was accepted, the 409 to the other copy believed: the connection is deleted instead of adopted."""
    found = race.explore("does not look before it tries elsewhere", DROP_AND_DUPLICATE)
    assert found.violation is not None
    assert found.violation.invariant == "at least one connection is placed at rest"
    assert found.violation.schedule == (
        "accept csp-a 0001",
        "accept csp-b 0002",
        "deliver csp-a ConfirmActivationKey",
        "answer csp-a ConfirmActivationKey",
        "deliver csp-b ConfirmActivationKey",
        "duplicate csp-a CreateConnection ix2/000000000001",
        "deliver csp-a CreateConnection ix2/000000000001",
        "answer csp-b ConfirmActivationKey",
        "deliver csp-a CreateConnection ix2/000000000001 #2",
        "answer csp-a CreateConnection ix2/000000000001 #2",
        "deliver csp-a CreateConnection ix1/000000000001",
        "deliver csp-b CreateConnection ix1/000000000002",
        "answer csp-a CreateConnection ix1/000000000001",
        "answer csp-b CreateConnection ix1/000000000002",
        "deliver csp-a DeleteConnection ix1/000000000001",
        "answer csp-a DeleteConnection ix1/000000000001",
        "deliver csp-a DeleteConnection ix2/000000000001",
        "answer csp-a DeleteConnection ix2/000000000001",
        "deliver csp-b DeleteConnection ix1/000000000002",
        "answer csp-b DeleteConnection ix1/000000000002",
    )


def test_a_cap_that_was_hit_is_never_green() -> None:
    found = race.explore(faults=DROP_AND_DUPLICATE, cap=1000)
    assert (found.verdict, found.states, found.violation) == (INCOMPLETE, 1001, None)


def test_an_empty_success_is_never_green() -> None:
    found = replace(race, sometimes={"pigs fly": lambda views: False}).explore(faults=NO_FAULTS)
    assert (found.verdict, found.sometimes) == (INCOMPLETE, {"pigs fly": False})


def test_an_exploration_leaves_its_world_as_it_was() -> None:
    world = race.world(faults=NO_FAULTS)
    before = (world.fingerprint(), world.enabled())
    explore(world, race.views, race.never)
    assert (world.fingerprint(), world.enabled()) == before
    assert before[1] == ["accept csp-a 0001", "accept csp-b 0002"]


def test_progress_is_told_every_thousand_states() -> None:
    told: list[int] = []
    race.explore(faults=DROP_AND_DUPLICATE, progress=lambda states, waiting: told.append(states))
    assert told == [1000, 2000, 3000]
