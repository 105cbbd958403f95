"""The shortest ways to the states of a federation that scenarios start from, and the messages that the harness sends.

Each raises Unprepared when a platform does not get there. Keys travel out of band: the harness carries them over, and
remembers in ``session.notes["api-keys"][sender, receiver]`` what it needs to speak for a peer by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance import application_bodies
from conformance.application_bodies import DEBOARD, ONBOARD, REPORT, REPORT_IN_BODY, STATUS, UPLOAD, Side
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Result, Session
from conformance.view import Exchange, TraceView

ADD = "POST /operator/partner"
UPDATE = "PUT /operator/partner"
REMOVE = "DELETE /operator/partner"
REGISTER = "POST /operator/zone"
DEREGISTER = "DELETE /operator/zone"
NOTIFY = "POST /operator/notify/zone"
WITHDRAW = "DELETE /operator/notify/zone"
OPERATIONS = (REPORT, ADD, UPDATE, NOTIFY, WITHDRAW, REGISTER, UPLOAD, ONBOARD, STATUS, DEBOARD, DEREGISTER, REMOVE)
"""All operations between two operators, in an order in which each is possible: after an add in the opposite direction a
partner may report, update and notify, after its own add it may register, upload and onboard, and it may go when nothing
is there any longer."""
NEEDS = {
    REPORT: "federation-apps-lead",
    **dict.fromkeys((UPLOAD, ONBOARD, STATUS, DEBOARD), "federation-apps-host"),
}
"""The profile that a platform claims if it serves an operation; the others are every platform's."""

NEW_ZONE = "fresh-zone-01"
"""A zone that the harness notifies by hand; it belongs to no platform's inventory."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who an operator is. Ids satisfy every edition (FI-ERR-19)."""

    operator: str
    country: str
    mcc: str
    mnc: tuple[str, ...]
    cloudlets: tuple[str, ...]
    zones: tuple[str, ...]

    def attributes(self) -> dict[str, Any]:
        locator = f"discovery.{self.operator}.test:443"
        return {
            "operator": self.operator,
            "country": self.country,
            "mcc": self.mcc,
            "mnc": list(self.mnc),
            "locator": locator,
        }


OPERATORS: Mapping[str, Operator] = {
    "op1": Operator(
        "operator-one", "DE", "262", ("01", "02"), ("edge-a1", "edge-a2"), ("north-zone-1", "north-zone-2")
    ),
    "op2": Operator("operator-two", "KR", "450", ("05",), ("edge-b1", "edge-b2"), ("east-zone-01", "east-zone-02")),
    "op3": Operator("operator-six", "FR", "208", ("10",), ("edge-c1",), ("south-zone-1",)),
}
THIRD = "op3"


def demanded(result: Result) -> Result:
    """The result, if the action was carried out; otherwise the scenario cannot begin."""
    if result.result != "ok":
        raise Unprepared(f"{result.seat} does not {result.action}: {result.answered.reason or result.result}")
    return result


def onboard(session: Session, seat: str) -> None:
    for name in OPERATORS[seat].cloudlets:
        demanded(session.act(seat, "onboard_cloudlet", name=name, location={"lat": 50.1, "long": 8.7}))


def form_zone(session: Session, seat: str, zone: str, *cloudlets: str, **changes: Any) -> Result:
    """Ask for a zone; without cloudlets it is made of the operator's first one."""
    inputs: dict[str, Any] = {
        "zone": zone,
        "cloudlets": list(cloudlets or OPERATORS[seat].cloudlets[:1]),
        "geo_location": "50.1,8.7",
        "city": "Frankfurt,Offenbach",
        "state": "Hesse",
        "locality": "urban",
    }
    return session.act(seat, "create_zone", **(inputs | changes))


def form_zones(session: Session, seat: str) -> None:
    """One zone for each of the operator's cloudlets."""
    operator = OPERATORS[seat]
    for zone, cloudlet in zip(operator.zones, operator.cloudlets, strict=True):
        demanded(form_zone(session, seat, zone, cloudlet))


def set_up(session: Session, seat: str, **changes: Any) -> Result:
    """Ask for the own federation; its id is remembered, and the key for partners that get none of their own."""
    inputs = OPERATORS[seat].attributes() | {"address": session.stage.origin(seat)} | changes
    result = session.act(seat, "create_self_federation", **{k: v for k, v in inputs.items() if v is not None})
    if result.result == "ok":
        session.notes.setdefault("federations", {})[seat] = result.outputs["federation"]
        session.notes.setdefault("own-keys", {})[seat] = result.outputs.get("api_key", "")
    return result


def federation_id(session: Session, seat: str) -> str:
    return str(session.notes["federations"][seat])


def arrangement(session: Session, other: str) -> dict[str, Any]:
    """What an operator knows of another one out of band, without the key."""
    return {
        "partner": federation_id(session, other),
        "operator": OPERATORS[other].operator,
        "country": OPERATORS[other].country,
        "address": session.stage.origin(other),
    }


def expect(session: Session, seat: str, other: str, key: str | None = None) -> str:
    """``seat`` expects ``other``; returns the key that ``other`` must use, and remembers it."""
    inputs = arrangement(session, other) | ({"api_key": key} if key else {})
    issued = str(demanded(session.act(seat, "expect_partner", **inputs)).outputs["api_key"])
    session.notes.setdefault("api-keys", {})[other, seat] = issued
    return issued


def arrange(session: Session, seat: str, other: str) -> None:
    """Both expect each other, and each holds the key that the other one has issued."""
    key = expect(session, seat, other)
    back = expect(session, other, seat, key)
    demanded(session.act(seat, "set_partner_api_key", partner=federation_id(session, other), api_key=back))


def prepare(session: Session, *seats: str) -> None:
    """Operators with cloudlets, zones and federations; each pair has arranged its keys."""
    for seat in seats:
        onboard(session, seat)
        form_zones(session, seat)
        demanded(set_up(session, seat))
    for number, seat in enumerate(seats):
        for other in seats[number + 1 :]:
            arrange(session, seat, other)


def ask_to_add(session: Session, lead: str, host: str, **changes: Any) -> Result:
    """The lead's operator asks for the add, with all that was arranged; the platform goes on by itself."""
    inputs = arrangement(session, host) | {"api_key": session.notes["api-keys"].get((lead, host))} | changes
    result = session.act(lead, "add_partner", **{k: v for k, v in inputs.items() if v is not None})
    session.notes["asked"] = result
    return result


def add(session: Session, lead: str, host: str) -> None:
    """The lead has added the host: it has access to the host's zones."""
    demanded(session.finish(ask_to_add(session, lead, host)))


def ask_to_register(session: Session, lead: str, host: str, *zones: str) -> Result:
    result = session.act(lead, "register_zone", partner=federation_id(session, host), zones=list(zones))
    session.notes["asked"] = result
    return result


def side(session: Session, seat: str) -> Side:
    """An operator as messages about applications name it."""
    return Side(federation_id(session, seat), OPERATORS[seat].operator, OPERATORS[seat].country)


def operations(session: Session) -> tuple[str, ...]:
    """The operations that the judged platform serves by what it claims."""
    offers = session.stage.offers
    return tuple(each for each in OPERATIONS if each not in NEEDS or offers(NEEDS[each]))


def message(session: Session, sender: str, receiver: str, operation: str = ADD, **changes: Any) -> dict[str, Any]:
    """A correct message in the sender's name, with a requestId of its own. Changes replace members; None leaves one out."""
    number = session.notes["messages"] = session.notes.get("messages", 0) + 1
    if operation in application_bodies.ALL:
        lead, host = (receiver, sender) if operation == REPORT else (sender, receiver)
        zone = OPERATORS[host].zones[0]
        whole = application_bodies.body(operation, f"by-hand-{number}", side(session, lead), side(session, host), zone)
        told = session.notes.get("upload", {}) if operation == REPORT else {}
        if operation == ONBOARD:
            told = _artifact(session, lead, host)
        return {name: value for name, value in (whole | told | changes).items() if value is not None}
    body: dict[str, Any] = {
        "requestId": f"by-hand-{number}",
        "origFederationId": federation_id(session, sender),
        "destFederationId": federation_id(session, receiver),
        "operator": OPERATORS[sender].operator,
        "country": OPERATORS[sender].country,
    }
    if operation == ADD:
        body["origFederationAddr"] = session.stage.origin(sender)
    elif operation == UPDATE:
        body |= {"MCC": OPERATORS[sender].mcc, "MNC": list(OPERATORS[sender].mnc)}
    elif operation == WITHDRAW:
        body["zone"] = NEW_ZONE
    elif operation in (REGISTER, DEREGISTER):
        body["zones"] = [OPERATORS[receiver].zones[0]]
    elif operation == NOTIFY:
        body["partnerZone"] = {"zoneId": NEW_ZONE, "geoLocation": "37.5,127.0", "edgeCount": 1}
    return {name: value for name, value in (body | changes).items() if value is not None}


def _artifact(session: Session, lead: str, host: str) -> dict[str, str]:
    """The id that the host gave to the lead's last upload, or to anybody's: in its report, or else in its answer. Where it
    gave none, it is the one that was proposed (FI-ERR-20)."""
    view = TraceView(session.stage.wire.trace[session.since :])
    uploads = [each for each in view.exchanges(UPLOAD, receiver=host) if each.succeeded]
    uploads = [each for each in uploads if each.request.sender == lead] or uploads
    if not uploads:
        return {}
    upload = uploads[-1]
    named = application_bodies.members_of({}, upload.request.body).get("requestid")
    reports = [
        application_bodies.members_of(each.request.query, each.request.body)
        for operation in (REPORT, REPORT_IN_BODY)
        for each in view.exchanges(operation, sender=host, receiver=upload.request.sender)
    ]
    answer = application_bodies.members_of({}, upload.response.body if upload.response else None)
    told = [each.get("artifactid") for each in (answer, *reports) if each is answer or each.get("requestid") == named]
    return {"artifactId": str([each for each in told if each][-1])} if any(told) else {}


def by_hand(session: Session, sender: str, operation: str, receiver: str | None = None, **changes: Any) -> Exchange:
    """The harness sends a message in the sender's name, by default to its peer; remembered as ``sent``."""
    receiver = receiver or OTHER[sender]
    exchange = session.send(
        sender, receiver, operation, {}, json=message(session, sender, receiver, operation, **changes)
    )
    session.notes.setdefault("sent", []).append(exchange.request.exchange)
    return exchange


def admitted(session: Session, sender: str, receiver: str | None = None) -> Exchange:
    """The sender has been added by hand: the receiver shares its zones with it."""
    exchange = by_hand(session, sender, ADD, receiver)
    if not exchange.succeeded:
        raise Unprepared(f"{receiver or OTHER[sender]} does not admit {sender}: {exchange.told()}")
    session.notes["sent"].remove(exchange.request.exchange)
    return exchange
