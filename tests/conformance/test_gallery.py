"""The gallery leaves nothing out: each demand that the wire can show has a mutant, and twists do what they say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from conformance.gallery import mutants
from conformance.mutants.correct import CORRECT
from conformance.mutants.without import WITHOUT
from conformance.requirements import Level, load_registry
from conformance.twist import Answer, Asked, Twist, answering, showing
from reference_impl.connection_coordinator.operations import OPERATIONS
from reference_impl.kernel.operation import Recognizer

PATH = "/providers/csp-b/environments"


def shown_on_the_wire() -> set[str]:
    """The MUSTs of both protocols that some check on the wire can judge."""
    return {
        each.id
        for each in load_registry().select()
        if each.level is Level.MUST
        and "wire" in each.observable
        and any(check.untestable is None for check in each.checks)
    }


def caught() -> set[str]:
    return {each.caught_by.partition("/")[0] for each in mutants()}


def test_every_demand_on_the_wire_has_a_mutant_or_a_reason() -> None:
    assert sorted(shown_on_the_wire() - caught() - WITHOUT.keys()) == []


def test_reasons_are_given_for_what_has_no_mutant_only() -> None:
    assert sorted(WITHOUT.keys() & caught()) == []
    assert sorted(WITHOUT.keys() - shown_on_the_wire()) == []


def test_mutants_name_checks_and_seats_that_there_are() -> None:
    registry = load_registry()
    for each in mutants():
        check = registry.check(each.caught_by)
        assert registry.requirements[check.requirement].protocol == each.protocol, each.id
        assert check.untestable is None, each.id


def test_vices_and_virtues_are_told_apart() -> None:
    vices = [each.vice for each in mutants()]
    assert len(set(vices)) >= len(vices) * 0.95
    assert len({each.id for each in CORRECT}) == len(CORRECT) >= 12
    assert not {each.id for each in CORRECT} & {each.id for each in mutants()}


def test_a_correct_variant_takes_a_reading_that_there_is() -> None:
    errata = load_registry().errata
    assert [each.id for each in CORRECT if each.erratum and each.erratum not in errata] == []


def answered(twist: Twist, status: int, body: bytes, path: str = PATH, method: str = "GET") -> httpx.Response:
    """What comes of an answer of a party with this twist."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"x", b"y"), (b"content-length", b"9")]}
        )
        await send({"type": "http.response.body", "body": body[:3], "more_body": True})
        await send({"type": "http.response.body", "body": body[3:]})

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=twist.app(app, Recognizer(OPERATIONS.values())))
        async with httpx.AsyncClient(transport=transport, base_url="http://a.test") as client:
            return await client.request(method, path, params={"pageSize": "1"}, json={"a": 1})

    return asyncio.run(asked())


def test_a_twist_alters_one_operation_and_leaves_the_others_alone() -> None:
    seen: list[Asked] = []

    def change(asked: Asked, answer: Answer) -> Answer:
        seen.append(asked)
        return 404, {"was": answer}

    twist = answering("ListEnvironments", change)
    there = answered(twist, 200, b'{"environments": []}')
    assert (there.status_code, there.json(), there.headers["x"]) == (404, {"was": [200, {"environments": []}]}, "y")
    assert seen == [Asked("ListEnvironments", "GET", PATH, {"pageSize": "1"}, {"a": 1})]
    assert answered(twist, 200, b"not json", "/providers").content == b"not json"
    assert answered(twist, 405, b"", PATH, "DELETE").status_code == 405


def test_a_twist_of_what_is_shown_leaves_refusals_alone() -> None:
    twist = showing(("ListEnvironments",), lambda body: body | {"more": True})
    assert answered(twist, 200, b'{"a": 1}').json() == {"a": 1, "more": True}
    assert answered(twist, 404, b'{"a": 1}').json() == {"a": 1}


@pytest.mark.parametrize(
    ("calls", "want"),
    [
        (None, ["/a?q=1"]),
        (lambda path: (path + "b",), ["/ab?q=1"]),
        (lambda path: ("/first", path), ["/first?q=1", "/a?q=1"]),
    ],
)
def test_a_twist_of_calls_calls_what_it_says(calls: Callable[[str], tuple[str, ...]] | None, want: list[str]) -> None:
    seen: list[str] = []

    def hear(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.url.raw_path.decode()}")
        return httpx.Response(200, json={"n": len(seen)})

    async def call() -> Any:
        transport = Twist(calls=calls).caller(httpx.MockTransport(hear))
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.post("http://a.test/a?q=1", json={})).json()

    assert asyncio.run(call()) == {"n": len(want)}
    assert seen == want


@pytest.mark.parametrize(("ours", "sent"), [(False, {"a": 1, "more": True}), (True, {"a": 1})])
def test_a_twist_of_what_is_sent_leaves_alone_what_the_harness_sends(ours: bool, sent: dict[str, Any]) -> None:
    seen: list[Any] = []

    def hear(request: httpx.Request) -> httpx.Response:
        seen.append((request.extensions.get("ours", False), json.loads(request.content), request.headers["x"]))
        return httpx.Response(200, json={})

    async def call() -> None:
        transport = Twist(sends=lambda body: body | {"more": True}).caller(httpx.MockTransport(hear))
        async with httpx.AsyncClient(transport=transport) as client:
            await client.post("http://a.test/a", json={"a": 1}, headers={"x": "y"}, extensions={"ours": ours})

    asyncio.run(call())
    assert seen == [(ours, sent, "y")]
