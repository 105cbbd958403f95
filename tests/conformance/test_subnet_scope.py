"""Subnets must be disjoint on a channel, or in a connection only, as declared (CC-ERR-21); VLANs on a channel always."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rules import evaluate
from conformance.view import TraceView
from reports.record import Request, Response
from reports.trace import Trace
from reports.verdict import Finding


def listed(*features: tuple[str, int, str]) -> TraceView:
    """Features on ch1 by connection, VLAN and subnet, each in a list of its own."""
    trace = Trace()
    for number, (uuid, vlan, subnet) in enumerate(features):
        name, path = f"x{number}", f"/providers/csp-b/environments/env1/interconnects/ix1/connections/{uuid}/features"
        config = {"vlanId": vlan, "ipv4Subnet": subnet, "ipv4SubnetPrefixLength": 30}
        row: dict[str, Any] = {"name": f"f{number}", "channel": "ch1", "featureConfig": {"l3BaseConfig": config}}
        both: dict[str, Any] = {"exchange": name, "operation": "ListFeatures"}
        trace.append(Request(**both, sender="csp-b", receiver="csp-a", method="GET", path=path))
        trace.append(Response(**both, sender="csp-a", receiver="csp-b", status=200, body={"features": [row]}))
    return TraceView(list(trace))


@pytest.mark.parametrize(
    ("other", "scope", "verdict"),
    [
        (("u2", 1101, "169.254.2.0"), "channel", "failed"),
        (("u2", 1101, "169.254.2.0"), "connection", "passed"),
        (("u1", 1101, "169.254.2.0"), "connection", "failed"),
        (("u2", 1101, "169.254.2.4"), "channel", "passed"),
        (("u2", 1100, "169.254.2.4"), "connection", "failed"),
    ],
)
def test_disjoint_in_the_declared_scope(other: tuple[str, int, str], scope: str, verdict: str) -> None:
    view = listed(("u1", 1100, "169.254.2.0"), other)
    found = evaluate("listed_are_disjoint", view, {"lists": ["x0", "x1"], "scope": scope})
    assert isinstance(found, Finding)
    assert found.verdict == verdict
