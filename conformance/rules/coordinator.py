"""Rules over the normal form of a provider's state (coordinator-harness, 4.1)."""

from __future__ import annotations

from typing import Any

from conformance.rules import rule
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


def connection_in(view: TraceView, seat: str, uuid: str) -> tuple[dict[str, Any] | None, int]:
    """The connection in the newest state of a seat (None: not there), and the observation's seq; LookupError unobserved."""
    seen = view.latest(seat, "state")
    if seen is None:
        raise LookupError(f"{seat} has not been asked for its state")
    found = next((each for each in seen.value["connections"] if each["uuid"] == uuid), None)
    return found, seen.seq


@rule
def customer_reads(
    view: TraceView, seat_shown: str, uuid: str, state: str, mbps: int | None = None
) -> Finding | Waiting:
    """The customer of a seat reads the connection in this state (with this bandwidth)."""
    found, seq = connection_in(view, seat_shown, uuid)
    want = f"{seat_shown} shows the connection {state}" + (f" with {mbps} Mbps" if mbps is not None else "")
    if found is None:
        return Waiting(want, "no such connection", (seq,))
    got = f"{found['customer']} with {found['mbps']} Mbps"
    if found["customer"] != state or mbps not in (None, found["mbps"]):
        return Waiting(want, got, (seq,))
    return Finding.passed(got, evidence=[seq])
