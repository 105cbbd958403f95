"""Rules of milestones 3 and 4: announcements, refreshes and what a connection reads (CC-ACT-001 to CC-ACT-007)."""

from __future__ import annotations

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting

NOTIFY = "NotifyConnectionStatus"


@rule
def connection_reads(view: TraceView, read: str, state: str) -> Finding | Waiting:
    """GetConnection showed this verification state; an absent one reads as UNVERIFIED (CC-ERR-43)."""
    seen = exchange_of(view, read)
    body = seen.response.body if seen.succeeded and seen.response else None
    if not isinstance(body, dict):
        return Finding.failed(want=f"the connection, {state}", got=seen.told(), evidence=seen.evidence)
    got = str(body.get("verificationState") or "UNVERIFIED").removeprefix("VERIFICATION_STATE_")
    if got != state:
        return Finding.failed(want=state, got=got, evidence=seen.evidence)
    return Finding.passed(got, evidence=seen.evidence)


def announcements(view: TraceView, sender: str, uuid: str) -> list[Exchange]:
    """What the sender announced of this connection, in the order of the requests."""
    return view.exchanges(NOTIFY, sender=sender, ours=False, about=uuid)
