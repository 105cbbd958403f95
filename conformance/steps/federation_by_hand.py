"""Steps in which the harness speaks for an operator by hand: one message, messages with a defect, several at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pytest_bdd import given, parsers, when

from conformance import application_bodies as bodies
from conformance import prologue_federation as prologue
from conformance.application_bodies import Names, carried, names
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.federation import OTHER_SEAT, SEAT, moment, seat_of
from conformance.steps.federation_phrases import MESSAGE, MESSAGES, ZONES, attributes_named, zones_named
from conformance.view import Exchange, TraceView

Body = dict[str, Any]
NOBODY, WRONG_KEY = "nobody-knows-0001", "wrong-key-123"
BAD_ZONES = ("../etc", "a b", "z" * 33, "_zone-001")
GHOST = "ghost-0001"


def message(session: Session, sender: str, receiver: str, operation: str, zones: Sequence[str], **more: Any) -> Body:
    """A correct message about these zones; changes as in ``prologue.message``."""
    named: Body = {}
    if zones and operation == prologue.NOTIFY:
        place = {"geoLocation": "37.5,127.0", "city": "Seoul", "state": "Seoul", "locality": "urban", "edgeCount": 1}
        named["partnerZone"] = {"zoneId": zones[0]} | place
    elif zones and operation in (prologue.WITHDRAW, bodies.DEBOARD):
        named["zone"] = zones[0]
    elif zones and operation == bodies.ONBOARD:
        named["regions"] = [{"zone": zone} for zone in zones]
    elif zones:
        named["zones"] = list(zones)
    return prologue.message(session, sender, receiver, operation, **(named | more))


def send(session: Session, sender: str, receiver: str, operation: str, body: Body, **how: Any) -> Exchange:
    """Sent between two looks at the receiver."""
    session.observe(receiver)
    exchange = session.send(sender, receiver, operation, {}, **carried(operation, {"json": body} | how))
    session.observe(receiver)
    return exchange


def _changes(text: str | None) -> Body:
    """ "MCC 451, MNC 06 and 08", "the requestId r-7", "foreign members"."""
    if text is None:
        return {}
    if text.startswith("the requestId "):
        return {"requestId": text.removeprefix("the requestId ")}
    if text in bodies.CHANGES:
        return bodies.CHANGES[text]
    if (member := re.fullmatch(r"the (application|artifact|status) (\S+)", text)) is not None:
        name = {"application": "appId", "artifact": "artifactId", "status": "status"}[member[1]]
        return {name: member[2]} | ({"requestId": f"about-{member[2]}"} if name == "appId" else {})
    more = {"federationId": NOBODY, "role": "share"} if text.endswith(", and foreign members") else {}
    names = {"mcc": "MCC", "mnc": "MNC", "locator": "locatorEndPoint"}
    named = attributes_named(text.removesuffix(", and foreign members"))
    return {"MCC": None, "MNC": None} | {names[name]: value for name, value in named.items()} | more


ONE = rf"{OTHER_SEAT} by hand an? {MESSAGE}(?: of (?P<zones>{ZONES}))?(?: with (?P<what>.+))?"


def _one(session: Session, seat: str, other: str, message_: str, zones: str | None, what: str | None) -> Exchange:
    sender, receiver, operation = seat_of(session, seat), seat_of(session, other), MESSAGES[message_]
    body = message(session, sender, receiver, operation, zones_named(session, zones or "no zone"), **_changes(what))
    session.notes["body"] = (sender, receiver, operation, body)
    return send(session, sender, receiver, operation, body)


@when(parsers.re(rf"{SEAT} sends {ONE}"))
def sends(session: Session, seat: str, other: str, message: str, zones: str | None, what: str | None) -> None:
    """Remembered as ``sent``."""
    session.notes["before"] = session.notes.get("before") if session.notes.get("held") else moment(session)
    session.notes["sent"] = [_one(session, seat, other, message, zones, what).request.exchange]


@given(parsers.re(rf"{SEAT} has sent {ONE}"))
def has_sent(session: Session, seat: str, other: str, message: str, zones: str | None, what: str | None) -> None:
    exchange = _one(session, seat, other, message, zones, what)
    if not exchange.succeeded:
        raise Unprepared(f"{other} refuses: {exchange.told()}")


@when("the same bytes come again")
def same_bytes(session: Session) -> None:
    sender, receiver, operation, body = session.notes["body"]
    session.notes["sent"] = [
        *session.notes.get("sent", []),
        send(session, sender, receiver, operation, body).request.exchange,
    ]


@when(parsers.re(rf"{SEAT} sends {OTHER_SEAT} by hand each request of a user of its zones"))
def each_of_a_user(session: Session, seat: str, other: str) -> None:
    sender, receiver = seat_of(session, seat), seat_of(session, other)
    sent = (
        send(session, sender, receiver, operation, message(session, sender, receiver, operation, ()))
        for operation in (prologue.REGISTER, prologue.DEREGISTER)
    )
    session.notes["sent"] = [each.request.exchange for each in sent]


@when("it comes again if it was refused")
def again_if_refused(session: Session) -> None:
    """As a sender does that was told to come later."""
    view = next(e for e in _exchanges(session) if e.request.exchange == session.notes["sent"][-1])
    if not view.succeeded:
        same_bytes(session)


def _exchanges(session: Session) -> list[Exchange]:
    return TraceView(session.stage.wire.trace[session.since :]).exchanges(ours=True)


# --- with a defect --------------------------------------------------------------------------------------------------


def _names(body: Body) -> Names:
    """Of the message that this is: onboardings, removals and uploads name a lead and a host, a report the other way."""
    if "leadfederationId" not in body:
        return bodies.MANAGEMENT
    return names(bodies.kind(body))


def _foreign(session: Session, sender: str, receiver: str, body: Body) -> list[Body]:
    third = prologue.OPERATORS[prologue.THIRD if sender != prologue.THIRD else "op1"]
    return [{"json": body | {_names(body).operator: third.operator}}]


def _nobody(session: Session, sender: str, receiver: str, body: Body) -> list[Body]:
    known = _names(body)
    return [{"json": body | {known.destination: NOBODY}}, {"json": body | {known.origin: NOBODY}}]


def _wrong_key(session: Session, sender: str, receiver: str, body: Body) -> list[Body]:
    return [{"authenticated": False, "headers": {"authorization": f"Bearer {WRONG_KEY}"}}]


def _of_another(session: Session, sender: str, receiver: str, body: Body) -> list[Body]:
    """With the own key and the federation id of another partner; with that one's operator, too."""
    other = next(seat for seat in ("op1", "op2", prologue.THIRD) if seat not in (sender, receiver))
    origin = {"origFederationId": prologue.federation_id(session, other)}
    operator = prologue.OPERATORS[other]
    named = {"operator": operator.operator, "country": operator.country}
    return [{"json": body | origin}, {"json": body | origin | named}]


def _each(*changes: Body) -> Callable[..., list[Body]]:
    """The message with each of these changes; None leaves a member out."""

    def defects(session: Session, sender: str, receiver: str, body: Body) -> list[Body]:
        return [{"json": {n: v for n, v in (body | each).items() if v is not None}} for each in changes]

    return defects


def _zone_ids(*ids: str) -> Callable[..., list[Body]]:
    """The message about each of these zones instead."""

    def defects(session: Session, sender: str, receiver: str, body: Body) -> list[Body]:
        if "partnerZone" in body:
            return [{"json": body | {"partnerZone": body["partnerZone"] | {"zoneId": each}}} for each in ids]
        return [{"json": body | ({"zone": each} if "zone" in body else {"zones": [each]})} for each in ids]

    return defects


DEFECTS: dict[str, Callable[..., list[Body]]] = {
    "a foreign operator": _foreign,
    "a federation id that is nobody's": _nobody,
    "a wrong key or a federation id that is nobody's": lambda *of: [*_wrong_key(*of), *_nobody(*of)],
    "a foreign operator or a federation id that is nobody's": lambda *of: [*_foreign(*of), *_nobody(*of)],
    "another partner's federation id": _of_another,
    "no attribute": _each({"MCC": None, "MNC": None}),
    "empty attributes": _each({"MCC": "", "MNC": [], "locatorEndPoint": ""}),
    "no zone at all": _each({"zones": []}, {"zones": None}),
    "no usable zone": lambda *of: [*_each({"partnerZone": None})(*of), *_zone_ids("")(*of)],
    "a zone id that is none": _zone_ids(*BAD_ZONES),
    "a zone id that is empty or ill-formed": _zone_ids("", "_zone-001", "z" * 200),
    "a zone that is nobody's": _zone_ids(GHOST),
    "a zone that is nobody's or empty": _zone_ids(GHOST, ""),
    "a wrong key or forged identities": lambda *of: [*_wrong_key(*of), *_nobody(*of), *_foreign(*of)],
    **{name: _each(*changes) for name, changes in bodies.DEFECTS.items()},
}
SEVERAL = rf"{MESSAGE}s(?: of (?P<zones>{ZONES}))? with (?P<what>{'|'.join(DEFECTS)})(?P<twin>, and then correctly)?"


@when(parsers.re(rf"{SEAT} sends {OTHER_SEAT} by hand {SEVERAL}"))
def sends_defective(
    session: Session, seat: str, other: str, message: str, zones: str | None, what: str, twin: str | None
) -> None:
    """Remembered as ``sent``; the correct message that follows, as ``twins``."""
    sender, receiver, operation = seat_of(session, seat), seat_of(session, other), MESSAGES[message]
    named = zones_named(session, zones or "no zone")
    session.notes["before"] = moment(session)
    session.notes["sent"], session.notes["twins"] = [], []
    body = _message(session, sender, receiver, operation, named)
    for number, how in enumerate(DEFECTS[what](session, sender, receiver, body)):
        sent = {"json": body} | how
        sent["json"] = sent["json"] | {"requestId": f"{body['requestId']}-{number}"}
        session.notes["sent"].append(send(session, sender, receiver, operation, body, **sent).request.exchange)
    if twin:
        session.notes["twins"] = [send(session, sender, receiver, operation, body).request.exchange]


_message = message
