"""What an operator settles with a partner: is it heard, and which provider IDs does it reach (CC-SEC-002, CC-PROV-003)?"""

from __future__ import annotations

from typing import Any

from reference_impl.connection_coordinator.operations import OPERATIONS
from reference_impl.kernel.party import Requested
from tests.reference_impl.connection_coordinator.pair import Pair, pair


def read(duo: Pair, provider: str, operation: str = "ListEnvironments") -> tuple[int, Any]:
    reply = duo.submit("csp-a", Requested("", "csp-b", operation, {"provider": provider}))
    body = reply.body.to_json() if reply.body else {}
    return reply.status, [each["name"] for each in body.get("environments") or ()]


def test_a_further_provider_id_is_reached_as_long_as_it_is_granted() -> None:
    with pair("three-partners") as duo:
        assert read(duo, "csp-c") == (404, [])
        assert duo.act("csp-a", "grant_provider", peer="csp-b", provider="csp-c")["result"] == "ok"
        assert read(duo, "csp-c") == (200, ["providers/csp-c/environments/env1"])
        assert read(duo, "csp-b") == (200, ["providers/csp-b/environments/env1"])
        assert duo.act("csp-a", "revoke_provider", peer="csp-b", provider="csp-c")["result"] == "ok"
        assert read(duo, "csp-c") == (404, [])


def test_a_partner_that_is_not_enabled_gets_403_everywhere() -> None:
    with pair() as duo:
        assert duo.act("csp-a", "disable_partner", peer="csp-b")["result"] == "ok"
        statuses = {
            duo.submit("csp-a", Requested("", "csp-b", each, {"provider": "csp-b"})).status for each in OPERATIONS
        }
        assert statuses == {403}
        assert duo.act("csp-a", "enable_partner", peer="csp-b")["result"] == "ok"
        assert read(duo, "csp-b")[0] == 200


def test_an_unknown_partner_is_told_so() -> None:
    with pair() as duo:
        told = duo.act("csp-a", "disable_partner", peer="csp-x")
        assert (told["status"], told["detail"]) == (422, "peer: want one of csp-b, got 'csp-x'")
