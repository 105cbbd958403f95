"""The gallery of wrong implementations: each named by its vice, each declaring the check that must catch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.twist import Twist


@dataclass(frozen=True, slots=True)
class Mutant:
    """A reference party with one vice in one seat: ``decisions`` replaces the protocol's, made by ``replace``; ``twist``
    alters what it says, where no decision expresses the vice."""

    id: str
    vice: str
    caught_by: str
    protocol: str
    seat: str
    decisions: Any
    twist: Twist | None = None
