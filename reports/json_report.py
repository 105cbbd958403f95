"""``report.json``: the report model as JSON text and back. The layout is a contract (interface note)."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from reports.report import FORMAT, Report

T = TypeVar("T")


class ReportError(ValueError):
    """A text is no report; the message names the member, what was wanted and what came."""


def as_json(report: Report) -> dict[str, Any]:
    """The report as a JSON object, ``format`` first."""
    return {"format": report.format, **dataclasses.asdict(report)}


def to_json(report: Report) -> str:
    return json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> Report:
    """The report that ``to_json`` wrote; anything else is a ReportError."""
    from reports.schemas import problem  # jsonschema takes longer to load than most commands to run

    try:
        value = json.loads(text)
    except ValueError as unreadable:
        raise ReportError(f"no JSON: {unreadable}") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        shown = value.get("format") if isinstance(value, dict) else type(value).__name__
        raise ReportError(f'want an object with "format": "{FORMAT}", got {shown!r}')
    if wrong := problem("report", value):
        raise ReportError(wrong)
    return _built(Report, value)


def _built(cls: type[T], members: dict[str, Any]) -> T:
    """A dataclass from members that the schema has approved."""
    hints = get_type_hints(cls)
    return cls(**{name: _value(hints[name], value) for name, value in members.items()})


def _value(hint: Any, value: Any) -> Any:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _built(hint, value)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    return value
