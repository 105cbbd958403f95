"""The gallery of implementations: wrong ones, each named by its vice and the check that must catch it, and correct ones,
each named by what it does otherwise, that nothing may catch."""

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


@dataclass(frozen=True, slots=True)
class Variant:
    """A correct party that is unlike the reference in one thing which the documents leave open. ``erratum`` names the
    reading that allows it, where it takes one."""

    id: str
    otherwise: str
    protocol: str
    seat: str
    decisions: Any
    twist: Twist | None = None
    erratum: str = ""
