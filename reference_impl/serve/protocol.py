"""What is served of a protocol, as data, and what the apps need of a Node. No protocol is named here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from reference_impl.kernel.action import Action
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Acted, Call, Message, Party, Reply, Requested
from reference_impl.kernel.provisioner import Worker
from reference_impl.kernel.tables import Tables
from reference_impl.kernel.transport import Endpoint
from reference_impl.serve.census import Counted
from reference_impl.serve.tls import Bound
from reference_impl.serve.tomlfile import Section


class Submits(Protocol):
    """What the apps need of a Node: the Party for its names, and the way in for events."""

    @property
    def party(self) -> Party[Any]: ...

    async def submit(self, event: Requested | Acted) -> Reply: ...


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A configured counterpart. ``own_id`` is the id by which it knows this party; ``token_out`` is what it is sent,
    ``tokens_in`` what it may send. ``ca`` vouches for its server, ``bound`` is the certificate it must show as client."""

    id: str
    url: str
    own_id: str
    display_name: str
    token_out: str = field(repr=False)
    tokens_in: tuple[str, ...] = field(repr=False)
    ca: Path | None = None
    bound: Bound = field(default_factory=Bound)


Stock = Callable[[Tables], None]
"""Fills empty tables with what was agreed out of band."""


NOTHING_COUNTED = Counted()

OWN_URL = "{url}"
"""Stands for the address of the party itself in the inputs of its first steps."""


@dataclass(frozen=True, slots=True)
class Served:
    """One protocol as it is served.

    ``error`` makes the protocol's error document of a status and a detail; ``error_class`` is its class,
    ``error_media_type`` how it travels, ``detail_member`` which of its members is meant for people. ``keys`` says who
    judges a credential: ``"server"`` (a table of bearer tokens, before anything is read) or ``"party"`` (the protocol
    binds keys to federations itself, FI-AUTH-004). ``key_headers`` lists the headers in which credentials travel.
    ``secrets`` names members whose values appear in no error. ``body_limits`` gives operations a limit of their own,
    in bytes. ``party`` makes a party of its own id. ``endpoint`` finds where a call of a party goes, by its tables and
    its configured counterparts. ``stock`` reads an ``[inventory]`` table; None where a party starts empty and its
    partners are arranged northbound. ``first_steps`` are actions to begin with, each with its inputs. ``actions`` is
    the table of its northbound actions. ``sender`` is whom a request of a protocol that judges credentials itself claims
    to be from. ``quotas`` names, by their keys in ``[limits]``, the decisions that bound how many things a counterpart
    may have; ``counted`` says what ``/metrics`` counts. ``accompanies`` is the header whose value goes to the Party with
    a request, where it is not the Party that judges credentials (CC-SEC-004). ``about``, ``members`` and ``examples`` are
    what the contract says beyond names and types: keywords by schema ("": all) and member, examples by operation and
    part (``request``, ``query``, ``response``). ``equipment`` makes the party's real
    equipment, by kind of job, which keeps what it has in a folder; the rest is simulated.
    """

    id: str
    title: str
    operations: Mapping[str, Operation]
    error: Callable[[int, str], Message]
    error_class: type[Message]
    party: Callable[[str], Party[Any]]
    endpoint: Callable[[Tables, Mapping[str, Counterpart], Call], Endpoint | None]
    stock: Callable[[Section, str, tuple[Counterpart, ...]], Stock] | None = None
    first_steps: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    error_media_type: str = "application/json"
    detail_member: str = "detail"
    keys: Literal["server", "party"] = "server"
    key_headers: tuple[str, ...] = ("authorization",)
    secrets: frozenset[str] = frozenset()
    body_limits: Mapping[str, int] = field(default_factory=dict)
    version: str = "1"
    about: str = ""
    members: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    sender: Callable[[Requested], str] = lambda event: event.caller
    quotas: Mapping[str, str] = field(default_factory=dict)
    counted: Counted = NOTHING_COUNTED
    accompanies: str = ""
    equipment: Callable[[Path], Mapping[str, Worker]] | None = None

    def detail_of(self, document: Message | None) -> str:
        """The sentence for people in an error document."""
        return "" if document is None else str(document.to_json().get(self.detail_member, ""))
