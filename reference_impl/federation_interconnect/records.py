"""What one operator's platform keeps: its federations, cloudlets and zones, its partners, their zones, registrations.

Everything learnt from a partner is kept under that partner's federation id: equal zone ids of two partners are two
zones (FI-SHARE-007), and an own zone is never confused with a learnt one (FI-AZ-001). Which relation may exist when
is said in federation-wire, section 8: registered, therefore shared or known, therefore the role.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reference_impl.federation_interconnect.application_records import APPLICATION_TABLES
from reference_impl.federation_interconnect.keys import Seal
from reference_impl.federation_interconnect.messages import ZoneInfo, ZoneResourceInfo
from reference_impl.kernel.message import Message
from reference_impl.kernel.tables import Table


@dataclass(frozen=True, slots=True)
class Roles:
    """What the holder of a record may do: ``access``, I may use its zones; ``share``, I let it use mine (FI-ERR-01)."""

    access: bool = False
    share: bool = False

    @property
    def any(self) -> bool:
        return self.access or self.share


NO_ROLES = Roles()


@dataclass(frozen=True, slots=True)
class Federation:
    """An own federation: the identity towards partners. ``key`` is the one for partners that were given none of their own."""

    id: str
    operator: str
    country: str
    mcc: str
    mnc: tuple[str, ...]
    locator: str
    address: str
    key: Seal


@dataclass(frozen=True, slots=True)
class Partner:
    """Another operator's federation, hanging on our federation ``own``: arranged only, until it has a role.

    ``address`` is fixed by the arrangement or the first accepted add, never by a later message (FI-AUTH-012).
    ``issued`` is what remains of the key it must use towards us, ``key`` the one we use towards it. MCC, MNC and
    locator are empty until it told them.
    """

    id: str
    own: str
    operator: str
    country: str
    address: str
    issued: Seal | None = None
    key: str = field(default="", repr=False)
    roles: Roles = NO_ROLES
    mcc: str = ""
    mnc: tuple[str, ...] = ()
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Cloudlet:
    """A cloudlet of our own. Capacity: cpu in cores, ram and disk in GB; 0 is not stated."""

    name: str
    latitude: float
    longitude: float
    cpu: int = 0
    ram: int = 0
    disk: int = 0


@dataclass(frozen=True, slots=True)
class Zone:
    """An availability zone of our own: a collection of own cloudlets.

    ``withdrawn``: the operator has deleted it, but not every partner has heard of that. Until then it is shared with
    nobody, and its id is not free (FI-RACE-009).
    """

    id: str
    cloudlets: tuple[str, ...]
    geo_location: str
    country: str = ""
    city: str = ""
    state: str = ""
    locality: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The operator's word on whether a partner may see a zone of ours; without one ``Decisions.is_shared`` says it."""

    zone: str
    partner: str
    shared: bool


@dataclass(frozen=True, slots=True)
class PartnerZone:
    """A zone learnt from a partner, as received; ``quota`` is what its registration allows."""

    partner: str
    id: str
    info: ZoneInfo
    registered: bool = False
    quota: ZoneResourceInfo | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A partner has registered a zone of ours."""

    zone: str
    partner: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What a share partner is to be told and has not acknowledged; it goes when the partner has.

    ``about`` is a zone, "" our attributes, or an artifact: of each there is one at a time, so that what is told last is
    stored last. ``body`` or ``query`` is said in every attempt, ``id`` is its requestId. ``doubt``: an attempt had no
    clear answer. ``refused`` is why the partner did not take it: it is then repeated on order only. ``former``: 1 where
    the partner has left since, and may take what was on its way for news of the next federation; 2 once it has come back
    and is told it again, so that this is settled before what holds now (FI-RACE-013).
    """

    partner: str
    about: str
    operation: str
    id: str
    body: Message | None
    doubt: bool = False
    refused: str = ""
    former: int = 0
    query: tuple[tuple[str, str], ...] = ()


class Outcome(StrEnum):
    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Early:
    """What a partner told before its answer to our add: zones, zones that are gone, attributes (FI-RACE-005, -010)."""

    zones: tuple[ZoneInfo, ...] = ()
    gone: tuple[str, ...] = ()
    mcc: str = ""
    mnc: tuple[str, ...] = ()
    locator: str = ""


NOTHING_EARLY = Early()


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A logical request of our own, from the operator's order to its outcome. ``id`` is its requestId in every attempt.

    ``doubt`` is set once an attempt had no clear answer: the peer may have done it, so a repeat that meets a conflict
    has met its own effect (FI-ERR-24), and the operator's repeated order goes on with the same id. An order that
    concerns every share partner (delete_zone) has no ``partner``. ``app`` is the application that it is about, in the
    one zone there is then.
    """

    id: str
    action: str
    partner: str
    zones: tuple[str, ...] = ()
    outcome: Outcome = Outcome.RUNNING
    reason: str = ""
    doubt: bool = False
    early: Early = NOTHING_EARLY
    app: str = ""


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request of a partner that was decided: requestId is the idempotence key (federation-wire 5.2, FI-ERR-24).

    ``refused`` is the status it was refused with, 0 where it was carried out.
    """

    partner: str
    operation: str
    id: str
    content: str
    at: int
    refused: int = 0
    reason: str = ""


FEDERATIONS = Table("federations", Federation, ("id",))
CLOUDLETS = Table("cloudlets", Cloudlet, ("name",))
ZONES = Table("zones", Zone, ("id",))
MARKS = Table("marks", Mark, ("zone", "partner"), (("zone",), ("partner",)))
PARTNERS = Table("partners", Partner, ("id",), (("own",),))
PARTNER_ZONES = Table("partner_zones", PartnerZone, ("partner", "id"), (("partner",),))
REGISTRATIONS = Table("registrations", Registration, ("zone", "partner"), (("zone",), ("partner",)))
TELLINGS = Table("tellings", Telling, ("partner", "about"), (("partner",), ("about",)))
OWN_REQUESTS = Table("own_requests", OwnRequest, ("id",), (("partner", "action"), ("partner",)))
SEEN_REQUESTS = Table("seen_requests", SeenRequest, ("partner", "operation", "id"), (("partner",),))

SCHEMA = (
    FEDERATIONS,
    CLOUDLETS,
    ZONES,
    MARKS,
    PARTNERS,
    PARTNER_ZONES,
    REGISTRATIONS,
    TELLINGS,
    OWN_REQUESTS,
    SEEN_REQUESTS,
    *APPLICATION_TABLES,
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a platform starts with: federations and partners already set up, cloudlets and zones."""

    federations: tuple[Federation, ...] = ()
    partners: tuple[Partner, ...] = ()
    cloudlets: tuple[Cloudlet, ...] = ()
    zones: tuple[Zone, ...] = ()
