"""Steps of maintenance: operators plan, move and cancel; the harness notifies and reads as the target's peer.

Hours count from a moment of the scenario's own, so that windows that a target keeps of earlier scenarios are not in the
way. ``planned`` is the newest answer of the target's operator, ``window`` the newest window: its ID and its times.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pytest_bdd import given, parsers, when

from conformance import readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Result, Session
from conformance.steps.coordinator import seat_of
from conformance.view import Exchange
from reports.record import Action

HOUR, DAY = 3_600_000, 24 * 3_600_000
CHANNEL = r"(?P<channel>ch\d+) on (?P<interconnect>ix\d+)"
SPAN = r"(?P<start>[\d.]+) to hour (?P<end>[\d.]+)"
OPERATOR = r"(?P<seat>the target|its peer)"
REFRESH = 5_000
"""Milliseconds within which the events are read after a notification (CC-ERR-49)."""
RETRIES = 180_000
"""Milliseconds for two repetitions, each due within 60 s (CC-ERR-49), and some."""


def hour(session: Session, hours: str) -> str:
    """An hour of this scenario, as RFC 3339."""
    return datetime.fromtimestamp(_moment(session, hours) / 1000, UTC).isoformat(timespec="seconds")


def _moment(session: Session, hours: str) -> int:
    """Hour 0 is now, and the first window of a scenario begins on a day of its own."""
    notes, now = session.notes, session.stage.clock.now()
    if "hour-0" not in notes:
        trace = session.stage.wire.trace
        earlier = sum(isinstance(r, Action) and r.action == "open_maintenance" for r in trace[: session.since])
        notes["hour-0"], notes["first-day"] = now, now + DAY * min(earlier, 60)
    begin: int = notes["hour-0"] if float(hours) < 2 else notes["first-day"]
    return begin + round(float(hours) * HOUR)


def plan(session: Session, seat: str, channel: str, interconnect: str, start: str, end: str, **more: Any) -> Result:
    """An operator plans a window in env1; the peer's is told to the target before the step ends."""
    asked = {"start": hour(session, start), "end": hour(session, end), **more}
    place = {"environment": "env1", "interconnect": interconnect, "channel": channel, "peer": OTHER[seat]}
    result = session.finish(session.act(seat, "open_maintenance", **place, **asked))
    session.notes.setdefault("starts", []).append(_moment(session, start))
    if seat == session.target:
        _remember(session, result, asked)
    _breathe(session)
    return result


def _remember(session: Session, result: Result, asked: dict[str, Any]) -> None:
    session.notes.update(planned=result.seq, asked={"start": asked["start"], "end": asked["end"]}, acted=result.seq)
    if result.result == "ok":
        session.notes["window"] = result.outputs.get("maintenance", session.notes.get("window"))


def _breathe(session: Session) -> None:
    """Notifications and reads go to and fro; no time need pass for that, and no retry is waited for."""
    session.portal.call(session.stage.run(lambda: False, 1_000))


def _path(session: Session, channel: str, interconnect: str) -> dict[str, str]:
    return {
        "provider": OTHER[session.target],
        "environment": "env1",
        "interconnect": interconnect,
        "channel": channel,
    }


# --- operators --------------------------------------------------------------------------------------------------------


@given(parsers.re(rf"(?:the operator of )?{OPERATOR} has planned maintenance of {CHANNEL} from hour {SPAN}"))
def has_planned(session: Session, seat: str, channel: str, interconnect: str, start: str, end: str) -> None:
    result = plan(session, seat_of(session, seat), channel, interconnect, start, end)
    if result.result != "ok":
        raise Unprepared(f"{seat} plans no maintenance: {result.answered.reason}")


@when(parsers.re(rf"the operator of {OPERATOR} plans maintenance of {CHANNEL} from hour {SPAN}"))
def plans(session: Session, seat: str, channel: str, interconnect: str, start: str, end: str) -> None:
    plan(session, seat_of(session, seat), channel, interconnect, start, end)


@when(parsers.re(rf"the operator of the target plans maintenance of the router of {CHANNEL} from hour {SPAN}"))
def plans_router(session: Session, channel: str, interconnect: str, start: str, end: str) -> None:
    plan(session, session.target, channel, interconnect, start, end, router=True)


@given(parsers.re(rf"the operator of the target has declared an emergency on {CHANNEL} from hour {SPAN}"))
def has_declared(session: Session, channel: str, interconnect: str, start: str, end: str) -> None:
    declares(session, channel, interconnect, start, end)
    _breathe(session)


@when(parsers.re(rf"the operator of the target declares an emergency on {CHANNEL} from hour {SPAN}"))
def declares(session: Session, channel: str, interconnect: str, start: str, end: str) -> None:
    plan(session, session.target, channel, interconnect, start, end, kind="emergency")


@when(parsers.re(rf"the operator of the target moves it to hour {SPAN}"))
def moves(session: Session, start: str, end: str) -> None:
    times = {"start": hour(session, start), "end": hour(session, end)}
    result = session.finish(session.act(session.target, "move_maintenance", maintenance=_window(session), **times))
    _remember(session, result, times)
    _breathe(session)


@when("the operator of the target cancels it")
def cancels(session: Session) -> None:
    result = session.finish(session.act(session.target, "close_maintenance", maintenance=_window(session)))
    if result.result != "ok":
        raise Unprepared(f"the target does not cancel a window: {result.answered.reason}")
    session.notes["acted"] = result.seq
    _breathe(session)


def _window(session: Session) -> str:
    if "window" not in session.notes:
        raise Unprepared("the target has no window that could be changed")
    return str(session.notes["window"])


@when(
    parsers.re(
        r"the operator of the target provisions (?P<interconnect>ix\d+) on the routers of (?P<channels>[\w/, ]+)"
    )
)
def provisions(session: Session, interconnect: str, channels: str) -> None:
    """Each of its channels stands on the same router as an existing one."""
    made = [{"id": f"ch{number}", "beside": each} for number, each in enumerate(channels.split(", "), start=1)]
    session.notes["planned"] = session.finish(
        session.act(
            session.target,
            "provision_interconnect",
            environment="env1",
            interconnect=interconnect,
            channels=made,
            peer=OTHER[session.target],
        )
    ).seq


# --- the wire ---------------------------------------------------------------------------------------------------------


@given(parsers.re(r"its peer answers the first (?P<times>\d+) notifications of maintenance with (?P<status>\d+)"))
def out_of_order(session: Session, times: str, status: str) -> None:
    session.disturb("answer", "NotifyMaintenance", sender=session.target, times=int(times), status=int(status), body={})


@given("announcements of maintenance do not arrive yet")
def announcements_held(session: Session) -> None:
    session.notes["held"] = [session.disturb("hold", "NotifyMaintenance", sender=seat, times=-1) for seat in OTHER_TWO]


OTHER_TWO = ("csp-a", "csp-b")


@when("the announcements arrive")
def announcements_arrive(session: Session) -> None:
    for each in session.notes["held"]:
        each.times = 0
        session.release(each)
    _breathe(session)


@when(parsers.re(rf"its peer notifies the target of maintenance of {CHANNEL}(?:, claiming an event from hour {SPAN})?"))
def notifies(session: Session, channel: str, interconnect: str, start: str | None, end: str | None) -> None:
    event = (
        {"maintenanceId": "claimed-only", "startTime": hour(session, start), "endTime": hour(session, end)}
        if (start and end)
        else None
    )
    session.notes["notice"] = session.send(
        OTHER[session.target],
        session.target,
        "NotifyMaintenance",
        _path(session, channel, interconnect),
        json={"events": [event]} if event else {},
    ).request.exchange
    _breathe(session)


@given(parsers.re(rf"its peer reads the events of {CHANNEL}"))
@when(parsers.re(rf"its peer reads the events of {CHANNEL}"))
def reads_events(session: Session, channel: str, interconnect: str) -> None:
    answer = events(session, session.target, channel, interconnect)
    session.notes.setdefault("reads", []).append(answer.request.exchange)


def events(session: Session, seat: str, channel: str, interconnect: str) -> Exchange:
    path = _path(session, channel, interconnect) | {"provider": OTHER[seat]}
    return session.send(OTHER[seat], seat, "GetMaintenanceEvents", path)


@when(parsers.re(rf"its peer insists on maintenance of {CHANNEL} from hour {SPAN}"))
def insists(session: Session, channel: str, interconnect: str, start: str, end: str) -> None:
    """It serves the event for ever, whatever it is told."""
    event = {"maintenanceId": "insisted", "startTime": hour(session, start), "endTime": hour(session, end)}
    session.disturb(
        "answer",
        "GetMaintenanceEvents",
        sender=session.target,
        times=-1,
        body={"events": [event]},
        path=f"/{interconnect}/channels/{channel}/",
    )
    session.notes["insisted"] = event
    notifies(session, channel, interconnect, None, None)


@when("time goes on to a minute before the first start")
def time_goes_on(session: Session) -> None:
    session.pass_time(min(session.notes["starts"]) - 60_000 - session.stage.clock.now())
    _breathe(session)


@when("its peer reads the channels of all interconnects of the target")
def reads_inventory(session: Session) -> None:
    bundles = [
        (environment, interconnect)
        for environment in readings.environments(session, session.target)
        for interconnect in readings.interconnects(session, session.target, environment)
    ]
    session.notes["bundles"] = {
        "/".join(bundle): readings.read(
            session, session.target, "ListChannels", environment=bundle[0], interconnect=bundle[1]
        ).request.exchange
        for bundle in bundles
    }
