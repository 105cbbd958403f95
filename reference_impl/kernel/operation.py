"""An operation of a protocol, declared once.

Routes, client calls, the OpenAPI document, recognition of recorded requests, the contract diff and the fuzzer derive
from these rows; nothing else in the project spells a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from reference_impl.kernel.message import Message


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter; ``type`` is a JSON Schema type name, ``format`` one of its formats."""

    name: str
    type: str = "string"
    required: bool = False
    description: str = ""
    enum: tuple[str, ...] = ()
    format: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: ``path`` is a template such as ``/providers/{provider}``.

    ``request`` and ``response`` are message classes, None for no body. ``caller`` names the roles that may call.
    ``statuses`` explains each answer status; ``links`` names the operations that a success makes possible or worth a
    look, the operation itself where its answer leads to the next page.
    """

    id: str
    method: str
    path: str
    request: type[Message] | None = None
    response: type[Message] | None = None
    query: tuple[Parameter, ...] = ()
    caller: tuple[str, ...] = ()
    statuses: Mapping[int, str] = field(default_factory=lambda: {200: "success"})
    links: tuple[str, ...] = ()
    summary: str = ""
    body_required: bool = True
    """False where the body is an empty object that may be left out."""
    any_case: bool = False
    """The names of query parameters are matched without regard to case (FI-ERR-18)."""

    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))

    def url(self, values: Mapping[str, str]) -> str:
        """The path with its parameters filled in and percent-encoded."""
        return re.sub(r"\{(\w+)\}", lambda found: quote(values[found[1]], safe=""), self.path)


class Recognizer:
    """Finds the operation that a method and a path mean."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._patterns = [(operation, operation.pattern()) for operation in operations]

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and its decoded path parameters, or None. The path comes without prefix and query."""
        for operation, pattern in self._patterns:
            if operation.method == method and (found := pattern.fullmatch(path)):
                return operation, {name: unquote(value) for name, value in found.groupdict().items()}
        return None

    def methods(self, path: str) -> list[str]:
        """The methods defined on a path, for the 405."""
        return sorted({operation.method for operation, pattern in self._patterns if pattern.fullmatch(path)})
