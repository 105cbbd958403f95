"""VLANs and subnets of a channel: what guidance leaves to choose from, what is taken, what is left.

Pure functions. A ``Pool`` is what a provider's guidance allows on a channel; a ``Booking`` is what one feature takes of
it. Spans are inclusive, as the documents' ranges are.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reference_impl.connection_coordinator import l3
from reference_impl.connection_coordinator.messages import L3BaseGuidance, SubnetGuidance
from reference_impl.connection_coordinator.records import Feature, FeatureState
from reports.verdict import Finding

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Span = tuple[int, int]
"""First and last number: of VLANs, or of the addresses of a network."""


@dataclass(frozen=True, slots=True)
class Space:
    """The addresses of one IP version to choose subnets from, exclusions taken out; ``lengths`` are the allowed prefix
    lengths, empty for any (CC-GUIDE-007). A subnet lies inside one span."""

    version: int
    spans: tuple[Span, ...]
    lengths: tuple[int, ...] = ()

    @property
    def bits(self) -> int:
        return 32 if self.version == 4 else 128


@dataclass(frozen=True, slots=True)
class Pool:
    vlans: tuple[Span, ...]
    ipv4: Space
    ipv6: Space

    def space(self, version: int) -> Space:
        return self.ipv4 if version == 4 else self.ipv6


@dataclass(frozen=True, slots=True)
class Booking:
    """What ``holder`` (a connection's UUID) takes on a channel. ``channel`` reads the same on both sides: the two
    providers in rising order, environment, interconnect and channel."""

    channel: tuple[str, ...]
    holder: str
    vlan: int
    subnets: tuple[Network, ...]


def pool(guidance: L3BaseGuidance) -> Pool:
    """What this guidance allows. What it leaves out does not bind (CC-GUIDE-007), but VLANs begin at 1025 whatever it
    says (CC-FEAT-010); exclusions may reach beyond what they are taken from (CC-ERR-32)."""
    offered = [(each.start, each.stop) for each in guidance.vlanRanges] or [(l3.LOWEST_VLAN, l3.HIGHEST_VLAN)]
    clipped = [(max(first, l3.LOWEST_VLAN), min(last, l3.HIGHEST_VLAN)) for first, last in offered]
    return Pool(
        _merged(span for span in clipped if span[0] <= span[1]),
        _space(4, guidance.ipv4SubnetGuidance, guidance.ipv4AllowedSubnetPrefixLengths),
        _space(6, guidance.ipv6SubnetGuidance, guidance.ipv6AllowedSubnetPrefixLengths),
    )


def bookings(provider: str, features: Iterable[Feature]) -> tuple[Booking, ...]:
    """What a provider's features take, also those it has only proposed. A refused one reserves nothing."""
    return tuple(
        Booking(
            (*sorted((provider, feature.peer)), feature.environment, feature.interconnect, feature.channel),
            feature.uuid,
            feature.vlan,
            tuple(each for each in (l3.subnet_of(feature.config), l3.ipv6_subnet_of(feature.config)) if each),
        )
        for feature in features
        if feature.state is not FeatureState.RESTARTING
    )


def free_vlans(offered: Pool, taken: Iterable[Booking]) -> tuple[Span, ...]:
    """The VLANs of one channel that are left, given the bookings of that channel."""
    return _without(offered.vlans, ((booking.vlan, booking.vlan) for booking in taken))


def free_space(offered: Pool, taken: Iterable[Booking], version: int = 4) -> Space:
    """The addresses of one channel that no booking of that channel holds."""
    space = offered.space(version)
    held = (_span(each) for booking in taken for each in booking.subnets if each.version == version)
    return Space(version, _without(space.spans, held), space.lengths)


def vlans_left(offered: Pool, taken: Iterable[Booking]) -> int:
    return sum(last - first + 1 for first, last in free_vlans(offered, taken))


def subnets_left(space: Space, length: int) -> int:
    """How many disjoint subnets of this prefix length the space still gives; none if the length is not allowed."""
    if space.lengths and length not in space.lengths:
        return 0
    size = 1 << (space.bits - length)
    return sum(max(0, (last + 1) // size - -(-first // size)) for first, last in space.spans)


def outside(booking: Booking, offered: Pool) -> Finding | None:
    """A booking takes only what is offered (CC-FEAT-006, CC-FEAT-007, CC-FEAT-010)."""
    where = "/".join(booking.channel)
    if not any(first <= booking.vlan <= last for first, last in offered.vlans):
        return Finding.failed(
            want=f"one of the VLANs {_told(offered.vlans)} on {where}", got=f"VLAN {booking.vlan} of {booking.holder}"
        )
    for subnet in booking.subnets:
        space = offered.space(subnet.version)
        low, high = _span(subnet)
        got = f"{subnet} of {booking.holder}"
        if space.lengths and subnet.prefixlen not in space.lengths:
            lengths = ", ".join(f"/{length}" for length in space.lengths)
            return Finding.failed(want=f"a prefix length of {lengths} on {where}", got=got)
        if not any(first <= low and high <= last for first, last in space.spans):
            return Finding.failed(want=f"a subnet inside what is offered on {where}", got=got)
    return None


def booked_twice(taken: Iterable[Booking]) -> Finding | None:
    """One side's bookings: no VLAN is given twice on a channel, and no two subnets overlap that belong to one channel
    or to one connection (CC-FEAT-018, CC-ERR-21)."""
    held = sorted(taken, key=lambda booking: (booking.channel, booking.vlan, booking.holder))
    for one, other in pairwise(held):
        if (one.channel, one.vlan) == (other.channel, other.vlan):
            return Finding.failed(
                want=f"one holder of VLAN {one.vlan} on {'/'.join(one.channel)}", got=f"{one.holder} and {other.holder}"
            )
    by_channel: dict[str, list[Booking]] = {}
    by_connection: dict[str, list[Booking]] = {}
    for booking in held:
        by_channel.setdefault("on " + "/".join(booking.channel), []).append(booking)
        by_connection.setdefault(f"of connection {booking.holder}", []).append(booking)
    for where, scope in (by_channel | by_connection).items():
        if found := _overlap(scope):
            return Finding.failed(want=f"disjoint subnets {where}", got=found)
    return None


def _overlap(held: Iterable[Booking]) -> str | None:
    """In rising order two overlapping subnets meet: networks either contain each other or are disjoint."""
    subnets = sorted(
        (subnet.version, *_span(subnet), booking.holder, str(subnet)) for booking in held for subnet in booking.subnets
    )
    for (version, _, last, holder, subnet), (other_version, first, _, other, overlapping) in pairwise(subnets):
        if version == other_version and first <= last:
            return f"{subnet} of {holder} and {overlapping} of {other}"
    return None


def _space(version: int, offered: Sequence[SubnetGuidance], lengths: Sequence[int]) -> Space:
    if not offered:
        return Space(version, ((0, (1 << (32 if version == 4 else 128)) - 1),), tuple(lengths))
    spans: list[Span] = []
    for each in offered:
        include = ipaddress.ip_network(each.includeSubnet)
        excluded = (_span(ipaddress.ip_network(exclude)) for exclude in each.excludeSubnets)
        spans += _without((_span(include),), excluded)
    return Space(version, tuple(sorted(spans)), tuple(lengths))


def _span(network: Network) -> Span:
    return int(network.network_address), int(network.broadcast_address)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Rising and disjoint, adjacent ones joined."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans, in rising order."""
    left: list[Span] = []
    holes = _merged(taken)
    for first, last in sorted(spans):
        for start, stop in holes:
            if stop < first or start > last:
                continue
            if first < start:
                left.append((first, start - 1))
            first = stop + 1
        if first <= last:
            left.append((first, last))
    return tuple(left)


def _told(spans: Iterable[Span]) -> str:
    return ", ".join(f"{first}-{last}" for first, last in spans) or "none"
