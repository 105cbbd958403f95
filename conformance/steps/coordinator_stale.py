"""Steps of connections that were never finalized: after seven days a provider may remove them, with all they took."""

from __future__ import annotations

from pytest_bdd import parsers, then

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.view import Exchange


def _read(session: Session) -> Exchange:
    peer = prologue.OTHER[session.target]
    path = prologue.connection_path(session, peer, session.notes["interconnect"])
    return session.send(peer, session.target, "GetConnection", path)


@then(parsers.re(rf"the target still shows the connection {CHECK}"))
def still_shows(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=_read(session).request.exchange)


@then(
    parsers.re(
        rf"the target still shows the connection, or has removed it with its room, its VLANs and its key {CHECK}"
    )
)
def shows_or_removed(session: Session, check: str, at: str | None) -> None:
    """Where it is gone the key is presented once more, it is deleted, and another one is placed with the same values."""
    read = _read(session)
    params = {"read": read.request.exchange}
    if read.status == 404:
        params |= _afterwards(session)
    claim(session, check, at, "there_or_swept", **params)


def _afterwards(session: Session) -> dict[str, str]:
    peer, interconnect = prologue.OTHER[session.target], session.notes["interconnect"]
    confirmed = prologue.confirm_by_hand(session, peer)
    path = prologue.connection_path(session, peer, interconnect)
    deleted = session.send(peer, session.target, "DeleteConnection", path)
    prologue.offer(session, session.target)
    if not prologue.confirm_by_hand(session, peer).succeeded:
        raise Unprepared("the target confirms no further key")
    placed = prologue.create_by_hand(session, peer, interconnect)
    agreed = prologue.feature_by_hand(session, peer, "ch1")
    said = {"confirmed": confirmed, "deleted": deleted, "placed": placed, "agreed": agreed}
    return {name: each.request.exchange for name, each in said.items()}
