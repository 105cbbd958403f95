"""``interlock certify``: the scenarios that a target takes part in are played against it over real sockets and judged.

A target that takes both seats is played in one after the other. A scenario is played in every seat in which one of its
checks judges the target; what it finds of the parties that we play ourselves counts for nothing.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence

from conformance import rollup
from conformance.cast import CASTS
from conformance.choice import Choice, chosen, everything, owed
from conformance.closing import unclosed
from conformance.judge import judge
from conformance.live_stage import on_target
from conformance.northbound import Northbound
from conformance.play import Progress, play
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.selfplay import Run
from conformance.spent import Spent
from conformance.stored import NOT_PLAYED, played_in
from conformance.target import Target
from conformance.target.excluding import declared_by, excluded_by
from reports.record import Meta
from reports.trace import Trace


def certify(
    target: Target,
    northbound: Northbound,
    selectors: Sequence[str] = (),
    *,
    profiles: Sequence[str] = (),
    shard: tuple[int, int] = (1, 1),
    trace: Trace | None = None,
    enough: Callable[[], bool] = lambda: False,
    progress: Progress = lambda done, all_, name: None,
    fuzz_examples: int = 0,
) -> Run:
    """Play, judge, roll up. NothingSelected names a selector that fits nothing, BadChoice a profile.

    ``trace`` may hold what an earlier run of the same choice has played; the rest is played and goes on it. ``enough`` is
    asked before each scenario: once it says so, nothing more is played and what was not is untested.
    After the scenarios of a seat ``fuzz_examples`` made-up requests are sent to each of its operations.
    """
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    choice = Choice(tuple(selectors), tuple(profiles), shard)
    wanted = chosen(target.protocol, target.seats, target.capabilities, choice)
    whole = everything(target.protocol, target.seats, target.capabilities, choice.profiles)
    trace = trace if trace is not None else Trace()
    if not len(trace):
        trace.append(head(target, choice))
    open_ = unclosed(trace)
    earlier = [(at, each) for at, each in played_in(trace) if each.first not in open_]
    parts: list[rollup.Part] = []
    spent = Spent()
    excluded = excluded_by(target.protocol, declared_by(target))
    done, all_ = 0, sum(map(len, wanted.values()))
    for seat, pairs in wanted.items():
        before = [each for at, each in earlier if at == seat]
        there = {(each.scenario.id, each.seat) for each in before}
        todo = [pair for pair in owed(pairs, seat, excluded) if pair not in there]
        done += len(pairs) - len(todo)
        played = play(
            [] if enough() else todo,
            protocols=[target.protocol],
            on=on_target(CASTS[target.protocol], target, seat, northbound, spent),
            trace=trace,
            target=seat,
            enough=enough,
            progress=_further(progress, done, all_),
        )
        done += len(todo)
        played.played[:0] = before
        if fuzz_examples and not enough():
            progress(done, all_, f"fuzzing {seat}")
            _fuzzed(target, seat, northbound, trace, fuzz_examples)
        why = NOT_PLAYED if enough() else ""
        parts.append(rollup.Part(frozenset(pairs), frozenset(whole[seat]), played, (), seat, why))
    judged = [each for each in judge(trace) if each.seat == each.target]
    result = rollup.report(
        load_registry(),
        [each for each in load_scenarios() if each.protocol == target.protocol],
        [part.with_judged(judged) for part in parts],
        protocols=[target.protocol],
        target={
            "name": target.name,
            "version": target.version,
            "protocols": [target.protocol],
            "seats": list(target.seats),
        },
        claimed=rollup.Claimed(target.seats, target.capabilities, excluded),
        profiles=choice.profiles,
        seed=0,
        started=started,
        duration_s=time.perf_counter() - clock,
    )
    return Run(result, trace, judged, True, spent)


def _fuzzed(target: Target, seat: str, northbound: Northbound, trace: Trace, examples: int) -> None:
    """Made-up requests to the target, in the same trace; what the monitors find in them is judged with the rest."""
    from conformance.fuzz.contract import Wishes  # schemathesis takes half a second to load
    from conformance.fuzz.course import field_on, fuzz

    on = on_target(CASTS[target.protocol], target, seat, northbound)
    with field_on(on, target.protocol, seat, theirs=True, trace=trace) as field:
        fuzz(field, Wishes(examples=examples))


def head(target: Target, choice: Choice) -> Meta:
    """What stands at the head of the trace of a certification: whom it is about, what it claims, what was to be played."""
    claimed = {"seats": list(target.seats), "capabilities": list(target.capabilities)}
    about = {"name": target.name, "version": target.version, "declared": declared_by(target)}
    return Meta(mark="run", data={"claimed": claimed, **about, "choice": choice.as_json()})


def _further(progress: Progress, before: int, all_: int) -> Progress:
    return lambda done, _, name: progress(before + done, all_, name)
