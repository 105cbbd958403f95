"""Steps in which an operator orders something of its platform, and in which the peer's answers are spoilt or held."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.application_bodies import ARTIFACT, UPLOAD
from conformance.play import Unprepared
from conformance.session import Result, Session
from conformance.steps.federation import _SEATS, CHECK, OTHER_SEAT, SEAT, claim, moment, seat_of
from conformance.steps.federation_phrases import MESSAGE, MESSAGES, ZONES, attributes_named, zones_named
from conformance.view import TraceView

ORDER = (
    rf"(?P<order>(?:register|deregister) (?:{ZONES})(?: of (?:{_SEATS}))?|delete (?:{ZONES})|create the zone \"[^\"]+\""
    rf"|change its attributes to M.+|add (?:{_SEATS})|remove (?:{_SEATS})|forget (?:{_SEATS})|repeat what is undelivered)"
)
BAD_ATTRIBUTES: dict[str, list[dict[str, Any]]] = {
    "an MCC or an MNC that is none": [{"mcc": "26A"}, {"mcc": "2"}, {"mcc": "99999"}, {"mnc": ["x"]}],
    "a good MCC and an MNC that is none": [{"mcc": "262", "mnc": ["1"]}],
    "a locator that is none": [{"locator": "not a locator"}],
}


def ask(session: Session, seat: str, order: str) -> Result:
    """Ask for what an order says; remembered as ``asked``, and ``before`` is the moment before it."""
    verb, _, rest = order.partition(" ")
    inputs: dict[str, Any] = {}
    if verb in ("register", "deregister"):
        zones, _, other = rest.rpartition(" of ")
        if zones.endswith(("zone", "zones")):  # "the first zone of OP2"
            zones = rest
        partner = prologue.federation_id(session, seat_of(session, other))
        action, inputs = f"{verb}_zone", {"partner": partner, "zones": zones_named(session, zones)}
    elif verb == "delete":
        action, inputs = "delete_zone", {"zone": zones_named(session, rest)[0]}
    elif verb == "change":
        action, inputs = "update_attributes", attributes_named(rest.removeprefix("its attributes to "))
    elif verb in ("remove", "forget"):
        action = {"remove": "remove_partner", "forget": "delete_partner"}[verb]
        inputs = {"partner": prologue.federation_id(session, seat_of(session, rest))}
    elif verb == "repeat":
        action = "retry_pending"
    session.notes["before"] = moment(session)
    if verb == "add":
        prologue.ask_to_add(session, seat, seat_of(session, rest))
    elif verb == "create":
        session.notes["asked"] = prologue.form_zone(session, seat, rest.split('"')[1])
    else:
        session.notes["asked"] = session.act(seat, action, **inputs)
    return session.notes["asked"]  # type: ignore[no-any-return]  # notes hold anything


def rest(session: Session) -> None:
    """Wait until all have come to rest. While answers are spoilt, who repeats by itself never does: then no longer than a
    silence would be waited for."""
    session.settle(session.stage.quiet if session.notes.get("spoilt") else None)


@given(parsers.re(rf"{SEAT} was asked to {ORDER}"))
def was_asked(session: Session, seat: str, order: str) -> None:
    prologue.demanded(session.finish(ask(session, seat_of(session, seat), order)))
    rest(session)


@when(parsers.re(rf"{SEAT} is asked to {ORDER}"))
def is_asked(session: Session, seat: str, order: str) -> None:
    """Waited for until it has ended; where an answer to it is held, until that is so."""
    asker = seat_of(session, seat)
    for each in session.notes["federations"]:
        session.observe(each)
    result = ask(session, asker, order)
    if (held := session.notes.get("held")) is not None and not held.released.is_set():
        if not held.arrived.is_set() and not session.arrived(held):
            raise Unprepared(f"{asker} does not call its peer")
        return
    session.finish(result)
    rest(session)


@when(parsers.re(rf"{SEAT} is asked meanwhile to {ORDER}"))
def is_asked_meanwhile(session: Session, seat: str, order: str) -> None:
    """While an answer is held; the first order stays the one that is waited for."""
    first = session.notes["asked"]
    session.notes["meanwhile"] = ask(session, seat_of(session, seat), order)
    session.notes["asked"] = first


@when(parsers.re(rf"{SEAT} is asked further to {ORDER}"))
def is_asked_further(session: Session, seat: str, order: str) -> None:
    """As a part of what was asked before: ``before`` stays the moment before the first order."""
    before = session.notes["before"]
    session.finish(ask(session, seat_of(session, seat), order))
    rest(session)
    session.notes["before"] = before


@when(parsers.re(rf"{SEAT} is asked for (?P<what>{'|'.join(BAD_ATTRIBUTES)})"))
def bad_attributes(session: Session, seat: str, what: str) -> None:
    asker = seat_of(session, seat)
    session.observe(asker)
    session.notes["before"] = moment(session)
    asked = [session.act(asker, "update_attributes", **each) for each in BAD_ATTRIBUTES[what]]
    session.notes["attempts"] = [each.seq for each in asked]
    rest(session)


@when(parsers.re(rf"{SEAT} is asked for the changes of its MCC to (?P<codes>[\d, and]+)"))
def several_changes(session: Session, seat: str, codes: str) -> None:
    session.notes["before"] = moment(session)
    for code in codes.replace(" and", ",").split(", "):
        session.notes["asked"] = session.act(seat_of(session, seat), "update_attributes", mcc=code)
    rest(session)


# --- answers that are spoilt or held --------------------------------------------------------------------------------


@given(parsers.re(rf"{SEAT} will answer every {MESSAGE} of {OTHER_SEAT} with (?P<status>\d+)"))
def will_answer_every(session: Session, seat: str, message: str, other: str, status: str) -> None:
    more = {"sender": seat_of(session, other), "receiver": seat_of(session, seat), "times": -1}
    session.notes.setdefault("spoilt", []).append(
        session.disturb("answer", MESSAGES[message], status=int(status), body={"message": "no"}, **more)
    )


@given(parsers.re(rf"{SEAT} will answer no {MESSAGE} of {OTHER_SEAT}"))
def will_answer_none(session: Session, seat: str, message: str, other: str) -> None:
    more = {"sender": seat_of(session, other), "receiver": seat_of(session, seat), "times": -1}
    session.notes.setdefault("spoilt", []).append(session.disturb("drop", MESSAGES[message], **more))


@given(
    parsers.re(
        rf"{SEAT}'s answer to the {MESSAGE} of {OTHER_SEAT} will be lost, and a repeat answered with (?P<status>\d+)"
    )
)
def will_be_lost(session: Session, seat: str, message: str, other: str, status: str) -> None:
    """The peer handles the first attempt; to repeats it says that this is so already."""
    more: dict[str, Any] = {"sender": seat_of(session, other), "receiver": seat_of(session, seat)}
    session.disturb("lose", MESSAGES[message], **more)
    session.disturb("answer", MESSAGES[message], status=int(status), body={"message": "so already"}, times=-1, **more)


@when(parsers.re(rf"{SEAT} answers truly again"))
def truly_again(session: Session, seat: str) -> None:
    for each in session.notes.pop("spoilt", []):
        each.times = 0


@given(parsers.re(rf'{SEAT} will register only "(?P<zone>[^"]+)" for {OTHER_SEAT}'))
def will_register_only(session: Session, seat: str, zone: str, other: str) -> None:
    body = {"zone": [{"zoneId": zone}]}
    session.disturb("answer", prologue.REGISTER, sender=seat_of(session, other), status=200, body=body)


@given(parsers.re(rf"{SEAT} will hold its answer to the {MESSAGE} of {OTHER_SEAT}"))
def will_hold(session: Session, seat: str, message: str, other: str) -> None:
    """It does not handle the request: what it answers in the end, the scenario says."""
    more = {"sender": seat_of(session, other), "receiver": seat_of(session, seat)}
    session.notes["held"] = session.disturb("hold-then-answer", MESSAGES[message], **more)


@given(parsers.re(rf"{SEAT} will handle the {MESSAGE} of {OTHER_SEAT} and hold its answer"))
def will_handle_and_hold(session: Session, seat: str, message: str, other: str) -> None:
    more = {"sender": seat_of(session, other), "receiver": seat_of(session, seat)}
    session.notes["held"] = session.disturb("hold-answer", MESSAGES[message], **more)


@when("the held answer goes out")
def goes_out(session: Session) -> None:
    session.release(session.notes["held"])
    session.finish(session.notes["asked"])
    session.settle()


@when(parsers.re(r"the held request is answered with (?P<status>\d+)"))
def is_answered(session: Session, status: str) -> None:
    """A success is the full answer to this very request."""
    held = session.notes["held"]
    view = TraceView(session.stage.wire.trace[session.since :])
    calls = [e for e in view.exchanges(held.operation, sender=held.sender, ours=False) if not (e.response or e.lost)]
    asked = (calls[-1].request.body or {}) if calls else {}
    held.status = int(status)
    held.body = {"message": "as the scenario says"}
    if held.status < 300 and held.operation == prologue.REGISTER:
        held.body = {
            "requestId": asked.get("requestId"),
            "zone": [{"zoneId": zone} for zone in asked.get("zones", [])],
        }
    if held.status < 300 and held.operation == UPLOAD:
        held.body = {"requestId": asked.get("requestId"), "artifactId": asked.get("artifactId") or ARTIFACT}
    goes_out(session)


@when("the held request is never answered")
def never_answered(session: Session) -> None:
    """Nothing is released: the target gives up by itself."""
    session.disturb("drop", session.notes["held"].operation, sender=session.notes["held"].sender, times=-1)


@then(parsers.re(rf"no call of {SEAT} to {OTHER_SEAT} is made for an hour {CHECK}"))
def quiet_hour(session: Session, seat: str, other: str, check: str, at: str | None) -> None:
    now = moment(session)
    session.pass_time(3_600_000)
    params = {"sender": seat_of(session, seat), "receiver": seat_of(session, other), "after": now}
    claim(session, check, at, ("nothing_sent", params))
