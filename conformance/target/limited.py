"""The way to a target: an answer has a largest size and a latest end, whatever comes."""

from __future__ import annotations

import asyncio
import json
import ssl
from typing import Any

import httpx

LARGEST = 16 * 1024 * 1024
"""Bytes of an answer, once it is unpacked. A page of 1000 issues is below 1 MiB (CC-ISSUE-004)."""

_OF_THE_WAY = ("content-encoding", "content-length", "transfer-encoding")


class Limited(httpx.AsyncBaseTransport):
    """The network. An answer comes whole within the client's limit for reading, or as httpx.TransportError, which says what
    is wrong with it."""

    def __init__(self, verify: ssl.SSLContext | bool = True) -> None:
        self._network = httpx.AsyncHTTPTransport(verify=verify)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        came = "no answer"
        try:
            async with asyncio.timeout(seconds):
                response = await self._network.handle_async_request(request)
                came = "no end of the answer"
                return await _whole(request, response)
        except (TimeoutError, httpx.ReadTimeout) as problem:
            raise httpx.ReadTimeout(f"{came} in {seconds:g} s", request=request) from problem

    async def aclose(self) -> None:
        await self._network.aclose()


async def _whole(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The response with its whole body, unpacked."""
    response.request = request
    body = bytearray()
    try:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise httpx.ReadError(f"an answer of more than {LARGEST // 1024**2} MiB", request=request)
    except httpx.DecodingError as problem:
        why = f"the body is not the {response.headers['content-encoding']} that its header tells"
        raise httpx.RemoteProtocolError(why, request=request) from problem
    finally:
        await response.aclose()
    headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_WAY]
    return httpx.Response(response.status_code, headers=headers, content=bytes(body), request=request)


def document_of(response: httpx.Response) -> Any:
    """The body as JSON; None where it is none."""
    try:
        return json.loads(response.content) if response.content else None
    except (ValueError, RecursionError):
        return None


def why_not(problem: httpx.HTTPError) -> str:
    """Why there is no answer, in words for whoever looks after the target."""
    said = str(problem)
    match problem:
        case httpx.ReadTimeout() if said:
            return said
        case httpx.TimeoutException():
            return "no connection in time" if isinstance(problem, httpx.ConnectTimeout) else "no answer in time"
        case httpx.ConnectError():
            return f"no connection: {said}".removesuffix(": ")
        case httpx.RemoteProtocolError() if "without sending a response" in said:
            return "the connection ended without an answer"
        case httpx.RemoteProtocolError():
            return f"no proper HTTP: {said}"
        case httpx.NetworkError():
            return said or "the connection broke"
        case _:
            return f"{type(problem).__name__}: {said}".removesuffix(": ")
