"""Rules about the responder's answers to proposals of features (milestone 2, second half)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conformance.documented import documented
from conformance.l3_reading import overlap, short
from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting

ANSWERS: Mapping[str, tuple[str, Callable[[int], bool]]] = {
    "agreed": ("200", lambda status: status == 200),
    "refused": ("a client error (4xx)", lambda status: 400 <= status < 500),
    "conflict": ("409", lambda status: status == 409),
    "unknown": ("404", lambda status: status == 404),
}
"""What a table may expect: agreement is the 200 that the documents name, a clash their 409; a breach any 4xx (CC-ERR-07)."""


def config_of(body: Any) -> dict[str, Any]:
    """The l3BaseConfig of a feature in a request or an answer; {} where there is none.

    The BGP entries map a provider to its half of the session: their order says nothing, so it is made the same. Members
    of the server's own beside the documented ones are left out.
    """
    body = documented("GetFeature", body)
    found = body.get("featureConfig") if isinstance(body, dict) else None
    config = found.get("l3BaseConfig") if isinstance(found, dict) else None
    if not isinstance(config, dict):
        return {}
    entries = config.get("providerBgpConfigs")
    return config | {"providerBgpConfigs": sorted(entries, key=str)} if isinstance(entries, list) else config


def listed(exchange: Exchange) -> list[dict[str, Any]]:
    """The features of an answer to ListFeatures; an absent list is empty (CC-ERR-43)."""
    body = exchange.response.body if exchange.response else None
    return list(body.get("features") or []) if isinstance(body, dict) else []


@rule
def proposals_answered(
    view: TraceView, proposals: Sequence[Sequence[str]], lists: Sequence[str] = ()
) -> Finding | Waiting:
    """Each (exchange, answer) of ``proposals`` was answered so; the lists show the agreed ones and no other."""
    evidence: list[int] = []
    agreed: set[tuple[str, str]] = set()
    for exchange, answer in proposals:
        seen = exchange_of(view, exchange)
        evidence.extend(seen.evidence)
        want, fits = ANSWERS[answer]
        if seen.status is None or not fits(seen.status):
            body = seen.response.body if seen.response else None
            return Finding.failed(
                want=f"{want} to {_told(seen)}", got=f"{seen.told()} {told_body(body)}", evidence=seen.evidence
            )
        if seen.succeeded:
            agreed.add((seen.segment("connections"), seen.request.query.get("featureId", "")))
    stored = {
        (each.segment("connections"), short(str(feature.get("name"))))
        for each in (exchange_of(view, exchange) for exchange in lists)
        for feature in listed(each)
    }
    if lists and stored != agreed:
        return Finding.failed(
            want=f"the features {sorted(name for _, name in agreed)} and no other",
            got=str(sorted(name for _, name in stored)),
            evidence=[seq for each in lists for seq in exchange_of(view, each).evidence],
        )
    return Finding.passed(f"{len(proposals)} proposals answered as said", evidence=evidence)


def _told(seen: Exchange) -> str:
    """What was proposed, in few words."""
    config = config_of(seen.request.body)
    subnet = f"{config.get('ipv4Subnet')}/{config.get('ipv4SubnetPrefixLength')}"
    channel = short(str((seen.request.body or {}).get("channel")))
    return f"{channel} with VLAN {config.get('vlanId')}, {subnet}, MTU {config.get('mtuBytes')}"


@rule
def feature_as_proposed(
    view: TraceView, proposal: str, read: str | None = None, may_refuse: bool = False
) -> Finding | Waiting:
    """The answer, and what is read afterwards, hold name, channel and configuration as proposed; not FINAL at once."""
    seen = exchange_of(view, proposal)
    if may_refuse and seen.refused:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    request = seen.request.body
    for each in [seen] + ([exchange_of(view, read)] if read else []):
        body = each.response.body if each.succeeded and each.response else None
        if not isinstance(body, dict):
            return Finding.failed(want="the feature", got=each.told(), evidence=each.evidence)
        wanted = {
            "id": seen.request.query.get("featureId"),
            "channel": request["channel"],
            "config": config_of(request),
        }
        got = {
            "id": short(str(body.get("name"))),
            "channel": body.get("channel"),
            "config": {name: value for name, value in config_of(body).items() if value not in (None, "", [])},
        }
        if got != wanted:
            wrong = {name: got[name] for name in wanted if got[name] != wanted[name]}
            return Finding.failed(
                want=str({name: wanted[name] for name in wrong}), got=str(wrong), evidence=each.evidence
            )
        if each is seen and body.get("provisioningState") == "PROVISIONING_STATE_FINAL":
            return Finding.failed(want="PROVISIONING_STATE_PENDING", got="FINAL", evidence=each.evidence)
    return Finding.passed("as proposed", evidence=seen.evidence)


@rule
def feature_reads(
    view: TraceView, read: str, proposal: str | None = None, state: str | None = None
) -> Finding | Waiting:
    """GetFeature answered with the configuration of the proposal (if given) and the provisioning state (else either)."""
    seen = exchange_of(view, read)
    body = seen.response.body if seen.succeeded and seen.response else None
    states = [f"PROVISIONING_STATE_{each}" for each in ([state] if state else ["PENDING", "FINAL"])]
    if not isinstance(body, dict) or body.get("provisioningState") not in states:
        got = body.get("provisioningState") if isinstance(body, dict) else seen.told()
        return Finding.failed(want=" or ".join(states), got=str(got), evidence=seen.evidence)
    if proposal:
        request = exchange_of(view, proposal).request.body
        if config_of(body) != config_of(request) or body.get("channel") != request["channel"]:
            return Finding.failed(want=str(config_of(request)), got=str(config_of(body)), evidence=seen.evidence)
    return Finding.passed(str(body["provisioningState"]), evidence=seen.evidence)


@rule
def one_of_them_agreed(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Of proposals that were sent at once exactly one was answered 200 and all others 409."""
    seen = [exchange_of(view, each) for each in exchanges]
    statuses = sorted(each.status or 0 for each in seen)
    if statuses == [200, *[409] * (len(seen) - 1)]:
        return Finding.passed(f"one 200, {len(seen) - 1} times 409", evidence=[e.request.seq for e in seen])
    counts = {status: statuses.count(status) for status in dict.fromkeys(statuses)}
    return Finding.failed(
        want=f"one 200 and {len(seen) - 1} times 409",
        got=f"{counts}",
        evidence=[e.request.seq for e in seen],
    )


@rule
def agreed_are_disjoint(view: TraceView, exchanges: Sequence[str], scope: str = "channel") -> Finding | Waiting:
    """The proposals that were accepted share no VLAN on a channel and no address in the declared scope, the channel or the
    connection; nothing but 200 and 409 came (CC-ERR-21)."""
    seen = [exchange_of(view, each) for each in exchanges]
    strange = [each for each in seen if each.status not in (200, 409)]
    if strange:
        return Finding.failed(want="200 or 409", got=strange[0].told(), evidence=strange[0].evidence)
    agreed = [each for each in seen if each.succeeded]
    if not agreed:
        return Finding.failed(want="at least one agreed", got="all refused", evidence=[e.request.seq for e in seen])
    rows = [
        (e.request.body["channel"], e.segment("connections"), config_of(e.request.body), e.request.seq) for e in agreed
    ]
    return _disjoint(rows, scope)


@rule
def listed_are_disjoint(
    view: TraceView, lists: Sequence[str], at_least: int = 1, scope: str = "channel"
) -> Finding | Waiting:
    """Over all listed features, no VLAN stands twice on a channel and no subnets of one channel overlap in the declared
    scope, the channel or the connection (CC-ERR-21)."""
    seen = [exchange_of(view, each) for each in lists]
    features = [
        (str(feature.get("channel")), each.segment("connections"), config_of(feature), each.evidence[-1])
        for each in seen
        for feature in listed(each)
    ]
    if len(features) < at_least:
        return Finding.failed(
            want=f"{at_least} features", got=f"{len(features)}", evidence=[e.request.seq for e in seen]
        )
    return _disjoint(features, scope)


def _disjoint(features: Sequence[tuple[str, str, dict[str, Any], int]], scope: str) -> Finding:
    """Of features by channel and connection."""
    for (channel, uuid, one, a), (other_channel, other_uuid, other, b) in itertools.combinations(features, 2):
        if channel != other_channel:
            continue
        if one.get("vlanId") == other.get("vlanId"):
            got = f"VLAN {one.get('vlanId')} twice on {short(channel)}"
            return Finding.failed(want="each VLAN once on a channel", got=got, evidence=[a, b])
        if (scope == "channel" or uuid == other_uuid) and overlap(one, other):
            got = f"{one.get('ipv4Subnet')} and {other.get('ipv4Subnet')} on {short(channel)}"
            return Finding.failed(want="disjoint subnets on a channel", got=got, evidence=[a, b])
    return Finding.passed(f"{len(features)} features", evidence=[seq for _, _, _, seq in features])


@rule
def list_holds(view: TraceView, lists: Sequence[str], channels: Sequence[str]) -> Finding | Waiting:
    """The pages of a list, all answered 2xx, hold one feature for each of these channels and no other."""
    seen = [exchange_of(view, each) for each in lists]
    failed = [each for each in seen if not each.succeeded]
    if failed:
        return Finding.failed(want="2xx", got=failed[0].told(), evidence=failed[0].evidence)
    found = sorted(short(str(feature.get("channel"))) for each in seen for feature in listed(each))
    if found != sorted(channels):
        return Finding.failed(
            want=f"features on {sorted(channels)}", got=f"{found}", evidence=[seq for e in seen for seq in e.evidence]
        )
    return Finding.passed(str(found), evidence=[seq for e in seen for seq in e.evidence])


@rule
def errors_hold_no_secret(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Each of these proposals carried a BGP password and was refused, and no answer repeats it (CC-FEAT-013)."""
    evidence: list[int] = []
    for each in exchanges:
        seen = exchange_of(view, each)
        evidence.extend(seen.evidence)
        if not seen.refused or not config_of(seen.request.body).get("md5BgpPassword"):
            return Finding.failed(want="a refused proposal with a password", got=seen.told(), evidence=seen.evidence)
        if "secret:bgp-password:" in json.dumps(seen.response.body if seen.response else None):
            return Finding.failed(want="no password in the error", got="it is repeated", evidence=seen.evidence)
    return Finding.passed(f"{len(exchanges)} errors", evidence=evidence)


@rule
def everything_supports(view: TraceView, server: str, feature_type: str) -> Finding | Waiting:
    """Every environment and interconnect that the seat showed lists the type in supportedFeatures (CC-FEAT-016)."""
    shown: list[tuple[dict[str, Any], Exchange]] = []
    for operation, member in (("ListEnvironments", "environments"), ("ListInterconnects", "interconnects")):
        for each in view.exchanges(operation, receiver=server, ours=True):
            body = each.response.body if each.succeeded and each.response else {}
            shown += [(one, each) for one in body.get(member) or []]
    for one, each in shown:
        if feature_type not in (one.get("supportedFeatures") or []):
            got = f"{one.get('name')}: {one.get('supportedFeatures')}"
            return Finding.failed(want=feature_type, got=got, evidence=each.evidence)
    if not shown:
        return Waiting("environments and interconnects")
    return Finding.passed(f"{len(shown)} resources", evidence=[each.request.seq for _, each in shown])


@rule
def repeated_proposal(view: TraceView, first: str, again: str, own_list: str) -> Finding | Waiting:
    """The same proposal once more: 409, or 200 with the same feature; one is stored (CC-RACE-004)."""
    seen = [exchange_of(view, each) for each in (first, again)]
    evidence = [seq for each in seen for seq in each.evidence]
    bodies = [each.response.body if each.response else None for each in seen]
    same = seen[1].status == 409 or (seen[1].status == 200 and config_of(bodies[0]) == config_of(bodies[1]))
    stored = len(listed(exchange_of(view, own_list)))
    if seen[0].status != 200 or not same or stored != 1:
        got = f"{seen[0].status}, {seen[1].status}, {stored} stored"
        return Finding.failed(want="200, then 409 or the same feature, one stored", got=got, evidence=evidence)
    return Finding.passed(f"200, then {seen[1].status}", evidence=evidence)


@rule
def both_accepted(view: TraceView) -> Finding | Waiting:
    """What the customers of both sides accepted ended well."""
    ended = {seat: view.outcomes(seat, "accept")[-1:] for seat in ("csp-a", "csp-b")}
    results = {seat: each[0].result if each else "nothing" for seat, each in ended.items()}
    if set(results.values()) == {"ok"}:
        return Finding.passed(str(results))
    return Finding.failed(
        want="both established", got=str(results), evidence=[e.seq for v in ended.values() for e in v]
    )
