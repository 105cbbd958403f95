"""Steps for the lead that adds a partner: what it takes over from the host's answer, and what goes wrong."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.session import Session
from conformance.steps.federation import CHECK, Ruled, claim, nothing_gained, refused_silently, shown


@given(parsers.re(r"OP2 will answer the add (?P<how>.+)"))
def will_answer(session: Session, how: str) -> None:
    """The harness answers in OP2's place; what is true of OP2 in the answer is filled in."""
    answers: dict[str, dict[str, Any]] = {
        "without zones": {"partnerZone": None},
        "with an empty list of zones": {"partnerZone": []},
        "with one of its zones twice": {},
        "in the name of the third operator": {"origFederationId": prologue.federation_id(session, prologue.THIRD)}
        if prologue.THIRD in session.notes["federations"]
        else {},
    }
    body = _answer(session) | answers[how]
    if how == "with one of its zones twice":
        body["partnerZone"] = [*body["partnerZone"], body["partnerZone"][0]]
    session.notes["disturbance"] = session.disturb(
        "answer", prologue.ADD, sender="op1", status=200, body={k: v for k, v in body.items() if v is not None}
    )


def _answer(session: Session) -> dict[str, Any]:
    """A correct answer of OP2 to OP1's add; requestId is absent, which is tolerated."""
    host = prologue.OPERATORS["op2"].attributes()
    return {
        "origOperatorId": host["operator"],
        "origFederationId": prologue.federation_id(session, "op2"),
        "partnerOperatorId": prologue.OPERATORS["op1"].operator,
        "destFederationId": prologue.federation_id(session, "op1"),
        "MCC": host["mcc"],
        "MNC": host["mnc"],
        "locatorEndPoint": host["locator"],
        "partnerZone": [
            {"zoneId": zone, "geoLocation": "37.5,127.0", "city": "Seoul", "state": "Seoul", "edgeCount": 1}
            for zone in prologue.OPERATORS["op2"].zones
        ],
    }


@when(parsers.re(r"OP1 adds OP2, which (?P<how>answers 400|answers 401|answers 500|does not answer|answers no JSON)"))
def adds_in_vain(session: Session, how: str) -> None:
    """All attempts of the platform meet the same answer, until it gives up."""
    session.observe("op1")
    more: dict[str, Any] = {"sender": "op1", "times": -1}
    if how == "does not answer":
        made = session.disturb("drop", prologue.ADD, **more)
    elif how == "answers no JSON":
        made = session.disturb("answer", prologue.ADD, status=200, raw=b"<html>welcome</html>", **more)
    else:
        made = session.disturb("answer", prologue.ADD, status=int(how[-3:]), body={"message": "no"}, **more)
    session.finish(prologue.ask_to_add(session, "op1", "op2"))
    made.times = 0


@then(parsers.re(rf"OP1 reports the failure and keeps neither role nor zones of OP2 {CHECK}"))
def keeps_nothing(session: Session, check: str, at: str | None) -> None:
    asked = session.notes["asked"].seq
    claim(session, check, at, ("action_failed", {"asked": asked}), *nothing_gained("op1", "op2"))


@then(parsers.re(rf"OP1 stores no zone of the third operator {CHECK}"))
def stores_no_foreign(session: Session, check: str, at: str | None) -> None:
    asked = session.notes["asked"].seq
    claim(
        session,
        check,
        at,
        ("action_failed", {"asked": asked}),
        *nothing_gained("op1", prologue.THIRD),
        *nothing_gained("op1", "op2"),
    )


@then(parsers.re(rf"OP1 has added OP2 and knows its zones, none registered {CHECK}"))
def has_added_now(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, *added("op1", "op2", session.notes["asked"].seq))


def added(lead: str, host: str, asked: int) -> tuple[Ruled, ...]:
    zones = list(prologue.OPERATORS[host].zones)
    return (
        ("action_succeeded", {"asked": asked}),
        shown(lead, host, "access"),
        ("knows_zones", {"at": lead, "of": host, "zones": zones}),
    )


@then(parsers.re(rf"OP1 has added OP2 and knows no zone of it {CHECK}"))
def added_without_zones(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        ("action_succeeded", {"asked": session.notes["asked"].seq}),
        shown("op1", "op2", "access"),
        ("knows_zones", {"at": "op1", "of": "op2", "zones": []}),
    )


@then(parsers.re(rf"OP1 lists each zone of OP2 once, or has rejected the answer {CHECK}"))
def once_or_rejected(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("zones_once_or_none", {"at": "op1", "of": "op2"}))


@then(parsers.re(rf"OP1 refuses northbound, sends nothing, and keeps the zones of OP2 {CHECK}"))
def keeps_zones(session: Session, check: str, at: str | None) -> None:
    zones = list(prologue.OPERATORS["op2"].zones)
    known: Ruled = ("knows_zones", {"at": "op1", "of": "op2", "zones": zones, "registered": zones[:1]})
    claim(session, check, at, *refused_silently(session, "op1"), known)


@then(parsers.re(rf"OP1 does not list itself as a partner {CHECK}"))
def not_itself(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("shows_no_partner_but", {"at": "op1", "others": []}), *refused_silently(session, "op1"))


@then(parsers.re(rf"OP2 is told nothing of the new zone {CHECK}"))
def told_nothing(session: Session, check: str, at: str | None) -> None:
    session.check_in_the_end(check, "nothing_sent", seat=at, sender="op1", after=session.notes["before"])


@then(parsers.re(rf"OP2 shows OP1 once with both roles, and its own zone still registered {CHECK}"))
def both_as_lead(session: Session, check: str, at: str | None) -> None:
    zones = list(prologue.OPERATORS["op1"].zones)
    registered: Ruled = ("knows_zones", {"at": "op2", "of": "op1", "zones": zones, "registered": zones[:1]})
    claim(
        session,
        check,
        at,
        ("every_accepted", {"exchanges": session.notes["sent"]}),
        shown("op2", "op1", "access and share"),
        registered,
    )


@then(parsers.re(rf"OP2 shows OP1 once with both roles, and OP1's registration unchanged {CHECK}"))
def both_as_host(session: Session, check: str, at: str | None) -> None:
    kept: Ruled = ("keeps_registration", {"at": "op2", "zone": prologue.OPERATORS["op2"].zones[0], "other": "op1"})
    asked = session.notes["asked"].seq
    claim(session, check, at, ("action_succeeded", {"asked": asked}), shown("op2", "op1", "access and share"), kept)
