"""Steps in which the harness speaks by hand as the target's peer: placements, updates, deletions, and their answers.

Activation keys have names ("K1") where a scenario has several; the newest one is "the connection". The target's state
is observed right before and right after each request, so that a refusal can be shown to be without effect.
"""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.view import Exchange

KEY = r'"(?P<key>K\d+)"'
WHAT = r"(?P<what>placement|update|deletion|notification)"


def remember(session: Session, name: str) -> None:
    """Keep the connection that the prologue just made under a name."""
    notes = session.notes
    book = notes.setdefault("book", {})
    book[name] = {each: notes[each] for each in ("key", "uuid", "issuer", "mbps", "environment")}


def named(session: Session, name: str) -> dict[str, Any]:
    """A connection by its name; it becomes "the connection"."""
    known: dict[str, Any] = session.notes["book"][name]
    session.notes.update(known)
    return known


def between(session: Session, send: Any) -> Exchange:
    """Send something by hand, with the target's state observed before and after it; remembered as ``answer``."""
    session.observe(session.target)
    answer: Exchange = send()
    session.observe(session.target)
    session.notes["answer"] = answer
    return answer


def confirmed_key(session: Session, name: str, mbps: int, environment: str = "env1") -> None:
    prologue.offer(session, session.target, mbps, environment)
    if not prologue.confirm_by_hand(session, OTHER[session.target]).succeeded:
        raise Unprepared("the target does not answer the confirmation of its own key")
    remember(session, name)


def propose(session: Session, name: str, interconnect: str, **changes: Any) -> Exchange:
    """Propose a connection at the target by hand; ``changes`` replace members of the body."""
    known = named(session, name)
    path = prologue.connection_path(session, OTHER[session.target], interconnect)
    del path["connection"]
    body = {"bandwidthMbps": known["mbps"], "activationKey": known["key"]} | changes
    return session.send(
        OTHER[session.target],
        session.target,
        "CreateConnection",
        path,
        query={"connectionId": known["uuid"]},
        json=body,
    )


def patch(session: Session, body: Any, mask: str | None = "bandwidthMbps", uuid: str | None = None) -> Exchange:
    """Ask the target for an update of the connection by hand."""
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, place_of(session), uuid)
    query = {} if mask is None else {"updateMask": mask}
    return session.send(peer, session.target, "UpdateConnection", path, query=query, json=body)


def delete(session: Session) -> Exchange:
    """Delete the connection at the target by hand."""
    peer = OTHER[session.target]
    return session.send(
        peer, session.target, "DeleteConnection", prologue.connection_path(session, peer, place_of(session))
    )


def place_of(session: Session) -> str:
    """The interconnect on which the connection is (was, once it is gone), as the target shows it."""
    places = session.notes.setdefault("places", {})
    uuid = session.notes["uuid"]
    if uuid not in places:
        places[uuid] = readings.whereabouts(session, session.target, uuid, session.notes["environment"])
    return str(places[uuid])


def announcements_acknowledged(session: Session) -> None:
    """In the peer's name, which knows nothing of a connection that was placed by hand: a target whose equipment is ready at
    once announces it before the scenario gets to its point, and would be told that it is gone."""
    session.disturb("answer", "NotifyConnectionStatus", sender=session.target, times=-1, status=200, body={})


# --- given ------------------------------------------------------------------------------------------------------


@given(parsers.re(rf"a confirmed key {KEY} of the target for (?P<mbps>\d+) Mbps in (?P<environment>\w+)"))
def has_confirmed(session: Session, key: str, mbps: str, environment: str) -> None:
    confirmed_key(session, key, int(mbps), environment)


@given(parsers.re(rf"{KEY} is placed on (?P<interconnect>\w+) of the target"))
def is_placed(session: Session, key: str, interconnect: str) -> None:
    answer = propose(session, key, interconnect)
    if not answer.succeeded:
        raise Unprepared(f"the connection is not placed: {answer.told()}")
    session.notes.setdefault("places", {})[session.notes["uuid"]] = interconnect


@given(parsers.re(rf"the connection {KEY} of (?P<mbps>\d+) Mbps is established, created at the target"))
def is_established(session: Session, key: str, mbps: str) -> None:
    prologue.establish(session, session.target, int(mbps))
    remember(session, key)
    place_of(session)


# --- when -------------------------------------------------------------------------------------------------------


@when(parsers.re(rf"the harness places {KEY} on (?P<interconnect>\w+)(?: with (?P<mbps>-?\d+) Mbps)?"))
def places(session: Session, key: str, interconnect: str, mbps: str | None) -> None:
    changes = {"bandwidthMbps": int(mbps)} if mbps else {}
    answer = between(session, lambda: propose(session, key, interconnect, **changes))
    if answer.succeeded:
        session.notes.setdefault("places", {})[session.notes["uuid"]] = interconnect


@when(parsers.re(rf"the harness places {KEY} on (?P<interconnect>\w+), claiming (?P<states>.+)"))
def places_claiming(session: Session, key: str, interconnect: str, states: str) -> None:
    members = {"VERIFIED": "verificationState", "DISABLED": "adminState"}
    prefixes = {"VERIFIED": "VERIFICATION_STATE_", "DISABLED": "ADMIN_STATE_"}
    claimed = {members[each]: prefixes[each] + each for each in states.split(" and ")}
    between(session, lambda: propose(session, key, interconnect, **claimed))


@when(parsers.re(r"its peer asks for (?P<mbps>-?\d+) Mbps"))
def asks_for(session: Session, mbps: str) -> None:
    between(session, lambda: patch(session, {"bandwidthMbps": int(mbps)}))


@when("the harness deletes the connection at the target")
def deletes(session: Session) -> None:
    place_of(session)
    between(session, lambda: delete(session))


@when(parsers.re(rf"the harness deletes {KEY} at the target"))
def deletes_named(session: Session, key: str) -> None:
    named(session, key)
    deletes(session)


@when("the harness notifies the target of the connection")
def notifies(session: Session) -> None:
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, place_of(session))
    between(session, lambda: session.send(peer, session.target, "NotifyConnectionStatus", path, json={}))


# --- then -------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"the {WHAT} is granted {CHECK}"))
def granted(session: Session, what: str, check: str, at: str | None) -> None:
    """Where a document names 200, 200; for the others any 2xx (CC-ERR-13)."""
    statuses = [200] if what in ("placement", "update") else []
    claim(session, check, at, "answered_with", exchange=session.notes["answer"].request.exchange, statuses=statuses)


@then(parsers.re(rf"the {WHAT} is granted with (?P<mbps>\d+) Mbps {CHECK}"))
def granted_with(session: Session, what: str, mbps: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "answered_with",
        exchange=session.notes["answer"].request.exchange,
        statuses=[200],
        members={"bandwidthMbps": int(mbps)},
    )


@then(parsers.re(rf"the {WHAT} is granted or answered (?P<statuses>[\d or]+) {CHECK}"))
def granted_or(session: Session, what: str, statuses: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "granted_or",
        exchange=session.notes["answer"].request.exchange,
        statuses=[int(each) for each in statuses.split(" or ")],
    )


@then(parsers.re(rf"the {WHAT} is refused(?: with (?P<status>\d+))?(?P<whole> and changes nothing)? {CHECK}"))
def is_refused(session: Session, what: str, status: str | None, whole: str | None, check: str, at: str | None) -> None:
    params: dict[str, Any] = {"exchange": session.notes["answer"].request.exchange}
    if status:
        params["statuses"] = [int(status)]
    claim(session, check, at, "refused_without_effect" if whole else "refused", **params)
