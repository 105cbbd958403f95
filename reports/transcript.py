"""A record as one row of a transcript: when, who, what, and its body to unfold."""

from __future__ import annotations

from dataclasses import dataclass

from reports.exchanges import Exchanges
from reports.record import (
    Action,
    AnyRecord,
    Claim,
    ClockMoved,
    Fault,
    Json,
    Lost,
    Meta,
    Observation,
    Outcome,
    Request,
    Response,
)
from reports.wording import answered, body_text, called, moment


@dataclass(frozen=True, slots=True)
class Row:
    """``where`` is the method and path of a request; ``tone`` a verdict or the kind of the record."""

    seq: int
    when: str
    who: str
    what: str
    where: str = ""
    body: str = ""
    tone: str = ""


def row(record: AnyRecord, start: int, exchanges: Exchanges, verdict: str, limit: int) -> Row:
    """The row of a record. Times count from ``start``; ``verdict`` is that of a claim; ``limit`` bounds the body."""
    who, what, where, body, tone = _told(record, exchanges, verdict)
    if isinstance(record, Request | Response) and record.malformed:
        what += f" ({record.size} bytes that are no JSON)"
    shown = body_text(body, limit) if body not in (None, {}) else ""
    return Row(record.seq, moment(max(record.at - start, 0)), who, what, where, shown, tone)


def _told(record: AnyRecord, exchanges: Exchanges, verdict: str) -> tuple[str, str, str, Json, str]:
    match record:
        case Request():
            query = "&".join(f"{name}={value}" for name, value in record.query.items())
            where = f"{record.method} {record.path}" + (f"?{query}" if query else "")
            ours = " by the harness" if record.ours else ""
            again = " (again)" if record.seq in exchanges.copies else ""
            what = called(record) if record.operation else ""
            return f"{record.sender} → {record.receiver}{ours}", f"{what}{again}".strip(), where, record.body, "request"
        case Response():
            what = (
                f"{answered(record)} ← {exchanges.name(record)}" if record.seq in exchanges.apart else answered(record)
            )
            tone = "failed" if record.status >= 400 else "passed"
            return f"{record.sender} → {record.receiver}", what, "", record.body, tone
        case Lost():
            why = f": {record.why}" if record.why else ""
            what = f"{record.what} of {exchanges.name(record)} lost{why}"
            return f"{record.sender} → {record.receiver}", what, "", None, "warned"
        case Action():
            return f"customer → {record.seat}", record.action, "", record.inputs, "review"
        case Outcome():
            reason = f": {record.reason}" if record.reason else ""
            tone = "review" if record.result in ("ok", "running") else "failed"
            return f"{record.seat} → customer", f"{record.action} {record.result}{reason}", "", record.outputs, tone
        case Observation():
            subject = f" of {record.subject}" if record.subject else ""
            return record.seat, f"shows {record.what}{subject} ({record.source})", "", record.value, "untested"
        case Fault():
            note = f": {record.note}" if record.note else ""
            of = exchanges.requests.get(record.exchange or "")
            return (
                record.seat or "adversary",
                f"{record.fault}{f' {called(of)}' if of else ''}{note}",
                "",
                None,
                "warned",
            )
        case ClockMoved():
            return "clock", f"moves by {moment(record.by)}", "", None, "untested"
        case Claim():
            errata = f" ({', '.join(record.errata)})" if record.errata else ""
            what = f"{record.check} {verdict or 'not judged'}{errata}"
            return f"claim for {record.seat}", what, record.rule, record.params, verdict or "untested"
        case Meta():
            return "trace", record.mark, "", record.data, "untested"
