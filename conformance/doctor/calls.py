"""East/west requests by hand, for the doctor: no schedule, no trace, each answer or why there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from conformance.doctor.findings import Finding, bad, ok, warn
from conformance.target import Outbound, Part, Target
from conformance.target.limited import Limited, document_of, why_not
from conformance.target.sending import auth_of, tls_of

SKEW_WARN, SKEW_BAD = 5, 300
"""Seconds between the clocks; certificates and signatures stop working beyond some minutes."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came back: a response, or the reason why there is none."""

    request: str
    response: httpx.Response | None = None
    problem: str = ""

    @property
    def status(self) -> int:
        return self.response.status_code if self.response is not None else 0

    @property
    def document(self) -> Any:
        """The body as JSON; None where it is none."""
        return document_of(self.response) if self.response is not None else None

    def told(self) -> str:
        if self.response is None:
            return f"{self.request} -> {self.problem}"
        elsewhere = self.response.headers.get("location", "") if self.response.is_redirect else ""
        said = f"to {elsewhere}" if elsewhere else " ".join(self.response.text[:1000].split())[:120]
        return f"{self.request} -> {self.status} {said}".rstrip()


class Calls:
    """Requests to one target, as one of our parts; close it with its stack."""

    def __init__(self, target: Target, part: Part, closing: AsyncExitStack) -> None:
        self.target = target
        self.outbound: Outbound = target.auth.out(part)
        self.seconds = target.timeouts["answer"] / 1000
        network = Limited(tls_of(self.outbound, target.auth.trust))
        self._client = httpx.AsyncClient(transport=network, timeout=self.seconds, trust_env=False)
        closing.push_async_callback(self._client.aclose)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        credential: Outbound | None = None,
        json: Any = None,
        base: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Came:
        """Ask with our own credential, or with another one."""
        url = (base or self.target.base_url) + path
        auth = auth_of(self.outbound if credential is None else credential)
        request = self._client.build_request(method, url, json=json, headers=headers)
        try:
            return Came(f"{method} {url}", await self._client.send(request, auth=auth))
        except httpx.HTTPError as problem:
            return Came(f"{method} {url}", problem=why_not(problem))


def clock_of(came: Came, now: Callable[[], float] = time.time) -> Finding:
    """The target's clock against ours, by the header Date."""
    said = came.response.headers.get("date", "") if came.response is not None else ""
    try:
        theirs = parsedate_to_datetime(said).timestamp()
    except (ValueError, TypeError):
        found = f"a header Date of {said!r}" if said else "no header Date"
        return warn(
            "clock", f"{found} in {came.request}", "let the target send Date, so that its clock can be compared"
        )
    skew = round(theirs - now())
    side = "ahead of" if skew > 0 else "behind"
    if abs(skew) > SKEW_BAD:
        return bad("clock", f"{abs(skew)} s {side} ours", "set the clocks of both machines, by NTP")
    if abs(skew) > SKEW_WARN:
        return warn("clock", f"{abs(skew)} s {side} ours", "set the clocks of both machines, by NTP")
    return ok("clock", "the same as ours, to a few seconds")
