"""Wire twists: what a party says is altered on its way out, where no choice of the reference expresses a vice.

The party behind goes on as it believes to have answered; everybody else sees what it said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from reference_impl.kernel.operation import Recognizer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a twist sees it. ``operation`` is None where the protocol knows none; ``body`` is JSON, or None."""

    operation: str | None
    method: str
    path: str
    query: Mapping[str, str]
    body: Any


Answer = tuple[int, Any]
"""A status and a JSON body; None: no body."""


@dataclass(frozen=True, slots=True)
class Twist:
    """``answers`` makes of a request and the party's answer the one that is given; ``calls`` makes of the path of a call of
    the party those that are called, of which the last one counts; ``sends`` makes of the JSON body of a call the one that
    is sent."""

    answers: Callable[[Asked, Answer], Answer] | None = None
    calls: Callable[[str], tuple[str, ...]] | None = None
    sends: Callable[[Any], Any] | None = None

    def caller(self, inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        """The way of the party's calls."""
        inner = inner if self.sends is None else _Bodies(self.sends, inner)
        return inner if self.calls is None else _Calls(self.calls, inner)

    def app(self, inner: Any, recognizer: Recognizer) -> Any:
        """The party's app."""
        return inner if self.answers is None else _App(self.answers, inner, recognizer)


class _Calls(httpx.AsyncBaseTransport):
    def __init__(self, calls: Callable[[str], tuple[str, ...]], inner: httpx.AsyncBaseTransport) -> None:
        self._calls, self._inner = calls, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path, mark, query = request.url.raw_path.decode().partition("?")
        *others, last = self._calls(path)
        content = await request.aread()
        for other in others:
            url = request.url.copy_with(raw_path=f"{other}{mark}{query}".encode())
            more = httpx.Request(request.method, url, headers=request.headers, content=content)
            await (await self._inner.handle_async_request(more)).aread()
        request.url = request.url.copy_with(raw_path=f"{last}{mark}{query}".encode())
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Bodies(httpx.AsyncBaseTransport):
    def __init__(self, sends: Callable[[Any], Any], inner: httpx.AsyncBaseTransport) -> None:
        self._sends, self._inner = sends, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = _json(await request.aread())
        if body is not None and not request.extensions.get("ours"):  # what the harness says in its name stays
            request = httpx.Request(
                request.method,
                request.url,
                headers=[(name, value) for name, value in request.headers.raw if name.lower() != b"content-length"],
                content=_bytes(self._sends(body)),
                extensions=request.extensions,
            )
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _App:
    """An ASGI app that answers for another one."""

    def __init__(self, answers: Callable[[Asked, Answer], Answer], inner: Any, recognizer: Recognizer) -> None:
        self._answers, self._inner, self._recognizer = answers, inner, recognizer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        asked, said = b"", b""
        start: dict[str, Any] = {}

        async def heard() -> Any:
            nonlocal asked
            message = await receive()
            asked += message.get("body", b"")
            return message

        async def answered(message: Any) -> None:
            nonlocal said
            if message["type"] == "http.response.start":
                start.update(message)
                return
            said += message.get("body", b"")
            if message.get("more_body"):
                return
            status, content = self._twisted(scope, asked, start["status"], said)
            headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
            headers.append((b"content-length", str(len(content)).encode()))
            await send(start | {"status": status, "headers": headers})
            await send({"type": "http.response.body", "body": content})

        await self._inner(scope, heard, answered)

    def _twisted(self, scope: Any, asked: bytes, status: int, said: bytes) -> tuple[int, bytes]:
        found = self._recognizer.find(scope["method"], scope["path"])
        request = Asked(
            found[0].id if found else None,
            scope["method"],
            scope["path"],
            dict(httpx.QueryParams(scope["query_string"].decode())),
            _json(asked),
        )
        before = (status, _json(said))
        after = self._answers(request, before)
        return (status, said) if after == before else (after[0], _bytes(after[1]))


def _bytes(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def answering(operation: str, change: Callable[[Asked, Answer], Answer]) -> Twist:
    """Answers to one operation only are altered."""
    return Twist(lambda asked, answer: change(asked, answer) if asked.operation == operation else answer)


def showing(operations: tuple[str, ...], change: Callable[[Any], Any]) -> Twist:
    """What a success of these operations shows is altered."""
    return Twist(
        lambda asked, answer: (
            (answer[0], change(answer[1])) if asked.operation in operations and answer[0] < 300 else answer
        )
    )
