"""Who works together with whom: the cells of an interop matrix, as JSON and as one HTML page."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader

FORMAT = "interlock-matrix/1"


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What became of one pairing. ``one`` sat in the first seat, ``other`` in the second.

    ``verdict`` is ``passed``, ``failed``, ``inconclusive`` or ``untested``; ``told`` says why it did not pass. ``failed``
    names checks that what went over the wire breaks, as ``CC-SEC-003/2 csp-a``. ``report`` is the pairing's own report,
    relative to the matrix.
    """

    one: str
    other: str
    verdict: str
    told: str = ""
    failed: tuple[str, ...] = ()
    report: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """``seats`` are those of the rows and of the columns; ``partners`` in the order in which they were named."""

    protocol: str
    seats: tuple[str, str]
    story: str
    started: str
    partners: tuple[str, ...]
    cells: tuple[MatrixCell, ...]

    def cell(self, one: str, other: str) -> MatrixCell | None:
        return next((each for each in self.cells if (each.one, each.other) == (one, other)), None)


def to_json(matrix: Matrix) -> str:
    return json.dumps({"format": FORMAT, **dataclasses.asdict(matrix)}, ensure_ascii=False, indent=1) + "\n"


def render(matrix: Matrix) -> str:
    """The page; texts of others are escaped."""
    environment = Environment(loader=PackageLoader("reports"), autoescape=True, trim_blocks=True)
    return environment.get_template("matrix.html.j2").render(matrix=matrix, passed=_passed(matrix.cells))


def _passed(cells: Sequence[MatrixCell]) -> int:
    return sum(each.verdict == "passed" for each in cells)
