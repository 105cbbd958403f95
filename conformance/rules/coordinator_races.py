"""Rules of the races of placement: what must hold at rest, whoever came first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from conformance.rules import rule
from conformance.rules.coordinator import connection_in
from conformance.rules.coordinator_interconnects import body_of
from conformance.rules.coordinator_placement import listed, listings, placed_alike, told
from conformance.rules.coordinator_selection import proposals
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def each_placed_alike(view: TraceView, seats: Sequence[str], uuids: Sequence[str]) -> Finding | Waiting:
    """Each connection is listed on at most one interconnect, the same on both sides (I1, I3)."""
    evidence: list[int] = []
    for uuid in uuids:
        said = placed_alike(view, seats, uuid)
        if isinstance(said, Waiting) or said.verdict != "passed":
            return said
        evidence = list(said.evidence)
        for seat in seats:
            places = [each for each in listed(view, seat) if each[1] == uuid]
            if len(places) > 1:
                return Finding.failed(want="at most one placement", got=f"{seat}: {told(places)}", evidence=evidence)
    return Finding.passed(f"{len(uuids)} connections, alike on both sides", evidence=evidence)


@rule
def one_of_two_stays(view: TraceView, seat_shown: str, own: str, other: str, interconnect: str) -> Finding | Waiting:
    """On the crossing the peer's proposal was refused with 409, or granted and the own one given up (CC-RACE-001/1)."""
    crossing = [
        e
        for e in view.exchanges("CreateConnection", receiver=seat_shown, ours=False, about=other)
        if e.segment("interconnects") == interconnect
    ]
    if not crossing or crossing[0].status is None:
        return Waiting("the peer's proposal to be answered", crossing[0].told() if crossing else "none came")
    if crossing[0].status == 409:
        return Finding.passed(crossing[0].told(), evidence=crossing[0].evidence)
    left = [each for each in listed(view, seat_shown) if each[:2] == (interconnect, own)]
    if crossing[0].succeeded and not left and listings(view, seat_shown):
        return Finding.passed(f"{crossing[0].told()}, own one given up", evidence=crossing[0].evidence)
    got = f"{crossing[0].told()}, own one on {told(left)}"
    return Finding.failed(want="409, or 200 and the own one given up", got=got, evidence=crossing[0].evidence)


@rule
def both_ended(
    view: TraceView, accepted: dict[str, str], states: dict[str, int], interconnects: int
) -> Finding | Waiting:
    """The two customers read these states, on so many interconnects; what failed left no placement on either side."""
    seen: Counter[str] = Counter()
    places: set[str] = set()
    evidence = []
    want = f"{states} on {interconnects} interconnects"
    for seat, uuid in accepted.items():
        connection, seq = connection_in(view, seat, uuid)
        evidence.append(seq)
        state = str(connection["customer"]) if connection else "failed"
        seen[state] += 1
        copies = [connection_in(view, each, uuid)[0] for each in accepted]
        where = [sorted(str(p["interconnect"]) for p in (copy or {}).get("placements") or ()) for copy in copies]
        places.update(where[0])
        if (state == "failed" and any(where)) or where[0] != where[1]:
            return Waiting(want, f"{state}, placed on {where}", tuple(evidence))
    if seen == Counter(states) and len(places) == interconnects:
        return Finding.passed(f"{dict(seen)} on {sorted(places)}", evidence=evidence)
    return Waiting(want, f"{dict(seen)} on {sorted(places)}", tuple(evidence))


@rule
def confirmed_each_time(view: TraceView, uuid: str, least: int) -> Finding | Waiting:
    """Every question about the key that was asked before its connection was created was answered keyValid true (CC-ERR-03)."""
    asked = view.exchanges("ConfirmActivationKey")
    answered = [each for each in asked if each.response is not None]
    evidence = [each.evidence[-1] for each in asked]
    untrue = [each for each in answered if body_of(each).get("keyValid") is not True]
    if untrue:
        got = f"{untrue[0].told()} with {body_of(untrue[0])}"
        return Finding.failed(want="keyValid true", got=got, evidence=untrue[0].evidence)
    if len(asked) < least or not answered:
        return Waiting(f"{least} confirmations", f"{len(asked)} asked, {len(answered)} answered", tuple(evidence))
    return Finding.passed(f"{len(asked)} asked, {len(answered)} answered", evidence=evidence)


@rule
def one_chain(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """One question about the key and one proposal: accepted twice, it is still one connection (CC-RACE-014/4)."""
    asked = view.exchanges("ConfirmActivationKey", sender=sender, ours=False)
    made = proposals(view, sender, uuid)
    got = f"{len(asked)} confirmations, {len(made)} proposals"
    evidence = [each.evidence[-1] for each in (*asked, *made)]
    if len(asked) == 1 and len(made) == 1:
        return Finding.passed(got, evidence=evidence)
    return Finding.failed(want="one confirmation, one proposal", got=got, evidence=evidence)


@rule
def adopts_or_deletes(view: TraceView, sender: str, uuid: str) -> Finding | Waiting:
    """After a lost answer the negotiator asks guidance where the connection is, or deletes there before it goes elsewhere.

    A proposal elsewhere without either is the second copy that CC-RACE-003 forbids.
    """
    made = proposals(view, sender, uuid)
    lost = [each for each in made if each.lost is not None]
    if not lost:
        return Waiting("a proposal whose answer is lost", told([]))
    place = lost[0].segment("interconnects")
    let_go = [
        e.evidence[-1]
        for e in view.exchanges("DeleteConnection", sender=sender, ours=False, about=uuid)
        if e.segment("interconnects") == place and (e.succeeded or e.status == 404)
    ]
    for each in made:
        elsewhere = each.segment("interconnects") != place and each.request.seq > lost[0].evidence[-1]
        if elsewhere and not any(seq < each.request.seq for seq in let_go):
            return Finding.failed(
                want=f"to go on with {place}, or to delete there first", got=each.told(), evidence=each.evidence
            )
    guidance = view.exchanges("GenerateFeatureGuidance", sender=sender, ours=False, about=uuid)
    if not any(each.succeeded for each in guidance):
        return Waiting("to ask guidance", f"{len(made)} proposals", lost[0].evidence)
    return Finding.passed(guidance[-1].told(), evidence=guidance[-1].evidence)
