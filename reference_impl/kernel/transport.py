"""Calls over HTTP: the one module of the reference that knows an HTTP client."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import httpx
from pydantic import ValidationError

from reference_impl.kernel.node import NoAnswer
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Call, Message

IDLE_SECONDS = 2
"""How long an idle connection is used again. Servers close theirs after five seconds or more: who sends just then cannot
tell whether it was heard."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a counterpart is and what to send it as credentials. ``headers`` are secrets."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class HttpTransport:
    """Sends calls to the counterparts that ``endpoint_of`` knows, and to nobody else.

    Redirects are not followed: a counterpart is called where it was configured.
    """

    def __init__(self, client: httpx.AsyncClient, endpoint_of: Callable[[Call], Endpoint | None]) -> None:
        self._client = client
        self._endpoint_of = endpoint_of

    async def send(self, call: Call, operation: Operation) -> tuple[int, Message | None]:
        endpoint = self._endpoint_of(call)
        if endpoint is None:
            raise NoAnswer(f"no counterpart {call.peer!r} is configured")
        headers = dict(endpoint.headers)
        content = None
        if call.body is not None:
            headers["content-type"] = "application/json"
            content = call.body.model_dump_json(exclude_none=True).encode()
        try:
            response = await self._client.request(
                operation.method,
                endpoint.url.rstrip("/") + operation.url(dict(call.path)),
                params=dict(call.query) or None,
                headers=headers,
                content=content,
                follow_redirects=False,
            )
        except (httpx.RequestError, httpx.InvalidURL) as problem:
            raise NoAnswer(str(problem) or type(problem).__name__) from problem
        if not 200 <= response.status_code < 300 or operation.response is None:
            return response.status_code, None
        try:
            return response.status_code, operation.response.model_validate_json(response.content or b"{}")
        except ValidationError:
            return response.status_code, None


def http_client(
    answer_seconds: float = 10,
    tls: ssl.SSLContext | None = None,
    tls_of: Mapping[str, ssl.SSLContext] = MappingProxyType({}),
) -> httpx.AsyncClient:
    """A client for the calls of one party; no answer in that time is NoAnswer (federation-wire, section 2).

    ``tls`` verifies servers and shows our certificate; ``tls_of`` does so for single origins such as
    ``https://b.example:8443``.
    """
    pool = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=IDLE_SECONDS)
    return httpx.AsyncClient(
        timeout=answer_seconds,
        trust_env=False,
        verify=True if tls is None else tls,
        limits=pool,
        mounts={origin: httpx.AsyncHTTPTransport(verify=context, limits=pool) for origin, context in tls_of.items()},
    )
