"""Steps about migration, by the target's operator, by its peer's, or by hand: "the old place" and "the new place"."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from conformance.steps.coordinator_by_hand import KEY, between, named, place_of, propose, remember
from conformance.view import Exchange

MAKE = 30_000
"""Milliseconds in which a second placement is negotiated, when nothing is in its way."""


def new_place(session: Session, old: str) -> str:
    """Another interconnect of the environment, the first that is ACTIVE."""
    if "new" not in session.notes:
        answer = readings.read(session, session.target, "ListInterconnects", environment=session.notes["environment"])
        rows = (answer.response.body or {}).get("interconnects") or () if answer.response else ()
        active = [readings.short(r["name"]) for r in rows if str(r.get("state", "ACTIVE")).endswith("ACTIVE")]
        session.notes["new"] = next((each for each in sorted(active) if each != old), None)
    if session.notes["new"] is None:
        raise Unprepared("there is no other interconnect")
    return str(session.notes["new"])


def _places(session: Session) -> tuple[str, str]:
    old = place_of(session)
    return old, new_place(session, old)


def _move_by_hand(session: Session, key: str, interconnect: str, environment: str | None = None) -> Exchange:
    """CreateConnection with the known UUID, without a key."""
    known = named(session, key)
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, interconnect) | {"environment": environment or known["environment"]}
    uuid = path.pop("connection")
    body = {"bandwidthMbps": known["mbps"]}
    return session.send(peer, session.target, "CreateConnection", path, query={"connectionId": uuid}, json=body)


def _move(session: Session, seat: str, key: str, to: str | None = None) -> None:
    named(session, key)
    _, new = _places(session)
    session.notes["moving"] = session.act(seat, "migrate", uuid=session.notes["uuid"], interconnect=to or new)
    if session.notes["moving"].result == "refused":
        raise Unprepared(f"{seat} does not move it: {session.notes['moving'].answered.reason}")


# --- given and when ---------------------------------------------------------------------------------------------


@given(parsers.re(rf"{KEY} takes the last room elsewhere"))
def takes_last_room(session: Session, key: str) -> None:
    now = {each: session.notes[each] for each in ("key", "uuid", "issuer", "mbps", "environment")}
    _, new = _places(session)
    answer = propose(session, key, new)
    session.notes.update(now)
    if not answer.succeeded:
        raise Unprepared(f"the other connection is not placed: {answer.told()}")


@given(
    parsers.re(
        r'the connections "(?P<one>K\d+)" and "(?P<two>K\d+)" of (?P<mbps>\d+) Mbps are established on ix1, '
        "created at the target"
    )
)
def both_on_ix1(session: Session, one: str, two: str, mbps: str) -> None:
    """All other interconnects are closed meanwhile."""
    others = [each for each in readings.interconnects(session, session.target, "env1") if each != "ix1"]

    def switch(state: str) -> None:
        for seat in (session.target, OTHER[session.target]):
            for interconnect in others:
                session.act(seat, "set_interconnect_state", environment="env1", interconnect=interconnect, state=state)

    switch("CLOSED")
    for key in (one, two):
        prologue.establish(session, session.target, int(mbps))
        remember(session, key)
        place_of(session)
    switch("ACTIVE")


@given(parsers.re(r"its peer answers every feature of the target with (?P<status>\d+)"))
def rejects_features(session: Session, status: str) -> None:
    session.disturb("answer", "CreateFeature", sender=session.target, times=-1, status=int(status), body={})


@given(parsers.re(rf"the harness has placed {KEY} once more, with the same feature on ch1"))
def placed_twice(session: Session, key: str) -> None:
    """By hand, on another interconnect; a feature on ch1 gets the ID that the feature on ch1 has at the old place."""
    if not session.stage.offers("migration"):
        raise Untested("migration is not claimed, so nothing is placed twice")
    named(session, key)
    old, new = _places(session)
    created = _move_by_hand(session, key, new)
    if not created.succeeded:
        raise Unprepared(f"the target takes no second placement: {created.told()}")
    ids = {readings.short(each["channel"]): readings.short(each["name"]) for each in _features(session, old)}
    if "ch1" not in ids:
        raise Unprepared("there is no feature on ch1 at the old place")
    session.notes.update(interconnect=new, feature=ids["ch1"])
    agreed = prologue.feature_by_hand(session, OTHER[session.target], "ch1", feature=ids["ch1"])
    if not agreed.succeeded:
        raise Unprepared(f"the target takes no feature at the new place: {agreed.told()}")
    session.settle()


def _features(session: Session, place: str) -> list[dict[str, Any]]:
    listing = _read(session, session.target, "ListFeatures", place)
    body = listing.response.body if listing.succeeded and listing.response else {}
    return list((body or {}).get("features") or ())


def _read(session: Session, seat: str, operation: str, place: str, **more: str) -> Exchange:
    path = {"environment": session.notes["environment"], "connection": session.notes["uuid"], **more}
    return readings.read(session, seat, operation, interconnect=place, **path)


@when(parsers.re(rf"the harness moves {KEY} to another interconnect of the target"))
def moves_by_hand(session: Session, key: str) -> None:
    named(session, key)
    _, new = _places(session)
    between(session, lambda: _move_by_hand(session, key, new))


@when(parsers.re(rf"the harness moves {KEY} to (?P<interconnect>ix\d) of (?P<environment>env\d)"))
def moves_to(session: Session, key: str, interconnect: str, environment: str) -> None:
    between(session, lambda: _move_by_hand(session, key, interconnect, environment))


@when(parsers.re(rf"the operator of {SEAT} moves {KEY}(?P<waits> and it ends)?"))
def operator_moves(session: Session, seat: str, key: str, waits: str | None) -> None:
    _move(session, seat_of(session, seat), key)
    if waits:
        session.finish(session.notes["moving"], session.stage.limit("migration") + 60_000)
        session.settle()
    else:
        session.pass_time(MAKE)


@when("the make phase is over")
def make_phase_over(session: Session) -> None:
    session.pass_time(session.stage.limit("migration") + 30_000)


@when(parsers.re(r"the harness deletes the (?P<which>old|new) placement"))
def deletes_placement(session: Session, which: str) -> None:
    old, new = _places(session)
    gone, left = (old, new) if which == "old" else (new, old)
    session.notes["before"] = _both_reads(session, left)
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, gone)
    between(session, lambda: session.send(peer, session.target, "DeleteConnection", path))
    session.settle()
    session.notes.update(gone=gone, left=left)


def _both_reads(session: Session, place: str) -> list[str]:
    operations = ("GetConnection", "ListFeatures")
    return [_read(session, session.target, each, place).request.exchange for each in operations]


@when("the harness reads the feature under each placement")
def reads_feature(session: Session) -> None:
    session.notes["read-features"] = [
        _read(session, session.target, "GetFeature", place, feature=session.notes["feature"]).request.exchange
        for place in _places(session)
    ]


@when(parsers.re(rf"the customer of {SEAT} deletes {KEY} in the middle"))
def deletes_in_the_middle(session: Session, seat: str, key: str) -> None:
    named(session, key)
    deleted = session.act(seat_of(session, seat), "delete", account="X", uuid=session.notes["uuid"])
    session.release_provisioning(OTHER[session.target])
    session.finish(deleted)
    session.settle()


@when(parsers.re(rf"both operators move {KEY} at once, {SEAT} call first"))
def both_move(session: Session, key: str, seat: str) -> None:
    """Both proposals are under way before the first is delivered; who calls first goes to the smaller interconnect."""
    named(session, key)
    old = place_of(session)
    others = [each for each in readings.interconnects(session, session.target, "env1") if each != old]
    first = seat_of(session, seat)
    seats = (first, OTHER[first])
    calls = {each: session.disturb("hold", "CreateConnection", sender=each) for each in seats}
    for each, to in zip(seats, sorted(others)[:2], strict=True):
        _move(session, each, key, to)
        if not session.arrived(calls[each]):
            raise Unprepared(f"{each} proposes nothing")
    for each in seats:
        session.release(calls[each])
        session.pass_time(250)
    session.settle()
    session.pass_time(MAKE)


@when(parsers.re(r"its peer asks for (?P<mbps>\d+) Mbps at the old place"))
def asks_at_old_place(session: Session, mbps: str) -> None:
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, place_of(session))
    body = {"bandwidthMbps": int(mbps)}
    query = {"updateMask": "bandwidthMbps"}
    session.notes["answer"] = session.send(peer, session.target, "UpdateConnection", path, query=query, json=body)
    session.release_provisioning(peer)
    session.settle()
    session.pass_time(MAKE)


# --- then -------------------------------------------------------------------------------------------------------


def _reads(session: Session, places: tuple[str, ...], seats: tuple[str, ...] | None = None) -> list[str]:
    seats = seats or (session.target, OTHER[session.target])
    return [_read(session, s, "GetConnection", p).request.exchange for s in seats for p in places]


def _listings(session: Session, seats: tuple[str, ...], places: tuple[str, ...]) -> list[str]:
    environment = session.notes["environment"]
    return [
        readings.read(session, s, "ListConnections", environment=environment, interconnect=p).request.exchange
        for s in seats
        for p in places
    ]


@then(parsers.re(rf"the target shows both placements {CHECK}"))
def shows_both(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "reads_end", there=_reads(session, _places(session), (session.target,)), gone=[])


@then(parsers.re(rf"the new place was negotiated and announced by both before the old one was deleted {CHECK}"))
def made_first(session: Session, check: str, at: str | None) -> None:
    old, new = _places(session)
    seats = [session.target, OTHER[session.target]]
    claim(session, check, at, "made_before_broken", seats=seats, uuid=session.notes["uuid"], old=old, new=new)


@then(parsers.re(rf"both placements are listed and counted on both sides {CHECK}"))
def both_counted(session: Session, check: str, at: str | None) -> None:
    listings = _listings(session, (session.target, OTHER[session.target]), _places(session))
    params = {"uuid": session.notes["uuid"], "mbps": session.notes["mbps"]}
    claim(session, check, at, "placements_counted", listings=listings, **params)


@then(parsers.re(rf"only the new placement was deleted {CHECK}"))
def only_new(session: Session, check: str, at: str | None) -> None:
    old, new = _places(session)
    uuid = session.notes["uuid"]
    claim(session, check, at, "only_new_deleted", within=60_000, sender=session.target, uuid=uuid, old=old, new=new)


@then(parsers.re(rf"the connection is VERIFIED at its old place on both sides {CHECK}"))
def verified_at_old(session: Session, check: str, at: str | None) -> None:
    old, new = _places(session)
    there, gone = _reads(session, (old,)), _reads(session, (new,))
    claim(session, check, at, "reads_end", there=there, gone=gone, state="VERIFIED")


@then(parsers.re(rf"the (?P<which>old|new) placement is gone, and the (?:old|new) one is as before {CHECK}"))
def one_gone(session: Session, which: str, check: str, at: str | None) -> None:
    gone = _reads(session, (session.notes["gone"],), (session.target,))
    claim(session, check, at, "reads_end", there=[], gone=gone)
    after = _both_reads(session, session.notes["left"])
    claim(session, check, at, "reads_as_before", before=session.notes["before"], after=after)


@then(parsers.re(rf"there are two configurations {CHECK}"))
def two_features(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "two_configurations", reads=session.notes["read-features"])


@then(parsers.re(rf"the customer of the target has one connection {KEY}, which is up {CHECK}"))
def one_connection(session: Session, key: str, check: str, at: str | None) -> None:
    session.act(session.target, "list", account="X")
    claim(session, check, at, "one_and_up", seat_shown=session.target, uuid=named(session, key)["uuid"])


@then(parsers.re(rf"the target has moved the connection instead of updating it {CHECK}"))
def has_moved(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "moved_instead",
        sender=session.target,
        uuid=session.notes["uuid"],
        old=place_of(session),
        mbps=session.notes["update"].outputs.get("mbps", 10_000),
        may_refuse=not session.stage.offers("migration"),
    )


@then(parsers.re(rf"both placements are gone on both sides {CHECK}"))
def both_gone(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "reads_end", there=[], gone=_reads(session, _places(session)))


@then(parsers.re(rf"the connection is VERIFIED at one place, the same on both sides {CHECK}"))
def at_one_place(session: Session, check: str, at: str | None) -> None:
    readings.survey(session)
    seats = [session.target, OTHER[session.target]]
    claim(session, check, at, "placed_alike", seats=seats, uuid=session.notes["uuid"], placements=1)
    place = readings.whereabouts(session, session.target, session.notes["uuid"])
    claim(session, check, at, "reads_end", there=_reads(session, (place,)), gone=[], state="VERIFIED")


@then(parsers.re(rf"the update is refused, or the connection has (?P<mbps>\d+) Mbps at rest {CHECK}"))
def refused_or_done(session: Session, mbps: str, check: str, at: str | None) -> None:
    places = tuple(readings.interconnects(session, session.target, session.notes["environment"]))
    listings = _listings(session, (session.target,), places)
    exchange = session.notes["answer"].request.exchange
    params = {"uuid": session.notes["uuid"], "mbps": int(mbps)}
    claim(session, check, at, "refused_or_applied", exchange=exchange, listings=listings, **params)
