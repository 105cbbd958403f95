"""Rules about placements: what is listed where, how much room is taken, and that both sides agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from conformance.documented import documented_of
from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_interconnects import body_of
from conformance.rules.coordinator_l3_proposals import config_of
from conformance.view import Exchange, TraceView
from reports.record import Observation
from reports.verdict import Finding, Waiting


def listings(view: TraceView, server: str) -> dict[str, Exchange]:
    """The newest ListConnections of each interconnect that the harness read at a seat, by environment/interconnect."""
    found = {}
    for each in view.exchanges("ListConnections", receiver=server, ours=True):
        if each.succeeded:
            found[f"{each.segment('environments')}/{each.segment('interconnects')}"] = each
    return found


def listed(view: TraceView, server: str) -> list[tuple[str, str, int | None]]:
    """(interconnect, uuid, Mbps) of every connection that the newest listings show."""
    return [
        (place.partition("/")[2], str(item.get("name")).rpartition("/")[2], item.get("bandwidthMbps"))
        for place, exchange in sorted(listings(view, server).items())
        for item in body_of(exchange).get("connections") or ()
    ]


def told(places: Sequence[tuple[str, str, int | None]]) -> str:
    return ", ".join(f"{mbps} Mbps on {interconnect}" for interconnect, _, mbps in places) or "nowhere"


@rule
def granted_or(view: TraceView, exchange: str, statuses: Sequence[int]) -> Finding | Waiting:
    """Answered with any 2xx or one of these statuses."""
    seen = exchange_of(view, exchange)
    if seen.succeeded or seen.status in statuses:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    want = f"2xx or {' or '.join(map(str, statuses))}"
    return Finding.failed(want=want, got=seen.told(), evidence=seen.evidence)


@rule
def shown_alike(view: TraceView, server: str, uuid: str, members: dict[str, Any]) -> Finding | Waiting:
    """The newest GetConnection and the newest ListConnections both show the connection with these members."""
    gets = view.exchanges("GetConnection", receiver=server, ours=True, about=uuid)
    lists = [e for e in view.exchanges("ListConnections", receiver=server, ours=True) if e.succeeded]
    if not gets or not lists:
        return Waiting("the connection to be read and listed")
    shown: list[tuple[str, dict[str, Any], Exchange]] = [("GetConnection", body_of(gets[-1]), gets[-1])]
    items = [i for i in body_of(lists[-1]).get("connections") or () if str(i.get("name")).endswith(uuid)]
    shown.append(("ListConnections", items[0] if len(items) == 1 else {}, lists[-1]))
    for source, body, exchange in shown:
        wrong = {name: body.get(name) for name, value in members.items() if body.get(name) != value}
        if wrong:
            return Finding.failed(want=str(members), got=f"{source} shows {wrong}", evidence=exchange.evidence)
    return Finding.passed("both show it", evidence=[e.evidence[-1] for _, _, e in shown])


@rule
def outcome_counts(
    view: TraceView, exchanges: Sequence[str], granted: int, statuses: Sequence[int], most: int | None = None
) -> Finding | Waiting:
    """Exactly so many of the requests were granted (``granted`` to ``most``), the others answered with these statuses."""
    seen = [exchange_of(view, each) for each in exchanges]
    answers = Counter("2xx" if each.succeeded else str(each.status or "none") for each in seen)
    got = ", ".join(f"{number} x {answer}" for answer, number in sorted(answers.items()))
    others = sum(number for answer, number in answers.items() if answer in map(str, statuses))
    evidence = [each.evidence[-1] for each in seen]
    if granted <= answers["2xx"] <= (granted if most is None else most) and answers["2xx"] + others == len(seen):
        return Finding.passed(got, evidence=evidence)
    want = f"{granted} x 2xx, the others {' or '.join(map(str, statuses))}"
    return Finding.failed(want=want, got=got, evidence=evidence)


@rule
def occupied_by(view: TraceView, server: str, place: str, uuids: Sequence[str]) -> Finding | Waiting:
    """The newest listing of the interconnect shows exactly these connections, each once (CC-CONN-016)."""
    found = listings(view, server).get(place)
    if found is None:
        return Waiting(f"ListConnections of {place} to be answered")
    shown = Counter(str(i.get("name")).rpartition("/")[2] for i in body_of(found).get("connections") or ())
    if shown == Counter(uuids):
        return Finding.passed(f"{len(uuids)} connections", evidence=found.evidence)
    lacks, extra = Counter(uuids) - shown, shown - Counter(uuids)
    got = f"{shown.total()}, {lacks.total()} missing, {extra.total()} too many"
    return Finding.failed(want=f"exactly {len(uuids)} connections on {place}", got=got, evidence=found.evidence)


@rule
def placed_alike(
    view: TraceView, seats: Sequence[str], uuid: str, placements: int | None = None, mbps: int | None = None
) -> Finding | Waiting:
    """Both sides list the connection on the same interconnects with the same bandwidth (I3), so often if told."""
    copies = [[each for each in listed(view, seat) if each[1] == uuid] for seat in seats]
    evidence = [e.evidence[-1] for seat in seats for e in listings(view, seat).values()]
    got = "; ".join(f"{seat}: {told(copy)}" for seat, copy in zip(seats, copies, strict=True))
    want = "both sides to list it alike" + (f", {placements} times" if placements is not None else "")
    want += f", with {mbps} Mbps" if mbps is not None else ""
    if (
        copies[0] != copies[1]
        or placements not in (None, len(copies[0]))
        or (mbps is not None and any(each[2] != mbps for each in copies[0]))
    ):
        return Finding.failed(want=want, got=got, evidence=evidence)
    return Finding.passed(got, evidence=evidence)


@rule
def placed_at(
    view: TraceView, server: str, uuid: str, interconnects: Sequence[str] | None = None, mbps: int | None = None
) -> Finding | Waiting:
    """A seat lists the connection on exactly these interconnects (not told: on exactly one), with this bandwidth."""
    shown = [each for each in listed(view, server) if each[1] == uuid]
    evidence = [e.evidence[-1] for e in listings(view, server).values()]
    fits = len(shown) == 1 if interconnects is None else [each[0] for each in shown] == sorted(interconnects)
    if fits and all(mbps in (None, each[2]) for each in shown):
        return Finding.passed(told(shown), evidence=evidence)
    want = "once" if interconnects is None else f"on {', '.join(interconnects) or 'no interconnect'}"
    want += f" with {mbps} Mbps" if mbps is not None else ""
    return Finding.failed(want=f"listed {want}", got=told(shown), evidence=evidence)


@rule
def never_oversold(view: TraceView, seats: Sequence[str]) -> Finding | Waiting:
    """In every listing and in every observed state the sum of an interconnect stays within its maximum (I2)."""
    evidence = []
    for seat in seats:
        maxima: dict[str, int] = {}
        for each in view.exchanges("ListInterconnects", receiver=seat, ours=True):
            for item in body_of(each).get("interconnects") or ():
                maxima[f"{each.segment('environments')}/{str(item.get('name')).rpartition('/')[2]}"] = int(
                    item.get("maxBandwidthMbps") or 0
                )
        for each in view.exchanges("ListConnections", receiver=seat, ours=True):
            place = f"{each.segment('environments')}/{each.segment('interconnects')}"
            total = sum(int(i.get("bandwidthMbps") or 0) for i in body_of(each).get("connections") or ())
            if place in maxima and total > maxima[place]:
                return _oversold(place, seat, total, maxima[place], each.evidence)
            evidence.append(each.evidence[-1])
    for record in view.records:
        if isinstance(record, Observation) and record.seat in seats and record.what == "state":
            for row in record.value["interconnects"]:
                if row["reserved_mbps"] > row["max_mbps"]:
                    return _oversold(row["id"], record.seat, row["reserved_mbps"], row["max_mbps"], (record.seq,))
    if not evidence:
        return Waiting("the connections of the interconnects to be listed")
    return Finding.passed("within the maximum throughout", evidence=evidence[-4:])


def _oversold(place: str, seat: str, total: int, maximum: int, evidence: Sequence[int]) -> Finding:
    return Finding.failed(want=f"at most {maximum} Mbps on {place}", got=f"{total} at {seat}", evidence=evidence)


@rule
def reserved_is(view: TraceView, seat_shown: str, interconnects: dict[str, int]) -> Finding | Waiting:
    """The seat reserves exactly so many Mbps on these interconnects: released in full, and once (I10)."""
    seen = view.latest(seat_shown, "state")
    if seen is None:
        return Waiting(f"the state of {seat_shown}")
    got = {row["id"]: row["reserved_mbps"] for row in seen.value["interconnects"] if row["id"] in interconnects}
    if got == interconnects:
        return Finding.passed(f"reserved: {got}", evidence=[seen.seq])
    return Waiting(f"reserved: {interconnects}", f"reserved: {got}", (seen.seq,))


@rule
def same_answers(view: TraceView, before: Sequence[str], after: Sequence[str]) -> Finding | Waiting:
    """The same reads, made twice, succeeded with the same content."""
    evidence = []
    for one, other in zip(before, after, strict=True):
        first, second = exchange_of(view, one), exchange_of(view, other)
        evidence.append(second.evidence[-1])
        if not second.succeeded or documented_of(first) != documented_of(second):
            want = f"the same answer as before to {second.request.operation}"
            return Finding.failed(want=want, got=second.told(), evidence=[*first.evidence, *second.evidence])
    return Finding.passed(f"{len(after)} answers as before", evidence=evidence)


@rule
def placements_match_grants(
    view: TraceView, exchanges: Sequence[str], server: str, uuid: str, statuses: Sequence[int]
) -> Finding | Waiting:
    """Where a create was granted the connection is listed, and nowhere else; all others were refused.

    A second interconnect is tolerated as the start of a migration (CC-ERR-10).
    """
    seen = [exchange_of(view, each) for each in exchanges]
    granted = sorted({each.segment("interconnects") for each in seen if each.succeeded})
    shown = sorted(interconnect for interconnect, listed_uuid, _ in listed(view, server) if listed_uuid == uuid)
    odd = [each for each in seen if not each.succeeded and each.status not in statuses]
    evidence = [e.evidence[-1] for e in (*seen, *listings(view, server).values())]
    if not granted or granted != shown or odd:
        got = f"granted on {granted}, listed on {shown}" + (f", {odd[0].told()}" if odd else "")
        return Finding.failed(want="listed where it was granted, the others refused", got=got, evidence=evidence)
    return Finding.passed(f"on {granted}", evidence=evidence, errata=("CC-ERR-10",) if len(granted) > 1 else ())


@rule
def deleted_whole(view: TraceView, exchanges: Sequence[str], server: str, uuid: str) -> Finding | Waiting:
    """Each deletion succeeded, and afterwards the seat lists the connection nowhere."""
    seen = [exchange_of(view, each) for each in exchanges]
    shown = [each for each in listed(view, server) if each[1] == uuid]
    evidence = [e.evidence[-1] for e in (*seen, *listings(view, server).values())]
    failed = [each for each in seen if not each.succeeded]
    if failed or shown or not seen:
        got = failed[0].told() if failed else told(shown) if seen else "no placement at all"
        return Finding.failed(want="one placement or more, each deleted whole", got=got, evidence=evidence)
    return Finding.passed(f"{len(seen)} deleted", evidence=evidence)


@rule
def feature_whole(view: TraceView, exchange: str, reading: str) -> Finding | Waiting:
    """A feature that was granted is listed with the proposed configuration; one that was refused is not listed."""
    seen, shown = exchange_of(view, exchange), exchange_of(view, reading)
    wanted = config_of(seen.request.body)
    channel = (seen.request.body or {}).get("channel")
    found = [f for f in body_of(shown).get("features") or () if f.get("channel") == channel]
    evidence = [*seen.evidence, *shown.evidence]
    if seen.succeeded and len(found) == 1 and config_of(found[0]) == wanted:
        return Finding.passed("agreed", evidence=evidence)
    if seen.refused and not found:
        return Finding.passed("refused whole", evidence=evidence)
    got = f"{seen.told()}, listed {len(found)} times"
    return Finding.failed(want="agreed and listed as proposed, or refused and not listed", got=got, evidence=evidence)
