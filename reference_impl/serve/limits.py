"""How much a caller may send before it is believed: bytes and nesting, with the numbers that hold by default."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request

from reference_impl.kernel.party import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """``body`` in bytes (federation-wire, section 2, asks for 1 MiB at least), ``nesting`` in levels of objects and lists."""

    body: int = 1 << 20
    nesting: int = 32


DEFAULT_LIMITS = Limits()
NORTHBOUND_LIMITS = Limits(body=32 << 20)
"""An operator may hand over an artifact."""

# A text, terminated or not, or a bracket outside of texts: never backtracks, so its time is linear.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]', re.DOTALL)


async def read_body(request: Request, limit: int) -> bytes:
    """The body, or a Refusal (413) as soon as it is known to be longer than ``limit`` bytes."""
    refusal = Refusal(413, f"body: want at most {limit} bytes, got more")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise refusal
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > limit:
            raise refusal
        parts.append(part)
    return b"".join(parts)


def check_nesting(body: bytes, limit: int) -> None:
    """Refuse (400) a JSON text nested deeper than ``limit`` before a parser descends into it."""
    depth = 0
    for token in _TOKEN.finditer(body):
        match token[0]:
            case b"{" | b"[":
                depth += 1
                if depth > limit:
                    raise Refusal(400, f"body: want at most {limit} levels of objects and lists, got more")
            case b"}" | b"]":
                depth -= 1
