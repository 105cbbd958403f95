"""How a scenario asks something of a seat's customer or operator side: the northbound adapter over HTTP.

Actions and outputs are those of coordinator-harness section 2 and federation-wire section 9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import httpx


@dataclass(frozen=True, slots=True)
class Answered:
    """How an action ended. ``unavailable``: the adapter does not offer it."""

    result: Literal["ok", "running", "refused", "failed", "unavailable"]
    reason: str | None = None
    operation: str | None = None
    outputs: dict[str, Any] = field(default_factory=dict)


class Northbound(Protocol):
    """One seat's customer and operator side."""

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered: ...

    async def poll(self, operation: str) -> Answered: ...

    async def state(self) -> dict[str, Any]: ...

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered: ...


class HttpNorthbound:
    """The northbound API of a reference party (``reference_impl.serve.northbound``)."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        return _read(await self._client.post(f"/actions/{action}", json=inputs))

    async def poll(self, operation: str) -> Answered:
        return _read(await self._client.get(f"/operations/{operation}"))

    async def state(self) -> dict[str, Any]:
        return _read(await self._client.get("/state")).outputs

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return _read(await self._client.post(f"/hooks/{hook}", json=inputs))


def _read(response: httpx.Response) -> Answered:
    try:
        shown = response.json()
    except ValueError:
        shown = {}
    if response.status_code >= 500:
        raise RuntimeError(f"northbound {response.request.url}: {response.status_code} {response.text[:200]}")
    if response.status_code >= 400:
        return Answered("refused", str(shown.get("detail", response.text[:200])))
    return Answered(
        shown.get("result", "ok"), shown.get("reason"), shown.get("operation"), dict(shown.get("outputs") or {})
    )
