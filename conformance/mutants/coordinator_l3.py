"""Wrong implementations of guidance and of the L3 parameters; each differs from the reference in one decision."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator import l3
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.messages import (
    ASNRange,
    L3BaseConfig,
    L3BaseGuidance,
    SubnetGuidance,
    VLANRange,
)

Breach = Callable[[L3BaseConfig, L3BaseGuidance, str, str], str | None]
Propose = Callable[
    [L3BaseGuidance, L3BaseGuidance, Sequence[L3BaseConfig], Sequence[L3BaseConfig], str, str], L3BaseConfig | None
]


def _responder(id: str, vice: str, caught_by: str, **spoiled: Any) -> Mutant:
    decisions = replace(PROVIDER, **spoiled)
    return Mutant(f"cc-l3-{id}", vice, caught_by, "connection-coordinator", "csp-a", decisions)


def _negotiator(id: str, vice: str, caught_by: str, **spoiled: Any) -> Mutant:
    decisions = replace(PROVIDER, **spoiled)
    return Mutant(f"cc-l3-{id}", vice, caught_by, "connection-coordinator", "csp-b", decisions)


def _blind(**members: Any) -> Breach:
    """Judges as if the guidance said this."""
    return lambda config, guidance, server, caller: l3.breach(
        config, guidance.model_copy(update=members), server, caller
    )


def _reading(**members: Any) -> Breach:
    """Judges as if the configuration said this."""
    return lambda config, guidance, server, caller: l3.breach(
        config.model_copy(update=members), guidance, server, caller
    )


def _without_exclusions(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    spaces = tuple(space.model_copy(update={"excludeSubnets": ()}) for space in guidance.ipv4SubnetGuidance)
    return l3.breach(config, guidance.model_copy(update={"ipv4SubnetGuidance": spaces}), server, caller)


def _masking(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    try:
        network = ipaddress.ip_network(f"{config.ipv4Subnet}/{config.ipv4SubnetPrefixLength}", strict=False)
    except ValueError:
        return "ipv4Subnet cannot be read"
    masked = config.model_copy(update={"ipv4Subnet": str(network.network_address)})
    return l3.breach(masked, guidance, server, caller)


def _any_host(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    reason = l3.breach(config, guidance, server, caller)
    return None if reason and reason.startswith("hostIpv4") else reason


def _one_entry_will_do(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    reason = l3.breach(config, guidance, server, caller)
    return None if reason and reason.startswith("providerBgpConfigs") else reason


def _half_of_ipv6(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    reason = l3.breach(config, guidance, server, caller)
    return None if reason and reason.startswith("IPv6 comes whole") else reason


def _ipv6_demanded(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    return l3.breach(config, guidance, server, caller) or (None if config.ipv6Subnet else "want IPv6 as well")


def _telling_all(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    reason = l3.breach(config, guidance, server, caller)
    return f"{reason} in {config.to_json()}" if reason else None


def _ranges_demanded(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    return l3.breach(config, guidance, server, caller) or (None if guidance.vlanRanges else "no VLAN is offered")


def _preferred_only(config: L3BaseConfig, guidance: L3BaseGuidance, server: str, caller: str) -> str | None:
    wishes = [space.preferredSubnet for space in guidance.ipv4SubnetGuidance if space.preferredSubnet]
    subnet = f"{config.ipv4Subnet}/{config.ipv4SubnetPrefixLength}"
    return l3.breach(config, guidance, server, caller) or (
        f"want {wishes}" if wishes and subnet not in wishes else None
    )


def _same_subnet_only(config: L3BaseConfig, reserved: Sequence[L3BaseConfig]) -> str | None:
    clashing = [o for o in reserved if o.vlanId == config.vlanId or o.ipv4Subnet == config.ipv4Subnet]
    return l3.clash(config, clashing)


def _served_as(**members: Any) -> Callable[[L3BaseGuidance, Sequence[L3BaseConfig]], L3BaseGuidance]:
    return lambda guidance, reserved: guidance.model_copy(update=members)


def _changing(change: Callable[[L3BaseConfig, L3BaseGuidance], dict[str, Any]]) -> Propose:
    """Proposes what the reference does, with some members changed."""

    def propose(
        guidance: L3BaseGuidance,
        own: L3BaseGuidance,
        reserved: Sequence[L3BaseConfig],
        siblings: Sequence[L3BaseConfig],
        server: str,
        caller: str,
    ) -> L3BaseConfig | None:
        config = l3.propose(guidance, own, reserved, siblings, server, caller)
        return config.model_copy(update=change(config, guidance)) if config else None

    return propose


def _supposing(**members: Any) -> Propose:
    """Proposes as if the guidance said this."""
    return lambda guidance, own, reserved, siblings, server, caller: l3.propose(
        guidance.model_copy(update=members), own, reserved, siblings, server, caller
    )


def _own_asn_twice(config: L3BaseConfig, guidance: L3BaseGuidance) -> dict[str, Any]:
    server, caller = config.providerBgpConfigs
    return {"providerBgpConfigs": (server.model_copy(update={"asn": caller.asn}), caller)}


def _ipv6_host(config: L3BaseConfig, guidance: L3BaseGuidance) -> dict[str, Any]:
    hosts = ("fd20:0:0:1::1", "fd20:0:0:1::2")
    entries = zip(config.providerBgpConfigs, hosts, strict=True)
    return {
        "ipv6Subnet": hosts[0],
        "ipv6SubnetPrefixLength": 64,
        "providerBgpConfigs": tuple(entry.model_copy(update={"hostIpv6": host}) for entry, host in entries),
    }


def _equal_hosts(config: L3BaseConfig, guidance: L3BaseGuidance) -> dict[str, Any]:
    server, caller = config.providerBgpConfigs
    return {"providerBgpConfigs": (server, caller.model_copy(update={"hostIpv4": server.hostIpv4}))}


def _forgetful(
    guidance: L3BaseGuidance,
    own: L3BaseGuidance,
    reserved: Sequence[L3BaseConfig],
    siblings: Sequence[L3BaseConfig],
    server: str,
    caller: str,
) -> L3BaseConfig | None:
    return l3.propose(guidance, own, (), siblings, server, caller)


_REVERSED = _served_as(vlanRanges=(VLANRange(start=4094, stop=1100),))
_OVERLAPPING = _served_as(asnRanges=(ASNRange(start=16550, stop=16560), ASNRange(start=16560, stop=16570)))
_OUTSIDE = _served_as(
    ipv4SubnetGuidance=(SubnetGuidance(includeSubnet="169.254.0.0/16", excludeSubnets=("10.0.0.0/28",)),)
)

MUTANTS = (
    # --- the responder ---
    _responder("any-vlan", "takes VLANs that it does not offer", "CC-FEAT-010/3", breach=_blind(vlanRanges=())),
    _responder("low-vlan", "takes VLAN 1024 and lower", "CC-FEAT-010/1", breach=_reading(vlanId=2000)),
    _responder("any-mtu", "takes an MTU that it does not support", "CC-FEAT-011/3", breach=_blind(mtuRanges=())),
    _responder(
        "any-length",
        "takes prefix lengths that it does not offer",
        "CC-FEAT-007/1",
        breach=_blind(ipv4AllowedSubnetPrefixLengths=()),
    ),
    _responder(
        "any-ipv6-length",
        "takes IPv6 prefix lengths that it does not offer",
        "CC-FEAT-007/2",
        breach=_blind(ipv6AllowedSubnetPrefixLengths=()),
    ),
    _responder("any-subnet", "takes any subnet", "CC-GUIDE-008/2", breach=_blind(ipv4SubnetGuidance=())),
    _responder("no-exclusions", "forgets its exclusions", "CC-FEAT-006/1", breach=_without_exclusions),
    _responder("masks", "applies the mask where it was forgotten", "CC-FEAT-008/1", breach=_masking),
    _responder("any-asn", "takes any ASN for itself", "CC-FEAT-009/1", breach=_blind(asnRanges=())),
    _responder("any-host", "takes hosts outside the subnet", "CC-FEAT-013/2", breach=_any_host),
    _responder("one-entry", "is content with one BGP entry", "CC-FEAT-013/1", breach=_one_entry_will_do),
    _responder("half-ipv6", "takes half of an IPv6 proposal", "CC-FEAT-014/2", breach=_half_of_ipv6),
    _responder("wants-ipv6", "demands IPv6", "CC-FEAT-014/1", breach=_ipv6_demanded),
    _responder("tells-password", "repeats the proposal in its error", "CC-FEAT-013/5", breach=_telling_all),
    _responder("wants-ranges", "reads no VLAN range as no VLAN", "CC-GUIDE-007/1", breach=_ranges_demanded),
    _responder("insists", "takes its preferred subnet only", "CC-GUIDE-007/4", breach=_preferred_only),
    _responder("no-clash", "gives a VLAN twice", "CC-FEAT-004/1", clash=lambda config, reserved: None),
    _responder("equal-subnets", "sees equal subnets clash only", "CC-FEAT-004/2", clash=_same_subnet_only),
    _responder("gives-to-all", "reserves nothing when many come", "CC-FEAT-018/1", clash=lambda config, reserved: None),
    _responder("two-on-a-channel", "takes a second feature", "CC-FEAT-015/2", one_feature_per_channel=False),
    _responder("ten-on-a-channel", "takes ten at once", "CC-RACE-005/4", one_feature_per_channel=False),
    _responder("not-narrowed", "refuses the query parameters", "CC-GUIDE-003/4", narrows_guidance=False),
    _responder("reversed-range", "serves a range from its end", "CC-GUIDE-005/1", served=_REVERSED),
    _responder("overlapping-asns", "serves ASN ranges that overlap", "CC-GUIDE-005/2", served=_OVERLAPPING),
    _responder("excludes-elsewhere", "excludes what it does not include", "CC-GUIDE-006/1", served=_OUTSIDE),
    _responder(
        "short-lengths",
        "allows prefixes shorter than its subnets",
        "CC-GUIDE-006/2",
        served=_served_as(ipv4AllowedSubnetPrefixLengths=(8, 30)),
    ),
    # --- the negotiator ---
    _negotiator("used-vlan", "proposes the lowest VLAN, used or not", "CC-FEAT-010/4", propose=_forgetful),
    _negotiator("used-vlan-again", "proposes used VLANs where none is left", "CC-FEAT-010/5", propose=_forgetful),
    _negotiator(
        "small-mtu", "is content with 1400", "CC-FEAT-011/1", propose=_changing(lambda c, g: {"mtuBytes": 1400})
    ),
    _negotiator("own-mtu", "looks at its own MTU only", "CC-FEAT-011/2", propose=_supposing(mtuRanges=())),
    _negotiator(
        "own-subnet",
        "takes any part of the included subnet",
        "CC-FEAT-006/3",
        propose=_supposing(ipv4SubnetGuidance=(SubnetGuidance(includeSubnet="169.254.8.0/24"),)),
    ),
    _negotiator(
        "always-30", "always proposes a /30", "CC-FEAT-007/3", propose=_supposing(ipv4AllowedSubnetPrefixLengths=(30,))
    ),
    _negotiator(
        "host-as-subnet", "gives a host's address as the IPv6 subnet", "CC-FEAT-008/3", propose=_changing(_ipv6_host)
    ),
    _negotiator("own-asn", "gives its own ASN to both", "CC-FEAT-009/3", propose=_changing(_own_asn_twice)),
    _negotiator("equal-hosts", "gives one host to both", "CC-FEAT-013/3", propose=_changing(_equal_hosts)),
    _negotiator(
        "partial",
        "leaves the BGP entries for later",
        "CC-FEAT-001/4",
        propose=_changing(lambda c, g: {"providerBgpConfigs": ()}),
    ),
    _negotiator("repeats", "proposes the same after a 409", "CC-FEAT-005/1", propose=_forgetful),
    _negotiator(
        "restarts-all",
        "begins all channels anew after one conflict",
        "CC-FEAT-005/2",
        restart_channels=lambda refused, channels: tuple(channels),
    ),
    _negotiator("hammers", "proposes on and on", "CC-FEAT-005/4", feature_attempts=60, backoff=lambda attempt: 100),
    _negotiator("wants-four", "gives up with three of four", "CC-FEAT-017/1", threshold=lambda channels: channels),
    _negotiator("content-with-two", "goes on with two of four", "CC-FEAT-017/2", threshold=lambda channels: 2),
    _negotiator("does-not-look", "proposes anew when an answer is lost", "CC-FEAT-020/1", looks_for_features=False),
    _negotiator(
        "takes-its-own-for-foreign", "sees a stranger in its own feature", "CC-RACE-004/1", looks_for_features=False
    ),
    Mutant(
        "cc-l3-vlan-1000",
        "takes what is offered, even VLAN 1000",
        "CC-GUIDE-005/3",
        "connection-coordinator",
        "csp-a",
        replace(PROVIDER, propose=_changing(lambda c, g: {"vlanId": g.vlanRanges[0].start} if g.vlanRanges else {})),
    ),
)
