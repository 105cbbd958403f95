"""Steps about deletion, by the target's customer or by its peer, and what crosses with it."""

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
    named,
    place_of,
    propose,
)
from conformance.steps.coordinator_changes import by_customer, ends
from conformance.view import Exchange, TraceView

IN_TIME = 30_000
"""Milliseconds within which a customer's deletion is due at the peer (CC-ERR-49)."""


def _read_features(session: Session) -> list[Exchange]:
    path = {
        "environment": session.notes["environment"],
        "interconnect": place_of(session),
        "connection": session.notes["uuid"],
    }
    listing = readings.read(session, session.target, "ListFeatures", **path)
    known = session.notes.setdefault("features", [])
    shown = (listing.response.body or {}).get("features") or () if listing.succeeded and listing.response else ()
    known.extend(readings.short(each["name"]) for each in shown)
    return [listing, *(readings.read(session, session.target, "GetFeature", feature=each, **path) for each in known)]


def _negotiation_held(session: Session, key: str, skip: int) -> None:
    """A key of CSP A accepted at CSP B, whose CreateFeature after ``skip`` others is held."""
    session.notes["negotiation"] = session.disturb("hold", "CreateFeature", sender="csp-b", skip=skip)
    prologue.offer(session, "csp-a")
    session.notes.setdefault("book", {})[key] = {
        each: session.notes[each] for each in ("key", "uuid", "issuer", "mbps", "environment")
    }
    prologue.accept(session, "csp-b")
    if not session.arrived(session.notes["negotiation"]):
        raise Unprepared("CSP B proposes no feature")
    place_of(session)


@given(parsers.re(rf"the connection {KEY} is being negotiated by CSP B"))
def negotiated(session: Session, key: str) -> None:
    _negotiation_held(session, key, skip=2)


@given("its peer acknowledges what the target announces, and lets its reads wait")
def acknowledges_and_waits(session: Session) -> None:
    announcements_acknowledged(session)
    session.notes["reads"] = [
        session.disturb("hold-then-answer", operation, sender=session.target, times=-1, status=404, body={})
        for operation in ("GetConnection", "ListFeatures")
    ]


@given(parsers.re(r"its features were read"))
def features_read(session: Session) -> None:
    _read_features(session)


@when(parsers.re(rf"the customer of {SEAT} deletes {KEY}(?P<waits> and it ends)?"))
def customer_deletes(session: Session, seat: str, key: str, waits: str | None) -> None:
    named(session, key)
    place_of(session)
    by_customer(session, seat_of(session, seat), "delete")
    if waits:
        ends(session, "delete")


@when("the negotiation goes on")
def goes_on(session: Session) -> None:
    session.release(session.notes["negotiation"])
    session.settle()


@when(parsers.re(r"the harness deletes the connection at the target (?P<number>\d+) times at once"))
def deletes_at_once(session: Session, number: str) -> None:
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, place_of(session))
    one = session.sending(peer, session.target, "DeleteConnection", path)
    session.notes["together"] = session.send_together([one] * int(number))


@when(parsers.re(r"a notification and a deletion are sent to the target at once, (?P<order>.+) first"))
def notify_and_delete(session: Session, order: str) -> None:
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, place_of(session))
    notify = session.sending(peer, session.target, "NotifyConnectionStatus", path, json={})
    deletion = session.sending(peer, session.target, "DeleteConnection", path)
    both = [notify, deletion] if order == "the notification" else [deletion, notify]
    session.notes["together"] = session.send_together(both)
    session.settle()


@when(parsers.re(r"four features and a deletion are sent to the target at once, in each of five orders"))
def features_and_deletion(session: Session) -> None:
    """Each time on a new connection with the same VLANs and subnets, so that a leftover would be in the way."""
    target, peer = session.target, OTHER[session.target]
    announcements_acknowledged(session)
    session.notes["proposed"], session.notes["deletions"] = [], []
    for position in range(5):
        key = f"K{position + 1}"
        confirmed_key(session, key, 1000)
        if not propose(session, key, "ix1").succeeded:
            raise Unprepared("the target places no connection")
        session.notes["interconnect"] = "ix1"
        session.notes.setdefault("places", {})[session.notes["uuid"]] = "ix1"
        path = prologue.connection_path(session, peer, "ix1")
        requests = [
            session.sending(
                peer,
                target,
                "CreateFeature",
                path,
                query={"featureId": f"f-ch{n}"},
                json=prologue.proposal(session, peer, f"ch{n}", n),
            )
            for n in range(1, 5)
        ]
        requests.insert(position, session.sending(peer, target, "DeleteConnection", path))
        sent = session.send_together(requests)
        session.notes["deletions"] += [e for e in sent if e.request.operation == "DeleteConnection"]
        session.notes["proposed"] += [e for e in sent if e.request.operation == "CreateFeature"]
        session.settle()


@when(
    parsers.re(r"the harness places another connection on ix1 and proposes (?P<channels>[\w ]+) with the same values")
)
def another_with_same(session: Session, channels: str) -> None:
    confirmed_key(session, "K9", 1000)
    if not propose(session, "K9", "ix1").succeeded:
        raise Unprepared("the target places no other connection")
    peer = OTHER[session.target]
    sent = [prologue.feature_by_hand(session, peer, channel) for channel in channels.split(" and ")]
    session.notes["proposed"] = session.notes["together"] = sent


@when(parsers.re(rf"the harness presents the key {KEY} again"))
def presents_again(session: Session, key: str) -> None:
    named(session, key)
    session.notes["confirmation"] = prologue.confirm_by_hand(session, OTHER[session.target])


@when("the harness notifies the target, which then finds nothing at its peer")
def finds_nothing(session: Session) -> None:
    for reads in session.notes["reads"]:
        session.release(reads)
    peer = OTHER[session.target]
    path = prologue.connection_path(session, peer, place_of(session))
    session.send(peer, session.target, "NotifyConnectionStatus", path, json={})
    session.settle()


# --- then -------------------------------------------------------------------------------------------------------


def _by_target(session: Session) -> dict[str, Any]:
    return {"sender": session.target, "uuid": session.notes["uuid"]}


@then(parsers.re(rf"the deletion reaches its peer within 30 seconds {CHECK}"))
def in_time(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "deletion_carried", within=IN_TIME, limit=IN_TIME, **_by_target(session))


@then(parsers.re(rf"the target called (?P<least>\d+) times, until it was acknowledged {CHECK}"))
def repeated(session: Session, least: str, check: str, at: str | None) -> None:
    claim(session, check, at, "deletion_repeated", least=int(least), **_by_target(session))


@then(parsers.re(rf"one DeleteConnection was enough {CHECK}"))
def one_call(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "deletion_repeated", most=1, **_by_target(session))


@then(parsers.re(rf"{SEAT} proposes no feature after it {CHECK}"))
def no_feature_after(session: Session, seat: str, check: str, at: str | None) -> None:
    sender = seat_of(session, seat)
    view = TraceView(session.stage.wire.trace[session.since :])
    deletions = [e for e in view.exchanges("DeleteConnection", about=session.notes["uuid"]) if e.succeeded]
    if not deletions:
        raise Unprepared("no deletion was acknowledged")
    claim(
        session,
        check,
        at,
        "none_after",
        operation="CreateFeature",
        sender=sender,
        uuid=session.notes["uuid"],
        deletion=deletions[0].request.exchange,
    )


@then(parsers.re(rf"the customer of the target reads that it is deleted {CHECK}"))
def told_gone(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "customer_told_gone",
        observe=(session.target,),
        within=IN_TIME,
        seat_shown=session.target,
        uuid=session.notes["uuid"],
    )


@then(parsers.re(rf"its features are gone {CHECK}"))
def features_gone(session: Session, check: str, at: str | None) -> None:
    reads = [each.request.exchange for each in _read_features(session)]
    claim(session, check, at, "read_as_gone", readings=reads)


@then(parsers.re(rf"the key is not confirmed {CHECK}"))
def no_longer_valid(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "not_confirmed", exchange=session.notes["confirmation"].request.exchange)


@then(parsers.re(rf"each feature was granted or answered 404 or 409 {CHECK}"))
def features_answered(session: Session, check: str, at: str | None) -> None:
    ids = [each.request.exchange for each in session.notes["proposed"]]
    claim(session, check, at, "each_answered", exchanges=ids, statuses=[404, 409])


@then(parsers.re(rf"each deletion was granted {CHECK}"))
def deletions_granted(session: Session, check: str, at: str | None) -> None:
    ids = [each.request.exchange for each in session.notes["deletions"]]
    claim(session, check, at, "each_answered", exchanges=ids, statuses=[])


@then(parsers.re(rf"each of them is granted or answered 404 {CHECK}"))
def all_answered(session: Session, check: str, at: str | None) -> None:
    ids = [each.request.exchange for each in session.notes["together"]]
    claim(session, check, at, "each_answered", exchanges=ids, statuses=[404])


@then(parsers.re(rf"the connection was never shown VERIFIED by the target {CHECK}"))
def never_verified(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "never_verified",
        observe=(session.target,),
        seat_shown=session.target,
        uuid=session.notes["uuid"],
    )
