"""A model of what a target owes: a state, and the moves that are possible in it, legal and illegal ones.

The model is read from the state tables of the documents and knows nothing of any implementation. A move is one request;
whether it is to be accepted is known before it is sent, and which check says so. Where the documents leave a choice, the
model follows what the target did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from conformance.fuzz.case import Sent

S = TypeVar("S")

Outcome = Literal["accepted", "refused", "either"]


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One request in a state. ``then`` is the state once it was accepted; refused, nothing changes. ``rule`` judges the
    answer where that is more than a status."""

    name: str
    operation: str
    sent: Sent
    outcome: Outcome
    check: str
    then: S
    rule: str = ""

    def claim(self, exchange: str) -> tuple[str, dict[str, Any]] | None:
        """The rule that judges this move, sent with this exchange; None where the documents leave it open."""
        name = self.rule or {"accepted": "answered_with", "refused": "refused"}.get(self.outcome)
        if name is None:
            return None
        return name, {"exchanges": [exchange]} if name == "keys_not_confirmed" else {"exchange": exchange}


@dataclass(frozen=True, slots=True)
class Model(Generic[S]):
    """``begin`` is the state on fresh ground, for a sender and a receiver; ``moves`` are all that can be tried in a state.
    The number tells requests apart that must not be taken for repeats."""

    begin: Callable[[str, str], S]
    moves: Callable[[S, str, str, int], Sequence[Move[S]]]
