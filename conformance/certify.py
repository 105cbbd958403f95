"""``interlock certify``: the scenarios that a target takes part in are played against it over real sockets and judged.

A target that takes both seats is played in one after the other. A scenario is played in every seat in which one of its
checks judges the target; what it finds of the parties that we play ourselves counts for nothing.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from dataclasses import asdict

from conformance import rollup
from conformance.cast import CASTS
from conformance.judge import judge
from conformance.live_stage import on_target
from conformance.northbound import Northbound
from conformance.play import Progress, play
from conformance.requirements import load_registry
from conformance.scenarios import Scenario, load_scenarios
from conformance.selection import select
from conformance.selfplay import Run
from conformance.target import Target
from reports.record import Meta
from reports.trace import Trace


def certify(
    target: Target,
    northbound: Northbound,
    selectors: Sequence[str] = (),
    *,
    progress: Progress = lambda done, all_, name: None,
) -> Run:
    """Play, judge, roll up. NothingSelected names a selector that fits nothing."""
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    scenarios = [each for each in load_scenarios() if each.protocol == target.protocol]
    chosen = select(target.protocol, selectors)
    trace = Trace()
    claimed = rollup.Claimed(target.seats, target.capabilities)
    trace.append(Meta(mark="run", data={"claimed": asdict(claimed), "name": target.name}))
    parts: list[rollup.Part] = []
    todo = {seat: in_seat(chosen, seat) for seat in target.seats}
    all_, before = sum(map(len, todo.values())), 0
    for seat, pairs in todo.items():
        done_before = before
        before += len(pairs)
        played = play(
            pairs,
            protocols=[target.protocol],
            on=on_target(CASTS[target.protocol], target, seat, northbound),
            trace=trace,
            target=seat,
            progress=_further(progress, done_before, all_),
        )
        everything = frozenset(in_seat(scenarios, seat))
        parts.append(rollup.Part(frozenset(pairs), everything, played, (), seat))
    judged = [each for each in judge(trace) if each.seat == each.target]
    result = rollup.report(
        load_registry(),
        scenarios,
        [part.with_judged(judged) for part in parts],
        protocols=[target.protocol],
        target={"name": target.name, "protocols": [target.protocol], "seats": list(target.seats)},
        claimed=claimed,
        seed=0,
        started=started,
        duration_s=time.perf_counter() - clock,
    )
    return Run(result, trace, judged)


def _further(progress: Progress, before: int, all_: int) -> Progress:
    return lambda done, _, name: progress(before + done, all_, name)


def in_seat(scenarios: Sequence[Scenario], seat: str) -> list[tuple[str, str]]:
    """The (scenario id, judged seat) pairs that judge something in this seat."""
    return [
        (each.id, judged)
        for each in scenarios
        for judged in each.seats
        if any(at == seat for _, at in each.checks_for(judged))
    ]
