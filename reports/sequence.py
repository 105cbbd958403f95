"""The records of one scenario as a sequence of arrows, notes and badges between lifelines: what a ladder draws.

Which records belong together is told by ``reports.exchanges``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from reports.exchanges import Exchanges
from reports.record import (
    Action,
    AnyRecord,
    Claim,
    ClockMoved,
    Fault,
    Lost,
    Meta,
    Observation,
    Outcome,
    Request,
    Response,
)
from reports.wording import answered, called, compact, excerpt, moment, short_id

CUSTOMER = "customer / operator"
HARNESS = "harness"


@dataclass(frozen=True, slots=True)
class Arrow:
    """From lifeline to lifeline. ``exchange`` ties a request to its response; it is empty for actions."""

    seq: int
    at: int
    kind: Literal["request", "response", "action", "outcome", "read"]
    source: str
    target: str
    text: str
    tip: str = ""
    exchange: str = ""
    bad: bool = False
    copy: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something beside a lifeline, or across the whole chart (``beside`` is None)."""

    seq: int
    at: int
    kind: Literal["fault", "clock", "state"]
    beside: str | None
    text: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A claim with its verdict (empty: not judged)."""

    seq: int
    text: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Badges:
    """Claims that stand together."""

    seq: int
    at: int
    badges: tuple[Badge, ...]


Step = Arrow | Note | Badges


@dataclass(frozen=True, slots=True)
class Story:
    lifelines: tuple[str, ...]
    steps: tuple[Step, ...]


def story(
    records: Iterable[AnyRecord], verdict_of_claim: Mapping[int, str] | None = None, tip: int = 400, fold: bool = True
) -> Story:
    """The records as steps. ``tip`` bounds the excerpts of bodies; ``fold`` joins the harness's reads to one line."""
    kept = [record for record in records if not isinstance(record, Meta)]
    teller = _Teller(kept, verdict_of_claim or {}, tip)
    steps: list[Step] = []
    for together in _folded(kept) if fold else [[record] for record in kept]:
        if isinstance(together[0], Claim):
            steps.append(teller.badges(together))
        elif len(together) > 1:
            steps += teller.reads(together)
        else:
            steps.append(teller.step(together[0]))
    return Story(_lifelines(kept), tuple(steps))


def _lifelines(records: Sequence[AnyRecord]) -> tuple[str, ...]:
    """The customer at the left, the seats in their order, the harness at the right; only who takes part."""
    seats: set[str] = set()
    for record in records:
        match record:
            case Request() | Response() | Lost():
                seats |= {record.sender, record.receiver}
            case Action() | Outcome() | Observation() | Claim():
                seats.add(record.seat)
            case Fault() if record.seat is not None:
                seats.add(record.seat)
    customer = [CUSTOMER] if any(isinstance(record, Action | Outcome) for record in records) else []
    harness = [HARNESS] if any(isinstance(record, Request | Response) and record.ours for record in records) else []
    return (*customer, *sorted(seats), *harness)


def _folded(records: Sequence[AnyRecord]) -> list[list[AnyRecord]]:
    """Neighbours that belong together: claims, and reads of the harness that were all answered at once."""
    reads = {record.exchange for record in records if isinstance(record, Request) and _is_read(record)}

    def kind(record: AnyRecord) -> str:
        if isinstance(record, Claim):
            return "claim"
        is_look = isinstance(record, Observation) or (
            isinstance(record, Request | Response) and record.exchange in reads
        )
        return "look" if is_look else "other"

    folded: list[list[AnyRecord]] = []
    for of, group in groupby(records, kind):
        members = list(group)
        asked = {record.exchange for record in members if isinstance(record, Request)}
        told = {record.exchange for record in members if isinstance(record, Response)}
        if of == "other" or asked != told:
            folded += [[record] for record in members]
        else:
            folded.append(members)
    return folded


def _is_read(request: Request) -> bool:
    return request.ours and request.method == "GET"


class _Teller:
    """Tells single records, knowing all of them."""

    def __init__(self, records: Sequence[AnyRecord], verdicts: Mapping[int, str], tip: int) -> None:
        self._verdicts = verdicts
        self._tip = tip
        self._exchanges = Exchanges.of(records)
        self._actions = {record.seq: record for record in records if isinstance(record, Action)}

    def step(self, record: AnyRecord) -> Step:
        match record:
            case Request():
                return self._request(record)
            case Response():
                return self._response(record)
            case Lost():
                return self._lost_one(record)
            case Action():
                text = " ".join([record.action, *(short_id(compact(v)) for v in record.inputs.values() if _brief(v))])
                return Arrow(record.seq, record.at, "action", CUSTOMER, record.seat, text, self._body(record.inputs))
            case Outcome():
                return self._outcome(record)
            case Observation():
                return self._observation(record)
            case Fault():
                text = record.fault + (f": {record.note}" if record.note else "")
                beside = record.seat or self._exchanges.caller(record.exchange)
                return Note(record.seq, record.at, "fault", beside, text)
            case ClockMoved():
                return Note(record.seq, record.at, "clock", None, f"the clock moves by {moment(record.by)}")
            case Claim():
                return self.badges([record])
            case Meta():
                return Note(record.seq, record.at, "clock", None, record.mark)

    def badges(self, claims: Sequence[AnyRecord]) -> Badges:
        told = [
            Badge(claim.seq, f"{claim.check} {claim.seat}", self._verdicts.get(claim.seq, ""))
            for claim in claims
            if isinstance(claim, Claim)
        ]
        return Badges(claims[0].seq, claims[0].at, tuple(told))

    def reads(self, records: Sequence[AnyRecord]) -> list[Step]:
        """Reads of the harness, one line per seat that was read; what it observed at each seat, one note."""
        told: list[Step] = []
        answers = [record for record in records if isinstance(record, Response)]
        for seat in dict.fromkeys(answer.sender for answer in answers):
            its = [answer for answer in answers if answer.sender == seat]
            lines = [f"{self._exchanges.name(answer)} → {answered(answer)}" for answer in its]
            names = ", ".join(self._exchanges.name(answer) for answer in its)
            text = lines[0] if len(lines) == 1 else f"{len(lines)} reads: {names}"
            tip = self._body(its[0].body) if len(its) == 1 else excerpt("\n".join(lines), self._tip)
            bad = any(answer.status >= 400 for answer in its)
            told.append(Arrow(records[0].seq, its[0].at, "read", HARNESS, seat, text, tip, bad=bad))
        seen = [record for record in records if isinstance(record, Observation) and not (answers and _by_wire(record))]
        for seat in dict.fromkeys(record.seat for record in seen):
            notes = [self._observation(record) for record in seen if record.seat == seat]
            told.append(replace(notes[0], text=", ".join(dict.fromkeys(note.text for note in notes))))
        return told

    def _outcome(self, record: Outcome) -> Arrow:
        text = record.result + (f": {record.reason}" if record.reason else "")
        action = self._actions.get(record.of)
        told = f"{record.action} {text}" if action is None or action.seq != record.seq - 1 else text
        bad = record.result not in ("ok", "running")
        tip = self._body(record.outputs)
        return Arrow(record.seq, record.at, "outcome", record.seat, CUSTOMER, told, tip, bad=bad)

    def _observation(self, record: Observation) -> Note:
        text = f"{record.what} {short_id(record.subject or '')}".rstrip()
        return Note(record.seq, record.at, "state", record.seat, text, self._body(record.value))

    def _request(self, record: Request) -> Arrow:
        return Arrow(
            record.seq,
            record.at,
            "request",
            HARNESS if record.ours else record.sender,
            record.receiver,
            called(record) + (f" (as {record.sender})" if record.ours else ""),
            "unreadable body" if record.malformed else self._body(record.body),
            record.exchange,
            copy=record.seq in self._exchanges.copies,
            lost=record.seq in self._exchanges.lost,
        )

    def _response(self, record: Response) -> Arrow:
        request = self._exchanges.requests.get(record.exchange)
        to_harness = request is not None and request.ours
        whose = f" ← {self._exchanges.name(record)}" if record.seq in self._exchanges.apart else ""
        return Arrow(
            record.seq,
            record.at,
            "response",
            HARNESS if record.ours and not to_harness else record.sender,
            HARNESS if to_harness else record.receiver,
            answered(record) + whose,
            "unreadable body" if record.malformed else self._body(record.body),
            record.exchange,
            bad=record.status >= 400,
            copy=record.seq in self._exchanges.copies,
            lost=record.seq in self._exchanges.lost,
        )

    def _lost_one(self, record: Lost) -> Step:
        request = self._exchanges.requests.get(record.exchange)
        caller, peer = (request.sender, request.receiver) if request else (record.sender, record.receiver)
        why = f": {record.why}" if record.why else ""
        if record.what == "response" and record.exchange not in self._exchanges.answers_lost:
            text = f"answer lost{why}"
            return Arrow(record.seq, record.at, "response", peer, caller, text, exchange=record.exchange, lost=True)
        whose = f" to {called(request)}" if request else ""
        return Note(record.seq, record.at, "fault", caller, f"no answer{whose}{why}")

    def _body(self, value: object) -> str:
        return "" if value == {} else excerpt(value, self._tip)


def _by_wire(record: Observation) -> bool:
    return record.source == "wire"


def _brief(value: object) -> bool:
    """Worth a word in a label."""
    return (
        isinstance(value, str | int)
        and not isinstance(value, bool)
        and len(str(value)) <= 40
        and not str(value).startswith("secret:")
    )
