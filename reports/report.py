"""The one report model: what ``report.json`` holds and every renderer reads (interface note)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FORMAT = "interlock-report/1"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check in one seat. ``evidence`` names records of the trace as ``r17``."""

    id: str
    seat: str
    scenarios: tuple[str, ...]
    verdict: str
    want: str = ""
    got: str = ""
    reason: str | None = None
    errata: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequirementResult:
    id: str
    protocol: str
    level: str
    profile: str
    title: str
    statement: str
    verdict: str
    reason: str | None
    waiver: dict[str, Any] | None
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class ProfileResult:
    """A profile's verdict (``conformant``, ``not conformant``, ``incomplete``, ``not applicable``) with its counts and
    its reach.

    ``must`` and ``should`` count requirements by verdict. ``reach`` says how many of the profile's MUST checks
    were ``judged``, and how many were ``excluded`` or left ``untested``, by reason.
    """

    id: str
    protocol: str
    verdict: str
    must: dict[str, int]
    should: dict[str, int]
    reach: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a documented table with its verdict (None: a cell that claims nothing)."""

    text: str
    verdict: str | None = None
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableResult:
    """A documented table, coloured. ``rows[0]`` is the header."""

    id: str
    protocol: str
    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario in one pairing of seats. ``first`` and ``last`` bound its records in the trace."""

    id: str
    feature: str
    name: str
    protocol: str
    seat: str
    verdict: str
    seconds: float
    first: int
    last: int
    checks: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Checks declared by the selected scenarios; those whose scenario ran; those with a verdict."""

    expected: int
    executed: int
    judged: int


@dataclass(frozen=True, slots=True)
class WaiverResult:
    """A waiver and what became of it: ``used``, ``unjudged`` (this run cannot tell), ``stale`` (nothing failed there) or
    ``expired``; ``told`` is a sentence. ``covers`` are the failures that it met, as ``CC-KEY-001/2 csp-a``.
    """

    id: str
    seat: str | None
    clause: str
    reason: str
    owner: str
    expires: str
    state: str
    told: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One check in one seat that stands otherwise than in an earlier report: ``better``, ``worse``, ``new`` or ``gone``."""

    id: str
    seat: str
    what: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Report:
    suite: dict[str, Any]
    target: dict[str, Any]
    scope: str
    seed: int
    started: str
    duration_s: float
    counts: Counts
    profiles: tuple[ProfileResult, ...]
    requirements: tuple[RequirementResult, ...]
    tables: tuple[TableResult, ...] = ()
    scenarios: tuple[ScenarioResult, ...] = ()
    slowest: tuple[dict[str, Any], ...] = ()
    problems: tuple[str, ...] = field(default=())
    """Our own faults: a declared check that no step emitted, a scenario that broke."""
    waivers: tuple[WaiverResult, ...] = ()
    compared_with: str | None = None
    """The earlier report that ``changes`` compares with, as its moment and its target; None: with none."""
    changes: tuple[Change, ...] = ()
    format: str = FORMAT
