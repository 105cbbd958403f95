"""Rotations by operators and on request: who begins one, when, and what meets (CC-MACSEC-005 to -012)."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, when

from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator_macsec import (
    CHANNELS,
    MINUTE,
    WITHIN,
    call,
    channel_of,
    first_key,
    handed_over,
    listed,
    made,
)


@given("the first channel of its peer was rotated")
def was_rotated(session: Session) -> None:
    handed_over(session)
    channel = channel_of(session, "its", "first")
    gone = call(session, "DeleteMacSecKey", channel, key=first_key(session, channel))
    if not gone.succeeded:
        raise Unprepared(f"the target does not delete the old key: {gone.told()}")


@when(
    parsers.re(
        r"its peer requests a rotation of (?P<whose>the target's|its) first channel (?P<how>with|without) a reason"
    )
)
def requests(session: Session, whose: str, how: str) -> None:
    channel = channel_of(session, whose, "first")
    session.notes.update(channel=channel, asked_at=session.stage.clock.now())
    body = {"reason": "an audit"} if how == "with" else {}
    call(session, "RequestMacSecKeyRotation", channel, json=body)


def rotate(session: Session, seat: str, channel: str) -> Any:
    result = session.act(seat, "rotate_key", environment="env1", interconnect="ix1", channel=channel, peer=OTHER[seat])
    if result.result not in ("ok", "running"):
        raise Unprepared(f"{seat} does not rotate {channel}: {result.answered.reason}")
    return result


@when("the operator of the target rotates its first channel")
def operator_rotates(session: Session) -> None:
    channel = channel_of(session, "the target's", "first")
    session.notes["channel"] = channel
    first_key(session, channel)
    rotate(session, session.target, channel)


@when("the operator of the target rotates both its channels")
def operator_rotates_both(session: Session) -> None:
    for channel in CHANNELS[session.target]:
        rotate(session, session.target, channel)


@given("the operator of the target has rotated its first channel")
def operator_rotated(session: Session) -> None:
    channel = channel_of(session, "the target's", "first")
    ended = session.finish(rotate(session, session.target, channel), WITHIN)
    if ended.result != "ok":
        raise Unprepared(f"the target's rotation does not end: {ended.answered.reason or ended.result}")
    session.notes["rotations"] = len(made(session, "CreateMacSecKey"))


@when("days pass until the target hands over a key for it again")
def days_pass(session: Session) -> None:
    """At most 31: the cadence is the target's."""
    for _ in range(31):
        session.pass_time(25 * 60 * MINUTE)
        if len(made(session, "CreateMacSecKey")) > session.notes["rotations"]:
            return


@when("the target is about to hand over a key for its first channel")
def about_to(session: Session) -> None:
    held = session.disturb("hold", "CreateMacSecKey", sender=session.target)
    operator_rotates(session)
    if not session.arrived(held, WITHIN):
        raise Unprepared("the target hands over no key")
    session.notes["list"] = listed(session, session.notes["channel"]).request.exchange
    session.release(held)


@when("the target and its peer begin a rotation at once")
def both_begin(session: Session) -> None:
    peer = OTHER[session.target]
    held = [session.disturb("hold", "CreateMacSecKey", sender=seat) for seat in (session.target, peer)]
    for seat in (session.target, peer):
        rotate(session, seat, CHANNELS[seat][0])
    if not all(session.arrived(each, WITHIN) for each in held):
        raise Unprepared("the two do not begin at once")
    for each in held:
        session.release(each)


@when("the provisioning of its peer goes on")
def goes_on(session: Session) -> None:
    session.release_provisioning(OTHER[session.target])
