"""Answers on their way out, and what every app does about the paths and the faults that no operation foresees."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_impl.kernel.operation import Operation, Recognizer
from reference_impl.kernel.party import Refusal
from reference_impl.serve.authentication import CHALLENGE

LOG = logging.getLogger("interlock.serve")

MakeError = Callable[[int, str], Response]
"""A protocol's error document as a response."""

Answering = Callable[[Request], Awaitable[Response]]

# In the raw path: encoded separators and control characters, parameters, backslashes; and in any of its segments dots.
_FORBIDDEN = re.compile(r"%2f|%5c|%3b|%25|%[01][0-9a-f]|%7f|[;\\]|//|[^\x21-\x7e]", re.IGNORECASE)
_DOTS = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)

JSON_TYPE = "application/json"

_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""Where Python's own phrases differ from version to version."""


def title_of(status: int) -> str:
    return _TITLES.get(status) or HTTPStatus(status).phrase


def json_response(content: Any, status: int = 200, media_type: str = JSON_TYPE) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(), status, media_type=media_type)


def headers_of(status: int) -> Mapping[str, str]:
    """What a status needs beside its document (federation-wire, section 5.1)."""
    if status == HTTPStatus.UNAUTHORIZED:
        return CHALLENGE
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return {"Connection": "close"}
    return {"Retry-After": "1"} if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) else {}


def answering(work: Answering, error: MakeError) -> Answering:
    """``work`` with its refusals and its faults made error documents."""

    async def answer(request: Request) -> Response:
        try:
            return await work(request)
        except Refusal as refusal:
            return error(refusal.status, refusal.detail)
        except ClientDisconnect:
            return error(400, "body: want all of it, got a part")
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # not this task was cancelled but the answer it waits for: the Node was restarted meanwhile
            return error(503, "this server was restarted before it could answer")
        except Exception as problem:
            log_fault(problem)
            return error(500, "a fault of this server; its log knows more")

    return answer


def log_fault(problem: Exception) -> None:
    """Where it happened and what kind it was; its message may hold what a caller sent."""
    where = "".join(traceback.format_tb(problem.__traceback__))
    LOG.error("unexpected %s\n%s", type(problem).__name__, where)


def unusable_path(scope: Scope) -> str | None:
    """Why a path is refused before it is routed: its segments could mean something else to somebody (400)."""
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    if _FORBIDDEN.search(raw):
        return (
            "path: want plain ids between single slashes, got an encoded separator, a control character or a parameter"
        )
    if _DOTS.search(raw):
        return "path: want plain ids, got a segment of dots"
    return None


class PlainPaths:
    """Middleware: refuses ambiguous paths, and answers for faults outside of the routes."""

    def __init__(self, app: ASGIApp, error: MakeError) -> None:
        self._app = app
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if (why := unusable_path(scope)) is not None:
            await self._error(400, why)(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as problem:
            if begun:
                raise
            log_fault(problem)
            await self._error(500, "a fault of this server; its log knows more")(scope, receive, send)


def bare_app(title: str, version: str, operations: Iterable[Operation], document: Any, error: MakeError) -> FastAPI:
    """An app without routes of its own but ``/openapi.json``, whose every error is the protocol's document."""
    app = FastAPI(title=title, version=version, redirect_slashes=False, docs_url=None, redoc_url=None)
    app.openapi = lambda: document  # type: ignore[method-assign] # FastAPI's own way to serve another document
    app.add_middleware(PlainPaths, error=error)
    recognizer = Recognizer(operations)

    async def not_routed(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = ", ".join(recognizer.methods(request.url.path) or ["GET"])
            response = error(status, f"method: want {allowed} on this path, got {request.method}")
            response.headers["Allow"] = allowed
            return response
        if status == HTTPStatus.NOT_FOUND:
            return error(status, "path: want one of those in /openapi.json, got another")
        return error(status, title_of(status))

    app.add_exception_handler(HTTPException, not_routed)
    return app
