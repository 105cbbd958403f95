"""The northbound API of a reference party (docs/northbound.md), and of targets that have the same one."""

from __future__ import annotations

from typing import Any, Literal

import httpx

from conformance.northbound.answered import Answered, Lacks, NorthboundError, lacking
from conformance.target.limited import document_of, why_not


class HttpNorthbound:
    """Actions by name. One that the party does not know (404, and its list of actions says so) is unavailable."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        response = await self._ask("POST", f"/actions/{action}", inputs)
        if response.status_code == 404 and action not in await self.offered("actions"):
            return lacking(action)
        return _read(response)

    async def poll(self, operation: str) -> Answered:
        return _read(await self._ask("GET", f"/operations/{operation}"))

    async def state(self) -> dict[str, Any]:
        answered = _read(await self._ask("GET", "/state"))
        if answered.result != "ok":
            raise Lacks(f"adapter lacks state: {answered.reason}")
        return answered.outputs

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        response = await self._ask("POST", f"/hooks/{hook}", inputs)
        if response.status_code == 404 and hook not in await self.offered("hooks"):
            return lacking(hook)
        return _read(response)

    async def offered(self, what: Literal["actions", "hooks"]) -> list[str]:
        """The names of what the party offers; none where it does not tell."""
        document = document_of(await self._ask("GET", "/actions"))
        names = document.get(what) if isinstance(document, dict) else None
        return [str(each) for each in names] if isinstance(names, list) else []

    async def _ask(self, method: str, path: str, inputs: dict[str, Any] | None = None) -> httpx.Response:
        try:
            return await self._client.request(method, path, json=inputs)
        except httpx.HTTPError as problem:
            url = f"{str(self._client.base_url).rstrip('/')}{path}"
            raise NorthboundError(f"northbound {method} {url}: want an answer, got {why_not(problem)}") from problem


def _read(response: httpx.Response) -> Answered:
    shown = document_of(response)
    where = f"northbound {response.request.method} {response.request.url}"
    came = f"{response.status_code} {' '.join(response.text[:200].split())}".rstrip()
    if response.status_code >= 500:
        raise NorthboundError(f"{where}: want an answer, got {came}")
    if response.status_code >= 400:
        detail = shown.get("detail") if isinstance(shown, dict) else None
        return Answered("refused", str(detail or response.text[:200] or response.status_code))
    if "location" in response.headers and response.is_redirect:
        raise NorthboundError(f"{where}: want an answer, got {came} to {response.headers['location']}")
    if not isinstance(shown, dict) or shown.get("result") not in ("ok", "running", "failed"):
        raise NorthboundError(f"{where}: want a JSON object with result and outputs, got {came}")
    outputs = shown.get("outputs") or {}
    if not isinstance(outputs, dict):
        raise NorthboundError(f"{where}: want outputs as a JSON object, got {came}")
    reason, operation = (_text(shown.get(name)) for name in ("reason", "operation"))
    return Answered(shown["result"], reason, operation, dict(outputs))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
