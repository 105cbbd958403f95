"""Records in words: what the ladder and the transcript say about one record."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from reports.record import Json, Request, Response

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_ILLEGIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VERSION = re.compile(r"v\d+([a-z]+\d*)?")
_REASONS = ("detail", "message", "title", "error", "reason", "code")
"""Where refusals tell their reason: the members of problem documents and of the common home-made ones."""


def called(request: Request) -> str:
    """``CreateConnection ix1``: the operation and the last ids of the path; without an operation ``GET /a/b``."""
    if request.operation is None:
        return f"{request.method} {_with_short_ids(request.path)}"
    return " ".join([request.operation, *_subject(request.path)])


def answered(response: Response) -> str:
    """``200``; a refusal with its reason: ``409 no room on ix1``."""
    if response.status < 400:
        return str(response.status)
    return f"{response.status} {_reason(response.body)}".rstrip()


def _subject(path: str) -> list[str]:
    """The id that the path ends in; an opaque one after the id it hangs under.

    An id is a segment that follows a collection, and collections are named in the plural.
    """
    segments = path.strip("/").split("/")
    ids = [item for before, item in pairwise(segments) if before.endswith("s") and not _VERSION.fullmatch(item)]
    if ids and _UUID.fullmatch(ids[-1]):
        return [short_id(item) for item in ids[-2:]]
    return ids[-1:]


def short_id(text: str) -> str:
    """The first eight digits stand for a UUID."""
    return text[:8] if _UUID.fullmatch(text) else text


def _with_short_ids(path: str) -> str:
    return _UUID.sub(lambda found: found[0][:8], path)


def _reason(body: Json) -> str:
    if isinstance(body, dict):
        for member in _REASONS:
            if isinstance(body.get(member), str):
                return str(body[member])
    return ""


def moment(ms: int) -> str:
    """A moment or a span of the run's clock: ``0.250 s``, ``2:05``, ``3:00:00.250``, ``7 d 0:00:00``."""
    seconds, rest = divmod(ms, 1000)
    if seconds < 60:
        return f"{seconds}.{rest:03} s"
    minutes, seconds = divmod(seconds, 60)
    part = f".{rest:03}" if rest else ""
    if minutes < 60:
        return f"{minutes}:{seconds:02}{part}"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}:{minutes:02}:{seconds:02}{part}"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours}:{minutes:02}:{seconds:02}"


def legible(text: str) -> str:
    """The text with U+FFFD for every character that XML cannot carry (control characters, half surrogate pairs)."""
    return _ILLEGIBLE.sub("\ufffd", text)


def compact(value: Json) -> str:
    """A JSON value on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def excerpt(value: Json, limit: int) -> str:
    """The beginning of a JSON value on one line; nothing for None."""
    if value is None or limit <= 0:
        return ""
    text = compact(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def pretty(value: Json, width: int = 96, depth: int = 0) -> str:
    """A JSON value to be read: what fits into ``width`` columns stays on one line, indented by one column."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(flat) + depth <= width or depth > 12:
        return flat
    pad = "\n" + " " * (depth + 1)
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(name, ensure_ascii=False)}: {pretty(item, width, depth + 1)}" for name, item in value.items()
        ]
        return "{" + pad + f",{pad}".join(parts) + "\n" + " " * depth + "}"
    return "[" + pad + f",{pad}".join(pretty(item, width, depth + 1) for item in value) + "\n" + " " * depth + "]"


def body_text(value: Json, limit: int) -> str:
    """A body to be read, at most ``limit`` characters of it, with a note of what is left out; nothing if that is all."""
    if limit <= 0:
        return ""
    flat = json.dumps(value, ensure_ascii=False)
    text = pretty(value) if len(flat) <= 4 * limit else flat
    if len(text) <= limit:
        return text
    return f"{text[:limit]}\n… {len(text) - limit} more characters in trace.jsonl"
