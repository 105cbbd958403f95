"""Rules of migration: make before break, two resources of one UUID, one connection for the customer (CC-MIG-001 to -005)."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.documented import documented_of
from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_interconnects import body_of
from conformance.rules.coordinator_l3_proposals import config_of
from conformance.rules.coordinator_selection import proposals
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting


def _calls(view: TraceView, operation: str, sender: str, uuid: str, place: str) -> list[Exchange]:
    made = view.exchanges(operation, sender=sender, ours=False, about=uuid)
    return [each for each in made if each.segment("interconnects") == place]


@rule
def made_before_broken(view: TraceView, seats: Sequence[str], uuid: str, old: str, new: str) -> Finding | Waiting:
    """Guidance, features and both notifications for the new place succeeded before DeleteConnection left for the old one.

    ``seats``: who migrates, and the other one (CC-MIG-002/1).
    """
    mover, other = seats
    broken = _calls(view, "DeleteConnection", mover, uuid, old)
    if not broken:
        return Waiting(f"DeleteConnection under {old}")
    begin = broken[0].request.seq
    steps = (
        ("GenerateFeatureGuidance", mover),
        ("CreateFeature", mover),
        ("NotifyConnectionStatus", mover),
        ("NotifyConnectionStatus", other),
    )
    evidence = [begin]
    for operation, sender in steps:
        done = [e for e in _calls(view, operation, sender, uuid, new) if e.succeeded and e.evidence[-1] < begin]
        if not done:
            got = f"DeleteConnection under {old} before {operation} of {sender} on {new}"
            return Finding.failed(want="made before broken", got=got, evidence=broken[0].evidence)
        evidence.append(done[0].evidence[-1])
    return Finding.passed(f"{new} was ready, then {old} was deleted", evidence=evidence)


@rule
def only_new_deleted(view: TraceView, sender: str, uuid: str, old: str, new: str) -> Finding | Waiting:
    """The placement that was to be made is deleted at the peer, the old one is not (CC-MIG-002/3, CC-MIG-005)."""
    wrong = _calls(view, "DeleteConnection", sender, uuid, old)
    right = _calls(view, "DeleteConnection", sender, uuid, new)
    if wrong:
        return Finding.failed(want=f"nothing deleted under {old}", got=wrong[0].told(), evidence=wrong[0].evidence)
    if not any(each.succeeded or each.status == 404 for each in right):
        return Waiting(f"DeleteConnection under {new}", f"{len(right)} sent")
    return Finding.passed(right[-1].told(), evidence=right[-1].evidence)


@rule
def placements_counted(view: TraceView, listings: Sequence[str], uuid: str, mbps: int) -> Finding | Waiting:
    """Each of these lists of an interconnect's connections holds the UUID once, with its bandwidth (CC-MIG-002/2)."""
    for each in listings:
        seen = exchange_of(view, each)
        items = [i for i in body_of(seen).get("connections") or () if str(i.get("name")).endswith(f"/{uuid}")]
        if [item.get("bandwidthMbps") for item in items] != [mbps]:
            got = f"{seen.told()}: {[item.get('bandwidthMbps') for item in items]}"
            return Finding.failed(want=f"listed once with {mbps} Mbps", got=got, evidence=seen.evidence)
    return Finding.passed(f"in {len(listings)} lists", evidence=[exchange_of(view, listings[-1]).evidence[-1]])


@rule
def reads_end(view: TraceView, there: Sequence[str], gone: Sequence[str], state: str = "") -> Finding | Waiting:
    """These reads of the connection succeeded (and showed this verification state), those were answered 404."""
    for each in (*there, *gone):
        seen = exchange_of(view, each)
        shown = str(body_of(seen).get("verificationState") or "UNVERIFIED").removeprefix("VERIFICATION_STATE_")
        fits = seen.status == 404 if each in gone else seen.succeeded and state in ("", shown)
        if not fits:
            want = "404" if each in gone else f"the connection {state}".strip()
            got = f"{seen.told()} {shown}" if seen.succeeded else seen.told()
            return Finding.failed(want=want, got=got, evidence=seen.evidence)
    return Finding.passed(
        f"{len(there)} there, {len(gone)} gone", evidence=[exchange_of(view, (*there, *gone)[-1]).evidence[-1]]
    )


@rule
def reads_as_before(view: TraceView, before: Sequence[str], after: Sequence[str]) -> Finding | Waiting:
    """Reads that were made before something happened are answered the same after it."""
    for one, two in zip(before, after, strict=True):
        first, second = exchange_of(view, one), exchange_of(view, two)
        if not first.succeeded or documented_of(first) != documented_of(second):
            got = f"{second.told()}, changed" if second.succeeded else second.told()
            return Finding.failed(want="as before", got=got, evidence=(*first.evidence, *second.evidence))
    return Finding.passed(
        f"{len(before)} reads alike", evidence=[exchange_of(view, each).evidence[-1] for each in after]
    )


@rule
def two_configurations(view: TraceView, reads: Sequence[str]) -> Finding | Waiting:
    """The same feature ID under two placements is two features, each in its own place (CC-MIG-003/3)."""
    seen = [exchange_of(view, each) for each in reads]
    bodies = [body_of(each) for each in seen]
    evidence = [each.evidence[-1] for each in seen]
    same = config_of(bodies[0]) == config_of(bodies[1])
    if all(each.succeeded for each in seen) and not same and bodies[0].get("channel") != bodies[1].get("channel"):
        return Finding.passed("two configurations", evidence=evidence)
    got = "; ".join(each.told() for each in seen) + (", alike" if same else "")
    return Finding.failed(want="two features of their own", got=got, evidence=evidence)


@rule
def one_and_up(view: TraceView, seat_shown: str, uuid: str) -> Finding | Waiting:
    """The customer's list shows the connection once, established or being updated (CC-MIG-004/1)."""
    asked = view.outcomes(seat_shown, "list")
    if not asked:
        return Waiting("the customer's list")
    shown = [each for each in asked[-1].outputs.get("connections") or () if each.get("uuid") == uuid]
    got = ", ".join(str(each.get("state")) for each in shown) or "no entry"
    if len(shown) == 1 and shown[0].get("state") in ("established", "updating"):
        return Finding.passed(got, evidence=[asked[-1].seq])
    return Finding.failed(want="one entry, established", got=got, evidence=[asked[-1].seq])


@rule
def moved_instead(
    view: TraceView, sender: str, uuid: str, old: str, mbps: int, may_refuse: bool = False
) -> Finding | Waiting:
    """The change led to a create of the UUID on another interconnect, and to no UpdateConnection (CC-UPD-001/2). Who does
    not claim migration ``may_refuse`` it instead."""
    updates = view.exchanges("UpdateConnection", sender=sender, ours=False, about=uuid)
    if updates:
        return Finding.failed(want="no UpdateConnection", got=updates[0].told(), evidence=updates[0].evidence)
    made = [e for e in proposals(view, sender, uuid) if (e.request.body or {}).get("bandwidthMbps") == mbps]
    ends = [each for each in view.outcomes(sender, "update") if each.result in ("refused", "failed")]
    if may_refuse and ends and not made:
        return Finding.passed(f"{ends[-1].result}: migration is not claimed", evidence=[ends[-1].seq])
    elsewhere = [each for each in made if each.segment("interconnects") != old]
    if not elsewhere:
        return Waiting(f"CreateConnection with {mbps} Mbps elsewhere than on {old}", f"{len(made)} proposals")
    return Finding.passed(elsewhere[0].told(), evidence=elsewhere[0].evidence)


@rule
def refused_or_applied(
    view: TraceView, exchange: str, listings: Sequence[str], uuid: str, mbps: int
) -> Finding | Waiting:
    """Refused with 4xx, or all that is listed of the connection at rest has the new bandwidth (CC-RACE-018/3)."""
    seen = exchange_of(view, exchange)
    if seen.refused:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    shown = [
        item.get("bandwidthMbps")
        for each in listings
        for item in body_of(exchange_of(view, each)).get("connections") or ()
        if str(item.get("name")).endswith(f"/{uuid}")
    ]
    if seen.succeeded and shown and set(shown) == {mbps}:
        return Finding.passed(f"{shown} Mbps", evidence=seen.evidence)
    return Finding.failed(want=f"4xx, or {mbps} Mbps", got=f"{seen.told()}, then {shown}", evidence=seen.evidence)
