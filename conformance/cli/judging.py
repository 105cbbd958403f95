"""``interlock judge``: stored traces, today's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from conformance import rollup
from conformance.cli import playing
from conformance.cli.usage import Usage
from conformance.stored import NotOfOneRun, again, joined
from reports.trace import TraceError, read


def judge(
    paths: Sequence[Path],
    waivers: Path | None = None,
    compare: Path | None = None,
    annotation: str | None = None,
    report: Path | None = None,
    json: bool = False,
) -> int:
    """Judge the claims and monitors of one trace.jsonl again, or of several of one target. Returns the exit code: that of a
    certification where a target was certified. Usage."""
    from conformance.cli.certifying import annotate, finished, report_of, waivers_of

    try:
        trace = joined([read(path) for path in paths])
    except (OSError, TraceError, NotOfOneRun) as problem:
        raise Usage(f"cannot read the trace: {problem}") from None
    run = again(trace, f"the trace {paths[0].name}")
    seats = tuple(run.report.target["seats"])
    run = replace(run, report=finished(run.report, waivers_of(waivers, seats), report_of(compare)))
    playing.leave(run, playing.directory_of(report, json), json)
    annotate(run.report, annotation, None, json)
    return rollup.certificate_code(run.report) if run.certified else rollup.exit_code(run.report)
