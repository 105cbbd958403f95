"""What the east/west app does with requests that are none: exact documents, and no effect."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from reference_impl.kernel.party import Acted, Message, Party, Reply, Requested
from reference_impl.serve.authentication import Caller
from reference_impl.serve.eastwest import east_west_app
from reference_impl.serve.protocols import CONNECTION_COORDINATOR as SERVED
from tests.reference_impl.serve.served_nodes import (
    BEARER_B,
    TOKEN_C,
    Side,
    client_of,
    operator_side,
    play,
    problem,
)

ENVIRONMENT = "/providers/csp-b/environments/env1"
CONFIRM = f"{ENVIRONMENT}/ConfirmActivationKey"
CONNECTIONS = f"{ENVIRONMENT}/interconnects/ix1/connections"
JSON = {"content-type": "application/json"}
UNAUTHORIZED = "want valid credentials in the header Authorization: Bearer …"
PLAIN_PATH = "path: want plain ids between single slashes, got an encoded separator, a control character or a parameter"

Case = tuple[str, str, dict[str, str], bytes, int, str, str]

CASES: dict[str, Case] = {
    "no credentials": ("POST", CONFIRM, {}, b"{", 401, "Unauthorized", UNAUTHORIZED),
    "wrong token": (
        "POST",
        CONFIRM,
        {"authorization": "Bearer token-of-csp-x"},
        b"x" * 9_000,
        401,
        "Unauthorized",
        UNAUTHORIZED,
    ),
    "another scheme": ("GET", "/providers", {"authorization": "Basic dG9r"}, b"", 401, "Unauthorized", UNAUTHORIZED),
    "unknown path": (
        "GET",
        "/provider",
        BEARER_B,
        b"",
        404,
        "Not Found",
        "path: want one of those in /openapi.json, got another",
    ),
    "trailing slash": (
        "GET",
        "/providers/",
        BEARER_B,
        b"",
        404,
        "Not Found",
        "path: want one of those in /openapi.json, got another",
    ),
    "method not defined": (
        "PUT",
        CONNECTIONS + "/u",
        BEARER_B,
        b"",
        405,
        "Method Not Allowed",
        "method: want DELETE, GET, PATCH on this path, got PUT",
    ),
    "form": (
        "POST",
        CONFIRM,
        BEARER_B | {"content-type": "application/x-www-form-urlencoded"},
        b"encodedKey=x",
        415,
        "Unsupported Media Type",
        "Content-Type: want application/json in UTF-8, not compressed, got application/x-www-form-urlencoded",
    ),
    "another charset": (
        "POST",
        CONFIRM,
        BEARER_B | {"content-type": "application/json; charset=utf-16"},
        b"{}",
        415,
        "Unsupported Media Type",
        "Content-Type: want application/json in UTF-8, not compressed, got application/json",
    ),
    "oversize": (
        "POST",
        CONFIRM,
        BEARER_B | JSON,
        b'{"encodedKey":"' + b"x" * 2_000 + b'"}',
        413,
        "Content Too Large",
        "body: want at most 2000 bytes, got more",
    ),
    "deep nesting": (
        "POST",
        CONFIRM,
        BEARER_B | JSON,
        b'{"x":' * 5 + b"1" + b"}" * 5,
        400,
        "Bad Request",
        "body: want at most 4 levels of objects and lists, got more",
    ),
    "no JSON": (
        "POST",
        CONFIRM,
        BEARER_B | JSON,
        b'{"encodedKey":"geheim",',
        400,
        "Bad Request",
        "body: want JSON, got a text that is none (EOF while parsing a value at line 1 column 23)",
    ),
    "a list": ("POST", CONFIRM, BEARER_B | JSON, b"[1]", 400, "Bad Request", "body: want an object, got a list of 1"),
    "no body": (
        "POST",
        CONFIRM,
        BEARER_B | JSON,
        b"  ",
        400,
        "Bad Request",
        "body: want a JSON object, got nothing",
    ),
    "ill-typed secret": (
        "POST",
        CONFIRM,
        BEARER_B | JSON,
        b'{"encodedKey":424242}',
        400,
        "Bad Request",
        "encodedKey: want a valid string, got a number",
    ),
    "ill-typed number": (
        "POST",
        CONNECTIONS + "?connectionId=u",
        BEARER_B | JSON,
        b'{"bandwidthMbps":"1000","activationKey":"geheim"}',
        400,
        "Bad Request",
        "bandwidthMbps: want a valid integer, got a string of 4 characters",
    ),
    "out of range": (
        "POST",
        CONNECTIONS + "?connectionId=u",
        BEARER_B | JSON,
        b'{"bandwidthMbps":3000000000}',
        400,
        "Bad Request",
        "bandwidthMbps: want less than or equal to 2147483647, got 3000000000",
    ),
    "unknown enumeration value": (
        "POST",
        CONNECTIONS + "/u/features?featureId=f",
        BEARER_B | JSON,
        b'{"channel":"c","featureConfig":{"featureType":"L4","l3BaseConfig":{}}}',
        400,
        "Bad Request",
        "featureConfig.featureType: want 'FEATURE_TYPE_L3_BASE', got 'L4'; "
        "featureConfig.l3BaseConfig.ipv4Subnet: want it present, got nothing; "
        "featureConfig.l3BaseConfig.ipv4SubnetPrefixLength: want it present, got nothing; and 3 more",
    ),
    "no id in the query": (
        "POST",
        CONNECTIONS,
        BEARER_B | JSON,
        b"{}",
        400,
        "Bad Request",
        "connectionId: want it in the query, got nothing",
    ),
    "two ids in the query": (
        "POST",
        CONNECTIONS + "?connectionId=u&connectionId=v",
        BEARER_B | JSON,
        b"{}",
        400,
        "Bad Request",
        "connectionId: want it once in the query, got it 2 times",
    ),
    "page size": (
        "GET",
        CONNECTIONS + "?pageSize=many",
        BEARER_B,
        b"",
        400,
        "Bad Request",
        "pageSize: want a whole number, got a text that is none",
    ),
    "encoded slash": ("GET", "/providers/csp-b%2Fenvironments", BEARER_B, b"", 400, "Bad Request", PLAIN_PATH),
    "encoded backslash": ("GET", "/providers/csp-b%5cx", BEARER_B, b"", 400, "Bad Request", PLAIN_PATH),
    "path parameter": ("GET", "/providers/csp-b;x=1", BEARER_B, b"", 400, "Bad Request", PLAIN_PATH),
    "encoded NUL": ("GET", "/providers/csp-b%00", BEARER_B, b"", 400, "Bad Request", PLAIN_PATH),
    "encoded twice": ("GET", "/providers/csp-b%252e", BEARER_B, b"", 400, "Bad Request", PLAIN_PATH),
    "empty segment": ("GET", "/providers//environments", BEARER_B, b"", 400, "Bad Request", PLAIN_PATH),
    "traversal": (
        "GET",
        "/providers/%2e%2e/environments",
        BEARER_B,
        b"",
        400,
        "Bad Request",
        "path: want plain ids, got a segment of dots",
    ),
    "another provider's prefix": (
        "GET",
        "/providers/csp-c/environments/env1",
        BEARER_B,
        b"",
        404,
        "Not Found",
        "there is nothing for you under providers/csp-c",
    ),
    "a prefix of nobody": (
        "GET",
        "/providers/csp-x/environments/env1",
        BEARER_B,
        b"",
        404,
        "Not Found",
        "there is nothing for you under providers/csp-x",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_request_that_is_none_gets_an_exact_document_and_changes_nothing(name: str) -> None:
    method, path, headers, body, status, title, detail = CASES[name]

    async def work(side: Side) -> tuple[httpx.Response, bool]:
        before = side.node.tables.fingerprint()
        response = await side.east_west.request(method, path, headers=headers, content=body)
        return response, before == side.node.tables.fingerprint()

    response, unchanged = play(work)
    assert (response.status_code, response.json()) == (status, problem(status, title, detail))
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)
    assert response.headers.get("allow") == ("DELETE, GET, PATCH" if status == 405 else None)
    assert unchanged


def test_the_positive_twin_of_the_refusals() -> None:
    async def work(side: Side) -> list[tuple[int, Any]]:
        answers = [
            await side.east_west.get(ENVIRONMENT, headers=BEARER_B),
            await side.east_west.get("/providers/csp-c", headers={"authorization": f"bearer {TOKEN_C}"}),
            await side.east_west.post(CONFIRM, headers=BEARER_B, json={"encodedKey": "x"}),
            await side.east_west.post(
                CONFIRM, headers=BEARER_B, content=b'{"encodedKey":"y","key":null,"more":[[[1]]]}'
            ),
            await side.east_west.get(f"{CONNECTIONS}?pageSize=1&unknown=x", headers=BEARER_B),
        ]
        return [(each.status_code, each.json()) for each in answers]

    answers = play(work)
    assert [status for status, _ in answers] == [200] * 5
    assert answers[0][1]["name"] == "providers/csp-b/environments/env1"
    assert "apiUri" not in answers[0][1]  # absent, not null
    assert answers[1][1] == {"name": "providers/csp-c", "displayName": "Carrier C"}
    assert [body for _, body in answers[2:]] == [{"keyValid": False}, {"keyValid": False}, {"connections": []}]


def test_tokens_can_be_replaced_while_the_app_runs() -> None:
    async def work(side: Side) -> list[int]:
        statuses = [(await side.east_west.get("/providers", headers=BEARER_B)).status_code]
        side.tokens.replace({"csp-b": ["the-new-one"]})
        for token in ("token-of-csp-b", "the-new-one", TOKEN_C):
            answer = await side.east_west.get("/providers", headers={"authorization": f"Bearer {token}"})
            statuses.append(answer.status_code)
        return statuses

    assert play(work) == [200, 401, 200, 401]


class _Stub:
    """A Node whose answers the test decides."""

    def __init__(self, answer: Any) -> None:
        self.party: Party[Any] = SERVED.party("csp-a")
        self.events: list[Requested | Acted] = []
        self._answer = answer

    async def submit(self, event: Requested | Acted) -> Reply:
        self.events.append(event)
        if isinstance(self._answer, BaseException):
            raise self._answer
        return Reply("r1", *self._answer)


def _ask(stub: _Stub) -> httpx.Response:
    async def run() -> httpx.Response:
        app = east_west_app(stub, SERVED, lambda headers: Caller("csp-b", "a-key"))
        async with client_of(app) as client:
            return await client.get("/providers/csp-b/environments?pageSize=2&pageToken=%C3%A4")

    return asyncio.run(run())


def test_the_node_hears_the_request_decoded() -> None:
    stub = _Stub((200, None))
    assert (_ask(stub).json(), stub.events) == (
        {},
        [
            Requested(
                "",
                "csp-b",
                "ListEnvironments",
                {"provider": "csp-b"},
                {"pageSize": "2", "pageToken": "ä"},
                None,
                "a-key",
            )
        ],
    )


def test_a_fault_tells_nothing_internal(caplog: pytest.LogCaptureFixture) -> None:
    answer = _ask(_Stub(RuntimeError("md5BgpPassword=geheim")))
    assert (answer.status_code, answer.json()) == (
        500,
        problem(500, "Internal Server Error", "a fault of this server; its log knows more"),
    )
    assert "unexpected RuntimeError" in caplog.text
    assert "geheim" not in caplog.text


def test_a_node_that_crashed_meanwhile_is_temporarily_unable() -> None:
    answer = _ask(_Stub(asyncio.CancelledError()))
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["detail"]) == (
        503,
        "1",
        "this server was restarted before it could answer",
    )


def test_a_refusal_of_the_party_travels_as_a_problem_document() -> None:
    class Shown(Message):
        name: str
        note: str | None = None

    refused = _ask(_Stub((409, SERVED.error(409, "no room"))))
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    shown = _ask(_Stub((200, Shown(name="n"))))
    assert (shown.headers["content-type"], shown.json()) == ("application/json", {"name": "n"})


FEDERATION = {
    "unknown path": ("GET", "/operator", b"", 404, "path: want one of those in /openapi.json, got another"),
    "method not defined": (
        "PATCH",
        "/operator/partner",
        b"",
        405,
        "method: want DELETE, POST, PUT on this path, got PATCH",
    ),
    "no credential": (
        "POST",
        "/operator/zone",
        json.dumps(
            {"origFederationId": "a" * 8, "destFederationId": "b" * 8, "operator": "OP1", "zones": ["z" * 8]}
        ).encode(),
        401,
        "the credential and the federation ids do not belong to a federation of this operator",
    ),
    "member missing": (
        "POST",
        "/operator/zone",
        b'{"origFederationId":"aaaaaaaa","destFederationId":"bbbbbbbb","zones":[]}',
        400,
        "operator: want it present, got nothing",
    ),
    "traversal": ("GET", "/operator/..%2fpartner", b"", 400, PLAIN_PATH),
}


@pytest.mark.parametrize("name", FEDERATION)
def test_the_federation_refuses_with_a_message(name: str) -> None:
    method, path, body, status, message = FEDERATION[name]

    async def work(side: Side) -> tuple[httpx.Response, bool]:
        before = side.node.tables.fingerprint()
        response = await side.east_west.request(method, path, headers=JSON, content=body)
        return response, before == side.node.tables.fingerprint()

    response, unchanged = play(work, operator_side)
    assert (response.status_code, response.json()) == (status, {"message": message})
    assert response.headers["content-type"] == "application/json"
    assert response.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)
    assert unchanged
