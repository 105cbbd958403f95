"""What the harness reads by hand, as the peer of a seat: the wire records on which judgements about state rest.

The reads stand in the trace as requests of our own (``ours``); rules take the newest answer to each. Nothing is read
out of a party in any other way.
"""

from __future__ import annotations

from typing import Any

from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.view import Exchange


def read(session: Session, server: str, operation: str, **path: str) -> Exchange:
    """One GET of the server's peer, under the peer's own provider prefix unless ``provider`` is given."""
    reader = OTHER[server]
    return session.send(reader, server, operation, {"provider": reader} | path)


def short(name: str) -> str:
    """The id at the end of a resource name."""
    return name.rpartition("/")[2]


def _items(exchange: Exchange, member: str) -> list[dict[str, Any]]:
    if exchange.response is None or not exchange.succeeded:
        raise Unprepared(f"a list cannot be read: {exchange.told()}")
    return list((exchange.response.body or {}).get(member) or ())


def environments(session: Session, server: str) -> list[str]:
    return [short(each["name"]) for each in _items(read(session, server, "ListEnvironments"), "environments")]


def interconnects(session: Session, server: str, environment: str) -> list[str]:
    answer = read(session, server, "ListInterconnects", environment=environment)
    return [short(each["name"]) for each in _items(answer, "interconnects")]


def channels(session: Session, server: str, environment: str, interconnect: str) -> list[str]:
    answer = read(session, server, "ListChannels", environment=environment, interconnect=interconnect)
    return [short(each["name"]) for each in _items(answer, "channels")]


def connections(session: Session, server: str, environment: str, interconnect: str) -> list[str]:
    answer = read(session, server, "ListConnections", environment=environment, interconnect=interconnect)
    return [short(each["name"]) for each in _items(answer, "connections")]


def inventory(session: Session, server: str) -> None:
    """Everything static that the server shows its peer, once: environments, interconnects and channels."""
    for environment in environments(session, server):
        for interconnect in interconnects(session, server, environment):
            read(session, server, "GetInterconnect", environment=environment, interconnect=interconnect)
            channels(session, server, environment, interconnect)


def survey(session: Session, *servers: str) -> None:
    """What occupies each interconnect of the servers (both, if none is named), as their peer is shown it."""
    for server in servers or tuple(OTHER[each] for each in (OTHER[session.target], session.target)):
        for environment in environments(session, server):
            for interconnect in interconnects(session, server, environment):
                connections(session, server, environment, interconnect)


def whereabouts(session: Session, server: str, uuid: str, environment: str = "env1") -> str:
    """The interconnect on which the server shows this connection; Unprepared when it shows it nowhere."""
    for interconnect in interconnects(session, server, environment):
        if uuid in connections(session, server, environment, interconnect):
            return interconnect
    raise Unprepared(f"{server} shows connection {uuid} on no interconnect of {environment}")
