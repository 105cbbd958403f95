"""A case: requests that found something, kept so that they can be sent again, to this target or to another one.

Stand-ins are in it instead of the names and keys of the run (see ``ground``), so it holds no secret.
"""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "interlock-case/1"


class CaseError(ValueError):
    """A stored case cannot be read; the message names the file and what was expected."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as schemathesis made it, stand-ins in it. ``authenticated``: our credential goes with it. ``exchange`` is
    its place in the trace, ``since`` the beginning of its slice there."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    authenticated: bool = True
    exchange: str = ""
    since: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """``requests`` make the target break ``check`` when they are sent one after the other onto fresh ground."""

    protocol: str
    seat: str
    check: str
    requests: tuple[Sent, ...]


def as_json(case: Case) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "protocol": case.protocol,
        "seat": case.seat,
        "check": case.check,
        "requests": [_request_as_json(each) for each in case.requests],
    }


def _request_as_json(sent: Sent) -> dict[str, Any]:
    made: dict[str, Any] = {
        "method": sent.method,
        "path": sent.path,
        "query": sent.query,
        "headers": dict(sent.headers),
    }
    try:
        body = {"body": sent.body.decode()}
    except UnicodeDecodeError:
        body = {"body_base64": base64.b64encode(sent.body).decode()}
    return made | body | {"authenticated": sent.authenticated}


def write(case: Case, path: Path) -> None:
    path.write_text(json.dumps(as_json(case), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> Case:
    """Read a stored case. CaseError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise CaseError(f"{path}: want the format {FORMAT}, got {document['format']!r}")
        requests = tuple(_request_from_json(each) for each in document["requests"])
        return Case(document["protocol"], document["seat"], document["check"], requests)
    except OSError as problem:
        raise CaseError(f"{path}: {problem.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        if isinstance(problem, CaseError):
            raise
        raise CaseError(f"{path}: want a case as `interlock fuzz --report` leaves it: {problem!r}") from None


def _request_from_json(made: Mapping[str, Any]) -> Sent:
    body = base64.b64decode(made["body_base64"]) if "body_base64" in made else str(made["body"]).encode()
    return Sent(made["method"], made["path"], made["query"], dict(made["headers"]), body, bool(made["authenticated"]))


def shell(sent: Sent, origin: str) -> str:
    """The request as a curl line; stand-ins and the credential are left to the reader, as shell variables."""
    url = origin + sent.path + (f"?{sent.query}" if sent.query else "")
    words = ["curl", "-i", "-X", sent.method, shlex.quote(url)]
    if sent.authenticated:
        words += ["-H", '"Authorization: Bearer $CREDENTIAL"']
    for name, value in sent.headers.items():
        if name in ("content-type", "accept") or name.startswith("x-"):
            words += ["-H", shlex.quote(f"{name}: {value}")]
    if sent.body:
        words += ["--data-binary", shlex.quote(sent.body.decode("utf-8", "backslashreplace"))]
    return " ".join(words)


def shortened(case: Case, still: Any, tries: int = 60) -> Case:
    """The shortest run of requests found in ``tries`` that still breaks the check; ``still(requests)`` sends and says so."""
    requests: Sequence[Sent] = case.requests
    for only in requests[-1:]:
        if still((only,)):
            return Case(case.protocol, case.seat, case.check, (only,))
    size = len(requests) // 2
    while size >= 1 and tries > 0:
        place = 0
        while place < len(requests) - 1 and tries > 0:
            fewer = (*requests[:place], *requests[place + size :])
            tries -= 1
            if fewer and fewer[-1:] == tuple(requests[-1:]) and still(fewer):
                requests = fewer
            else:
                place += size
        size //= 2
    return Case(case.protocol, case.seat, case.check, tuple(requests))
