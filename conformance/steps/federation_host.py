"""Steps for the host that is added: what it answers, whom it admits and what it keeps."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from conformance import prologue_federation as prologue
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import (
    CHECK,
    OTHER_SEAT,
    SEAT,
    claim,
    moment,
    seat_of,
    shown,
)

IDENTITIES = ("origFederationId", "destFederationId", "operator", "country")


# --- the host's answer ----------------------------------------------------------------------------------------------


@then(parsers.re(rf"OP2 offers its zones of one cloudlet with edgeCount 1 {CHECK}"))
def offers_single(session: Session, check: str, at: str | None) -> None:
    edges = dict.fromkeys(prologue.OPERATORS["op2"].zones, 1) | session.notes.get("edges", {"east-both-01": 2})
    claim(session, check, at, ("offers_zones", {"host": "op2", "lead": "op1", "edges": edges}))


@then(parsers.re(rf'OP2 offers the zone "(?P<zone>[^"]+)" with edgeCount (?P<count>\d+) {CHECK}'))
def offers_counted(session: Session, zone: str, count: str, check: str, at: str | None) -> None:
    edges = dict.fromkeys(prologue.OPERATORS["op2"].zones, 1) | {zone: int(count)}
    claim(session, check, at, ("offers_zones", {"host": "op2", "lead": "op1", "edges": edges}))


@then(parsers.re(rf"OP2 offers all its zones, each once and as it was created {CHECK}"))
def offers_all(session: Session, check: str, at: str | None) -> None:
    edges = dict.fromkeys(prologue.OPERATORS["op2"].zones, 1)
    claim(session, check, at, ("offers_zones", {"host": "op2", "lead": "op1", "edges": edges}))


@then(parsers.re(rf"OP2 admits OP1 and offers no zone {CHECK}"))
def offers_none(session: Session, check: str, at: str | None) -> None:
    claim(
        session, check, at, ("offers_zones", {"host": "op2", "lead": "op1", "edges": {}}), shown("op2", "op1", "share")
    )


@then(parsers.re(rf"OP2 offers OP1 no zone of the third operator {CHECK}"))
def offers_no_foreign(session: Session, check: str, at: str | None) -> None:
    foreign = list(prologue.OPERATORS[prologue.THIRD].zones)
    claim(
        session,
        check,
        at,
        ("never_offers", {"host": "op2", "lead": "op1", "zones": foreign}),
        ("knows_zones", {"at": "op2", "of": prologue.THIRD, "zones": foreign}),
    )


@then(parsers.re(rf"OP2's answer names OP2 as origin, OP1 as destination, and repeats the requestId {CHECK}"))
def identifies(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("answer_identifies", {"host": "op2", "lead": "op1"}))


@then(parsers.re(rf"OP2's answer carries its MCC, MNC and locator as they were set up {CHECK}"))
def carries_attributes(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("answer_has_attributes", {"host": "op2", "lead": "op1"}))


# --- speaking for the lead ------------------------------------------------------------------------------------------


@when(parsers.re(rf"{SEAT} asks by hand to be added"))
def asks_by_hand(session: Session, seat: str) -> None:
    session.observe(OTHER[seat_of(session, seat)])
    session.notes["before"] = moment(session)
    prologue.by_hand(session, seat_of(session, seat), prologue.ADD)


@when(parsers.re(r"OP1 asks by hand to be added, with (?P<what>.+)"))
def asks_with(session: Session, what: str) -> None:
    """Each variant once, all of them before the correct one."""
    session.observe("op2")
    variants: dict[str, list[dict[str, Any]]] = {
        "an unknown destFederationId": [{"destFederationId": "nobody-0001"}],
        "an identity missing or empty": [{name: value} for name in IDENTITIES for value in (None, "")],
        "the wish for endorsement as a text": [{"applicationAnchormentReq": "yes"}],
        "another address": [{"origFederationAddr": "http://elsewhere.test"}],
        "another address or country": [{"origFederationAddr": "http://elsewhere.test"}, {"country": "FR"}],
        "an arbitrary destFederationId": [{"destFederationId": "arbitrary-0001"}],
    }
    for changes in variants[what]:
        prologue.by_hand(session, "op1", prologue.ADD, **changes)
    session.observe("op2")


@when("a stranger asks OP2 by hand to be added")
def stranger_asks(session: Session) -> None:
    """A well-formed origin that nobody expects, with the key that OP2 issued for its federation as a whole, or where it
    issues none such, with that of a partner."""
    session.observe("op2")
    identities = {"origFederationId": "stranger-0001", "operator": "operator-nine", "country": "IT"}
    key = session.notes["own-keys"]["op2"] or session.notes["api-keys"]["op1", "op2"]
    exchange = session.send(
        "op1",
        "op2",
        prologue.ADD,
        {},
        json=prologue.message(session, "op1", "op2", **identities),
        headers={"authorization": f"Bearer {key}", "x-api-key": key},
    )
    session.notes["sent"] = [exchange.request.exchange]
    session.observe("op2")


@then(parsers.re(rf"OP2 refuses each, offers nothing and keeps nothing, and admits OP1 when it asks correctly {CHECK}"))
def refuses_then_admits(session: Session, check: str, at: str | None) -> None:
    sent = list(session.notes["sent"])
    twin = prologue.by_hand(session, "op1", prologue.ADD).request.exchange
    params = {"exchanges": sent, "twins": [twin], "at": "op2"}
    claim(
        session,
        check,
        at,
        ("every_refused", params),
        ("no_zones_told", {"exchanges": sent}),
        shown("op2", "op1", "share"),
    )


@then(parsers.re(rf"OP2 refuses it and keeps everything as it was {CHECK}"))
def refuses_all(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("every_refused", {"exchanges": session.notes["sent"], "twins": [], "at": "op2"}))


@then(parsers.re(rf"OP2 admits OP1 and offers its zones {CHECK}"))
def admits(session: Session, check: str, at: str | None) -> None:
    edges = dict.fromkeys(prologue.OPERATORS["op2"].zones, 1)
    claim(
        session,
        check,
        at,
        ("offers_zones", {"host": "op2", "lead": "op1", "edges": edges}),
        shown("op2", "op1", "share"),
    )


@then(parsers.re(rf"{SEAT} can register an offered zone of {OTHER_SEAT} at once {CHECK}"))
def can_register(session: Session, seat: str, other: str, check: str, at: str | None) -> None:
    lead, host = seat_of(session, seat), seat_of(session, other)
    exchange = prologue.by_hand(session, lead, prologue.REGISTER, host)
    claim(session, check, at, ("every_accepted", {"exchanges": [exchange.request.exchange]}))


@then(parsers.re(rf"{SEAT} does not add OP1 in return {CHECK}"))
def no_return(session: Session, seat: str, check: str, at: str | None) -> None:
    session.check_in_the_end(check, "nothing_sent", seat=at, sender="op2", operation=prologue.ADD)


@when(parsers.re(rf"{SEAT} notifies a zone of its own by hand"))
def notifies(session: Session, seat: str) -> None:
    sender = seat_of(session, seat)
    session.observe(OTHER[sender])
    prologue.by_hand(session, sender, prologue.NOTIFY)


@then(parsers.re(rf"OP2 refuses it and knows no zone of OP1 {CHECK}"))
def refuses_notification(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        ("every_refused", {"exchanges": session.notes["sent"], "twins": [], "at": "op2"}),
        ("knows_zones", {"at": "op2", "of": "op1", "zones": []}),
    )


@when(parsers.re(rf"{SEAT} is asked to register a zone of {OTHER_SEAT}"))
def asked_to_register(session: Session, seat: str, other: str) -> None:
    lead, host = seat_of(session, seat), seat_of(session, other)
    session.observe(lead)
    result = prologue.ask_to_register(session, lead, host, prologue.OPERATORS[host].zones[0])
    session.finish(result)


@then(parsers.re(rf"OP2 lists OP1 once, with the address of the arrangement, and its zone is still registered {CHECK}"))
def still_registered(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        ("every_refused", {"exchanges": session.notes["sent"], "twins": [], "at": "op2"}),
        shown("op2", "op1", "share", address=session.stage.origin("op1")),
        ("keeps_registration", {"at": "op2", "zone": prologue.OPERATORS["op2"].zones[0], "other": "op1"}),
    )


@when("OP1 is admitted with the wish for endorsement true, false and absent, each time anew")
def admitted_thrice(session: Session) -> None:
    """The platforms are emptied in between, so each add meets the same OP2."""
    for wish in (True, False, None):
        session.portal.call(session.stage.reset())
        session.notes.pop("federations", None)
        prologue.prepare(session, "op1", "op2")
        prologue.by_hand(session, "op1", prologue.ADD, applicationAnchormentReq=wish)
        session.observe("op2")


@then(parsers.re(rf"OP2 admits it each time, with the same zones and the same roles {CHECK}"))
def same_each_time(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("same_offers", {"exchanges": session.notes["sent"], "at": "op2"}))


@then(parsers.re(rf"OP2 refuses or ignores the wish, without failing {CHECK}"))
def no_failure(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("never_fails", {"exchanges": session.notes["sent"]}))
