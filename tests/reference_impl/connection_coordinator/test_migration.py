"""Migration between two providers: make before break, the two placements apart, and back when it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference_impl.connection_coordinator.pair import Pair, pair

SEATS = ("csp-a", "csp-b")


def places(duo: Pair, seat: str, uuid: str) -> list[tuple[str, str, str]]:
    return [(each["interconnect"], each["stage"], each["origin"]) for each in duo.connection(seat, uuid)["placements"]]


def told(duo: Pair, seat: str, uuid: str) -> tuple[Any, ...]:
    row = duo.connection(seat, uuid)
    return row["customer"], row["mbps"], row["migration"]


def migrate(duo: Pair, seat: str, uuid: str, interconnect: str) -> dict[str, Any]:
    return duo.act(seat, "migrate", uuid=uuid, interconnect=interconnect)


def result(duo: Pair, seat: str, operation: str) -> str:
    return str(duo.act(seat, "poll", operation=operation)["result"])


def order(duo: Pair) -> list[tuple[str, str, str]]:
    """(seat, operation, interconnect) of the calls that succeeded."""
    return [(sent.seat, sent.operation, sent.where[:3]) for sent in duo.wire.log if sent.status == 200]


@pytest.mark.parametrize("seat", SEATS)
def test_either_side_moves_it_make_before_break(seat: str) -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.wire.log.clear()
        moving = migrate(duo, seat, uuid, "ix1")
        assert (moving["result"], moving["operation"]) == ("running", f"migrate:{uuid}")
        duo.settle()
        other = "csp-b" if seat == "csp-a" else "csp-a"
        assert places(duo, seat, uuid) == [("ix1", "verified", "own")]
        assert places(duo, other, uuid) == [("ix1", "verified", "peer")]
        assert [told(duo, each, uuid) for each in SEATS] == [("established", 1000, "none")] * 2
        assert result(duo, seat, f"migrate:{uuid}") == "ok"
        made = order(duo)
        steps = ("CreateConnection", "GenerateFeatureGuidance", "CreateFeature", "NotifyConnectionStatus")
        assert max(made.index((seat, step, "ix1")) for step in steps) < made.index((seat, "DeleteConnection", "ix2"))
        assert made.index((other, "NotifyConnectionStatus", "ix1")) < made.index((seat, "DeleteConnection", "ix2"))
        assert duo.reserved(seat) == duo.reserved(other) == {"ix1": 1000, "ix2": 0}


def test_there_and_back_again() -> None:
    with pair() as duo:
        uuid = duo.established()
        for place in ("ix1", "ix2", "ix1"):
            migrate(duo, "csp-a", uuid, place)
            duo.settle()
            assert places(duo, "csp-b", uuid) == [(place, "verified", "peer")]


def test_while_it_is_made_both_are_there_and_nothing_else_may_change() -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.provisioners["csp-b"].hold()
        migrate(duo, "csp-a", uuid, "ix1")
        duo.let_pass(5_000)
        assert [row[:2] for row in places(duo, "csp-a", uuid)] == [("ix1", "placed"), ("ix2", "verified")]
        assert duo.reserved("csp-a") == duo.reserved("csp-b") == {"ix1": 1000, "ix2": 1000}
        assert [told(duo, each, uuid)[2] for each in SEATS] == ["own", "peer"]
        for seat in SEATS:
            assert duo.act(seat, "update", uuid=uuid, mbps=10_000)["status"] == 409
            assert migrate(duo, seat, uuid, "ix1")["status"] == 409
        duo.provisioners["csp-b"].release()
        duo.settle()
        assert places(duo, "csp-a", uuid) == [("ix1", "verified", "own")]


def test_a_peer_that_is_never_ready_is_not_waited_for_forever() -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.provisioners["csp-b"].hold()
        migrate(duo, "csp-a", uuid, "ix1")
        duo.let_pass(610_000)
        for seat in SEATS:
            assert [row[:2] for row in places(duo, seat, uuid)] == [("ix2", "verified")]
        assert result(duo, "csp-a", f"migrate:{uuid}") == "failed"
        deleted = [where for _, _, where, _ in duo.wire.calls("DeleteConnection")]
        assert [where[:3] for where in deleted] == ["ix1"]


@pytest.mark.parametrize("twist", [409, 503, "drop", "lose"])
def test_a_refused_or_lost_proposal(twist: Any) -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.wire.twist("csp-a", "CreateConnection", twist)
        migrate(duo, "csp-a", uuid, "ix1")
        duo.settle()
        there = "ix1" if twist == "lose" else "ix2"
        for seat in SEATS:
            assert [row[:2] for row in places(duo, seat, uuid)] == [(there, "verified")]
            assert told(duo, seat, uuid) == ("established", 1000, "none")
        assert result(duo, "csp-a", f"migrate:{uuid}") == ("ok" if twist == "lose" else "failed")


def test_features_that_are_refused_leave_the_old_place() -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.wire.twist("csp-a", "CreateFeature", *[422] * 40)
        migrate(duo, "csp-a", uuid, "ix1")
        duo.settle()
        for seat in SEATS:
            assert [row[:2] for row in places(duo, seat, uuid)] == [("ix2", "verified")]
        assert [(seat, where[:3]) for seat, _, where, _ in duo.wire.calls("DeleteConnection")] == [("csp-a", "ix1")]


@pytest.mark.parametrize("seat", SEATS)
def test_an_upgrade_without_room_moves_the_connection(seat: str) -> None:
    with pair("tight-and-roomy") as duo:
        duo.act("csp-b", "set_interconnect_state", environment="env1", interconnect="ix2", state="CLOSED")
        uuid = duo.established()
        assert [row[0] for row in places(duo, "csp-a", uuid)] == ["ix1"]
        duo.established()
        duo.act("csp-b", "set_interconnect_state", environment="env1", interconnect="ix2", state="ACTIVE")
        assert duo.act(seat, "update", uuid=uuid, mbps=10_000)["result"] == "running"
        duo.settle()
        assert duo.wire.calls("UpdateConnection") == []
        for each in SEATS:
            assert [row[:2] for row in places(duo, each, uuid)] == [("ix2", "verified")]
            assert told(duo, each, uuid) == ("established", 10_000, "none")
        assert result(duo, seat, f"update:{uuid}") == "ok"


@pytest.mark.parametrize("seat", SEATS)
def test_a_deletion_takes_both_places(seat: str) -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.provisioners["csp-b"].hold()
        migrate(duo, "csp-a", uuid, "ix1")
        duo.let_pass(5_000)
        duo.act(seat, "delete", uuid=uuid)
        duo.settle()
        for each in SEATS:
            assert (places(duo, each, uuid), told(duo, each, uuid)[0]) == ([], "deleted")
            assert duo.reserved(each) == {"ix1": 0, "ix2": 0}


def test_of_two_crossing_migrations_the_smaller_interconnect_wins() -> None:
    with pair("unequal-rooms") as duo:
        uuid = duo.established()
        duo.wire.hold("CreateConnection")
        assert migrate(duo, "csp-a", uuid, "ix3")["result"] == "running"
        assert migrate(duo, "csp-b", uuid, "ix1")["result"] == "running"
        duo.quiet()
        duo.wire.release("CreateConnection")
        duo.settle()
        for seat in SEATS:
            assert [row[:2] for row in places(duo, seat, uuid)] == [("ix1", "verified")]
        assert [result(duo, seat, f"migrate:{uuid}") for seat in SEATS] == ["failed", "ok"]


@pytest.mark.parametrize(
    ("interconnect", "status"), [("ix2", 422), ("ix9", 422), ("ix1", 422)], ids=["where it is", "unknown", "closed"]
)
def test_what_cannot_be_is_refused_at_home(interconnect: str, status: int) -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.act("csp-a", "set_interconnect_state", environment="env1", interconnect="ix1", state="CLOSED")
        before = len(duo.wire.log)
        assert migrate(duo, "csp-a", uuid, interconnect)["status"] == status
        assert len(duo.wire.log) == before
