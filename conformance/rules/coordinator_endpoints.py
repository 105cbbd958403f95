"""Rules of endpoints (CC-ENV-006)."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.rules import rule
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def arrive_at_endpoints(view: TraceView, sender: str, endpoints: Mapping[str, str]) -> Finding | Waiting:
    """The sender's calls about each of these environments arrived where the receiver is registered for it, below its
    address; there were calls about each."""
    calls = [each for each in view.exchanges(sender=sender, ours=False) if each.segment("environments") in endpoints]
    silent = sorted(set(endpoints) - {each.segment("environments") for each in calls})
    if silent:
        return Waiting(f"calls about {', '.join(endpoints)}", f"none about {', '.join(silent)}")
    for each in calls:
        wanted = endpoints[each.segment("environments")]
        if each.request.endpoint != wanted:
            got = f"{each.request.method} {each.request.endpoint}{each.request.path}"
            return Finding.failed(want=f"{wanted or 'the usual endpoint'}", got=got, evidence=each.evidence)
    return Finding.passed(f"{len(calls)} calls", evidence=[each.request.seq for each in calls])
