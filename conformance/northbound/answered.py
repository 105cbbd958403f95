"""What an adapter is: actions in, answers out (coordinator-harness section 2, federation-wire section 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Outcome = Literal["ok", "running", "refused", "failed", "unavailable"]


@dataclass(frozen=True, slots=True)
class Answered:
    """How an action ended. ``unavailable``: the adapter does not offer it. ``again_ms``: when it makes sense to ask an
    operation that is ``running`` again; None: whenever."""

    result: Outcome
    reason: str | None = None
    operation: str | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    again_ms: int | None = None


class Lacks(Exception):
    """The adapter does not offer what was asked; checks that need it are ``untested``, with this reason."""


class NorthboundError(Exception):
    """The target's customer or operator side cannot be used: which URL, class or prompt, what was wanted, what came.

    A configuration or an environment is to be mended; nothing is said about the target.
    """


class Northbound(Protocol):
    """One seat's customer and operator side. Every method may raise NorthboundError."""

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered: ...

    async def poll(self, operation: str) -> Answered: ...

    async def state(self) -> dict[str, Any]:
        """The state in the normal form; raises Lacks where the adapter does not show it."""
        ...

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered: ...


def lacking(name: str) -> Answered:
    """The answer of an adapter that does not offer an action or a hook."""
    return Answered("unavailable", f"adapter lacks {name}")
