"""The named inventories of coordinator-harness section 5: what two providers agreed out of band, as both keep it.

Each name gives one plan; ``inventories`` turns it into the copies of all seats, which differ in whose partner is whom
and in the ranges that each serves as guidance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reference_impl.connection_coordinator.messages import (
    ASNRange,
    L3BaseGuidance,
    MTURange,
    SubnetGuidance,
    VLANRange,
)
from reference_impl.connection_coordinator.records import (
    Account,
    Channel,
    Environment,
    Interconnect,
    Inventory,
    Partner,
)

DISPLAY_NAMES = {"csp-a": "Cloud Service Provider A", "csp-b": "Cloud Service Provider B", "csp-c": "Carrier C"}
SITES = {"csp-a": "a-east-1", "csp-b": "b-east1", "csp-c": "c-east"}
ASNS = {"csp-a": 16550, "csp-b": 64600, "csp-c": 64700}

ACCOUNTS = (
    Account("X"),
    Account("Y"),
    Account("Z", acts_for=("X",)),
    Account("S", good_standing=False),
)
"""X: destination and normal customer; Y: a stranger; Z may act for X; S is suspended."""

SIZES = (1000, 10000)


@dataclass(frozen=True, slots=True)
class Bundle:
    """An interconnect of a plan. ``devices`` is the number of the first device; one device per channel."""

    id: str
    max_mbps: int = 100_000
    state: str = "ACTIVE"
    sizes: tuple[int, ...] = SIZES
    channels: tuple[str, ...] = ("ch1", "ch2", "ch3", "ch4")
    devices: int = 1


@dataclass(frozen=True, slots=True)
class Path:
    """An environment of a plan, between two seats."""

    id: str
    interconnects: tuple[Bundle, ...]
    sizes: tuple[int, ...] = SIZES
    private_to: tuple[str, ...] = ()
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is between csp-a and csp-b; ``third`` is what csp-a and csp-b each have with csp-c.

    ``guidance`` gives the ranges that each seat serves, changed from the standard ones. ``issuers`` is the copy of
    csp-a where it deliberately differs from what was agreed: what only the harness serves.
    """

    paths: tuple[Path, ...]
    third: tuple[Path, ...] = ()
    guidance: Callable[[L3BaseGuidance], L3BaseGuidance] = lambda standard: standard
    issuers: tuple[Path, ...] = ()


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
    "five-channels": _with(replace(IX1, channels=("ch1", "ch2", "ch3", "ch4", "ch5")), replace(IX2, devices=6)),
}


def inventories(
    plan: Plan | str,
    channels: int | None = None,
    ids: Mapping[str, str] | None = None,
    api_uri: Callable[[str], str] = lambda seat: "",
) -> dict[str, Inventory]:
    """The copies of all seats of a plan, by seat.

    ``channels`` keeps only so many channels of each interconnect (small worlds). ``ids`` maps seats to provider IDs;
    without it a seat is its own ID. ``api_uri`` gives the endpoint of a seat: an environment
    tells where the provider in its path is reached (CC-ENV-006).
    """
    if isinstance(plan, str):
        if plan not in PLANS:
            raise KeyError(f"no inventory {plan!r}; there are {', '.join(PLANS)}")
        plan = PLANS[plan]
    pairs: list[tuple[str, str, Sequence[Path]]] = [("csp-a", "csp-b", plan.paths)]
    if plan.third:
        pairs += [("csp-a", "csp-c", plan.third), ("csp-b", "csp-c", plan.third)]
    seats = sorted({seat for one, other, _ in pairs for seat in (one, other)})
    named = {seat: (ids or {}).get(seat, seat) for seat in seats}
    ranges = {seat: plan.guidance(guidance_of(seat)) for seat in seats}
    differing = [("csp-a", "csp-b", plan.issuers)] if plan.issuers else pairs
    agreed = {seat: differing if seat == "csp-a" else pairs for seat in seats}
    return {seat: _copy(seat, agreed[seat], named, channels, api_uri, ranges[seat]) for seat in seats}


def _copy(
    seat: str,
    pairs: Sequence[tuple[str, str, Sequence[Path]]],
    named: Mapping[str, str],
    channels: int | None,
    api_uri: Callable[[str], str],
    guidance: L3BaseGuidance,
) -> Inventory:
    inventory = Inventory(accounts=ACCOUNTS)
    for one, other, paths in pairs:
        if seat not in (one, other):
            continue
        peer = other if seat == one else one
        inventory = replace(
            inventory,
            partners=(*inventory.partners, Partner(named[peer], DISPLAY_NAMES[peer], named[seat])),
        )
        for path in paths:
            inventory = _add(inventory, seat, peer, (one, other), path, named, channels, api_uri(peer), guidance)
    return inventory


def _add(
    inventory: Inventory,
    seat: str,
    peer: str,
    pair: tuple[str, str],
    path: Path,
    named: Mapping[str, str],
    channels: int | None,
    api_uri: str,
    guidance: L3BaseGuidance,
) -> Inventory:
    environment = Environment(
        named[peer],
        path.id,
        path.sizes,
        tuple((named[each], SITES[each] + path.suffix) for each in (seat, peer)),
        api_uri,
        bool(path.private_to),
        path.private_to,
    )
    interconnects, lags = [], []
    for bundle in path.interconnects:
        interconnects.append(
            Interconnect(
                named[peer],
                path.id,
                bundle.id,
                bundle.max_mbps,
                f"INTERCONNECT_STATE_{bundle.state}",
                bundle.sizes,
            )
        )
        for number, channel in enumerate(bundle.channels[:channels]):
            manager = named[pair[0] if number < 2 else pair[1]]
            lags.append(
                Channel(
                    named[peer],
                    path.id,
                    bundle.id,
                    channel,
                    device=f"{SITES[seat]}-{100 + bundle.devices + number}",
                    demarc=f"{path.id}/{bundle.id}/{number + 1}",
                    macsec_manager=manager,
                    crossconnect_manager=manager,
                    guidance=guidance,
                )
            )
    return replace(
        inventory,
        environments=(*inventory.environments, environment),
        interconnects=(*inventory.interconnects, *interconnects),
        channels=(*inventory.channels, *lags),
    )
