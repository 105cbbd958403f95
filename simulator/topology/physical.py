"""What stands between providers: sites, routers and ports, and the channels and interconnects made of them.

One topology spans any number of providers. It is the one truth: every provider's inventory is derived from it, so the
copies cannot differ (CC-ENV-005). Providers are named by their seats. A record may describe something that must not
be, such as a channel of unequal ports: ``checks`` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """One end of an environment: a region or building of one provider."""

    provider: str
    code: str


@dataclass(frozen=True, slots=True)
class Device:
    """A router. Its channels may belong to several interconnects (Protocols, Maintenance Coordination)."""

    site: Site
    name: str

    @property
    def provider(self) -> str:
        return self.site.provider


@dataclass(frozen=True, slots=True)
class Port:
    device: Device
    number: int
    gbps: int


@dataclass(frozen=True, slots=True)
class CrossConnect:
    """The cable from a port of one provider to a port of the other: one member of a LAG."""

    ends: tuple[Port, Port]

    @property
    def gbps(self) -> int:
        return min(port.gbps for port in self.ends)


@dataclass(frozen=True, slots=True)
class Channel:
    """A single LAG between two routers (seed-002, Channel). The managers are seats."""

    id: str
    members: tuple[CrossConnect, ...]
    demarc: str
    macsec_manager: str
    crossconnect_manager: str

    @property
    def mbps(self) -> int:
        return 1000 * sum(member.gbps for member in self.members)

    def ports(self, provider: str) -> tuple[Port, ...]:
        """The ports at this provider's end."""
        return tuple(port for member in self.members for port in member.ends if port.device.provider == provider)

    def devices(self, provider: str) -> tuple[Device, ...]:
        """The routers at this provider's end: one, unless the channel is wired wrongly."""
        return tuple(dict.fromkeys(port.device for port in self.ports(provider)))


@dataclass(frozen=True, slots=True)
class Interconnect:
    """A bundle of channels; ``max_mbps`` is what is sold on it in all, ``state`` PENDING, ACTIVE or CLOSED."""

    id: str
    channels: tuple[Channel, ...]
    sizes: tuple[int, ...]
    max_mbps: int
    state: str = "ACTIVE"

    def devices(self, provider: str) -> tuple[Device, ...]:
        """The distinct routers of one provider, in the order of the channels."""
        return tuple(dict.fromkeys(device for channel in self.channels for device in channel.devices(provider)))


@dataclass(frozen=True, slots=True)
class Environment:
    """What customers choose: the way between one site of each of two providers. ``private_to`` names the admitted
    customers; empty: public. ``defer_hours`` is how long the one who is to provision has time; 0: nothing is deferred."""

    id: str
    sites: tuple[Site, Site]
    sizes: tuple[int, ...]
    interconnects: tuple[Interconnect, ...]
    private_to: tuple[str, ...] = ()
    defer_hours: int = 0

    @property
    def providers(self) -> tuple[str, str]:
        one, other = self.sites
        return one.provider, other.provider

    def place(self, *below: str) -> str:
        """How findings name the environment, or an interconnect or channel in it: ``csp-a, csp-b: env1/ix1/ch1``."""
        return f"{', '.join(self.providers)}: {'/'.join((self.id, *below))}"


@dataclass(frozen=True, slots=True)
class Topology:
    """All environments, in the order in which they were agreed."""

    environments: tuple[Environment, ...]

    @property
    def providers(self) -> tuple[str, ...]:
        return tuple(sorted({provider for each in self.environments for provider in each.providers}))

    def interconnects(self) -> Iterator[tuple[Environment, Interconnect]]:
        for environment in self.environments:
            for interconnect in environment.interconnects:
                yield environment, interconnect

    def channels(self) -> Iterator[tuple[Environment, Interconnect, Channel]]:
        for environment, interconnect in self.interconnects():
            for channel in interconnect.channels:
                yield environment, interconnect, channel
