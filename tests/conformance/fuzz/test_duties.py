from __future__ import annotations

from typing import Any

import pytest

from conformance.fuzz.duties import Request, refusal_owed
from reference_impl.serve.protocols import SERVED

OPERATIONS = {id: operation for served in SERVED.values() for id, operation in served.operations.items()}
BASE = "/providers/csp-b/environments/env1/interconnects/ix1/connections"
PARTNER = {"requestId": "r", "origFederationId": "a", "destFederationId": "b", "operator": "o", "country": "DE"}


def owed(operation: str, path: str = BASE, body: Any = None, **query: str) -> str | None:
    return refusal_owed("csp-b", "csp-a", Request(OPERATIONS[operation], path, query, body))


@pytest.mark.parametrize(
    ("operation", "body", "query", "check"),
    [
        ("CreateConnection", {"bandwidthMbps": 1000, "activationKey": "k"}, {"connectionId": "u"}, None),
        ("CreateConnection", {"bandwidthMbps": 1000, "activationKey": "k"}, {}, "CC-CONN-003/1"),
        ("CreateConnection", {"bandwidthMbps": None, "activationKey": "k"}, {"connectionId": "u"}, "CC-CONN-003/4"),
        ("CreateConnection", [], {"connectionId": "u"}, "CC-CONN-003/4"),
        ("CreateFeature", {}, {"featureId": "f"}, "CC-FEAT-012/1"),
        ("CreateMacSecKey", {"cak": "ab" * 16, "ckn": "cd"}, {"macSecKeyId": "k"}, None),
        ("CreateMacSecKey", {"cak": "no hexadecimal", "ckn": "cd"}, {"macSecKeyId": "k"}, "CC-MACSEC-002/3"),
        ("AddComment", {"comment": {}}, {}, "CC-ISSUE-006/2"),
        ("AddComment", {"comment": {"body": "x", "unknown": 1}}, {}, None),
        ("GetConnection", None, {}, None),
        ("DELETE /operator/partner", PARTNER, {}, None),
        ("DELETE /operator/partner", PARTNER | {"destFederationId": None}, {}, "FI-INPUT-002/1"),
    ],
)
def test_what_is_refused_by_which_check(operation: str, body: Any, query: dict[str, str], check: str | None) -> None:
    assert owed(operation, body=body, **query) == check


def test_a_third_partners_prefix_is_refused_whatever_is_asked_there() -> None:
    assert owed("ListConnections", BASE.replace("csp-b", "csp-c")) == "CC-SEC-003/1"
    assert owed("GetProvider", "/providers/csp-a") is None


def test_of_an_operation_that_nobody_knows_nothing_is_owed() -> None:
    assert refusal_owed("csp-b", "csp-a", Request(None, "/providers/csp-c", {}, None)) is None
