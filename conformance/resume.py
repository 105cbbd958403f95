"""A run that was broken off, or ended by its cap, is gone on with: what it has played stays and the rest is played.

While a certification runs, every record is also written to ``unfinished.jsonl`` beside the report to come.
"""

from __future__ import annotations

from pathlib import Path

from conformance.certify import head
from conformance.choice import Choice
from conformance.presence import scenes
from conformance.target import Target
from reports import trace as traces
from reports.record import AnyRecord, Meta
from reports.trace import Trace, TraceError

UNFINISHED = "unfinished.jsonl"


class CannotResume(Exception):
    """There is nothing to go on with, or it is another run; says what is wanted."""


def resumed(directory: Path, target: Target, choice: Choice) -> Trace:
    """What an earlier run of the same target and choice has played, but the last scenario, which may have been cut off.
    CannotResume."""
    unfinished = directory / UNFINISHED
    file = unfinished if unfinished.exists() else directory / "trace.jsonl"
    try:
        trace = traces.read(file, unfinished=True)
    except (OSError, TraceError, UnicodeDecodeError) as problem:
        raise CannotResume(
            f"--resume: want a directory in which a run was broken off, got {directory}: {problem}"
        ) from None
    begun = next((each.data for each in trace if isinstance(each, Meta) and "claimed" in each.data), None)
    wanted = head(target, choice).data
    for key, value in wanted.items():
        if begun is None or begun.get(key) != value:
            there = None if begun is None else begun.get(key)
            raise CannotResume(f"--resume: want the run that {file} began, with {key} {there}; got {key} {value}")
    return Trace().restore(_whole(trace))


def _whole(trace: Trace) -> list[AnyRecord]:
    """The records before the last scenario, and before those for which the target was gone; of an outline all examples go
    together."""
    begun = scenes(trace)
    while begun and begun[-1].absent:
        begun.pop()
    if not begun:
        return trace[:1]
    while len(begun) > 1 and begun[-2].about == begun[-1].about:
        begun.pop()
    return trace[: begun[-1].place]


class Recorder:
    """Writes a trace as it grows. ``finish`` takes the file away: then the report holds it all."""

    def __init__(self, directory: Path, trace: Trace) -> None:
        self._path = directory / UNFINISHED
        traces.write(trace, self._path)
        self._out = self._path.open("a", encoding="utf-8", errors="backslashreplace")
        trace.listen(self._on)

    def _on(self, record: AnyRecord) -> None:
        self._out.write(traces.line(record))
        if isinstance(record, Meta) and record.mark == "end":
            self._out.flush()

    def finish(self) -> None:
        self._out.close()
        self._path.unlink(missing_ok=True)
