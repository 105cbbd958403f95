"""What the doctor says of a target: one finding for each thing that was looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` names what was looked at; ``found`` is what came; ``change`` says what to change, "" where all is well.

    ``bad``: nothing can be judged before it is mended. ``warn``: a part cannot be judged, or something is unusual.
    """

    check: str
    level: Literal["ok", "warn", "bad"]
    found: str
    change: str = ""


def ok(check: str, found: str) -> Finding:
    return Finding(check, "ok", found)


def warn(check: str, found: str, change: str) -> Finding:
    return Finding(check, "warn", found, change)


def bad(check: str, found: str, change: str) -> Finding:
    return Finding(check, "bad", found, change)


def clean(findings: Iterable[Finding]) -> bool:
    """Is there nothing bad among them?"""
    return all(each.level != "bad" for each in findings)


def listed(names: Iterable[object]) -> str:
    """A few names for people, in order."""
    shown = [str(each) for each in names]
    return ", ".join(shown[:8]) + (f" and {len(shown) - 8} more" if len(shown) > 8 else "") or "nothing"
