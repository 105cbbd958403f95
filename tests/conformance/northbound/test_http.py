"""The generic HTTP adapter against an API with a style of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from conformance.northbound import Answered, Lacks, NorthboundError
from conformance.northbound.http import MappedNorthbound
from conformance.target import Ask, HttpAction, HttpChoice, Mapped, Outbound, Poll, Results

Answer = tuple[int, Any]

CHOICE = HttpChoice(
    "http://acme.test/api",
    credential=Outbound("bearer", "operator-token"),
    headers={"x-tenant": "t1"},
    values={"mbps": {"1000": "1G"}, "consent": {"true": "YES"}},
    actions={
        "offer": HttpAction(
            Ask(
                "POST",
                "/links/{environment}",
                {"trace": "on", "as": "{account}"},
                {"x-for": "{remote_account}"},
                {"size": "{mbps}", "label": "to {remote_account}", "peer": "{peer}", "fixed": [1, "{peer}", True]},
            ),
            Results("$.state", ok=("ISSUED",), refused=("DENIED",), failed=("BROKEN", 503), reason="$.why.text"),
            {"uuid": Mapped("$.link.id"), "activation_key": Mapped("$.link.key"), "mbps": Mapped("$.link.mb")},
        ),
        "accept": HttpAction(
            Ask("PUT", "/accept", body={"key": "{activation_key}", "agreed": "{consent}"}),
            outputs={"uuid": Mapped("$.id")},
            poll=Poll(
                Ask("GET", "/links/{uuid}"),
                Results("$.phase", ok=("UP",), failed=("DOWN",), refused=("NO",)),
                {"mbps": Mapped("$.mb")},
                500,
                2_000,
            ),
        ),
        "offers": HttpAction(
            Ask("GET", "/offers"),
            outputs={
                "environments": Mapped(
                    "$.regions[*]",
                    all=True,
                    members={
                        "id": Mapped("$.code", values={"R1": "env1"}),
                        "sizes": Mapped("$.sizes[*].mb", all=True),
                        "kind": Mapped(constant="public"),
                        "note": Mapped("$.note", default="none"),
                    },
                )
            },
        ),
        "set_quota": HttpAction(Ask("POST", "/quota", body={"n": "{connections}", "for": "{account}"}, form=True)),
        "read": HttpAction(Ask("GET", "/links/{uuid}"), outputs={"uuid": Mapped("$.id"), "state": Mapped("$.phase")}),
    },
    hooks={"reset": HttpAction(Ask("DELETE", "/everything"), Results(ok=(404,), refused=(202,)))},
    state=(
        HttpAction(
            Ask("GET", "/dump"),
            outputs={"connections": Mapped("$.all[*]", all=True, members={"uuid": Mapped("$.id")})},
        ),
    ),
)

OFFER = {"account": "X", "remote_account": "Y", "environment": "a/b c", "mbps": 1000, "peer": "csp-b"}
ISSUED = {"state": "ISSUED", "link": {"id": "u-1", "key": "k-1", "mb": 1000}}


class Api:
    """What the target answers, in order, and what it was asked."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.seconds = 0.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return httpx.Response(status, content=body if isinstance(body, bytes) else json.dumps(body).encode())

    def ask(
        self,
        work: Callable[[MappedNorthbound], Any],
        choice: HttpChoice = CHOICE,
        accounts: Mapping[str, str] | None = None,
    ) -> Any:
        async def run() -> Any:
            async with httpx.AsyncClient(transport=httpx.MockTransport(self)) as client:
                adapter = MappedNorthbound(
                    choice, "connection-coordinator", accounts or {}, lambda _: client, lambda: self.seconds
                )
                return await work(adapter)

        return asyncio.run(run())


def test_a_request_is_filled_in() -> None:
    api = Api((200, ISSUED))
    answered = api.ask(lambda adapter: adapter.act("offer", OFFER))
    (asked,) = api.asked
    assert (asked.method, str(asked.url)) == ("POST", "http://acme.test/api/links/a%2Fb%20c?trace=on&as=X")
    assert json.loads(asked.content) == {"size": "1G", "label": "to Y", "peer": "csp-b", "fixed": [1, "csp-b", True]}
    assert {name: asked.headers[name] for name in ("x-tenant", "x-for", "authorization")} == {
        "x-tenant": "t1",
        "x-for": "Y",
        "authorization": "Bearer operator-token",
    }
    assert answered == Answered("ok", outputs={"uuid": "u-1", "activation_key": "k-1", "mbps": 1000})


def test_a_value_keeps_its_type_and_what_is_missing_is_left_out() -> None:
    api = Api((200, ISSUED))
    api.ask(lambda adapter: adapter.act("offer", OFFER | {"mbps": 2000, "peer": None}))
    assert json.loads(api.asked[0].content) == {"size": 2000, "label": "to Y", "fixed": [1, True]}


def test_a_form_is_sent_as_one() -> None:
    api = Api((204, b""))
    answered = api.ask(lambda adapter: adapter.act("set_quota", {"account": "X", "connections": 3}))
    assert answered == Answered("ok")
    assert api.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(api.asked[0].content.decode()) == {"n": ["3"], "for": ["X"]}


def test_lists_are_mapped_member_by_member() -> None:
    body = {
        "regions": [{"code": "R1", "sizes": [{"mb": 1000}, {"mb": 2000}]}, {"code": "R2", "sizes": [], "note": "n"}]
    }
    answered = Api((200, body)).ask(lambda adapter: adapter.act("offers", {}))
    assert answered.outputs["environments"] == [
        {"id": "env1", "sizes": [1000, 2000], "kind": "public", "note": "none"},
        {"id": "R2", "sizes": [], "kind": "public", "note": "n"},
    ]


def test_the_state_is_mapped() -> None:
    api = Api((200, {"all": [{"id": "u-1"}, {"id": "u-2"}]}))
    assert api.ask(lambda adapter: adapter.state()) == {"connections": [{"uuid": "u-1"}, {"uuid": "u-2"}]}
    with pytest.raises(Lacks, match="adapter lacks state"):
        Api().ask(lambda adapter: adapter.state(), replace(CHOICE, state=()))


def test_a_state_that_is_shown_in_parts_is_put_together() -> None:
    rooms = HttpAction(Ask("GET", "/rooms"), outputs={"interconnects": Mapped("$.rooms")})
    api = Api((200, {"all": [{"id": "u-1"}]}), (200, {"rooms": ["ix1"]}))
    state = api.ask(lambda adapter: adapter.state(), replace(CHOICE, state=(*CHOICE.state, rooms)))
    assert state == {"connections": [{"uuid": "u-1"}], "interconnects": ["ix1"]}
    assert [asked.url.path for asked in api.asked] == ["/api/dump", "/api/rooms"]
    with pytest.raises(NorthboundError, match=r"northbound\.state\.1: .*want the state"):
        Api((200, {"all": []}), (404, {})).ask(
            lambda adapter: adapter.state(), replace(CHOICE, state=(*CHOICE.state, rooms))
        )


def test_a_placeholder_reaches_into_an_input() -> None:
    site = HttpAction(Ask("POST", "/at/{location.lat}", body={"x": "{location.long}", "y": "{location.none}"}))
    api = Api((200, {}))
    choice = replace(CHOICE, actions={"onboard_cloudlet": site})
    api.ask(lambda adapter: adapter.act("onboard_cloudlet", {"location": {"lat": 50.1, "long": 8}}), choice)
    assert (api.asked[0].url.path, json.loads(api.asked[0].content)) == ("/api/at/50.1", {"x": 8})


# which answer, and what it means
RESULTS: dict[str, tuple[Answer, Answered]] = {
    "refused by a value": ((200, {"state": "DENIED", "why": {"text": "no room"}}), Answered("refused", "no room")),
    "failed by a value": ((200, {"state": "BROKEN"}), Answered("failed", '200 {"state": "BROKEN"}')),
    "failed by a status": ((503, b"later"), Answered("failed", "503 later")),
    "refused by any 4xx": ((422, {"detail": "too big"}), Answered("refused", "too big")),
    "refused without a word": ((404, b""), Answered("refused", "404")),
    "an unlisted value": (
        (200, ISSUED | {"state": "NEW"}),
        Answered("ok", outputs={"uuid": "u-1", "activation_key": "k-1", "mbps": 1000}),
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_an_answer_has_a_meaning(name: str) -> None:
    answer, expected = RESULTS[name]
    assert Api(answer).ask(lambda adapter: adapter.act("offer", OFFER)) == expected


def test_a_status_can_mean_anything() -> None:
    assert Api((404, b"")).ask(lambda adapter: adapter.hook("reset", {})) == Answered("ok")
    assert Api((202, b"")).ask(lambda adapter: adapter.hook("reset", {})).result == "refused"


def test_what_is_not_mapped_is_unavailable() -> None:
    api = Api()
    assert api.ask(lambda adapter: adapter.act("delete", {})) == Answered("unavailable", "adapter lacks delete")
    assert api.ask(lambda adapter: adapter.hook("settle", {})) == Answered("unavailable", "adapter lacks settle")
    assert api.asked == []


def test_what_takes_long_is_polled_until_it_ends() -> None:
    api = Api((202, {"id": "u-1"}), (200, {"phase": "WAIT"}), (200, {"phase": "UP", "mb": 7}))

    async def work(adapter: MappedNorthbound) -> list[Answered]:
        begun = await adapter.act("accept", {"activation_key": "k", "consent": True})
        assert begun.operation is not None
        return [begun, await adapter.poll(begun.operation), await adapter.poll(begun.operation)]

    begun, waiting, ended = api.ask(work)
    assert begun == Answered("running", None, "accept:1", {"uuid": "u-1"}, 500)
    assert waiting == Answered("running", None, "accept:1", again_ms=500)
    assert ended == Answered("ok", outputs={"uuid": "u-1", "mbps": 7})
    assert [f"{each.method} {each.url.path}" for each in api.asked] == [
        "PUT /api/accept",
        "GET /api/links/u-1",
        "GET /api/links/u-1",
    ]
    assert json.loads(api.asked[0].content) == {"key": "k", "agreed": "YES"}


# how a poll is answered, and how the operation stands then
POLLS: dict[str, tuple[Answer, str, str | None]] = {
    "down": ((200, {"phase": "DOWN", "reason": "no room"}), "failed", "no room"),
    "no": ((200, {"phase": "NO", "message": "you may not"}), "refused", "you may not"),
    "nothing said": ((200, {}), "running", None),
    "no JSON": ((200, b"<html>"), "running", None),
}


@pytest.mark.parametrize("name", POLLS)
def test_an_operation_ends_in_every_way(name: str) -> None:
    answer, result, reason = POLLS[name]

    async def work(adapter: MappedNorthbound) -> Answered:
        begun = await adapter.act("accept", {"activation_key": "k"})
        return await adapter.poll(str(begun.operation))

    answered = Api((200, {"id": "u-1"}), answer).ask(work)
    assert (answered.result, answered.reason) == (result, reason)


def test_an_operation_that_does_not_end_says_so() -> None:
    api = Api((200, {"id": "u-1"}), (200, {"phase": "WAIT"}))

    async def work(adapter: MappedNorthbound) -> Answered:
        begun = await adapter.act("accept", {"activation_key": "k"})
        api.seconds = 2.0
        return await adapter.poll(str(begun.operation))

    answered = api.ask(work)
    assert (answered.result, answered.reason) == (
        "running",
        "still running after 2 s (northbound.actions.accept.poll.timeout)",
    )


def test_while_polled_an_unlisted_value_outweighs_a_listed_status() -> None:
    accept = CHOICE.actions["accept"]
    assert accept.poll is not None
    results = replace(accept.poll.results, ok=("UP", 200))
    actions = {"accept": replace(accept, poll=replace(accept.poll, results=results))}

    async def work(adapter: MappedNorthbound) -> list[str]:
        begun = await adapter.act("accept", {"activation_key": "k"})
        return [(await adapter.poll(str(begun.operation))).result for _ in range(2)]

    api = Api((200, {"id": "u-1"}), (200, {"phase": "WAIT"}), (200, {}))
    assert api.ask(work, replace(CHOICE, actions=actions)) == ["running", "ok"]


def test_an_unknown_operation_is_told() -> None:
    with pytest.raises(NorthboundError, match="want an operation that was begun here, got 'accept:9'"):
        Api().ask(lambda adapter: adapter.poll("accept:9"))


def test_what_can_be_mended_is_told() -> None:
    def told(*answers: Answer | Exception, action: str = "offer", **inputs: Any) -> str:
        with pytest.raises(NorthboundError) as caught:
            Api(*answers).ask(lambda adapter: adapter.act(action, OFFER | inputs))
        return str(caught.value)

    url = "POST http://acme.test/api/links/a%2Fb%20c"
    assert told(httpx.ConnectError("Connection refused")) == (
        f"northbound.actions.offer: {url}: want an answer, got no connection: Connection refused"
    )
    assert told(httpx.ReadTimeout("")) == f"northbound.actions.offer: {url}: want an answer, got no answer in time"
    assert told((500, b"boom")) == (
        f"northbound.actions.offer: {url}?trace=on&as=X -> 500 'boom': want 2xx or 4xx, or this status listed under result"
    )
    assert told((200, {"state": "ISSUED", "link": {"id": "u"}})).startswith(
        "northbound.actions.offer.outputs.activation_key: want a value at $.link.key, got none in "
    )
    assert told(environment=None) == (
        "northbound.actions.offer: want a value for {environment}, got none from this scenario; make it a text of its own, "
        "which is left out then"
    )


def test_a_poll_that_is_refused_is_no_failure_of_the_operation() -> None:
    async def work(adapter: MappedNorthbound) -> Answered:
        begun = await adapter.act("accept", {"activation_key": "k"})
        return await adapter.poll(str(begun.operation))

    with pytest.raises(NorthboundError, match=r"accept.poll: GET http://acme.test/api/links/u-1 -> 401 .* want 2xx"):
        Api((200, {"id": "u-1"}), (401, b"who?")).ask(work)


# whose credential is shown, by who asks
CREDENTIALS = {
    "the customer's own": ("offers", "customer-1", "Bearer of-x"),
    "another customer's": ("offers", "Y", "Bearer of-y"),
    "nobody's": ("offers", None, None),
    "a stranger's": ("offers", "S", None),
    "the operator's": ("set_quota", "customer-1", "Bearer operator-token"),
}


@pytest.mark.parametrize("name", CREDENTIALS)
def test_an_account_shows_its_own_credential(name: str) -> None:
    action, account, shown = CREDENTIALS[name]
    choice = replace(CHOICE, accounts={"X": Outbound("bearer", "of-x"), "Y": Outbound("bearer", "of-y")})
    api = Api((200, {}))
    api.ask(lambda adapter: adapter.act(action, {"account": account, "connections": 1}), choice, {"X": "customer-1"})
    assert api.asked[0].headers.get("authorization") == shown
