"""One feature is removed, and the channel's owner negotiates it again; nothing else of the connection changes."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.kernel.party import Requested
from tests.reference_impl.connection_coordinator.pair import Pair, pair

ALL = [(f"ch{n}", "FINAL") for n in (1, 2, 3, 4)]


def delete(duo: Pair, seat: str, uuid: str, feature: str) -> int:
    """The peer of this seat deletes a feature, without doing so on its own side."""
    peer = {"csp-a": "csp-b", "csp-b": "csp-a"}[seat]
    place = duo.placement(seat, uuid)["interconnect"]
    path = {"provider": peer, "environment": "env1", "interconnect": place, "connection": uuid, "feature": feature}
    return duo.submit(seat, Requested("", peer, "DeleteFeature", path)).status


def test_one_feature_goes_and_the_connection_stays() -> None:
    with pair() as duo:
        uuid = duo.established()
        assert delete(duo, "csp-a", uuid, "l3-ch3") == 200  # the channel of csp-b
        assert duo.features("csp-a", uuid) == [("ch1", "FINAL"), ("ch2", "FINAL"), ("ch4", "FINAL")]
        duo.settle()
        assert duo.connection("csp-a", uuid)["customer"] == "established"
        assert duo.placement("csp-a", uuid)["stage"] == "verified"
        assert delete(duo, "csp-a", uuid, "l3-ch3") == 404
        assert duo.wire.calls("CreateFeature")[4:] == []


@pytest.mark.parametrize("seat", ["csp-a", "csp-b"])
@pytest.mark.parametrize(("channel", "owner"), [("ch1", "csp-a"), ("ch4", "csp-b")])
@pytest.mark.parametrize("twist", [None, "drop", "lose", 503])
def test_the_owner_restores_what_either_operator_removed(seat: str, channel: str, owner: str, twist: Any) -> None:
    with pair() as duo:
        uuid = duo.established()
        if twist is not None:
            duo.wire.twist(seat, "DeleteFeature", twist)
        before = len(duo.wire.log)
        assert duo.act(seat, "remove_feature", uuid=uuid, channel=channel)["result"] == "ok"
        duo.settle()
        for each in ("csp-a", "csp-b"):
            assert duo.features(each, uuid) == ALL
            assert duo.placement(each, uuid)["stage"] == "verified"
        configs = [duo.connection(each, uuid)["placements"][0]["features"] for each in ("csp-a", "csp-b")]
        assert configs[0] == configs[1]
        proposed = {each.seat for each in duo.wire.log[before:] if each.operation == "CreateFeature"}
        assert proposed == {owner}


def test_a_channel_without_a_feature_has_none_to_remove() -> None:
    with pair() as duo:
        uuid = duo.established()
        assert duo.act("csp-a", "remove_feature", uuid=uuid, channel="ch9")["status"] == 404


def test_a_deleted_connection_is_not_restored() -> None:
    with pair() as duo:
        uuid = duo.established()
        duo.act("csp-b", "remove_feature", uuid=uuid, channel="ch1")
        duo.act("csp-b", "delete", uuid=uuid)
        duo.settle()
        assert [duo.connection(each, uuid)["placements"] for each in ("csp-a", "csp-b")] == [[], []]
