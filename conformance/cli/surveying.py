"""`explore all`: every race in one table, and with `--variants` how many steps each variant needs to its ruin."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from conformance.cli import Usage
from conformance.cli.exploring import CODES, answer, as_json, question
from conformance.cli.telling import console, folder, print_json, put
from simulator.races import RACES

Row = dict[str, Any]
_STYLES = {"proved": "green", "refuted": "red", "incomplete": "yellow"}


def explore_all(*, variants: bool = False, workers: int = 1, report: Path | None = None, json: bool = False) -> int:
    """Explore every race with the faults that it declares, and with ``variants`` each of its variants.

    0: all are proved, and each variant is refuted; 1: a race is refuted, or a variant is not; 4: one is incomplete.
    ``workers`` processes share the races; ``report`` is a folder for ``races.json``, the document of ``--json``.
    """
    if workers < 1:
        raise Usage(f"--workers: want at least 1, got {workers}")
    if report is not None:
        folder(report)
    wanted: list[tuple[str, str | None]] = [(race.id, None) for race in RACES.values()]
    if variants:
        wanted = [(race.id, name) for race in RACES.values() for name in (None, *race.variants)]
    rows = []
    with _progress(len(wanted), json) as told:
        for row in _explored(wanted, workers):
            rows.append(row)
            told(row)
    if report is not None:
        put(report / "races.json", jsonlib.dumps({"races": rows}, indent=2, ensure_ascii=False) + "\n")
    if json:
        print_json({"races": rows})
    else:
        console().print(_table(rows))
        console().print(_sum(rows), markup=False)
    return _code(rows)


def explored(wanted: tuple[str, str | None]) -> Row:
    """One race or variant, as ``explore --json`` tells it."""
    race, variant = wanted
    asked = question(race, variant=variant)
    return as_json(asked, answer(asked))


def _explored(wanted: Sequence[tuple[str, str | None]], workers: int) -> Iterator[Row]:
    if workers == 1:
        yield from map(explored, wanted)
        return
    with ProcessPoolExecutor(workers) as executor:
        yield from executor.map(explored, wanted)


def _code(rows: Iterable[Row]) -> int:
    codes = []
    for row in rows:
        code = CODES[row["verdict"]]
        codes.append(code if row["variant"] is None or code == 4 else 1 - code)
    return next((code for code in (1, 4) if code in codes), 0)


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("race", "verdict"):
        table.add_column(heading, no_wrap=True)
    for heading in ("states", "s"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("what it is about, and its boundary", overflow="fold")
    for row in rows:
        violation = row["violation"]
        if row["variant"] is None:
            race = RACES[row["race"]]
            about = Text.assemble(race.title, (f"\n{race.boundary}" if race.boundary else "", "dim"))
            if violation is not None:
                about.append(f"\nbroken in {_ruin(violation)}", "red")
            if race.errata and violation is not None:
                about.append(f"\n{', '.join(race.errata)}", "dim")
        else:
            ruin = _ruin(violation) if violation else "NOT REFUTED"
            about = Text.assemble(f"  {row['variant']}", (f"\n    {ruin}", "dim" if violation else "red"))
        style = _STYLES[row["verdict"]] if row["variant"] is None else ""
        first = row["race"] if row["variant"] is None else ""
        verdict = Text(row["verdict"].upper() if row["variant"] is None else row["verdict"], style)
        table.add_row(first, verdict, f"{row['states']:,}", f"{row['seconds']:.1f}", about)
    return table


def _ruin(violation: Row) -> str:
    """``7 steps, the last 2 of them for ever: every deletion ends``."""
    for_ever = f", the last {violation['cycle']} of them for ever" if violation.get("cycle") else ""
    return f"{violation['steps']} steps{for_ever}: {violation['invariant']}"


def _sum(rows: Sequence[Row]) -> str:
    races = [row for row in rows if row["variant"] is None]
    counted = ", ".join(
        f"{number} {verdict}" for verdict in _STYLES if (number := sum(row["verdict"] == verdict for row in races))
    )
    variants = [row for row in rows if row["variant"] is not None]
    refuted = sum(row["verdict"] == "refuted" for row in variants)
    told = f"; {refuted} of {len(variants)} variants refuted" if variants else ""
    seconds = sum(row["seconds"] for row in rows)
    return f"{len(races)} races: {counted}{told}; {sum(row['states'] for row in rows):,} states in {seconds:.0f} s"


@contextmanager
def _progress(number: int, quiet: bool) -> Iterator[Any]:
    """A line that counts races, on a terminal only."""
    errors = Console(stderr=True)
    if quiet or not errors.is_terminal:
        yield lambda row: None
        return
    done = 0

    def told(row: Row) -> None:
        nonlocal done
        done += 1
        line.update(f"explored {done} of {number}, last {row['race']} {row['variant'] or ''}")

    with Status(f"exploring {number} worlds", console=errors) as line:
        yield told
