"""The shortest ways to the states of applications that scenarios start from (federation-wire 7.8 to 7.12).

Each raises Unprepared when a platform does not get there. A report, an onboarding or a removal that is sent by hand
belongs to the upload that was last seen: its id, application and artifact are in ``session.notes["upload"]``.
"""

from __future__ import annotations

from typing import Any

from conformance import application_bodies as bodies
from conformance import prologue_federation as prologue
from conformance.application_bodies import ONBOARD, REPORT, REPORT_IN_BODY, UPLOAD
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.session import Result, Session
from conformance.view import Exchange, TraceView

WITHIN = 60_000
"""Milliseconds in which an artifact is uploaded and reported, and an application that nothing hinders is onboarded."""


def application(**changes: Any) -> dict[str, Any]:
    """What a developer hands in; None leaves a member out."""
    whole: dict[str, Any] = {
        "application": bodies.APP,
        "name": "Application One",
        "version": bodies.VERSION,
        "developer": bodies.DEVELOPER,
        "artifact": bodies.encoded(bodies.archive()),
        "artifact_name": bodies.ARTIFACT_NAME,
        "descriptor": "HELM",
        "components": [bodies.component()],
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def ask_to_onboard(session: Session, lead: str, host: str, zone: str, **changes: Any) -> Result:
    """The developer asks the lead to onboard the usual application in a zone of the host; remembered as ``asked``."""
    partner = prologue.federation_id(session, host)
    result = session.act(lead, "onboard_application", partner=partner, zone=zone, **application(**changes))
    session.notes["asked"] = result
    return result


def ask_to_deboard(session: Session, lead: str, host: str, zone: str, app: str = bodies.APP) -> Result:
    partner = prologue.federation_id(session, host)
    result = session.act(lead, "deboard_application", partner=partner, application=app, zone=zone)
    session.notes["asked"] = result
    return result


def registered(session: Session, lead: str, host: str, *zones: str) -> None:
    """The lead has registered these zones of the host, or its first one; nothing is done where that is so."""
    wanted = zones or prologue.OPERATORS[host].zones[:1]
    partner = prologue.federation_id(session, host)
    known = session.observe(lead).value["partner_zones"]
    held = {each["zone"] for each in known if each["partner"] == partner and each["registered"]}
    if missing := [zone for zone in wanted if zone not in held]:
        prologue.demanded(session.finish(prologue.ask_to_register(session, lead, host, *missing)))


def uploads(session: Session, lead: str, host: str) -> list[Exchange]:
    """What the lead has uploaded to the host of its own accord."""
    view = TraceView(session.stage.wire.trace[session.since :])
    return view.exchanges(UPLOAD, sender=lead, receiver=host, ours=False)


def note_upload(session: Session, lead: str, host: str) -> None:
    """A report sent by hand shall belong to the lead's latest upload."""
    sent = uploads(session, lead, host)
    if not sent:
        raise Unprepared(f"{lead} uploads nothing to {host}")
    told = bodies.members_of({}, sent[-1].request.body)
    named = {"requestId": told.get("requestid"), "appId": told.get("appid"), "version": told.get("version")}
    session.notes["upload"] = named | {"artifactId": told.get("artifactid") or bodies.ARTIFACT}


def upload_unreported(session: Session, lead: str, host: str) -> None:
    """The lead has uploaded an artifact and waits for the report: the host has taken it and is silent."""
    registered(session, lead, host)
    taken = {"artifactId": bodies.ARTIFACT}
    session.disturb("answer", UPLOAD, sender=lead, receiver=host, status=200, body=taken)
    session.disturb("answer", ONBOARD, sender=lead, receiver=host, status=409, body={"message": "no"}, times=-1)
    ask_to_onboard(session, lead, host, prologue.OPERATORS[host].zones[0])
    wait_for_upload(session, lead, host)


def wait_for_upload(session: Session, lead: str, host: str) -> None:
    """Until the lead has uploaded and been answered, with no other thing to wait for."""
    for _ in range(20):
        if any(each.response is not None or each.lost is not None for each in uploads(session, lead, host)):
            break
        session.pass_time(500)
    note_upload(session, lead, host)


def take_reports(session: Session, lead: str, host: str) -> None:
    """Whatever the host reports is taken note of by the harness in the lead's place, which has uploaded by hand."""
    for operation in (REPORT, REPORT_IN_BODY):
        session.disturb("answer", operation, sender=host, receiver=lead, status=200, body={}, times=-1)


def stored(session: Session, lead: str, host: str, **changes: Any) -> Exchange:
    """By hand the lead has uploaded an artifact that the host has stored and reported. Untested where it hosts none."""
    if host == session.target and UPLOAD not in prologue.operations(session):
        raise Untested(f"not claimed: the profile {prologue.NEEDS[UPLOAD]}")
    message = prologue.message(session, lead, host, UPLOAD, **changes)
    exchange = session.send(lead, host, UPLOAD, {}, json=message)
    if not exchange.succeeded:
        raise Unprepared(f"{host} does not take the artifact of {lead}: {exchange.told()}")
    if not session.settle(WITHIN):
        raise Unprepared(f"{host} does not come to rest after an upload")
    return exchange


def hosted(session: Session, lead: str, host: str, *zones: str, **changes: Any) -> Exchange:
    """By hand the lead has onboarded an application in zones of the host, or in its first one."""
    if zones:
        changes["regions"] = [{"zone": zone} for zone in zones]
    message = prologue.message(session, lead, host, ONBOARD, **changes)
    exchange = session.send(lead, host, ONBOARD, {}, json=message)
    if not exchange.succeeded:
        raise Unprepared(f"{host} does not onboard for {lead}: {exchange.told()}")
    return exchange
