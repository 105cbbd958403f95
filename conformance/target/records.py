"""What a target file says, as frozen records: whom we judge, how both sides know each other, how we reach each other.

The keys of the file and these fields have the same names; ``file.read_target`` makes them, and every default is here or
in ``declared``. Secrets are read when the file is read and stay out of every ``repr``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from reference_impl.serve.config import Address
from reference_impl.serve.tls import NO_TLS, Bound, Tls
from reference_impl.serve.tomlfile import Section

Part = Literal["target", "counterpart", "third"]
"""Who somebody is in every scenario: the target, we opposite of it, and we as the third partner, for isolation."""

PARTS: tuple[Part, Part, Part] = ("target", "counterpart", "third")


@dataclass(frozen=True, slots=True)
class Who:
    """By which names a party is known on the wire. What is empty takes the scenario's own value, by the seat.

    ``id`` is the provider id or the federation id (empty for a federation: the one that comes back when it is set up).
    ``display_name`` and ``asn`` belong to providers; ``operator``, ``country``, ``mcc``, ``mnc`` and ``locator`` to
    operators.
    """

    id: str = ""
    display_name: str = ""
    asn: int = 0
    operator: str = ""
    country: str = ""
    mcc: str = ""
    mnc: tuple[str, ...] = ()
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """The three parties, and the accounts X, Y, Z and S by the names that the target has for them."""

    target: Who = Who()
    counterpart: Who = Who()
    third: Who = Who()
    accounts: Mapping[str, str] = field(default_factory=dict)

    def account(self, name: str) -> str:
        """The target's own name of an account of the scenarios; an unknown one keeps its name."""
        return self.accounts.get(name, name)


@dataclass(frozen=True, slots=True)
class SigV4:
    """AWS Signature Version 4: the keys, and for which region and service requests are signed."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    session_token: str = field(repr=False, default="")
    region: str = "us-east-1"
    service: str = "execute-api"


@dataclass(frozen=True, slots=True)
class Outbound:
    """What is sent to the target as credentials.

    ``kind`` "bearer" sends ``secret`` as ``Authorization: Bearer``; "header" as it is in ``header``; "mtls" nothing but
    the client certificate; "sigv4" a signature; "none" nothing; "arranged" the key that a federation partner issued
    northbound (FI-AUTH-004). A certificate may stand beside every kind.
    """

    kind: Literal["none", "bearer", "header", "mtls", "sigv4", "arranged"] = "none"
    secret: str = field(default="", repr=False)
    header: str = "x-api-key"
    certificate: Path | None = None
    key: Path | None = None
    sigv4: SigV4 | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """What the target sends us: one of ``secrets`` as bearer token or in ``header``, or its certificate (``bound``)."""

    kind: Literal["none", "bearer", "header", "mtls", "arranged"] = "none"
    secrets: tuple[str, ...] = field(default=(), repr=False)
    header: str = "x-api-key"
    bound: Bound = field(default_factory=Bound)


@dataclass(frozen=True, slots=True)
class Auth:
    """Credentials in both directions, for us as the counterpart and as the third partner. ``trust`` holds the PEM file of
    the authorities that vouch for the target's servers; None: the system's."""

    outbound: Outbound = Outbound()
    inbound: Inbound = Inbound()
    third_outbound: Outbound = Outbound()
    third_inbound: Inbound = Inbound()
    trust: Path | None = None

    def out(self, part: Part) -> Outbound:
        return self.third_outbound if part == "third" else self.outbound

    def into(self, part: Part) -> Inbound:
        return self.third_inbound if part == "third" else self.inbound


@dataclass(frozen=True, slots=True)
class Listening:
    """Where we listen for the target, and the URL by which it reaches us there; empty: that of the listener."""

    listen: Address = field(default_factory=lambda: Address("127.0.0.1", 0))
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Our own east/west side, as the counterpart and as the third partner; with ``tls`` it is HTTPS."""

    here: Listening = Listening()
    third: Listening = Listening()
    tls: Tls = NO_TLS


@dataclass(frozen=True, slots=True)
class InventorySource:
    """What was agreed out of band. ``tables`` is the inventory file as it was read; None: the plans of the scenarios under
    the ids of ``[identity]``. ``names`` are the inventories that the target can be given, "standard" first. ``base_urls``
    are those of environments, or of groups of operations, that are served elsewhere."""

    file: Path | None = None
    tables: Section | None = field(default=None, repr=False)
    names: tuple[str, ...] = ("standard",)
    base_urls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    """How the target writes a number: ``times`` our value, in place of ``{}`` in ``text``. 1000 with 0.001 and "{} Gbps" is
    "1 Gbps"; where ``text`` is "{}" it stays a number."""

    times: float = 1
    text: str = "{}"


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one value is taken from an answer.

    ``path`` is a JSONPath (RFC 9535) into its document; its first node counts, all of them with ``all``. ``header`` names a
    header instead. ``match`` is a regular expression: what its first group finds in the value's text counts. ``unit`` reads
    a number as the target writes it. ``values`` translates what was found (by its text), ``default`` stands for what was
    not found, ``constant`` for everything. With ``members`` each node of ``path`` becomes an object, mapped relative to
    the node.
    """

    path: str = "$"
    all: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    default: Any = None
    constant: Any = None
    members: Mapping[str, Mapped] = field(default_factory=dict)
    header: str = ""
    match: str = ""
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """Which answer means what: by the value at ``path`` where one is given and found, else by status.

    ``ok``, ``running``, ``refused`` and ``failed`` hold statuses (numbers) or values (texts). An unlisted 2xx means ok,
    4xx refused, 5xx failed; an unlisted value is running while an operation is polled, else what the status says. Of an
    action with a poll, a value or status that is listed under ``ok`` says that there is nothing to wait for.
    ``reason`` is the JSONPath of the sentence for people.
    """

    path: str = ""
    ok: tuple[int | str, ...] = ()
    running: tuple[int | str, ...] = ()
    refused: tuple[int | str, ...] = ()
    failed: tuple[int | str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP request with placeholders: ``{uuid}`` in texts; a text that is exactly ``"{mbps}"`` gives the value itself,
    of its own type, and a member whose value is missing is left out. ``form``: the body is a form, not JSON."""

    method: str = "GET"
    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """How to learn the end of what takes long: ``ask`` every ``interval_ms`` for at most ``timeout_ms``."""

    ask: Ask = Ask()
    results: Results = Results()
    outputs: Mapping[str, Mapped] = field(default_factory=dict)
    interval_ms: int = 1_000
    timeout_ms: int = 120_000


@dataclass(frozen=True, slots=True)
class HttpAction:
    """How an action or a hook is asked for over HTTP, and what its answer says. ``poll``: it takes long."""

    ask: Ask = Ask()
    results: Results = Results()
    outputs: Mapping[str, Mapped] = field(default_factory=dict)
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class HttpChoice:
    """The HTTP adapter. ``style`` "interlock": the target has the northbound API of docs/northbound.md, nothing needs to be
    mapped; "mapped": ``actions``, ``hooks`` and ``state`` do it. ``accounts`` are credentials of single accounts;
    ``values`` translate inputs by name and by their text, ``units`` write those that are numbers."""

    base_url: str
    style: Literal["interlock", "mapped"] = "mapped"
    credential: Outbound = Outbound()
    accounts: Mapping[str, Outbound] = field(default_factory=dict)
    trust: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    actions: Mapping[str, HttpAction] = field(default_factory=dict)
    hooks: Mapping[str, HttpAction] = field(default_factory=dict)
    state: tuple[HttpAction, ...] = ()
    timeout_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class PythonChoice:
    """``module:Class``, looked for beside the target file too; called with ``options``."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    directory: Path = Path()


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request to a person. ``text`` may hold placeholders; ``outputs`` are the values that are asked back, each with its
    own sentence; ``evidence`` is what to attach or to note."""

    who: str
    text: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    evidence: str = ""
    timeout_ms: int = 900_000


@dataclass(frozen=True, slots=True)
class ManualChoice:
    """People act. ``prompts`` by action or hook; ``script`` answers in their place. ``offers`` names what people can do
    here; empty: every action of the protocol, and no hook."""

    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    script: Path | None = None
    timeout_ms: int = 900_000


@dataclass(frozen=True, slots=True)
class NorthboundChoice:
    """The customer and operator side of the target; exactly the one of ``kind`` is set."""

    kind: Literal["http", "python", "manual", "none"] = "none"
    http: HttpChoice | None = None
    python: PythonChoice | None = None
    manual: ManualChoice | None = None


@dataclass(frozen=True, slots=True)
class ClockChoice:
    """Who moves the target's clock: the hook ``advance_clock``, or nobody (time rules are ``untested: no clock``)."""

    kind: Literal["northbound", "none"] = "none"


@dataclass(frozen=True, slots=True)
class Declares:
    """Declarations by the names of ``declared.DECLARATIONS``; every name of the protocol has a value."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in milliseconds by the names of ``declared.TIMEOUTS``; every name of the protocol has a value."""

    values: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Target:
    """One implementation under test. ``base_url`` has no slash at its end; ``seats`` are in the protocol's order."""

    file: Path
    name: str
    protocol: str
    seats: tuple[str, ...]
    base_url: str
    all_seats: tuple[str, str, str]
    version: str = ""
    capabilities: tuple[str, ...] = ()
    identity: Identity = Identity()
    auth: Auth = Auth()
    counterpart: Counterpart = Counterpart()
    inventory: InventorySource = InventorySource()
    northbound: NorthboundChoice = NorthboundChoice()
    clock: ClockChoice = ClockChoice()
    declares: Declares = Declares()
    timeouts: Timeouts = Timeouts()

    def parts(self, seat: str) -> dict[str, Part]:
        """Who takes which seat while the target is in ``seat``: {"csp-a": "target", "csp-b": "counterpart", …}."""
        one, other, third = self.all_seats
        return (
            {one: "target", other: "counterpart", third: "third"}
            if seat == one
            else {
                one: "counterpart",
                other: "target",
                third: "third",
            }
        )

    def who(self, part: Part) -> Who:
        found: Who = getattr(self.identity, part)
        return found

    def names(self, seat: str) -> dict[str, str]:
        """The id of each seat on the wire while the target is in ``seat``; the seat's own name where none is given."""
        return {each: self.who(part).id or each for each, part in self.parts(seat).items()}

    def asns(self, seat: str) -> dict[str, int]:
        """The ASN of each seat's network while the target is in ``seat``, where one is given."""
        return {each: self.who(part).asn for each, part in self.parts(seat).items() if self.who(part).asn}

    def id_of(self, part: Part, seat: str) -> str:
        """The id of a part on the wire while the target is in ``seat``."""
        return next(self.who(each).id or name for name, each in self.parts(seat).items() if each == part)
