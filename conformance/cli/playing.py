"""``interlock run`` on a terminal, in CI, and as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from conformance import rollup
from conformance.selfplay import Run
from conformance.selfplay import run as self_play
from reports.console import summary
from reports.json_report import to_json
from reports.write import make_directory, write_report

DEFAULT_REPORT = Path("interlock-report")


def run(protocol: str | None, over: str, selectors: tuple[str, ...], seed: int, report: Path | None, json: bool) -> int:
    """Play and judge; write the report; print the summary or the JSON report. Returns the exit code.

    CannotWrite, before anything is played, where the report cannot be left.
    """
    if (directory := directory_of(report, json)) is not None:
        make_directory(directory)
    with progress_bar(json) as bar:
        task = bar.add_task("playing", total=None)
        finished = self_play(
            protocol,
            selectors,
            over=over,
            seed=seed,
            progress=lambda done, all_, name: bar.update(task, completed=done, total=all_, description=name[:50]),
        )
    return show(finished, report, json)


def show(finished: Run, report: Path | None, json: bool) -> int:
    """Write and print a finished run. Without --report, a run for people writes to ./interlock-report."""
    leave(finished, directory_of(report, json), json)
    return rollup.exit_code(finished.report)


def leave(finished: Run, directory: Path | None, json: bool) -> None:
    """Write a finished run into a directory, where there is one, and print it."""
    written: Path | None = None
    if directory is not None:
        paths = write_report(directory, finished.report, finished.trace, rollup.verdict_of_claim(finished.judged))
        written = paths["report.html"]
    if json:
        sys.stdout.write(to_json(finished.report) + "\n")
    else:
        Console(highlight=False).print(summary(finished.report, written), soft_wrap=True)
        for problem in finished.report.problems:
            print(f"our own fault: {problem}", file=sys.stderr)


def directory_of(report: Path | None, json: bool) -> Path | None:
    return report if report is not None else None if json else DEFAULT_REPORT


def progress_bar(quiet: bool) -> Progress:
    """A bar on a terminal; nothing in CI, in a pipe, or when JSON is asked for."""
    console = Console(file=sys.stderr)  # the one of now: what plays redirects it
    return Progress(
        TextColumn("{task.description:50}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
