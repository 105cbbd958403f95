"""What the two sides agreed out of band, as one provider keeps it: partners, accounts, environments, interconnects, channels.

Everything is kept per partner (``peer``): the same environment id may exist with two partners and means two
different things (CC-SEC-003).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reference_impl.connection_coordinator.macsec_records import MacSecKey
from reference_impl.connection_coordinator.messages import L3BaseGuidance
from reference_impl.kernel.tables import Table

NO_RESTRICTION = L3BaseGuidance()


@dataclass(frozen=True, slots=True)
class Partner:
    """A configured counterpart. ``own_id`` is the provider ID by which the partner knows this party.

    ``granted`` are the further provider IDs whose resources it reaches (CC-PROV-003); one that is not ``enabled`` is not
    heard (CC-SEC-002).
    """

    id: str
    display_name: str
    own_id: str
    granted: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """A customer of this provider. ``acts_for`` lists accounts it may accept keys for (CC-KEY-011). ``proof_key`` signs
    its statements; "": none was agreed on (CC-SEC-004)."""

    id: str
    good_standing: bool = True
    quota: int = 1100
    acts_for: tuple[str, ...] = ()
    proof_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Environment:
    """A path between two sites. ``sites`` pairs provider and site code; ``admitted`` names the customers of a private one.

    In an environment that ``defers`` the acceptor leaves the provisioning to the issuer, for ``deferral_hours`` (0: none
    agreed); ``drives`` is False where this party does not take that over (CC-DEFER-003, -005).
    """

    peer: str
    id: str
    sizes: tuple[int, ...] = (1000, 10000)
    sites: tuple[tuple[str, str], ...] = ()
    api_uri: str = ""
    private: bool = False
    admitted: tuple[str, ...] = ()
    defers: bool = False
    deferral_hours: int = 0
    drives: bool = True


@dataclass(frozen=True, slots=True)
class Interconnect:
    """A bundle of channels. ``max_mbps`` bounds the sum of its connections (CC-IX-004)."""

    peer: str
    environment: str
    id: str
    max_mbps: int = 100_000
    state: str = "INTERCONNECT_STATE_ACTIVE"
    sizes: tuple[int, ...] = (1000, 10000)


@dataclass(frozen=True, slots=True)
class Channel:
    """One LAG of ``members`` ports of ``member_gbps`` each; what its ``guidance`` restricts is served with it."""

    peer: str
    environment: str
    interconnect: str
    id: str
    device: str = ""
    demarc: str = ""
    member_gbps: int = 100
    members: int = 1
    macsec_manager: str = ""
    crossconnect_manager: str = ""
    enabled: bool = True
    guidance: L3BaseGuidance = NO_RESTRICTION


PARTNERS = Table("partners", Partner, ("id",))


ACCOUNTS = Table("accounts", Account, ("id",))


ENVIRONMENTS = Table("environments", Environment, ("peer", "id"), (("peer",), ("id",)))


INTERCONNECTS = Table("interconnects", Interconnect, ("peer", "environment", "id"), (("peer", "environment"),))


CHANNELS = Table(
    "channels", Channel, ("peer", "environment", "interconnect", "id"), (("peer", "environment", "interconnect"),)
)


INVENTORY = (PARTNERS, ACCOUNTS, ENVIRONMENTS, INTERCONNECTS, CHANNELS)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the two sides agreed out of band, as rows: what a party starts with."""

    partners: tuple[Partner, ...] = ()
    accounts: tuple[Account, ...] = ()
    environments: tuple[Environment, ...] = ()
    interconnects: tuple[Interconnect, ...] = ()
    channels: tuple[Channel, ...] = ()
    macsec_keys: tuple[MacSecKey, ...] = ()
