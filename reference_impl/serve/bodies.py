"""From bytes to a message, and refusals that help: the member, what was expected, what came; never a secret."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from reference_impl.kernel.party import Message, Refusal
from reference_impl.serve.limits import Limits, check_nesting, read_body

_SHOWN = 3
"""So many complaints are told at once."""


async def json_body(request: Request, limits: Limits, length: int | None = None) -> bytes:
    """The raw JSON text of a request, b"" where there is none. Refusals: 408, 413, 415, 400 for the nesting.

    ``length`` in bytes counts instead of the general limit.
    """
    body = await read_body(request, limits.body if length is None else length, limits.body_seconds)
    if body.strip():
        check_media_type(request)
        check_nesting(body, limits.nesting)
    return body.strip()


def check_media_type(request: Request) -> None:
    """Refuse (415) what is not JSON in UTF-8. A body without a media type is taken for JSON."""
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    json = kind in ("", "application/json") or (kind.startswith("application/") and kind.endswith("+json"))
    charset = next((part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")), "")
    if (
        not json
        or charset not in ("", "utf-8", "utf8")
        or request.headers.get("content-encoding", "identity") != "identity"
    ):
        raise Refusal(415, f"Content-Type: want application/json in UTF-8, not compressed, got {kind or 'none'}")


def message(model: type[Message], body: bytes, secrets: Collection[str] = ()) -> Message:
    """The typed message in a JSON text, or a Refusal (400)."""
    try:
        return model.model_validate_json(body)
    except ValidationError as problem:
        # no context: the original error holds the input
        raise Refusal(400, explain(problem, secrets)) from None


def explain(problem: ValidationError, secrets: Collection[str] = ()) -> str:
    """One sentence per complaint, at most three."""
    complaints = problem.errors(include_url=False)
    said = "; ".join(_complaint(each, secrets) for each in complaints[:_SHOWN])
    more = len(complaints) - _SHOWN
    return f"{said}; and {more} more" if more > 0 else said


def _complaint(error: ErrorDetails, secrets: Collection[str]) -> str:
    place = _place(error["loc"])
    if error["type"] == "json_invalid":
        return f"{place}: want JSON, got a text that is none ({error['msg'].removeprefix('Invalid JSON: ')})"
    if error["type"] == "missing":
        return f"{place}: want it present, got nothing"
    secret = any(part in secrets for part in error["loc"])
    own_words = error["type"] in ("value_error", "assertion_error")
    wish = "something else" if own_words and secret else error["msg"].removeprefix("Input should be ")
    return f"{place}: want {wish}, got {_came(error, secret)}"


def _place(loc: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".") or "body"


def _came(error: ErrorDetails, secret: bool) -> str:
    """What came. The value itself only where it can be no secret in a wrong place: numbers, and unknown enum members."""
    value: Any = error["input"]
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a number" if secret else str(value)[:40]
        case str():
            if error["type"] in ("enum", "literal_error") and not secret:
                return repr(value[:60])
            return f"a string of {len(value)} characters"
        case list() | tuple():
            return f"a list of {len(value)}"
        case _:
            return "an object"
