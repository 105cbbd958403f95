"""JSON Schemas of what a run leaves behind: ``report`` (report.json) and ``trace`` (one line of trace.jsonl)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from reports.record import RECORD_TYPES

Name = Literal["report", "trace"]


def schema(name: Name) -> dict[str, Any]:
    """The schema as shipped; a fresh copy that the caller may change."""
    text = resources.files(__name__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def problem(name: Name, value: object) -> str | None:
    """What is wrong with the value, as ``requirements[3].checks[0].verdict: …``; None if nothing is."""
    kind = value.get("type") if name == "trace" and isinstance(value, dict) else None
    found = best_match(_validator(name, kind if kind in list(RECORD_TYPES) else None).iter_errors(value))
    if found is None:
        return None
    where = found.json_path.removeprefix("$").removeprefix(".") or "the document"
    return f"{where}: {_shortened(found.message)}"


@cache
def _validator(name: Name, record_type: str | None) -> Draft202012Validator:
    """The whole schema; for a record, its own branch of it, so that an error speaks of that type."""
    whole = schema(name)
    if record_type is not None:
        return Draft202012Validator({"$ref": f"#/$defs/{record_type}", "$defs": whole["$defs"]})
    return Draft202012Validator(whole)


def _shortened(message: str, limit: int = 300) -> str:
    """jsonschema quotes the whole value, which may be the whole report: keep both ends, the reason is the last."""
    if len(message) <= limit:
        return message
    return f"{message[: limit // 3]} … {message[-limit // 2 :]}"
