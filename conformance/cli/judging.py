"""``interlock judge``: stored traces, and HAR files of others, by today's rules."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from conformance import rollup
from conformance.cli import playing
from conformance.cli.usage import Usage
from conformance.har import BadHar, is_har, read_har
from conformance.stored import NotOfOneRun, again, joined
from reports.redact import Redactor
from reports.trace import Trace, TraceError, read


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command. ``seats`` and ``ids`` say, by seat, which host of a HAR file it is, and its id."""

    paths: Sequence[Path]
    seats: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    waivers: Path | None = None
    compare: Path | None = None
    annotate: str | None = None
    report: Path | None = None
    json: bool = False


def judge(wishes: Wishes) -> int:
    """Judge the claims and monitors of one trace again, or of several of one target; of a HAR file the monitors. Returns the
    exit code: that of a certification where a target was certified. Usage."""
    from conformance.cli.certifying import annotate, finished, report_of, waivers_of

    run = again(_trace(wishes), f"the trace {wishes.paths[0].name}")
    seats = tuple(run.report.target["seats"])
    run = replace(run, report=finished(run.report, waivers_of(wishes.waivers, seats), report_of(wishes.compare)))
    playing.leave(run, playing.directory_of(wishes.report, wishes.json), wishes.json)
    annotate(run.report, wishes.annotate, None, wishes.json)
    return rollup.certificate_code(run.report) if run.certified else rollup.exit_code(run.report)


def _trace(wishes: Wishes) -> Trace:
    try:
        if not any(map(is_har, wishes.paths)):
            if wishes.seats or wishes.ids:
                raise Usage("--seat, --id: want a HAR file, whose hosts they name; a trace names its seats itself")
            return joined([read(path) for path in wishes.paths])
        if len(wishes.paths) > 1:
            raise Usage("want one HAR file, or traces only")
        return read_har(wishes.paths[0], wishes.seats, wishes.ids, Redactor(os.urandom(16)))
    except (OSError, UnicodeDecodeError, TraceError, NotOfOneRun, BadHar) as problem:
        raise Usage(f"cannot read the trace: {problem}") from None
