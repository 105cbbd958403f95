"""Steps about placements at the responder: what is listed, how much room is taken, creates all at once."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from conformance.steps.coordinator_by_hand import (
    KEY,
    announcements_acknowledged,
    confirmed_key,
    delete,
    named,
    place_of,
    propose,
    remember,
)


@given(parsers.re(r"(?P<number>\d+) confirmed keys of the target for (?P<mbps>\d+) Mbps in (?P<environment>\w+)"))
def has_many_confirmed(session: Session, number: str, mbps: str, environment: str) -> None:
    for each in range(1, int(number) + 1):
        confirmed_key(session, f"K{each}", int(mbps), environment)


@given(parsers.re(r"the channels (?P<channels>[\w, ]+) of the connection are agreed"))
def features_agreed(session: Session, channels: str) -> None:
    """What the target announces of them (at once, if its equipment is quick) is acknowledged."""
    announcements_acknowledged(session)
    for channel in channels.split(", "):
        answer = prologue.feature_by_hand(session, OTHER[session.target], channel)
        if not answer.succeeded:
            raise Unprepared(f"the feature on {channel} is not agreed: {answer.told()}")


@given(parsers.re(rf"the connection {KEY} of the target with csp-c is placed on (?P<interconnect>\w+)"))
def placed_with_third(session: Session, key: str, interconnect: str) -> None:
    """The harness plays csp-c too: it confirms and proposes by hand."""
    target = session.target
    offered = session.act(target, "offer", account="X", remote_account="X", environment="env1", mbps=1000, peer="csp-c")
    if offered.result != "ok":
        raise Unprepared(f"the target issues no key for csp-c: {offered.answered.reason}")
    text, uuid = offered.outputs["activation_key"], offered.outputs["uuid"]
    path = {"provider": "csp-c", "environment": "env1"}
    session.send("csp-c", target, "ConfirmActivationKey", path, json={"encodedKey": text})
    created = session.send(
        "csp-c",
        target,
        "CreateConnection",
        path | {"interconnect": interconnect},
        query={"connectionId": uuid},
        json={"bandwidthMbps": 1000, "activationKey": text},
    )
    if not created.succeeded:
        raise Unprepared(f"the target places nothing for csp-c: {created.told()}")
    session.notes.update(key=text, uuid=uuid, issuer=target, mbps=1000, environment="env1")
    remember(session, key)


@when(parsers.re(r"the harness reads the connection, its list on (?P<interconnect>\w+) and the others"))
def reads_connection(session: Session, interconnect: str) -> None:
    at_peer = {"environment": "env1", "connection": session.notes["uuid"]}
    session.notes["elsewhere"] = [
        readings.read(session, session.target, "GetConnection", interconnect=other, **at_peer)
        for other in readings.interconnects(session, session.target, "env1")
        if other != interconnect
    ]
    readings.connections(session, session.target, "env1", interconnect)
    session.notes["read"] = readings.read(
        session, session.target, "GetConnection", interconnect=interconnect, **at_peer
    )


@when("the harness reads the connection")
def reads_again(session: Session) -> None:
    session.notes["read"] = readings.read(
        session,
        session.target,
        "GetConnection",
        environment=session.notes["environment"],
        interconnect=place_of(session),
        connection=session.notes["uuid"],
    )


@when(parsers.re(rf"the harness places {KEY} on (?P<places>[\w, ]+) at once, (?P<number>\d+) times"))
def places_at_once(session: Session, key: str, places: str, number: str) -> None:
    """The requests go to the interconnects in turn; each is under way before the first is answered."""
    known, peer = named(session, key), OTHER[session.target]
    interconnects = places.split(", ")
    body = {"bandwidthMbps": known["mbps"], "activationKey": known["key"]}
    path = {"provider": peer, "environment": known["environment"]}
    requests = [
        session.sending(
            peer,
            session.target,
            "CreateConnection",
            path | {"interconnect": interconnects[i % len(interconnects)]},
            query={"connectionId": known["uuid"]},
            json=body,
        )
        for i in range(int(number))
    ]
    session.notes["together"] = session.send_together(requests)


@when(parsers.re(r"the harness places all of them on (?P<interconnect>\w+) at once"))
def places_all(session: Session, interconnect: str) -> None:
    peer = OTHER[session.target]
    session.notes["together"] = session.send_together(
        [
            session.sending(
                peer,
                session.target,
                "CreateConnection",
                {"provider": peer, "environment": known["environment"], "interconnect": interconnect},
                query={"connectionId": known["uuid"]},
                json={"bandwidthMbps": known["mbps"], "activationKey": known["key"]},
            )
            for known in session.notes["book"].values()
        ]
    )


@when(
    parsers.re(
        r"(?P<number>\d+) keys for (?P<mbps>\d+) Mbps are placed on (?P<interconnect>\w+) and deleted, one after another"
    )
)
def places_and_deletes(session: Session, number: str, mbps: str, interconnect: str) -> None:
    session.notes["together"] = []
    for each in range(1, int(number) + 1):
        confirmed_key(session, f"K{each}", int(mbps))
        session.notes["together"].append(propose(session, f"K{each}", interconnect))
        session.notes.setdefault("places", {})[session.notes["uuid"]] = interconnect
        delete(session)


@then(parsers.re(rf"the placement is granted under its own name on (?P<interconnect>\w+) {CHECK}"))
def granted_under_name(session: Session, interconnect: str, check: str, at: str | None) -> None:
    notes = session.notes
    name = (
        f"providers/{OTHER[session.target]}/environments/{notes['environment']}"
        f"/interconnects/{interconnect}/connections/{notes['uuid']}"
    )
    claim(
        session,
        check,
        at,
        "answered_with",
        exchange=notes["answer"].request.exchange,
        statuses=[200],
        members={"name": name, "bandwidthMbps": notes["mbps"]},
    )


@then(parsers.re(rf"both show it with (?P<mbps>\d+) Mbps {CHECK}"))
def both_show(session: Session, mbps: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "shown_alike",
        server=session.target,
        uuid=session.notes["uuid"],
        members={"bandwidthMbps": int(mbps)},
    )


@then(parsers.re(rf"the connection is not found under any other interconnect {CHECK}"))
def not_elsewhere(session: Session, check: str, at: str | None) -> None:
    for each in session.notes["elsewhere"]:
        claim(session, check, at, "answered_with", exchange=each.request.exchange, statuses=[404])


@then(parsers.re(rf"the connection is shown with (?P<mbps>\d+) Mbps {CHECK}"))
def shown_with(session: Session, mbps: str, check: str, at: str | None) -> None:
    reads_again(session)
    claim(
        session,
        check,
        at,
        "answered_with",
        exchange=session.notes["read"].request.exchange,
        members={"bandwidthMbps": int(mbps)},
    )


@then(parsers.re(rf"the connection is shown (?P<state>UNVERIFIED|VERIFIED) {CHECK}"))
def shown_state(session: Session, state: str, check: str, at: str | None) -> None:
    reads_again(session)
    claim(
        session,
        check,
        at,
        "answered_with",
        exchange=session.notes["read"].request.exchange,
        members={"verificationState": f"VERIFICATION_STATE_{state}"},
    )


@then(parsers.re(rf"the target knows no such connection {CHECK}"))
def shown_nowhere(session: Session, check: str, at: str | None) -> None:
    """Its name is answered 404. A transition of up to 60 s is allowed after a deletion (CC-ERR-40)."""
    reads_again(session)
    if session.notes["read"].succeeded:
        session.pass_time(session.stage.limit("deletion"))
        reads_again(session)
    claim(session, check, at, "answered_with", exchange=session.notes["read"].request.exchange, statuses=[404])


@then(parsers.re(rf"(?P<interconnect>\w+) is occupied by (?P<keys>nothing|[K\d, ]+) {CHECK}"))
def occupied(session: Session, interconnect: str, keys: str, check: str, at: str | None) -> None:
    uuids = [] if keys == "nothing" else [session.notes["book"][key]["uuid"] for key in keys.split(", ")]
    readings.connections(session, session.target, "env1", interconnect)
    claim(session, check, at, "occupied_by", server=session.target, place=f"env1/{interconnect}", uuids=uuids)


@then(parsers.re(rf"{SEAT} reserves (?P<mbps>\d+) Mbps on (?P<interconnect>\w+) {CHECK}"))
def reserves(session: Session, seat: str, mbps: str, interconnect: str, check: str, at: str | None) -> None:
    shown = seat_of(session, seat)
    claim(
        session, check, at, "reserved_is", observe=(shown,), seat_shown=shown, interconnects={interconnect: int(mbps)}
    )


@then(parsers.re(rf"exactly (?P<number>\d+) of them (?:is|are) granted, the others answered 409 {CHECK}"))
def so_many(session: Session, number: str, check: str, at: str | None) -> None:
    _counted(session, check, at, granted=int(number), statuses=[409])


@then(parsers.re(rf"at most one of the interconnects takes it, the other placements are refused {CHECK}"))
def one_interconnect(session: Session, check: str, at: str | None) -> None:
    """A second one is tolerated as the start of a migration (CC-ERR-10); copies may get an identical 200."""
    readings.survey(session, session.target)
    claim(
        session,
        check,
        at,
        "placements_match_grants",
        server=session.target,
        uuid=session.notes["uuid"],
        exchanges=[each.request.exchange for each in session.notes["together"]],
        statuses=[409],
    )


@then(parsers.re(rf"at least one is granted, the others answered 409 {CHECK}"))
def one_or_copies(session: Session, check: str, at: str | None) -> None:
    _counted(session, check, at, granted=1, statuses=[409], most=len(session.notes["together"]))


@then(parsers.re(rf"all of them are granted {CHECK}"))
def all_granted(session: Session, check: str, at: str | None) -> None:
    _counted(session, check, at, granted=len(session.notes["together"]), statuses=[])


def _counted(session: Session, check: str, at: str | None, **params: Any) -> None:
    exchanges = [each.request.exchange for each in session.notes["together"]]
    claim(session, check, at, "outcome_counts", exchanges=exchanges, **params)


@then(parsers.re(rf"(?P<number>\d+) connections are listed on (?P<interconnect>\w+) {CHECK}"))
def so_many_listed(session: Session, number: str, interconnect: str, check: str, at: str | None) -> None:
    """Those that were granted, and no others."""
    readings.connections(session, session.target, "env1", interconnect)
    granted = [e.request.query["connectionId"] for e in session.notes["together"] if e.succeeded]
    claim(
        session,
        check,
        at,
        "occupied_by",
        server=session.target,
        place=f"env1/{interconnect}",
        uuids=granted[: int(number)],
    )


@then(parsers.re(rf"no interconnect was ever oversold at (?P<where>the target|either side) {CHECK}"))
def not_oversold(session: Session, where: str, check: str, at: str | None) -> None:
    seats = [session.target] if where == "the target" else [session.target, OTHER[session.target]]
    for seat in seats:
        session.observe(seat)
    readings.survey(session, *seats)
    claim(session, check, at, "never_oversold", seats=seats)
