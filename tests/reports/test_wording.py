from __future__ import annotations

import json
from typing import Any

import pytest

from reports.record import Request, Response
from reports.wording import answered, body_text, called, excerpt, legible, moment, pretty

UUID = "8f2c1a01-4b7e-4c1d-9d2a-0123456789ab"
ENVIRONMENT = "/v1/providers/csp-b/environments/env1"


@pytest.mark.parametrize(
    ("operation", "path", "words"),
    [
        ("CreateConnection", f"{ENVIRONMENT}/interconnects/ix1/connections", "CreateConnection ix1"),
        ("GetConnection", f"{ENVIRONMENT}/interconnects/ix1/connections/{UUID}", "GetConnection ix1 8f2c1a01"),
        ("NotifyConnectionStatus", f"/x/interconnects/ix1/connections/{UUID}/Notify", "NotifyConnectionStatus ix1 8f2c1a01"),
        ("GetEnvironment", ENVIRONMENT, "GetEnvironment env1"),
        ("ListProviders", "/v1/providers", "ListProviders"),
        ("RegisterZone", "/operator/zone", "RegisterZone"),
        ("RegisterZone", "/apis/v1/operator/zone", "RegisterZone"),
        (None, f"/connections/{UUID}", "POST /connections/8f2c1a01"),
    ],
)  # fmt: skip
def test_a_request_is_called_by_its_operation_and_the_last_ids(operation: str | None, path: str, words: str) -> None:
    request = Request(exchange="x", sender="a", receiver="b", operation=operation, method="POST", path=path)
    assert called(request) == words


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, {"detail": "fine"}, "200"),
        (409, {"title": "Conflict", "detail": "no room"}, "409 no room"),
        (400, {"message": "zone is missing"}, "400 zone is missing"),
        (404, {"detail": 5}, "404"),
        (500, None, "500"),
        (500, ["x"], "500"),
    ],
)
def test_a_refusal_tells_its_reason(status: int, body: Any, words: str) -> None:
    response = Response(exchange="x", sender="b", receiver="a", operation=None, status=status, body=body)
    assert answered(response) == words


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0.000 s"),
        (59_999, "59.999 s"),
        (60_000, "1:00"),
        (125_250, "2:05.250"),
        (10_800_000, "3:00:00"),
        (10_800_001, "3:00:00.001"),
        (604_800_000, "7 d 0:00:00"),
    ],
)
def test_moments(ms: int, words: str) -> None:
    assert moment(ms) == words


def test_what_fits_stays_on_one_line() -> None:
    value = {"a": [1, 2, {"b": None}], "c": "x" * 20}
    assert pretty(value) == json.dumps(value)
    assert pretty(value, width=30) == '{\n "a": [1, 2, {"b": null}],\n "c": "xxxxxxxxxxxxxxxxxxxx"\n}'
    assert json.loads(pretty(value, width=5)) == value
    assert pretty(value, width=5).startswith('{\n "a": [\n  1,\n  2,\n  {\n   "b": null\n  }\n ],\n')


def test_bodies_and_excerpts_are_bounded() -> None:
    assert excerpt({"a": 1}, 400) == '{"a": 1}'
    assert excerpt(None, 400) == excerpt({"a": 1}, 0) == ""
    assert excerpt("x" * 500, 400) == "x" * 399 + "…"
    assert body_text("x" * 8, 10) == '"xxxxxxxx"'
    assert body_text("x" * 28, 10) == '"xxxxxxxxx\n… 20 more characters in trace.jsonl'
    assert body_text("x", 0) == ""


def test_legible() -> None:
    assert legible("tab\tnew\nline é 🙂") == "tab\tnew\nline é 🙂"
    assert legible("\x00\x1b\ud800\ufffe") == "\ufffd" * 4
