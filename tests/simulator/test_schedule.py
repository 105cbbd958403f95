"""Schedules: the file, strict and lenient replay, the trace of a replay."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.record import Fault, Lost, Observation, Outcome, Request, Response
from reports.trace import as_json
from simulator import schedule as schedules
from simulator.faults import NO_FAULTS, Faults
from simulator.races import RACES
from simulator.races.cc_race_001 import race
from simulator.schedule import Entry, Schedule, ScheduleError, parse, record, replay

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


def test_the_file_reads_back_as_it_was(tmp_path: Path) -> None:
    schedule = recorded()
    schedules.write(schedule, tmp_path / "s")
    assert schedules.read(tmp_path / "s") == schedule
    lines = schedule.text().splitlines()
    assert lines[:5] == ["interlock-schedule/1", "race CC-RACE-001", f"variant {VICE}", "faults -", ""]
    assert [line.partition(" ")[2] for line in lines[5:]] == list(LABELS)
    assert all(len(entry.digest) == 12 for entry in schedule.entries)


def test_budgets_read_back() -> None:
    schedule = Schedule(
        "CC-RACE-001", None, Faults(drop=1, lose_response=2, clock_jump=1), (Entry("accept csp-a 0001"),)
    )
    assert "faults drop=1,lose-response=2,clock-jump=1" in schedule.text()
    assert parse(schedule.text()) == schedule


def test_comments_and_empty_lines_are_passed_over() -> None:
    text = recorded().text().replace("\n\n", "\n\n# why this is kept\n\n")
    assert parse(text) == recorded()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "f:1: want 'interlock-schedule/1', got 'an empty file'"),
        ("interlock-schedule/2\n", "f:1: want 'interlock-schedule/1', got 'interlock-schedule/2'"),
        ("interlock-schedule/1\nfaults drop=1\n\n", "f:3: the head names no race"),
        (
            "interlock-schedule/1\nrace R\nrace S\n\n",
            "f:3: want race, variant and faults once each, then an empty line; got 'race S'",
        ),
        (
            "interlock-schedule/1\nrace R\nseed 4\n",
            "f:3: want race, variant and faults once each, then an empty line; got 'seed 4'",
        ),
        (
            "interlock-schedule/1\nrace R\nfaults gremlin=1\n\n",
            "f: want faults such as drop=1,duplicate=1 out of drop, lose-response, duplicate, late, clock-jump, crash, "
            "partition, slow-provisioning, fail-provisioning; "
            "got 'gremlin=1'",
        ),
        (
            "interlock-schedule/1\nrace R\n\n0123456789ab accept\nhello world\n",
            "f:5: want 12 hex digits (or -) and a label, got 'hello world'",
        ),
    ],
)
def test_a_broken_file_is_named_by_its_line(text: str, complaint: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse(text, "f")
    assert str(caught.value) == complaint


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScheduleError, match=":1: want 'interlock-schedule/1', got bytes that are no text"):
        schedules.read(tmp_path / "s")


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
    without = Schedule(schedule.race, VICE, NO_FAULTS, (*schedule.entries[:2], *schedule.entries[3:]))
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
    schedule = recorded()
    honest = Schedule(schedule.race, None, NO_FAULTS, schedule.entries)
    done = replay(honest, RACES)
    assert done.taken == LABELS[:7]
    assert done.divergence is not None
    assert done.divergence.step == 7
    assert done.divergence.expected == schedule.entries[6]
    assert done.divergence.got is not None
    assert done.divergence.got != schedule.entries[6].digest


def test_lenient_skips_what_is_not_enabled() -> None:
    schedule = recorded()
    done = replay(Schedule(schedule.race, None, NO_FAULTS, schedule.entries), RACES, lenient=True)
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
    """Copies share their exchange, losses are recorded, no activation key is readable, and both states are at the end."""
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
    assert [each.of for each in done.trace if isinstance(each, Outcome)] == [1, 4]
    assert [each.what for each in done.trace if isinstance(each, Lost)] == ["request", "unknown"]
    assert [each.seat for each in done.trace if isinstance(each, Observation)] == ["csp-a", "csp-b"]
    text = json.dumps([as_json(each) for each in done.trace])
    assert "secret:activation-key:" in text
    assert "eyJ2ZXJzaW9uIjo" not in text  # the base64 of {"version":


PROGRAM = """
from reports.trace import as_json
from simulator.faults import Faults
from simulator.races import RACES
from simulator.schedule import record, replay
race, faults = RACES["CC-RACE-001"], Faults(duplicate=1)
proved, refuted = race.explore(faults=faults), race.explore("ignores tentative reservations", faults)
schedule = record(race, "ignores tentative reservations", faults, refuted.violation.schedule)
print(proved.states, proved.transitions, refuted.states)
print(schedule.text())
print([as_json(each) for each in replay(schedule, RACES).trace])
"""


def test_the_same_in_every_process() -> None:
    """Whatever order sets and hashes have there: the same counts, schedule, digests and trace."""
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
