"""The gallery of wrong implementations: each named by its vice, each declaring the check that must catch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """A reference party with one vice in one seat: ``decisions`` replaces the protocol's, made by ``replace``."""

    id: str
    vice: str
    caught_by: str
    protocol: str
    seat: str
    decisions: Any
