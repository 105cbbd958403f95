"""Sweeps: every operation that the target serves, sent in its peer's name, right or with one defect.

In a sweep with defects each defective request stands right before the correct one, which differs from it in the defect
alone and must be accepted: so a refusal has no other reason. The state is looked at before and after the defects.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, claim, moment
from conformance.view import TraceView

Sent = Mapping[str, Any]
"""What differs from the correct request: arguments of Session.send, and ``sender`` and ``operation``."""
Defects = Callable[[Session, str, dict[str, Any]], Iterable[Sent]]

WRONG_KEY = "wrong-key-123"
UNKNOWN_ID = "nobody-knows-0001"
UNREADABLE = (b"", b"{", b"[]", b'"x"', b"null", b" " * 1_000_000)
MANDATORY = {
    prologue.ADD: ("origFederationId", "destFederationId", "operator"),
    prologue.NOTIFY: ("origFederationId", "destFederationId", "operator", "partnerZone"),
    prologue.UPDATE: ("origFederationId", "destFederationId", "operator"),
    prologue.WITHDRAW: ("origFederationId", "destFederationId", "operator", "zone"),
    prologue.REGISTER: ("origFederationId", "destFederationId", "operator", "zones"),
    prologue.DEREGISTER: ("origFederationId", "destFederationId", "operator", "zones"),
    prologue.REMOVE: ("origFederationId", "destFederationId", "operator"),
}
"""Members whose absence must be refused; country is one only in the early edition (federation-wire, section 4)."""


def right_key(session: Session) -> str:
    return str(session.notes["api-keys"][OTHER[session.target], session.target])


def _bearer(value: str) -> Sent:
    return {"authenticated": False, "headers": {"authorization": value}}


def _wrong_credentials(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """An empty Bearer has no blank behind it: HTTP strips blanks at the end of a header."""
    changed = right_key(session)[:-1] + ("A" if right_key(session)[-1] != "A" else "B")
    basic = base64.b64encode(f"partner:{right_key(session)}".encode()).decode()
    yield from (_bearer(f"Bearer {WRONG_KEY}"), _bearer("Bearer"), _bearer(f"Basic {basic}"))
    yield {"authenticated": False, "headers": {"authorization": f"Bearer {changed}", "x-api-key": changed}}


def _other_identities(**changes: Any) -> Defects:
    """The message with these identities replaced; None leaves one out."""

    def defects(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
        yield {"json": {name: value for name, value in (body | changes).items() if value is not None}}

    return defects


def _exchanged(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    swapped = {"origFederationId": body["destFederationId"], "destFederationId": body["origFederationId"]}
    yield {"json": body | swapped}


def _in_thirds_name(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    third = prologue.OPERATORS[prologue.THIRD]
    named = {"operator": third.operator, "country": third.country}
    yield {"json": body | named | {"origFederationId": prologue.federation_id(session, prologue.THIRD)}}


def _by_third(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """The third operator knows the peer's ids, not its key."""
    yield {"sender": prologue.THIRD}
    yield {"sender": prologue.THIRD, "authenticated": False}


def _no_operator(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    yield {"json": body | {"operator": ""}}
    yield {"json": {name: value for name, value in body.items() if name != "operator"}}


def _lacking(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    for name in MANDATORY[operation]:
        empty: Any = [] if isinstance(body[name], list) else {} if isinstance(body[name], dict) else ""
        yield {"json": {other: value for other, value in body.items() if other != name}}
        yield {"json": body | {name: empty}}
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
    yield {"json": body | {"origFederationId": 12345678}}
    yield {"json": body | {"destFederationId": [body["destFederationId"]]}}
    yield {"json": body | {"operator": {"id": body["operator"]}}}
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
    yield from ({"raw": raw} for raw in UNREADABLE)


def _cut_off(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    whole = str(body).replace("'", '"').encode()
    yield {"raw": whole[: len(whole) // 2]}


def _wrong_role_or_object(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
    """Before the add nothing is shared with the peer; zones that are not there; no news; gone with a zone registered."""
    peer = OTHER[session.target]
    nowhere = "nowhere-zone-1"
    if operation == prologue.ADD:
        for early in (prologue.REGISTER, prologue.DEREGISTER, prologue.REMOVE):
            yield {"operation": early, "json": prologue.message(session, peer, session.target, early)}
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
    "with the key that was replaced": lambda session, operation, body: [_bearer(f"Bearer {session.notes['old-key']}")],
    "with its own key in the third operator's name": _in_thirds_name,
    "through the third operator, who lacks the key": _by_third,
    "to a federation id that is nobody's": _other_identities(destFederationId=UNKNOWN_ID),
    "from a federation id that is nobody's": _other_identities(origFederationId=UNKNOWN_ID),
    "with the two federation ids exchanged": _exchanged,
    "with another operator's id": _other_identities(operator="operator-nine"),
    "with the operator empty or missing": _no_operator,
    "with a body that is unreadable": _unreadable,
    "with a body that is cut off": _cut_off,
    "with a mandatory member missing, empty or null": _lacking,
    "with members of another type": _mistyped,
}
DEFECTS["with every single defect"] = _several(
    DEFECTS["without any credential"],
    _wrong_credentials,
    _other_identities(destFederationId=UNKNOWN_ID),
    _other_identities(origFederationId=UNKNOWN_ID),
    _other_identities(operator="operator-nine"),
    _wrong_role_or_object,
)


def send(session: Session, operation: str, body: dict[str, Any], differently: Sent | None = None) -> str:
    """Send in the peer's name the correct request, or one that differs in something; the exchange's id."""
    more = dict(differently or {})
    sender, operation = more.pop("sender", OTHER[session.target]), more.pop("operation", operation)
    if "raw" not in more:
        more.setdefault("json", body)
    return session.send(sender, session.target, operation, {}, **more).request.exchange


def unasked(session: Session) -> Sequence[str]:
    """The operations that a sweep leaves out; none where one operation was meant."""
    return tuple(session.notes.get("unasked", ()))


def sweep(session: Session, defects: Defects) -> None:
    """For each operation the defects, then the correct request under a requestId of its own."""
    session.notes["unasked"] = prologue.UNASKED
    sent, twins = session.notes.setdefault("sent", []), session.notes.setdefault("twins", [])
    peer = OTHER[session.target]
    for operation in prologue.OPERATIONS:
        body = prologue.message(session, peer, session.target, operation)
        session.observe(session.target)
        session.notes.setdefault("before", moment(session))
        sent += [send(session, operation, body, each) for each in defects(session, operation, body)]
        session.observe(session.target)
        session.notes.setdefault("after", []).append(moment(session))
        twins.append(send(session, operation, prologue.message(session, peer, session.target, operation)))


def sweep_correct(session: Session, differently: Callable[[str, dict[str, Any]], Sent]) -> None:
    """For each operation one correct request, sent differently."""
    session.notes["unasked"] = prologue.UNASKED
    peer = OTHER[session.target]
    for operation in prologue.OPERATIONS:
        body = prologue.message(session, peer, session.target, operation)
        session.notes.setdefault("sent", []).append(send(session, operation, body, differently(operation, body)))


@when(parsers.re(rf"its peer sends every operation (?P<defect>{'|'.join(DEFECTS)}), and then correctly"))
def sends_defective(session: Session, defect: str) -> None:
    sweep(session, DEFECTS[defect])


@when(parsers.re(r"its peer sends every operation with the key (?P<where>as Bearer alone|as x-api-key alone|in both)"))
def sends_key(session: Session, where: str) -> None:
    key = right_key(session)
    headers = {
        "as Bearer alone": {"authorization": f"Bearer {key}"},
        "as x-api-key alone": {"x-api-key": key},
        "in both": {"authorization": f"Bearer {key}", "x-api-key": key},
    }[where]
    sweep_correct(session, lambda operation, body: {"authenticated": False, "headers": headers})


@when("its peer sends every operation with additional unknown members")
def sends_unknown(session: Session) -> None:
    sweep_correct(session, lambda operation, body: {"json": body | {"xUnknown": {"deep": [1]}, "address": "x"}})


@given("the target has issued a new key to its peer")
def issued_new_key(session: Session) -> None:
    peer = OTHER[session.target]
    session.notes["old-key"] = right_key(session)
    result = session.act(session.target, "rotate_api_key", partner=prologue.federation_id(session, peer))
    session.notes["api-keys"][peer, session.target] = prologue.demanded(result).outputs["api_key"]


@then(parsers.re(rf"the target refuses each defect without effect, and accepts what is correct {CHECK}"))
def refuses_each(session: Session, check: str, at: str | None) -> None:
    params = {"exchanges": session.notes["sent"], "twins": session.notes["twins"], "at": session.target}
    claim(session, check, at, ("every_refused", params | {"unasked": list(unasked(session))}))


@then(parsers.re(rf"the target accepts each of them {CHECK}"))
def accepts_each(session: Session, check: str, at: str | None) -> None:
    params = {"exchanges": session.notes["sent"], "unasked": list(unasked(session))}
    claim(session, check, at, ("every_accepted", params))


@then(parsers.re(rf"the target sends nothing because of it {CHECK}"))
def sends_nothing(session: Session, check: str, at: str | None) -> None:
    before = session.notes["before"]
    session.check_in_the_end(
        check, "nothing_sent", seat=at, sender=session.target, after=before, unasked=unasked(session)
    )


@when(parsers.re(r"its peer sends (?P<number>\d+) requests with a wrong key, and then a correct one"))
def sends_many(session: Session, number: str) -> None:
    body = prologue.message(session, OTHER[session.target], session.target)
    session.observe(session.target)
    wrong = _bearer(f"Bearer {WRONG_KEY}")
    session.notes["sent"] = [send(session, prologue.ADD, body, wrong) for _ in range(int(number))]
    session.observe(session.target)
    session.notes["twins"] = [send(session, prologue.ADD, body)]


@given("the target has sent requests of its own to its peer")
def has_sent_own(session: Session) -> None:
    peer = OTHER[session.target]
    prologue.add(session, session.target, peer)
    zone = prologue.OPERATORS[peer].zones[0]
    prologue.demanded(session.finish(prologue.ask_to_register(session, session.target, peer, zone)))


@when("its peer sends the very same bodies back, and then correct requests")
def reflects(session: Session) -> None:
    own = TraceView(session.stage.wire.trace[session.since :]).exchanges(sender=session.target, ours=False)
    if not own:
        raise Unprepared("the target has sent nothing that could be reflected")
    first = own[0].request

    def reflected(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
        same = [each.request for each in own if each.request.operation == operation]
        yield from ({"json": each.body} for each in same or [first])

    sweep(session, reflected)
