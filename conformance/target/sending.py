"""Credentials at work: what goes along with a request to the target, and by whom its servers are vouched for."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from pathlib import Path

import httpx

from conformance.target.records import Outbound, SigV4
from reference_impl.serve.tls import Tls, client_context


class MissingExtra(Exception):
    """A part of the installation is missing; says how to install it."""


class Header(httpx.Auth):
    """One header of every request."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._name] = self._value
        yield request


class Signed(httpx.Auth):
    """AWS Signature Version 4 over method, path, query, host, body and what ``content-type`` says."""

    requires_request_body = True

    def __init__(self, how: SigV4) -> None:
        try:
            from botocore.auth import SigV4Auth
            from botocore.awsrequest import AWSRequest
            from botocore.credentials import Credentials
        except ImportError as problem:
            why = "AWS signatures need the extra aws: pip install 'interlock-harness[aws]'"
            raise MissingExtra(why) from problem
        self._request = AWSRequest
        credentials = Credentials(how.access_key, how.secret_key, how.session_token or None)
        self._signer = SigV4Auth(credentials, how.service, how.region)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        kept = {name: request.headers[name] for name in ("host", "content-type") if name in request.headers}
        made = self._request(request.method, str(request.url), headers=kept, data=request.content)
        self._signer.add_auth(made)
        for name in ("Authorization", "X-Amz-Date", "X-Amz-Security-Token"):
            if name in made.headers:
                request.headers[name] = made.headers[name]
        yield request


SIGN_HERE = "AWS4-HMAC-SHA256"
"""The value of ``authorization`` in whose place ``Signing`` puts a signature."""


class Signing(httpx.AsyncBaseTransport):
    """Signs what leaves and asks for it by ``SIGN_HERE``; everything else goes as it is, such as a request without any
    credential or with a wrong one."""

    def __init__(self, how: SigV4, inner: httpx.AsyncBaseTransport) -> None:
        self._auth, self._inner = Signed(how), inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") == SIGN_HERE:
            await request.aread()
            request = next(self._auth.auth_flow(request))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def auth_of(outbound: Outbound, key: str = "") -> httpx.Auth | None:
    """What is added to each request. ``key`` is the one that was arranged with a federation partner; it goes into both
    headers (FI-AUTH-001). Raises MissingExtra."""
    if outbound.kind == "bearer":
        return Header("authorization", f"Bearer {outbound.secret}")
    if outbound.kind == "header":
        return Header(outbound.header, outbound.secret)
    if outbound.kind == "sigv4" and outbound.sigv4 is not None:
        return Signed(outbound.sigv4)
    if outbound.kind == "arranged" and key:
        return Both(key)
    return None


class Both(httpx.Auth):
    """A federation's key as bearer token and as x-api-key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = f"Bearer {self._key}"
        request.headers["x-api-key"] = self._key
        yield request


def tls_of(outbound: Outbound, trust: Path | None, *, least: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """For calls to the target: its servers are verified by ``trust`` or by the system's authorities, our certificate is
    shown where one is given. East/west ``least`` is TLS 1.3 (CC-SEC-001, FI-AUTH-011)."""
    context = client_context(Tls(outbound.certificate, outbound.key, trust=trust))
    context.minimum_version = least
    return context
