"""The named inventories of coordinator-harness section 5: what two providers agreed out of band, as both keep it.

Each name gives one plan, which is cabled as one topology; every seat's copy is derived from it. The copies differ only
in whose partner is whom, in the routers at the own end and in the ranges that each seat serves as guidance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from reference_impl.connection_coordinator import inventory_records
from reference_impl.connection_coordinator.inventory_records import Account, Inventory, Partner
from reference_impl.connection_coordinator.macsec_records import MacSecKey
from reference_impl.connection_coordinator.messages import (
    ASNRange,
    L3BaseGuidance,
    MTURange,
    SubnetGuidance,
    VLANRange,
)
from simulator.topology.builders import SIZES, Between, Bundle, Path, lay
from simulator.topology.physical import Channel, Environment, Interconnect, Topology

FIRST_KEY = "first"
"""The ID of the MACsec key on each channel of macsec-split."""

SECOND_ENDPOINT = "/second-endpoint"
"""Below a provider's address, where it is reached for its second environment (CC-ENV-006)."""

DISPLAY_NAMES = {"csp-a": "Cloud Service Provider A", "csp-b": "Cloud Service Provider B", "csp-c": "Carrier C"}
ASNS = {"csp-a": 16550, "csp-b": 64600, "csp-c": 64700}

ACCOUNTS = (
    Account("X"),
    Account("Y"),
    Account("Z", acts_for=("X",)),
    Account("S", good_standing=False),
)
"""X: destination and normal customer; Y: a stranger; Z may act for X; S is suspended."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is between csp-a and csp-b; ``third`` is what csp-a and csp-b each have with csp-c.

    ``guidance`` gives the ranges that each seat serves, changed from the standard ones. ``proving``: each account has a
    key for its statements. ``endpoints``: environments that are reached elsewhere below a provider's address.
    ``issuers`` is the copy of csp-a where it deliberately differs from what was agreed: what only the harness serves.
    ``keyed``: each channel has one active MACsec key, whose bake time is over.
    """

    paths: tuple[Path, ...]
    third: tuple[Path, ...] = ()
    guidance: Callable[[L3BaseGuidance], L3BaseGuidance] = lambda standard: standard
    issuers: tuple[Path, ...] = ()
    keyed: bool = False
    proving: bool = False
    endpoints: tuple[tuple[str, str], ...] = ()

    def betweens(self) -> tuple[Between, ...]:
        """Who is connected with whom, as agreed."""
        thirds = (("csp-a", "csp-c", self.third), ("csp-b", "csp-c", self.third)) if self.third else ()
        return (("csp-a", "csp-b", self.paths), *thirds)


def guidance_of(seat: str) -> L3BaseGuidance:
    """The ranges this seat serves (coordinator-harness, section 5, standard)."""
    return L3BaseGuidance(
        asnRanges=(ASNRange(start=ASNS[seat], stop=ASNS[seat]),),
        ipv4SubnetGuidance=(SubnetGuidance(includeSubnet="169.254.0.0/16", excludeSubnets=("169.254.1.0/28",)),),
        ipv6SubnetGuidance=(SubnetGuidance(includeSubnet="fd20::/40"),),
        ipv4AllowedSubnetPrefixLengths=(30,),
        ipv6AllowedSubnetPrefixLengths=(64,),
        vlanRanges=(VLANRange(start=1100, stop=4094),),
        mtuRanges=(MTURange(start=1300, stop=9001),),
    )


def _changed(**members: object) -> Callable[[L3BaseGuidance], L3BaseGuidance]:
    return lambda standard: standard.model_copy(update=members)


_WIDE_ASNS = (ASNRange(start=16550, stop=16550), ASNRange(start=64600, stop=4294967294))


IX1, IX2 = Bundle("ix1"), Bundle("ix2", devices=5)
STANDARD = Plan((Path("env1", (IX1, IX2)),))


def _with(*interconnects: Bundle, sizes: tuple[int, ...] = SIZES) -> Plan:
    return Plan((Path("env1", interconnects, sizes),))


PLANS: Mapping[str, Plan] = {
    "standard": STANDARD,
    "two-environments": Plan(
        (*STANDARD.paths, Path("env2", (Bundle("ix3", sizes=(1000, 2000), devices=9),), (1000, 2000), suffix="-west"))
    ),
    "two-endpoints": Plan(
        (*STANDARD.paths, Path("env2", (Bundle("ix3", devices=9),), suffix="-west")),
        endpoints=(("env2", SECOND_ENDPOINT),),
    ),
    "private-environment": Plan(
        (
            *STANDARD.paths,
            Path("env2", (Bundle("ix3", sizes=(1000, 2000), devices=9),), (1000, 2000), ("X",), suffix="-west"),
        )
    ),
    "three-partners": Plan(STANDARD.paths, third=(Path("env1", (Bundle("ix1", devices=21),), suffix="-third"),)),
    "closed-and-pending": _with(
        replace(IX1, max_mbps=20_000), replace(IX2, state="CLOSED"), Bundle("ix3", state="PENDING", devices=9)
    ),
    "all-closed": _with(replace(IX1, state="CLOSED"), replace(IX2, state="CLOSED")),
    "unequal-rooms": _with(
        replace(IX1, max_mbps=10_000), replace(IX2, max_mbps=40_000), Bundle("ix3", max_mbps=20_000, devices=9)
    ),
    "one-left": _with(replace(IX1, max_mbps=1000)),
    "one-left-each": _with(replace(IX1, max_mbps=1000), replace(IX2, max_mbps=1000)),
    "three-left": _with(replace(IX1, max_mbps=3000), IX2),
    "nine-left": _with(replace(IX1, max_mbps=10_000, sizes=(1000, 2000, 10000)), sizes=(1000, 2000, 10000)),
    "tight-and-roomy": _with(replace(IX1, max_mbps=10_000), IX2),
    "open-guidance": replace(
        STANDARD,
        guidance=_changed(vlanRanges=(), ipv4AllowedSubnetPrefixLengths=(), ipv6AllowedSubnetPrefixLengths=()),
    ),
    "narrow-guidance": replace(
        STANDARD,
        guidance=_changed(
            ipv4AllowedSubnetPrefixLengths=(29,),
            vlanRanges=(VLANRange(start=2000, stop=2010),),
            mtuRanges=(MTURange(start=1400, stop=8500),),
        ),
    ),
    "wide-asn-guidance": replace(STANDARD, guidance=_changed(asnRanges=_WIDE_ASNS)),
    "preferring-guidance": replace(
        STANDARD,
        guidance=_changed(
            ipv4SubnetGuidance=(
                SubnetGuidance(
                    includeSubnet="169.254.0.0/16",
                    excludeSubnets=("169.254.1.0/28",),
                    preferredSubnet="169.254.2.0/30",
                ),
            )
        ),
    ),
    "three-sizes": _with(replace(IX1, sizes=(1000, 2000, 10000)), sizes=(1000, 2000, 10000)),
    "extra-size": _with(IX1, replace(IX2, sizes=(1000, 2000, 10000))),
    "missing-size": _with(replace(IX1, max_mbps=50_000), replace(IX2, sizes=(1000,))),
    "five-channels-only": replace(
        STANDARD, issuers=(Path("env1", (replace(IX1, channels=("ch1", "ch2", "ch3", "ch4", "ch5")),)),)
    ),
    "odd-channels": replace(
        STANDARD, issuers=(Path("env1", (replace(IX1, channels=("ch1", "ch3", "ch7", "east-b")),)),)
    ),
    "five-of-each": Plan(
        (
            Path(
                "env1",
                (
                    replace(IX1, channels=("ch1", "ch2", "ch3", "ch4", "ch5")),
                    *(Bundle(f"ix{number}", devices=5 * number) for number in range(2, 6)),
                ),
            ),
            *(
                Path(f"env{number}", (Bundle(f"ix{number + 4}", devices=25 + 5 * number),), suffix=f"-{number}")
                for number in range(2, 6)
            ),
        )
    ),
    "deferral": Plan(
        (
            replace(STANDARD.paths[0], defer_hours=2),
            Path("env2", (Bundle("ix3", devices=9),), suffix="-west"),
        )
    ),
    "five-channels": _with(replace(IX1, channels=("ch1", "ch2", "ch3", "ch4", "ch5")), replace(IX2, devices=6)),
    "macsec-split": replace(STANDARD, keyed=True),
    "proving-customers": replace(STANDARD, proving=True),
    "macsec-blank": STANDARD,
    "shared-device": _with(IX1, replace(IX2, devices=1), Bundle("ix3", devices=5)),
}


def topology_of(name: str, channels: int | None = None) -> Topology:
    """What was agreed under this name, cabled. KeyError names the inventories there are."""
    return _cabled(_plan(name), channels)


def inventories(
    plan: Plan | str,
    channels: int | None = None,
    ids: Mapping[str, str] | None = None,
    api_uri: Callable[[str], str] = lambda seat: "",
) -> dict[str, Inventory]:
    """The copies of all seats of a plan, by seat; KeyError names the plans there are.

    ``channels`` keeps only so many channels of each interconnect (small worlds). ``ids`` and ``api_uri`` as for
    ``copies``.
    """
    if isinstance(plan, str):
        plan = _plan(plan)
    agreed = copies(_cabled(plan, channels), ids, api_uri, plan.guidance)
    if plan.issuers:
        differing = lay([("csp-a", "csp-b", plan.issuers)], channels)
        agreed["csp-a"] = copies(differing, ids, api_uri, plan.guidance)["csp-a"]
    if plan.endpoints:
        agreed = {seat: _reached(copy, dict(plan.endpoints)) for seat, copy in agreed.items()}
    if plan.proving:
        accounts = tuple(replace(each, proof_key=proof_key(each.id)) for each in ACCOUNTS)
        agreed = {seat: replace(copy, accounts=accounts) for seat, copy in agreed.items()}
    if plan.keyed:
        agreed = {seat: replace(copy, macsec_keys=_keys(copy)) for seat, copy in agreed.items()}
    return agreed


def _reached(copy: Inventory, endpoints: Mapping[str, str]) -> Inventory:
    return replace(
        copy,
        environments=tuple(
            replace(each, api_uri=each.api_uri and each.api_uri.rstrip("/") + endpoints.get(each.id, ""))
            for each in copy.environments
        ),
    )


def proof_key(account: str) -> str:
    """The key with which an account signs its statements, in the inventories where it has one (CC-SEC-004)."""
    return f"statements-of-{account}"


def _keys(copy: Inventory) -> tuple[MacSecKey, ...]:
    """A key for each channel, the same on both sides, active since long ago."""
    keys = []
    for row in copy.channels:
        place = (row.environment, row.interconnect, row.id)
        cak, ckn = (hashlib.sha256("/".join((kind, *place)).encode()).hexdigest() for kind in ("cak", "ckn"))
        keys.append(MacSecKey(row.peer, *place, FIRST_KEY, cak, ckn, 0, active=True))
    return tuple(keys)


def copies(
    topology: Topology,
    ids: Mapping[str, str] | None = None,
    api_uri: Callable[[str], str] = lambda seat: "",
    guidance: Callable[[L3BaseGuidance], L3BaseGuidance] = lambda standard: standard,
) -> dict[str, Inventory]:
    """Each provider's inventory, by seat, derived from one topology.

    ``ids`` maps seats to provider IDs; without it a seat is its own ID. ``api_uri`` gives the endpoint of a seat: an
    environment tells where the provider in its path is reached (CC-ENV-006). ``guidance`` changes the standard ranges.
    """
    named = {seat: (ids or {}).get(seat, seat) for seat in topology.providers}
    return {seat: _copy(topology, seat, named, api_uri, guidance(guidance_of(seat))) for seat in topology.providers}


def _plan(name: str) -> Plan:
    if name not in PLANS:
        raise KeyError(f"no inventory {name!r}; there are {', '.join(PLANS)}")
    return PLANS[name]


@lru_cache(maxsize=128)
def _cabled(plan: Plan, channels: int | None) -> Topology:
    """A world is made from the same plan again and again; a topology never changes."""
    return lay(plan.betweens(), channels)


def _copy(
    topology: Topology,
    seat: str,
    named: Mapping[str, str],
    api_uri: Callable[[str], str],
    guidance: L3BaseGuidance,
) -> Inventory:
    partners: dict[str, Partner] = {}
    environments, interconnects, channels = [], [], []
    for environment in topology.environments:
        if seat not in environment.providers:
            continue
        (peer,) = (each for each in environment.providers if each != seat)
        partners.setdefault(peer, Partner(named[peer], DISPLAY_NAMES[peer], named[seat]))
        environments.append(_environment(environment, seat, named, peer, api_uri(peer)))
        for interconnect in environment.interconnects:
            place = (named[peer], environment.id, interconnect.id)
            interconnects.append(_interconnect(interconnect, place))
            channels += [_channel(channel, place, seat, named, guidance) for channel in interconnect.channels]
    return Inventory(tuple(partners.values()), ACCOUNTS, tuple(environments), tuple(interconnects), tuple(channels))


def _environment(
    environment: Environment, seat: str, named: Mapping[str, str], peer: str, api_uri: str
) -> inventory_records.Environment:
    own_first = sorted(environment.sites, key=lambda site: site.provider != seat)
    return inventory_records.Environment(
        named[peer],
        environment.id,
        environment.sizes,
        tuple((named[site.provider], site.code) for site in own_first),
        api_uri,
        bool(environment.private_to),
        environment.private_to,
        defers=environment.defer_hours > 0,
        deferral_hours=environment.defer_hours,
    )


def _interconnect(interconnect: Interconnect, place: tuple[str, str, str]) -> inventory_records.Interconnect:
    state = f"INTERCONNECT_STATE_{interconnect.state}"
    return inventory_records.Interconnect(*place, interconnect.max_mbps, state, interconnect.sizes)


def _channel(
    channel: Channel, place: tuple[str, str, str], seat: str, named: Mapping[str, str], guidance: L3BaseGuidance
) -> inventory_records.Channel:
    """ValueError for a LAG that no record can describe: ports of several sizes or on several routers."""
    ports = channel.ports(seat)
    if len({(port.device, port.gbps) for port in ports}) != 1:
        told = ", ".join(f"{port.gbps} Gbps on {port.device.name}" for port in ports) or "none"
        raise ValueError(f"{'/'.join((*place[1:], channel.id))}: want ports of one size on one router, got {told}")
    return inventory_records.Channel(
        *place,
        channel.id,
        device=ports[0].device.name,
        demarc=channel.demarc,
        member_gbps=ports[0].gbps,
        members=len(ports),
        macsec_manager=named[channel.macsec_manager],
        crossconnect_manager=named[channel.crossconnect_manager],
        guidance=guidance,
    )
