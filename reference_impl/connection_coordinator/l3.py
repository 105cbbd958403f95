"""The L3 parameters of one channel: what guidance allows, what a proposal must look like, how to choose one.

Pure functions over messages. A proposal is judged in two steps: ``breach`` (malformed or outside guidance: any 4xx,
CC-ERR-07) and ``clash`` (a value is reserved already: 409, CC-FEAT-004).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

from reference_impl.connection_coordinator.messages import (
    L3BaseConfig,
    L3BaseGuidance,
    MTURange,
    ProviderBgpConfig,
    SubnetGuidance,
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOWEST_VLAN = 1025
"""VLAN 1024 and lower are reserved, whatever the guidance says (CC-FEAT-010)."""
HIGHEST_VLAN = 4094


def subnet_of(config: L3BaseConfig) -> Network:
    """The IPv4 subnet of a proposal that ``breach`` let pass."""
    return ipaddress.ip_network(f"{config.ipv4Subnet}/{config.ipv4SubnetPrefixLength}")


def ipv6_subnet_of(config: L3BaseConfig) -> Network | None:
    if config.ipv6Subnet is None:
        return None
    return ipaddress.ip_network(f"{config.ipv6Subnet}/{config.ipv6SubnetPrefixLength}")


def breach(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    """Why the proposal is malformed or leaves the server's guidance; None when it is fine (CC-FEAT-006 to CC-FEAT-014).

    ``server`` and ``caller`` are provider names such as ``providers/csp-a``.
    """
    return (
        _vlan_breach(config, guidance)
        or _mtu_breach(config, guidance)
        or _subnet_breach("ipv4", config.ipv4Subnet, config.ipv4SubnetPrefixLength, guidance)
        or _ipv6_breach(config, guidance)
        or _bgp_breach(config, guidance, server, caller)
    )


def _vlan_breach(config: L3BaseConfig, guidance: L3BaseGuidance) -> str | None:
    vlan = config.vlanId
    if not LOWEST_VLAN <= vlan <= HIGHEST_VLAN:
        return f"vlanId: want {LOWEST_VLAN} to {HIGHEST_VLAN}, got {vlan}"
    if guidance.vlanRanges and not any(r.start <= vlan <= r.stop for r in guidance.vlanRanges):
        return f"vlanId: want one of {[(r.start, r.stop) for r in guidance.vlanRanges]}, got {vlan}"
    return None


def _mtu_breach(config: L3BaseConfig, guidance: L3BaseGuidance) -> str | None:
    mtu = config.mtuBytes
    if mtu <= 0 or (guidance.mtuRanges and not any(r.start <= mtu <= r.stop for r in guidance.mtuRanges)):
        return f"mtuBytes: want one of {[(r.start, r.stop) for r in guidance.mtuRanges]}, got {mtu}"
    return None


def _subnet_breach(family: str, address: str, length: int, guidance: L3BaseGuidance) -> str | None:
    name = f"{family}Subnet"
    bits, parse = (32, ipaddress.IPv4Network) if family == "ipv4" else (128, ipaddress.IPv6Network)
    if not 1 <= length <= bits - 1:
        return f"{name}PrefixLength: want 1 to {bits - 1}, got {length}"
    try:
        subnet = parse(f"{address}/{length}")
    except ValueError:
        return f"{name}: want a network address of /{length} with the mask applied, got {address!r}"
    allowed = guidance.ipv4AllowedSubnetPrefixLengths if family == "ipv4" else guidance.ipv6AllowedSubnetPrefixLengths
    if allowed and length not in allowed:
        return f"{name}PrefixLength: want one of {list(allowed)}, got {length}"
    spaces = guidance.ipv4SubnetGuidance if family == "ipv4" else guidance.ipv6SubnetGuidance
    if spaces and not any(_inside(subnet, space) for space in spaces):
        return (
            f"{name}: want a subnet inside {[s.includeSubnet for s in spaces]} and outside the exclusions, got {subnet}"
        )
    return None


def _inside(subnet: Network, space: SubnetGuidance) -> bool:
    include = ipaddress.ip_network(space.includeSubnet)
    return (
        subnet.version == include.version
        and subnet.network_address in include
        and subnet.prefixlen >= include.prefixlen
        and not any(subnet.overlaps(ipaddress.ip_network(exclude)) for exclude in space.excludeSubnets)
    )


def _ipv6_breach(config: L3BaseConfig, guidance: L3BaseGuidance) -> str | None:
    hosts = [entry.hostIpv6 for entry in config.providerBgpConfigs]
    if config.ipv6Subnet is None and config.ipv6SubnetPrefixLength is None and not any(hosts):
        return None
    if config.ipv6Subnet is None or config.ipv6SubnetPrefixLength is None:
        return "IPv6 comes whole: want ipv6Subnet and ipv6SubnetPrefixLength together, or no IPv6 member at all"
    return _subnet_breach("ipv6", config.ipv6Subnet, config.ipv6SubnetPrefixLength, guidance)


def _bgp_breach(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    entries = {_as_name(entry.provider): entry for entry in config.providerBgpConfigs}
    if len(config.providerBgpConfigs) != 2 or set(entries) != {server, caller}:
        got = [entry.provider for entry in config.providerBgpConfigs]
        return f"providerBgpConfigs: want exactly one entry for {server} and one for {caller}, got {got}"
    asn = entries[server].asn
    if asn == 0 or (guidance.asnRanges and not any(r.start <= asn <= r.stop for r in guidance.asnRanges)):
        return f"asn of {server}: want one of {[(r.start, r.stop) for r in guidance.asnRanges]}, got {asn}"
    if entries[caller].asn == 0:
        return f"asn of {caller}: want 1 to 4294967295, got 0"
    subnets: list[tuple[str, Network, list[str | None]]] = [
        ("hostIpv4", subnet_of(config), [entry.hostIpv4 for entry in config.providerBgpConfigs])
    ]
    if (six := ipv6_subnet_of(config)) is not None:
        subnets.append(("hostIpv6", six, [entry.hostIpv6 for entry in config.providerBgpConfigs]))
    for member, subnet, hosts in subnets:
        if reason := _host_breach(member, subnet, hosts):
            return reason
    return None


def _host_breach(member: str, subnet: Network, hosts: Sequence[str | None]) -> str | None:
    try:
        addresses = [ipaddress.ip_address(host or "") for host in hosts]
    except ValueError:
        return f"{member}: want an address inside {subnet}, got {list(hosts)}"
    if any(address not in subnet for address in addresses) or addresses[0] == addresses[1]:
        return f"{member}: want two different addresses inside {subnet}, got {list(hosts)}"
    unusable = (
        () if subnet.prefixlen >= subnet.max_prefixlen - 1 else (subnet.network_address, subnet.broadcast_address)
    )
    if subnet.version == 4 and any(address in unusable for address in addresses):
        return f"{member}: network and broadcast address of {subnet} are no hosts, got {list(hosts)}"
    return None


def _as_name(provider: str) -> str:
    """A provider in URI form; the bare id is tolerated on reading (CC-ERR-30)."""
    return provider if provider.startswith("providers/") else f"providers/{provider}"


def served(guidance: L3BaseGuidance, reserved: Sequence[L3BaseConfig]) -> L3BaseGuidance:
    """Guidance as it is served: without a preferred subnet that is in use on the channel (CC-GUIDE-006)."""
    spaces = [*guidance.ipv4SubnetGuidance, *guidance.ipv6SubnetGuidance]
    if not any(space.preferredSubnet for space in spaces):
        return guidance
    taken = [each for config in reserved for each in (subnet_of(config), ipv6_subnet_of(config)) if each]

    def free(space: SubnetGuidance) -> SubnetGuidance:
        wish = ipaddress.ip_network(space.preferredSubnet) if space.preferredSubnet else None
        in_use = wish is not None and any(wish.version == each.version and wish.overlaps(each) for each in taken)
        return space.model_copy(update={"preferredSubnet": None}) if in_use else space

    return guidance.model_copy(
        update={
            "ipv4SubnetGuidance": tuple(map(free, guidance.ipv4SubnetGuidance)),
            "ipv6SubnetGuidance": tuple(map(free, guidance.ipv6SubnetGuidance)),
        }
    )


def clash(config: L3BaseConfig, reserved: Iterable[L3BaseConfig]) -> str | None:
    """Which reserved value of the channel the proposal clashes with; None when all are free (CC-FEAT-004)."""
    for other in reserved:
        if other.vlanId == config.vlanId:
            return f"vlanId {config.vlanId} is reserved on this channel"
        if subnets_clash(config, other):
            return f"subnet {config.ipv4Subnet}/{config.ipv4SubnetPrefixLength} overlaps one that is reserved"
    return None


def subnets_clash(one: L3BaseConfig, other: L3BaseConfig) -> bool:
    if subnet_of(one).overlaps(subnet_of(other)):
        return True
    six, other_six = ipv6_subnet_of(one), ipv6_subnet_of(other)
    return six is not None and other_six is not None and six.overlaps(other_six)


def propose(
    guidance: L3BaseGuidance,
    own: L3BaseGuidance,
    reserved: Sequence[L3BaseConfig],
    siblings: Sequence[L3BaseConfig],
    server: str,
    caller: str,
) -> L3BaseConfig | None:
    """A complete proposal inside the responder's guidance and our own, or None when no value is left.

    ``reserved`` is what this channel holds already, and the proposals for it that were refused; ``siblings`` are the
    other features of the connection, whose subnets must differ but whose VLANs may be the same. The MTU is the
    highest both sides support (CC-FEAT-011); the preferred subnet is taken when it is free (CC-GUIDE-007); IPv6 is
    left out (CC-FEAT-014).
    """
    mtu = _highest_mtu(guidance.mtuRanges, own.mtuRanges)
    used = {config.vlanId for config in reserved}
    vlan = next((v for v in _vlans(guidance, own) if v not in used), None)
    taken = [subnet_of(config) for config in (*reserved, *siblings)]
    subnet = next((s for s in _subnets(guidance, own) if not any(s.overlaps(t) for t in taken)), None)
    if mtu is None or vlan is None or subnet is None:
        return None
    first = subnet.network_address + (0 if subnet.prefixlen == 31 else 1)
    asn = guidance.asnRanges[0].start if guidance.asnRanges else 64512
    return L3BaseConfig(
        ipv4Subnet=str(subnet.network_address),
        ipv4SubnetPrefixLength=subnet.prefixlen,
        mtuBytes=mtu,
        vlanId=vlan,
        providerBgpConfigs=(
            ProviderBgpConfig(provider=server, asn=asn, hostIpv4=str(first)),
            ProviderBgpConfig(
                provider=caller, asn=own.asnRanges[0].start if own.asnRanges else 64513, hostIpv4=str(first + 1)
            ),
        ),
    )


def _highest_mtu(theirs: Sequence[MTURange], ours: Sequence[MTURange]) -> int | None:
    if not theirs or not ours:
        ranges = theirs or ours
        return max((r.stop for r in ranges), default=1500)
    return max(
        (min(a.stop, b.stop) for a in theirs for b in ours if max(a.start, b.start) <= min(a.stop, b.stop)),
        default=None,
    )


def _vlans(guidance: L3BaseGuidance, own: L3BaseGuidance) -> Iterator[int]:
    """Offered VLANs in rising order. The server may list used ones, so the caller keeps its own account (CC-FEAT-010)."""
    ranges = guidance.vlanRanges or own.vlanRanges
    spans = [(r.start, r.stop) for r in ranges] or [(LOWEST_VLAN, HIGHEST_VLAN)]
    for start, stop in sorted(spans):
        yield from range(max(start, LOWEST_VLAN), min(stop, HIGHEST_VLAN) + 1)


def _subnets(guidance: L3BaseGuidance, own: L3BaseGuidance) -> Iterator[ipaddress.IPv4Network]:
    """Subnets that the guidance allows, the preferred one first."""
    spaces = guidance.ipv4SubnetGuidance or own.ipv4SubnetGuidance or (SubnetGuidance(includeSubnet="169.254.0.0/16"),)
    lengths = guidance.ipv4AllowedSubnetPrefixLengths or own.ipv4AllowedSubnetPrefixLengths or (30,)
    for space in spaces:
        if space.preferredSubnet:
            preferred = ipaddress.IPv4Network(space.preferredSubnet)
            if _inside(preferred, space) and preferred.prefixlen in lengths:
                yield preferred
    for space in spaces:
        include = ipaddress.IPv4Network(space.includeSubnet)
        for length in sorted(lengths, reverse=True):
            if include.prefixlen <= length <= 31:
                yield from (s for s in include.subnets(new_prefix=length) if _inside(s, space))
