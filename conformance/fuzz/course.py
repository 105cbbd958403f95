"""A fuzz run: ground, schemathesis, courier, judge. And a stored case, sent again."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from schemathesis.engine import events, from_schema

from conformance.fuzz.bodies import bodies
from conformance.fuzz.case import Case, Sent
from conformance.fuzz.contract import MODEL, SCHEMATHESIS, Wishes, loaded
from conformance.fuzz.courier import Courier
from conformance.fuzz.finding import Finding, findings
from conformance.fuzz.ground import TERRAINS, Ground
from conformance.fuzz.machine import walks
from conformance.fuzz.relay import Relay
from conformance.judge import Judged, judge
from conformance.play import Open
from conformance.portal import Portal
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.stage import Stage
from reports.record import Meta, Response
from reports.redact import Redactor
from reports.trace import Trace

Progress = Callable[[str, int], None]
"""Told the phase and how many requests were sent."""


class Broken(Exception):
    """schemathesis could not do its work; says why. Our own fault."""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What was sent, judged and found, and what of the ground the target did not let us have. ``answers`` counts them by
    ``2xx``, ``4xx``, …"""

    trace: Trace
    sent: tuple[Sent, ...]
    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...]
    lacks: tuple[str, ...]
    answers: Mapping[str, int]
    seconds: float


@dataclass(slots=True)
class Field:
    """A target with our side around it, on which cases are played. ``target`` is the judged seat; ``theirs``: it is a
    stranger's."""

    stage: Stage
    portal: Portal
    target: str
    trace: Trace
    theirs: bool = False

    def courier(self) -> Courier:
        """Fresh ground, and a courier on it."""
        session = Session(self.stage, self.portal, self.target)
        first = self._ground(session)
        return Courier(session, first, lambda: self._ground(session), self.theirs)

    def _ground(self, session: Session) -> Ground:
        """The target empty and the ground laid: a slice of the trace begins."""
        self.portal.call(self.stage.begin(self.target))
        session.notes.clear()
        if self.trace and not (isinstance(self.trace[-1], Meta) and self.trace[-1].mark == "run"):
            self.trace.append(Meta(mark="end"))
        protocol = self.stage.cast.protocol
        data = {"id": "fuzz", "name": "fuzz", "protocol": protocol, "seat": self.target}
        data |= {"target": self.target} if self.theirs else {}
        session.since = self.trace.append(Meta(mark="scenario", data=data)).seq
        return TERRAINS[protocol].lay(session)


@contextmanager
def field_on(
    open_: Open, protocol: str, seat: str, *, theirs: bool = False, trace: Trace | None = None
) -> Iterator[Field]:
    """Open a stage for the fuzz, and close it."""
    trace = trace if trace is not None else Trace()
    portal = Portal()
    try:
        stage = open_(protocol, trace, Redactor(os.urandom(16)))
        trace.now = stage.clock.now
        portal.call(stage.open())
        try:
            yield Field(stage, portal, seat, trace, theirs)
        finally:
            portal.call(stage.close())
    finally:
        portal.close()


def fuzz(field: Field, wishes: Wishes, progress: Progress = lambda phase, number: None) -> Fuzzed:
    """Let schemathesis send what it makes up, walk over the model, and judge what the target did. Broken."""
    started = time.perf_counter()
    begin = len(field.trace)
    sent: list[Sent] = []
    lacks: list[str] = []
    if set(wishes.phases) & set(SCHEMATHESIS):
        courier = _made_up(field, wishes, progress)
        sent, lacks = courier.sent, courier.ground.lacks
    if MODEL in wishes.phases and not lacks:
        for walk in walks(field.courier, field.stage.cast.protocol, wishes):
            sent += walk.courier.sent
            progress(MODEL, len(sent))
    return _judged(field, sent, lacks, begin, time.perf_counter() - started)


def _made_up(field: Field, wishes: Wishes, progress: Progress) -> Courier:
    protocol, phase = field.stage.cast.protocol, ""
    courier = field.courier()
    sender = OTHER[field.target]
    words = TERRAINS[protocol].words(sender, field.target)
    schema = loaded(protocol, words, bodies(protocol, sender, field.target), wishes, Relay(courier.carry))
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            raise Broken(f"schemathesis, {phase}: {event}")
        if isinstance(event, events.PhaseStarted):
            phase = str(event.phase.name.value)
        progress(phase, len(courier.sent))
    courier.look()
    return courier


def replay(field: Field, requests: Sequence[Sent]) -> Fuzzed:
    """Send stored requests onto fresh ground."""
    started = time.perf_counter()
    begin = len(field.trace)
    courier = field.courier()
    courier.every = len(requests) * 4
    for each in requests:
        courier.carry(each)
    courier.look()
    return _judged(field, courier.sent, courier.ground.lacks, begin, time.perf_counter() - started)


def breaks(field: Field, case: Case, requests: Sequence[Sent]) -> bool:
    """Whether these requests still break the check of the case."""
    return any(each.check == case.check for each in replay(field, requests).findings)


def _judged(field: Field, sent: Sequence[Sent], lacks: Sequence[str], begin: int, seconds: float) -> Fuzzed:
    trace = field.trace
    trace.append(Meta(mark="end"))
    judged = [each for each in judge(trace) if each.seat == field.target and each.finding.evidence]
    judged = [each for each in judged if min(each.finding.evidence) > begin]
    origin = field.stage.origin(field.target)
    found = findings(field.stage.cast.protocol, trace, judged, sent, origin)
    mine = {each.exchange for each in sent}
    answers = Counter(
        f"{record.status // 100}xx"
        for record in trace[begin:]
        if isinstance(record, Response) and record.exchange in mine
    )
    return Fuzzed(trace, tuple(sent), tuple(judged), found, tuple(lacks), answers, seconds)
