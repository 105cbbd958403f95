"""What follows activation: update, deletion; and isolation between partners, refusals without effect, adoption."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.operations import OPERATIONS
from reference_impl.connection_coordinator.records import CONNECTIONS, KEYS, PLACEMENTS, TOMBSTONES
from reference_impl.kernel.party import Acted, Requested
from reference_impl.kernel.tables import Table
from tests.reference_impl.connection_coordinator.pair import Pair, pair

BOTH = ("csp-a", "csp-b")


def shown(duo: Pair, seat: str, uuid: str) -> tuple[str, int, int]:
    """What the customer reads and what is reserved: (state, Mbps, reserved Mbps on ix2)."""
    found = duo.connection(seat, uuid)
    return found["customer"], found["mbps"], duo.reserved(seat)["ix2"]


# --- update -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seat", BOTH)
def test_an_update_from_either_side(seat: str) -> None:
    with pair() as duo:
        uuid = duo.established(1000)
        duo.wire.hold("UpdateConnection")
        asked = duo.act(seat, "update", uuid=uuid, mbps=10_000)
        duo.quiet()
        assert (asked["result"], asked["operation"]) == ("running", f"update:{uuid}")
        assert duo.connection(seat, uuid)["customer"] == "updating"
        assert duo.placement(seat, uuid)["mbps"] == 1000  # the old value until the peer's 200 (CC-ERR-62)
        assert duo.reserved(seat)["ix2"] == 10_000
        duo.wire.release("UpdateConnection")
        duo.settle()
        for each in BOTH:
            assert shown(duo, each, uuid) == ("established", 10_000, 10_000)
            assert duo.features(each, uuid) == [(f"ch{n}", "FINAL") for n in (1, 2, 3, 4)]
        assert duo.act(seat, "poll", operation=f"update:{uuid}")["result"] == "ok"


def test_an_update_that_the_peer_refuses() -> None:
    with pair() as duo:
        uuid = duo.established(1000)
        duo.wire.twist("csp-b", "UpdateConnection", 409)
        duo.act("csp-b", "update", uuid=uuid, mbps=10_000)
        duo.settle()
        assert [shown(duo, seat, uuid) for seat in BOTH] == [("established", 1000, 1000)] * 2
        assert duo.act("csp-b", "poll", operation=f"update:{uuid}")["result"] == "failed"


@pytest.mark.parametrize(("twist", "mbps"), [("lose", 10_000), ("drop", 1000)])
def test_an_update_without_an_answer_takes_what_the_peer_shows(twist: Any, mbps: int) -> None:
    with pair() as duo:
        uuid = duo.established(1000)
        duo.wire.twist("csp-a", "UpdateConnection", twist)
        duo.act("csp-a", "update", uuid=uuid, mbps=10_000)
        duo.settle()
        assert [shown(duo, seat, uuid) for seat in BOTH] == [("established", mbps, mbps)] * 2


def test_crossing_updates_are_both_refused() -> None:
    """A later single one works (CC-UPD-005, CC-RACE-006)."""
    with pair() as duo:
        uuid = duo.established(1000)
        duo.wire.hold("UpdateConnection")
        duo.act("csp-a", "update", uuid=uuid, mbps=10_000)
        duo.act("csp-b", "update", uuid=uuid, mbps=10_000)
        duo.wire.hold("UpdateConnection", after=True)
        duo.wire.release("UpdateConnection")
        duo.quiet()
        duo.wire.release("UpdateConnection", after=True)
        duo.settle()
        assert [status for *_, status in duo.wire.calls("UpdateConnection")] == [409, 409]
        assert [shown(duo, seat, uuid) for seat in BOTH] == [("established", 1000, 1000)] * 2
        duo.act("csp-a", "update", uuid=uuid, mbps=10_000)
        duo.settle()
        assert [shown(duo, seat, uuid) for seat in BOTH] == [("established", 10_000, 10_000)] * 2


# --- deletion ---------------------------------------------------------------------------------------------------


def gone(duo: Pair, seat: str, uuid: str) -> bool:
    found = duo.connection(seat, uuid)
    return (found["customer"], found["placements"], found["tombstone"]) == ("deleted", [], True) and not any(
        duo.reserved(seat).values()
    )


@pytest.mark.parametrize("seat", BOTH)
@pytest.mark.parametrize("twist", [None, "drop", "lose", 503])
def test_a_deletion_gets_through(seat: str, twist: Any) -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.wire.twist(seat, "DeleteConnection", twist)
        duo.wire.hold("DeleteConnection")
        assert duo.act(seat, "delete", uuid=uuid)["result"] == "running"
        assert duo.act(seat, "poll", operation=f"delete:{uuid}")["result"] == "running"
        assert duo.reserved(seat)["ix2"] == 1000  # until the peer acknowledges
        duo.wire.release("DeleteConnection")
        duo.settle()
        assert all(gone(duo, each, uuid) for each in BOTH)
        assert duo.act(seat, "poll", operation=f"delete:{uuid}")["result"] == "ok"
        assert duo.connection("csp-a", uuid)["key"] == "void"
        assert duo.act(seat, "delete", uuid=uuid)["status"] == 409


def test_both_delete_at_once() -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.wire.hold("DeleteConnection")
        for seat in BOTH:
            duo.act(seat, "delete", uuid=uuid)
        duo.wire.release("DeleteConnection")
        duo.settle()
        assert sorted(duo.wire.calls("DeleteConnection")) == [
            ("csp-a", "DeleteConnection", "ix2/0001", 200),
            ("csp-b", "DeleteConnection", "ix2/0001", 404),
        ]
        assert all(gone(duo, seat, uuid) for seat in BOTH)


def test_a_deleted_key_is_good_for_nothing() -> None:
    with pair() as duo:
        offered = duo.offer()
        duo.accept(offered["activation_key"])
        duo.settle()
        duo.act("csp-b", "delete", uuid=offered["uuid"])
        duo.settle()
        again = duo.accept(offered["activation_key"])
        assert (again["status"], again["title"]) == (409, "Conflict")


def test_a_withdrawn_offer_makes_no_call() -> None:
    with pair() as duo:
        uuid = duo.offer()["uuid"]
        duo.act("csp-a", "delete", uuid=uuid)
        duo.settle()
        assert duo.wire.log == []
        assert gone(duo, "csp-a", uuid)
        assert duo.connection("csp-a", uuid)["key"] == "void"


def test_deleting_while_the_create_is_open_waits_for_its_end() -> None:
    with pair() as duo:
        duo.wire.hold("CreateConnection")
        uuid = duo.placed()
        duo.quiet()
        duo.act("csp-b", "delete", uuid=uuid)
        duo.quiet()
        assert duo.wire.calls("DeleteConnection") == []  # it could overtake the create
        duo.wire.release("CreateConnection")
        duo.settle()
        assert duo.wire.calls("CreateConnection", "DeleteConnection") == [
            ("csp-b", "CreateConnection", "ix2", 200),
            ("csp-b", "DeleteConnection", "ix2/0001", 200),
        ]
        assert all(gone(duo, seat, uuid) for seat in BOTH)


# --- isolation and refusals -------------------------------------------------------------------------------------

PATH = {"provider": "csp-a", "environment": "env1", "interconnect": "ix1", "channel": "ch1", "feature": "l3-ch1"}


def ask(duo: Pair, seat: str, caller: str, operation: str, path: dict[str, str], **more: Any) -> tuple[int, bool]:
    """The status, and whether anything changed."""
    before = duo.wire.nodes[seat].tables.fingerprint()
    reply = duo.submit(seat, Requested("", caller, operation, path, **more))
    return reply.status, duo.wire.nodes[seat].tables.fingerprint() != before


@pytest.mark.parametrize("operation", [name for name, row in OPERATIONS.items() if "{provider}" in row.path])
def test_another_partners_path_looks_like_none(operation: str) -> None:
    """csp-c asks csp-b under csp-a's provider ID for things that are there (CC-SEC-003)."""
    with pair("three-partners") as duo:
        uuid = duo.established()
        path = {**PATH, "interconnect": duo.placement("csp-b", uuid)["interconnect"], "connection": uuid}
        assert ask(duo, "csp-b", "csp-c", operation, path) == (404, False)
        nowhere = {**path, "provider": "csp-x"}
        assert ask(duo, "csp-b", "csp-c", operation, nowhere) == (404, False)


def test_under_its_own_name_a_partner_sees_only_its_own() -> None:
    with pair("three-partners") as duo:
        uuid = duo.established()
        path = {**PATH, "provider": "csp-c", "connection": uuid}
        for operation in ("GetConnection", "DeleteConnection", "UpdateConnection", "NotifyConnectionStatus"):
            assert ask(duo, "csp-b", "csp-c", operation, path, body=m.Connection(bandwidthMbps=1000)) == (404, False)
        reply = duo.submit("csp-b", Requested("", "csp-c", "ListConnections", path))
        assert isinstance(reply.body, m.ListConnectionsResponse)
        assert reply.body.connections == ()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"query": {}}, 400),
        ({"body": None}, 400),
        ({"body": m.Connection()}, 400),
        ({"body": m.Connection(bandwidthMbps=10_000)}, 400),
        ({"body": m.Connection(bandwidthMbps=77)}, 400),
        ({"body": m.Connection(bandwidthMbps=1000, activationKey="forged")}, 400),
        ({"body": m.Connection(bandwidthMbps=1000, name="providers/x")}, 400),
        ({"query": {"connectionId": "00000000-0000-4000-8000-00000000dead"}}, 400),
        ({"path": {**PATH, "provider": "csp-b", "interconnect": "ix9"}}, 404),
        ({"path": {**PATH, "provider": "csp-b", "environment": "env9"}}, 404),
    ],
)
def test_a_refused_create_has_no_effect(change: dict[str, Any], status: int) -> None:
    with pair() as duo:
        offered = duo.offer()
        key = m.ConfirmActivationKeyRequest(encodedKey=offered["activation_key"])
        path = {**PATH, "provider": "csp-b"}
        duo.submit("csp-a", Requested("", "csp-b", "ConfirmActivationKey", path, {}, key))
        right: dict[str, Any] = {
            "path": path,
            "query": {"connectionId": offered["uuid"]},
            "body": m.Connection(bandwidthMbps=1000, activationKey=offered["activation_key"]),
        }
        assert ask(duo, "csp-a", "csp-b", "CreateConnection", **{**right, **change}) == (status, False)
        assert ask(duo, "csp-a", "csp-b", "CreateConnection", **right) == (200, True)
        assert ask(duo, "csp-a", "csp-b", "CreateConnection", **right) == (409, False)  # exists already
        elsewhere = {**right, "path": {**path, "interconnect": "ix2"}}
        assert ask(duo, "csp-a", "csp-b", "CreateConnection", **elsewhere) == (409, False)  # CC-ERR-10


def test_a_create_waits_for_the_confirmation() -> None:
    with pair() as duo:
        offered = duo.offer()
        create = m.Connection(bandwidthMbps=1000, activationKey=offered["activation_key"])
        path, query = {**PATH, "provider": "csp-b"}, {"connectionId": offered["uuid"]}
        assert ask(duo, "csp-a", "csp-b", "CreateConnection", path, query=query, body=create) == (400, False)


def test_no_interconnect_is_oversubscribed_from_one_side() -> None:
    with pair("three-left") as duo:
        offered = [duo.offer() for _ in range(5)]
        path = {**PATH, "provider": "csp-b"}
        statuses = []
        for each in offered:
            key = m.ConfirmActivationKeyRequest(encodedKey=each["activation_key"])
            duo.submit("csp-a", Requested("", "csp-b", "ConfirmActivationKey", path, {}, key))
            create = m.Connection(bandwidthMbps=1000, activationKey=each["activation_key"])
            query = {"connectionId": each["uuid"]}
            statuses.append(ask(duo, "csp-a", "csp-b", "CreateConnection", path, query=query, body=create)[0])
        assert statuses == [200, 200, 200, 409, 409]
        assert duo.reserved("csp-a")["ix1"] == 3000


def test_what_the_peer_took_is_not_adopted_without_room() -> None:
    """A create seemed lost, its room went to the peer, then a look finds it taken: it fails (CC-IX-004, CC-ERR-57)."""
    with pair("one-left-each", channels=1) as duo:
        other = duo.offer(seat="csp-b")
        duo.wire.twist("csp-b", "CreateConnection", "lose")
        duo.wire.twist("csp-b", "GetConnection", 404)  # one look too early: the room is given up
        duo.wire.hold("ListInterconnects")
        uuid = duo.placed()
        duo.let_pass(20_000)
        assert duo.reserved("csp-b") == {"ix1": 0, "ix2": 0}
        assert duo.reserved("csp-a") == {"ix1": 0, "ix2": 1000}
        path = {**PATH, "interconnect": "ix2"}
        key = m.ConfirmActivationKeyRequest(encodedKey=other["activation_key"])
        duo.submit("csp-b", Requested("", "csp-a", "ConfirmActivationKey", path, {}, key))
        create, query = m.Connection(bandwidthMbps=1000), {"connectionId": other["uuid"]}
        assert ask(duo, "csp-b", "csp-a", "CreateConnection", path, query=query, body=create) == (200, True)
        duo.wire.release("ListInterconnects")
        duo.settle()
        assert duo.wire.calls("CreateConnection", "GetConnection")[2:] == [
            ("csp-b", "CreateConnection", "ix1", 409),
            ("csp-b", "GetConnection", "ix1/0002", 404),
            ("csp-b", "GetConnection", "ix2/0002", 200),
        ]
        assert duo.reserved("csp-b") == {"ix1": 0, "ix2": 1000}
        failed = duo.connection("csp-b", uuid)
        assert (failed["customer"], failed["placements"]) == ("failed", [])
        assert duo.connection("csp-a", uuid)["placements"] == []


@pytest.mark.parametrize(
    ("action", "inputs", "status"),
    [
        ("offer", {"account": None}, 401),
        ("offer", {"account": "S"}, 422),
        ("offer", {"mbps": 1234}, 422),
        ("offer", {"mbps": True}, 422),
        ("offer", {"environment": "env9"}, 422),
        ("offer", {"remote_account": ""}, 422),
        ("read", {"uuid": "nothing"}, 404),
        ("poll", {"operation": "accept:nothing"}, 404),
        ("accept", {"activation_key": "no key", "consent": True}, 422),
        ("accept", {"activation_key": "no key", "consent": False}, 422),
    ],
)
def test_a_refused_action_keeps_and_sends_nothing(action: str, inputs: dict[str, Any], status: int) -> None:
    with pair() as duo:
        before = duo.wire.nodes["csp-a"].tables.fingerprint()
        right = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}
        reply = duo.submit("csp-a", Acted("", action, {**right, **inputs}))
        assert reply.status == status
        assert duo.wire.nodes["csp-a"].tables.fingerprint() == before
        duo.settle()
        assert duo.wire.log == []


def test_only_the_destination_or_who_acts_for_it_may_accept() -> None:
    with pair() as duo:
        key = duo.offer()["activation_key"]
        assert duo.act("csp-b", "accept", account="Y", activation_key=key, consent=True)["status"] == 403
        assert duo.act("csp-b", "accept", account="Z", activation_key=key, consent=True)["result"] == "running"
        assert duo.accept(key)["status"] == 409  # a key is good for one connection


def test_the_dead_are_forgotten_when_no_key_could_bring_them_back() -> None:
    """A deleted connection is forgotten a key's lifetime later, when the next one is buried."""
    with pair() as duo:
        first = duo.established(1000)
        duo.act("csp-b", "delete", uuid=first)
        duo.settle()
        duo.let_pass(PROVIDER.key_lifetime)
        second = duo.established(1000)
        duo.act("csp-b", "delete", uuid=second)
        duo.settle()
        for seat in BOTH:
            tables = duo.wire.nodes[seat].tables
            assert [row.uuid for row in tables.rows(TOMBSTONES)] == [second]


def test_of_a_deleted_connection_the_tombstone_is_left_and_tells_what_it_was() -> None:
    with pair() as duo:
        key = duo.offer()["activation_key"]
        uuid = duo.accept(key)["outputs"]["uuid"]
        duo.settle()
        assert duo.act("csp-b", "delete", uuid=uuid)["result"] == "running"
        duo.settle()
        shown = {"uuid": uuid, "environment": "env1", "mbps": 1000, "state": "deleted"}
        told = {"csp-a": "deleted by the other provider", "csp-b": "deleted by the customer"}
        kept: tuple[Table[Any], ...] = (CONNECTIONS, KEYS, PLACEMENTS, TOMBSTONES)
        for seat in BOTH:
            tables = duo.wire.nodes[seat].tables
            assert [len(tables.rows(table)) for table in kept] == [0, 0, 0, 1]
            customer = shown | {"reason": told[seat]}
            assert duo.act(seat, "read", uuid=uuid)["outputs"] == customer
            assert duo.act(seat, "list")["outputs"]["connections"] == [customer]
            results = {
                kind: duo.act(seat, "poll", operation=f"{kind}:{uuid}")["result"] for kind in ("accept", "delete")
            }
            assert results == {"accept": "failed", "delete": "ok"}
            for action, inputs in (("delete", {}), ("update", {"mbps": 10_000})):
                assert duo.act(seat, action, uuid=uuid, **inputs)["status"] == 409
            (operators,) = duo.dump(seat)["connections"]
            assert {
                name: operators[name] for name in ("peer", "customer", "issuer", "key", "tombstone", "placements")
            } == {
                "peer": "csp-b" if seat == "csp-a" else "csp-a",
                "customer": "deleted",
                "issuer": seat == "csp-a",
                "key": "void" if seat == "csp-a" else "?",
                "tombstone": True,
                "placements": [],
            }
        assert duo.accept(key)["detail"] == f"connection {uuid} was deleted: its key is void"
