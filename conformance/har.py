"""HAR files (HTTP Archive 1.2): what a browser, a proxy or a gateway wrote down, as a recording that monitors judge.

A HAR tells which host was asked, not who asked: of the two seats it is the other one. Whatever is a secret is replaced as
it is read.
"""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from conformance.names import Names
from conformance.recording import begin, end
from conformance.requirements import PROTOCOLS
from conformance.wire import LARGEST_KEPT
from reference_impl.kernel.operation import Recognizer
from reference_impl.serve.protocols import SERVED
from reports.record import AnyRecord, Lost, Request, Response
from reports.redact import Redactor
from reports.trace import Trace


class BadHar(ValueError):
    """The file is no HAR that can be judged; says what is wanted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seat is reached, and its id on the wire."""

    seat: str
    url: str
    id: str


def is_har(path: Path) -> bool:
    return path.suffix.lower() == ".har"


def places(seats: Mapping[str, str], ids: Mapping[str, str]) -> tuple[str, list[Place]]:
    """The protocol of two seats, and where they are: ``{"csp-a": "https://…", "csp-b": "https://…"}``. BadHar."""
    protocol = next((each.id for each in PROTOCOLS.values() if set(seats) == set(each.seats)), None)
    if protocol is None:
        want = " or ".join(
            f"--seat {one}=URL --seat {other}=URL" for one, other in (p.seats for p in PROTOCOLS.values())
        )
        raise BadHar(f"want {want}, got {', '.join(sorted(seats)) or 'no --seat'}")
    if unknown := sorted(set(ids) - set(seats)):
        raise BadHar(f"--id: want the id of one of {', '.join(sorted(seats))}, got that of {unknown[0]}")
    return protocol, [Place(seat, url.rstrip("/"), ids.get(seat, seat)) for seat, url in sorted(seats.items())]


def read_har(path: Path, seats: Mapping[str, str], ids: Mapping[str, str], redactor: Redactor) -> Trace:
    """The recording of a HAR file, in the order of its moments. BadHar, OSError."""
    protocol, where = places(seats, ids)
    try:
        entries = list(json.loads(path.read_text(encoding="utf-8-sig"))["log"]["entries"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        got = f"{type(problem).__name__}: {problem}"
        raise BadHar(f"{path}: want a HAR file, an object with log.entries, got {got}") from None
    reader = _Reader(protocol, where, redactor)
    records: list[AnyRecord] = []
    for number, entry in enumerate(entries, start=1):
        try:
            records += reader.exchange(f"x{number}", entry)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            want = "startedDateTime, time, request and response"
            raise BadHar(f"{path}: entry {number}: want {want}, got {type(problem).__name__}: {problem}") from None
    if not records:
        asked = ", ".join(sorted({_origin(each["request"]["url"]) for each in entries})) or "none"
        raise BadHar(f"{path}: want requests to {' or '.join(each.url for each in where)}, got {asked}")
    return _in_time(records, protocol, [each.seat for each in where], path.name)


def _in_time(records: list[AnyRecord], protocol: str, seats: list[str], name: str) -> Trace:
    records.sort(key=lambda record: record.at)
    trace = Trace()
    trace.now = lambda: records[0].at
    begin(trace, protocol, seats, name)
    for record in records:
        trace.now = partial(int, record.at)
        trace.append(record)
    end(trace)
    return trace


class _Reader:
    def __init__(self, protocol: str, where: Sequence[Place], redactor: Redactor) -> None:
        self._where = sorted(where, key=lambda place: -len(place.url))  # the longer one first, if one begins the other
        self._redactor = redactor
        self._recognizer = Recognizer(SERVED[protocol].operations.values())
        self._names = Names({place.seat: place.id for place in where})
        self._keys = protocol == "federation-interconnect"

    def exchange(self, name: str, entry: Mapping[str, Any]) -> list[AnyRecord]:
        """The request and what became of it; nothing where another host was asked."""
        asked, answered = entry["request"], entry["response"]
        url = str(asked["url"])
        place = next(
            (each for each in self._where if url == each.url or url.startswith((each.url + "/", each.url + "?"))), None
        )
        if place is None:
            return []
        sender = next(each.seat for each in self._where if each is not place)
        begun = _moment(entry["startedDateTime"])
        parts = urlsplit(url.removeprefix(place.url))
        path = self._names.seen(parts.path)
        method = str(asked["method"]).upper()
        found = self._recognizer.find(method, path)
        operation = found[0].id if found else None
        text = str((asked.get("postData") or {}).get("text") or "")
        body, malformed = self._body(text.encode())
        request = Request(
            at=begun,
            exchange=name,
            sender=sender,
            receiver=place.seat,
            operation=operation,
            method=method,
            path=path,
            query=self._names.seen(self._redactor.json(dict(parse_qsl(parts.query)))),
            body=body,
            size=len(text.encode()),
            malformed=malformed,
            credentials=self._credentials(asked.get("headers") or []) if self._keys else {},
        )
        after = begun + round(max(float(entry.get("time") or 0), 0))
        return [request, self._end(request, answered, after)]

    def _end(self, request: Request, answered: Mapping[str, Any], at: int) -> AnyRecord:
        status = int(answered["status"])
        if status == 0:
            why = str(answered.get("statusText") or "no answer")
            return Lost(
                at=at,
                exchange=request.exchange,
                sender=request.sender,
                receiver=request.receiver,
                operation=request.operation,
                what="unknown",
                why=self._redactor.text(why),
            )
        content = answered.get("content") or {}
        raw = _raw(str(content.get("text") or ""), str(content.get("encoding") or ""))
        body, malformed = self._body(raw)
        return Response(
            at=at,
            exchange=request.exchange,
            sender=request.receiver,
            receiver=request.sender,
            operation=request.operation,
            status=status,
            body=body,
            size=len(raw),
            malformed=malformed,
            media_type=str(content["mimeType"]) if content.get("mimeType") else None,
        )

    def _body(self, raw: bytes) -> tuple[Any, bool]:
        """The JSON value of a body, redacted, and whether it could not be read as one."""
        if not raw or len(raw) > LARGEST_KEPT:
            return None, False
        try:
            return self._names.seen(self._redactor.json(json.loads(raw))), False
        except (ValueError, RecursionError):
            return None, True

    def _credentials(self, headers: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        values = {str(each["name"]).lower(): str(each["value"]) for each in headers}
        scheme, _, token = values.get("authorization", "").partition(" ")
        keys = {"bearer": token if scheme.lower() == "bearer" else "", "x-api-key": values.get("x-api-key", "")}
        return {name: self._redactor.secret("api-key", key) for name, key in keys.items() if key}


def _moment(text: str) -> int:
    """Milliseconds since 1970 of a moment in RFC 3339."""
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def _raw(text: str, encoding: str) -> bytes:
    return base64.b64decode(text) if encoding == "base64" else text.encode()


def _origin(url: str) -> str:
    parts = urlsplit(str(url))
    return f"{parts.scheme}://{parts.netloc}"
