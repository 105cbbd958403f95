"""How a judge reads guidance and L3 configurations: what a configuration breaks, member by member.

Written from the documents alone and on raw JSON, so that it judges any implementation. Absent and empty guidance
restricts nothing (CC-GUIDE-007); VLANs of 1024 and below are never allowed (CC-FEAT-010).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOWEST_VLAN, HIGHEST_VLAN = 1025, 4094
LARGEST_ASN = 4294967295

REQUIRED = ("ipv4Subnet", "ipv4SubnetPrefixLength", "mtuBytes", "vlanId", "providerBgpConfigs")

Breach = tuple[str, str]
"""The member of the configuration, and what is wrong with it."""


def breaches(config: Mapping[str, Any], guidance: Mapping[str, Any], server: str, caller: str) -> list[Breach]:
    """All that is wrong with a configuration that ``caller`` proposes to ``server`` (bare provider IDs)."""
    missing = [(name, "missing") for name in REQUIRED if config.get(name) in (None, "", [])]
    return missing or [
        *_vlan(config, guidance),
        *_mtu(config, guidance),
        *_subnet(config, guidance, "ipv4"),
        *_subnet(config, guidance, "ipv6"),
        *_bgp(config, guidance, server, caller),
    ]


def ranges(guidance: Mapping[str, Any], member: str) -> list[tuple[int, int]]:
    """The (start, stop) pairs of a member; [] restricts nothing."""
    return [(each.get("start", 0), each.get("stop", 0)) for each in guidance.get(member) or []]


def subnets(config: Mapping[str, Any]) -> list[Network]:
    """The subnets of a configuration, IPv4 first; what cannot be read is left out."""
    found: list[Network] = []
    for family in ("ipv4", "ipv6"):
        if config.get(f"{family}Subnet"):
            try:
                found.append(
                    ipaddress.ip_network(f"{config[f'{family}Subnet']}/{config.get(f'{family}SubnetPrefixLength')}")
                )
            except ValueError:
                continue
    return found


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do two configurations share an address?"""
    return any(a.version == b.version and a.overlaps(b) for a in subnets(one) for b in subnets(other))


def short(name: str) -> str:
    """The last segment of a resource name, or a short id as it is."""
    return name.rpartition("/")[2]


def _vlan(config: Mapping[str, Any], guidance: Mapping[str, Any]) -> Iterator[Breach]:
    vlan, offered = config["vlanId"], ranges(guidance, "vlanRanges")
    if not LOWEST_VLAN <= vlan <= HIGHEST_VLAN:
        yield "vlanId", f"{vlan} is not in {LOWEST_VLAN}-{HIGHEST_VLAN}"
    elif offered and not any(start <= vlan <= stop for start, stop in offered):
        yield "vlanId", f"{vlan} is not offered: {offered}"


def _mtu(config: Mapping[str, Any], guidance: Mapping[str, Any]) -> Iterator[Breach]:
    mtu, offered = config["mtuBytes"], ranges(guidance, "mtuRanges")
    if mtu <= 0 or (offered and not any(start <= mtu <= stop for start, stop in offered)):
        yield "mtuBytes", f"{mtu} is not in {offered}"


def _subnet(config: Mapping[str, Any], guidance: Mapping[str, Any], family: str) -> Iterator[Breach]:
    address, length = config.get(f"{family}Subnet"), config.get(f"{family}SubnetPrefixLength")
    if family == "ipv6" and not address and length is None:
        return
    try:
        subnet = ipaddress.ip_network(f"{address}/{length}")
    except ValueError as problem:
        yield f"{family}Subnet", str(problem)
        return
    allowed = guidance.get(f"{family}AllowedSubnetPrefixLengths") or []
    if allowed and length not in allowed:
        yield f"{family}SubnetPrefixLength", f"/{length} is not one of {allowed}"
    spaces = guidance.get(f"{family}SubnetGuidance") or []
    if spaces and not any(lies_in(subnet, space) for space in spaces):
        yield f"{family}Subnet", f"{subnet} is not inside an offered subnet, or inside an excluded one"


def lies_in(subnet: Network, space: Mapping[str, Any]) -> bool:
    """Wholly inside the include subnet and disjoint from all exclusions (CC-FEAT-006)."""
    include = ipaddress.ip_network(space["includeSubnet"])
    return (
        subnet.version == include.version
        and subnet.network_address in include
        and subnet.prefixlen >= include.prefixlen
        and not any(subnet.overlaps(ipaddress.ip_network(each)) for each in space.get("excludeSubnets") or [])
    )


def _bgp(config: Mapping[str, Any], guidance: Mapping[str, Any], server: str, caller: str) -> Iterator[Breach]:
    entries: Sequence[Mapping[str, Any]] = config["providerBgpConfigs"]
    named = sorted(short(str(entry.get("provider"))) for entry in entries)
    if named != sorted((server, caller)):
        yield "providerBgpConfigs", f"entries for {named}, want one for {server} and one for {caller}"
        return
    asn = next(entry.get("asn") for entry in entries if short(str(entry.get("provider"))) == server)
    offered = ranges(guidance, "asnRanges") or [(1, LARGEST_ASN)]
    if not isinstance(asn, int) or not any(start <= asn <= stop for start, stop in offered):
        yield "asn", f"{asn} for {server} is not in {offered}"
    for subnet in subnets(config):
        member = f"hostIpv{subnet.version}"
        yield from _hosts(member, subnet, [entry.get(member) for entry in entries])


def _hosts(member: str, subnet: Network, hosts: Sequence[str | None]) -> Iterator[Breach]:
    try:
        found = [ipaddress.ip_address(host or "") for host in hosts]
    except ValueError:
        yield member, f"{list(hosts)} are not two addresses"
        return
    if len(set(found)) != len(found) or any(host not in subnet for host in found):
        yield member, f"{list(hosts)} are not two different addresses in {subnet}"
    elif subnet.version == 4 and subnet.prefixlen < 31 and {subnet[0], subnet[-1]} & set(found):
        yield member, f"{list(hosts)} holds the network or the broadcast address of {subnet}"
