"""``interlock mutants``: play the gallery of wrong implementations, fuzz it if asked, and leave the kill matrix."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from conformance import gallery
from conformance.cli.playing import progress_bar
from conformance.cli.telling import put
from conformance.cli.usage import Usage
from conformance.false_kills import play_correct
from conformance.fuzz.contract import Wishes
from conformance.fuzz.gallery import Caught, caught
from reports.kill_matrix import KillMatrix, KillRow, render, to_json
from reports.write import make_directory

BY = ("suite", "fuzz")

_SHOWN = {"named": "killed", "other": "killed for another reason", "survived": "SURVIVED"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command. ``by``: ``suite`` plays scenarios; ``fuzz`` fuzzes beside them, ``wishes`` says how.
    ``sample``: only so many mutants, and no correct variant."""

    protocol: str | None
    selectors: tuple[str, ...]
    by: str
    wishes: Wishes
    workers: int
    sample: int | None
    report: Path | None
    json: bool


def mutants(asked: Asked) -> int:
    """0: all killed for the named reason, and no correct variant failed; 1: a survivor, another reason or a false kill."""
    if asked.by not in BY:
        raise Usage(f"--by: want suite or fuzz, got {asked.by!r}")
    if asked.report is not None:
        make_directory(asked.report)
    with progress_bar(asked.json) as bar:
        task = bar.add_task("playing mutants", total=None)

        def told(done: int, all_: int, name: str) -> None:
            bar.update(task, completed=done, total=all_, description=name[:50])

        played = gallery.play_gallery(asked.protocol, asked.selectors, asked.workers, told, asked.sample)
        correct: int = 0
        false_kills: tuple[tuple[str, str], ...] = ()
        if asked.sample is None:
            correct, false_kills = play_correct(asked.protocol, asked.selectors, asked.workers, told)
        if not played and not correct:
            raise Usage("no mutant fits; `interlock list mutants` shows them all")
        fuzzed: Mapping[str, Caught] = {}
        if asked.by == "fuzz":
            fuzzed = caught([row.mutant for row in played], asked.wishes, asked.workers, told)
    matrix = replace(_matrix(played, fuzzed), correct=correct, false_kills=false_kills)
    if asked.report is not None:
        put(asked.report / "mutants.json", to_json(matrix))
        put(asked.report / "mutants.html", render(matrix))
    if asked.json:
        sys.stdout.write(to_json(matrix))
    else:
        Console(highlight=False).print(_table(matrix))
        print(matrix.told())
    return 0 if matrix.count("named") == len(matrix.rows) and not matrix.false_kills else 1


def _matrix(played: Sequence[gallery.Killing], fuzzed: Mapping[str, Caught]) -> KillMatrix:
    rows = []
    for row in played:
        mutant, found = row.mutant, fuzzed.get(row.mutant.id)
        rows.append(
            KillRow(
                mutant.id,
                mutant.vice,
                mutant.protocol,
                mutant.seat,
                mutant.caught_by,
                "named" if row.named else "other" if row.killed_by else "survived",
                row.killed_by,
                tuple(f"{check} {operation}" for check, operation in found.alone) if found else None,
                found.ours if found else None,
            )
        )
    return KillMatrix(tuple(rows))


def _table(matrix: KillMatrix) -> Table:
    table = Table(box=None, pad_edge=False)
    headings = ("mutant", "its vice", "caught by", "scenarios")
    for heading in (*headings, "schemathesis", "our fuzz") if matrix.fuzzed else headings:
        table.add_column(heading, overflow="fold")
    for row in matrix.rows:
        fuzz = ("caught" if row.alone else "-", "caught" if row.fuzz else "-") if matrix.fuzzed else ()
        table.add_row(row.mutant, row.vice, row.caught_by, _SHOWN[row.verdict], *fuzz)
    return table
