"""What one provider keeps: keys, connections, placements, features; and the schema of all its tables.

Everything is kept per partner (``peer``): the same environment id may exist with two partners and means two
different things (CC-SEC-003). On the wire a connection is one resource per placement; to the customer it is one
object (coordinator-harness, section 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reference_impl.connection_coordinator.inventory_records import INVENTORY
from reference_impl.connection_coordinator.issue_records import ISSUE_TABLES
from reference_impl.connection_coordinator.macsec_records import MACSEC_TABLES
from reference_impl.connection_coordinator.maintenance_records import MAINTENANCE_TABLES
from reference_impl.connection_coordinator.messages import L3BaseConfig
from reference_impl.kernel.tables import Sum, Table


class Customer(StrEnum):
    """What the customer reads of a connection (coordinator-harness, 2.1)."""

    PENDING = "pending"
    UPDATING = "updating"
    ESTABLISHED = "established"
    FAILED = "failed"
    DELETED = "deleted"


class KeyState(StrEnum):
    ISSUED = "issued"
    CONFIRMED = "confirmed"
    USED = "used"
    VOID = "void"
    EXPIRED = "expired"


class Stage(StrEnum):
    """Where a placement stands at this side (coordinator-harness, 7.1)."""

    PROPOSING = "proposing"
    """Own proposal under way: recorded and reserved before the peer is asked (CC-CONN-001)."""
    PLACED = "placed"
    VERIFIED = "verified"
    DELETING = "deleting"


class Deferral(StrEnum):
    """Who provisions a placement: its creator, or by deferProvisioning the one who took it (CC-DEFER-001)."""

    NONE = "none"
    DEFERRING = "deferring"
    """Own proposal with deferProvisioning: this side waits for the peer's proposals (CC-DEFER-004)."""
    DRIVING = "driving"
    """The peer handed the negotiation over to this side."""


class FeatureState(StrEnum):
    PROPOSED = "proposed"
    """Own proposal under way; counts as reserved (coordinator-harness, section 8, RACE-005)."""
    RESTARTING = "restarting"
    """Own proposal refused; fresh guidance for this channel is asked (CC-FEAT-005). Reserves nothing."""
    PENDING = "pending"
    FINAL = "final"


class Sent(StrEnum):
    NO = "no"
    SENT = "sent"
    ACKED = "acked"


class Received(StrEnum):
    NO = "no"
    YES = "yes"
    CONFIRMED = "confirmed"
    """The refresh after the notification showed enough FINAL features at the peer (CC-ERR-11)."""


@dataclass(frozen=True, slots=True)
class Key:
    """An activation key that this party issued; ``text`` is what the customer carries."""

    uuid: str
    peer: str
    environment: str
    mbps: int
    destination_account: str
    text: str
    state: KeyState
    issued_at: int


@dataclass(frozen=True, slots=True)
class Connection:
    """The customer's object. ``issuer`` is True where the customer created it here.

    ``tried`` lists the interconnects that were proposed, in order; ``doubt`` is set once a proposal had no answer,
    so that its fate must be looked up before the next one is believed (CC-RACE-003); ``refused`` those refused in
    this round. ``attempts`` counts failed steps, ``since`` is the moment at which the placement began. ``updating``
    is the new Mbps while a change is under way, ``update_result`` how the last one ended; ``doubtful`` lists
    what was asked for without an answer, which the peer may take late. ``living`` is 1 until the
    connection failed or was deleted.
    is the new Mbps while a change is under way, ``update_result`` how the last one ended. ``living`` is 1 until the
    connection failed or was deleted. ``alone`` is set once the peer refused to drive: nothing is deferred any more.

    ``moving`` is the interconnect that an own migration goes to, ``move_result`` how the last one ended; ``rival`` is
    where the peer wanted to move the connection at the same time (coordinator-harness, 8, RACE-018). ``proof`` is the
    customer's last statement (CC-SEC-004).
    """

    uuid: str
    peer: str
    environment: str
    mbps: int
    account: str
    issuer: bool
    key_text: str
    customer: Customer = Customer.PENDING
    reason: str = ""
    tried: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    doubt: bool = False
    attempts: int = 0
    since: int = 0
    updating: int = 0
    update_result: str = ""
    doubtful: tuple[int, ...] = ()
    living: int = 1
    alone: bool = False
    moving: str = ""
    move_result: str = ""
    rival: str = ""
    proof: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Placement:
    """A connection on an interconnect, as the wire shows it. ``own`` is True where this party proposed it.

    ``extra`` is what an own update under way reserves beyond ``mbps``, which shows the old value until the peer's 200
    (CC-ERR-62). ``stale`` is set when a notification came while a refresh was under way: one more is due.
    ``before`` lists what the peer may still show after an update of its own was granted here, until it shows ``mbps``.
    """

    peer: str
    environment: str
    interconnect: str
    uuid: str
    mbps: int
    own: bool
    stage: Stage
    tentative: bool = False
    extra: int = 0
    ready: bool = False
    sent: Sent = Sent.NO
    received: Received = Received.NO
    stale: bool = False
    before: tuple[int, ...] = ()
    deferral: Deferral = Deferral.NONE

    @property
    def negotiated_here(self) -> bool:
        """Does this side ask guidance and propose the features? The creator does, unless it deferred (CC-DEFER-004)."""
        return self.own is (self.deferral is Deferral.NONE)


@dataclass(frozen=True, slots=True)
class Feature:
    """The agreed or proposed configuration of one channel. ``vlan`` repeats the configuration's, for the index.

    ``refused`` holds the configurations of this channel that the responder turned down.
    """

    peer: str
    environment: str
    interconnect: str
    uuid: str
    id: str
    channel: str
    vlan: int
    config: L3BaseConfig
    state: FeatureState
    attempts: int = 0
    refused: tuple[L3BaseConfig, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A CreateConnection whose answer waits for the outcome of an own proposal (coordinator-harness, 8, RACE-001).

    ``requests`` names the open requests that wait: copies of one proposal wait together and get one answer. Once the
    hold was given up the row stays, empty, until the own proposal ends: a further copy is not held again.
    """

    peer: str
    environment: str
    interconnect: str
    uuid: str
    requests: tuple[str, ...]
    mbps: int
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A UUID that shall not come back (CC-DEL-004), or only not on one interconnect, when a deletion came for a
    placement that was not there: its create may still be on the way (CC-ERR-65). ``interconnect`` is "" for all.

    It is all that is left of a deleted connection: the other members are what its customer and the operator may still
    read (``account`` is "" where there is nothing to read, or where a failed connection tells it itself).
    """

    uuid: str
    interconnect: str
    buried_at: int
    peer: str = ""
    environment: str = ""
    mbps: int = 0
    account: str = ""
    issuer: bool = False
    reason: str = ""


KEYS = Table("keys", Key, ("uuid",))
CONNECTIONS = Table(
    "connections",
    Connection,
    ("uuid",),
    (("account",),),
    {
        "living": Sum(by=lambda row: (row.account,), of=lambda row: row.living),
        "with": Sum(by=lambda row: (row.peer,), of=lambda row: row.living),
        "pending with": Sum(by=lambda row: (row.peer,), of=lambda row: row.living * (row.customer is Customer.PENDING)),
    },
)
PLACEMENTS = Table(
    "placements",
    Placement,
    ("peer", "environment", "interconnect", "uuid"),
    (("uuid",), ("peer", "environment", "interconnect")),
    {
        "reserved": Sum(
            by=lambda row: (row.peer, row.environment, row.interconnect, row.tentative),
            of=lambda row: row.mbps + row.extra,
        )
    },
)
FEATURES = Table(
    "features",
    Feature,
    ("peer", "environment", "interconnect", "uuid", "id"),
    (
        ("peer", "environment", "interconnect", "uuid"),
        ("peer", "environment", "interconnect", "channel"),
        ("peer", "environment", "interconnect", "channel", "vlan"),
    ),
)
HELD = Table(
    "held",
    Held,
    ("peer", "environment", "interconnect", "uuid"),
    (("peer", "environment", "interconnect"), ("uuid",)),
    anonymous=("requests",),
)
TOMBSTONES = Table("tombstones", Tombstone, ("uuid", "interconnect"))

SCHEMA = (
    *INVENTORY,
    KEYS,
    CONNECTIONS,
    PLACEMENTS,
    FEATURES,
    HELD,
    TOMBSTONES,
    *ISSUE_TABLES,
    *MAINTENANCE_TABLES,
    *MACSEC_TABLES,
)
