"""What a topology must be like before connections are placed on it: one check per demand of the documents.

``flaws`` applies them all and returns what is wrong, in the order of the checks and of the topology; a sound topology
has none. What is only a SHOULD, or tolerated by an erratum, is a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from reports.verdict import Finding, Verdict
from simulator.topology.builders import PORT_GBPS
from simulator.topology.flaws import Flaw
from simulator.topology.graph import disjoint_ways
from simulator.topology.maintenance import deadlocks, mixed_groups
from simulator.topology.physical import Topology

DIVERSITY = 4
"""Router-disjoint channels of an interconnect, unless the providers agreed on another number (CC-CH-004)."""


def names_distinct(topology: Topology) -> Iterator[Flaw]:
    """Ids are distinct: of environments between two providers (CC-ENV-001), of interconnects in an environment
    (CC-IX-001), of channels in an interconnect (CC-CH-001)."""
    between: dict[tuple[str, ...], list[str]] = {}
    for environment in topology.environments:
        between.setdefault(tuple(sorted(environment.providers)), []).append(environment.id)
    for providers, ids in between.items():
        yield from _repeated("CC-ENV-001", ", ".join(providers), "distinct environment ids", ids)
    for environment in topology.environments:
        ids = [interconnect.id for interconnect in environment.interconnects]
        yield from _repeated("CC-IX-001", environment.place(), "distinct interconnect ids", ids)
    for environment, interconnect in topology.interconnects():
        ids = [channel.id for channel in interconnect.channels]
        yield from _repeated("CC-CH-001", environment.place(interconnect.id), "distinct channel ids", ids)


def demarcs_distinct(topology: Topology) -> Iterator[Flaw]:
    """No demarc stands twice between two providers (CC-CH-002)."""
    between: dict[tuple[str, ...], list[str]] = {}
    for environment, _, channel in topology.channels():
        if channel.demarc:
            between.setdefault(tuple(sorted(environment.providers)), []).append(channel.demarc)
    for providers, demarcs in between.items():
        yield from _repeated("CC-CH-002", ", ".join(providers), "distinct demarcs", demarcs)


def managed_by_a_party(topology: Topology) -> Iterator[Flaw]:
    """Each channel's managers are one of the two providers (CC-CH-002)."""
    for environment, interconnect, channel in topology.channels():
        for duty, manager in (("MACsec", channel.macsec_manager), ("cross-connect", channel.crossconnect_manager)):
            if manager not in environment.providers:
                want = f"{' or '.join(environment.providers)} as {duty} manager"
                yield _failed("CC-CH-002", environment.place(interconnect.id, channel.id), want, manager or "nobody")


def one_router_at_each_end(topology: Topology) -> Iterator[Flaw]:
    """A channel is one LAG between two nodes, one of each provider, at the sites of its environment (CC-CH-001)."""
    for environment, interconnect, channel in topology.channels():
        for site in environment.sites:
            devices = channel.devices(site.provider)
            if len(devices) != 1 or devices[0].site != site:
                told = ", ".join(f"{device.name} at {device.site.code}" for device in devices)
                want = f"one router of {site.provider} at {site.code}"
                yield _failed("CC-CH-001", environment.place(interconnect.id, channel.id), want, told or "none")


def ports_cabled_once(topology: Topology) -> Iterator[Flaw]:
    """A port ends one cross connect, and a router stands at one site: channels share neither (CC-CH-001)."""
    cables = Counter(
        port for _, _, channel in topology.channels() for member in channel.members for port in member.ends
    )
    sites: dict[tuple[str, str], list[str]] = {}
    for port, number in cables.items():
        if number > 1:
            where = f"{port.device.provider}: {port.device.name} port {port.number}"
            yield _failed("CC-CH-001", where, "one cross connect", str(number))
    for device in dict.fromkeys(port.device for port in cables):
        sites.setdefault((device.provider, device.name), []).append(device.site.code)
    for (provider, name), codes in sites.items():
        if len(codes) > 1:
            yield _failed("CC-CH-001", f"{provider}: {name}", "one site", ", ".join(codes))


def ports_uniform(topology: Topology) -> Iterator[Flaw]:
    """All ports of a channel, at both ends, are of 100G, or all of 400G (CC-CH-003, seed-002, Channel)."""
    for environment, interconnect, channel in topology.channels():
        speeds = sorted({port.gbps for member in channel.members for port in member.ends})
        if len(speeds) != 1 or speeds[0] not in PORT_GBPS:
            told = " and ".join(f"{gbps}G" for gbps in speeds) or "no port"
            where = environment.place(interconnect.id, channel.id)
            yield _failed("CC-CH-003", where, "ports of 100G, or all of 400G", told)


def capacities_equal(topology: Topology) -> Iterator[Flaw]:
    """All channels of an interconnect are LAGs of as many ports of the same size (CC-CH-003)."""
    for environment, interconnect in topology.interconnects():
        shapes: dict[str, list[str]] = {}
        for channel in interconnect.channels:
            kinds = Counter(member.gbps for member in channel.members)
            shape = " + ".join(f"{number} x {gbps}G" for gbps, number in sorted(kinds.items())) or "no port"
            shapes.setdefault(shape, []).append(channel.id)
        if len(shapes) > 1:
            told = "; ".join(f"{shape} on {', '.join(ids)}" for shape, ids in shapes.items())
            yield _failed("CC-CH-003", environment.place(interconnect.id), "one capacity for all channels", told)


def four_channels(topology: Topology) -> Iterator[Flaw]:
    """At least four channels; fewer are a warning unless the interconnect is ACTIVE (CC-CH-001, CC-ERR-53)."""
    for environment, interconnect in topology.interconnects():
        if (got := len(interconnect.channels)) < 4:
            verdict = Verdict.FAILED if interconnect.state == "ACTIVE" else Verdict.WARNED
            finding = Finding(verdict, "at least four channels", str(got), errata=("CC-ERR-53",))
            yield Flaw("CC-CH-001", environment.place(interconnect.id), finding)


def routers_diverse(topology: Topology, diversity: int = DIVERSITY) -> Iterator[Flaw]:
    """So many channels of an interconnect, or all if there are fewer, share no router at either end (CC-CH-004).

    Both ends count together: two failing routers, one of each provider, must not cut three channels."""
    for environment, interconnect in topology.interconnects():
        channels, wanted = len(interconnect.channels), min(diversity, len(interconnect.channels))
        if all(len(interconnect.devices(side)) >= channels for side in environment.providers):
            continue  # every channel has routers of its own
        if (got := disjoint_ways(environment, interconnect)) < wanted:
            told = " and ".join(f"{len(interconnect.devices(side))} of {side}" for side in environment.providers)
            where = environment.place(interconnect.id)
            yield _failed("CC-CH-004", where, f"{wanted} channels that share no router", f"{got}, on {told}")


def sizes_sound(topology: Topology) -> Iterator[Flaw]:
    """Sizes are distinct positive tiers (CC-ENV-003); an interconnect has all of its environment's (CC-IX-003); each
    fits some interconnect, or customers are offered what none can have (a warning)."""
    for environment in topology.environments:
        where, sizes = environment.place(), environment.sizes
        if not sizes or len(set(sizes)) < len(sizes) or min(sizes) <= 0:
            yield _failed("CC-ENV-003", where, "distinct positive sizes, at least one", _mbps(sizes))
        for interconnect in environment.interconnects:
            if lacking := [size for size in sizes if size not in interconnect.sizes]:
                want = f"the sizes of the environment, {_mbps(sizes)}"
                yield _failed("CC-IX-003", environment.place(interconnect.id), want, f"{_mbps(lacking)} lacking")
        most = max((interconnect.max_mbps for interconnect in environment.interconnects), default=0)
        if large := [size for size in sizes if size > most]:
            got = f"{most} Mbps at most, too little for {_mbps(large)}"
            finding = Finding(Verdict.WARNED, "an interconnect on which each size fits", got)
            yield Flaw("CC-ENV-003", where, finding)


def sold_within_capacity(topology: Topology) -> Iterator[Flaw]:
    """No more is sold on an interconnect than its smallest channel carries: any channel may have to carry all of it
    (CC-IX-004). More is a warning (CC-ERR-09)."""
    for environment, interconnect in topology.interconnects():
        smallest = min((channel.mbps for channel in interconnect.channels), default=0)
        if interconnect.max_mbps < 0:
            want = "a maximum of at least 0 Mbps"
            yield _failed("CC-IX-002", environment.place(interconnect.id), want, str(interconnect.max_mbps))
        elif interconnect.max_mbps > smallest:
            got = f"{interconnect.max_mbps} Mbps to sell"
            finding = Finding(Verdict.WARNED, f"at most {smallest} Mbps", got, errata=("CC-ERR-09",))
            yield Flaw("CC-IX-004", environment.place(interconnect.id), finding)


CHECKS: tuple[Callable[[Topology], Iterable[Flaw]], ...] = (
    names_distinct,
    demarcs_distinct,
    managed_by_a_party,
    one_router_at_each_end,
    ports_cabled_once,
    ports_uniform,
    capacities_equal,
    four_channels,
    routers_diverse,
    sizes_sound,
    sold_within_capacity,
    mixed_groups,
    deadlocks,
)


def flaws(topology: Topology) -> tuple[Flaw, ...]:
    """Everything that is wrong."""
    return tuple(flaw for check in CHECKS for flaw in check(topology))


def _failed(requirement: str, where: str, want: str, got: str) -> Flaw:
    return Flaw(requirement, where, Finding.failed(want=want, got=got))


def _repeated(requirement: str, where: str, want: str, ids: Iterable[str]) -> Iterator[Flaw]:
    if twice := [f"{id} {number} times" for id, number in Counter(ids).items() if number > 1]:
        yield _failed(requirement, where, want, ", ".join(twice))


def _mbps(sizes: Iterable[int]) -> str:
    return ", ".join(map(str, sizes)) or "none"
