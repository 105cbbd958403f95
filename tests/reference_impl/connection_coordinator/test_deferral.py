"""Deferral between two providers: who proposes what, how long the deferring side waits, and what it then undoes."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.connection_coordinator import messages as m
from reference_impl.kernel.party import Requested
from tests.reference_impl.connection_coordinator.pair import Pair, pair

HOUR = 3_600_000
NEGOTIATION = ("GenerateFeatureGuidance", "CreateFeature")


def deferred(duo: Pair, ms: int = 1_000) -> str:
    """A connection of env1, accepted and deferred by csp-b, and some time."""
    uuid = duo.placed()
    duo.let_pass(ms)
    return uuid


def found(duo: Pair, seat: str, uuid: str) -> tuple[Any, ...]:
    row = duo.connection(seat, uuid)
    return row["customer"], [(each["stage"], each["origin"], each["deferral"]) for each in row["placements"]]


def test_the_issuer_drives_where_the_environment_defers() -> None:
    with pair("deferral") as duo:
        uuid = duo.placed()
        duo.settle()
        assert found(duo, "csp-a", uuid) == ("established", [("verified", "peer", "driving")])
        assert found(duo, "csp-b", uuid) == ("established", [("verified", "own", "deferring")])
        callers = {(seat, operation) for seat, operation, _, _ in calls(duo)}
        assert callers == {("csp-a", operation) for operation in NEGOTIATION}


def calls(duo: Pair) -> list[tuple[str, str, str, int | None]]:
    return duo.wire.calls(*NEGOTIATION)


def test_after_a_refusal_the_acceptor_negotiates_itself() -> None:
    with pair("deferral") as duo:
        unwilling = duo.act("csp-a", "set_deferral", environment="env1", peer="csp-b", drive=False)
        assert unwilling["result"] == "ok"
        uuid = duo.placed()
        duo.settle()
        assert found(duo, "csp-b", uuid) == ("established", [("verified", "own", "none")])
        created = duo.wire.calls("CreateConnection")
        assert [(seat, where[:3], status) for seat, _, where, status in created] == [
            ("csp-b", "ix2", 400),
            ("csp-b", "ix2", 200),
        ]


@pytest.mark.parametrize("hours", [-1, 169])
def test_hours_are_between_none_and_a_week(hours: int) -> None:
    with pair("deferral") as duo:
        answer = duo.act("csp-b", "set_deferral", environment="env1", hours=hours)
        assert (answer["status"], answer["detail"]) == (422, f"hours: want 0 (none agreed) to 168, got {hours}")


def test_a_silent_driver_has_its_hours_and_no_more() -> None:
    with pair("deferral") as duo:
        duo.wire.hold("GenerateFeatureGuidance")
        uuid = deferred(duo, 2 * HOUR - 1_000)
        assert found(duo, "csp-b", uuid) == ("pending", [("placed", "own", "deferring")])
        assert duo.wire.calls("DeleteConnection") == []
        duo.let_pass(2_000)
        assert found(duo, "csp-b", uuid) == ("failed", [])
        assert duo.connection("csp-b", uuid)["tombstone"] is True
        assert found(duo, "csp-a", uuid) == ("deleted", [])
        assert [(seat, status) for seat, _, _, status in duo.wire.calls("DeleteConnection")] == [("csp-b", 200)]


def test_what_is_rolled_back_is_gone_here_although_the_driver_does_not_answer() -> None:
    with pair("deferral") as duo:
        duo.wire.hold("GenerateFeatureGuidance")
        duo.wire.twist("csp-b", "DeleteConnection", 503, 503, "lose")
        uuid = deferred(duo, 2 * HOUR + 500)
        assert found(duo, "csp-b", uuid) == ("failed", [])
        assert found(duo, "csp-a", uuid)[0] == "pending"
        duo.let_pass(60_000)
        assert found(duo, "csp-a", uuid) == ("deleted", [])
        assert [status for _, _, _, status in duo.wire.calls("DeleteConnection")] == [503, 503, None, 404]


def test_a_notification_in_time_is_success_for_good() -> None:
    with pair("deferral") as duo:
        duo.provisioners["csp-b"].hold()
        uuid = deferred(duo, 3 * HOUR)
        assert found(duo, "csp-b", uuid) == ("pending", [("placed", "own", "deferring")])
        duo.provisioners["csp-b"].release()
        duo.settle()
        assert found(duo, "csp-b", uuid)[0] == "established"


def test_a_cancelled_driver_repeats_nothing_after_its_pause() -> None:
    with pair("deferral") as duo:
        duo.wire.twist("csp-a", "GenerateFeatureGuidance", *[503] * 20)
        uuid = deferred(duo, 5_000)
        before = len(calls(duo))
        asked = Requested("", "csp-b", "DeleteConnection", {**PATH, "connection": uuid}, {}, None)
        assert duo.submit("csp-a", asked).status == 200
        duo.let_pass(120_000)
        assert len(calls(duo)) == before


PATH = {"provider": "csp-b", "environment": "env1", "interconnect": "ix2"}


def test_the_environment_tells_the_peer_of_its_hours() -> None:
    with pair("deferral") as duo:
        shown = {}
        for environment in ("env1", "env2"):
            path = {"provider": "csp-b", "environment": environment}
            body = duo.submit("csp-a", Requested("", "csp-b", "GetEnvironment", path, {}, None)).body
            assert isinstance(body, m.Environment)
            shown[environment] = (body.deferConnectionProvisioning, body.deferralTimeoutHours)
        assert shown == {"env1": (True, 2), "env2": (None, None)}
