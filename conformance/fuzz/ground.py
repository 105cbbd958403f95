"""The ground of a fuzz run: what exists at the target before the first request, and by which names it is found.

A name that differs in every run (a UUID, a key, a federation id) has a stand-in that is always the same. schemathesis
draws stand-ins, the courier exchanges them: the same seed sends the same requests, and a stored case holds no secret.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from conformance import prologue, prologue_federation
from conformance.northbound import NorthboundError
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.prologue import OTHER
from conformance.session import Session

Words = Mapping[str, tuple[str | int, ...]]
"""What schemathesis draws for a parameter, ``path.NAME``, ``query.NAME`` or ``body.MEMBER``, beside what it makes up."""

CONNECTIONS = tuple(f"00000000-0000-4000-8000-00000000000{number}" for number in range(1, 4))
KEYS = tuple(f"activation-key-{number}" for number in range(1, 4))
ESTABLISHED, PLACED, OFFERED = range(3)


@dataclass(slots=True)
class Ground:
    """What was brought about. ``real`` is the name for each stand-in; ``lacks`` says what could not be had."""

    real: dict[str, str] = field(default_factory=dict)
    lacks: list[str] = field(default_factory=list)

    def named(self, text: str) -> str:
        """The text with the real name for each stand-in."""
        for stand_in, name in self.real.items():
            text = text.replace(stand_in, name)
        return text

    def told(self, response: httpx.Response) -> httpx.Response:
        """The answer with the stand-in for each real name."""
        content = response.content
        for stand_in, name in self.real.items():
            content = content.replace(name.encode(), stand_in.encode())
        headers = [
            (name, value)
            for name, value in response.headers.raw
            if name.lower() not in (b"content-length", b"content-encoding")
        ]
        return httpx.Response(response.status_code, headers=headers, content=content)


@dataclass(frozen=True, slots=True)
class Terrain:
    """The ground of one protocol: the ``words`` for a sender and a receiver, and how it is ``laid`` in a session."""

    words: Callable[[str, str], Words]
    lay: Callable[[Session], Ground]


def _coordinator_words(sender: str, receiver: str) -> Words:
    """Path parameters and the members by which requests meet what is there."""
    return {
        "path.provider": (sender, sender, sender, receiver, "csp-c"),
        "path.environment": ("env1",),
        "path.interconnect": ("ix1", "ix2"),
        "path.connection": (CONNECTIONS[PLACED], *CONNECTIONS),
        "path.channel": ("ch1", "ch2"),
        "path.feature": ("f-ch1", "f-ch2"),
        "path.macSecKey": ("key-1", "key-2"),
        "path.issue": ("issue-1", "issue-2"),
        "query.connectionId": (CONNECTIONS[OFFERED], *CONNECTIONS),
        "query.macSecKeyId": ("key-1", "key-2"),
        "query.issueId": ("issue-1", "issue-2"),
        "query.featureId": ("f-ch1", "f-ch2", "f-new"),
        "body.activationKey": KEYS,
        "body.encodedKey": KEYS,
        "body.bandwidthMbps": (1000, 2000, 10000),
    }


def _lay_coordinator(session: Session) -> Ground:
    """An established connection, one placed and half negotiated, and a key that is not used yet."""
    ground, target = Ground(), session.target
    peer = OTHER[target]

    def named(number: int, uuid: str, key: str) -> None:
        ground.real |= {CONNECTIONS[number]: uuid, KEYS[number]: key}

    with _wish(ground, "an established connection"):
        made = prologue.establish(session, peer)
        named(ESTABLISHED, made["uuid"], made["key"])
    with _wish(ground, "a connection placed by hand"):
        made = prologue.place_by_hand(session, target)
        named(PLACED, made["uuid"], made["key"])
        prologue.feature_by_hand(session, peer, "ch1")
    with _wish(ground, "a key that is not used"):
        made = prologue.offer(session, target)
        named(OFFERED, made["uuid"], made["key"])
    return ground


FEDERATIONS = {"op1": "federation-of-op1", "op2": "federation-of-op2", "op3": "federation-of-op3"}


def _federation_words(sender: str, receiver: str) -> Words:
    """Who speaks to whom, and about which zones."""
    operators = prologue_federation.OPERATORS
    own, other = operators[sender], operators[receiver]
    third = prologue_federation.THIRD
    return {
        "body.origFederationId": (FEDERATIONS[sender],) * 4 + (FEDERATIONS[third],),
        "body.destFederationId": (FEDERATIONS[receiver],) * 4 + (FEDERATIONS[third],),
        "body.operator": (own.operator,),
        "body.country": (own.country,),
        "body.zone": (*other.zones, prologue_federation.NEW_ZONE),
        "body.zones[*]": other.zones,
        "body.requestId": tuple(f"fuzz-{number}" for number in range(1, 9)),
        "body.partnerZone.zoneId": (prologue_federation.NEW_ZONE, "fresh-zone-02"),
        **{
            f"{place}.{name}": (value,)
            for place in ("body", "query")
            for name, value in {
                "leadfederationId": FEDERATIONS[sender],
                "partnerfederationId": FEDERATIONS[receiver],
                "leadOperatorId": own.operator,
                "leadOperatorcountry": own.country,
            }.items()
        },
        "query.operator": (own.operator,),
        "query.country": (own.country,),
        "query.Operator": (own.operator,),
        "query.Country": (own.country,),
    }


def _lay_federation(session: Session) -> Ground:
    """Three operators; the two that meet have added each other, and the target's counterpart holds one of its zones."""
    ground, target = Ground(), session.target
    peer, third = OTHER[target], prologue_federation.THIRD
    with _wish(ground, "federations and keys"):
        prologue_federation.prepare(session, target, peer, third)
        ground.real |= {FEDERATIONS[seat]: prologue_federation.federation_id(session, seat) for seat in FEDERATIONS}
        prologue_federation.add(session, peer, target)
        prologue_federation.add(session, target, peer)
        prologue_federation.add(session, third, target)
        zone = prologue_federation.OPERATORS[target].zones[0]
        session.finish(prologue_federation.ask_to_register(session, peer, target, zone))
        session.settle()
    return ground


TERRAINS: Mapping[str, Terrain] = {
    "connection-coordinator": Terrain(_coordinator_words, _lay_coordinator),
    "federation-interconnect": Terrain(_federation_words, _lay_federation),
}


@contextlib.contextmanager
def _wish(ground: Ground, what: str) -> Iterator[None]:
    """A target that does not get there is fuzzed without it."""
    try:
        yield
    except (Unprepared, Untested, NorthboundError) as problem:
        ground.lacks.append(f"{what}: {problem}")
