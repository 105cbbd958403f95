"""The documents' own tables, as scenarios: every cell is mapped to something that really checks it.

A scenario tagged ``@table:<id>`` carries the whole documented table in ``When the operators follow the table``. Beside
its feature file lies ``<id>.cells.yaml`` with the same rows in the same order: a cell of the first column names an act,
any other cell lists claims. Whatever does not match is an error when the features are loaded, before anything is played.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import yaml
from gherkin.parser import Parser

import features
from conformance import rules
from conformance.requirements import load_registry
from conformance.requirements.registry import UnknownId
from conformance.requirements.seats import seats_of
from features import FeatureError

if TYPE_CHECKING:
    from conformance.session import Session

FOLLOW = "the operators follow the table"
HOLDS = "every cell holds"
SUFFIX = ".cells.yaml"

Act = Callable[["Session"], None]
ACTS: dict[str, Act] = {}


class TableError(FeatureError):
    """A documented table and its cells file do not fit; the message names file and cell."""


@dataclass(frozen=True, slots=True)
class CellClaim:
    """One claim of a cell: a check in a seat, judged by a rule with these parameters."""

    check: str
    seat: str
    rule: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentedCell:
    """A cell: its text as in the document, the act it names (first column), the claims it makes (the others).

    ``elsewhere`` are checks that belong to the cell and need another situation: other scenarios claim them.
    """

    text: str
    act: str | None = None
    claims: tuple[CellClaim, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[str, ...]:
        """All checks of this cell, each once."""
        return tuple(dict.fromkeys((*(claim.check for claim in self.claims), *self.elsewhere)))


@dataclass(frozen=True, slots=True)
class DocumentedTable:
    """A table of the documents. ``document`` names the editions that have it, ``place`` counts the tables of a protocol as
    the documents do; ``rows`` come without the header."""

    id: str
    protocol: str
    title: str
    document: str
    place: int
    header: tuple[str, ...]
    rows: tuple[tuple[DocumentedCell, ...], ...]

    def texts(self) -> list[list[str]]:
        """Header and rows as the document has them."""
        return [list(self.header), *([cell.text for cell in row] for row in self.rows)]

    def claims(self) -> Iterator[CellClaim]:
        for row in self.rows:
            for cell in row:
                yield from cell.claims


def act(name: str) -> Callable[[Act], Act]:
    """Register what the operators do when a table's first column says so; names must differ."""

    def register(function: Act) -> Act:
        if ACTS.setdefault(name, function) is not function:
            raise ValueError(f"two acts are called {name}")
        return function

    return register


@cache
def tables() -> tuple[DocumentedTable, ...]:
    """All documented tables of all protocols, in the order of the documents. Raises TableError."""
    return read_tables(features.ROOT)


def claims_of_table(protocol: str, table: str) -> list[tuple[str, str]]:
    """The (check, seat) pairs that a table's scenario claims."""
    for each in tables():
        if (each.protocol, each.id) == (protocol, table):
            return [(claim.check, claim.seat) for claim in each.claims()]
    raise TableError(f"no table {table!r} of {protocol}")


def table_with(texts: Sequence[Sequence[str]]) -> DocumentedTable:
    """The table with exactly these texts, header first."""
    return next(each for each in tables() if each.texts() == [list(row) for row in texts])


def read_tables(root: Path) -> tuple[DocumentedTable, ...]:
    """The tables of the feature files below ``root``/<protocol>/, each with its cells. Raises TableError."""
    _load_steps()
    found: list[DocumentedTable] = []
    used: set[Path] = set()
    for feature in sorted(root.glob("*/*.feature")):
        for id_, texts in _documented(feature):
            cells = feature.with_name(id_ + SUFFIX)
            if not cells.exists():
                raise TableError(f"{feature.name}: table {id_!r} has no {cells.name} beside it")
            used.add(cells)
            table = _Reader(cells).table(id_, feature.parent.name.replace("_", "-"), texts)
            if any(each.texts() == table.texts() for each in found):
                raise TableError(f"{feature.name}: table {id_!r} has the texts of another table")
            found.append(table)
    if unused := sorted(set(root.glob(f"*/*{SUFFIX}")) - used):
        raise TableError(f"{unused[0].name}: no scenario is tagged @table:{unused[0].name.removesuffix(SUFFIX)}")
    return tuple(sorted(found, key=lambda table: (table.protocol, table.place)))


@cache
def _load_steps() -> None:
    """Import every step module, so that its acts are registered."""
    from conformance import steps

    for module in pkgutil.iter_modules(steps.__path__):
        importlib.import_module(f"{steps.__name__}.{module.name}")


def _documented(feature: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """The table ids of a feature file with the texts of their cells."""
    document: Any = Parser().parse(feature.read_text(encoding="utf-8"))
    for scenario in _scenarios(document["feature"]["children"]):
        ids = [tag["name"].removeprefix("@table:") for tag in scenario["tags"] if tag["name"].startswith("@table:")]
        if not ids:
            continue
        steps = {step["text"]: step.get("dataTable") for step in scenario["steps"]}
        place = f"{feature.name}:{scenario['location']['line']}: table {ids[0]!r}"
        if len(ids) > 1 or steps.get(FOLLOW) is None or HOLDS not in steps:
            raise TableError(f"{place} wants one tag @table:…, a step {FOLLOW!r} with the table, and {HOLDS!r}")
        yield ids[0], [[cell["value"] for cell in row["cells"]] for row in steps[FOLLOW]["rows"]]


def _scenarios(children: Any) -> Iterator[Any]:
    for child in children:
        if "scenario" in child:
            yield child["scenario"]
        elif "rule" in child:
            yield from _scenarios(child["rule"]["children"])


class _Reader:
    """Reads one cells file against the table that it maps."""

    def __init__(self, path: Path) -> None:
        self._file = path.name
        try:
            self._content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as problem:
            raise TableError(f"{self._file}: want YAML: {problem}") from None

    def table(self, id_: str, protocol: str, texts: list[list[str]]) -> DocumentedTable:
        content = self._content
        if not isinstance(content, dict) or set(content) != {"title", "document", "place", "rows"}:
            self._wrong("", "want the members title, document, place and rows")
        header, *rows = texts
        mapped = content["rows"] or []
        for number in range(max(len(rows), len(mapped))):
            if number >= len(rows):
                self._wrong(f"row {number + 1}", f"maps {self._shown(mapped[number])}, but the table has no such row")
            if number >= len(mapped):
                self._wrong(
                    f"row {number + 1}", f"is not mapped; the table has {[text for text in rows[number] if text]}"
                )
        return DocumentedTable(
            id_,
            protocol,
            str(content["title"]),
            str(content["document"]),
            int(content["place"]),
            tuple(header),
            tuple(self._row(number, header, row, mapped[number - 1]) for number, row in enumerate(rows, start=1)),
        )

    def _row(
        self, number: int, header: list[str], texts: list[str], mapped: dict[str, Any]
    ) -> tuple[DocumentedCell, ...]:
        if foreign := [column for column in mapped if column not in header]:
            self._wrong(f"row {number}, {foreign[0]}", f"is mapped, but the columns are {header}")
        return tuple(
            self._cell(f"row {number}, {column}", column, text, mapped.get(column))
            for column, text in zip(header, texts, strict=True)
        )

    def _cell(self, place: str, column: str, text: str, mapped: Any) -> DocumentedCell:
        if mapped is None:
            if text:
                self._wrong(place, f"is not mapped; the table has {text!r}")
            return DocumentedCell("")
        if not isinstance(mapped, dict):
            self._wrong(place, f"want text with act or claims, got {mapped!r}")
        if not text:
            self._wrong(place, f"maps {mapped.get('text')!r}, but the table's cell is empty")
        if mapped.get("text") != text:
            self._wrong(place, f"has the text {mapped.get('text')!r}, the table {text!r}")
        first = column not in ("OP1", "OP2")
        wanted = {"text", "act"} if first else {"text", "claims"}
        if set(mapped) - {"elsewhere"} != wanted or (first and "elsewhere" in mapped):
            self._wrong(place, f"want the members {sorted(wanted)}, got {sorted(mapped)}")
        if first:
            if mapped["act"] not in ACTS:
                self._wrong(place, f"no act is called {mapped['act']!r}; there are {', '.join(sorted(ACTS))}")
            return DocumentedCell(text, act=mapped["act"])
        if not mapped["claims"]:
            self._wrong(place, "makes no claim; want at least one")
        claims = tuple(self._claim(place, each) for each in mapped["claims"])
        elsewhere = tuple(mapped.get("elsewhere") or ())
        for check in elsewhere:
            self._check(place, check)
        return DocumentedCell(text, claims=claims, elsewhere=elsewhere)

    def _claim(self, place: str, given: Any) -> CellClaim:
        if not isinstance(given, dict) or set(given) - {"params"} != {"check", "seat", "rule"}:
            self._wrong(place, f"want a claim of check, seat, rule and params, got {given!r}")
        seats = self._check(place, given["check"])
        if given["seat"] not in seats:
            self._wrong(place, f"{given['check']} is judged in {' or '.join(seats)}, not in {given['seat']!r}")
        if given["rule"] not in rules.names():
            self._wrong(place, f"no rule is called {given['rule']!r}")
        return CellClaim(given["check"], given["seat"], given["rule"], given.get("params") or {})

    def _check(self, place: str, check: str) -> tuple[str, ...]:
        """The seats in which a check can be judged."""
        try:
            return seats_of(load_registry().requirements[load_registry().check(check).requirement])
        except UnknownId as problem:
            self._wrong(place, str(problem))

    @staticmethod
    def _shown(mapped: Any) -> list[str]:
        return [str(cell.get("text")) for cell in mapped.values()] if isinstance(mapped, dict) else []

    def _wrong(self, place: str, problem: str) -> NoReturn:
        raise TableError(f"{self._file}: {place + ': ' if place else ''}{problem}")
