"""JSON Schemas of what a run leaves behind: ``report`` (report.json) and ``trace`` (one line of trace.jsonl)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

Name = Literal["report", "trace"]


def schema(name: Name) -> dict[str, Any]:
    """The schema as shipped; a fresh copy that the caller may change."""
    text = resources.files(__name__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def problem(name: Name, value: object) -> str | None:
    """What is wrong with the value, as ``requirements[3].checks[0].verdict: …``; None if nothing is."""
    found = best_match(_validator(name).iter_errors(value))
    if found is None:
        return None
    where = found.json_path.removeprefix("$").removeprefix(".") or "the document"
    return f"{where}: {_shortened(found.message)}"


@cache
def _validator(name: Name) -> Draft202012Validator:
    return Draft202012Validator(schema(name))


def _shortened(message: str, limit: int = 300) -> str:
    """jsonschema quotes the whole value, which may be the whole report: keep both ends, the reason is the last."""
    if len(message) <= limit:
        return message
    return f"{message[: limit // 3]} … {message[-limit // 2 :]}"
