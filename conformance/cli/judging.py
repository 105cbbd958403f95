"""``interlock judge``: a stored trace, today's rules."""

from __future__ import annotations

import datetime
import sys
import time
from pathlib import Path

from conformance import rollup
from conformance.cli import playing
from conformance.judge import judge as judge_trace
from conformance.play import Play, Played
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.selfplay import Run
from reports.record import Meta
from reports.trace import Trace, TraceError, read


def judge(path: Path, report: Path | None, json: bool) -> int:
    """Judge the claims and monitors of a trace.jsonl again. Returns the exit code."""
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    try:
        trace = read(path)
    except (OSError, TraceError) as problem:
        print(f"interlock: cannot read the trace: {problem}", file=sys.stderr)
        return 2
    play = Play(trace, _played(trace))
    judged = judge_trace(trace)
    pairs = {(each.scenario.id, each.seat) for each in play.played}
    protocols = next(
        (list(each.data["protocols"]) for each in trace if isinstance(each, Meta) and each.data.get("protocols")),
        sorted({each.scenario.protocol for each in play.played}),
    )
    result = rollup.report(
        load_registry(),
        [each for each in load_scenarios() if each.protocol in protocols],
        pairs,
        play,
        judged,
        protocols=protocols,
        target={"name": f"the trace {path.name}", "protocols": protocols, "seats": sorted({s for _, s in pairs})},
        seed=0,
        started=started,
        duration_s=time.perf_counter() - clock,
    )
    return playing.show(Run(result, play, judged), report, json)


def _played(trace: Trace) -> list[Played]:
    """The scenarios that the marks in the trace delimit; one that today's features no longer hold is left out."""
    known = {each.id: each for each in load_scenarios()}
    played: list[Played] = []
    begun: Meta | None = None
    for record in trace:
        if not isinstance(record, Meta):
            continue
        if record.mark == "scenario":
            begun = record
        elif record.mark == "end" and begun is not None:
            scenario = known.get(str(begun.data.get("id")))
            if scenario is not None:
                problem = record.data.get("problem")
                played.append(
                    Played(
                        scenario,
                        str(begun.data.get("seat")),
                        begun.seq,
                        record.seq,
                        (record.at - begun.at) / 1000,
                        str(problem) if problem else None,
                        bool(record.data.get("ours")),
                    )
                )
            begun = None
    return played
