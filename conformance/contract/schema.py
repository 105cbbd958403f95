"""A schema as it is compared: what may stand in its place, its members, and the values it admits.

Ways of writing that mean the same on the wire are one here: null and absent, ``const`` and an enumeration of one value,
``allOf`` of one reference and the reference, a 32-bit format and its bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from conformance.contract.document import Document, Part, told

_FORMATS = {f"{-(2**31)}..{2**31 - 1}": "int32", f"{-(2**63)}..{2**63 - 1}": "int64"}
_LIMITS = ("pattern", "minLength", "maxLength", "minItems", "maxItems")
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Schema:
    """``kind`` is a type with its format, such as ``integer int32``; ``values`` an enumeration, or None.

    ``name`` is the component's, or empty. ``optional``: null may stand in its place, so it may be absent.
    """

    kind: str
    name: str = ""
    values: frozenset[str] | None = None
    limits: str = ""
    members: dict[str, Part] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Part | None = None
    optional: bool = False


def schema_of(document: Document, part: Part, depth: int = 0) -> Schema:
    """The schema that a part is or refers to. Raises Unreadable."""
    if depth > _DEEPEST:
        raise document.unreadable(part, "a schema that is made of itself")
    resolved = document.resolve(part)
    value = resolved.value
    if isinstance(value, bool):
        return Schema("anything" if value else "nothing")
    if not isinstance(value, dict):
        raise document.unreadable(resolved, f"want a schema, got {told(value)!r}")
    own = _own(resolved, value)
    for whole in (resolved.member("allOf") or Part([], "")).items():
        own = _both(own, schema_of(document, whole, depth + 1))
    return _alternatives(document, resolved, own, depth)


def _own(part: Part, value: dict[str, Any]) -> Schema:
    types = value.get("type", [])
    types = [told(each) for each in (types if isinstance(types, list) else [types])]
    listed = [value["const"]] if "const" in value else value.get("enum")
    values = None if not isinstance(listed, list) else frozenset(told(each) for each in listed if each is not None)
    if isinstance(listed, list) and not types and all(isinstance(each, str) for each in listed):
        types = ["string"]
    required = value.get("required", [])
    return Schema(
        " or ".join(filter(None, (_kind(each, value) for each in types if each != "null"))),
        part.name,
        values,
        ", ".join(f"{name} {told(value[name])}" for name in _LIMITS if name in value),
        (part.member("properties") or Part({}, "")).members(),
        frozenset(map(told, required)) if isinstance(required, list) else frozenset(),
        part.member("items"),
        bool(value.get("nullable")) or "null" in types,
    )


def _kind(type_: str, value: dict[str, Any]) -> str:
    if type_ in ("integer", "number") and "format" not in value:
        least, most = value.get("minimum"), value.get("maximum")
        bounds = f"{_end(least)}..{_end(most)}"
        return type_ if bounds == ".." else f"{type_} {_FORMATS.get(bounds, bounds)}"
    return f"{type_} {value['format']}" if isinstance(value.get("format"), str) else type_


def _end(bound: Any) -> str:
    return "" if bound is None else told(bound)


def _both(one: Schema, other: Schema) -> Schema:
    """What holds where both hold."""
    return Schema(
        one.kind or other.kind,
        one.name or other.name,
        other.values if one.values is None else one.values if other.values is None else one.values & other.values,
        ", ".join(filter(None, (one.limits, other.limits))),
        other.members | one.members,
        one.required | other.required,
        one.items or other.items,
        one.optional and other.optional,
    )


def _alternatives(document: Document, part: Part, own: Schema, depth: int) -> Schema:
    """With ``anyOf`` and ``oneOf``: one alternative beside null is meant itself, more are named together."""
    given = [*(part.member("anyOf") or Part([], "")).items(), *(part.member("oneOf") or Part([], "")).items()]
    read = [schema_of(document, each, depth + 1) for each in given]
    real = [each for each, raw in zip(read, given, strict=True) if raw.value != {"type": "null"}]
    if not given:
        return own if own.kind or own.members or own.values is not None else replace(own, kind="anything")
    if len(real) == 1:
        both = _both(own, real[0])
        return replace(both, optional=own.optional or len(given) > len(real), name=real[0].name or own.name)
    kinds = sorted({each.name or each.kind for each in real})
    return replace(own, kind=" or ".join(filter(None, (own.kind, *kinds))), optional=len(given) > len(real))
