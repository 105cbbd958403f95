"""Replays: strict and lenient, what they stop at, what they see, and that they are the same in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reports.record import Action, Fault, Lost, Meta, Observation, Outcome, Request, Response
from reports.trace import as_json
from simulator.changes import Change
from simulator.connection_coordinator.providers import two_providers
from simulator.faults import NO_FAULTS, Faults
from simulator.invariant import Liveness
from simulator.races import RACES
from simulator.races.cc_race_001 import race
from simulator.replay import record, replay
from simulator.schedule import Schedule, ScheduleError, parse
from simulator.sight import Gauge
from simulator.world import Step
from tests.simulator.toys import LOOP

VICE = "ignores tentative reservations"
LABELS = (
    "accept csp-a 0001",
    "accept csp-b 0002",
    "deliver csp-a ConfirmActivationKey",
    "answer csp-a ConfirmActivationKey",
    "deliver csp-b ConfirmActivationKey",
    "answer csp-b ConfirmActivationKey",
    "deliver csp-a CreateConnection ix2/000000000001",
    "deliver csp-b CreateConnection ix2/000000000002",
    "answer csp-a CreateConnection ix2/000000000001",
)


def recorded() -> Schedule:
    return record(race, VICE, NO_FAULTS, LABELS)


def test_a_strict_replay_finds_the_violation_again() -> None:
    done = replay(recorded(), RACES)
    assert (done.taken, done.skipped, done.divergence) == (LABELS, (), None)
    assert done.violation is not None
    assert done.violation.invariant == "no interconnect oversubscribed"
    assert done.violation.schedule == LABELS


def test_a_replay_stops_where_it_is_told() -> None:
    done = replay(recorded(), RACES, to=8)
    assert (done.taken, done.violation) == (LABELS[:8], None)
    assert done.enabled == (
        "answer csp-a CreateConnection ix2/000000000001",
        "answer csp-b CreateConnection ix2/000000000002",
    )


def test_strict_names_the_first_label_that_is_not_enabled() -> None:
    schedule = recorded()
    without = replace(schedule, entries=(*schedule.entries[:2], *schedule.entries[3:]))
    done = replay(without, RACES)
    assert done.taken == LABELS[:2]
    assert done.divergence is not None
    assert (done.divergence.step, done.divergence.got) == (3, None)
    assert done.divergence.enabled == ("deliver csp-a ConfirmActivationKey", "deliver csp-b ConfirmActivationKey")
    assert done.divergence.told() == (
        "step 3: 'answer csp-a ConfirmActivationKey' is not enabled; enabled: "
        "deliver csp-a ConfirmActivationKey; deliver csp-b ConfirmActivationKey"
    )


def test_strict_names_the_first_state_that_differs() -> None:
    """The same labels with the reference's decisions: all goes alike until csp-b holds the answer."""
    done = replay(honest(), RACES)
    assert done.taken == LABELS[:7]
    assert done.divergence is not None
    expected = recorded().entries[6]
    assert (done.divergence.step, done.divergence.expected) == (7, expected)
    assert done.divergence.got not in (None, expected.digest)
    assert done.divergence.told() == (
        f"step 7: {LABELS[6]!r} led to state {done.divergence.got}, the schedule says {expected.digest}"
    )


def honest() -> Schedule:
    """The schedule, for a world with the reference's decisions."""
    return replace(recorded(), variant=None, decisions="-")


@pytest.mark.parametrize(
    ("line", "told", "complaint"),
    [
        (
            "decisions",
            "decisions placement_attempts=9",
            "f:5: want 'fits=counts_no_tentative, confirm_attempts=3, placement_attempts=3, placement_rounds=1, "
            "feature_attempts=3', got 'placement_attempts=9'; replay it leniently to see how far it goes all the same",
        ),
        (
            "start",
            "start 0123456789ab",
            "f:6: want START, the state in which CC-RACE-001 starts now, got 0123456789ab: the inventory, the "
            "prologue or the story has changed since; replay it leniently to see how far it goes all the same",
        ),
    ],
)
def test_another_configuration_is_named_by_its_line(line: str, told: str, complaint: str) -> None:
    text = "\n".join(told if each.startswith(line) else each for each in recorded().text().splitlines())
    with pytest.raises(ScheduleError) as caught:
        replay(parse(text, "f"), RACES)
    assert str(caught.value) == complaint.replace("START", recorded().start)
    assert replay(parse(text, "f"), RACES, lenient=True).violation is not None


def test_the_configuration_tells_worlds_apart() -> None:
    """Other attempts, another inventory, another bound of the story, one more customer: each shows in the head."""
    decisions, start = recorded().decisions, recorded().start
    patient = replace(race, variants={VICE: replace(race.variants[VICE], placement_attempts=4)})
    assert "placement_attempts=4" in record(patient, VICE, NO_FAULTS, ()).decisions
    roomy = replace(race, cast=two_providers("one-left", channels=1))
    unbounded = replace(race, operations=None)
    unfolded = replace(race, folded=("ListInterconnects",))
    for other in (roomy, unbounded, unfolded, replace(race, prepare=lambda cast: race.prepare(cast)[:1])):
        schedule = record(other, VICE, NO_FAULTS, ())
        assert (schedule.decisions, schedule.start == start) == (decisions, False)


def test_what_a_step_changed_on_each_side() -> None:
    done = replay(recorded(), RACES)
    assert [(each.seat, each.row, each.told()) for each in done.instants[6].changes] == [
        ("csp-b", "connection …0001", "key confirmed → used"),
        ("csp-b", "interconnect env1/ix2", "reserved_mbps 1000 → 2000"),
        (
            "csp-b",
            "connection …0001 / placement ix2",
            "new, mbps 1000, stage placed, verification UNVERIFIED, origin peer",
        ),
    ]
    assert done.instants[8].changes == (
        Change(
            "csp-a",
            "connection …0001 / placement ix2",
            {"stage": "proposing", "tentative": True},
            {"stage": "placed", "tentative": False},
        ),
    )


def test_where_the_gauges_stand() -> None:
    done = replay(recorded(), RACES)
    assert done.start["csp-a"] == tuple(
        Gauge(name, "Mbps", 1000, (("placed", 0), ("under way", 0))) for name in ("ix1", "ix2")
    )
    course = [instant.gauges["csp-a"][1].parts for instant in done.instants]
    assert [(placed, under_way) for (_, placed), (_, under_way) in course] == [
        *[(0, 0)] * 3,
        *[(0, 1000)] * 4,
        (1000, 1000),
        (2000, 0),
    ]


def test_what_became_of_each_call() -> None:
    done = replay(recorded(), RACES)
    assert [(each.text, each.sent, each.delivered, each.replied, each.answered) for each in done.journeys] == [
        ("ConfirmActivationKey", 1, 3, 3, 4),
        ("ConfirmActivationKey", 2, 5, 5, 6),
        ("CreateConnection ix2/…0001", 4, 7, 7, 9),
        ("CreateConnection ix2/…0002", 6, 8, 8, None),
    ]


def test_a_livelock_is_found_again() -> None:
    round_ = ("deliver a Ask 1", "answer a Ask 1")
    schedule = record(LOOP, None, NO_FAULTS, ("begin",), round_)
    assert (schedule.cycle, len(schedule.entries)) == (1, 3)
    done = replay(schedule, {"LOOP": LOOP})
    assert done.violation is not None
    assert (done.violation.invariant, done.violation.schedule, done.violation.cycle) == (
        "a's request ends",
        ("begin",),
        round_,
    )
    assert done.violation.finding.got == "for ever: a asks"
    assert replay(schedule, {"LOOP": LOOP}, to=2).violation is None
    halfway = record(LOOP, None, NO_FAULTS, ("begin",), round_[:1])  # does not end where it began
    assert replay(halfway, {"LOOP": LOOP}).violation is None


def test_a_cycle_that_is_not_fair_is_no_livelock() -> None:
    """Meanwhile a's other customer could act all the time, and never does."""
    race = replace(LOOP, prepare=lambda cast: [*LOOP.prepare(cast), Step("other", "a", "begin", {"id": "2"})])
    schedule = record(race, None, NO_FAULTS, ("begin",), ("deliver a Ask 1", "answer a Ask 1"))
    assert replay(schedule, {"LOOP": race}).violation is None
    unheard = replace(LOOP, live=(Liveness("nobody waits", lambda views: ""),))
    schedule = record(unheard, None, NO_FAULTS, ("begin",), ("deliver a Ask 1", "answer a Ask 1"))
    assert replay(schedule, {"LOOP": unheard}).violation is None


def test_lenient_skips_what_is_not_enabled() -> None:
    done = replay(honest(), RACES, lenient=True)
    assert done.skipped == ("answer csp-a CreateConnection ix2/000000000001",)  # its answer is held
    assert done.taken == LABELS[:8]
    assert (done.divergence, done.violation) == (None, None)


def test_unknown_races_and_variants_are_told() -> None:
    with pytest.raises(KeyError, match="no race 'CC-RACE-099'; there are: CC-RACE-001"):
        replay(Schedule("CC-RACE-099", None, NO_FAULTS, ()), RACES)
    with pytest.raises(KeyError, match="has no variant 'is kind'; it has: ignores tentative"):
        replay(Schedule("CC-RACE-001", "is kind", NO_FAULTS, ()), RACES)


def test_recording_a_label_that_is_not_enabled() -> None:
    with pytest.raises(KeyError, match="'deliver nothing' is not enabled; enabled are"):
        record(race, None, NO_FAULTS, ["deliver nothing"])


def test_the_trace_of_a_replay() -> None:
    """Each step is marked, copies share their exchange, losses are recorded, no activation key is readable, and both
    states are at the end."""
    labels = (
        "accept csp-a 0001",
        "accept csp-b 0002",
        "drop csp-a ConfirmActivationKey",
        "time-out csp-a ConfirmActivationKey",
        "duplicate csp-a ConfirmActivationKey",
        "deliver csp-a ConfirmActivationKey",
        "deliver csp-a ConfirmActivationKey #2",
        "answer csp-a ConfirmActivationKey",
    )
    done = replay(record(race, None, Faults(drop=1, duplicate=1), labels), RACES)
    told = [
        (type(each).__name__, each.exchange)
        if isinstance(each, Request | Response | Lost | Fault)
        else type(each).__name__
        for each in done.trace
        if not isinstance(each, Meta)
    ]
    assert told == [
        "Action",
        "Outcome",
        ("Request", "x1"),
        "Action",
        "Outcome",
        ("Request", "x2"),
        ("Fault", "x1"),
        ("Lost", "x1"),
        ("Lost", "x1"),
        ("Request", "x3"),
        ("Fault", "x3"),
        ("Request", "x3"),
        ("Response", "x3"),
        ("Request", "x4"),
        "Observation",
        "Observation",
    ]
    marks = [(each.mark, each.data) for each in done.trace if isinstance(each, Meta)]
    head = {"race": "CC-RACE-001", "variant": None, "faults": {"drop": 1, "duplicate": 1}}
    assert marks == [("run", head), *(("step", {"label": label}) for label in labels)]
    asked = [each.seq for each in done.trace if isinstance(each, Action)]
    assert [each.of for each in done.trace if isinstance(each, Outcome)] == asked
    assert [each.what for each in done.trace if isinstance(each, Lost)] == ["request", "unknown"]
    assert [each.seat for each in done.trace if isinstance(each, Observation)] == ["csp-a", "csp-b"]
    text = json.dumps([as_json(each) for each in done.trace])
    assert "secret:activation-key:" in text
    assert "eyJ2ZXJzaW9uIjo" not in text  # the base64 of {"version":


PROGRAM = """
from reports.spacetime import diagram
from reports.trace import as_json
from simulator.faults import Faults
from simulator.hunt import hunt
from simulator.picture import course
from simulator.races import RACES
from simulator.replay import record, replay
from simulator.shrink import shrink
race, faults = RACES["CC-RACE-001"], Faults(duplicate=1)
proved, refuted = race.explore(faults=faults), race.explore("ignores tentative reservations", faults)
schedule = record(race, "ignores tentative reservations", faults, refuted.violation.schedule)
print(proved.states, proved.transitions, refuted.states)
print(schedule.text())
done = replay(schedule, RACES)
print([as_json(each) for each in done.trace])
print(diagram(course(schedule, done, race.world().steps)))
mixed = RACES["FI-RACE-010"]
found = hunt(mixed, "swarm", "stores the answer over what it heard", seed=1, runs=200)
shrunk = shrink(mixed, "stores the answer over what it heard", mixed.faults, found.violation)
print(found.seed_of_violation, found.violation.schedule, shrunk)
"""


def test_the_same_in_every_process() -> None:
    """Whatever order sets and hashes have there: the same counts, schedule, digests, trace and picture, the same seed
    of a hunt and the same shrunk schedule."""
    told = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert told[0].startswith("303 632 ")
