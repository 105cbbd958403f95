"""Rules about guidance as a responder serves it (CC-GUIDE-002 to CC-GUIDE-006)."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.l3_reading import HIGHEST_VLAN, LARGEST_ASN, LOWEST_VLAN, lies_in, ranges, short
from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting

L3_BASE = "FEATURE_TYPE_L3_BASE"


def objects_of(exchange: Exchange) -> list[dict[str, Any]]:
    """The guidance objects of an answer; an absent list is empty (CC-ERR-43)."""
    body = exchange.response.body if exchange.succeeded and exchange.response else None
    return list(body.get("featureGuidance") or []) if isinstance(body, dict) else []


@rule
def guidance_covers_channels(view: TraceView, guidance: str, channels: str, count: int) -> Finding | Waiting:
    """One L3 base object for each channel that ListChannels names, ``count`` of them, none twice (CC-GUIDE-002)."""
    seen, listing = exchange_of(view, guidance), exchange_of(view, channels)
    body = listing.response.body if listing.succeeded and listing.response else {}
    names = sorted(str(each.get("name")) for each in body.get("channels") or [])
    given = sorted(str(each.get("channel")) for each in objects_of(seen))
    types = {each.get("featureType") for each in objects_of(seen)}
    evidence = (*seen.evidence, *listing.evidence)
    if given != names or len(names) != count or types != {L3_BASE}:
        return Finding.failed(
            want=f"{count} objects of {L3_BASE}, for {[short(name) for name in names]}",
            got=f"{seen.told()}: {[short(name) for name in given]} of {sorted(map(str, types))}",
            evidence=evidence,
        )
    return Finding.passed(f"{len(given)} objects", evidence=evidence)


@rule
def guidance_for_channel(view: TraceView, guidance: str, channel: str) -> Finding | Waiting:
    """The narrowed request is answered 2xx and holds an object for the channel (CC-GUIDE-003, CC-ERR-01)."""
    seen = exchange_of(view, guidance)
    given = [short(str(each.get("channel"))) for each in objects_of(seen)]
    if not seen.succeeded or channel not in given:
        return Finding.failed(
            want=f"2xx with an object for {channel}", got=f"{seen.told()}: {given}", evidence=seen.evidence
        )
    return Finding.passed(str(given), evidence=seen.evidence, errata=() if given == [channel] else ("CC-ERR-01",))


@rule
def guidance_for_nothing(view: TraceView, guidances: Sequence[str]) -> Finding | Waiting:
    """Each request that asks for what is not there is refused or answered with an empty list (CC-GUIDE-003)."""
    evidence: list[int] = []
    for each in guidances:
        seen = exchange_of(view, each)
        evidence.extend(seen.evidence)
        given = [short(str(one.get("channel"))) for one in objects_of(seen)]
        if not (seen.refused or (seen.succeeded and not given)):
            return Finding.failed(
                want=f"4xx or an empty list for {seen.request.query}",
                got=f"{seen.told()}: {given}",
                evidence=seen.evidence,
            )
    return Finding.passed(f"{len(guidances)} requests", evidence=evidence)


@rule
def guidance_names_itself(view: TraceView, guidance: str, prefix: str) -> Finding | Waiting:
    """Each object names type and channel, under the caller's interconnect, and carries l3BaseGuidance (CC-GUIDE-004)."""
    seen = exchange_of(view, guidance)
    objects = objects_of(seen)
    for each in objects:
        channel = str(each.get("channel"))
        if each.get("featureType") != L3_BASE or not isinstance(each.get("l3BaseGuidance"), dict):
            return Finding.failed(want=f"{L3_BASE} with l3BaseGuidance", got=str(each)[:120], evidence=seen.evidence)
        if channel != f"{prefix}/channels/{short(channel)}":
            return Finding.failed(want=f"{prefix}/channels/…", got=channel, evidence=seen.evidence)
    if not objects:
        return Finding.failed(want="guidance", got=seen.told(), evidence=seen.evidence)
    return Finding.passed(f"{len(objects)} objects", evidence=seen.evidence)


@rule
def guidance_states_equal(view: TraceView, guidance: str, channels: str) -> Finding | Waiting:
    """channelAdminState is what the channel shows; an absent one reads as enabled (CC-GUIDE-004, CC-ERR-43)."""
    seen, listing = exchange_of(view, guidance), exchange_of(view, channels)
    body = listing.response.body if listing.succeeded and listing.response else {}
    shown = {str(each.get("name")): str(each.get("adminState")) for each in body.get("channels") or []}
    told = {str(each.get("channel")): str(each.get("channelAdminState")) for each in objects_of(seen)}
    evidence = (*seen.evidence, *listing.evidence)
    if not shown or told != shown:
        return Finding.failed(want=str(sorted(shown.values())), got=str(sorted(told.values())), evidence=evidence)
    return Finding.passed(str(sorted(told.values())), evidence=evidence)


@rule
def guidance_is_coherent(
    view: TraceView, guidance: str, about: str, in_use: Sequence[Sequence[str]] = ()
) -> Finding | Waiting:
    """What is wrong with guidance as such (CC-GUIDE-005, -006).

    ``about``: ``bounds``, ``overlaps``, ``subnets``, ``lengths``, or ``preferred``: no preferred subnet is one of
    ``in_use`` ((channel, subnet) pairs); that one is a SHOULD and warns.
    """
    seen = exchange_of(view, guidance)
    objects = objects_of(seen)
    if not objects:
        return Finding.failed(want="guidance", got=seen.told(), evidence=seen.evidence)
    for each in objects:
        restrictions: Mapping[str, Any] = each.get("l3BaseGuidance") or {}
        channel = short(str(each.get("channel")))
        taken = [subnet for name, subnet in in_use if name == channel]
        wrong = next(_FAULTS[about](restrictions, taken), None)
        if wrong is not None:
            verdict = Verdict.WARNED if about == "preferred" else Verdict.FAILED
            return Finding(verdict, f"coherent guidance for {channel}", wrong, seen.evidence)
    return Finding.passed(f"{len(objects)} objects", evidence=seen.evidence)


_BOUNDS = {"asnRanges": (1, LARGEST_ASN), "vlanRanges": (LOWEST_VLAN, HIGHEST_VLAN), "mtuRanges": (1, 2**31 - 1)}


def _bounds(guidance: Mapping[str, Any], taken: Sequence[str]) -> Iterator[str]:
    for member, (lowest, highest) in _BOUNDS.items():
        for start, stop in ranges(guidance, member):
            if not lowest <= start <= stop <= highest:
                yield f"{member} holds {start}-{stop}"


def _overlaps(guidance: Mapping[str, Any], taken: Sequence[str]) -> Iterator[str]:
    for member in ("asnRanges", "mtuRanges"):
        for one, other in itertools.combinations(ranges(guidance, member), 2):
            if one[0] <= other[1] and other[0] <= one[1]:
                yield f"{member}: {one} and {other} overlap"


def _spaces(guidance: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for version in (4, 6):
        for space in guidance.get(f"ipv{version}SubnetGuidance") or []:
            yield version, space


def _subnets(guidance: Mapping[str, Any], taken: Sequence[str]) -> Iterator[str]:
    includes: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
    for version, space in _spaces(guidance):
        try:
            include = ipaddress.ip_network(space["includeSubnet"])
            excludes = [ipaddress.ip_network(each) for each in space.get("excludeSubnets") or []]
            preferred = space.get("preferredSubnet")
            wish = ipaddress.ip_network(preferred) if preferred else None
        except (KeyError, ValueError) as problem:
            yield f"a subnet that cannot be read: {problem}"
            continue
        if any(each.version != version for each in (include, *excludes, *([wish] if wish else []))):
            yield f"{include}: a subnet of the wrong family"
        elif any(include.version == other.version and include.overlaps(other) for other in includes):
            yield f"{include} overlaps another include subnet"
        elif any(not each.overlaps(include) for each in excludes):  # partly outside is tolerated (CC-ERR-32)
            yield f"an exclusion lies outside {include}"
        elif wish is not None and not lies_in(wish, space):
            yield f"the preferred {wish} lies outside {include} or in an exclusion"
        includes.append(include)


def _lengths(guidance: Mapping[str, Any], taken: Sequence[str]) -> Iterator[str]:
    for version in (4, 6):
        allowed = guidance.get(f"ipv{version}AllowedSubnetPrefixLengths") or []
        spaces = [space for family, space in _spaces(guidance) if family == version]
        shortest = min((int(space["includeSubnet"].partition("/")[2]) for space in spaces), default=0)
        if any(length < shortest or length > (32 if version == 4 else 128) for length in allowed):
            yield f"lengths {allowed} for includes from /{shortest}"
        wishes = [int(space["preferredSubnet"].partition("/")[2]) for space in spaces if space.get("preferredSubnet")]
        if allowed and any(wish not in allowed for wish in wishes):
            yield f"a preferred subnet of /{wishes}, lengths {allowed}"


def _preferred(guidance: Mapping[str, Any], taken: Sequence[str]) -> Iterator[str]:
    for _, space in _spaces(guidance):
        if space.get("preferredSubnet") in taken:
            yield f"prefers {space['preferredSubnet']}, which is in use"


_FAULTS = {"bounds": _bounds, "overlaps": _overlaps, "subnets": _subnets, "lengths": _lengths, "preferred": _preferred}
