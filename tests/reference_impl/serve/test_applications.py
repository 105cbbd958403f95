"""Applications over HTTP: names in any case, members in the query, answers that nobody keeps, and the size of an artifact."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from reference_impl.serve.census import Census
from reference_impl.serve.config import read_config
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.tomlfile import ConfigError
from tests.reference_impl.federation_interconnect.applications import onboarded
from tests.reference_impl.serve.served_nodes import LIMITS, Side, operator_side, play

A, B = "a" * 8, "b" * 8
REPORT = "/operator/artifact/status"
ONBOARDING = "/operator/application/onboarding"
MEMBERS = {
    "leadfederationId": B,
    "partnerfederationId": A,
    "appId": "app-of-dev-1",
    "version": "1",
    "artifactId": "art1",
    "operation": "ADDED",
    "status": "uploaded",
}
UNKNOWN = "the credential and the federation ids do not belong to a federation of this operator"


def ask(method: str, path: str, **request: object) -> httpx.Response:
    async def work(side: Side) -> httpx.Response:
        return await side.east_west.request(method, path, **request)  # type: ignore[arg-type]

    return play(work, operator_side)


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["message"]


def test_the_names_in_a_query_are_known_in_any_case() -> None:
    """Read as a whole, it is a stranger's."""
    assert told(ask("GET", REPORT, params=MEMBERS)) == (401, UNKNOWN)
    assert told(ask("GET", REPORT, params={name.upper(): value for name, value in MEMBERS.items()})) == (401, UNKNOWN)
    asked = {"appId": "app-of-dev-1", "operator": "Op1", "LeadFederationID": A, "partnerFederationId": B}
    assert told(ask("GET", ONBOARDING, params=asked)) == (401, UNKNOWN)


def test_a_name_in_two_cases_is_said_twice() -> None:
    assert told(ask("GET", REPORT, params={**MEMBERS, "STATUS": "failed"})) == (
        400,
        "status: want it once in the query, got it 2 times",
    )


@pytest.mark.parametrize("missing", ["leadfederationId", "appId", "artifactId", "status", "operation"])
def test_a_report_is_whole(missing: str) -> None:
    said = {name: value for name, value in MEMBERS.items() if name != missing}
    assert told(ask("GET", REPORT, params=said)) == (400, f"{missing}: want it in the query, got nothing")


def test_a_report_in_a_body_is_the_same() -> None:
    assert told(ask("POST", REPORT, json=MEMBERS)) == (401, UNKNOWN)
    assert told(ask("POST", REPORT, json={**MEMBERS, "status": None})) == (
        400,
        "status: want a valid string, got null",
    )


def test_no_answer_is_for_later() -> None:
    assert ask("GET", REPORT, params=MEMBERS).headers["cache-control"] == "no-store"


def test_a_removal_says_its_members_in_the_query_or_in_the_body() -> None:
    said = {"appId": "app-of-dev-1", "version": "1", "zone": "zone-0001", "leadOperatorId": "Op1"}
    said |= {"leadfederationId": A, "partnerfederationId": B}
    assert told(ask("DELETE", ONBOARDING, params=said)) == (401, UNKNOWN)
    assert told(ask("DELETE", ONBOARDING, json=said)) == (401, UNKNOWN)
    assert told(ask("DELETE", ONBOARDING)) == (
        400,
        "want leadfederationId, partnerfederationId, appId, version, zone, leadOperatorId, got nothing that can be used",
    )


def test_an_artifact_may_be_larger_than_other_bodies() -> None:
    assert LIMITS.body == 2_000
    upload = {"requestId": "u-1", "leadfederationId": A, "partnerfederationId": B, "operator": "Op1", "country": "DE"}
    upload |= {"appId": "app-of-dev-1", "version": "1", "userId": "d", "artifactName": "n", "filename": "QUJD" * 10_000}
    assert told(ask("POST", "/operator/artifacts", json=upload)) == (401, UNKNOWN)
    assert told(ask("POST", ONBOARDING, json=upload)) == (413, "body: want at most 2000 bytes, got more")
    spoken = json.dumps(upload).encode() + b" " * (24 << 20)
    headers = {"content-type": "application/json"}
    assert ask("POST", "/operator/artifacts", content=spoken, headers=headers).status_code == 413


def test_applications_are_counted() -> None:
    counts = []
    for side in onboarded()[:2]:
        census = Census(SERVED["federation-interconnect"].counted)
        census.begin(side.tables)
        numbers = census.numbers()
        counts.append({kind: numbers[kind] for kind in ("applications", "hosted_applications")})
    stages = dict.fromkeys(("uploadpending", "uploaded", "onboarding", "onboarded", "failed"), 0)
    states = dict.fromkeys(("PENDING", "ONBOARDED", "FAILED"), 0)
    assert counts == [
        {"applications": stages | {"onboarded": 1}, "hosted_applications": states},
        {"applications": stages, "hosted_applications": states | {"ONBOARDED": 1}},
    ]


PARTY = """\
[party]
protocol = "{protocol}"
id = "op1"
listen = "127.0.0.1:0"
northbound = "127.0.0.1:0"
northbound_token = "n"
"""


def configured(folder: Path, more: str = "") -> Path:
    file = folder / "party.toml"
    file.write_text(PARTY.format(protocol="federation-interconnect") + more, encoding="utf-8")
    return read_config(file, SERVED["federation-interconnect"]).registry


def test_the_registry_is_beside_the_file(tmp_path: Path) -> None:
    assert configured(tmp_path) == tmp_path / "op1-registry"
    assert configured(tmp_path, '[registry]\nfolder = "kept/here"\n') == tmp_path / "kept" / "here"
    assert configured(tmp_path, '[registry]\nfolder = "/var/artifacts"\n') == Path("/var/artifacts")


def test_a_registry_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"registry\.folder: want a folder, or nothing there yet, got"):
        configured(tmp_path, '[registry]\nfolder = "party.toml"\n')
