"""Rules for adds that overlap, cross or are repeated (federation-wire, section 11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.federation import action_succeeded, knows_zones, partner_in, shows_partner, state_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting


@rule
def answered_while_open(view: TraceView, exchange: str, server: str, operation: str) -> Finding | Waiting:
    """The server accepted this request at a moment when its own call of this operation was open."""
    seen = exchange_of(view, exchange)
    if not seen.succeeded:
        return Finding.failed(want="2xx although the own call is open", got=seen.told(), evidence=seen.evidence)
    own = [each for each in view.exchanges(operation, sender=server, ours=False) if _open_during(each, seen)]
    if not own:
        return Finding.inconclusive(f"no {operation} of {server} was open at that moment", evidence=seen.evidence)
    return Finding.passed(f"{seen.told()} while its own call is open", evidence=(own[0].request.seq, *seen.evidence))


def _open_during(own: Exchange, seen: Exchange) -> bool:
    ended = own.response or own.lost
    return own.request.seq < seen.request.seq and (ended is None or ended.seq > seen.evidence[-1])


@rule
def repeat_answered(view: TraceView, exchange: str) -> Finding | Waiting:
    """A repeat gets what the first attempt got (its answer was lost on the way), or a client error."""
    seen = exchange_of(view, exchange)
    if seen.refused:
        return Finding.passed(seen.told(), evidence=seen.evidence, errata=("FI-ERR-24",))
    body: Any = seen.response.body if seen.response else None
    named = (seen.request.body or {}).get("requestId")
    if not seen.succeeded or not isinstance(body, dict) or body.get("requestId") != named:
        got = f"{seen.told()} {told_body(body)}"
        return Finding.failed(want=f"2xx for {named}, or 4xx", got=got, evidence=seen.evidence)
    return Finding.passed(seen.told(), evidence=seen.evidence)


@rule
def converged(view: TraceView, at: str, of: str, asked: int, zones: Sequence[str]) -> Finding | Waiting:
    """The repeated order succeeded and left access and all zones; or it failed with a reason and left neither."""
    ended = action_succeeded(view, asked)
    if isinstance(ended, Waiting):
        return ended
    if ended.verdict is Verdict.PASSED:
        known = shows_partner(view, at, of, access=True, share=False)
        return (
            knows_zones(view, at, of, zones) if not isinstance(known, Waiting) and known.verdict == "passed" else known
        )
    half = [each for each in partner_in(view, at, of) if each["access"]]
    if half or "no reason" in ended.got:
        return Finding.failed(want="access and zones, or a clear report", got=ended.got, evidence=ended.evidence)
    return Finding.passed(f"reported: {ended.got}", evidence=(*ended.evidence, state_of(view, at)[1]))
