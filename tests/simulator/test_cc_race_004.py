"""CC-RACE-004 explored: exact counts, so that a change of reachable behaviour is a diff in review."""

from __future__ import annotations

import pytest

from simulator.explore import PROVED, REFUTED
from simulator.faults import NO_FAULTS, Faults
from simulator.races.cc_race_004 import race


@pytest.mark.parametrize(
    ("faults", "states", "transitions", "rests"),
    [
        (NO_FAULTS, 10, 13, 1),
        (Faults(lose_response=1), 37, 59, 2),
        (Faults(duplicate=1), 37, 75, 2),
        (Faults(late=1), 83, 165, 2),
        (Faults(crash=1), 174, 413, 2),
        (Faults(drop=1), 45, 73, 2),
        (Faults(lose_response=1, duplicate=1, late=1), 1907, 5411, 8),
        (race.faults, 6723, 23210, 8),
    ],
    ids=lambda value: ",".join(value.named()) or "none" if isinstance(value, Faults) else "",
)
def test_the_reference_is_proved(faults: Faults, states: int, transitions: int, rests: int) -> None:
    found = race.explore(faults=faults)
    assert found.violation is None
    assert found.verdict is PROVED
    assert (found.states, found.transitions, found.rests) == (states, transitions, rests)
    assert found.sometimes == {"all channels agreed": True}


@pytest.mark.parametrize(
    ("variant", "invariant", "got", "steps"),
    [
        ("proposes anew without looking", "no connection fails", "csp-b shows 0001 failed", 12),
        ("proposes anew under a fresh featureId", "no connection fails", "csp-b shows 0001 failed", 12),
        (
            "proposes anew under a fresh featureId, and takes a second feature of a channel",
            "one feature of a connection on a channel",
            "csp-a has l3-ch1-0 and l3-ch1-1 on ch1",
            5,
        ),
    ],
)
def test_a_variant_is_refuted(variant: str, invariant: str, got: str, steps: int) -> None:
    found = race.explore(variant, Faults(lose_response=1))
    assert found.verdict is REFUTED
    assert found.violation is not None
    assert (found.violation.invariant, found.violation.finding.got) == (invariant, got)
    assert len(found.violation.schedule) == steps


def test_its_own_earlier_proposal_refuses_each_new_one() -> None:
    found = race.explore("proposes anew under a fresh featureId", Faults(lose_response=1))
    assert found.violation is not None
    assert found.violation.schedule[3:] == (
        "deliver csp-b CreateFeature ix2/000000000001/l3-ch2-0",
        "lose-response csp-b CreateFeature ix2/000000000001/l3-ch2-0",
        "time-out csp-b CreateFeature ix2/000000000001/l3-ch2-0",
        "deliver csp-b CreateFeature ix2/000000000001/l3-ch2-1",
        "answer csp-b CreateFeature ix2/000000000001/l3-ch2-1",
        "deliver csp-b CreateFeature ix2/000000000001/l3-ch2-2",
        "answer csp-b CreateFeature ix2/000000000001/l3-ch2-2",
        "deliver csp-b DeleteConnection ix2/000000000001",
        "answer csp-b DeleteConnection ix2/000000000001",
    )
