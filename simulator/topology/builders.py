"""Topologies from short descriptions: which bundles, how large, on which routers.

``lay`` cables a description; ``large`` describes a large world by itself. Routers are numbered; a router that two
bundles name is one router, whose ports are handed out in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, count
from types import MappingProxyType

from simulator.topology.physical import (
    Channel,
    CrossConnect,
    Device,
    Environment,
    Interconnect,
    Port,
    Site,
    Topology,
)

SITES: Mapping[str, str] = MappingProxyType({"csp-a": "a-east-1", "csp-b": "b-east1", "csp-c": "c-east"})
"""The site code of each provider; further sites append to it."""

SIZES = (1000, 10000)

PORT_GBPS = (100, 400)
"""What a port may be (CC-CH-003)."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """An interconnect to be. ``devices`` is the number of the first router at each side; one router per channel.

    ``near`` and ``far`` number the routers one by one, at the side of the first provider and of the other, where they
    are not in a row. Each channel is a LAG of ``ports`` ports of ``gbps`` each.
    """

    id: str
    max_mbps: int = 100_000
    state: str = "ACTIVE"
    sizes: tuple[int, ...] = SIZES
    channels: tuple[str, ...] = ("ch1", "ch2", "ch3", "ch4")
    devices: int = 1
    near: tuple[int, ...] = ()
    far: tuple[int, ...] = ()
    ports: int = 1
    gbps: int = 100

    def routers(self) -> tuple[tuple[int, int], ...]:
        """The numbers of each channel's two routers. ValueError if ``near`` or ``far`` has another number of them."""
        row = tuple(range(self.devices, self.devices + len(self.channels)))
        for side in (self.near, self.far):
            if side and len(side) != len(row):
                raise ValueError(f"{self.id}: want {len(row)} routers, one per channel; got {len(side)}")
        return tuple(zip(self.near or row, self.far or row, strict=True))


@dataclass(frozen=True, slots=True)
class Path:
    """An environment to be, between two providers; ``suffix`` tells its sites from those of other paths. In one with
    ``defer_hours`` provisioning is left to the issuer, for so long."""

    id: str
    interconnects: tuple[Bundle, ...]
    sizes: tuple[int, ...] = SIZES
    private_to: tuple[str, ...] = ()
    suffix: str = ""
    defer_hours: int = 0


Between = tuple[str, str, tuple[Path, ...]]
"""Two providers and the paths between them. The first manages the first two channels of every interconnect."""


def lay(betweens: Iterable[Between], channels: int | None = None) -> Topology:
    """Cable what is described. ``channels`` keeps only so many of each interconnect (small worlds)."""
    numbers: defaultdict[Device, count[int]] = defaultdict(lambda: count(1))
    environments = []
    for one, other, paths in betweens:
        for path in paths:
            sites = (Site(one, SITES[one] + path.suffix), Site(other, SITES[other] + path.suffix))
            bundles = tuple(_interconnect(path, bundle, sites, channels, numbers) for bundle in path.interconnects)
            environment = Environment(path.id, sites, path.sizes, bundles, path.private_to, path.defer_hours)
            environments.append(environment)
    return Topology(tuple(environments))


def _interconnect(
    path: Path,
    bundle: Bundle,
    sites: tuple[Site, Site],
    channels: int | None,
    numbers: Mapping[Device, count[int]],
) -> Interconnect:
    made = []
    for number, (channel, routers) in enumerate(list(zip(bundle.channels, bundle.routers(), strict=True))[:channels]):
        near, far = (
            Device(site, f"{SITES[site.provider]}-{100 + router}") for site, router in zip(sites, routers, strict=True)
        )
        members = tuple(
            CrossConnect((Port(near, next(numbers[near]), bundle.gbps), Port(far, next(numbers[far]), bundle.gbps)))
            for _ in range(bundle.ports)
        )
        manager = sites[0 if number < 2 else 1].provider
        made.append(Channel(channel, members, f"{path.id}/{bundle.id}/{number + 1}", manager, manager))
    return Interconnect(bundle.id, tuple(made), bundle.sizes, bundle.max_mbps, bundle.state)


def large(
    interconnects: int = 1000,
    providers: tuple[str, ...] = ("csp-a", "csp-b"),
    environments: int = 10,
    sharing: int = 4,
    ports: int = 1,
    gbps: int = 100,
) -> Topology:
    """A large sound world: ``interconnects`` in all, spread over every pair of providers and, in each pair, over
    ``environments`` of it. Always ``sharing`` interconnects of one environment share a group of four routers
    (CC-MAINT-006). Everything that a channel can carry is sold (CC-IX-004).

    Raises ValueError for what cannot be built.
    """
    pairs = list(combinations(providers, 2))
    if strangers := [each for each in providers if each not in SITES]:
        raise ValueError(f"providers: want some of {', '.join(SITES)}; got {', '.join(strangers)}")
    if not pairs or len(set(providers)) < len(providers):
        raise ValueError(f"providers: want at least two, each once; got {', '.join(providers) or 'none'}")
    if gbps not in PORT_GBPS:
        raise ValueError(f"gbps: want 100 or 400 (CC-CH-003), got {gbps}")
    if min(environments, sharing, ports) < 1 or interconnects < environments * len(pairs):
        raise ValueError(
            f"want environments, sharing and ports of at least 1 and an interconnect in each of the "
            f"{environments * len(pairs)} environments; got {environments}, {sharing}, {ports} and {interconnects}"
        )
    routers, betweens = count(1, 4), []
    for number, (one, other) in enumerate(pairs):
        share = _shares(interconnects, len(pairs))[number]
        ids, paths = count(1), []
        for place, held in enumerate(_shares(share, environments), start=1):
            groups = [next(routers) for _ in range(-(-held // sharing))]
            bundles = tuple(
                Bundle(f"ix{next(ids)}", 1000 * ports * gbps, devices=groups[i // sharing], ports=ports, gbps=gbps)
                for i in range(held)
            )
            paths.append(Path(f"env{place}", bundles, suffix=f"-{place}"))
        betweens.append((one, other, tuple(paths)))
    return lay(betweens)


def _shares(total: int, parts: int) -> list[int]:
    """``total`` in ``parts`` that differ by one at most, the larger ones first."""
    each, rest = divmod(total, parts)
    return [each + (part < rest) for part in range(parts)]
