"""A replayed schedule as the course that a picture draws."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from reports.course import Broken, Change, Course, Lane, Leg, Mark, Span, Taken
from simulator.faults import fault_of
from simulator.journey import Journey
from simulator.replay import Replay
from simulator.schedule import Schedule
from simulator.sight import Gauge
from simulator.world import Label, Step

_UUID = re.compile(r"\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3})?[0-9a-f]{8}([0-9a-f]{4})\b")
"""A UUID, or the end of one."""
_ALONG = ("deliver", "answer", "drop", "lose-response")
"""What the line of the message itself shows."""


def course(schedule: Schedule, done: Replay, steps: Sequence[Step]) -> Course:
    """The course of a replay; ``steps`` are those that customers and operators may take in its world."""
    seats = tuple(done.start)
    violation = done.violation
    broken = None
    if violation is not None:
        last = len(violation.schedule) + len(violation.cycle)
        broken = Broken(last, violation.invariant, str(violation.finding.want), str(violation.finding.got))
    cycle = schedule.cycle if not done.skipped and schedule.cycle is not None else len(done.taken)
    return Course(
        seats,
        tuple(
            Taken(
                each.label,
                fault_of(each.label) is not None,
                tuple(Change(change.seat, change.row, change.told()) for change in each.changes),
            )
            for each in done.instants
        ),
        tuple(leg for journey in done.journeys for leg in _legs(journey, done.journeys)),
        tuple(_marks(done.taken, {step.name: step for step in steps}, done.journeys)),
        (*_held(done.journeys), *_lasting(done.taken)),
        _lanes(seats, [done.start, *(each.gauges for each in done.instants)]),
        broken,
        cycle if cycle < len(done.taken) else None,
    )


def _legs(journey: Journey, all_: Sequence[Journey]) -> Iterator[Leg]:
    """There, and back once it is answered; a folded read is not drawn."""
    if journey.sent == journey.answered:
        return
    there = journey.lost if journey.delivered is None else None
    yield Leg(
        journey.caller,
        journey.server,
        "request",
        journey.text,
        journey.sent,
        journey.delivered,
        there,
        journey.why if there else "",
        again=journey.copy,
    )
    if journey.replied is not None:
        back = journey.lost if journey.answered is None else None
        ended = any(each.name == journey.name and (each.given_up or each.answered) for each in all_)
        bad = journey.status >= 400
        yield Leg(
            journey.server,
            journey.caller,
            "response",
            _brief(journey.answer) + ("" if bad else f" ← {journey.operation}"),
            journey.replied,
            journey.answered,
            back,
            journey.why if back else "",
            unheard=back is None and journey.answered is None and ended,
            again=journey.copy,
            bad=bad,
        )


def _brief(text: str) -> str:
    return _UUID.sub(r"…\1", text)


def _marks(labels: Sequence[Label], steps: Mapping[str, Step], journeys: Sequence[Journey]) -> Iterator[Mark]:
    """What happens at a seat and not on the way: actions, timers, equipment, faults and their ends."""
    for number, label in enumerate(labels, start=1):
        verb, _, rest = label.partition(" ")
        seat, _, about = rest.partition(" ")
        if label in steps:
            told = " ".join(part for part in label.split() if part != steps[label].seat)
            yield Mark(number, steps[label].seat, "action", told)
        elif verb == "forgo" and rest in steps:
            yield Mark(number, steps[rest].seat, "action", label)
        elif verb == "fire":
            yield Mark(number, seat, "timer", f"timer: {_brief(about)}")
        elif verb == "time-out":
            yield Mark(number, seat, "timer", "no answer: gives up")
        elif verb == "provision":
            yield Mark(number, seat, "equipment", _brief(about))
        elif verb in ("restart", "heal"):
            yield Mark(number, seat, "relief", verb)
        elif verb in ("clock-jump", "slow-provisioning", "fail-provisioning"):
            yield Mark(number, seat, "fault", f"{verb}: {_brief(about)}")
        elif verb not in _ALONG:
            yield Mark(number, seat, "fault", "late: gives up" if verb == "late" else verb)


def _held(journeys: Sequence[Journey]) -> Iterator[Span]:
    """Requests that were answered in a later step than they arrived in, or not at all."""
    for journey in journeys:
        if journey.delivered is not None and journey.delivered != (journey.replied or journey.forgotten):
            yield Span("held", (journey.server,), journey.delivered, journey.replied or journey.forgotten)


def _lasting(labels: Sequence[Label]) -> Iterator[Span]:
    """From a crash to the restart, from a partition to its healing."""
    for number, label in enumerate(labels, start=1):
        verb, _, whom = label.partition(" ")
        if verb in ("crash", "partition"):
            end = f"restart {whom}" if verb == "crash" else f"heal {whom}"
            last = next((place for place, other in enumerate(labels, start=1) if other == end and place > number), None)
            yield Span("down" if verb == "crash" else "partition", tuple(whom.split()), number, last)


def _lanes(seats: Sequence[str], moments: Sequence[Mapping[str, tuple[Gauge, ...]]]) -> tuple[Lane, ...]:
    lanes = []
    for seat in seats:
        for place, gauge in enumerate(moments[0][seat]):
            values = tuple(tuple(value for _, value in moment[seat][place].parts) for moment in moments)
            parts = tuple(name for name, _ in gauge.parts)
            lanes.append(Lane(seat, gauge.name, gauge.unit, gauge.maximum, parts, values))
    return tuple(lanes)
