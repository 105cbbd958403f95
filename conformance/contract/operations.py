"""The operations of a document, by method and path."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conformance.contract.document import Document, Part, told

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_VARIABLE = re.compile(r"\{[^/}]*\}")
_NOTHING = Part({}, "")

Key = tuple[str, str]
"""The method, and the path with its variables nameless."""


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as a document describes it. ``parameters`` by place and name, those of the path left out.

    ``answers`` are the statuses in words: ``200``, ``4XX``, ``default``. ``success`` is the schema of the answer that
    means success, None for one without JSON. ``guarded``: credentials are asked for.
    """

    id: str
    method: str
    path: str
    parameters: dict[tuple[str, str], Part]
    body: Part | None
    body_required: bool
    answers: frozenset[str]
    success: Part | None
    guarded: bool


def operations_of(document: Document) -> dict[Key, Described]:
    """Every operation of the document. Raises Unreadable."""
    root = document.root()
    guarded = bool((root.member("security") or Part([], "")).items())
    found: dict[Key, Described] = {}
    for path, item in (root.member("paths") or _NOTHING).members().items():
        resolved = document.resolve(item)
        common = (resolved.member("parameters") or Part([], "")).items()
        for method in _METHODS:
            if (described := resolved.member(method)) is not None:
                key = (method.upper(), _VARIABLE.sub("{}", path))
                found[key] = _described(document, described, key[0], path, common, guarded)
    return found


def under(operations: dict[Key, Described], ours: dict[Key, Described]) -> dict[Key, Described]:
    """The operations without the base path that the document may write before each of ours (CC-ERR-54)."""
    starts = {key[1].count("/") - path.count("/") for key in operations for _, path in ours if key[1].endswith(path)}

    def without(depth: int) -> dict[Key, Described]:
        words = {key: key[1].split("/") for key in operations}
        return {(key[0], "/" + "/".join(words[key][1 + depth :])): it for key, it in operations.items()}

    return max((without(depth) for depth in sorted(starts | {0})), key=lambda each: len(each.keys() & ours.keys()))


def _described(document: Document, part: Part, method: str, path: str, common: list[Part], guarded: bool) -> Described:
    answers = {name: document.resolve(each) for name, each in (part.member("responses") or _NOTHING).members().items()}
    body = part.member("requestBody")
    body = document.resolve(body) if body is not None else None
    security = part.member("security")
    return Described(
        id=told(named.value) if (named := part.member("operationId")) else f"{method} {path}",
        method=method,
        path=path,
        parameters=_parameters(document, [*common, *(part.member("parameters") or Part([], "")).items()]),
        body=_json(document, body),
        body_required=bool(body is not None and (required := body.member("required")) and required.value),
        answers=frozenset(answers),
        success=_json(document, _success(answers)),
        guarded=guarded if security is None else any(each.value != {} for each in security.items()),
    )


def _parameters(document: Document, given: list[Part]) -> dict[tuple[str, str], Part]:
    found = {}
    for each in given:
        parameter = document.resolve(each)
        place, name = (told(part.value) if (part := parameter.member(word)) else "" for word in ("in", "name"))
        if place != "path":
            found[place, name] = parameter
    return found


def _success(answers: dict[str, Part]) -> Part | None:
    """The answer that means success: the first 2xx, else ``default``."""
    first = min((name for name in answers if name.startswith("2")), default="default")
    return answers.get(first)


def _json(document: Document, holder: Part | None) -> Part | None:
    """The schema of the JSON content of a body or an answer."""
    content = holder.member("content") if holder is not None else None
    for kind, each in (content.members() if content is not None else {}).items():
        if kind.split(";")[0].strip().endswith(("/json", "+json", "/*")):
            return document.resolve(each).member("schema")
    return None
