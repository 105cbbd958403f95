"""Faults that a proxy brings about, as they are asked for: ``--fault drop=CreateConnection``, ``--fault hold=500ms``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from conformance.wire import Interception

Kind = Literal["drop", "lose", "duplicate", "hold", "answer"]
KINDS: dict[str, Kind] = {
    "drop": "drop",
    "lose-response": "lose",
    "duplicate": "duplicate",
    "hold": "hold",
    "status": "answer",
}
HELD_MS, STATUS = 1_000, 409


class BadFault(ValueError):
    """What was asked for is no fault; says what is wanted."""


@dataclass(frozen=True, slots=True)
class ProxyFault:
    """What happens once to each of ``operations``; ``value`` are milliseconds for ``hold`` and the status for ``status``."""

    name: str
    operations: tuple[str, ...]
    value: int = 0

    def interceptions(self) -> list[Interception]:
        """A status is answered instead of the receiver, in either direction."""
        body = {"title": "Conflict", "status": self.value, "detail": "answered by the proxy", "message": "by the proxy"}
        made = body if self.name == "status" else None
        status = self.value if self.name == "status" else 200
        return [Interception(KINDS[self.name], each, status=status, body=made) for each in self.operations]


def fault(text: str, operations: Collection[str]) -> ProxyFault:
    """``NAME``, ``NAME=OPERATION``, ``NAME=VALUE`` or ``NAME=OPERATION:VALUE``; without an operation every one. BadFault."""
    name, _, rest = text.partition("=")
    if name not in KINDS:
        raise BadFault(f"--fault: want one of {', '.join(KINDS)}, with =OPERATION for one operation only; got {text!r}")
    operation, _, value = rest.rpartition(":") if ":" in rest else (rest, "", "")
    if not value and re.fullmatch(r"\d+(ms|s)?", operation):
        operation, value = "", operation
    if operation and operation not in operations:
        raise BadFault(f"--fault {name}: want one of the operations {', '.join(operations)}; got {operation!r}")
    return ProxyFault(name, (operation,) if operation else tuple(operations), _value(name, value))


def _value(name: str, text: str) -> int:
    found = re.fullmatch(r"(\d+)(ms|s)?", text)
    if name == "hold" and (not text or found):
        return int(found[1]) * (1_000 if found[2] == "s" else 1) if found else HELD_MS
    if name == "status" and (not text or (found and not found[2] and 400 <= int(found[1]) <= 599)):
        return int(found[1]) if found else STATUS
    if text:
        want = {"hold": "a time such as 500ms", "status": "a status from 400 to 599"}.get(name, "no value")
        raise BadFault(f"--fault {name}: want {want}, got {text!r}")
    return 0
