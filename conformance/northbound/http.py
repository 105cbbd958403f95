"""The generic HTTP adapter: any customer or operator API, mapped action by action in the target file."""

from __future__ import annotations

import itertools
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from conformance.northbound.answered import Answered, Lacks, NorthboundError, Outcome, lacking
from conformance.northbound.templates import Missing, filled, flat, found, spelled, text, translated
from conformance.target.limited import Limited, document_of, why_not
from conformance.target.records import Ask, HttpAction, HttpChoice, Mapped, Outbound, Poll, Results
from conformance.target.sending import auth_of, tls_of
from conformance.target.vocabulary import described

UNAUTHENTICATED = Outbound()


@dataclass(frozen=True, slots=True)
class _Operation:
    """What is known of a long action: how to poll it, with which values, and until when."""

    action: str
    poll: Poll
    values: Mapping[str, Any]
    outputs: Mapping[str, Any]
    account: str
    end: float


class MappedNorthbound:
    """Use it in one event loop, and ``aclose`` it there.

    ``client_of`` makes the client that shows the certificate of a credential; ``now`` is a clock in seconds.
    ``accounts`` are the letters of the scenarios by the target's own names for them.
    """

    def __init__(
        self,
        choice: HttpChoice,
        protocol: str,
        accounts: Mapping[str, str],
        client_of: Callable[[Outbound], httpx.AsyncClient] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._choice = choice
        self._protocol = protocol
        self._letters = {own: letter for letter, own in accounts.items()}
        self._client_of = client_of or self._client
        self._clients: dict[Outbound, httpx.AsyncClient] = {}
        self._auth: dict[Outbound, httpx.Auth | None] = {}
        self._now = now
        self._operations: dict[str, _Operation] = {}
        self._numbers = itertools.count(1)

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        how = self._choice.actions.get(action)
        return lacking(action) if how is None else await self._do(f"actions.{action}", action, how, inputs)

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        how = self._choice.hooks.get(hook)
        return lacking(hook) if how is None else await self._do(f"hooks.{hook}", hook, how, inputs)

    async def state(self) -> dict[str, Any]:
        if not self._choice.state:
            raise Lacks("adapter lacks state")
        made: dict[str, Any] = {}
        for number, how in enumerate(self._choice.state):
            where = f"northbound.state.{number}" if len(self._choice.state) > 1 else "northbound.state"
            response, document = await self._send(where, how.ask, {}, "operator")
            if _judged(where, how.results, response, document)[0] != "ok":
                raise NorthboundError(f"{where}: {_told(response)}: want the state")
            made |= _outputs(where, how.outputs, document, (), response)
        return made

    async def poll(self, operation: str) -> Answered:
        known = self._operations.get(operation)
        if known is None:
            raise NorthboundError(f"northbound: want an operation that was begun here, got {operation!r}")
        where, poll = f"northbound.actions.{known.action}.poll", known.poll
        response, document = await self._send(where, poll.ask, known.values, known.account)
        result = _judged(where, poll.results, response, document, polled=True)[0]
        if result == "running":
            over = self._now() >= known.end
            why = f"still running after {poll.timeout_ms / 1000:g} s ({where}.timeout)" if over else None
            return Answered("running", why, operation, again_ms=poll.interval_ms)
        outputs = _outputs(where, poll.outputs, document, (), response) if result == "ok" else {}
        reason = _reason(poll.results, response, document, result)
        return Answered(result, reason, outputs=dict(known.outputs) | outputs)

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    # --- one request ----------------------------------------------------------------------------------------------

    async def _do(self, place: str, name: str, how: HttpAction, inputs: Mapping[str, Any]) -> Answered:
        where = f"northbound.{place}"
        given = {key: each for key, each in inputs.items() if each not in (None, "")}
        values = translated(given, self._choice.values, self._choice.units)
        row = described(self._protocol, name)
        account = str(inputs.get("account") or "") if row is None or row.asked_by == "customer" else "operator"
        response, document = await self._send(where, how.ask, values, account)
        result, told = _judged(where, how.results, response, document)
        if result not in ("ok", "running"):
            return Answered(result, _reason(how.results, response, document, result))
        needed = tuple(each.name for each in row.outputs if each.required) if row is not None else ()
        outputs = _outputs(where, how.outputs, document, needed, response)
        if how.poll is None or (result == "ok" and told):
            return Answered("ok", outputs=outputs)
        handle = f"{name}:{next(self._numbers)}"
        end = self._now() + how.poll.timeout_ms / 1000
        self._operations[handle] = _Operation(name, how.poll, values | outputs, outputs, account, end)
        return Answered("running", None, handle, outputs, how.poll.interval_ms)

    async def _send(self, where: str, ask: Ask, values: Mapping[str, Any], account: str) -> tuple[httpx.Response, Any]:
        credential = self._credential(account)
        if credential not in self._auth:
            self._auth[credential] = auth_of(credential)
        try:
            url = self._choice.base_url + text(ask.path, values, path=True)
            body = filled(ask.body, values)
            content: dict[str, Any] = {} if body is None else {"data": flat(body, {})} if ask.form else {"json": body}
            headers = dict(self._choice.headers) | flat(ask.headers, values)
            request = self._client_of(credential).build_request(
                ask.method, url, params=flat(ask.query, values) or None, headers=headers, **content
            )
        except Missing as problem:
            raise NorthboundError(
                f"{where}: want a value for {{{problem}}}, got none from this scenario; make it a text of its own, "
                "which is left out then"
            ) from None
        try:
            response = await self._client_of(credential).send(request, auth=self._auth[credential])
        except httpx.HTTPError as problem:
            raise NorthboundError(f"{where}: {ask.method} {url}: want an answer, got {why_not(problem)}") from problem
        return response, document_of(response)

    def _credential(self, account: str) -> Outbound:
        """Of the account that asks, where accounts have credentials of their own; else of all."""
        if account == "operator" or not self._choice.accounts:
            return self._choice.credential
        return self._choice.accounts.get(self._letters.get(account, account), UNAUTHENTICATED)

    def _client(self, credential: Outbound) -> httpx.AsyncClient:
        if credential not in self._clients:
            self._clients[credential] = httpx.AsyncClient(
                transport=Limited(tls_of(credential, self._choice.trust, least=ssl.TLSVersion.TLSv1_2)),
                timeout=self._choice.timeout_ms / 1000,
                trust_env=False,
            )
        return self._clients[credential]


# --- what an answer says --------------------------------------------------------------------------------------------


def _judged(
    where: str, results: Results, response: httpx.Response, document: Any, *, polled: bool = False
) -> tuple[Outcome, bool]:
    """The result of an answer, and whether the target file says so of its value or its status."""
    meanings: tuple[tuple[Outcome, tuple[int | str, ...]], ...] = (
        ("ok", results.ok),
        ("running", results.running),
        ("refused", results.refused),
        ("failed", results.failed),
    )
    if results.path and (value := found(Mapped(results.path), document)) is not None:
        for meaning, values in meanings:
            if spelled(value) in values:
                return meaning, True
        if polled and response.is_success:
            return "running", True
    for meaning, statuses in meanings:
        if response.status_code in statuses:
            return meaning, True
    if response.is_success:
        return ("running" if polled and results.path else "ok"), False
    if response.is_client_error and not polled:
        return "refused", False
    want = "2xx" if polled else "2xx or 4xx"
    raise NorthboundError(f"{where}: {_told(response)}: want {want}, or this status listed under result")


def _reason(results: Results, response: httpx.Response, document: Any, result: Outcome) -> str | None:
    """The sentence for people where something was not done."""
    if result in ("ok", "running"):
        return None
    if results.reason and (said := found(Mapped(results.reason), document)) is not None:
        return spelled(said)
    if isinstance(document, dict):
        for member in ("detail", "message", "reason", "error", "title"):
            if isinstance(document.get(member), str):
                return str(document[member])
    return f"{response.status_code} {response.text[:200]}".strip()


def _outputs(
    where: str, mapped: Mapping[str, Mapped], document: Any, needed: tuple[str, ...], response: httpx.Response
) -> dict[str, Any]:
    """What the answer gives. NorthboundError where a mapped output that the action owes is not in it."""
    made = {}
    for name, how in mapped.items():
        value = found(how, document, response.headers)
        if value is not None:
            made[name] = value
        elif name in needed:
            at = f"in the header {how.header}" if how.header else f"at {how.path}"
            raise NorthboundError(f"{where}.outputs.{name}: want a value {at}, got none in {_told(response)}")
    return made


def _told(response: httpx.Response) -> str:
    request = response.request
    return f"{request.method} {request.url} -> {response.status_code} {response.text[:200]!r}"
