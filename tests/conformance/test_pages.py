"""A list that the harness reads is whole to its rules, however small the server's pages are (CC-PAGE-001)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from conformance import pages
from conformance.view import TraceView
from reports.record import AnyRecord, Lost, Request, Response

PATH = "/providers/csp-b/environments/env1/interconnects/ix1/channels"


def _request(exchange: str, seq: int, continues: str = "", query: dict[str, str] | None = None) -> Request:
    return Request(
        seq=seq,
        exchange=exchange,
        sender="csp-b",
        receiver="csp-a",
        operation="ListChannels",
        method="GET",
        path=PATH,
        query=query or {},
        ours=True,
        continues=continues,
    )


def _response(exchange: str, seq: int, body: Any, status: int = 200) -> Response:
    return Response(
        seq=seq,
        exchange=exchange,
        sender="csp-a",
        receiver="csp-b",
        operation="ListChannels",
        status=status,
        body=body,
    )


FIRST: list[AnyRecord] = [
    _request("x1", 1),
    _response("x1", 2, {"channels": ["ch4", "ch3"], "nextPageToken": "t", "etag": 1}),
]
SECOND: list[AnyRecord] = [
    _request("x2", 3, "x1", {"pageToken": "t"}),
    _response("x2", 4, {"channels": ["ch2"], "nextPageToken": "u"}),
]
THIRD: list[AnyRecord] = [_request("x3", 5, "x1", {"pageToken": "u"}), _response("x3", 6, {"nextPageToken": ""})]


def test_all_pages_are_one_answer() -> None:
    (seen,) = TraceView([*FIRST, *SECOND, *THIRD]).exchanges("ListChannels", ours=True)
    assert seen.response is not None
    assert (seen.request.exchange, seen.response.body) == ("x1", {"channels": ["ch4", "ch3", "ch2"], "etag": 1})
    assert seen.evidence == (1, 6)


def test_a_list_that_does_not_end_says_so() -> None:
    (seen,) = TraceView([*FIRST, *SECOND]).exchanges()
    assert seen.response is not None
    assert seen.response.body["nextPageToken"] == "u"


LATER: dict[str, AnyRecord] = {
    "refused": _response("x2", 4, {"code": 500}, 500),
    "no list": _response("x2", 4, None),
    "no answer": Lost(
        seq=4, exchange="x2", sender="csp-b", receiver="csp-a", operation="ListChannels", what="unknown", why=""
    ),
}


@pytest.mark.parametrize("name", LATER)
def test_a_page_that_does_not_come_is_the_end_of_it(name: str) -> None:
    (seen,) = TraceView([*FIRST, SECOND[0], LATER[name]]).exchanges()
    assert (seen.response or seen.lost) == LATER[name]


def test_a_page_that_somebody_asked_for_himself_is_an_exchange_of_its_own() -> None:
    own: list[AnyRecord] = [_request("x2", 3, "", {"pageToken": "t"}), SECOND[1]]
    assert [each.request.exchange for each in TraceView([*FIRST, *own]).exchanges()] == ["x1", "x2"]


def test_the_next_page_is_asked_for_as_the_first_one_was() -> None:
    first = httpx.Request("GET", "http://csp-a.test/list?view=full", headers={"authorization": "Bearer t"})
    asked = pages.further(first, "a/b=", "x1")
    assert str(asked.url) == "http://csp-a.test/list?view=full&pageToken=a%2Fb%3D"
    assert asked.headers["authorization"] == "Bearer t"
    assert asked.extensions == {"ours": True, "continues": "x1"}


@pytest.mark.parametrize(
    ("status", "content", "token"),
    [
        (200, b'{"nextPageToken": "t"}', "t"),
        (200, b'{"nextPageToken": ""}', ""),
        (200, b"[]", ""),
        (200, b"{", ""),
        (200, b'{"nextPageToken": 7}', ""),
        (404, b'{"nextPageToken": "t"}', ""),
    ],
)
def test_what_continues_a_list(status: int, content: bytes, token: str) -> None:
    assert pages.token_of(httpx.Response(status, content=content)) == token


def test_the_next_page_is_asked_for_without_the_body_of_the_first_one() -> None:
    first = httpx.Request("GET", "http://acme.test/issues", headers={"x-api-key": "k"}, content=b"null")
    asked = pages.further(first, "t", "x1")
    assert (asked.content, asked.headers.get("content-length"), asked.headers["x-api-key"]) == (b"", None, "k")
