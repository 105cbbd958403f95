"""What a supervisor asks on the northbound port, without a token: does it live, can it work, its numbers."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from reference_impl.kernel.node import Node
from reference_impl.kernel.operation import Operation
from reference_impl.serve.answers import Answering, json_response
from reference_impl.serve.journal import Metrics, exchange_of

PROBES = (
    Operation("Healthz", "GET", "/healthz", summary="Does the process answer? Needs no token"),
    Operation("Readyz", "GET", "/readyz", summary="Can the party work: does its store take a write? Needs no token"),
    Operation("Metrics", "GET", "/metrics", summary="Numbers in the Prometheus text format. Needs no token"),
)


class Probes:
    """The three answers of one Node. ``now`` in seconds."""

    def __init__(self, node: Node, metrics: Metrics, now: Callable[[], float] = time.monotonic) -> None:
        self._node = node
        self._metrics = metrics
        self._now = now
        self._known: tuple[float, bool] | None = None

    @property
    def answers(self) -> dict[str, Answering]:
        return {"Healthz": self.healthz, "Readyz": self.readyz, "Metrics": self.metrics}

    async def healthz(self, request: Request) -> Response:
        exchange_of(request.scope).operation = "Healthz"
        return json_response({"status": "ok"})

    async def readyz(self, request: Request) -> Response:
        exchange_of(request.scope).operation = "Readyz"
        if await self._usable():
            return json_response({"status": "ready"})
        return json_response({"status": "the store does not take a write; the log knows more"}, 503)

    async def metrics(self, request: Request) -> Response:
        exchange_of(request.scope).operation = "Metrics"
        text, media_type = self._metrics.text()
        return Response(text, headers={"content-type": media_type})

    async def _usable(self) -> bool:
        """The store is tried at most once a second, whoever asks how often: nobody can wear the disk down. A change that
        it did not keep counts at once, and until it keeps one."""
        if self._known is None or self._now() - self._known[0] >= 1:
            last = self._known is not None and self._known[1]
            self._known = (self._now(), last)  # what those are told who ask meanwhile
            self._known = (self._known[0], await self._node.keeps())
        return self._known[1] and self._node.healthy
