"""What a rule sees: a part of a trace, with the questions that rules ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from conformance.pages import further_pages, whole
from conformance.unseen import partly
from reports.record import Action, AnyRecord, Claim, Lost, Observation, Outcome, Request, Response


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with what became of it: ``response`` or ``lost``, or neither as long as it is open."""

    request: Request
    response: Response | None = None
    lost: Lost | None = None

    @property
    def status(self) -> int | None:
        return self.response.status if self.response else None

    @property
    def end(self) -> str:
        """Its status, or why there is none, for got."""
        if self.response is not None:
            return f"{self.response.status}, a body that is no JSON" if self.response.malformed else str(self.status)
        why = self.lost.why if self.lost is not None else ""
        return why if why.startswith("no ") else f"no answer: {why}" if why else "no answer"

    @property
    def succeeded(self) -> bool:
        return self.response is not None and 200 <= self.response.status < 300

    @property
    def refused(self) -> bool:
        """Answered with a client error."""
        return self.response is not None and 400 <= self.response.status < 500

    @property
    def evidence(self) -> tuple[int, ...]:
        end = self.response or self.lost
        return (self.request.seq, end.seq) if end else (self.request.seq,)

    def segment(self, collection: str) -> str:
        """The id that follows a collection's name in the path: ``segment("interconnects")``; "" if there is none."""
        parts = self.request.path.split("/")
        return parts[parts.index(collection) + 1] if collection in parts[:-1] else ""

    def told(self) -> str:
        """The exchange in a few words, for want and got."""
        return f"{self.request.method} {self.request.path} -> {self.end}"


def _from_outside(record: AnyRecord) -> TypeGuard[Observation]:
    return isinstance(record, Observation) and (record.what, record.source) == ("state", "wire")


def _hidden(record: AnyRecord) -> bool:
    return isinstance(record, Request) and record.stray


def _partly(record: AnyRecord) -> AnyRecord:
    return replace(record, value=partly(record.value)) if _from_outside(record) else record


class TraceView:
    """The records of a scenario from ``since`` up to a moment, the newest last."""

    def __init__(self, records: Sequence[AnyRecord], strays: Sequence[AnyRecord] = ()) -> None:
        """``strays`` came later, about connections of these records; the strays among the records themselves are hidden.
        States that were only seen from outside say so when a rule asks for more (``conformance.unseen``)."""
        if strays or any(_hidden(each) for each in records):
            records = [*(each for each in records if not _hidden(each)), *strays]
        outside = any(_from_outside(each) for each in records)
        self.records = [_partly(each) for each in records] if outside else records

    def exchanges(
        self,
        operation: str | None = None,
        *,
        sender: str | None = None,
        receiver: str | None = None,
        ours: bool | None = None,
        about: str | None = None,
    ) -> list[Exchange]:
        """Exchanges in the order of their requests. ``about`` must occur in path, query or body (a UUID). A list that the
        harness read page by page is one exchange, that of its first page."""
        ends: dict[str, Response | Lost] = {
            record.exchange: record for record in self.records if isinstance(record, Response | Lost)
        }
        further = further_pages(self.records)
        found = []
        for record in self.records:
            if not isinstance(record, Request) or (operation is not None and record.operation != operation):
                continue
            if record.continues:
                continue
            if sender not in (None, record.sender) or receiver not in (None, record.receiver):
                continue
            if ours is not None and record.ours is not ours:
                continue
            if about is not None and about not in f"{record.path} {record.query} {record.body}":
                continue
            end = whole(record.exchange, ends, further)
            found.append(
                Exchange(
                    record,
                    end if isinstance(end, Response) else None,
                    end if isinstance(end, Lost) else None,
                )
            )
        return found

    def outcomes(self, seat: str, action: str) -> list[Outcome]:
        return [r for r in self.records if isinstance(r, Outcome) and (r.seat, r.action) == (seat, action)]

    def actions(self, seat: str, action: str) -> list[Action]:
        return [r for r in self.records if isinstance(r, Action) and (r.seat, r.action) == (seat, action)]

    def latest(self, seat: str, what: str, subject: str | None = None) -> Observation | None:
        """The newest observation of a seat, or None when it has not been asked."""
        return next(
            (
                r
                for r in reversed(self.records)
                if isinstance(r, Observation) and (r.seat, r.what) == (seat, what) and subject in (None, r.subject)
            ),
            None,
        )

    def observations(self, seat: str, what: str) -> list[Observation]:
        return [r for r in self.records if isinstance(r, Observation) and (r.seat, r.what) == (seat, what)]

    def of_type(self, kind: type[Any]) -> list[Any]:
        return [record for record in self.records if isinstance(record, kind)]


def view_of(trace: Sequence[AnyRecord], claim: Claim, place: int) -> TraceView:
    """What a claim at this place of a trace looks at."""
    if not claim.until:
        return TraceView(trace[claim.since : place])
    return TraceView(trace[claim.since : claim.until], [trace[seq - 1] for seq in claim.late])
