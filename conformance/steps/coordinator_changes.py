"""Steps about a change of bandwidth, by the target's customer or by its peer, and what crosses with it."""

from __future__ import annotations

import itertools
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_by_hand import (
    KEY,
    confirmed_key,
    delete,
    named,
    patch,
    place_of,
)

CALLS = {"update": "UpdateConnection", "deletion": "DeleteConnection"}
CALL = r"(?P<call>update|deletion)"


def by_customer(session: Session, seat: str, action: str, **inputs: Any) -> None:
    """The customer of a seat asks for a change of the connection; where its call shall be held, wait until it is."""
    result = session.act(seat, action, account="X", uuid=session.notes["uuid"], **inputs)
    session.notes[action] = result
    held = session.notes.get("held")
    if held is not None and not session.arrived(held):
        raise Unprepared(f"{seat} makes no call for its customer's {action}")


def ends(session: Session, action: str) -> None:
    session.finish(session.notes[action])
    session.settle()


@given(parsers.re(rf"its peer answers the {CALL} of the target with (?P<status>\d+)"))
def answered(session: Session, call: str, status: str) -> None:
    session.disturb("answer", CALLS[call], sender=session.target, times=-1, status=int(status), body={})


@given(parsers.re(rf"its peer answers the first (?P<times>\d+) {CALL}s of the target with (?P<status>\d+)"))
def first_answered(session: Session, times: str, call: str, status: str) -> None:
    session.disturb("answer", CALLS[call], sender=session.target, times=int(times), status=int(status), body={})


@given(parsers.re(rf"the answer to the {CALL} of the target is lost"))
def lost(session: Session, call: str) -> None:
    session.disturb("lose", CALLS[call], sender=session.target)


@given(parsers.re(rf"its peer takes its time over the {CALL} of the target"))
def held(session: Session, call: str) -> None:
    session.notes["held"] = session.disturb("hold", CALLS[call], sender=session.target)


@given(parsers.re(rf"its peer will answer the {CALL} of the target with (?P<status>\d+), but not yet"))
def held_then_answered(session: Session, call: str, status: str) -> None:
    session.notes["held"] = session.disturb(
        "hold-then-answer", CALLS[call], sender=session.target, status=int(status), body={}
    )


@given("the equipment of the target takes its time")
def slow_equipment(session: Session) -> None:
    session.hold_provisioning(session.target)


@when("the equipment of the target is done")
def equipment_done(session: Session) -> None:
    session.release_provisioning(session.target)
    session.settle()


@when("its peer answers at last")
def at_last(session: Session) -> None:
    session.release(session.notes.pop("held"))
    for action in ("update", "delete"):
        if action in session.notes:
            session.finish(session.notes[action])
    session.settle()


@when(parsers.re(rf"the customer of the target changes {KEY} to (?P<mbps>\d+) Mbps(?P<waits> and it ends)?"))
def changes(session: Session, key: str, mbps: str, waits: str | None) -> None:
    named(session, key)
    by_customer(session, session.target, "update", mbps=int(mbps))
    if waits:
        ends(session, "update")


@when(parsers.re(rf"both customers change {KEY} at once, (?P<number>\d+) times"))
def both_change(session: Session, key: str, number: str) -> None:
    """Both calls are under way before the first is delivered; the other one follows ever later, in either order. Nobody is
    asked for the bandwidth that there is: a provider need not call its peer for that."""
    uuid = named(session, key)["uuid"]
    seats = (session.target, OTHER[session.target])
    for each in range(int(number)):
        calls = {seat: session.disturb("hold", "UpdateConnection", sender=seat) for seat in seats}
        there = {_bandwidth(session, seat) for seat in seats}
        others = [size for size in (2000, 10000, 1000) if size not in there]
        for seat, mbps in zip(seats, itertools.cycle(others[::-1] if each % 2 else others), strict=False):
            session.act(seat, "update", account="X", uuid=uuid, mbps=mbps)
            if not session.arrived(calls[seat]):
                raise Unprepared(f"{seat} asks for no update")
        for seat in seats if each % 2 else reversed(seats):
            session.release(calls[seat])
            session.pass_time(250 * each)
        session.settle()
        readings.survey(session)


def _bandwidth(session: Session, seat: str) -> object:
    place = place_of(session)
    path = prologue.connection_path(session, OTHER[seat], place)
    shown = readings.read(session, seat, "GetConnection", **path)
    body = shown.response.body if shown.response and isinstance(shown.response.body, dict) else {}
    return body.get("bandwidthMbps")


@when(
    parsers.re(rf"an increase of {KEY} to (?P<mbps>\d+) Mbps and a placement are sent at once, (?P<number>\d+) times")
)
def increase_and_place(session: Session, key: str, mbps: str, number: str) -> None:
    """They go out in both orders; afterwards the granted one is taken back."""
    target, peer = session.target, OTHER[session.target]
    old = session.notes["book"][key]["mbps"]
    session.notes["pairs"] = []
    for each in range(int(number)):
        confirmed_key(session, f"K{each + 10}", 1000)
        placed = dict(session.notes["book"][f"K{each + 10}"])
        named(session, key)
        place = place_of(session)
        path = prologue.connection_path(session, peer, place)
        update = session.sending(
            peer,
            target,
            "UpdateConnection",
            path,
            query={"updateMask": "bandwidthMbps"},
            json={"bandwidthMbps": int(mbps)},
        )
        create = session.sending(
            peer,
            target,
            "CreateConnection",
            {n: v for n, v in path.items() if n != "connection"},
            query={"connectionId": placed["uuid"]},
            json={"bandwidthMbps": 1000, "activationKey": placed["key"]},
        )
        sent = session.send_together([update, create] if each % 2 else [create, update])
        session.notes["pairs"].append([exchange.request.exchange for exchange in sent])
        readings.survey(session, target)
        session.settle()
        if any(exchange.succeeded and exchange.request.operation == "UpdateConnection" for exchange in sent):
            patch(session, {"bandwidthMbps": old})
            session.settle()
        if any(exchange.succeeded and exchange.request.operation == "CreateConnection" for exchange in sent):
            named(session, f"K{each + 10}")
            session.notes["places"][placed["uuid"]] = place
            delete(session)


@when(parsers.re(r"its peer asks for (?P<first>\d+) Mbps, and for (?P<second>\d+) Mbps soon after"))
def asks_twice(session: Session, first: str, second: str) -> None:
    session.notes["updates"] = [patch(session, {"bandwidthMbps": int(each)}) for each in (first, second)]


@when(parsers.re(r"its peer asks for (?P<mbps>\d+) Mbps for a connection that nobody knows"))
def asks_for_unknown(session: Session, mbps: str) -> None:
    session.observe(session.target)
    session.notes["answer"] = patch(session, {"bandwidthMbps": int(mbps)}, uuid="00000000-0000-4000-8000-00000000dead")
    session.observe(session.target)


# --- then -------------------------------------------------------------------------------------------------------


def _about(session: Session) -> dict[str, Any]:
    return {"seat_shown": session.target, "uuid": session.notes["uuid"]}


@then(parsers.re(rf"the target asks its peer for (?P<mbps>\d+) Mbps where the connection is {CHECK}"))
def asks_peer(session: Session, mbps: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "asks_for_update",
        sender=session.target,
        uuid=session.notes["uuid"],
        interconnect=place_of(session),
        mbps=int(mbps),
    )


@then(parsers.re(rf"the change is refused and nothing is sent {CHECK}"))
def refused_silently(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "change_refused_silently", seat_shown=session.target)


@then(parsers.re(rf"the target shows an update under way and an untouched network {CHECK}"))
def under_way(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "change_under_way", observe=(session.target,), **_about(session))


@then(parsers.re(rf"the target is back at (?P<mbps>\d+) Mbps and has told its customer {CHECK}"))
def undone(session: Session, mbps: str, check: str, at: str | None) -> None:
    readings.survey(session, session.target)
    claim(
        session,
        check,
        at,
        "change_undone",
        observe=(session.target,),
        mbps=int(mbps),
        interconnect=place_of(session),
        **_about(session),
    )


@then(parsers.re(rf"the customer of the target does not yet read (?P<mbps>\d+) Mbps as changed {CHECK}"))
def not_complete(session: Session, mbps: str, check: str, at: str | None) -> None:
    old = session.notes["mbps"]
    claim(session, check, at, "change_not_complete", observe=(session.target,), old=old, **_about(session))


@then(parsers.re(rf"the customer of the target has (?P<mbps>\d+) Mbps {CHECK}"))
def has(session: Session, mbps: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "customer_reads",
        observe=(session.target,),
        state="established",
        mbps=int(mbps),
        **_about(session),
    )


@then(parsers.re(rf"the target has announced that the change is complete {CHECK}"))
def announced(session: Session, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "change_announced",
        sender=session.target,
        uuid=session.notes["uuid"],
        grant=session.notes["answer"].request.exchange,
    )


@then(parsers.re(rf"the last granted bandwidth is the one in force {CHECK}"))
def last_grant(session: Session, check: str, at: str | None) -> None:
    readings.survey(session, session.target)
    claim(
        session,
        check,
        at,
        "last_grant_holds",
        server=session.target,
        uuid=session.notes["uuid"],
        updates=[each.request.exchange for each in session.notes["updates"]],
    )


@then(parsers.re(rf"both sides list the connection once, with (?P<mbps>\d+) Mbps {CHECK}"))
def alike_with(session: Session, mbps: str, check: str, at: str | None) -> None:
    readings.survey(session)
    claim(
        session,
        check,
        at,
        "placed_alike",
        seats=[session.target, OTHER[session.target]],
        uuid=session.notes["uuid"],
        placements=1,
        mbps=int(mbps),
    )


@then(parsers.re(rf"after each crossing both sides list the same bandwidth, (?P<number>\d+) times {CHECK}"))
def alike_each_time(session: Session, number: str, check: str, at: str | None) -> None:
    claim(
        session,
        check,
        at,
        "alike_at_each_rest",
        seats=[session.target, OTHER[session.target]],
        uuid=session.notes["uuid"],
        least=int(number),
    )


@then(parsers.re(rf"each time exactly one of the two is granted {CHECK}"))
def one_each_time(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_of_each_pair", pairs=session.notes["pairs"], statuses=[409])


@then(parsers.re(rf"nothing but that changes {CHECK}"))
def nothing_changes(session: Session, check: str, at: str | None) -> None:
    """The state right before the latest request by hand equals the state right after it."""
    claim(session, check, at, "state_unchanged", exchange=session.notes["answer"].request.exchange)


@then(parsers.re(rf"the update is granted or refused as a whole {CHECK}"))
def whole(session: Session, check: str, at: str | None) -> None:
    answer = session.notes["answer"].request
    members = {"bandwidthMbps": answer.body["bandwidthMbps"]}
    claim(session, check, at, "granted_or_refused_whole", exchange=answer.exchange, members=members)
