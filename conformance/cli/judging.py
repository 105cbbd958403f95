"""``interlock judge``: stored traces, today's rules."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from conformance.cli import playing
from conformance.stored import NotOfOneRun, again, joined
from reports.trace import TraceError, read


def judge(paths: Sequence[Path], report: Path | None, json: bool) -> int:
    """Judge the claims and monitors of one trace.jsonl again, or of several of one target. Returns the exit code."""
    try:
        trace = joined([read(path) for path in paths])
    except (OSError, TraceError, NotOfOneRun) as problem:
        print(f"interlock: cannot read the trace: {problem}", file=sys.stderr)
        return 2
    return playing.show(again(trace, f"the trace {paths[0].name}"), report, json)
