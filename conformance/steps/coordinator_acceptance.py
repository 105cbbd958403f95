"""Steps of milestone 1 at the acceptor: the customer brings the key, and the issuer is asked whether it is real."""

from __future__ import annotations

import base64
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.keys import altered, encoded, members_of
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of


def submit(session: Session, seat: str, keys: list[str], account: str = "X") -> None:
    """The customer accepts each of these keys, with consent; the state is observed before."""
    session.observe(seat)
    for key in keys:
        session.notes["accepted"] = session.act(seat, "accept", account=account, activation_key=key, consent=True)
    session.notes["tried"] = len(keys)


@when(parsers.re(rf"the customer of {SEAT} submits keys that are not base64, not JSON, incomplete or of wrong types"))
def submits_unreadable(session: Session, seat: str) -> None:
    key = session.notes["key"]
    broken = [
        "%%% this is no base64 %%%",
        base64.b64encode(b"\x00\x01garbage").decode(),
        encoded(["a", "list"]),
        *(altered(key, without=name) for name in members_of(key)),
        altered(key, connectionSizeMbps="1000"),
        altered(key, sharedConnectionUuid="not-a-uuid"),
    ]
    submit(session, seat_of(session, seat), broken)


@when(parsers.re(rf"the customer of {SEAT} submits the key for an environment that the providers do not share"))
def submits_foreign_environment(session: Session, seat: str) -> None:
    uri = f"providers/{session.notes['issuer']}/environments/env-nowhere"
    submit(session, seat_of(session, seat), [altered(session.notes["key"], destinationEnvironmentUri=uri)])


@when(parsers.re(rf"the customer of {SEAT} submits the key for (?P<mbps>\d+) Mbps instead"))
def submits_other_size(session: Session, seat: str, mbps: str) -> None:
    submit(session, seat_of(session, seat), [altered(session.notes["key"], connectionSizeMbps=int(mbps))])


@when(parsers.re(rf"customer (?P<account>[XYZS]) of {SEAT} submits the key"))
def submits(session: Session, account: str, seat: str) -> None:
    submit(session, seat_of(session, seat), [session.notes["key"]], account)


@when(parsers.re(rf"customer (?P<account>[XYZS]) of {SEAT} submits the key and waits for the end"))
def submits_and_waits(session: Session, account: str, seat: str) -> None:
    submit(session, seat_of(session, seat), [session.notes["key"]], account)
    session.finish(session.notes["accepted"])


@when(parsers.re(rf"the customer of {SEAT} inspects the key"))
def inspects(session: Session, seat: str) -> None:
    session.act(seat_of(session, seat), "preview", account="X", activation_key=session.notes["key"])


@when(parsers.re(rf"the customer of {SEAT} declines"))
def declines(session: Session, seat: str) -> None:
    """Declining is that no acceptance follows; one without consent is the same (coordinator-harness, 2.1)."""
    at = seat_of(session, seat)
    session.act(at, "accept", account="X", activation_key=session.notes["key"], consent=False)
    session.settle()


@given(parsers.re(rf"a second key for (?P<mbps>\d+) Mbps of which the customer of {SEAT} has made a connection"))
def second_key_used(session: Session, mbps: str, seat: str) -> None:
    """The first key stays the one that the scenario is about."""
    first = dict(session.notes)
    prologue.offer(session, session.notes["issuer"], int(mbps))
    if session.finish(prologue.accept(session, seat_of(session, seat))).result != "ok":
        raise Unprepared("the connection that takes the room is not established")
    session.settle()
    session.notes.update({name: first[name] for name in ("key", "uuid", "issuer", "mbps", "environment")})


# --- the issuer's answer, given or withheld by the harness ----------------------------------------------------------


@given(parsers.re(rf"{SEAT} answers the confirmation with (?P<status>\d+) and keyValid (?P<verdict>true|false)"))
def answers_verdict(session: Session, seat: str, status: str, verdict: str) -> None:
    _answers(session, seat, int(status), {"keyValid": verdict == "true"})


@given(parsers.re(rf"{SEAT} answers the confirmation with (?P<status>\d+) and an empty object"))
def answers_nothing(session: Session, seat: str, status: str) -> None:
    _answers(session, seat, int(status), {})


@given(parsers.re(rf"{SEAT} answers the confirmation with keyValid true and a member nobody knows"))
def answers_more(session: Session, seat: str) -> None:
    _answers(session, seat, 200, {"keyValid": True, "validUntil": "2030-01-01", "notes": [{"deep": 1}]}, after=True)


@given(parsers.re(rf"{SEAT} answers the first (?P<times>\d+) confirmations with (?P<status>\d+)"))
def answers_at_first(session: Session, seat: str, times: str, status: str) -> None:
    _answers(session, seat, int(status), {}, times=int(times))


@given(parsers.re(rf"{SEAT} never answers the confirmation"))
def never_answers(session: Session, seat: str) -> None:
    _disturb(session, seat, "drop", times=-1)


@given(parsers.re(rf"{SEAT} delays its answer to the confirmation"))
def delays_answer(session: Session, seat: str) -> None:
    session.notes["held"] = _disturb(session, seat, "hold-answer")


@given(parsers.re(rf"{SEAT} delays its answer to the first CreateConnection"))
def delays_creation(session: Session, seat: str) -> None:
    issuer = seat_of(session, seat)
    caller = prologue.OTHER[issuer]
    session.notes["held"] = session.disturb("hold-answer", "CreateConnection", sender=caller, receiver=issuer)


@when(parsers.re(r"the delayed call has arrived"))
def has_arrived(session: Session) -> None:
    if not session.arrived(session.notes["held"]):
        raise Unprepared("the call that is to be delayed does not come")


@when(parsers.re(rf"{SEAT} gives the delayed answer"))
def gives_answer(session: Session, seat: str) -> None:
    session.release(session.notes["held"])
    session.finish(session.notes["accepted"])


def _answers(
    session: Session, seat: str, status: int, body: dict[str, Any], times: int = -1, after: bool = False
) -> None:
    _disturb(session, seat, "replace-answer" if after else "answer", status=status, body=body, times=times)


def _disturb(session: Session, seat: str, action: str, **more: Any) -> Any:
    issuer = seat_of(session, seat)
    caller = prologue.OTHER[issuer]
    return session.disturb(action, "ConfirmActivationKey", sender=caller, receiver=issuer, **more)


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"{SEAT} refuses, asks nobody and keeps no connection {CHECK}"))
def refuses_unasked(session: Session, seat: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    session.settle()
    session.observe(asked)
    claim(session, check, at, "keys_turned_down_unasked", seat_asked=asked, number=session.notes["tried"])


@then(parsers.re(rf"the acceptance at {SEAT} ended with (?P<how>an established connection|nothing left) {CHECK}"))
def ended(session: Session, seat: str, how: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    session.finish(session.notes["accepted"])
    params = {"seat_asked": asked, "uuid": session.notes["uuid"], "well": how != "nothing left"}
    claim(session, check, at, "acceptance_ended", observe=(asked,), **params)


@then(parsers.re(rf"{SEAT} shows environment, bandwidth and account of the key {CHECK}"))
def shows_key(session: Session, seat: str, check: str, at: str | None) -> None:
    issuer = session.notes["issuer"]
    claim(session, check, at, "preview_equals_key", seat_asked=seat_of(session, seat), issuer=issuer)


@then(parsers.re(rf"{SEAT} has no connection object and has called nobody {CHECK}"))
def has_nothing(session: Session, seat: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    claim(session, check, at, "nothing_begun", observe=(asked,), seat_asked=asked, uuid=session.notes["uuid"])


@then(parsers.re(rf"it was pending at {SEAT} and (?P<how>not yet proposed|under negotiation) {CHECK}"))
def was_pending(session: Session, seat: str, how: str, check: str, at: str | None) -> None:
    params = {"uuid": session.notes["uuid"], "confirmed": how == "under negotiation"}
    claim(session, check, at, "read_as_tentative", seat_asked=seat_of(session, seat), **params)


@then(parsers.re(rf"{SEAT} first asked for confirmation of the customer's key in (?P<environment>\w+) {CHECK}"))
def asked_first(session: Session, seat: str, environment: str, check: str, at: str | None) -> None:
    params = {"issuer": session.notes["issuer"], "uuid": session.notes["uuid"], "environment": environment}
    claim(session, check, at, "confirmed_first", seat_asked=seat_of(session, seat), **params)


@then(parsers.re(rf"{SEAT} sent no CreateConnection before keyValid true {CHECK}"))
def created_later(session: Session, seat: str, check: str, at: str | None) -> None:
    params = {"seat_asked": seat_of(session, seat), "uuid": session.notes["uuid"]}
    claim(session, check, at, "created_after_confirmation", **params)


@then(parsers.re(rf"{SEAT} did not use the deprecated key object alone {CHECK}"))
def used_encoded_key(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, "encoded_key_is_used", seat_asked=seat_of(session, seat))


@then(parsers.re(rf"{SEAT} goes on with CreateConnection {CHECK}"))
def goes_on(session: Session, seat: str, check: str, at: str | None) -> None:
    params = {"seat_asked": seat_of(session, seat), "uuid": session.notes["uuid"]}
    claim(session, check, at, "went_on_after_confirmation", within=60_000, **params)


@then(parsers.re(rf"{SEAT} abandons the connection and tells its customer {CHECK}"))
def abandons(session: Session, seat: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    session.finish(session.notes["accepted"])
    session.pass_time(session.stage.limit("confirmation"))
    claim(session, check, at, "abandoned", observe=(asked,), seat_asked=asked, uuid=session.notes["uuid"])


@then(parsers.re(rf"{SEAT} asks again after (?P<failures>\d+) failures, then creates exactly once {CHECK}"))
def asks_again(session: Session, seat: str, failures: str, check: str, at: str | None) -> None:
    asked = seat_of(session, seat)
    session.finish(session.notes["accepted"])
    session.settle()
    params = {"seat_asked": asked, "uuid": session.notes["uuid"], "failures": int(failures)}
    claim(session, check, at, "asked_again_then_created_once", **params)


@then(parsers.re(rf"{SEAT} proposed the connection under the UUID of the key {CHECK}"))
def proposed_uuid(session: Session, seat: str, check: str, at: str | None) -> None:
    issuer = session.notes["issuer"]
    claim(session, check, at, "connection_id_of_key", seat_asked=seat_of(session, seat), issuer=issuer)


@then(parsers.re(rf"{SEAT} drove confirm, create, guidance, features and notify in this order {CHECK}"))
def drove_in_order(session: Session, seat: str, check: str, at: str | None) -> None:
    params = {"seat_asked": seat_of(session, seat), "uuid": session.notes["uuid"]}
    claim(session, check, at, "milestones_in_order", within=60_000, **params)


@then(parsers.re(rf"{SEAT} proposes neither connection nor feature by itself {CHECK}"))
def proposes_nothing(session: Session, seat: str, check: str, at: str | None) -> None:
    session.check_in_the_end(check, "leaves_negotiation", seat=at, seat_asked=seat_of(session, seat))
