"""Steps for readable requests beyond the sweeps: media types, methods, paths, requestIds."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, claim
from conformance.steps.federation_sweep import send


@when("its peer sends a correct body as text/xml")
def sends_xml(session: Session) -> None:
    body = prologue.message(session, OTHER[session.target], session.target)
    session.observe(session.target)
    session.notes["sent"] = [send(session, prologue.ADD, body, {"headers": {"content-type": "text/xml"}})]
    session.observe(session.target)


@then(parsers.re(rf"the target answers 415, or treats it as the JSON that it is {CHECK}"))
def answers_415(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("never_fails", {"exchanges": session.notes["sent"]}))


@when(parsers.re(r"its peer calls (?P<calls>methods|paths) that are not defined"))
def calls_undefined(session: Session, calls: str) -> None:
    tried = {
        "methods": (("PATCH", "/operator/partner"), ("PUT", "/operator/zone"), ("GET", "/operator/notify/zone")),
        "paths": (("POST", "/operator/zones"), ("POST", "/operator/partner/x")),
    }[calls]
    peer, target = OTHER[session.target], session.target
    session.observe(target)
    body = prologue.message(session, peer, target)
    session.notes["sent"] = [
        session.send_path(peer, target, method, path, json=None if method == "GET" else body).request.exchange
        for method, path in tried
    ]
    session.observe(target)
    session.notes["twins"] = [send(session, prologue.ADD, body)]


@when("its peer sends correct requests with an unusual requestId, a long one and none")
def unusual_ids(session: Session) -> None:
    peer, target = OTHER[session.target], session.target
    zones = prologue.OPERATORS[target].zones
    sent: list[tuple[str, dict[str, Any]]] = [
        (prologue.ADD, {"requestId": "r-é-1"}),
        (prologue.REGISTER, {"requestId": "r" * 256}),
        (prologue.NOTIFY, {"requestId": None}),
        (prologue.REGISTER, {"requestId": None, "zones": [zones[1]]}),
    ]
    session.notes["sent"] = []
    for operation, changes in sent:
        body = prologue.message(session, peer, target, operation, **changes)
        session.notes["sent"].append(send(session, operation, body))


@then(parsers.re(rf"the target answers each, with the requestId where the answer has one {CHECK}"))
def answers_ids(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("request_id_echoed", {"exchanges": session.notes["sent"]}))


@given("its peer has ten zones")
def ten_zones(session: Session) -> None:
    peer = OTHER[session.target]
    for number in range(10):
        prologue.demanded(prologue.form_zone(session, peer, f"many-zone-{number:02}"))


@when("the target adds its peer and registers the ten zones one by one")
def registers_ten(session: Session) -> None:
    peer = OTHER[session.target]
    prologue.add(session, session.target, peer)
    for number in range(10):
        asked = prologue.ask_to_register(session, session.target, peer, f"many-zone-{number:02}")
        prologue.demanded(session.finish(asked))


@then(parsers.re(rf"no two requests of the target have the same requestId {CHECK}"))
def ids_differ(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("request_ids_differ", {"sender": session.target, "number": 10}))


@when("the target adds its peer, whose first answer is lost")
def first_answer_lost(session: Session) -> None:
    """A target that does not repeat by itself does so on order (federation-wire 5.2)."""
    session.disturb("lose", prologue.ADD, sender=session.target)
    ended = session.finish(prologue.ask_to_add(session, session.target, OTHER[session.target]))
    if ended.result == "failed":
        session.finish(prologue.ask_to_add(session, session.target, OTHER[session.target]))


@then(parsers.re(rf"the target repeats the add with the same requestId {CHECK}"))
def same_id(session: Session, check: str, at: str | None) -> None:
    params = {"sender": session.target, "operation": prologue.ADD}
    claim(session, check, at, ("retried_with_the_same_id", params))
