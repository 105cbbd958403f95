"""Steps about a connection that stands: closing its interconnect, what it claims of itself, repeated placement."""

from __future__ import annotations

import json

from pytest_bdd import parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_by_hand import between, patch, place_of


def _read_all(session: Session) -> list[str]:
    """Read the connection, the list of its features, and each feature; the ids of the exchanges."""
    path = {
        "environment": session.notes["environment"],
        "interconnect": place_of(session),
        "connection": session.notes["uuid"],
    }
    target = session.target
    shown = [readings.read(session, target, each, **path) for each in ("GetConnection", "ListFeatures")]
    features = (shown[1].response.body or {}).get("features") or () if shown[1].response else ()
    for feature in features:
        shown.append(readings.read(session, target, "GetFeature", feature=readings.short(feature["name"]), **path))
    return [each.request.exchange for each in shown]


@when("the operator of the target closes the interconnect of the connection")
def closes(session: Session) -> None:
    interconnect = place_of(session)
    session.notes["shown before"] = _read_all(session)
    asked = session.act(
        session.target, "set_interconnect_state", environment="env1", interconnect=interconnect, state="CLOSED"
    )
    if asked.result != "ok":
        raise Unprepared(f"{interconnect} cannot be closed: {asked.answered.reason}")


@when(parsers.re(r"the harness proposes it once more with (?P<mbps>\d+) Mbps"))
def once_more(session: Session, mbps: str) -> None:
    body = {"bandwidthMbps": int(mbps), "activationKey": session.notes["key"]}
    caller = OTHER[session.target]
    between(session, lambda: prologue.create_by_hand(session, caller, place_of(session), body=body))


@when(parsers.re(r'its peer sends the update (?P<body>\{.*\}) with the mask "(?P<mask>.*)"'))
def sends_update(session: Session, body: str, mask: str) -> None:
    between(session, lambda: patch(session, json.loads(body), mask))


@when(parsers.re(r"its peer sends the update (?P<body>\{.*\}) without a mask"))
def sends_without_mask(session: Session, body: str) -> None:
    between(session, lambda: patch(session, json.loads(body), None))


@when(parsers.re(r"the harness proposes a feature on (?P<channel>\w+)"))
def proposes_feature(session: Session, channel: str) -> None:
    session.notes["feature"] = prologue.feature_by_hand(session, OTHER[session.target], channel)


@then(parsers.re(rf"the connection and its features are shown as before {CHECK}"))
def as_before(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "same_answers", before=session.notes["shown before"], after=_read_all(session))


@then(parsers.re(rf"a granted connection is shown UNVERIFIED and enabled {CHECK}"))
def unverified_if_granted(session: Session, check: str, at: str | None) -> None:
    """Where the create was refused there is nothing more to judge."""
    if session.notes["answer"].succeeded:
        members = {"verificationState": "VERIFICATION_STATE_UNVERIFIED", "adminState": "ADMIN_STATE_ENABLED"}
        answer = session.notes["answer"].request.exchange
        claim(session, check, at, "answered_with", exchange=answer, statuses=[200], members=members)


@then(parsers.re(rf"each listed placement of it can be deleted, and nothing is left {CHECK}"))
def deletable(session: Session, check: str, at: str | None) -> None:
    target, uuid = session.target, session.notes["uuid"]
    peer = OTHER[target]
    deletions = []
    for interconnect in readings.interconnects(session, target, "env1"):
        if uuid in readings.connections(session, target, "env1", interconnect):
            path = prologue.connection_path(session, peer, interconnect)
            deletions.append(session.send(peer, target, "DeleteConnection", path).request.exchange)
    readings.survey(session, target)
    claim(session, check, at, "deleted_whole", exchanges=deletions, server=target, uuid=uuid)


@then(parsers.re(rf"the feature is agreed or refused, never half-applied {CHECK}"))
def whole_feature(session: Session, check: str, at: str | None) -> None:
    path = {"environment": "env1", "interconnect": place_of(session), "connection": session.notes["uuid"]}
    reading = readings.read(session, session.target, "ListFeatures", **path)
    claim(
        session,
        check,
        at,
        "feature_whole",
        exchange=session.notes["feature"].request.exchange,
        reading=reading.request.exchange,
    )
