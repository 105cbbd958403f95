"""Steps of milestones 3 and 4: provisioning is held and released, notifications are answered, lost and sent by hand."""

from __future__ import annotations

from pytest_bdd import given, parsers, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.session import Session
from conformance.steps.coordinator import SEAT, seat_of
from conformance.steps.coordinator_negotiator import features, interconnect_of
from conformance.view import Exchange

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@given(parsers.re(rf"provisioning is held at {SEAT}(?: for (?P<channels>ch\d(?: and ch\d)*))?"))
@when(parsers.re(rf"provisioning is held at {SEAT}(?: for (?P<channels>ch\d(?: and ch\d)*))?"))
def held(session: Session, seat: str, channels: str | None) -> None:
    for pattern in [f"*{channel}" for channel in channels.split(" and ")] if channels else ["*"]:
        session.hold_provisioning(seat_of(session, seat), pattern)


@given("a connection is negotiated and comes to rest")
@when("a connection is negotiated and comes to rest")
def to_rest(session: Session) -> None:
    """Created at CSP A, accepted at CSP B; then as far as held provisioning and lost notifications let it go."""
    prologue.offer(session, "csp-a")
    prologue.accept(session, "csp-b")
    session.settle()


@given(parsers.re(rf"provisioning is released at {SEAT}"))
@when(parsers.re(rf"provisioning is released at {SEAT}"))
def released(session: Session, seat: str) -> None:
    session.notes["released"] = len(session.stage.wire.trace)
    session.release_provisioning(seat_of(session, seat))
    session.settle()


@given(parsers.re(r"the target's (?P<operation>\w+) is answered (?P<status>\d{3})(?:, (?P<times>\d+) times)?"))
def answered(session: Session, operation: str, status: str, times: str | None) -> None:
    session.disturb(
        "answer",
        operation,
        sender=session.target,
        times=int(times) if times else -1,
        status=int(status),
        body={"title": "Not now", "status": int(status), "detail": "the harness answers"} if status != "200" else {},
    )


@given("the answer to each of the target's notifications is lost")
def notification_lost(session: Session) -> None:
    session.disturb("lose", "NotifyConnectionStatus", sender=session.target, times=-1)


@given("the answer to the target's notification is held back")
def notification_held(session: Session) -> None:
    session.notes["held"] = session.disturb("hold-answer", "NotifyConnectionStatus", sender=session.target)


@when("the answer that was held back arrives")
def held_arrives(session: Session) -> None:
    session.release(session.notes["held"])
    session.settle()


@given("its peer shows the connection UNVERIFIED whenever it is read")
def shown_unverified(session: Session) -> None:
    body = {"bandwidthMbps": 1000, "verificationState": "VERIFICATION_STATE_UNVERIFIED"}
    session.disturb("replace-answer", "GetConnection", sender=session.target, times=-1, body=body)


@when("the disturbance is over")
def disturbance_over(session: Session) -> None:
    session.portal.call(_calm(session))
    session.settle()


async def _calm(session: Session) -> None:
    session.stage.wire.calm()


def path_at(session: Session, server: str, **changes: str) -> dict[str, str]:
    """The connection, as the server's peer addresses it."""
    caller, uuid = prologue.OTHER[server], session.notes["uuid"]
    return {**prologue.connection_path(session, caller, interconnect_of(session, uuid), uuid), **changes}


def notify(session: Session, **changes: str) -> Exchange:
    """The harness notifies the target in its peer's name; remembered as ``notified``."""
    path = path_at(session, session.target, **changes)
    sent = session.send(prologue.OTHER[session.target], session.target, "NotifyConnectionStatus", path, json={})
    session.notes.setdefault("notified", []).append(sent.request.exchange)
    return sent


@when(parsers.re(r"its peer notifies the target by hand(?:, (?P<times>\d) times)?(?P<still>, without a pause)?"))
def notifies(session: Session, times: str | None, still: str | None) -> None:
    for _ in range(int(times or 1)):
        notify(session)
        if not still:
            session.settle()


@when("its peer notifies the target of a connection that it does not hold")
def notifies_unknown(session: Session) -> None:
    known = interconnect_of(session, session.notes["uuid"])
    notify(session, connection=UNKNOWN)
    notify(session, interconnect="ix1" if known == "ix2" else "ix2")
    notify(session, interconnect="ix9")


@when(parsers.re(r"its peer writes that the target is FINAL and VERIFIED"))
def writes_states(session: Session) -> None:
    body = {"verificationState": "VERIFICATION_STATE_VERIFIED", "provisioningState": "PROVISIONING_STATE_FINAL"}
    for mask in ("verificationState", "provisioningState", "bandwidthMbps,verificationState"):
        session.send(
            prologue.OTHER[session.target],
            session.target,
            "UpdateConnection",
            path_at(session, session.target),
            query={"updateMask": mask},
            json=body | {"bandwidthMbps": 1000},
        )


@when(parsers.re(r"the target is restarted"))
def restarted(session: Session) -> None:
    session.restart(session.target)
    session.settle()


@when(parsers.re(r"the customer changes the connection to (?P<mbps>\d+) Mbps at the target"))
def changes_bandwidth(session: Session, mbps: str) -> None:
    session.notes["changed"] = len(session.stage.wire.trace)
    result = session.act(session.target, "update", account="X", uuid=session.notes["uuid"], mbps=int(mbps))
    if result.result not in ("ok", "running"):
        raise Unprepared(f"the target does not take the change: {result.answered.reason}")
    session.settle()
    shown = readings.read(session, session.target, "ListFeatures", **path_at(session, session.target))
    body = shown.response.body if shown.response and isinstance(shown.response.body, dict) else {}
    if all(row.get("provisioningState") == "PROVISIONING_STATE_FINAL" for row in body.get("features") or ()):
        raise Untested("no feature of the target falls back to PENDING when the bandwidth changes")


@when(parsers.re(r"(?P<days>\d+) days pass"))
def days_pass(session: Session, days: str) -> None:
    session.pass_time(int(days) * 24 * 3600 * 1000)


def read(session: Session) -> Exchange:
    peer = prologue.OTHER[session.target]
    return session.send(peer, session.target, "GetConnection", path_at(session, session.target))


@given("the answer to the last proposal is held back")
def last_proposal_held(session: Session) -> None:
    session.notes["held"] = session.disturb(
        "hold-answer",
        "CreateFeature",
        match=lambda query, body: str(body.get("channel", "")).endswith("/ch4"),
    )


@when("its peer reads the connection and its features at the target")
def peer_reads(session: Session) -> None:
    seen = [read(session), features(session, session.target)]
    session.notes["reads"] = [each.request.exchange for each in seen]


@given("the target's next refresh is held back and shows PENDING features")
def refresh_held(session: Session) -> None:
    """The oldest refresh sees the oldest state and is answered last."""
    listed = features(session, prologue.OTHER[session.target])
    body = listed.response.body if listed.succeeded and listed.response else {}
    pending = [
        {**feature, "provisioningState": "PROVISIONING_STATE_PENDING"} for feature in (body or {}).get("features", [])
    ]
    session.disturb("replace-answer", "ListFeatures", sender=session.target, body={"features": pending})
    session.notes["held"] = session.disturb("hold-answer", "GetConnection", sender=session.target)


@given("a connection of the target with the third partner is placed")
def placed_with_third(session: Session) -> None:
    """Created at the target for csp-c, which confirms and places it by hand; remembered as ``third``."""
    target = session.target
    made = session.act(target, "offer", account="X", remote_account="X", environment="env1", mbps=1000, peer="csp-c")
    if made.result != "ok":
        raise Unprepared(f"{target} issues no key for csp-c: {made.answered.reason}")
    key, uuid = made.outputs["activation_key"], made.outputs["uuid"]
    place = {"provider": "csp-c", "environment": "env1"}
    session.send("csp-c", target, "ConfirmActivationKey", place, json={"encodedKey": key})
    created = session.send(
        "csp-c",
        target,
        "CreateConnection",
        place | {"interconnect": "ix1"},
        query={"connectionId": uuid},
        json={"bandwidthMbps": 1000, "activationKey": key},
    )
    if not created.succeeded:
        raise Unprepared(f"{target} does not take csp-c's connection: {created.told()}")
    session.notes["third"] = place | {"interconnect": "ix1", "connection": uuid}
    session.notes["third-read"] = [session.send("csp-c", target, "GetConnection", session.notes["third"])]


@when("its peer notifies the target of the third partner's connection, under both prefixes")
def notifies_third(session: Session) -> None:
    peer = prologue.OTHER[session.target]
    for provider in (peer, "csp-c"):
        path = session.notes["third"] | {"provider": provider}
        sent = session.send(peer, session.target, "NotifyConnectionStatus", path, json={})
        session.notes.setdefault("notified", []).append(sent.request.exchange)
    session.settle()
    session.notes["third-read"].append(session.send("csp-c", session.target, "GetConnection", session.notes["third"]))
