"""How much a caller may send before it is believed, how often and how slowly, with the numbers that hold by default."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from starlette.requests import Request

from reference_impl.kernel.party import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """``body`` in bytes (federation-wire, section 2, asks for 1 MiB at least), ``nesting`` in levels of objects and lists.

    ``per_second`` and ``burst`` bound the requests of each counterpart, ``connections`` those of one side that are open
    at once. The head of a request must be there after ``header_seconds``, its body after ``body_seconds``; an answer
    must be taken in ``write_seconds``; a connection without requests is closed after ``keep_alive_seconds``; what is
    under way when the server is to stop may go on for ``grace_seconds``. How many things a counterpart may have, such
    as connections, is a decision of the protocol's party (``protocol.Served.quotas``).
    """

    body: int = 1 << 20
    nesting: int = 32
    per_second: int = 1000
    burst: int = 2000
    connections: int = 500
    header_seconds: float = 10
    body_seconds: float = 30
    write_seconds: float = 30
    keep_alive_seconds: int = 15
    grace_seconds: int = 10


DEFAULT_LIMITS = Limits()
NORTHBOUND_LIMITS = Limits(body=32 << 20)
"""An operator may hand over an artifact."""

# A text, terminated or not, or a bracket outside of texts: never backtracks, so its time is linear.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]', re.DOTALL)


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The body, or a Refusal: 413 as soon as it is known to be longer than ``limit`` bytes, 408 where it trickles."""
    refusal = Refusal(413, f"body: want at most {limit} bytes, got more")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise refusal
    parts, length = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                length += len(part)
                if length > limit:
                    raise refusal
                parts.append(part)
    except TimeoutError:
        raise Refusal(408, f"body: want all of it within {seconds:g} s, got a part") from None
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
