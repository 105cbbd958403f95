"""Rules of transport security (CC-SEC-001)."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.rules import rule
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def shakes_hands_with(view: TraceView, seat_shown: str, versions: Sequence[str]) -> Finding | Waiting:
    """Of the handshakes that were offered to the seat those of these versions came about, and no other."""
    seen = view.latest(seat_shown, "handshakes")
    if seen is None or not all(each["reached"] and each["able"] for each in seen.value):
        missing = [each["offered"] for each in (seen.value if seen else ()) if not (each["reached"] and each["able"])]
        return Waiting("handshakes", f"nobody listens, or we cannot offer {', '.join(missing)}")
    came = [each["offered"] for each in seen.value if each["established"]]
    if came == list(versions):
        return Finding.passed(f"{', '.join(came)} of {len(seen.value)}", evidence=[seen.seq])
    return Finding.failed(want=f"only {', '.join(versions)}", got=", ".join(came) or "none", evidence=[seen.seq])


@rule
def silent_in_the_clear(view: TraceView, seat_shown: str) -> Finding | Waiting:
    """Without TLS there is no HTTP answer, or one that is none of the API: a redirect, or an error about TLS."""
    seen = view.latest(seat_shown, "plain request")
    if seen is None or not seen.value["reached"]:
        return Waiting("a place that listens", "nobody looked, or nobody listens")
    status = seen.value["status"]
    if status is None or not (200 <= status < 300 or status in (401, 403)):
        return Finding.passed(f"{status or 'no answer'}", evidence=[seen.seq])
    return Finding.failed(want="no answer of the API", got=f"{status} in the clear", evidence=[seen.seq])


@rule
def nothing_delivered(view: TraceView, sender: str) -> Finding | Waiting:
    """No call that the sender made was answered."""
    answered = [each for each in view.exchanges(sender=sender, ours=False) if each.response is not None]
    if answered:
        got = answered[0].told()
        return Finding.failed(want="no request over such a connection", got=got, evidence=answered[0].evidence)
    return Finding.passed("nothing is delivered", evidence=[each.request.seq for each in view.exchanges(sender=sender)])
