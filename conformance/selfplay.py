"""``interlock run``: every seat is a reference party, every selected scenario is played and judged."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance import rollup
from conformance.cast import CASTS
from conformance.judge import Judged, judge
from conformance.play import Progress, every, play
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.selection import select
from conformance.spent import Spent
from reports.report import Report
from reports.trace import Trace


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its report, and the trace and findings that it was made of. ``certified``: it judges a target;
    ``spent``: where the time went then."""

    report: Report
    trace: Trace
    judged: list[Judged]
    certified: bool = False
    spent: Spent | None = None


def run(
    protocol: str | None = None,
    selectors: Sequence[str] = (),
    *,
    over: str = "asgi",
    seed: int = 1,
    decisions: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Progress = lambda done, all_, name: None,
) -> Run:
    """Play, judge, roll up. NothingSelected names a selector that fits nothing."""
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    scenarios = select(protocol, selectors)
    pairs = every(scenarios)
    protocols = [protocol] if protocol else list(CASTS)
    if selectors:
        protocols = [each for each in protocols if any(s.protocol == each for s in scenarios)]
    played = play(pairs, over=over, seed=seed, protocols=protocols, decisions=decisions, progress=progress)
    judged = judge(played.trace)
    scenarios = [each for each in load_scenarios() if each.protocol in protocols]
    part = rollup.Part(frozenset(pairs), frozenset(every(scenarios)), played, tuple(judged))
    result = rollup.report(
        load_registry(),
        scenarios,
        [part],
        protocols=protocols,
        target={"name": "the reference, on every seat", "protocols": protocols, "seats": _seats(protocols)},
        seed=seed,
        started=started,
        duration_s=time.perf_counter() - clock,
    )
    return Run(result, played.trace, judged)


def _seats(protocols: Sequence[str]) -> list[str]:
    return [seat for protocol in protocols for seat in CASTS[protocol].seats[:2]]
