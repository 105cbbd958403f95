"""Recordings of what two parties said to each other: a HAR file, or what a proxy saw. Nobody acted and nobody claimed.

Only monitors can judge them. A monitor finds what is wrong and never passes a check, so everything else stays untested.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from typing import Any

from conformance import rollup
from conformance.judge import judge
from conformance.play import Play, every
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.selfplay import Run
from reports.record import AnyRecord, Meta
from reports.trace import Trace

NOTHING_WRONG = "a recording shows only what is wrong"


def begin(trace: Trace, protocol: str, seats: Sequence[str], name: str) -> None:
    """What stands at the head of a recording."""
    about = {"protocol": protocol, "seats": list(seats), "name": name}
    trace.append(Meta(mark="run", data={"recording": about, "protocols": [protocol]}))
    trace.append(Meta(mark="scenario", data={"id": "recording", "name": name, "protocol": protocol, "seat": ""}))


def end(trace: Trace) -> None:
    trace.append(Meta(mark="end"))


def about(trace: Sequence[AnyRecord]) -> dict[str, Any] | None:
    """What a recording says of itself; None of any other trace."""
    return next((each.data["recording"] for each in trace if isinstance(each, Meta) and "recording" in each.data), None)


def judged(trace: Trace) -> Run:
    """Judge a recording. What its monitors find fails; nothing passes."""
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    said = about(trace) or {}
    protocol = str(said["protocol"])
    found = [each for each in judge(trace) if each.seat in said["seats"]]
    scenarios = [each for each in load_scenarios() if each.protocol == protocol]
    part = rollup.Part(frozenset(), frozenset(every(scenarios)), Play(trace), tuple(found), deselected=NOTHING_WRONG)
    report = rollup.report(
        load_registry(),
        scenarios,
        [part],
        protocols=[protocol],
        target={"name": said["name"], "protocols": [protocol], "seats": list(said["seats"])},
        seed=0,
        started=started,
        duration_s=time.perf_counter() - clock,
    )
    return Run(report, trace, found)
