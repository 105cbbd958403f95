"""MACsec keys: what a manager may hand over and when, and rotations from the standby key to the old one's deletion."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.connection_coordinator import macsec_messages as m
from reference_impl.kernel.party import Reply, Requested
from tests.reference_impl.connection_coordinator.pair import Pair, pair

HOUR = 3_600_000
OTHER = {"csp-a": "csp-b", "csp-b": "csp-a"}
GOOD = m.MacSecKey(cak="ab" * 16, ckn="01")


def ask(
    duo: Pair, seat: str, operation: str, channel: str = "ch1", key: str = "k2", body: Any = None, on: str = "ix1"
) -> Reply:
    """An operation at ``seat`` in its peer's name."""
    peer = OTHER[seat]
    path = {"provider": peer, "environment": "env1", "interconnect": on, "channel": channel, "macSecKey": key}
    query = {"macSecKeyId": key} if operation == "CreateMacSecKey" else {}
    return duo.submit(seat, Requested("", peer, operation, path, query, body))


def create(duo: Pair, seat: str, channel: str = "ch1", key: str = "k2", body: Any = GOOD, on: str = "ix1") -> int:
    return ask(duo, seat, "CreateMacSecKey", channel, key, body, on).status


def keys(duo: Pair, seat: str, channel: str) -> dict[str, bool]:
    body = ask(duo, seat, "ListMacSecKeys", channel).body
    assert isinstance(body, m.ListMacSecKeysResponse)
    return {str(key.name).rpartition("/")[2]: bool(key.active) for key in body.macSecKeys}


def rotate(duo: Pair, seat: str, channel: str, on: str = "ix1") -> dict[str, Any]:
    return duo.act(seat, "rotate_key", environment="env1", interconnect=on, channel=channel)


def calls(duo: Pair, seat: str = "csp-a") -> list[str]:
    return [sent.operation for sent in duo.wire.log if sent.seat == seat]


def test_a_rotation_by_its_manager() -> None:
    with pair("macsec-split") as duo:
        begun = rotate(duo, "csp-a", "ch1")
        duo.let_pass(60_000)
        new = duo.act("csp-a", "poll", operation=begun["operation"])
        assert new["result"] == "ok"
        assert keys(duo, "csp-a", "ch1") == keys(duo, "csp-b", "ch1") == {new["outputs"]["macsec_key"]: True}
        assert calls(duo) == ["CreateMacSecKey", "GetMacSecKey", "GetMacSecKey", "DeleteMacSecKey"]


def test_bake_time_and_one_channel_at_a_time() -> None:
    with pair("macsec-split") as duo:
        assert create(duo, "csp-b", "ch1") == 200
        assert create(duo, "csp-b", "ch2") == 409  # ch1 is in rotation
        assert create(duo, "csp-b", "ch1", "k3") == 409  # two keys
        assert create(duo, "csp-b", "ch2", on="ix2") == 200  # another interconnect
        assert ask(duo, "csp-b", "DeleteMacSecKey", key="first").status == 409  # still active
        duo.let_pass(5_000)
        assert keys(duo, "csp-b", "ch1") == {"first": False, "k2": True}
        assert ask(duo, "csp-b", "DeleteMacSecKey", key="first").status == 200
        assert ask(duo, "csp-b", "DeleteMacSecKey", key="first").status == 404
        duo.let_pass(HOUR)
        assert (create(duo, "csp-b", "ch2"), create(duo, "csp-b", "ch1", "k3")) == (409, 409)
        duo.let_pass(HOUR)
        assert create(duo, "csp-b", "ch2") == 200


def test_first_keys_at_once_then_each_channel_bakes_for_itself() -> None:
    with pair("macsec-blank") as duo:
        assert [create(duo, "csp-b", channel) for channel in ("ch1", "ch2")] == [200, 200]
        duo.let_pass(600_000)
        assert create(duo, "csp-a", "ch3") == 200
        assert create(duo, "csp-b", "ch1", "k3") == 409


@pytest.mark.parametrize(
    ("body", "key", "status"),
    [
        (GOOD, "first", 409),
        (GOOD, "", 400),
        (m.MacSecKey(cak="ab" * 16), "k2", 400),
        (m.MacSecKey(ckn="01"), "k2", 400),
        (m.MacSecKey(cak="ab" * 15, ckn="01"), "k2", 400),
        (m.MacSecKey(cak="xy" * 16, ckn="01"), "k2", 400),
        (m.MacSecKey(cak="ab" * 32, ckn="0" * 66), "k2", 400),
        (m.MacSecKey(cak="ab" * 32, ckn="0" * 64), "k2", 200),
    ],
)
def test_what_is_no_key(body: m.MacSecKey, key: str, status: int) -> None:
    with pair("macsec-split") as duo:
        assert create(duo, "csp-b", key=key, body=body) == status


def test_only_the_manager() -> None:
    with pair("macsec-split") as duo:
        assert create(duo, "csp-a", "ch1") == 409
        assert ask(duo, "csp-a", "DeleteMacSecKey", key="first").status == 403
        assert ask(duo, "csp-b", "RequestMacSecKeyRotation").status == 409
        assert rotate(duo, "csp-a", "ch3")["status"] == 409


def test_a_read_hides_the_cak() -> None:
    with pair("macsec-split") as duo:
        body = ask(duo, "csp-b", "GetMacSecKey", key="first").body
        assert isinstance(body, m.MacSecKey)
        assert body.cak == "********"
        assert body.name == "providers/csp-a/environments/env1/interconnects/ix1/channels/ch1/macSecKeys/first"
        assert ask(duo, "csp-b", "GetMacSecKey", key="second").status == 404


def test_two_managers_who_begin_at_once() -> None:
    with pair("macsec-split") as duo:
        duo.wire.hold("CreateMacSecKey")
        rotate(duo, "csp-a", "ch1")
        rotate(duo, "csp-b", "ch3")
        duo.let_pass(4_000)
        duo.wire.release("CreateMacSecKey")
        duo.let_pass(60_000)
        assert list(keys(duo, "csp-b", "ch1")) != ["first"]
        assert list(keys(duo, "csp-b", "ch3")) == ["first"]
        duo.let_pass(2 * HOUR + 120_000)
        assert list(keys(duo, "csp-a", "ch3")) == list(keys(duo, "csp-b", "ch3")) != ["first"]


@pytest.mark.parametrize("twist", ["drop", "lose", 503])
def test_a_handing_over_without_an_answer(twist: Any) -> None:
    with pair("macsec-split") as duo:
        duo.wire.twist("csp-a", "CreateMacSecKey", twist)
        begun = rotate(duo, "csp-a", "ch1")
        duo.let_pass(120_000)
        assert duo.act("csp-a", "poll", operation=begun["operation"])["result"] == "ok"
        assert list(keys(duo, "csp-a", "ch1")) == list(keys(duo, "csp-b", "ch1"))
        assert "ListMacSecKeys" in calls(duo)


def test_a_key_that_the_peer_does_not_take_into_use() -> None:
    with pair("macsec-split") as duo:
        duo.provisioners["csp-b"].hold("*/ch1/*")
        begun = rotate(duo, "csp-a", "ch1")
        duo.let_pass(90_000)
        assert "DeleteMacSecKey" in calls(duo)
        first, second = calls(duo).index("CreateMacSecKey"), calls(duo).index("DeleteMacSecKey")
        assert first < second
        assert calls(duo).count("CreateMacSecKey") == 2
        assert keys(duo, "csp-b", "ch1")["first"] is True
        duo.provisioners["csp-b"].release("*/ch1/*")
        duo.let_pass(60_000)
        assert duo.act("csp-a", "poll", operation=begun["operation"])["result"] == "ok"


def test_a_rotation_on_request_and_in_its_time() -> None:
    with pair("macsec-split") as duo:
        duo.act("csp-b", "request_rotation", environment="env1", interconnect="ix1", channel="ch1", reason="drill")
        duo.let_pass(60_000)
        (second,) = keys(duo, "csp-b", "ch1")
        assert second != "first"
        duo.let_pass(23 * HOUR)
        assert list(keys(duo, "csp-b", "ch1")) == [second]
        duo.let_pass(HOUR)
        assert list(keys(duo, "csp-b", "ch1")) != [second]
