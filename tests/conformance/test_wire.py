"""The wire: what is recorded of an exchange, and what each interception does to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, Literal

import httpx
import pytest

from conformance.tap import Hosts, Tap
from conformance.view import TraceView
from conformance.wire import ANSWER_LIMIT, Interception, Wire
from reference_impl.kernel.clock import VirtualClock
from reference_impl.kernel.operation import Operation, Recognizer
from reports.record import Fault, Lost, Request, Response
from reports.redact import Redactor, key_facts
from reports.trace import Trace

PING = Operation("Ping", "POST", "/things/{thing}/Ping")


class Stand:
    """A wire with one server, which counts what it handles."""

    def __init__(self) -> None:
        self.clock = VirtualClock(epoch=0)
        self.wire = Wire(self.clock, Redactor(b"k"), Trace(self.clock.now))
        self.handled: list[bytes] = []
        hosts = Hosts()
        hosts.place("http://b.test", self._app)
        self.wire.place("http://b.test", "b", "", Recognizer([PING]))
        self.client = httpx.AsyncClient(transport=Tap(self.wire, "a", hosts), timeout=None)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        self.handled.append(body)
        answer = json.dumps({"number": len(self.handled)}).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def ping(self, thing: str = "t1", **options: Any) -> httpx.Response:
        return await self.client.post(f"http://b.test/things/{thing}/Ping", **options)


def on_stand(work: Callable[[Stand], Coroutine[Any, Any, None]]) -> Stand:
    stand = Stand()
    asyncio.run(work(stand))
    return stand


def test_an_exchange_is_two_records_with_its_operation() -> None:
    async def work(stand: Stand) -> None:
        await stand.ping(json={"x": 1}, params={"q": "v"})

    stand = on_stand(work)
    request, response = stand.wire.trace
    assert isinstance(request, Request)
    assert isinstance(response, Response)
    assert (request.sender, request.receiver, request.operation) == ("a", "b", "Ping")
    assert (request.path, request.query, request.body) == ("/things/t1/Ping", {"q": "v"}, {"x": 1})
    assert (response.exchange, response.status, response.body) == (request.exchange, 200, {"number": 1})


def test_secrets_are_replaced_and_stay_equal() -> None:
    async def work(stand: Stand) -> None:
        key = "eyJ2ZXJzaW9uIjogMSwgImNvbm5lY3Rpb25TaXplTWJwcyI6IDEwMDB9"
        await stand.ping(json={"encodedKey": key})
        await stand.ping(json={"encodedKey": key})

    first, second = TraceView(on_stand(work).wire.trace[:]).exchanges("Ping")
    assert first.request.body == second.request.body
    facts = key_facts(first.request.body["encodedKey"])
    assert facts is not None
    assert facts.members == {"version": 1, "connectionSizeMbps": 1000}


def test_a_body_that_is_no_json_is_marked() -> None:
    async def work(stand: Stand) -> None:
        await stand.ping(content=b"{nonsense")

    request = on_stand(work).wire.trace[0]
    assert isinstance(request, Request)
    assert (request.body, request.malformed, request.size) == (None, True, 9)


@pytest.mark.parametrize(("action", "handled"), [("drop", 0), ("lose", 1)])
def test_silence_ends_after_the_answer_limit(action: Literal["drop", "lose"], handled: int) -> None:
    waited: list[int] = []

    async def work(stand: Stand) -> None:
        stand.wire.intercept(Interception(action, "Ping"))
        call = asyncio.create_task(stand.ping())
        await stand.clock.run(call.done, 60_000)
        waited.append(stand.clock.now())
        with pytest.raises(httpx.ReadTimeout):
            await call

    stand = on_stand(work)
    assert waited == [ANSWER_LIMIT]
    assert len(stand.handled) == handled
    assert [type(record) for record in stand.wire.trace] == [Request, Fault, Lost]


def test_an_answer_instead_of_the_receiver() -> None:
    async def work(stand: Stand) -> None:
        stand.wire.intercept(Interception("answer", "Ping", status=409, body={"no": "room"}))
        answers = [await stand.ping(), await stand.ping()]
        assert [each.status_code for each in answers] == [409, 200]

    assert len(on_stand(work).handled) == 1


def test_a_duplicate_is_handled_twice_and_the_second_answer_counts() -> None:
    async def work(stand: Stand) -> None:
        stand.wire.intercept(Interception("duplicate", "Ping"))
        assert (await stand.ping(content=b"x")).json() == {"number": 2}

    assert on_stand(work).handled == [b"x", b"x"]


@pytest.mark.parametrize(("action", "handled_while_held"), [("hold", 0), ("hold-answer", 1)])
def test_a_held_exchange_waits_for_its_release(action: Literal["hold", "hold-answer"], handled_while_held: int) -> None:
    async def work(stand: Stand) -> None:
        held = stand.wire.intercept(Interception(action, "Ping"))
        call = asyncio.create_task(stand.ping())
        assert await stand.clock.run(held.arrived.is_set, 1_000)
        assert (len(stand.handled), call.done()) == (handled_while_held, False)
        held.released.set()
        assert (await call).status_code == 200

    assert len(on_stand(work).handled) == 1


def test_an_interception_skips_matches_and_counts() -> None:
    async def work(stand: Stand) -> None:
        stand.wire.intercept(
            Interception("answer", "Ping", status=503, times=2, skip=1, match=lambda query, body: query.get("q") == "1")
        )
        statuses = [(await stand.ping(params={"q": q})).status_code for q in ("1", "0", "1", "1", "1")]
        assert statuses == [200, 200, 503, 503, 200]

    on_stand(work)


def test_nobody_at_an_unknown_origin() -> None:
    async def work(stand: Stand) -> None:
        with pytest.raises(httpx.ConnectError):
            await stand.client.post("http://elsewhere.test/x")

    lost = on_stand(work).wire.trace[-1]
    assert isinstance(lost, Lost)
    assert (lost.receiver, lost.operation, lost.why) == (
        "elsewhere",
        None,
        "no connection: nobody listens at elsewhere.test",
    )
