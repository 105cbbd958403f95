"""Why a request cannot be carried out, as a decision says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objection:
    """The status to refuse with, and the reason for a person."""

    status: int
    reason: str
