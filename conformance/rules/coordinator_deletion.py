"""Rules about deletion: carried to the peer, repeated until acknowledged, and nothing comes back afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_interconnects import body_of
from conformance.view import Exchange, TraceView
from reports.record import Observation
from reports.verdict import Finding, Waiting


def deletions(view: TraceView, sender: str, uuid: str) -> list[Exchange]:
    return view.exchanges("DeleteConnection", sender=sender, ours=False, about=uuid)


def _done(exchange: Exchange) -> bool:
    """2xx and 404 both end a deletion (CC-DEL-005)."""
    return exchange.succeeded or exchange.status == 404


@rule
def deletion_carried(view: TraceView, sender: str, uuid: str, limit: int) -> Finding | Waiting:
    """DeleteConnection leaves at most so many ms after the customer's action (CC-DEL-001, CC-ERR-49)."""
    asked = view.actions(sender, "delete")
    made = deletions(view, sender, uuid)
    if not asked or not made:
        return Waiting(f"DeleteConnection within {limit / 1000:g} s")
    after = made[0].request.at - asked[-1].at
    if after <= limit:
        return Finding.passed(f"after {after / 1000:g} s", evidence=made[0].evidence)
    return Finding.failed(want=f"within {limit / 1000:g} s", got=f"after {after / 1000:g} s", evidence=made[0].evidence)


@rule
def deletion_repeated(view: TraceView, sender: str, uuid: str, least: int = 1, most: int = 1000) -> Finding | Waiting:
    """The deletion is repeated until it is acknowledged or the peer reports 404, and then no more."""
    made = deletions(view, sender, uuid)
    got = ", ".join(str(each.status or "no answer") for each in made) or "none"
    want = f"{least} calls or more, the last one answered 2xx or 404"
    evidence = [each.evidence[-1] for each in made]
    if any(_done(each) for each in made[:-1]) or len(made) > most:
        return Finding.failed(want="no call after the acknowledgement", got=got, evidence=evidence)
    if len(made) < least or not _done(made[-1]):
        return Waiting(want, got, tuple(evidence))
    return Finding.passed(got, evidence=evidence)


@rule
def none_after(
    view: TraceView, operation: str, sender: str, uuid: str, deletion: str | None = None
) -> Finding | Waiting:
    """No such call of the sender starts after its own DeleteConnection, or after the acknowledged ``deletion``."""
    if deletion is None:
        ends = [each.request.seq for each in deletions(view, sender, uuid)]
    else:
        ends = [exchange_of(view, deletion).evidence[-1]]
    if not ends:
        return Waiting(f"DeleteConnection from {sender}")
    late = [e for e in view.exchanges(operation, sender=sender, ours=False, about=uuid) if e.request.seq > ends[0]]
    if late:
        return Finding.failed(want=f"no {operation} afterwards", got=late[0].told(), evidence=late[0].evidence)
    return Finding.passed(f"no {operation} afterwards", evidence=ends[:1])


@rule
def customer_told_gone(view: TraceView, seat_shown: str, uuid: str) -> Finding | Waiting:
    """The customer reads the connection as deleted, or does not find it any more; not as failed."""
    seen = view.latest(seat_shown, "state")
    if seen is None:
        return Waiting(f"the state of {seat_shown}")
    found = next((each for each in seen.value["connections"] if each["uuid"] == uuid), None)
    if found is None or (found["customer"] == "deleted" and not found["placements"]):
        return Finding.passed("deleted", evidence=[seen.seq])
    got = f"{found['customer']}, {len(found['placements'])} placements"
    return Waiting("deleted, without placement", got, (seen.seq,))


@rule
def read_as_gone(view: TraceView, readings: Sequence[str]) -> Finding | Waiting:
    """Each of these reads is answered 404, or with an empty list."""
    for each in readings:
        seen = exchange_of(view, each)
        empty = seen.request.operation == "ListFeatures" and seen.succeeded and not body_of(seen).get("features")
        if seen.status != 404 and not empty:
            return Finding.failed(want="404, or an empty list", got=seen.told(), evidence=seen.evidence)
    return Finding.passed(f"{len(readings)} reads", evidence=[exchange_of(view, readings[-1]).evidence[-1]])


@rule
def not_confirmed(view: TraceView, exchange: str) -> Finding | Waiting:
    """The key is not confirmed: 2xx without keyValid true, or a client error (CC-ERR-44)."""
    seen = exchange_of(view, exchange)
    if seen.refused or (seen.succeeded and body_of(seen).get("keyValid") is not True):
        return Finding.passed(seen.told(), evidence=seen.evidence)
    return Finding.failed(want="not confirmed", got=f"{seen.told()} with {body_of(seen)}", evidence=seen.evidence)


@rule
def each_answered(view: TraceView, exchanges: Sequence[str], statuses: Sequence[int]) -> Finding | Waiting:
    """Each of the requests was answered with 2xx or one of these statuses."""
    seen = [exchange_of(view, each) for each in exchanges]
    odd = [each for each in seen if not each.succeeded and each.status not in statuses]
    if odd or not seen:
        want = f"2xx or {' or '.join(map(str, statuses))}"
        return Finding.failed(
            want=want, got=odd[0].told() if odd else "no request", evidence=odd[0].evidence if odd else ()
        )
    return Finding.passed(f"{len(seen)} requests", evidence=[each.evidence[-1] for each in seen])


@rule
def never_verified(view: TraceView, seat_shown: str, uuid: str) -> Finding | Waiting:
    """No answer and no observed state of the seat shows the connection VERIFIED (CC-RACE-011)."""
    states = [r for r in view.records if isinstance(r, Observation) and (r.seat, r.what) == (seat_shown, "state")]
    for record in states:
        for each in record.value["connections"]:
            if each["uuid"] == uuid and any(p["verification"] == "VERIFIED" for p in each["placements"]):
                return Finding.failed(want="never VERIFIED", got="VERIFIED", evidence=[record.seq])
    for seen in view.exchanges("GetConnection", receiver=seat_shown, about=uuid):
        if body_of(seen).get("verificationState") == "VERIFICATION_STATE_VERIFIED":
            return Finding.failed(want="never VERIFIED", got=seen.told(), evidence=seen.evidence)
    if not states:
        return Waiting(f"the state of {seat_shown}")
    return Finding.passed("never VERIFIED", evidence=[states[-1].seq])
