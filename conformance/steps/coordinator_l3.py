"""Steps of the L3 parameters as a responder sees them: CSP B proposes by hand, CSP A answers.

Proposals stand in tables (see ``conformance.l3_proposals``): one row each, a base drawn from CSP A's guidance and what
the row changes, its ``connection`` (X), ``channel`` (ch1), ``feature`` id, and the ``answer`` that is expected: agreed,
refused (any 4xx), conflict (409) or unknown (404). ``{X}`` in a cell is the UUID of connection X.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.l3_proposals import drawn, proposed
from conformance.l3_reading import short
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.view import Exchange
from simulator.inventories import ASNS

UNKNOWN = "00000000-0000-4000-8000-000000000000"
NONE, EMPTY = "(none)", "(empty)"
RESPONDER, NEGOTIATOR = "csp-a", "csp-b"


def place(session: Session, names: Sequence[str], interconnect: str) -> None:
    """Connections placed by hand at CSP A, remembered by name; and the guidance for the last of them.

    CSP B itself knows none of them. Where CSP A is quick to announce one, its 404 would be the end of it (CC-ACT-003/5).
    """
    placed: dict[str, str] = session.notes.setdefault("connections", {})
    offers = [(name, prologue.offer(session, RESPONDER)) for name in names]  # all keys before any room is taken
    for name, made in offers:
        session.notes.update(made)
        if not prologue.confirm_by_hand(session, NEGOTIATOR).succeeded:
            raise Unprepared("CSP A does not confirm its own key")
        created = prologue.create_by_hand(session, NEGOTIATOR, interconnect)
        if not created.succeeded:
            raise Unprepared(f"CSP A does not take the connection on {interconnect}: {created.told()}")
        placed[name] = made["uuid"]
        for told in ("NotifyConnectionStatus", "GetConnection"):
            session.disturb("answer", told, sender=RESPONDER, path=made["uuid"], times=-1, status=503, body={})
    session.notes["interconnect"] = interconnect
    remember_guidance(session, ask_guidance(session, names[-1]))


def ask_guidance(session: Session, name: str = "X", query: dict[str, str] | None = None) -> Exchange:
    return session.send(
        NEGOTIATOR, RESPONDER, "GenerateFeatureGuidance", path_of(session, name), query=query or {}, json={}
    )


def remember_guidance(session: Session, answer: Exchange) -> None:
    body = answer.response.body if answer.succeeded and answer.response else {}
    session.notes["guidance"] = {
        short(str(each.get("channel"))): each.get("l3BaseGuidance") or {} for each in body.get("featureGuidance") or []
    }


def path_of(session: Session, name: str = "X", **more: str) -> dict[str, str]:
    uuid = session.notes["connections"].get(name, UNKNOWN)
    return {**prologue.connection_path(session, NEGOTIATOR, session.notes["interconnect"], uuid), **more}


def proposal(session: Session, row: dict[str, str]) -> tuple[dict[str, str], dict[str, str], dict[str, Any]]:
    """Path, query and body of the proposal that a row describes."""
    number = session.notes["proposals"] = session.notes.get("proposals", 0) + 1
    channel = row.get("channel") or "ch1"
    path = path_of(session, row.get("connection") or "X")
    guidance: dict[str, Any] = session.notes["guidance"].get(channel, {})
    if not guidance and channel in session.notes["guidance"]:
        raise Unprepared(f"CSP A gives no guidance for {channel}")
    config = drawn(guidance, number, RESPONDER, NEGOTIATOR)
    own = "providers/{provider}/environments/{environment}/interconnects/{interconnect}/channels/".format(**path)
    body = proposed(config, channel if channel.startswith("providers/") else own + channel, row)
    feature = row.get("feature") or f"f-{number}"
    return path, {"featureId": "" if feature == EMPTY else feature} if feature != NONE else {}, body


def rows_of(session: Session, datatable: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """A table's rows by its headings, with ``{X}`` replaced by the UUID of connection X."""
    known: dict[str, str] = session.notes.get("connections", {})

    def filled(cell: str) -> str:
        return re.sub(r"\{([A-Z])\}", lambda found: known.get(found[1], found[0]), cell)

    heading, *rows = datatable
    made = [dict(zip(heading, map(filled, row), strict=True)) for row in rows]
    return [row | {"asn": _asn(session, row["asn"])} if row.get("asn") else row for row in made]


def _asn(session: Session, told: str) -> str:
    """The tables say 16550 for the responder's own ASN and 16551 for the next one (coordinator-harness 5, rule 4)."""
    own = session.stage.names.asn_of(RESPONDER)
    return str({ASNS[RESPONDER]: own, ASNS[RESPONDER] + 1: own + 1}.get(int(told), told)) if told.isdigit() else told


@given(
    parsers.re(r"connections? (?P<names>[A-Z](?:(?:, | and )[A-Z])*) (?:is|are) placed on (?P<on>\w+) of CSP A by hand")
)
def placed_by_hand(session: Session, names: str, on: str) -> None:
    place(session, re.split(", | and ", names), on)


@given(parsers.re(r"(?P<count>\d+) connections are placed on (?P<on>\w+) of CSP A by hand"))
def many_placed_by_hand(session: Session, count: str, on: str) -> None:
    place(session, [str(number) for number in range(1, int(count) + 1)], on)
    session.notes["connections"]["X"] = session.notes["connections"]["1"]


@given("CSP B proposed already")
@when("CSP B proposes")
def proposes(session: Session, datatable: Sequence[Sequence[str]]) -> None:
    for row in rows_of(session, datatable):
        path, query, body = proposal(session, row)
        sent = session.send(NEGOTIATOR, RESPONDER, "CreateFeature", path, query=query, json=body)
        note(session, sent, row["answer"])


def note(session: Session, sent: Exchange, answer: str) -> None:
    session.notes.setdefault("proposed", []).append((sent.request.exchange, answer))


@when("CSP B proposes at once")
def proposes_at_once(session: Session, datatable: Sequence[Sequence[str]]) -> None:
    rows = rows_of(session, datatable)
    together(session, rows)


def together(session: Session, rows: Sequence[dict[str, str]]) -> None:
    made = [proposal(session, row) for row in rows]
    sent = session.send_together(
        [
            session.sending(NEGOTIATOR, RESPONDER, "CreateFeature", path, query=query, json=body)
            for path, query, body in made
        ]
    )
    by_id = {(each.request.path, each.request.query.get("featureId")): each for each in sent}
    for row, each in zip(rows, sent, strict=True):
        note(session, each, row.get("answer", ""))
    if len(by_id) != len(rows):
        raise Unprepared("proposals sent at once need ids of their own")


OUTSIDE: Sequence[dict[str, str]] = (
    {"vlan": "1024"},
    {"vlan": "4095"},
    {"mtu": "1"},
    {"asn": "1"},
    {"subnet": "10.0.0.0/30"},
    {"member": "ipv4SubnetPrefixLength", "value": "1"},
    {"member": "bgp.0.hostIpv4", "value": '"10.0.0.1"'},
)
"""One value moved outside each time; all of these lie outside any guidance of the named inventories."""


@when(parsers.re(r"CSP B proposes (?P<count>\d+) features (?P<how>inside guidance|with one value outside guidance)"))
def many_draws(session: Session, count: str, how: str) -> None:
    """The catalogue's hundred draws are as many as the table of a scenario says: all channels of all connections."""
    names = list(session.notes["connections"])
    for number in range(int(count)):
        row = {"connection": names[number // 4 % len(names)], "channel": f"ch{number % 4 + 1}"}
        inside = how == "inside guidance"
        path, query, body = proposal(session, row if inside else row | OUTSIDE[number % len(OUTSIDE)])
        sent = session.send(NEGOTIATOR, RESPONDER, "CreateFeature", path, query=query, json=body)
        note(session, sent, "agreed" if inside else "refused")


def exchanges(session: Session) -> list[Exchange]:
    from conformance.rules.answers import exchange_of
    from conformance.view import TraceView

    view = TraceView(session.stage.wire.trace[session.since :])
    return [exchange_of(view, exchange) for exchange, _ in session.notes["proposed"]]


def list_features(session: Session, name: str = "X") -> str:
    """The harness lists a connection's features at CSP A; the exchange."""
    return session.send(NEGOTIATOR, RESPONDER, "ListFeatures", path_of(session, name)).request.exchange


@when(parsers.re(r"CSP B reads the feature (?P<feature>[\w-]+) of (?P<name>[A-Z])"))
def reads_feature(session: Session, feature: str, name: str) -> None:
    read = session.send(NEGOTIATOR, RESPONDER, "GetFeature", path_of(session, name, feature=feature))
    session.notes["read"] = read.request.exchange


@when(parsers.re(r"CSP B lists the features of (?P<name>[A-Z])(?:, (?P<size>\d+) on a page)?"))
def lists_features(session: Session, name: str, size: str | None) -> None:
    pages: list[str] = []
    token = None
    while token is not None or not pages:
        query = ({"pageSize": size} if size else {}) | ({"pageToken": token} if token else {})
        page = session.send(NEGOTIATOR, RESPONDER, "ListFeatures", path_of(session, name), query=query, whole=False)
        pages.append(page.request.exchange)
        body = page.response.body if page.succeeded and page.response else {}
        token = body.get("nextPageToken") or None
        if len(pages) > 50:
            raise Unprepared("the list of features has more than 50 pages")
    session.notes["pages"] = pages


# --- claims -----------------------------------------------------------------------------------------------------


@then(parsers.re(rf"each proposal is answered as said {CHECK}"))
def answered_as_said(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "proposals_answered", proposals=session.notes["proposed"])


@then(parsers.re(rf"each proposal is answered as said, and only the agreed ones are stored {CHECK}"))
def answered_and_stored(session: Session, check: str, at: str | None) -> None:
    lists = [list_features(session, name) for name in session.notes["connections"]]
    claim(session, check, at, "proposals_answered", proposals=session.notes["proposed"], lists=lists)


@then(parsers.re(rf"the feature (?P<feature>[\w-]+) of (?P<name>[A-Z]) is stored as proposed {CHECK}"))
def stored_as_proposed(session: Session, feature: str, name: str, check: str, at: str | None) -> None:
    reads_feature(session, feature, name)
    proposal_ = next(each for each in exchanges(session) if each.request.query.get("featureId") == feature)
    claim(session, check, at, "feature_as_proposed", proposal=proposal_.request.exchange, read=session.notes["read"])


@then(parsers.re(rf"(?P<feature>[\w-]+) of (?P<name>[A-Z]) is refused, or stored PENDING {CHECK}"))
def refused_or_pending(session: Session, feature: str, name: str, check: str, at: str | None) -> None:
    exchange = session.notes["proposed"][-1][0]
    reads_feature(session, feature, name)
    claim(session, check, at, "feature_as_proposed", proposal=exchange, read=session.notes["read"], may_refuse=True)


@then(parsers.re(rf"GetFeature shows (?P<feature>[\w-]+) of (?P<name>[A-Z]) as it was agreed {CHECK}"))
def reads_as_agreed(session: Session, feature: str, name: str, check: str, at: str | None) -> None:
    reads_feature(session, feature, name)
    proposal_ = next(each for each in exchanges(session) if each.request.query.get("featureId") == feature)
    claim(session, check, at, "feature_reads", read=session.notes["read"], proposal=proposal_.request.exchange)


@then(parsers.re(rf"CSP A knows no such (?:feature|connection) {CHECK}"))
def no_such(session: Session, check: str, at: str | None) -> None:
    for exchange in session.notes.get("pages") or [session.notes["read"]]:
        claim(session, check, at, "refused", exchange=exchange, statuses=[404])


@then(parsers.re(rf"the list holds (?P<channels>no feature|one feature for each of [\w, ]+) {CHECK}"))
def list_holds(session: Session, channels: str, check: str, at: str | None) -> None:
    wanted = re.findall(r"ch\d+", channels)
    claim(session, check, at, "list_holds", lists=session.notes["pages"], channels=wanted)


@then(parsers.re(rf"no error repeats the password {CHECK}"))
def no_password(session: Session, check: str, at: str | None) -> None:
    refused = [each.request.exchange for each in exchanges(session) if not each.succeeded]
    claim(session, check, at, "errors_hold_no_secret", exchanges=refused)


@when("CSP B reads what every environment and interconnect of CSP A supports")
def reads_support(session: Session) -> None:
    readings.inventory(session, RESPONDER)


@then(parsers.re(rf"all of them support (?P<kind>\w+) {CHECK}"))
def all_support(session: Session, kind: str, check: str, at: str | None) -> None:
    claim(session, check, at, "everything_supports", server=RESPONDER, feature_type=kind)
