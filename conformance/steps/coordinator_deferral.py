"""Steps about deferral: CSP B accepts and defers, CSP A drives, or is kept from it."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_by_hand import KEY, between, place_of, propose
from conformance.view import Exchange, TraceView

DRIVER, DEFERRING = "csp-a", "csp-b"
HOUR = 3_600_000
UNDER_WAY = 5_000
"""Milliseconds in which a deferring placement is answered, when nothing is in its way."""


@given("CSP A does not begin to drive")
def does_not_drive(session: Session) -> None:
    session.notes["kept"] = session.disturb("hold", "GenerateFeatureGuidance", sender=DRIVER, times=-1)


@given("its peer gives the target no guidance for now")
def no_guidance(session: Session) -> None:
    session.disturb("answer", "GenerateFeatureGuidance", sender=session.target, times=-1, status=503, body={})


@given("its peer refuses to drive")
def refuses_to_drive(session: Session) -> None:
    session.disturb(
        "answer",
        "CreateConnection",
        sender=session.target,
        times=-1,
        status=400,
        body={},
        match=lambda query, body: bool((body or {}).get("deferProvisioning")),
    )


@given(parsers.re(r"its peer answers every placement of the target with (?P<status>\d+)"))
def answers_placements(session: Session, status: str) -> None:
    session.disturb("answer", "CreateConnection", sender=session.target, times=-1, status=int(status), body={})


@given("its peer takes its time over the placements of the target")
def holds_placements(session: Session) -> None:
    session.notes["placing"] = session.disturb("hold", "CreateConnection", sender=session.target)


@given("the operator of the target does not want to drive")
def unwilling(session: Session) -> None:
    session.act(session.target, "set_deferral", environment="env1", peer=OTHER[session.target], drive=False)


@given("the connection is deferred by CSP B")
def is_deferred(session: Session) -> None:
    defer(session)
    place_of(session)


def defer(session: Session) -> None:
    """Created at CSP A, accepted at CSP B, placed there with deferProvisioning."""
    prologue.offer(session, DRIVER)
    prologue.accept(session, DEFERRING)
    session.pass_time(UNDER_WAY)
    _deferring_placement(session)


@given("CSP A is driving a connection that CSP B deferred, and has got one feature so far")
def is_driving(session: Session) -> None:
    session.notes["driving"] = session.disturb("hold", "CreateFeature", sender=DRIVER, times=-1, skip=1)
    defer(session)
    if not session.arrived(session.notes["driving"]):
        raise Unprepared("CSP A proposes no feature")
    place_of(session)


def _deferring_placement(session: Session) -> Exchange:
    """The acknowledged CreateConnection with which the deferral began."""
    view = TraceView(session.stage.wire.trace[session.since :])
    made = view.exchanges("CreateConnection", sender=DEFERRING, ours=False, about=session.notes["uuid"])
    for each in made:
        if each.succeeded and (each.request.body or {}).get("deferProvisioning"):
            return each
    raise Unprepared("CSP B defers nothing that CSP A takes over")


def _left(session: Session) -> int:
    """Milliseconds that are left of the deferral: the hours of env1 count from the acknowledgement (CC-ERR-18)."""
    if "hours" not in session.notes:
        shown = readings.read(session, DEFERRING, "GetEnvironment", environment="env1")
        hours = (shown.response.body or {}).get("deferralTimeoutHours") if shown.response else None
        session.notes["hours"] = hours or session.stage.declared("deferral_hours")
    begun = _deferring_placement(session).response
    assert begun is not None, "an acknowledged call has a response"
    return int(begun.at) + int(session.notes["hours"]) * HOUR - session.stage.clock.now()


# --- when -------------------------------------------------------------------------------------------------------


@when("the customer accepts the key at CSP B and it ends")
def accepts_to_end(session: Session) -> None:
    session.finish(prologue.accept(session, DEFERRING))
    session.settle()


@when(parsers.re(rf"the harness places {KEY} on (?P<interconnect>\w+) and defers"))
def places_deferring(session: Session, key: str, interconnect: str) -> None:
    answer = between(session, lambda: propose(session, key, interconnect, deferProvisioning=True))
    if answer.succeeded:
        session.notes.setdefault("places", {})[session.notes["uuid"]] = interconnect


@when("the harness asks the deferring target for guidance")
def asks_guidance(session: Session) -> None:
    session.pass_time(UNDER_WAY)
    path = prologue.connection_path(session, DRIVER, place_of(session))
    session.notes["kept"].times = 0  # what the harness sends by hand is not held
    session.notes["guidance"] = session.send(DRIVER, DEFERRING, "GenerateFeatureGuidance", path, json={})


@when("the harness proposes features on ch1 and ch2 to the deferring target")
def proposes_features(session: Session) -> None:
    if "together" not in session.notes:
        session.pass_time(UNDER_WAY)
    session.notes["interconnect"] = place_of(session)
    session.notes["together"] = [prologue.feature_by_hand(session, DRIVER, channel) for channel in ("ch1", "ch2")]


@when("the harness proposes another feature on ch1 to the deferring target")
def proposes_another(session: Session) -> None:
    body = prologue.proposal(session, DRIVER, "ch1", 7)
    session.notes["proposed"] = prologue.feature_by_hand(session, DRIVER, "ch1", body, feature="another")


@when(parsers.re(r"the harness proposes a feature with VLAN (?P<vlan>\d+) on ch1 to the deferring target"))
def proposes_outside(session: Session, vlan: str) -> None:
    session.pass_time(UNDER_WAY)
    session.notes["interconnect"] = place_of(session)
    body = prologue.proposal(session, DRIVER, "ch1", 7, vlanId=int(vlan))
    session.notes["proposed"] = prologue.feature_by_hand(session, DRIVER, "ch1", body)


@when(parsers.re(r"(?P<milliseconds>\d+) ms are left of the deferral"))
def shortly_before(session: Session, milliseconds: str) -> None:
    session.pass_time(_left(session) - int(milliseconds))


@when(parsers.re(r"(?P<milliseconds>\d+) ms go by"))
def go_by(session: Session, milliseconds: str) -> None:
    session.pass_time(int(milliseconds))


@when("the time of the deferral is over")
def over(session: Session) -> None:
    session.pass_time(_left(session) + 30_000)


@when("the harness notifies the target as the driver")
def notifies_as_driver(session: Session) -> None:
    path = prologue.connection_path(session, DRIVER, place_of(session))
    session.send(DRIVER, session.target, "NotifyConnectionStatus", path, json={})


@when("the driver is let go on")
def let_go(session: Session) -> None:
    session.release(session.notes["driving"])
    session.pass_time(30_000)


@when(parsers.re(r"(?P<times>\d+) times the driver's notification comes within 100 ms of the end of the deferral"))
def around_the_end(session: Session, times: str) -> None:
    """The catalogue says 50 times; 11 moments at equal distances are as many as there are outcomes to tell apart."""
    session.portal.call(session.stage.reset("deferral"))
    session.notes["ends"] = []
    for number in range(int(times)):
        call = session.disturb("hold", "NotifyConnectionStatus", sender=DRIVER)
        defer(session)
        if not session.arrived(call):
            raise Unprepared("CSP A does not announce that it is ready")
        place = place_of(session)
        session.pass_time(_left(session) - 100 + 200 * number // (int(times) - 1))
        session.release(call)
        session.pass_time(60_000)
        path = {"environment": "env1", "interconnect": place, "connection": session.notes["uuid"]}
        session.notes["ends"].append(
            [readings.read(session, seat, "GetConnection", **path).request.exchange for seat in (DRIVER, DEFERRING)]
        )


# --- then -------------------------------------------------------------------------------------------------------


def _by_target(session: Session) -> dict[str, Any]:
    return {"sender": session.target, "uuid": session.notes["uuid"]}


def _reading(session: Session, seat: str) -> str:
    path = {"environment": session.notes["environment"], "connection": session.notes["uuid"]}
    return readings.read(session, seat, "GetConnection", interconnect=place_of(session), **path).request.exchange


@then(parsers.re(rf"the target places the connection (?P<how>with|without) deferProvisioning {CHECK}"))
def places_so(session: Session, how: str, check: str, at: str | None) -> None:
    claim(session, check, at, "placed_deferring", deferring=how == "with", **_by_target(session))


@then(parsers.re(rf"the target asks no guidance and proposes no feature {CHECK}"))
def proposes_nothing(session: Session, check: str, at: str | None) -> None:
    for operation in ("GenerateFeatureGuidance", "CreateFeature"):
        claim(session, check, at, "never_called", operation=operation, sender=session.target)


@then(parsers.re(rf"the target asks guidance and proposes features {CHECK}"))
def negotiates(session: Session, check: str, at: str | None) -> None:
    operations = ["CreateConnection", "GenerateFeatureGuidance", "CreateFeature"]
    uuid = session.notes["uuid"]
    claim(session, check, at, "calls_in_order", sender=session.target, operations=operations, about=uuid)


@then(parsers.re(rf"the target shows the connection it asks for, UNVERIFIED {CHECK}"))
def shows_pending(session: Session, check: str, at: str | None) -> None:
    if not session.arrived(session.notes["placing"]):
        raise Unprepared(f"{session.target} places nothing")
    claim(session, check, at, "connection_reads", read=_reading(session, session.target), state="UNVERIFIED")


@then(
    parsers.re(
        rf"the target has (?P<alone>negotiated itself, or )?given up, kept nothing and told its customer {CHECK}"
    )
)
def went_on(session: Session, alone: str | None, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "went_on_alone_or_gave_up",
        observe=(session.target,),
        within=90_000,
        seat_shown=session.target,
        uuid=session.notes["uuid"],
        alone=bool(alone),
    )


@then(parsers.re(rf"the target asks its peer for guidance {CHECK}"))
def asked_for_guidance(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "drives_negotiation", within=30_000, channels=[], **_by_target(session))


@then(parsers.re(rf"the target knows nothing of it on (?P<interconnect>\w+) {CHECK}"))
def unknown_there(session: Session, interconnect: str, check: str, at: str | None) -> None:
    path = {"environment": session.notes["environment"], "connection": session.notes["uuid"]}
    seen = readings.read(session, session.target, "GetConnection", interconnect=interconnect, **path)
    claim(session, check, at, "answered_with", exchange=seen.request.exchange, statuses=[404])


@then(parsers.re(rf"the target has asked guidance and proposed a feature for each channel, under its own ID {CHECK}"))
def has_driven(session: Session, check: str, at: str | None) -> None:
    channels = readings.channels(session, session.target, session.notes["environment"], place_of(session))
    claim(session, check, at, "drives_negotiation", within=30_000, channels=channels, **_by_target(session))


@then(parsers.re(rf"it is given for each channel {CHECK}"))
def given_for_each(session: Session, check: str, at: str | None) -> None:
    channels = readings.channels(session, session.target, session.notes["environment"], place_of(session))
    exchange = session.notes["guidance"].request.exchange
    claim(session, check, at, "guidance_for_channels", exchange=exchange, channels=channels)


@then(parsers.re(rf"the deferring target refuses it(?: with (?P<status>\d+))? {CHECK}"))
def refuses_it(session: Session, status: str | None, check: str, at: str | None) -> None:
    statuses = [int(status)] if status else [400, 409, 422]
    claim(session, check, at, "refused", exchange=session.notes["proposed"].request.exchange, statuses=statuses)


@then(parsers.re(rf"each of the two announced it and shows it VERIFIED {CHECK}"))
def both_verified(session: Session, check: str, at: str | None) -> None:
    uuid = session.notes["uuid"]
    for seat in (DRIVER, DEFERRING):
        claim(session, check, at, "announced", sender=seat, uuid=uuid, within=0)
        claim(session, check, at, "connection_reads", read=_reading(session, seat), state="VERIFIED")


@then(parsers.re(rf"it prescribes deferral, for some hours {CHECK}"))
def prescribes(session: Session, check: str, at: str | None) -> None:
    shown = readings.read(session, session.target, "GetEnvironment", environment="env1")
    claim(session, check, at, "deferral_prescribed", exchange=shown.request.exchange)


@then(parsers.re(rf"the target does not roll back {CHECK}"))
def stays(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "no_roll_back", read=_reading(session, session.target), **_by_target(session))


@then(parsers.re(rf"the target deletes the connection at its peer {CHECK}"))
def deletes_at_peer(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "deletion_repeated", within=60_000, **_by_target(session))


@then(parsers.re(rf"the target knows nothing of the deferred connection {CHECK}"))
def knows_nothing(session: Session, check: str, at: str | None) -> None:
    read = _reading(session, session.target)
    claim(session, check, at, "answered_with", exchange=read, statuses=[404])


@then(parsers.re(rf"the customer of CSP B reads that it has failed {CHECK}"))
def told_failed(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "customer_reads",
        observe=(DEFERRING,),
        within=30_000,
        seat_shown=DEFERRING,
        uuid=session.notes["uuid"],
        state="failed",
    )


@then(parsers.re(rf"each of them is answered 404 {CHECK}"))
def all_unknown(session: Session, check: str, at: str | None) -> None:
    for each in session.notes["together"]:
        claim(session, check, at, "answered_with", exchange=each.request.exchange, statuses=[404])


@then(parsers.re(rf"the target calls its peer about it no more {CHECK}"))
def calls_no_more(session: Session, check: str, at: str | None) -> None:
    deletion = session.notes["answer"].request.exchange
    claim(session, check, at, "driver_stopped", deletion=deletion, **_by_target(session))


@then(parsers.re(rf"each time both sides show the connection VERIFIED, or neither knows it {CHECK}"))
def one_way_or_the_other(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "both_verified_or_gone", pairs=session.notes["ends"])


@then(parsers.re(rf"the late feature was answered 404, and nothing is left on either side {CHECK}"))
def nothing_left(session: Session, check: str, at: str | None) -> None:
    uuid = session.notes["uuid"]
    claim(session, check, at, "late_feature_refused", sender=DRIVER, uuid=uuid)
    claim(session, check, at, "both_verified_or_gone", pairs=[[_reading(session, s) for s in (DRIVER, DEFERRING)]])
