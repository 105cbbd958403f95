"""``interlock matrix A.toml B.toml C.toml …``: who works together with whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from conformance.cli import playing
from conformance.cli.proxying import target_of
from conformance.cli.usage import Usage
from conformance.interop import check, doors
from conformance.interop import play as play_pairs
from conformance.proxy import NoPair
from conformance.target import Target
from conformance.target.sending import MissingExtra
from reference_impl.serve.config import Address
from reports.matrix import Matrix, render, to_json
from reports.write import make_directory

_STYLES = {"passed": "green", "failed": "bold red"}


def matrix(
    files: Sequence[Path], listen: str, plan: bool, environment: str, mbps: int, report: Path | None, json: bool
) -> int:
    """Play every pairing and show the matrix. 0: all passed; 1: one failed; 4: one came to no verdict. Usage."""
    if len(files) < 2:
        raise Usage(f"matrix: want two partners or more, got {len(files)}")
    targets = [target_of(file) for file in files]
    at = _address(listen)
    try:
        check(targets)
        if plan:
            _plan(targets, at)
            return 0
        directory = playing.directory_of(report, json)
        if directory is not None:
            make_directory(directory)
        with playing.progress_bar(json) as bar:
            task = bar.add_task("pairing", total=None)
            found = play_pairs(
                targets,
                at,
                directory,
                environment,
                mbps,
                lambda done, all_, name: bar.update(task, completed=done, total=all_, description=name[:50]),
            )
    except (NoPair, MissingExtra) as problem:
        raise Usage(str(problem)) from None
    except OSError as problem:
        raise Usage(f"--listen: want addresses that are free (see --plan), got {problem.strerror or problem}") from None
    _leave(found, directory, json)
    verdicts = {cell.verdict for cell in found.cells}
    return 1 if "failed" in verdicts else 0 if verdicts == {"passed"} else 4


def _address(text: str) -> Address:
    found = re.fullmatch(r"([^:]+):(\d{1,5})", text)
    if found is None or not 0 < int(found[2]) < 65_000:
        raise Usage(f"--listen: want HOST:PORT, the first port of the doors, got {text!r}")
    return Address(found[1], int(found[2]))


def _plan(targets: Sequence[Target], listen: Address) -> None:
    for (i, j), door in sorted(doors(targets, listen).items()):
        scheme = "https" if targets[i].counterpart.tls.certificate else "http"
        where = f"{scheme}://{door.listen.host}:{door.listen.port}"
        print(f"{targets[i].name} reaches {targets[j].name} ({targets[j].who('target').id}) at {where}")


def _leave(found: Matrix, directory: Path | None, json: bool) -> None:
    if directory is not None:
        (directory / "matrix.json").write_text(to_json(found), encoding="utf-8")
        (directory / "matrix.html").write_text(render(found), encoding="utf-8")
    if json:
        print(to_json(found), end="")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{found.seats[0]} \\ {found.seats[1]}")
    for other in found.partners:
        table.add_column(other, overflow="fold")
    for one in found.partners:
        table.add_row(one, *(_cell(found, one, other) for other in found.partners))
    Console(highlight=False).print(table)
    if directory is not None:
        print(f"matrix: {directory / 'matrix.html'}")


def _cell(found: Matrix, one: str, other: str) -> str:
    cell = found.cell(one, other)
    if cell is None:
        return "–"
    style = _STYLES.get(cell.verdict, "yellow")
    why = "; ".join(filter(None, (cell.told, ", ".join(cell.failed)))).replace("[", "\\[")
    return f"[{style}]{cell.verdict}[/]" + (f": {why}" if why else "")
