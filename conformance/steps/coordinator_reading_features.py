"""Steps in which the target's peer reads the features of a connection that the harness has placed at the target."""

from __future__ import annotations

import re

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.view import TraceView

NOBODYS = "00000000-0000-4000-8000-000000000000"
LONGEST = 50
"""Pages of a list; whoever gives more does not end."""


def _read(session: Session, feature: str, uuid: str | None = None) -> None:
    peer = prologue.OTHER[session.target]
    path = prologue.connection_path(session, peer, session.notes["interconnect"], uuid) | {"feature": feature}
    session.notes["readings"] = [session.send(peer, session.target, "GetFeature", path).request.exchange]


def _list(session: Session, uuid: str | None = None, size: str | None = None) -> None:
    peer = prologue.OTHER[session.target]
    path = prologue.connection_path(session, peer, session.notes["interconnect"], uuid)
    readings: list[str] = []
    token = None
    while token or not readings:
        query = ({"pageSize": size} if size else {}) | ({"pageToken": token} if token else {})
        page = session.send(peer, session.target, "ListFeatures", path, query=query, whole=False)
        readings.append(page.request.exchange)
        body = page.response.body if page.succeeded and page.response else {}
        token = body.get("nextPageToken")
        if len(readings) > LONGEST:
            raise Unprepared(f"the list of features has more than {LONGEST} pages")
    session.notes["readings"] = readings


@given("the target holds another connection of its peer on ix1, without features")
def holds_another(session: Session) -> None:
    first = {name: session.notes[name] for name in ("key", "uuid", "issuer", "mbps", "environment")}
    session.notes["other"] = prologue.place_by_hand(session, session.target, session.notes["interconnect"])["uuid"]
    session.notes.update(first)


@when(parsers.re(r"its peer reads the feature of (?P<channel>ch\d) at the target"))
def reads_one(session: Session, channel: str) -> None:
    _read(session, f"f-{channel}")


@when("its peer reads a feature at the target that nobody made")
def reads_unknown(session: Session) -> None:
    _read(session, "f-nobodys")


@when(parsers.re(r"its peer reads the feature of (?P<channel>ch\d) under the other connection"))
def reads_elsewhere(session: Session, channel: str) -> None:
    _read(session, f"f-{channel}", session.notes["other"])


@when(parsers.re(r"its peer lists the features of the connection, (?P<size>\d+) on a page"))
def lists_paged(session: Session, size: str) -> None:
    _list(session, size=size)


@when("its peer lists the features of the other connection")
def lists_other(session: Session) -> None:
    _list(session, session.notes["other"])


@when("its peer lists the features of a connection that nobody knows")
def lists_unknown(session: Session) -> None:
    _list(session, NOBODYS)


# --- claims -----------------------------------------------------------------------------------------------------


@then(parsers.re(rf"the target shows the feature of (?P<channel>ch\d) as it was agreed {CHECK}"))
def shows_as_agreed(session: Session, channel: str, check: str, at: str | None) -> None:
    made = next(
        each.request.exchange
        for each in TraceView(session.stage.wire.trace[session.since :]).exchanges("CreateFeature", ours=True)
        if each.request.query.get("featureId") == f"f-{channel}"
    )
    claim(session, check, at, "feature_reads", read=session.notes["readings"][0], proposal=made)


@then(parsers.re(rf"the target answers 404 to this reading {CHECK}"))
def knows_none(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "refused", exchange=session.notes["readings"][0], statuses=[404])


@then(parsers.re(rf"the target lists (?P<channels>no feature|a feature on each of [\w, ]+) {CHECK}"))
def lists_these(session: Session, channels: str, check: str, at: str | None) -> None:
    wanted = re.findall(r"ch\d+", channels)
    claim(session, check, at, "list_holds", lists=session.notes["readings"], channels=wanted)
