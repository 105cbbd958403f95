"""Steps about what a provider shows of its interconnects and channels. The harness reads as the target's peer."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from simulator.inventories import inventories


@when("its peer reads the interconnects and channels of the target")
def reads_inventory(session: Session) -> None:
    readings.inventory(session, session.target)


@when("each side reads the interconnects and channels of the other")
def both_read(session: Session) -> None:
    for seat in (session.target, OTHER[session.target]):
        readings.inventory(session, seat)


@when(parsers.re(r"its peer pages through the interconnects of (?P<environment>\w+), one at a time"))
def pages(session: Session, environment: str) -> None:
    reader = OTHER[session.target]
    query = {"pageSize": "1"}
    for _ in range(20):
        path = {"provider": reader, "environment": environment}
        answer = session.send(reader, session.target, "ListInterconnects", path, query=query)
        token = (answer.response.body or {}).get("nextPageToken") if answer.response else None
        if not token:
            return
        query = {"pageSize": "1", "pageToken": token}
    raise Unprepared("the list has no end")


@when(parsers.re(r"its peer asks for the interconnects of (?P<environment>\w+)(?P<third> of csp-c)?"))
def lists_interconnects(session: Session, environment: str, third: str | None) -> None:
    provider = "csp-c" if third else OTHER[session.target]
    session.notes["read"] = readings.read(
        session, session.target, "ListInterconnects", provider=provider, environment=environment
    )


@when(parsers.re(r"its peer asks for (?P<interconnect>\w+) under (?P<environment>\w+)"))
def gets_interconnect(session: Session, interconnect: str, environment: str) -> None:
    session.notes["read"] = readings.read(
        session, session.target, "GetInterconnect", environment=environment, interconnect=interconnect
    )


@when(parsers.re(r"its peer asks for channel (?P<channel>\w+) of (?P<interconnect>\w+)"))
def gets_channel(session: Session, channel: str, interconnect: str) -> None:
    session.notes["read"] = readings.read(
        session, session.target, "GetChannel", environment="env1", interconnect=interconnect, channel=channel
    )


@given(parsers.re(rf"the operator of {SEAT} sets (?P<interconnect>ix\d) of (?P<environment>\w+) (?P<state>[A-Z]+)"))
@when(parsers.re(rf"the operator of {SEAT} sets (?P<interconnect>ix\d) of (?P<environment>\w+) (?P<state>[A-Z]+)"))
def sets_interconnect(session: Session, seat: str, interconnect: str, environment: str, state: str) -> None:
    asked = session.act(
        seat_of(session, seat),
        "set_interconnect_state",
        environment=environment,
        interconnect=interconnect,
        state=state,
    )
    if asked.result != "ok":
        raise Unprepared(f"{interconnect} cannot be set {state}: {asked.answered.reason}")


@when(parsers.re(r"the operator of the target has (?P<channel>\w+) of ix1 (?P<state>enabled|disabled)"))
def sets_channel(session: Session, channel: str, state: str) -> None:
    asked = session.act(
        session.target, "set_channel_state", environment="env1", interconnect="ix1", channel=channel, state=state
    )
    if asked.result != "ok":
        raise Unprepared(f"{channel} cannot be {state}: {asked.answered.reason}")


@when("its peer reads the channels of ix1 and the guidance of the connection")
def reads_states(session: Session) -> None:
    reader, target = OTHER[session.target], session.target
    for channel in readings.channels(session, target, "env1", "ix1"):
        readings.read(session, target, "GetChannel", environment="env1", interconnect="ix1", channel=channel)
    session.send(reader, target, "GenerateFeatureGuidance", prologue.connection_path(session, reader, "ix1"), json={})


@then(parsers.re(rf"the pages show (?P<ids>[\w, ]+) of (?P<environment>\w+), each once {CHECK}"))
def each_once(session: Session, ids: str, environment: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "every_interconnect_once",
        server=session.target,
        environment=environment,
        ids=ids.split(", "),
    )


@then(parsers.re(rf"the reading succeeds {CHECK}"))
def reading_succeeds(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=session.notes["read"].request.exchange)


@then(parsers.re(rf"the reading is answered (?P<statuses>[\d or]+) {CHECK}"))
def reading_answered(session: Session, statuses: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "answered_with",
        exchange=session.notes["read"].request.exchange,
        statuses=[int(each) for each in statuses.split(" or ")],
    )


_SHOWN: dict[str, tuple[str, dict[str, Any]]] = {
    "its interconnects show what steers placement": ("interconnects_steer_placement", {}),
    "its interconnects support every size of their environment": (
        "interconnects_cover_environment",
        {"member": "supportedConnectionSizeMbps"},
    ),
    "its interconnects support every feature of their environment": (
        "interconnects_cover_environment",
        {"member": "supportedFeatures", "among": ["FEATURE_TYPE_L3_BASE"]},
    ),
    "no interconnect sells more than its smallest channel": ("maximum_within_channels", {}),
    "no two channels share a demarc": ("demarcs_differ", {}),
    "the channels of each interconnect have one capacity": ("capacity_uniform", {}),
}


@then(parsers.re(rf"(?P<claimed>{'|'.join(_SHOWN)}) {CHECK}"))
def shown(session: Session, claimed: str, check: str, at: str | None) -> None:
    rule, params = _SHOWN[claimed]
    claim(session, check, at, rule, server=session.target, **params)


@then(parsers.re(rf"(?P<interconnect>\w+) has at least four channels {CHECK}"))
def four_channels(session: Session, interconnect: str, check: str, at: str | None) -> None:
    claim(session, check, at, "channels_listed", server=session.target, interconnect=interconnect)


@then(parsers.re(rf"(?P<interconnect>\w+) has the channels (?P<ids>[\w, ]+) {CHECK}"))
def these_channels(session: Session, interconnect: str, ids: str, check: str, at: str | None) -> None:
    claim(session, check, at, "channels_listed", server=session.target, interconnect=interconnect, ids=ids.split(", "))


@then(parsers.re(rf"both name the same managers of every channel {CHECK}"))
def managers(session: Session, check: str, at: str | None) -> None:
    seats = [session.target, OTHER[session.target]]
    claim(session, check, at, "channel_managers_agree", seats=seats, providers=seats)


@then(parsers.re(rf"its device ids are opaque and stable {CHECK}"))
def opaque(session: Session, check: str, at: str | None) -> None:
    """The raw names are what the harness and the implementer agreed in the inventory."""
    copy = inventories(session.notes.get("inventory", session.stage.cast.inventory))[session.target]
    known = sorted({name for row in copy.channels for name in (row.device, row.demarc)})
    claim(session, check, at, "devices_opaque", server=session.target, known=known)


@then(parsers.re(rf"the channels of (?P<interconnect>\w+) are on (?P<devices>\d+) devices {CHECK}"))
def diverse(session: Session, interconnect: str, devices: str, check: str, at: str | None) -> None:
    claim(session, check, at, "devices_diverse", server=session.target, interconnect=interconnect, devices=int(devices))


@then(parsers.re(rf"(?P<channel>only \w+|none) is shown disabled {CHECK}"))
def disabled(session: Session, channel: str, check: str, at: str | None) -> None:
    ids = [channel.removeprefix("only ")] if channel != "none" else []
    claim(session, check, at, "disabled_are", server=session.target, disabled=ids)
