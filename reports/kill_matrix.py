"""Which check catches which wrong implementation: the kill matrix, as JSON and as one HTML page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader

FORMAT = "interlock-mutants/1"


@dataclass(frozen=True, slots=True)
class KillRow:
    """One mutant. ``verdict``: ``named`` (killed by the check that it declares, its twin passing), ``other`` (killed by
    another one) or ``survived``. ``alone`` and ``fuzz`` are what schemathesis alone and our fuzz found; None: not asked.
    """

    mutant: str
    vice: str
    protocol: str
    seat: str
    caught_by: str
    verdict: str
    killed_by: tuple[str, ...]
    alone: tuple[str, ...] | None = None
    fuzz: tuple[str, ...] | None = None

    @property
    def requirement(self) -> str:
        return self.caught_by.partition("/")[0]


@dataclass(frozen=True, slots=True)
class KillMatrix:
    """``false_kills`` are correct variants that a check failed: the variant, and the check with its seat. ``correct`` counts
    the variants that were played."""

    rows: tuple[KillRow, ...]
    false_kills: tuple[tuple[str, str], ...] = ()
    correct: int = 0

    def count(self, *verdicts: str) -> int:
        return sum(row.verdict in verdicts for row in self.rows)

    @property
    def fuzzed(self) -> bool:
        return any(row.fuzz is not None for row in self.rows)

    def by(self, column: str) -> int:
        """How many a column of fuzzing caught."""
        return sum(bool(getattr(row, column)) for row in self.rows)

    def told(self) -> str:
        """The matrix in one sentence."""
        total = len(self.rows)
        survivors = [row.mutant for row in self.rows if row.verdict == "survived"]
        sentence = (
            f"{total} mutants: {self.count('named', 'other')} killed, {self.count('named')} for the named reason; "
            f"survivors: {', '.join(survivors) or 'none'}"
        )
        if self.correct:
            sentence += f"; {self.correct} correct variants: {len(self.false_kills) or 'no'} false kills"
        if self.fuzzed:
            sentence += f"; schemathesis alone would have caught {self.by('alone')}, our fuzz {self.by('fuzz')}"
        return sentence

    def as_json(self) -> dict[str, Any]:
        fuzz = {"caught_by_schemathesis": self.by("alone"), "caught_by_fuzz": self.by("fuzz")} if self.fuzzed else {}
        return {
            "format": FORMAT,
            "total": len(self.rows),
            "killed": self.count("named", "other"),
            "killed_for_named_reason": self.count("named"),
            "survivors": [row.mutant for row in self.rows if row.verdict == "survived"],
            "false_kills": [{"variant": variant, "check": check} for variant, check in self.false_kills],
            **fuzz,
            "matrix": [_row_as_json(row) for row in self.rows],
        }


def _row_as_json(row: KillRow) -> dict[str, Any]:
    told: dict[str, Any] = {
        "mutant": row.mutant,
        "caught_by": row.caught_by,
        "verdict": row.verdict,
        "killed_by": list(row.killed_by),
    }
    if row.fuzz is not None:
        told |= {"schemathesis": list(row.alone or ()), "fuzz": list(row.fuzz)}
    return told


def to_json(matrix: KillMatrix) -> str:
    return json.dumps(matrix.as_json(), ensure_ascii=False, indent=1) + "\n"


def render(matrix: KillMatrix) -> str:
    """The page, by protocol and requirement."""
    environment = Environment(loader=PackageLoader("reports"), autoescape=True, trim_blocks=True)
    return environment.get_template("kill_matrix.html.j2").render(matrix=matrix, parts=_parts(matrix.rows))


def _parts(rows: Iterable[KillRow]) -> list[tuple[str, list[KillRow]]]:
    ordered = sorted(rows, key=lambda row: (row.protocol, row.caught_by, row.mutant))
    return [(protocol, list(part)) for protocol, part in groupby(ordered, key=lambda row: row.protocol)]
