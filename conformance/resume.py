"""A run that was broken off, or ended by its cap, is gone on with: what it has played stays and the rest is played.

While a certification runs, every record is also written to ``unfinished.jsonl`` beside the report to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.certify import head
from conformance.choice import Choice
from conformance.play import NOT_BEGUN
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
    begun = _scenarios(trace)
    while begun and begun[-1].gone:
        begun.pop()
    if not begun:
        return trace[:1]
    while len(begun) > 1 and begun[-2].about == begun[-1].about:
        begun.pop()
    return trace[: begun[-1].place]


@dataclass(slots=True)
class _Scenario:
    place: int
    about: tuple[str, str]
    gone: bool = False


def _scenarios(trace: Sequence[AnyRecord]) -> list[_Scenario]:
    """Where each scenario begins, which it is, and whether the target was not there for it."""
    found: list[_Scenario] = []
    for place, record in enumerate(trace):
        if isinstance(record, Meta) and record.mark == "scenario":
            found.append(_Scenario(place, (str(record.data.get("id")), str(record.data.get("target")))))
        elif isinstance(record, Meta) and record.mark == "end" and found:
            found[-1].gone = _not_begun(record)
    return found


def gone(trace: Sequence[AnyRecord], times: int = 3) -> bool:
    """Was the target not there for the last so many scenarios?"""
    seen = 0
    for record in reversed(trace):
        if isinstance(record, Meta) and record.mark == "end":
            if not _not_begun(record):
                return False
            seen += 1
            if seen == times:
                return True
    return False


def _not_begun(end: Meta) -> bool:
    return str(end.data.get("problem", "")).startswith(f"{NOT_BEGUN}: ")


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
