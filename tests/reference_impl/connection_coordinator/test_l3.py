"""L3 proposals: whatever the guidance, a proposal keeps to it and to what is reserved."""

from __future__ import annotations

from ipaddress import IPv4Network

from hypothesis import given, settings
from hypothesis import strategies as st

from reference_impl.connection_coordinator import l3
from reference_impl.connection_coordinator.messages import (
    ASNRange,
    L3BaseConfig,
    L3BaseGuidance,
    MTURange,
    ProviderBgpConfig,
    SubnetGuidance,
    VLANRange,
)

SERVER, CALLER = "providers/csp-a", "providers/csp-b"


def config(vlan: int = 1100, subnet: str = "169.254.0.0/30", **changes: object) -> L3BaseConfig:
    network = IPv4Network(subnet)
    made = L3BaseConfig(
        ipv4Subnet=str(network.network_address),
        ipv4SubnetPrefixLength=network.prefixlen,
        mtuBytes=1500,
        vlanId=vlan,
        providerBgpConfigs=(
            ProviderBgpConfig(provider=SERVER, asn=16550, hostIpv4=str(network[1])),
            ProviderBgpConfig(provider=CALLER, asn=64600, hostIpv4=str(network[2])),
        ),
    )
    return made.model_copy(update=changes)


@st.composite
def guidances(draw: st.DrawFn) -> L3BaseGuidance:
    def ranges(low: int, high: int) -> list[tuple[int, int]]:
        pair = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)
        return [(start, stop) for start, stop in draw(st.lists(pair, max_size=2))]

    includes = draw(
        st.lists(st.sampled_from(["169.254.0.0/24", "169.254.8.0/28", "10.1.0.0/25"]), max_size=2, unique=True)
    )
    spaces = []
    for include in includes:
        inner = list(IPv4Network(include).subnets(new_prefix=30))
        some = st.sampled_from([str(each) for each in inner])
        spaces.append(
            SubnetGuidance(
                includeSubnet=include,
                excludeSubnets=tuple(draw(st.lists(some, max_size=3))),
                preferredSubnet=draw(st.none() | some),
            )
        )
    return L3BaseGuidance(
        asnRanges=tuple(ASNRange(start=a, stop=b) for a, b in ranges(1, 4294967295)),
        ipv4SubnetGuidance=tuple(spaces),
        ipv4AllowedSubnetPrefixLengths=tuple(draw(st.lists(st.integers(28, 31), max_size=3, unique=True))),
        vlanRanges=tuple(VLANRange(start=a, stop=b) for a, b in ranges(1000, 1060)),
        mtuRanges=tuple(MTURange(start=a, stop=b) for a, b in ranges(1300, 9001)),
    )


@st.composite
def reservations(draw: st.DrawFn) -> list[L3BaseConfig]:
    subnets = [str(each) for each in IPv4Network("169.254.0.0/26").subnets(new_prefix=30)]
    pairs = draw(st.lists(st.tuples(st.integers(1025, 1032), st.sampled_from(subnets)), max_size=6))
    return [config(vlan, subnet) for vlan, subnet in pairs]


@settings(max_examples=300, deadline=None)
@given(theirs=guidances(), ours=guidances(), reserved=reservations(), siblings=reservations())
def test_every_proposal_is_acceptable(
    theirs: L3BaseGuidance, ours: L3BaseGuidance, reserved: list[L3BaseConfig], siblings: list[L3BaseConfig]
) -> None:
    """Inside the responder's guidance, clear of the channel's reservations, subnets clear of the siblings'."""
    proposal = l3.propose(theirs, ours, reserved, siblings, SERVER, CALLER)
    if proposal is None:
        return
    assert l3.breach(proposal, theirs, SERVER, CALLER) is None
    assert l3.clash(proposal, reserved) is None
    assert not any(l3.subnets_clash(proposal, other) for other in siblings)


@settings(max_examples=100, deadline=None)
@given(reserved=reservations(), siblings=reservations())
def test_where_values_are_left_there_is_a_proposal(reserved: list[L3BaseConfig], siblings: list[L3BaseConfig]) -> None:
    assert l3.propose(L3BaseGuidance(), L3BaseGuidance(), reserved, siblings, SERVER, CALLER) is not None


@settings(max_examples=50, deadline=None)
@given(free=st.integers(1025, 1030))
def test_the_last_vlan_is_found_and_then_none(free: int) -> None:
    guidance = L3BaseGuidance(vlanRanges=(VLANRange(start=1000, stop=1030),))  # up to 1024 nothing may be used
    taken = [config(vlan, f"10.0.{vlan - 1025}.0/30") for vlan in range(1025, 1031) if vlan != free]
    proposal = l3.propose(guidance, L3BaseGuidance(), taken, [], SERVER, CALLER)
    assert proposal is not None
    assert proposal.vlanId == free
    assert l3.propose(guidance, L3BaseGuidance(), [*taken, proposal], [], SERVER, CALLER) is None


def test_the_preferred_subnet_is_taken_when_it_is_free() -> None:
    space = SubnetGuidance(includeSubnet="169.254.0.0/24", preferredSubnet="169.254.0.64/30")
    guidance = L3BaseGuidance(ipv4SubnetGuidance=(space,))
    first = l3.propose(guidance, L3BaseGuidance(), [], [], SERVER, CALLER)
    assert first is not None
    assert str(l3.subnet_of(first)) == "169.254.0.64/30"
    second = l3.propose(guidance, L3BaseGuidance(), [], [first], SERVER, CALLER)
    assert second is not None
    assert str(l3.subnet_of(second)) == "169.254.0.0/30"


def test_the_mtu_is_the_highest_that_both_support() -> None:
    theirs = L3BaseGuidance(mtuRanges=(MTURange(start=1300, stop=8500),))
    ours = L3BaseGuidance(mtuRanges=(MTURange(start=1300, stop=1400), MTURange(start=8000, stop=9001)))
    proposal = l3.propose(theirs, ours, [], [], SERVER, CALLER)
    assert proposal is not None
    assert proposal.mtuBytes == 8500
    apart = L3BaseGuidance(mtuRanges=(MTURange(start=9000, stop=9001),))
    assert l3.propose(theirs, apart, [], [], SERVER, CALLER) is None


def test_a_clash_is_one_of_vlan_or_subnet() -> None:
    assert l3.clash(config(), []) is None
    assert l3.clash(config(1100), [config(1100, "10.0.0.0/30")]) == "vlanId 1100 is reserved on this channel"
    assert l3.clash(config(1101), [config(1100, "169.254.0.0/28")]) == (
        "subnet 169.254.0.0/30 overlaps one that is reserved"
    )
    assert l3.clash(config(1101), [config(1100, "169.254.0.4/30")]) is None
