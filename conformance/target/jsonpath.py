"""JSONPath (RFC 9535), strictly: one text compiled once, its nodes as plain values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonpath


class BadPath(Exception):
    """A text that is no JSONPath; says why."""


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Any:
    if not text.startswith("$"):
        raise BadPath("it begins with $")
    try:
        return jsonpath.JSONPathEnvironment(strict=True).compile(text)
    except jsonpath.JSONPathError as problem:
        raise BadPath(str(problem.args[0]) if problem.args else type(problem).__name__) from None


class JsonPath:
    """``nodes`` gives all values that the path selects, in the document's order."""

    def __init__(self, text: str) -> None:
        self._path = _compiled(text)

    def nodes(self, document: Any) -> list[Any]:
        found: list[Any] = self._path.findall(document)
        return found
