"""Members of a party's own are for readers to ignore: no rule compares them."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.documented import documented, documented_of
from conformance.rules.answers import answered_with
from conformance.rules.coordinator_activation import announcements_accepted
from conformance.rules.coordinator_issues import context_not_looked_up
from conformance.rules.coordinator_l3_proposals import config_of
from conformance.view import Exchange, TraceView
from reports.record import AnyRecord, Request, Response
from reports.verdict import Finding

OWN = {"vendorRevision": 7}


def _exchange(operation: str, status: int, body: Any) -> tuple[TraceView, Exchange]:
    records: list[AnyRecord] = [
        Request(seq=1, exchange="x1", operation=operation, sender="csp-b", receiver="csp-a", method="POST", path="/p"),
        Response(seq=2, exchange="x1", operation=operation, sender="csp-a", receiver="csp-b", status=status, body=body),
    ]
    view = TraceView(records)
    return view, view.exchanges()[0]


def test_what_the_contract_does_not_define_is_left_out_at_any_depth() -> None:
    row = {"name": "n", "providerSites": [{"providerId": "p", "site": "s"}]}
    told = {"environments": [row | OWN | {"providerSites": [{"providerId": "p", "site": "s"} | OWN]}], **OWN}
    assert documented("ListEnvironments", told) == {"environments": [row]}
    assert documented("NotifyConnectionStatus", OWN) == {}
    assert documented("POST /operator/zone", {"requestId": "r", "zone": [{"zoneId": "z"} | OWN]} | OWN) == {
        "requestId": "r",
        "zone": [{"zoneId": "z"}],
    }


@pytest.mark.parametrize("body", [[1], "text", None, 7])
def test_what_is_no_object_stays_what_it_is(body: Any) -> None:
    assert documented("ListEnvironments", body) == body


def test_of_an_unknown_operation_and_of_a_refusal_everything_is_kept() -> None:
    assert documented(None, OWN) == documented("Op", OWN) == OWN
    assert documented_of(_exchange("GetConnection", 404, OWN)[1]) == OWN
    assert documented_of(_exchange("GetConnection", 200, OWN)[1]) == {}


def test_a_configuration_is_what_the_documents_define_of_it() -> None:
    def feature(vlan: int, more: dict[str, Any]) -> dict[str, Any]:
        half = {"provider": "providers/csp-a", "asn": 16550, **more}
        return {"featureConfig": {"l3BaseConfig": {"vlanId": vlan, "providerBgpConfigs": [half], **more}, **more}}

    assert config_of(feature(1100, OWN)) == config_of(feature(1100, {}))
    assert config_of(feature(1100, OWN)) != config_of(feature(1101, {}))


@pytest.mark.parametrize(
    ("body", "verdict"), [(None, "passed"), ({}, "passed"), (OWN, "passed"), ([], "failed"), ("ok", "failed")]
)
def test_an_empty_answer_may_have_members_that_mean_nothing(body: Any, verdict: str) -> None:
    view, seen = _exchange("NotifyConnectionStatus", 200, body)
    found = announcements_accepted(view, "csp-b", "csp-a", "u", [seen.request.exchange])
    assert isinstance(found, Finding)
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("echoed", "verdict"),
    [
        ([{"name": "n"}], "passed"),
        ([{"name": "n", **OWN}], "passed"),
        ([{"name": "other"}], "failed"),
        ([], "failed"),
    ],
)
def test_what_was_sent_comes_back_unchanged_beside_what_nobody_knows(echoed: Any, verdict: str) -> None:
    view, seen = _exchange("CreateIssue", 200, {"interconnectContexts": echoed, **OWN})
    found = answered_with(view, seen.request.exchange, (), {"interconnectContexts": [{"name": "n"}]})
    assert isinstance(found, Finding)
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("context", "verdict"),
    [({"name": "n"}, "passed"), ({"name": "n", "bandwidthMbps": 1000}, "warned"), ({"name": "n (VERIFIED)"}, "failed")],
)
def test_members_of_its_own_about_a_foreign_resource_are_a_warning(context: Any, verdict: str) -> None:
    view, seen = _exchange("CreateIssue", 200, {"connectionContexts": [context], **OWN})
    given = {"connectionContexts": [{"name": "n"}]}
    found = context_not_looked_up(view, seen.request.exchange, given)
    assert isinstance(found, Finding)
    assert found.verdict == verdict
