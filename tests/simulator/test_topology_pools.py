"""VLANs and subnets of a channel: what is offered, taken, left, and given twice."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest

from reference_impl.connection_coordinator import l3
from reference_impl.connection_coordinator.messages import L3BaseConfig, L3BaseGuidance, SubnetGuidance, VLANRange
from reference_impl.connection_coordinator.records import Feature, FeatureState
from simulator.inventories import guidance_of, inventories
from simulator.topology.pools import (
    Booking,
    Network,
    Pool,
    Space,
    booked_twice,
    bookings,
    free_space,
    free_vlans,
    outside,
    pool,
    subnets_left,
    vlans_left,
)

STANDARD = pool(guidance_of("csp-a"))
CH1 = ("csp-a", "csp-b", "env1", "ix1", "ch1")
CH2 = ("csp-a", "csp-b", "env1", "ix1", "ch2")


def number(address: str) -> int:
    return int(ipaddress.ip_address(address))


def booking(holder: str, vlan: int, *subnets: str, channel: tuple[str, ...] = CH1) -> Booking:
    return Booking(channel, holder, vlan, tuple(map(ipaddress.ip_network, subnets)))


def test_the_standard_pool() -> None:
    first = (number("169.254.0.0"), number("169.254.0.255"))
    rest = (number("169.254.1.16"), number("169.254.255.255"))
    standard = pool(guidance_of("csp-a"))
    assert standard == Pool(
        ((1100, 4094),),
        Space(4, (first, rest), (30,)),
        Space(6, ((number("fd20::"), number("fd20:0:ff:ffff:ffff:ffff:ffff:ffff")),), (64,)),
    )
    assert vlans_left(STANDARD, ()) == 2995
    assert subnets_left(STANDARD.ipv4, 30) == 2**14 - 4
    assert subnets_left(STANDARD.ipv6, 64) == 2**24
    assert subnets_left(STANDARD.ipv4, 29) == 0


def test_what_is_not_restricted_is_free() -> None:
    everything = pool(L3BaseGuidance())
    assert everything.vlans == ((1025, 4094),)
    assert subnets_left(everything.ipv4, 30) == 2**30
    assert subnets_left(everything.ipv6, 64) == 2**64


@pytest.mark.parametrize(
    ("offered", "vlans"),
    [
        ([(1000, 1100)], ((1025, 1100),)),
        ([(3000, 5000), (1, 9)], ((3000, 4094),)),
        ([(2005, 2010), (2000, 2004), (3000, 3000)], ((2000, 2010), (3000, 3000))),
    ],
)
def test_vlans_lie_above_1024(offered: list[tuple[int, int]], vlans: tuple[tuple[int, int], ...]) -> None:
    ranges = tuple(VLANRange(start=start, stop=stop) for start, stop in offered)
    assert pool(L3BaseGuidance(vlanRanges=ranges)).vlans == vlans


def test_exclusions_may_reach_beyond_what_they_are_taken_from() -> None:
    spaces = (
        SubnetGuidance(includeSubnet="10.0.0.0/24", excludeSubnets=("10.0.0.0/26", "10.0.0.32/28", "10.0.0.240/28")),
        SubnetGuidance(includeSubnet="10.1.0.0/30", excludeSubnets=("10.1.0.0/16",)),
    )
    space = pool(L3BaseGuidance(ipv4SubnetGuidance=spaces)).ipv4
    assert space.spans == ((number("10.0.0.64"), number("10.0.0.239")),)
    assert [subnets_left(space, length) for length in (24, 25, 26, 27, 32)] == [0, 0, 2, 5, 176]


def test_what_is_taken_is_not_free() -> None:
    taken = [booking("u1", 1100, "169.254.0.0/30"), booking("u2", 1102, "169.254.0.8/30", "fd20::/64")]
    assert free_vlans(STANDARD, taken) == ((1101, 1101), (1103, 4094))
    assert subnets_left(free_space(STANDARD, taken), 30) == 2**14 - 4 - 2
    assert subnets_left(free_space(STANDARD, taken, version=6), 64) == 2**24 - 1
    assert free_space(STANDARD, taken).spans[0] == (number("169.254.0.4"), number("169.254.0.7"))


def test_the_reference_proposes_what_is_free_until_nothing_is() -> None:
    """With narrow-guidance eleven VLANs; every proposal is inside, none is twice, and the counts go down by one."""
    row = inventories("narrow-guidance")["csp-b"].channels[0]
    guidance = row.guidance.model_copy(update={"ipv4SubnetGuidance": (SubnetGuidance(includeSubnet="169.254.0.0/25"),)})
    offered, made = pool(guidance), list[L3BaseConfig]()
    features: list[Feature] = []
    for left in range(11, 0, -1):
        taken = bookings("csp-a", features)
        assert (vlans_left(offered, taken), subnets_left(free_space(offered, taken), 29)) == (left, left + 5)
        config = l3.propose(guidance, guidance, made, (), "providers/csp-b", "providers/csp-a")
        assert config is not None
        made.append(config)
        features.append(feature(f"u{left:02}", config))
        assert booked_twice(bookings("csp-a", features)) is None
        assert outside(bookings("csp-a", features)[-1], offered) is None
    assert free_vlans(offered, bookings("csp-a", features)) == ()
    assert l3.propose(guidance, guidance, made, (), "providers/csp-b", "providers/csp-a") is None


def feature(uuid: str, config: L3BaseConfig, peer: str = "csp-b") -> Feature:
    return Feature(peer, "env1", "ix1", uuid, "f1", "ch1", config.vlanId, config, FeatureState.PENDING)


def test_what_a_feature_books() -> None:
    config = L3BaseConfig(
        ipv4Subnet="169.254.0.4",
        ipv4SubnetPrefixLength=30,
        ipv6Subnet="fd20::",
        ipv6SubnetPrefixLength=64,
        mtuBytes=1500,
        vlanId=1100,
        providerBgpConfigs=(),
    )
    pending = feature("u1", config)
    refused = replace(pending, uuid="u2", state=FeatureState.RESTARTING)
    proposed = replace(pending, uuid="u3", state=FeatureState.PROPOSED)
    assert bookings("csp-a", [pending, refused, proposed]) == (
        booking("u1", 1100, "169.254.0.4/30", "fd20::/64"),
        booking("u3", 1100, "169.254.0.4/30", "fd20::/64"),
    )
    (mirrored,) = bookings("csp-b", [replace(pending, peer="csp-a")])
    assert mirrored == booking("u1", 1100, "169.254.0.4/30", "fd20::/64")
    assert booked_twice(bookings("csp-a", [pending, feature("u2", config, peer="csp-c")])) is None


def test_a_vlan_twice_on_a_channel() -> None:
    taken = [booking("u1", 1100), booking("u2", 1101), booking("u3", 1100), booking("u4", 1101, channel=CH2)]
    found = booked_twice(taken)
    assert found is not None
    assert (found.want, found.got) == ("one holder of VLAN 1100 on csp-a/csp-b/env1/ix1/ch1", "u1 and u3")
    assert booked_twice(taken[1:]) is None


@pytest.mark.parametrize(
    ("one", "other", "overlapping"),
    [
        ("169.254.0.0/30", "169.254.0.0/30", True),
        ("169.254.0.0/29", "169.254.0.4/30", True),
        ("169.254.0.4/30", "169.254.0.0/28", True),
        ("169.254.0.0/30", "169.254.0.4/30", False),
        ("fd20::/64", "fd20::/48", True),
        ("0.0.0.0/1", "::/1", False),
        ("169.254.0.5/32", "169.254.0.5/32", True),
    ],
)
def test_subnets_twice_on_a_channel(one: str, other: str, overlapping: bool) -> None:
    further = booking("u9", 1109, "169.254.9.0/30", "fd20:9::/64")
    assert (booked_twice([booking("u1", 1100, one), further, booking("u2", 1101, other)]) is not None) is overlapping
    channels = [booking("u1", 1100, one), booking("u2", 1101, other, channel=CH2)]
    assert booked_twice(channels) is None


def test_subnets_of_one_connection_differ_between_its_channels() -> None:
    taken = [booking("u1", 1100, "169.254.0.0/30"), booking("u1", 1100, "169.254.0.0/29", channel=CH2)]
    found = booked_twice(taken)
    assert found is not None
    assert found.want == "disjoint subnets of connection u1"
    assert found.got == "169.254.0.0/30 of u1 and 169.254.0.0/29 of u1"


@pytest.mark.parametrize(
    ("vlan", "subnet", "want"),
    [
        (1099, "169.254.0.0/30", "one of the VLANs 1100-4094 on csp-a/csp-b/env1/ix1/ch1"),
        (1100, "169.254.0.0/29", "a prefix length of /30 on csp-a/csp-b/env1/ix1/ch1"),
        (1100, "169.254.1.12/30", "a subnet inside what is offered on csp-a/csp-b/env1/ix1/ch1"),
        (1100, "169.255.0.0/30", "a subnet inside what is offered on csp-a/csp-b/env1/ix1/ch1"),
        (1100, "fd21::/64", "a subnet inside what is offered on csp-a/csp-b/env1/ix1/ch1"),
        (1100, "169.254.1.16/30", None),
    ],
)
def test_what_lies_outside(vlan: int, subnet: str, want: str | None) -> None:
    found = outside(booking("u1", vlan, subnet), STANDARD)
    assert (found and found.want) == want


def test_a_subnet_lies_in_one_span() -> None:
    halves = (SubnetGuidance(includeSubnet="10.0.0.0/25"), SubnetGuidance(includeSubnet="10.0.0.128/25"))
    offered = pool(L3BaseGuidance(ipv4SubnetGuidance=halves))
    whole: Network = ipaddress.ip_network("10.0.0.0/24")
    assert outside(Booking(CH1, "u1", 1100, (whole,)), offered) is not None
    assert subnets_left(offered.ipv4, 24) == 0
