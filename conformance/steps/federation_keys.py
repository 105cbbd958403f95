"""Steps for credentials: those that the target sends, those that are replaced, and what refusals tell."""

from __future__ import annotations

import contextlib
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.application_bodies import DEBOARD, ONBOARD, REPORT, STATUS, names
from conformance.players import Untested
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, Ruled, claim, moment, refused_silently
from conformance.steps.federation_defects import DEFECTS, UNKNOWN_ID, WRONG_KEY
from conformance.steps.federation_sweep import send

TIMED = 20
"""Attempts of each kind (FI-AUTH-008/2)."""


def _show_all(session: Session) -> None:
    """Every action that shows something, as far as there are any, and the state as a whole."""
    peer = prologue.federation_id(session, OTHER[session.target])
    kinds = ("show_self", "show_cloudlets", "show_zones", "show_partners", "show_registrations")
    for action, inputs in (*((kind, {}) for kind in kinds), ("show_zones", {"partner": peer})):
        with contextlib.suppress(Untested):
            session.act(session.target, action, **inputs)
    session.observe(session.target)


@when("all that the target shows is read")
def reads_all(session: Session) -> None:
    _show_all(session)


@then(parsers.re(rf"no key occurs in it {CHECK}"))
def no_key(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("keys_never_shown", {"at": session.target}))


@when("its peer provokes every error of registering and deregistering that zone")
def provokes_errors(session: Session) -> None:
    """Not registered, registered twice, together with one that is nobody's, and with each defect of a message."""
    peer, target = OTHER[session.target], session.target
    for operation in (prologue.DEREGISTER, prologue.REGISTER, prologue.REGISTER):
        body = prologue.message(session, peer, target, operation)
        send(session, operation, body)
        for name in ("with every single defect", "with a mandatory member missing, empty or null"):
            for each in DEFECTS[name](session, operation, body):
                send(session, operation, body, each)


@when("its peer onboards an application by hand, asks for it, and provokes errors")
def onboards_and_asks(session: Session) -> None:
    peer, target = OTHER[session.target], session.target
    body = prologue.message(session, peer, target, ONBOARD)
    defects = DEFECTS["with every single defect"](session, ONBOARD, body)
    session.notes["sent"] = [send(session, ONBOARD, body, each) for each in (*defects, {}, {})]
    session.settle()
    send(session, STATUS, prologue.message(session, peer, target, STATUS))
    session.act(target, "show_hosted_applications")
    session.observe(target)


@then(parsers.re(rf"no password occurs in what the target shows and answers {CHECK}"))
def no_password(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("passwords_never_shown", {"at": session.target, "asked": session.notes["sent"]}))


# --- keys that the target sends -------------------------------------------------------------------------------------


@given("the operators have agreed on everything but the key that the target must use")
def key_not_told(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    for seat in (target, peer):
        prologue.onboard(session, seat)
        prologue.form_zones(session, seat)
        prologue.demanded(prologue.set_up(session, seat))
    prologue.expect(session, peer, target, prologue.expect(session, target, peer))


@when("the target is asked to add its peer without a key")
def adds_without_key(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    session.observe(target)
    asked = session.act(target, "add_partner", **prologue.arrangement(session, peer))
    session.notes["asked"] = session.finish(asked)


@then(parsers.re(rf"the target refuses northbound and sends nothing, until it is told the key {CHECK}"))
def until_told(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    silently = refused_silently(session, target)[::2]
    session.observe(target)
    key = session.notes["api-keys"][target, peer]
    federation = prologue.federation_id(session, peer)
    prologue.demanded(session.act(target, "set_partner_api_key", partner=federation, api_key=key))
    later = session.finish(prologue.ask_to_add(session, target, peer))
    twin: list[Ruled] = [
        ("actions_refused", silently[0][1]),
        ("adds_once", {"lead": target, "host": peer}),
        ("sends_only_issued_keys", {"sender": target, "receiver": peer}),
        ("action_succeeded", {"asked": later.seq}),
    ]
    claim(session, check, at, *twin)


@when("the target adds its peer and registers a zone of it")
def adds_and_registers(session: Session) -> None:
    _use(session, OTHER[session.target])


@when("the target adds its peer and the third operator, and registers a zone of each")
def uses_both(session: Session) -> None:
    for host in (OTHER[session.target], prologue.THIRD):
        _use(session, host)


def _use(session: Session, host: str) -> None:
    prologue.add(session, session.target, host)
    zone = prologue.OPERATORS[host].zones[0]
    prologue.demanded(session.finish(prologue.ask_to_register(session, session.target, host, zone)))


@then(parsers.re(rf"every request of the target carries the key that the receiver has issued {CHECK}"))
def carries_key(session: Session, check: str, at: str | None) -> None:
    receivers = [seat for seat in session.notes["federations"] if seat != session.target]
    claim(
        session,
        check,
        at,
        *(("sends_only_issued_keys", {"sender": session.target, "receiver": each}) for each in receivers),
    )


# --- replacing keys -------------------------------------------------------------------------------------------------


@when("its peer notifies a zone with the old key, and then with the new one")
def old_then_new(session: Session) -> None:
    body = prologue.message(session, OTHER[session.target], session.target, prologue.NOTIFY)
    session.observe(session.target)
    old = {"authenticated": False, "headers": {"authorization": f"Bearer {session.notes['old-key']}"}}
    session.notes["sent"] = [send(session, prologue.NOTIFY, body, old)]
    session.observe(session.target)
    session.notes["twins"] = [send(session, prologue.NOTIFY, body)]


@then(parsers.re(rf"only the new key is accepted, and its peer's registration is kept {CHECK}"))
def registration_kept(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    params = {"exchanges": session.notes["sent"], "twins": session.notes["twins"], "at": target}
    kept: Ruled = ("keeps_registration", {"at": target, "zone": prologue.OPERATORS[target].zones[0], "other": peer})
    claim(session, check, at, ("every_refused", params), kept)


@given("its peer has issued a new key that the target does not know yet")
def peer_rotated(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    result = session.act(peer, "rotate_api_key", partner=prologue.federation_id(session, target))
    session.notes["new-key"] = prologue.demanded(result).outputs["api_key"]


@when("the target registers a zone of its peer, is told the new key, and registers it again")
def registers_around_rotation(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    zone = prologue.OPERATORS[peer].zones[0]
    session.observe(target)
    session.notes["before"] = moment(session)
    session.notes["failing"] = session.finish(prologue.ask_to_register(session, target, peer, zone)).seq
    session.observe(target)
    session.notes["states"] = moment(session)
    key = session.notes["new-key"]
    federation = prologue.federation_id(session, peer)
    prologue.demanded(session.act(target, "set_partner_api_key", partner=federation, api_key=key))
    session.finish(prologue.ask_to_register(session, target, peer, zone))


@then(parsers.re(rf"the first attempt fails without a change, and the second one succeeds {CHECK}"))
def fails_then_succeeds(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    zones = list(prologue.OPERATORS[peer].zones)
    claim(
        session,
        check,
        at,
        ("action_failed", {"asked": session.notes["failing"]}),
        ("unchanged_between", {"at": target, "first": session.notes["before"], "last": session.notes["states"]}),
        ("action_succeeded", {"asked": session.notes["asked"].seq}),
        ("knows_zones", {"at": target, "of": peer, "zones": zones, "registered": zones[:1]}),
    )


@when("the target is told keys that are too short and too long")
def told_bad_keys(session: Session) -> None:
    federation = prologue.federation_id(session, OTHER[session.target])
    asked = [
        session.act(session.target, "set_partner_api_key", partner=federation, api_key=key)
        for key in ("short", "k" * 129)
    ]
    session.notes["attempts"] = [each.seq for each in asked]


@then(parsers.re(rf"both are refused, and the former key stays in use {CHECK}"))
def former_key(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    later = session.finish(prologue.ask_to_register(session, target, peer, prologue.OPERATORS[peer].zones[0]))
    claim(
        session,
        check,
        at,
        ("actions_refused", {"asked": session.notes["attempts"]}),
        ("action_succeeded", {"asked": later.seq}),
        ("sends_only_issued_keys", {"sender": target, "receiver": peer}),
    )


# --- what refusals tell ---------------------------------------------------------------------------------------------


@when("a stranger sends a wrong key to the target's federation id and to one that is nobody's")
def stranger_probes(session: Session) -> None:
    wrong = {"authenticated": False, "headers": {"authorization": f"Bearer {WRONG_KEY}"}}
    body = prologue.message(session, OTHER[session.target], session.target, requestId="probe-0001")
    session.observe(session.target)
    session.notes["known"], session.notes["unknown"] = [], []
    for _ in range(TIMED):
        session.notes["known"].append(send(session, prologue.ADD, body, wrong))
        elsewhere = {"json": body | {"destFederationId": UNKNOWN_ID}}
        session.notes["unknown"].append(send(session, prologue.ADD, body, wrong | elsewhere))


@then(parsers.re(rf"both are refused alike {CHECK}"))
def alike(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("answers_alike", {"first": session.notes["known"], "second": session.notes["unknown"]}))


@then(parsers.re(rf"both take the same time, within half a second {CHECK}"))
def same_time(session: Session, check: str, at: str | None) -> None:
    pair = {"first": session.notes["known"], "second": session.notes["unknown"]}
    claim(session, check, at, ("answered_as_fast", pair | {"limit": 500}))


@then(parsers.re(rf"no refusal repeats the wrong key {CHECK}"))
def not_repeated(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("no_key_repeated", {"exchanges": session.notes["known"]}))


@then(parsers.re(rf"every refusal of the target is JSON with a message {CHECK}"))
def has_message(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("errors_have_a_message", {"at": session.target}))


@then(parsers.re(rf"no refusal of the target tells anything internal {CHECK}"))
def nothing_internal(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("errors_tell_nothing_internal", {"at": session.target}))


@when("its peer sends every operation with another country")
def other_country(session: Session) -> None:
    peer = OTHER[session.target]
    session.notes["sent"] = []
    for operation in (each for each in prologue.operations(session) if each not in (REPORT, STATUS, DEBOARD)):
        body = prologue.message(session, peer, session.target, operation)
        if (member := names(operation).country) in body:
            session.notes["sent"].append(send(session, operation, body, {"json": body | {member: "IT"}}))


@then(parsers.re(rf"the target refuses it, or at least keeps the country it knows {CHECK}"))
def country_kept(session: Session, check: str, at: str | None) -> None:
    peer = OTHER[session.target]
    params: dict[str, Any] = {"at": session.target, "other": peer, "country": prologue.OPERATORS[peer].country}
    claim(session, check, at, ("country_kept", params | {"exchanges": session.notes["sent"]}))
