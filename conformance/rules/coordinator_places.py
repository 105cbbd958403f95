"""Rules about a connection under the names of its placements (CC-CONN-015)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_interconnects import body_of
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def resources_at(view: TraceView, there: Mapping[str, str], uuid: str, gone: Sequence[str] = ()) -> Finding | Waiting:
    """The reads under these interconnects each show a resource whose name says so; those in ``gone`` are answered 404."""
    evidence: list[int] = []
    for interconnect, read in there.items():
        seen = exchange_of(view, read)
        evidence += seen.evidence
        name = str(body_of(seen).get("name"))
        if not seen.succeeded or not name.endswith(f"/interconnects/{interconnect}/connections/{uuid}"):
            want = f"…/interconnects/{interconnect}/connections/{uuid}"
            got = name if seen.succeeded else seen.told()
            return Finding.failed(want=want, got=got, evidence=seen.evidence)
    for read in gone:
        seen = exchange_of(view, read)
        evidence += seen.evidence
        if seen.status != 404:
            return Finding.failed(want="404", got=seen.told(), evidence=seen.evidence)
    return Finding.passed(f"{len(there)} there, {len(gone)} not", evidence=evidence)
