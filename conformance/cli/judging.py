"""``interlock judge``: a stored trace, today's rules."""

from __future__ import annotations

import datetime
import sys
import time
from pathlib import Path

from conformance import rollup
from conformance.certify import in_seat
from conformance.cli import playing
from conformance.judge import Judged
from conformance.judge import judge as judge_trace
from conformance.play import Play, Played, every
from conformance.requirements import load_registry
from conformance.scenarios import Scenario, load_scenarios
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
    judged = judge_trace(trace)
    parts = _parts(trace, judged)
    protocols = next(
        (list(each.data["protocols"]) for each in trace if isinstance(each, Meta) and each.data.get("protocols")),
        sorted({each.scenario.protocol for part in parts for each in part.play.played}),
    )
    seats = sorted({part.seat or seat for part in parts for _, seat in part.selected})
    result = rollup.report(
        load_registry(),
        [each for each in load_scenarios() if each.protocol in protocols],
        parts,
        protocols=protocols,
        target={"name": f"the trace {path.name}", "protocols": protocols, "seats": seats},
        claimed=_claimed(trace),
        seed=0,
        started=started,
        duration_s=time.perf_counter() - clock,
    )
    return playing.show(Run(result, trace, [each for part in parts for each in part.judged]), report, json)


def _parts(trace: Trace, judged: list[Judged]) -> list[rollup.Part]:
    """What was played with the target in one seat each; of a self-play the whole."""
    played = _played(trace)
    parts = []
    for seat in dict.fromkeys(seat for seat, _ in played):
        own = [each for at, each in played if at == seat]
        pairs = frozenset((each.scenario.id, each.seat) for each in own)
        found = tuple(each for each in judged if each.target == seat and seat in (None, each.seat))
        everything = every(load_scenarios()) if seat is None else in_seat(load_scenarios(), seat)
        mine = frozenset(pair for pair in everything if pair[0] in {each.id for each in _about(own)})
        parts.append(rollup.Part(pairs, mine, Play(trace, own), found, seat))
    return parts


def _about(played: list[Played]) -> list[Scenario]:
    """All scenarios of the protocols that were played."""
    protocols = {each.scenario.protocol for each in played}
    return [each for each in load_scenarios() if each.protocol in protocols]


def _claimed(trace: Trace) -> rollup.Claimed | None:
    """What the target of this run had claimed."""
    data = next((each.data for each in trace if isinstance(each, Meta) and "claimed" in each.data), None)
    return rollup.Claimed(tuple(data["claimed"]["seats"]), tuple(data["claimed"]["capabilities"])) if data else None


def _played(trace: Trace) -> list[tuple[str | None, Played]]:
    """Where the target sat, and what the marks in the trace delimit; scenarios that are no more are left out."""
    known = {each.id: each for each in load_scenarios()}
    played: list[tuple[str | None, Played]] = []
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
                target = begun.data.get("target")
                lacking = bool(record.data.get("lacking"))
                run = Played(
                    scenario,
                    str(begun.data.get("seat")),
                    begun.seq,
                    record.seq,
                    (record.at - begun.at) / 1000,
                    str(problem) if problem else None,
                    bool(record.data.get("ours")),
                    lacking,
                )
                played.append((str(target) if target else None, run))
            begun = None
    return played
