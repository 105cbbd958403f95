"""What a served party tells about its requests: one JSON line for each, and the numbers behind ``/metrics``.

A line names the operation, never the path, and holds no header and no body; so no secret can be in it. The routes
note what they know on the request's ``Exchange``; ``Watched`` around an app makes a line and a count of it.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "x-request-id"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SCOPE = "interlock.exchange"

Tell = Callable[[Mapping[str, Any]], None]
"""Takes one line of the log as an object."""


@dataclass(slots=True)
class Exchange:
    """What is known of a request, as its route learns it: the operation, who asks, which connection it is about."""

    request_id: str = ""
    operation: str = ""
    counterpart: str = ""
    connection: str = ""

    def about(self, connection: object) -> None:
        """Remember a connection id, if it looks like one."""
        if isinstance(connection, str) and _SANE.fullmatch(connection):
            self.connection = connection


def exchange_of(scope: Mapping[str, Any]) -> Exchange:
    """The exchange of a request; one that nobody reads where the app is not watched."""
    found = scope.get(_SCOPE)
    return found if isinstance(found, Exchange) else Exchange()


def to_stderr(line: Mapping[str, Any]) -> None:
    sys.stderr.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
    sys.stderr.flush()


def to_nobody(line: Mapping[str, Any]) -> None:
    """A party that is embedded keeps silent."""


class Kept:
    """Takes the lines of a log, keeps the newest ones for the operator, and passes all of them on."""

    def __init__(self, tell: Tell = to_nobody, lines: int = 10_000) -> None:
        self._tell = tell
        self._lines: deque[str] = deque(maxlen=lines)

    def __call__(self, line: Mapping[str, Any]) -> None:
        self._lines.append(json.dumps(line, ensure_ascii=True, separators=(",", ":")))
        self._tell(line)

    async def logs(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The action ``logs``: the lines from the moment ``since`` (RFC 3339, UTC) on, or all that are kept."""
        since = str(inputs.get("since", ""))
        return {"text": "\n".join(line for line in self._lines if json.loads(line)["time"] >= since)}


Numbers = Callable[[], Mapping[str, Mapping[str, int]]]
"""How many things there are by kind and state, such as ``{"connections": {"established": 3}}``."""


class Metrics:
    """The Prometheus numbers of one party, in a registry of their own."""

    def __init__(self, numbers: Numbers) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "interlock_requests", "Requests answered", ["side", "operation", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "interlock_request_seconds", "Seconds until the answer", ["side", "operation"], registry=self.registry
        )
        self.registry.register(_Gauges(numbers))

    def count(self, side: str, operation: str, status: int, seconds: float | None = None) -> None:
        self._requests.labels(side, operation, str(status)).inc()
        if seconds is not None:
            self._seconds.labels(side, operation).observe(seconds)

    def text(self) -> tuple[bytes, str]:
        """The exposition and its media type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


class _Gauges(Collector):
    """The numbers as they are when somebody asks."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def collect(self) -> Iterable[Metric]:
        for kind, states in self._numbers().items():
            family = GaugeMetricFamily(
                f"interlock_{kind}", f"How many {kind.replace('_', ' ')} there are", labels=["state"]
            )
            for state, number in states.items():
                family.add_metric([state], number)
            yield family


@dataclass(frozen=True, slots=True)
class Journal:
    """Where the lines and the counts of one party go."""

    party: str
    tell: Tell
    metrics: Metrics

    def note(self, side: str, exchange: Exchange, status: int, seconds: float | None) -> None:
        self.metrics.count(side, exchange.operation or "none", status, seconds)
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "party": self.party,
            "side": side,
            "request": exchange.request_id,
            "operation": exchange.operation,
            "counterpart": exchange.counterpart,
            "connection": exchange.connection,
            "status": status,
            "ms": None if seconds is None else round(seconds * 1000, 1),
        }
        self.tell({name: value for name, value in line.items() if value not in ("", None)})

    def refused(self, side: str) -> Callable[[int], None]:
        """Hears what is refused before any app sees it."""
        return lambda status: self.note(side, Exchange(), status, None)


class Watched:
    """An app whose requests are told to the journal; each answer carries its request's ``X-Request-Id``."""

    def __init__(self, app: ASGIApp, side: str, journal: Journal) -> None:
        self._app = app
        self._side = side
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(_request_id(scope))
        scope[_SCOPE] = exchange
        begun, status = perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])[REQUEST_ID] = exchange.request_id
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:  # 0: no answer was begun, the client or the server went away
            self._journal.note(self._side, exchange, status, perf_counter() - begun)


def _request_id(scope: Scope) -> str:
    """The client's own id if it is sane, else a fresh one."""
    given = [value for name, value in scope["headers"] if name == REQUEST_ID.encode()]
    text = given[0].decode("latin-1") if len(given) == 1 else ""
    return text if _SANE.fullmatch(text) else str(uuid.uuid4())
