"""Rules of the proof of a customer's act (CC-SEC-004)."""

from __future__ import annotations

from conformance.proof import VALID
from conformance.rules import rule
from conformance.view import TraceView
from reports.verdict import Finding, Waiting

ERRATA = ("CC-ERR-29",)


@rule
def proof_accompanies(view: TraceView, sender: str, operation: str, uuid: str) -> Finding | Waiting:
    """Every such call of the sender about the connection carried what the customer had handed over, as the wire saw it."""
    calls = view.exchanges(operation, sender=sender, ours=False, about=uuid)
    want = f"{operation} with the customer's proof"
    if not calls:
        return Waiting(want, "no such call")
    for each in calls:
        found = each.request.credentials.get("customer-proof", "absent")
        if found != VALID:
            return Finding.failed(want=want, got=f"one that is {found}", evidence=[each.request.seq])
    return Finding.passed(f"{len(calls)} with proof", evidence=[each.request.seq for each in calls], errata=ERRATA)
