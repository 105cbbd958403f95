"""CC-RACE-005 explored: exact counts, so that a change of reachable behaviour is a diff in review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reference_impl.connection_coordinator.decisions import Decisions
from reference_impl.connection_coordinator.messages import VLANRange
from simulator.connection_coordinator.features import value_booked_twice
from simulator.connection_coordinator.invariants import failed_at_rest, one_placed_at_rest
from simulator.connection_coordinator.providers import two_providers
from simulator.explore import PROVED, REFUTED
from simulator.faults import NO_FAULTS, Faults
from simulator.race import Cast
from simulator.races.cc_race_005 import REFERENCE, race, values

SAFE = tuple(rule for rule in race.never if rule is not failed_at_rest)


def left(number: int, channels: int = 1) -> Callable[[Decisions], Cast]:
    """So many VLANs are left on each channel."""
    return two_providers("nine-left", channels, vlans=VLANRange(start=2000, stop=1999 + number))


@pytest.mark.parametrize(
    ("faults", "states", "transitions", "rests"),
    [
        (NO_FAULTS, 74, 105, 6),
        (Faults(lose_response=1), 516, 873, 18),
        (Faults(duplicate=1), 296, 597, 12),
        (Faults(drop=1), 517, 860, 18),
        (Faults(late=1), 752, 1529, 14),
        (Faults(crash=1), 1359, 2727, 27),
        (Faults(clock_jump=1), 132, 196, 10),
        (Faults(lose_response=2), 1935, 3659, 34),
        (race.faults, 2328, 5305, 36),
    ],
    ids=lambda value: (
        ",".join(f"{name}={count}" for name, count in value.named().items()) or "none"
        if isinstance(value, Faults)
        else ""
    ),
)
def test_the_reference_is_proved(faults: Faults, states: int, transitions: int, rests: int) -> None:
    found = race.explore(faults=faults)
    assert found.violation is None
    assert found.verdict is PROVED
    assert (found.states, found.transitions, found.rests) == (states, transitions, rests)
    assert found.sometimes == {"the smaller UUID gets the first value": True, "the greater gets it": True}


@pytest.mark.parametrize(
    ("faults", "states", "rests"),
    [(NO_FAULTS, 68, 5), (race.faults, 2150, 34), (Faults(clock_jump=2), 208, 16), (Faults(lose_response=2), 1817, 29)],
    ids=["none", "default", "two early timers", "two losses"],
)
def test_with_two_values_left_each_gets_one(faults: Faults, states: int, rests: int) -> None:
    found = replace(race, cast=left(2)).explore(faults=faults)
    assert (found.verdict, found.states, found.rests) == (PROVED, states, rests)
    assert found.sometimes == {"the smaller UUID gets the first value": True, "the greater gets it": True}


def test_with_one_value_left_one_gets_it() -> None:
    sometimes = {"one gets it": values(2000)}
    scarce = replace(race, cast=left(1), never=(*SAFE, one_placed_at_rest), sometimes=sometimes)
    found = scarce.explore()
    assert (found.verdict, found.states, found.sometimes) == (PROVED, 3643, {"one gets it": True})


def test_two_late_copies_bring_back_what_was_given_up() -> None:
    """csp-a moved on to 2001 and granted 2000 to its rival; then a copy of its own first proposal is accepted."""
    found = race.explore(faults=Faults(late=2))
    assert found.violation is not None
    assert found.violation.invariant == "no connection fails"
    assert len(found.violation.schedule) == 27
    found = replace(race, never=SAFE).explore(faults=Faults(late=2))
    assert (found.verdict, found.states) == (PROVED, 4689)


@pytest.mark.parametrize(
    ("variant", "faults", "invariant", "steps"),
    [
        ("does not count its open proposals", NO_FAULTS, "no VLAN and no subnet booked twice", 5),
        ("moves on to another value on both sides", NO_FAULTS, "no connection fails", 42),
        ("proposes anew without looking", Faults(lose_response=1), "no connection fails", 17),
    ],
)
def test_a_variant_is_refuted(variant: str, faults: Faults, invariant: str, steps: int) -> None:
    found = race.explore(variant, faults)
    assert found.verdict is REFUTED
    assert found.violation is not None
    assert found.violation.invariant == invariant
    assert len(found.violation.schedule) == steps


def test_a_value_is_booked_twice_by_who_does_not_count() -> None:
    found = race.explore("does not count its open proposals", NO_FAULTS)
    assert found.violation is not None
    assert found.violation.finding.got == (
        "csp-a has booked 0001 ch1 VLAN 2000 169.254.0.0 and 0002 ch1 VLAN 2000 169.254.0.0"
    )
    assert found.violation.schedule == (
        "accept csp-a 0002",
        "accept csp-b 0001",
        "deliver csp-a CreateFeature ix1/000000000002/l3-ch1",
        "deliver csp-b CreateFeature ix1/000000000001/l3-ch1",
        "answer csp-a CreateFeature ix1/000000000002/l3-ch1",
    )


def test_on_two_channels() -> None:
    """A refusal on one channel leaves the other one alone."""
    sometimes = {"all agreed": lambda views: all(len(view.features) == 4 for view in views)}
    found = replace(race, cast=left(6, channels=2), sometimes=sometimes).explore(faults=NO_FAULTS)
    assert (found.verdict, found.states, found.rests, found.sometimes) == (PROVED, 4706, 51, {"all agreed": True})


def test_restarting_all_channels_gives_away_what_the_peer_has_granted() -> None:
    """csp-b's proposal for ch2 is under way when ch1 is refused. The shortest schedule, found by exploring."""
    vice = replace(REFERENCE, restart_channels=lambda refused, channels: tuple(channels))
    careless = replace(race, cast=left(6, channels=2), decisions=vice)
    world = careless.world(faults=NO_FAULTS)
    for label in (
        "accept csp-a 0002",
        "accept csp-b 0001",
        "deliver csp-a CreateFeature ix1/000000000002/l3-ch1",
        "answer csp-a CreateFeature ix1/000000000002/l3-ch1",
        "deliver csp-a CreateFeature ix1/000000000002/l3-ch2",
        "answer csp-a CreateFeature ix1/000000000002/l3-ch2",
        "deliver csp-a GetFeature ix1/000000000002/l3-ch1",
        "deliver csp-a GetFeature ix1/000000000002/l3-ch2",
        "deliver csp-b CreateFeature ix1/000000000001/l3-ch1",
        "answer csp-a GetFeature ix1/000000000002/l3-ch1",
        "answer csp-a GetFeature ix1/000000000002/l3-ch2",
        "answer csp-b CreateFeature ix1/000000000001/l3-ch1",
        "deliver csp-b CreateFeature ix1/000000000001/l3-ch2",
        "deliver csp-b GetFeature ix1/000000000001/l3-ch1",
        "answer csp-b GetFeature ix1/000000000001/l3-ch1",
        "deliver csp-a CreateFeature ix1/000000000002/l3-ch2",
    ):
        world.step(label)
        assert value_booked_twice.judge(careless.views(world)) is None
    world.step("answer csp-b CreateFeature ix1/000000000001/l3-ch2")
    finding = value_booked_twice.judge(careless.views(world))
    assert finding is not None
    assert finding.got == "csp-b has booked 0001 ch2 VLAN 2000 169.254.0.4 and 0002 ch2 VLAN 2000 169.254.0.0"
