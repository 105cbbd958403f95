"""What a fuzz run found: one finding for each check and operation that broke, with the request that did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.fuzz.case import Case, Sent, shell
from conformance.judge import Judged
from reports.record import Request
from reports.trace import Trace
from reports.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` broken in ``seat``; ``times`` it was. ``case`` sends again what was sent before and with it."""

    check: str
    seat: str
    operation: str
    want: str
    got: str
    times: int
    evidence: tuple[int, ...]
    curl: str
    case: Case

    def as_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "requirement": self.check.partition("/")[0],
            "seat": self.seat,
            "operation": self.operation,
            "want": self.want,
            "got": self.got,
            "times": self.times,
            "evidence": [f"r{seq}" for seq in self.evidence],
            "curl": self.curl,
            "requests": len(self.case.requests),
        }


def findings(
    protocol: str, trace: Trace, judged: Iterable[Judged], sent: Sequence[Sent], origin: str
) -> tuple[Finding, ...]:
    """The failures among what was judged, those of one check and operation told once, by the shortest way to it."""
    by_exchange = {each.exchange: place for place, each in enumerate(sent)}
    found: dict[tuple[str, str, str], Finding] = {}
    for each in judged:
        if each.finding.verdict is not Verdict.FAILED:
            continue
        place = _place(trace, each.finding.evidence, by_exchange)
        operation = _operation(trace, each.finding.evidence)
        key = (each.check, each.seat, operation)
        times = found[key].times + 1 if key in found else 1
        requests = _slice(sent, place)
        if key in found and len(requests) >= len(found[key].case.requests):
            found[key] = replace(found[key], times=times)
            continue
        found[key] = Finding(
            each.check,
            each.seat,
            operation,
            each.finding.want,
            each.finding.got,
            times,
            tuple(each.finding.evidence),
            shell(requests[-1], origin) if requests else "",
            Case(protocol, each.seat, each.check, requests),
        )
    return tuple(found.values())


def _place(trace: Trace, evidence: Iterable[int], by_exchange: Mapping[str, int]) -> int | None:
    """Where among what was sent the last request is that the evidence names."""
    exchanges = [str(getattr(trace[seq - 1], "exchange", "")) for seq in evidence if seq]
    places = [by_exchange[exchange] for exchange in exchanges if exchange in by_exchange]
    return max(places, default=None)


def _operation(trace: Trace, evidence: Iterable[int]) -> str:
    requests = [trace[seq - 1] for seq in evidence if seq]
    return next((str(r.operation or r.method) for r in reversed(requests) if isinstance(r, Request)), "")


def _slice(sent: Sequence[Sent], place: int | None) -> tuple[Sent, ...]:
    """What was sent onto the same ground, up to this place."""
    if place is None:
        return ()
    begin = sent[place].since
    return tuple(each for each in sent[: place + 1] if each.since == begin)
