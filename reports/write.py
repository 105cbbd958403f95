"""Leave a run's report in a directory: all five files, each of them whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from reports import trace as traces
from reports.html import render
from reports.json_report import to_json
from reports.junit import to_junit
from reports.markdown import to_markdown
from reports.report import Report
from reports.trace import Trace


class CannotWrite(OSError):
    """The report cannot be left where it was asked for; the message names the place and the reason."""


def write_report(directory: Path, report: Report, trace: Trace, verdict_of_claim: Mapping[int, str]) -> dict[str, Path]:
    """Write the report; returns the files by name. CannotWrite if the directory does not allow it."""
    files: dict[str, Callable[[Path], object]] = {
        "report.json": partial(_put, text=to_json(report)),
        "trace.jsonl": partial(traces.write, trace),
        "junit.xml": partial(_put, text=to_junit(report)),
        "report.html": partial(_put, text=render(report, trace, verdict_of_claim)),
        "report.md": partial(_put, text=to_markdown(report)),
    }
    make_directory(directory)
    try:
        return {name: _whole(directory / name, write) for name, write in files.items()}
    except OSError as problem:
        raise _refused(directory, problem) from problem


def make_directory(directory: Path) -> None:
    """See that a report can be left here, before the run that it is about; CannotWrite if not."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        trial = directory / f".trial.{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as problem:
        raise _refused(directory, problem) from problem


def _refused(directory: Path, problem: OSError) -> CannotWrite:
    return CannotWrite(f"{directory}: the report cannot be written here: {problem.strerror or problem}")


def _whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Write beside the file and rename: a reader never sees half a report."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
