"""Rules of what the customer determines, bandwidth and environment, and of what it does not; and of proposals' names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator import connection_in
from conformance.rules.coordinator_intent import issued
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def named_by_path(view: TraceView, exchange: str, elsewhere: str, place: str) -> Finding | Waiting:
    """4xx, or 2xx with the name of path and query; never stored under the body's name (CC-ERR-55)."""
    seen, read = exchange_of(view, exchange), exchange_of(view, elsewhere)
    name = str((seen.response.body or {}).get("name", "")) if seen.response else ""
    evidence = [*seen.evidence, *read.evidence]
    got = f"{seen.told()} {name}, read under the body's name: {read.end}"
    if (seen.refused or (seen.succeeded and name.endswith(place))) and read.refused:
        return Finding.passed(got, evidence=evidence, errata=["CC-ERR-55"])
    return Finding.failed(want=f"4xx or 2xx …/{place}, nothing elsewhere", got=got, evidence=evidence)


@rule
def refused_or_validated(view: TraceView, exchange: str) -> Finding | Waiting:
    """An unconfirmed UUID with the exact key: 4xx, or 2xx as validation at creation (CC-ERR-04)."""
    seen = exchange_of(view, exchange)
    if seen.refused or seen.succeeded:
        return Finding.passed(seen.told(), evidence=seen.evidence, errata=["CC-ERR-04"])
    return Finding.failed(want="4xx, or 2xx", got=seen.told(), evidence=seen.evidence)


@rule
def read_names_no_hardware(view: TraceView, seat_shown: str) -> Finding | Waiting:
    """What the customer read names no interconnect and no channel, neither as a member nor as an ID."""
    reads = view.outcomes(seat_shown, "read")
    state = view.latest(seat_shown, "state")
    if not reads or state is None:
        return Waiting(f"the customer of {seat_shown} reads the connection", "it has not")
    ids = {str(row["id"]) for row in state.value["interconnects"]} | {
        str(feature["channel"])
        for row in state.value["connections"]
        for placement in row["placements"]
        for feature in placement["features"]
    }
    text = json.dumps(reads[-1].outputs)
    found = sorted(each for each in ids if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text))
    found += re.findall(r"interconnect|channel", text, re.I)
    if reads[-1].result == "ok" and not found:
        return Finding.passed("no interconnect, no channel", evidence=[reads[-1].seq])
    want = "neither interconnect nor channel"
    return Finding.failed(want=want, got=f"{reads[-1].result} {found}", evidence=[reads[-1].seq])


@rule
def hint_of_place_ignored(view: TraceView, seat_asked: str, action: str, roomiest: Sequence[str]) -> Finding | Waiting:
    """The hint was refused, or the connection was proposed where there is most room (CC-CONN-008)."""
    outcomes = view.outcomes(seat_asked, action)
    if outcomes and outcomes[0].result == "refused":
        return Finding.passed("refused", evidence=[outcomes[0].seq])
    creates = view.exchanges("CreateConnection", ours=False)
    if not creates:
        return Waiting("a CreateConnection", "none")
    place = creates[0].segment("interconnects")
    if place in roomiest:
        return Finding.passed(f"proposed on {place}", evidence=creates[0].evidence)
    return Finding.failed(want=f"refused, or on {list(roomiest)}", got=f"on {place}", evidence=creates[0].evidence)


@rule
def hint_of_values_ignored(
    view: TraceView, seat_asked: str, action: str, hinted: Mapping[str, Any]
) -> Finding | Waiting:
    """The values were refused, or none of the proposals carries one of them."""
    outcomes = view.outcomes(seat_asked, action)
    if outcomes and outcomes[0].result == "refused":
        return Finding.passed("refused", evidence=[outcomes[0].seq])
    proposals = view.exchanges("CreateFeature", ours=False)
    if not proposals:
        return Waiting("the proposals of L3 parameters", "none")
    for each in proposals:
        config = (each.request.body or {}).get("featureConfig", {}).get("l3BaseConfig", {})
        taken = {name: value for name, value in hinted.items() if config.get(name) == value}
        if taken:
            return Finding.failed(want="values from guidance alone", got=f"{taken}", evidence=each.evidence)
    return Finding.passed(f"{len(proposals)} proposals without them", evidence=proposals[0].evidence)


@rule
def same_everywhere(view: TraceView, issuer: str, uuid: str, mbps: int, environment: str) -> Finding | Waiting:
    """Key, both copies with their placements, and both customers' views: one bandwidth, one environment."""
    wanted = (mbps, environment)
    key = issued(view, issuer)[-1][1].members or {}
    uri = str(key.get("destinationEnvironmentUri", "")).rstrip("/")
    shown: dict[str, tuple[object, object]] = {
        "the key": (key.get("connectionSizeMbps"), uri.rpartition("/")[2]),
    }
    evidence = []
    for seat in ("csp-a", "csp-b"):
        found, seq = connection_in(view, seat, uuid)
        reads = view.outcomes(seat, "read")
        if found is None or not found["placements"] or not reads:
            return Waiting("copies and customers' views of both sides", f"{seat} shows none")
        evidence += [seq, reads[-1].seq]
        shown[f"{seat}'s copy"] = (found["placements"][0]["mbps"], found["environment"])
        shown[f"{seat}'s customer"] = (reads[-1].outputs.get("mbps"), reads[-1].outputs.get("environment"))
    wrong = {name: values for name, values in shown.items() if values != wanted}
    if wrong:
        return Finding.failed(want=f"{mbps} Mbps in {environment} everywhere", got=str(wrong), evidence=evidence)
    return Finding.passed(f"{mbps} Mbps in {environment} in {len(shown)} places", evidence=evidence)


@rule
def no_smaller_instead(view: TraceView, seat_asked: str, uuid: str, mbps: int) -> Finding | Waiting:
    """Where the size does not fit the acceptance ends as a failure, and no other size was proposed for the UUID."""
    outcomes = view.outcomes(seat_asked, "accept")
    want = "refused or failed, no smaller connection"
    if not outcomes or outcomes[-1].result == "running":
        return Waiting(want, "the acceptance has not ended")
    sizes = [
        (each.request.body or {}).get("bandwidthMbps")
        for each in view.exchanges("CreateConnection", sender=seat_asked, ours=False, about=uuid)
    ]
    found, seq = connection_in(view, seat_asked, uuid)
    left = found["placements"] if found else []
    got = f"{outcomes[-1].result}, proposed {sizes}, {len(left)} placements"
    if outcomes[-1].result in ("refused", "failed") and not [size for size in sizes if size != mbps] and not left:
        return Finding.passed(got, evidence=[outcomes[-1].seq, seq])
    return Finding.failed(want=want, got=got, evidence=[outcomes[-1].seq, seq])
