"""Rules that must not take the habits of one implementation for the law."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rules.coordinator_l3_proposals import config_of
from conformance.rules.coordinator_migration import moved_instead
from conformance.rules.coordinator_security import operations_served
from conformance.rules.coordinator_static import copies_agree
from conformance.view import TraceView
from reports.record import AnyRecord, Outcome, Request, Response
from reports.verdict import Finding


def _exchanges(*each: tuple[str, str, dict[str, str], int, Any]) -> tuple[TraceView, list[str]]:
    """Method and path, query, status and body of some requests of the harness; the view of them and their names."""
    records: list[AnyRecord] = []
    names = []
    for number, (method, path, query, status, body) in enumerate(each, 1):
        name = f"x{number}"
        names.append(name)
        ends: dict[str, Any] = {"exchange": name, "operation": "Op", "seq": 2 * number}
        records.append(
            Request(**ends, sender="csp-b", receiver="csp-a", method=method, path=path, query=query, ours=True)
        )
        records.append(Response(**ends, sender="csp-a", receiver="csp-b", status=status, body=body))
    return TraceView(records), names


def _feature(*providers: str) -> dict[str, Any]:
    entries = [{"provider": f"providers/{each}", "asn": 64_500 + len(each)} for each in providers]
    return {"channel": "c/ch1", "featureConfig": {"l3BaseConfig": {"vlanId": 1100, "providerBgpConfigs": entries}}}


def test_the_order_of_bgp_entries_says_nothing() -> None:
    """providerBgpConfigs is a mapping from providers to their halves of the session, whichever comes first."""
    assert config_of(_feature("csp-a", "b")) == config_of(_feature("b", "csp-a"))
    assert config_of(_feature("csp-a", "b")) != config_of(_feature("csp-a", "csp-c"))
    assert config_of({"featureConfig": {"l3BaseConfig": {"providerBgpConfigs": "none"}}}) == {
        "providerBgpConfigs": "none"
    }


def _agree(one: Any, other: Any) -> str:
    rows = [{"environments": [{"name": "providers/p/environments/env1", **each}]} for each in (one, other)]
    view, (first, second) = _exchanges(*(("GET", "/e", {}, 200, body) for body in rows))
    members = (SIZES, SEEN, MANAGER)
    found = copies_agree(view, {first: second}, "environments", members)
    assert isinstance(found, Finding)
    return found.verdict


SIZES = "supportedConnectionSizeMbps"
SEEN = "environmentVisibility"
MANAGER = "macsecManagerProvider"
PUBLIC, PRIVATE = "ENVIRONMENT_VISIBILITY_PUBLIC", "ENVIRONMENT_VISIBILITY_PRIVATE"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ({SIZES: [1, 2]}, {SIZES: [2, 1]}, "passed"),
        ({SIZES: [1, 2]}, {SIZES: [1, 3]}, "failed"),
        ({SIZES: [1]}, {}, "failed"),
        ({SIZES: []}, {}, "passed"),
        ({SEEN: PUBLIC}, {}, "passed"),
        ({MANAGER: "providers/csp-a"}, {MANAGER: "csp-a"}, "passed"),
        ({MANAGER: "providers/csp-a"}, {MANAGER: "csp-b"}, "failed"),
        ({SEEN: PUBLIC}, {SEEN: PRIVATE}, "failed"),
    ],
)
def test_two_copies_agree_whatever_their_spelling(one: Any, other: Any, verdict: str) -> None:
    assert _agree(one, other) == verdict


@pytest.mark.parametrize(
    ("result", "may_refuse", "verdict"),
    [("refused", True, "passed"), ("failed", True, "passed"), ("ok", True, "waiting"), ("refused", False, "waiting")],
)
def test_who_does_not_migrate_may_refuse(result: Any, may_refuse: bool, verdict: str) -> None:
    view = TraceView([Outcome(seq=2, of=1, seat="csp-a", action="update", result=result)])
    found = moved_instead(view, "csp-a", "u", "ix1", 10_000, may_refuse=may_refuse)
    assert (found.verdict if isinstance(found, Finding) else "waiting") == verdict


KEYS = "/providers/p/channels/ch1/macSecKeys"


@pytest.mark.parametrize(
    ("created", "path", "verdict"),
    [
        (409, f"{KEYS}/k1", "passed"),
        (201, f"{KEYS}/k1", "failed"),
        (409, f"{KEYS}/k2", "failed"),
        (409, f"{KEYS}/k11", "failed"),
        (404, f"{KEYS}/k1", "failed"),
    ],
)
def test_what_could_not_be_created_need_not_be_found(created: int, path: str, verdict: str) -> None:
    made = ("POST", KEYS, {"macSecKeyId": "k1"}, created, None)
    view, names = _exchanges(made, ("GET", path, {}, 404, None))
    found = operations_served(view, names, [])
    assert isinstance(found, Finding)
    assert found.verdict == verdict
