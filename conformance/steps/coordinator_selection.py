"""Steps about the negotiator's choice of an interconnect; the negotiator is CSP B, or the target, and the harness answers as
CSP A, or as its peer."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.session import WITHIN, Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from conformance.steps.coordinator_by_hand import KEY, named, remember
from conformance.view import Exchange, TraceView
from conformance.wire import Interception

NEGOTIATOR, RESPONDER = "csp-b", "csp-a"
EITHER = r"(?P<seat>CSP B|the target)"
"""What a feature calls the negotiator."""


def placements_answered(session: Session, status: int, times: int = -1) -> Interception:
    return session.disturb(
        "answer",
        "CreateConnection",
        sender=NEGOTIATOR,
        times=times,
        status=status,
        body={"title": "No", "status": status, "detail": "the harness answers"},
    )


def _ended(session: Session) -> None:
    """Wait for the end of the acceptance; a negotiator that never ends is seen by the claims."""
    session.finish(session.notes["accepted"])
    session.settle()


@given(
    parsers.re(
        rf"the customer of (?P<seat>CSP A|its peer) holds the key {KEY} for (?P<mbps>\d+) Mbps in (?P<environment>\w+)"
    )
)
def holds_named(session: Session, seat: str, key: str, mbps: str, environment: str) -> None:
    prologue.offer(session, seat_of(session, seat), int(mbps), environment)
    remember(session, key)


@given(parsers.re(r"CSP A answers the first placement with (?P<status>\d+)"))
def first_answered(session: Session, status: str) -> None:
    placements_answered(session, int(status), times=1)


@given(parsers.re(r"CSP A answers every placement with (?P<status>\d+)"))
def all_answered(session: Session, status: str) -> None:
    placements_answered(session, int(status))


@given("the operators of both sides have closed ix1 and ix2")
def all_closed(session: Session) -> None:
    for seat in (RESPONDER, NEGOTIATOR):
        for interconnect in ("ix1", "ix2"):
            session.act(seat, "set_interconnect_state", environment="env1", interconnect=interconnect, state="CLOSED")


@given("the answer to the first placement is lost")
def first_lost(session: Session) -> None:
    session.disturb("lose", "CreateConnection", sender=NEGOTIATOR)


@given("CSP A answers 409 to any later placement")
def later_refused(session: Session) -> None:
    """The first one is not concerned: it is taken by the disturbance before, or goes through."""
    placements_answered(session, 409)


@given(parsers.re(r"CSP A answers the first (?P<times>\d+) looks at the connection with (?P<status>\d+)"))
def looks_fail(session: Session, times: str, status: str) -> None:
    session.disturb("answer", "GetConnection", sender=NEGOTIATOR, times=int(times), status=int(status), body={})


@when(parsers.re(rf"the customer accepts {KEY} at {EITHER}(?P<waits> and it ends)?"))
def accepts_named(session: Session, key: str, seat: str, waits: str | None) -> None:
    named(session, key)
    prologue.accept(session, seat_of(session, seat))
    if waits:
        _ended(session)


@when(parsers.re(rf"the customer accepts {KEY} at CSP B, and (?P<interconnect>ix\d) is closed after the first attempt"))
def accepts_and_closes(session: Session, key: str, interconnect: str) -> None:
    disturbed = placements_answered(session, 503, times=1)
    accepts_named(session, key, "CSP B", None)
    if not session.portal.call(session.stage.run(lambda: disturbed.seen > 0, WITHIN)):
        raise Unprepared("CSP B makes no first attempt")
    session.act(RESPONDER, "set_interconnect_state", environment="env1", interconnect=interconnect, state="CLOSED")
    _ended(session)


@when(parsers.re(rf"the customer accepts {KEY} at CSP B, and CSP A looks at its copy before it answers"))
def accepts_and_looks(session: Session, key: str) -> None:
    held = session.disturb("hold", "CreateConnection", sender=NEGOTIATOR)
    accepts_named(session, key, "CSP B", None)
    if not session.arrived(held):
        raise Unprepared("CSP B sends no CreateConnection")
    interconnect = next(
        e.segment("interconnects") for e in sent_by_negotiator(session, "CreateConnection") if e.response is None
    )
    session.notes["read"] = readings.read(
        session,
        NEGOTIATOR,
        "GetConnection",
        environment="env1",
        interconnect=interconnect,
        connection=session.notes["uuid"],
    )
    session.release(held)
    _ended(session)


def sent_by_negotiator(session: Session, operation: str) -> list[Exchange]:
    """The negotiator's exchanges of this scenario so far."""
    return TraceView(session.stage.wire.trace[session.since :]).exchanges(operation, sender=NEGOTIATOR, ours=False)


@then(parsers.re(rf"{EITHER} places first on (?P<interconnects>ix\d(?: or ix\d)*) {CHECK}"))
def first(session: Session, seat: str, interconnects: str, check: str, at: str | None) -> None:
    """The copies of both sides are equal here, so that the choice is judged by either (CC-ERR-09)."""
    claim(
        session,
        check,
        at,
        "proposes_first",
        within=WITHIN,
        sender=seat_of(session, seat),
        uuid=session.notes["uuid"],
        interconnects=interconnects.split(" or "),
    )


@then(parsers.re(rf"{EITHER} never places on any but (?P<places>[\w/, ]+) {CHECK}"))
def only_there(session: Session, seat: str, places: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "proposes_within",
        sender=seat_of(session, seat),
        uuid=session.notes["uuid"],
        places=[] if places == "none" else places.split(", "),
    )


@then(parsers.re(rf"CSP B goes on to another of (?P<interconnects>[\w, ]+) {CHECK}"))
def elsewhere(session: Session, interconnects: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "goes_elsewhere",
        sender=NEGOTIATOR,
        uuid=session.notes["uuid"],
        interconnects=interconnects.split(", "),
    )


_RULES = {
    "spaces its attempts ever wider, for at most 60 seconds": "backs_off",
    "refreshes its picture before each new attempt": "refreshes_between",
}


@then(parsers.re(rf"CSP B (?P<claimed>{'|'.join(_RULES)}) {CHECK}"))
def attempts(session: Session, claimed: str, check: str, at: str | None) -> None:
    claim(session, check, at, _RULES[claimed], sender=NEGOTIATOR, uuid=session.notes["uuid"])


@then(parsers.re(rf"{EITHER} has given up, kept no copy and told its customer {CHECK}"))
def given_up(session: Session, seat: str, check: str, at: str | None) -> None:
    session.pass_time(session.stage.limit("placement_verdict"))
    sender = seat_of(session, seat)
    readings.survey(session, sender)
    claim(session, check, at, "gives_up", sender=sender, uuid=session.notes["uuid"])


@then(parsers.re(rf"CSP B held its own copy before it asked {CHECK}"))
def own_copy(session: Session, check: str, at: str | None) -> None:
    reading = session.notes["read"].request.exchange
    claim(session, check, at, "placed_before_asking", reading=reading, mbps=session.notes["mbps"])


@then(parsers.re(rf"{SEAT} lists the connection once(?:, on (?P<interconnect>\w+))? {CHECK}"))
def listed_once(session: Session, seat: str, interconnect: str | None, check: str, at: str | None) -> None:
    shown = seat_of(session, seat)
    readings.survey(session, shown)
    params: dict[str, Any] = {"interconnects": [interconnect]} if interconnect else {}
    claim(
        session, check, at, "placed_at", server=shown, uuid=session.notes["uuid"], mbps=session.notes["mbps"], **params
    )


@then(parsers.re(rf"both sides list the connection (?P<count>once|nowhere|alike) {CHECK}"))
def alike(session: Session, count: str, check: str, at: str | None) -> None:
    readings.survey(session)
    claim(
        session,
        check,
        at,
        "placed_alike",
        seats=[NEGOTIATOR, RESPONDER],
        uuid=session.notes["uuid"],
        placements={"once": 1, "nowhere": 0, "alike": None}[count],
    )


@then(parsers.re(rf"CSP B agrees on one feature for each of (?P<channels>[\w, -]+) {CHECK}"))
def agrees_on(session: Session, channels: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "features_proposed",
        sender=NEGOTIATOR,
        uuid=session.notes["uuid"],
        channels=channels.split(", "),
    )


@then(parsers.re(rf"CSP B agrees on at least (?P<least>\d+) features, all of (?P<channels>[\w, -]+) {CHECK}"))
def agrees_on_some(session: Session, least: str, channels: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "features_proposed",
        sender=NEGOTIATOR,
        uuid=session.notes["uuid"],
        channels=channels.split(", "),
        least=int(least),
    )


@then(parsers.re(rf"the offer at {SEAT} is refused {CHECK}"))
def offer_refused(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "action_ended", seat_shown=seat_of(session, seat), action="offer", results=["refused"])


@then(parsers.re(rf"the offer at {SEAT} is accepted {CHECK}"))
def offer_accepted(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "action_ended", seat_shown=seat_of(session, seat), action="offer", results=["ok"])


@then(parsers.re(rf"the acceptance of {KEY} at CSP B is refused for lack of room {CHECK}"))
def acceptance_refused(session: Session, key: str, check: str, at: str | None) -> None:
    """Refused at once, or tried and undone: a target may look for room at either moment."""
    claim(session, check, at, "action_ended", seat_shown=NEGOTIATOR, action="accept", results=["refused", "failed"])
