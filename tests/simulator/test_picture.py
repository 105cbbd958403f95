"""A replay as a course: what a picture is made of."""

from __future__ import annotations

from reports.course import Course, Leg, Mark, Span
from simulator.faults import NO_FAULTS, Faults
from simulator.picture import course
from simulator.races import RACES
from simulator.races.cc_race_001 import race
from simulator.replay import record, replay
from simulator.world import Label

VICE = "ignores tentative reservations"
CONFIRM = "ConfirmActivationKey"
ALONE = ("accept csp-a 0001", f"deliver csp-a {CONFIRM}", f"answer csp-a {CONFIRM}")


def told(faults: Faults, *labels: Label, variant: str | None = None) -> Course:
    schedule = record(race, variant, faults, labels)
    return course(schedule, replay(schedule, RACES), race.world(variant, faults).steps)


def test_a_call_goes_there_and_back() -> None:
    found = told(NO_FAULTS, *ALONE)
    assert found.seats == ("csp-a", "csp-b")
    assert found.marks == (Mark(1, "csp-a", "action", "accept 0001"),)
    assert found.legs == (
        Leg("csp-a", "csp-b", "request", CONFIRM, 1, 2),
        Leg("csp-b", "csp-a", "response", f"200 ← {CONFIRM}", 2, 3),
        Leg("csp-a", "csp-b", "request", "CreateConnection ix2/…0001", 3),
    )
    assert (found.spans, found.broken, found.cycle) == ((), None, None)
    assert [step.label for step in found.steps] == list(ALONE)
    assert [(change.side, change.row) for change in found.steps[2].changes] == [
        ("csp-a", "interconnect env1/ix2"),
        ("csp-a", "connection …0001 / placement ix2"),
    ]
    assert [(lane.side, lane.name, lane.values) for lane in found.lanes[:2]] == [
        ("csp-a", "ix1", ((0, 0),) * 4),
        ("csp-a", "ix2", ((0, 0), (0, 0), (0, 0), (0, 1000))),
    ]


def test_losses_and_who_gives_up() -> None:
    found = told(
        Faults(drop=1, late=1), ALONE[0], f"drop csp-a {CONFIRM}", f"time-out csp-a {CONFIRM}", f"late csp-a {CONFIRM}"
    )
    assert found.legs[0] == Leg("csp-a", "csp-b", "request", CONFIRM, 1, None, lost=2, why="drop")
    assert found.marks[1:] == (
        Mark(3, "csp-a", "timer", "no answer: gives up"),
        Mark(4, "csp-a", "fault", "late: gives up"),
    )
    assert [step.fault for step in found.steps] == [False, True, False, True]


def test_a_lost_answer_and_an_answer_to_nobody() -> None:
    lost = told(Faults(lose_response=1), *ALONE[:2], f"lose-response csp-a {CONFIRM}")
    assert lost.legs[1] == Leg("csp-b", "csp-a", "response", f"200 ← {CONFIRM}", 2, None, lost=3, why="lose-response")
    late = told(Faults(late=1), ALONE[0], f"late csp-a {CONFIRM}", f"deliver csp-a {CONFIRM}")
    answer = next(leg for leg in late.legs if leg.kind == "response")
    assert (answer.sent, answer.arrived, answer.lost, answer.unheard) == (3, None, None, True)


def test_a_copy_and_a_refusal() -> None:
    found = told(
        Faults(duplicate=1),
        *ALONE,
        "duplicate csp-a CreateConnection ix2/000000000001",
        "deliver csp-a CreateConnection ix2/000000000001",
        "deliver csp-a CreateConnection ix2/000000000001 #2",
    )
    assert [(leg.again, leg.bad) for leg in found.legs[2:]] == [
        (False, False),
        (False, False),
        (True, False),
        (True, True),
    ]
    assert found.legs[-1].text.startswith("409 connection …0001 ")


def test_a_held_answer_a_crash_and_a_partition() -> None:
    labels = (
        "accept csp-a 0001",
        "accept csp-b 0002",
        f"deliver csp-a {CONFIRM}",
        f"answer csp-a {CONFIRM}",
        f"deliver csp-b {CONFIRM}",
        f"answer csp-b {CONFIRM}",
        "deliver csp-a CreateConnection ix2/000000000001",
        "partition csp-a csp-b",
        "crash csp-b",
        "heal csp-a csp-b",
        "restart csp-b",
    )
    found = told(Faults(crash=1, partition=1), *labels)
    assert found.spans == (
        Span("held", ("csp-b",), 7, 9),
        Span("partition", ("csp-a", "csp-b"), 8, 10),
        Span("down", ("csp-b",), 9, 11),
    )
    assert found.marks[2:] == (
        Mark(8, "csp-a", "fault", "partition"),
        Mark(9, "csp-b", "fault", "crash"),
        Mark(10, "csp-a", "relief", "heal"),
        Mark(11, "csp-b", "relief", "restart"),
    )
    still = told(Faults(crash=1, partition=1), *labels[:8])
    assert still.spans == (Span("held", ("csp-b",), 7, None), Span("partition", ("csp-a", "csp-b"), 8, None))


def test_what_broke_and_where() -> None:
    violation = race.explore(VICE, NO_FAULTS).violation
    assert violation is not None
    broken = told(NO_FAULTS, *violation.schedule, variant=VICE).broken
    assert broken is not None
    assert (broken.step, broken.rule) == (9, "no interconnect oversubscribed")
    assert (broken.want, broken.got) == ("at most 1000 Mbps on ix2", "csp-a has placed 2000 Mbps")
