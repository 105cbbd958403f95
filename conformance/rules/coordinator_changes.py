"""Rules about a change of bandwidth and about a deletion, by either side's customer or by the peer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import answered_with, exchange_of, refused_without_effect
from conformance.rules.coordinator import connection_in
from conformance.rules.coordinator_interconnects import body_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting


def _bandwidths(view: TraceView, server: str, uuid: str) -> list[tuple[int | None, Exchange]]:
    """The connection's bandwidth in every listing of a seat that shows it, oldest first."""
    return [
        (item.get("bandwidthMbps"), each)
        for each in view.exchanges("ListConnections", receiver=server, ours=True)
        for item in body_of(each).get("connections") or ()
        if str(item.get("name")).endswith(uuid)
    ]


def _placement(view: TraceView, seat: str, uuid: str) -> tuple[dict[str, object], dict[str, object], int]:
    """The connection and its only placement in the newest state of a seat; LookupError when there is none."""
    found, seq = connection_in(view, seat, uuid)
    if found is None or len(found["placements"]) != 1:
        raise LookupError(f"{seat} shows no single placement of {uuid}")
    return found, found["placements"][0], seq


@rule
def asks_for_update(view: TraceView, sender: str, uuid: str, interconnect: str, mbps: int) -> Finding | Waiting:
    """UpdateConnection for this bandwidth goes out, on the interconnect where the connection is (CC-UPD-001)."""
    made = view.exchanges("UpdateConnection", sender=sender, ours=False, about=uuid)
    want = f"UpdateConnection to {mbps} Mbps on {interconnect}"
    if not made:
        return Waiting(want)
    asked = (made[0].segment("interconnects"), (made[0].request.body or {}).get("bandwidthMbps"))
    if asked == (interconnect, mbps):
        return Finding.passed(made[0].told(), evidence=made[0].evidence)
    return Finding.failed(want=want, got=f"to {asked[1]} Mbps on {asked[0]}", evidence=made[0].evidence)


@rule
def change_refused_silently(view: TraceView, seat_shown: str) -> Finding | Waiting:
    """The customer's latest update was refused, and nothing was sent to the peer since it was asked (CC-UPD-001/3)."""
    asked, ended = view.actions(seat_shown, "update"), view.outcomes(seat_shown, "update")
    if not asked or not ended:
        return Waiting("the update to be asked and to end")
    sent = [
        e
        for name in ("UpdateConnection", "CreateConnection")
        for e in view.exchanges(name, sender=seat_shown, ours=False)
        if e.request.seq > asked[-1].seq
    ]
    if sent:
        return Finding.failed(want="nothing sent", got=sent[0].told(), evidence=sent[0].evidence)
    if ended[-1].result in ("refused", "failed"):
        return Finding.passed(f"{ended[-1].result}: {ended[-1].reason}", evidence=[ended[-1].seq])
    return Finding.failed(want="refused", got=ended[-1].result, evidence=[ended[-1].seq])


@rule
def change_under_way(view: TraceView, seat_shown: str, uuid: str) -> Finding | Waiting:
    """The seat shows an update in progress, and every feature is still FINAL: the network is untouched (CC-UPD-002/1)."""
    connection, placement, seq = _placement(view, seat_shown, uuid)
    features = placement["features"]
    states = {str(f["state"]) for f in features} if isinstance(features, list) else set()
    got = f"{connection['customer']}, features {sorted(states)}"
    if (connection["customer"] == "updating" or connection["update"]) and states == {"FINAL"}:
        return Finding.passed(got, evidence=[seq])
    return Finding.failed(want="an update under way, all features FINAL", got=got, evidence=[seq])


@rule
def change_undone(view: TraceView, seat_shown: str, uuid: str, mbps: int, interconnect: str) -> Finding | Waiting:
    """The old bandwidth is in force and reserved, and the customer was told that the update failed (CC-UPD-002/2)."""
    connection, placement, seq = _placement(view, seat_shown, uuid)
    seen = view.latest(seat_shown, "state")
    rooms = seen.value["interconnects"] if seen else []
    reserved = next((row["reserved_mbps"] for row in rooms if row["id"] == interconnect), None)
    got = f"{placement['mbps']} Mbps, {reserved} reserved, customer {connection['mbps']} Mbps {connection['customer']}"
    want = f"{mbps} Mbps in force, reserved and shown, and the update ended as failed"
    shown = _bandwidths(view, seat_shown, uuid)
    ended = view.outcomes(seat_shown, "update")
    if not ended or ended[-1].result == "running":
        return Waiting(want, got, (seq,))
    if (
        (placement["mbps"], reserved, connection["mbps"]) == (mbps, mbps, mbps)
        and (not shown or shown[-1][0] == mbps)
        and connection["customer"] == "established"
        and ended[-1].result in ("refused", "failed")
    ):
        return Finding.passed(f"{got}; {ended[-1].reason}", evidence=[seq, ended[-1].seq])
    return Finding.failed(want=want, got=f"{got}; update {ended[-1].result}", evidence=[seq, ended[-1].seq])


@rule
def change_not_complete(view: TraceView, seat_shown: str, uuid: str, old: int) -> Finding | Waiting:
    """As long as the equipment does not carry it, the customer reads the old bandwidth or "updating" (CC-UPD-006/2)."""
    found, seq = connection_in(view, seat_shown, uuid)
    got = f"{found['customer']} with {found['mbps']} Mbps" if found else "no connection"
    if found and (found["customer"] == "updating" or found["mbps"] == old):
        return Finding.passed(got, evidence=[seq])
    return Finding.failed(want=f"{old} Mbps, or updating", got=got, evidence=[seq])


@rule
def change_announced(view: TraceView, sender: str, uuid: str, grant: str) -> Finding | Waiting:
    """After the granted update the seat calls NotifyConnectionStatus, and is answered 2xx (CC-UPD-006)."""
    granted = exchange_of(view, grant)
    told = [
        e
        for e in view.exchanges("NotifyConnectionStatus", sender=sender, ours=False, about=uuid)
        if e.request.seq > granted.evidence[-1]
    ]
    if not any(each.succeeded for each in told):
        return Waiting("NotifyConnectionStatus after the update", f"{len(told)} unanswered" if told else "none")
    return Finding.passed(f"{len(told)} notifications", evidence=told[-1].evidence)


@rule
def last_grant_holds(view: TraceView, server: str, uuid: str, updates: Sequence[str]) -> Finding | Waiting:
    """At rest the seat lists the bandwidth of the last update that it granted; no other answer than 2xx or 409."""
    seen = [exchange_of(view, each) for each in updates]
    odd = [each for each in seen if not each.succeeded and each.status != 409]
    if odd:
        return Finding.failed(want="2xx or 409", got=odd[0].told(), evidence=odd[0].evidence)
    granted = [(e.request.body or {}).get("bandwidthMbps") for e in seen if e.succeeded]
    shown = _bandwidths(view, server, uuid)
    if not granted or not shown:
        return Waiting("a granted update and a listing")
    evidence = [*seen[-1].evidence, *shown[-1][1].evidence]
    if shown[-1][0] == granted[-1]:
        return Finding.passed(f"{granted[-1]} Mbps", evidence=evidence)
    return Finding.failed(want=f"{granted[-1]} Mbps", got=f"{shown[-1][0]} Mbps", evidence=evidence)


@rule
def alike_at_each_rest(view: TraceView, seats: Sequence[str], uuid: str, least: int) -> Finding | Waiting:
    """At each of the rests (the newest so many) both sides listed the connection with the same bandwidth (CC-RACE-006)."""
    one, other = (_bandwidths(view, seat, uuid) for seat in seats)
    if min(len(one), len(other)) < least:
        return Waiting(f"{least} listings of each side", f"{len(one)} and {len(other)}")
    for (mine, seen), (its, _) in zip(one[-least:], other[-least:], strict=True):
        if mine != its:
            return Finding.failed(want="the same bandwidth", got=f"{mine} and {its} Mbps", evidence=seen.evidence)
    return Finding.passed(f"{least} rests", evidence=[each.evidence[-1] for _, each in one[-least:]])


@rule
def one_of_each_pair(view: TraceView, pairs: Sequence[Sequence[str]], statuses: Sequence[int]) -> Finding | Waiting:
    """Of each two requests that were under way at once exactly one was granted, the other answered so (CC-RACE-007)."""
    evidence = []
    for pair in pairs:
        seen = [exchange_of(view, each) for each in pair]
        evidence += [each.evidence[-1] for each in seen]
        others = [each for each in seen if not each.succeeded]
        if len(others) != 1 or others[0].status not in statuses:
            got = "; ".join(each.told() for each in seen)
            return Finding.failed(want="one of two granted", got=got, evidence=evidence[-2:])
    return Finding.passed(f"{len(pairs)} pairs", evidence=evidence)


@rule
def state_unchanged(view: TraceView, exchange: str) -> Finding | Waiting:
    """The receiver's state right before the request equals the state right after it."""
    seen = exchange_of(view, exchange)
    states = view.observations(seen.request.receiver, "state")
    before = [r for r in states if r.seq < seen.request.seq]
    after = [r for r in states if r.seq > seen.evidence[-1]]
    if not before or not after:
        return Waiting("the state before and after the request")
    evidence = (before[-1].seq, *seen.evidence, after[0].seq)
    if before[-1].value == after[0].value:
        return Finding.passed("unchanged", evidence=evidence)
    changed = sorted(name for name, value in after[0].value.items() if (name, value) not in before[-1].value.items())
    return Finding.failed(want="no change", got=f"{', '.join(changed)} changed", evidence=evidence)


@rule
def granted_or_refused_whole(view: TraceView, exchange: str, members: dict[str, Any]) -> Finding | Waiting:
    """Granted with 200 and these members, or refused without effect (CC-ERR-22)."""
    if exchange_of(view, exchange).succeeded:
        return answered_with(view, exchange, statuses=[200], members=members)
    return refused_without_effect(view, exchange)
