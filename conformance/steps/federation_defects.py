"""The defects of a sweep: what can be wrong with a request that its receiver must refuse, one thing at a time."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from conformance import prologue_federation as prologue
from conformance.application_bodies import DEBOARD, ONBOARD, REPORT, STATUS, UPLOAD, names
from conformance.prologue import OTHER
from conformance.session import Session

Sent = Mapping[str, Any]
"""What differs from the correct request: arguments of Session.send, and ``sender`` and ``operation``."""
Defects = Callable[[Session, str, dict[str, Any]], Iterable[Sent]]

WRONG_KEY = "wrong-key-123"
UNKNOWN_ID = "nobody-knows-0001"
UNREADABLE = (b"", b"{", b"[]", b'"x"', b"null", b" " * 1_000_000)
_PAIR = ("leadfederationId", "partnerfederationId")
IN_QUERY = (REPORT, STATUS)
MANDATORY = {
    prologue.ADD: ("origFederationId", "destFederationId", "operator"),
    prologue.NOTIFY: ("origFederationId", "destFederationId", "operator", "partnerZone"),
    prologue.UPDATE: ("origFederationId", "destFederationId", "operator"),
    prologue.WITHDRAW: ("origFederationId", "destFederationId", "operator", "zone"),
    prologue.REGISTER: ("origFederationId", "destFederationId", "operator", "zones"),
    prologue.DEREGISTER: ("origFederationId", "destFederationId", "operator", "zones"),
    prologue.REMOVE: ("origFederationId", "destFederationId", "operator"),
    UPLOAD: (*_PAIR, "operator", "appId", "version", "artifactName", "filename"),
    REPORT: (*_PAIR, "appId", "version", "artifactId", "operation", "status"),
    ONBOARD: (*_PAIR, "leadOperatorId", "appId", "artifactId", "regions", "specification"),
    STATUS: (*_PAIR, "Operator", "appId"),
    DEBOARD: (*_PAIR, "leadOperatorId", "appId", "version", "zone"),
}
"""Members whose absence must be refused; country is one only in the early edition (federation-wire, section 4)."""


def right_key(session: Session) -> str:
    return str(session.notes["api-keys"][OTHER[session.target], session.target])


def bearer(value: str) -> Sent:
    return {"authenticated": False, "headers": {"authorization": value}}


def _wrong_credentials(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """An empty Bearer has no blank behind it: HTTP strips blanks at the end of a header."""
    changed = right_key(session)[:-1] + ("A" if right_key(session)[-1] != "A" else "B")
    basic = base64.b64encode(f"partner:{right_key(session)}".encode()).decode()
    yield from (bearer(f"Bearer {WRONG_KEY}"), bearer("Bearer"), bearer(f"Basic {basic}"))
    yield {"authenticated": False, "headers": {"authorization": f"Bearer {changed}", "x-api-key": changed}}


def _other(role: Literal["origin", "destination", "operator"], value: str) -> Defects:
    """The message with this identity replaced. A report names the receiver's operator, which it need not (7.9)."""

    def defects(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
        if role != "operator" or operation != REPORT:
            yield {"json": body | {getattr(names(operation), role): value}}

    return defects


def _exchanged(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    origin, destination = names(operation).origin, names(operation).destination
    yield {"json": body | {origin: body[destination], destination: body[origin]}}


def _in_thirds_name(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    third, known = prologue.OPERATORS[prologue.THIRD], names(operation)
    named = {known.operator: third.operator, known.country: third.country} if operation != REPORT else {}
    changed = body | named | {known.origin: prologue.federation_id(session, prologue.THIRD)}
    yield {"json": {name: value for name, value in changed.items() if name}}


def _of_third(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """The key may be the same; the operator is not that of this federation."""
    yield {"json": body | {names(operation).origin: prologue.federation_id(session, prologue.THIRD)}}


def _by_third(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """The third operator knows the peer's ids, not its key."""
    yield {"sender": prologue.THIRD}
    yield {"sender": prologue.THIRD, "authenticated": False}


def _no_operator(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    member = names(operation).operator
    if member in MANDATORY[operation]:
        yield {"json": body | {member: ""}}
        yield {"json": {name: value for name, value in body.items() if name != member}}


def _lacking(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    for name in MANDATORY[operation]:
        empty: Any = [] if isinstance(body[name], list) else {} if isinstance(body[name], dict) else ""
        yield {"json": {other: value for other, value in body.items() if other != name}}
        yield {"json": body | {name: empty}}
        if operation not in IN_QUERY:
            yield {"json": body | {name: None}}
    if operation == prologue.UPDATE:
        nothing = {name: value for name, value in body.items() if name not in ("MCC", "MNC")}
        yield from ({"json": nothing}, {"json": body | {"MCC": "", "MNC": [], "locatorEndPoint": ""}})
    if operation == prologue.NOTIFY:
        zone = body["partnerZone"]
        yield {"json": body | {"partnerZone": {name: value for name, value in zone.items() if name != "zoneId"}}}
        yield {"json": body | {"partnerZone": zone | {"zoneId": ""}}}


def _mistyped(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """Of a deregistration zone and zones are one thing in two editions (FI-ERR-15); only what no edition has is sent."""
    if operation in (*IN_QUERY, DEBOARD):  # in a query everything is a text
        return
    known = names(operation)
    yield {"json": body | {known.origin: 12345678}}
    yield {"json": body | {known.destination: [body[known.destination]]}}
    yield {"json": body | {known.operator: {"id": body[known.operator]}}}
    if operation == UPLOAD:
        yield {"json": body | {"filename": 5}}
    if operation == ONBOARD:
        yield {"json": body | {"regions": body["regions"][0]}}
        yield {"json": body | {"regions": [body["regions"][0]["zone"]]}}
        yield {"json": body | {"specification": [body["specification"]]}}
    if operation == prologue.REGISTER:
        yield {"json": body | {"zones": body["zones"][0]}}
    if operation in (prologue.REGISTER, prologue.DEREGISTER):
        yield {"json": body | {"zones": [1, 2]}}
    if operation == prologue.UPDATE:
        yield {"json": body | {"MNC": body["MNC"][0]}}
    if operation == prologue.WITHDRAW:
        yield {"json": body | {"zone": [body["zone"]]}}
    if operation == prologue.NOTIFY:
        yield {"json": body | {"partnerZone": [body["partnerZone"]]}}


def _unreadable(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    if operation not in IN_QUERY:
        yield from ({"raw": raw} for raw in UNREADABLE)


def _cut_off(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    whole = str(body).replace("'", '"').encode()
    if operation not in IN_QUERY:
        yield {"raw": whole[: len(whole) // 2]}


def _wrong_role_or_object(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """Before the add nothing is shared with the peer; zones that are not there; no news; gone with a zone registered."""
    peer = OTHER[session.target]
    nowhere = "nowhere-zone-1"
    if operation == prologue.ADD:
        early = (prologue.REGISTER, prologue.DEREGISTER, prologue.REMOVE, UPLOAD, ONBOARD)
        for each in (each for each in early if each in prologue.operations(session)):
            yield {"operation": each, "json": prologue.message(session, peer, session.target, each)}
    elif operation == UPLOAD:
        yield {"json": body | {"filename": "*no base64*"}}
    elif operation == REPORT:
        yield {"json": body | {"appId": "ghost-app-1", "requestId": "ghost-report-1"}}
        yield {"json": body | {"status": "done"}}
    elif operation == ONBOARD:
        yield {"json": body | {"regions": [{"zone": nowhere}]}}
        yield {"json": body | {"artifactId": "ghost01"}}
    elif operation == DEBOARD:
        yield {"json": body | {"appId": "ghost-app-1"}}
    elif operation == prologue.UPDATE:
        yield {"json": body | {"MCC": "", "MNC": []}}
    elif operation == prologue.NOTIFY:
        yield {"json": body | {"partnerZone": {"zoneId": "", "geoLocation": "1,1", "edgeCount": 1}}}
    elif operation == prologue.WITHDRAW:
        yield {"json": body | {"zone": nowhere}}
    elif operation in (prologue.REGISTER, prologue.DEREGISTER):
        yield {"json": body | {"zones": [nowhere]}}
        yield {"json": body | {"zones": [*body["zones"], nowhere]}}
    if operation == prologue.DEREGISTER:
        yield {"operation": prologue.REMOVE, "json": prologue.message(session, peer, session.target, prologue.REMOVE)}


def _several(*all_: Defects) -> Defects:
    def defects(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
        for each in all_:
            yield from each(session, operation, body)

    return defects


DEFECTS: dict[str, Defects] = {
    "without any credential": lambda session, operation, body: [{"authenticated": False}],
    "with a wrong credential": _wrong_credentials,
    "with a wrong Bearer and the right x-api-key": lambda session, operation, body: [
        {"headers": {"authorization": f"Bearer {WRONG_KEY}"}}
    ],
    "with the key that was replaced": lambda session, operation, body: [bearer(f"Bearer {session.notes['old-key']}")],
    "with its own key in the third operator's name": _in_thirds_name,
    "through the third operator, who lacks the key": _by_third,
    "to a federation id that is nobody's": _other("destination", UNKNOWN_ID),
    "from a federation id that is nobody's": _other("origin", UNKNOWN_ID),
    "with the third operator's federation id": _of_third,
    "with the two federation ids exchanged": _exchanged,
    "with another operator's id": _other("operator", "operator-nine"),
    "with the operator empty or missing": _no_operator,
    "with a body that is unreadable": _unreadable,
    "with a body that is cut off": _cut_off,
    "with a mandatory member missing, empty or null": _lacking,
    "with members of another type": _mistyped,
}
DEFECTS["with every single defect"] = _several(
    DEFECTS["without any credential"],
    _wrong_credentials,
    _other("destination", UNKNOWN_ID),
    _other("origin", UNKNOWN_ID),
    _other("operator", "operator-nine"),
    _wrong_role_or_object,
)
