"""Stored runs: what was played and claimed, read from a trace alone, so that it is judged as it was judged live.

Traces of several runs (the shards of one) can be joined. Claims hold places in the trace of their run, so a joined trace
notes where each run begins, and every run is judged in its own numbering.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from conformance import recording, rollup
from conformance.choice import Choice, Pair, chosen, everything
from conformance.judge import Judged, judge
from conformance.play import Play, Played, every
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.selfplay import Run
from conformance.target.excluding import excluded_by
from reports.record import AnyRecord, Claim, Meta, Outcome
from reports.trace import Trace

NOT_PLAYED = "not played: the run ended before"


class NotOfOneRun(ValueError):
    """Traces that cannot be judged together; says why."""


def joined(traces: Sequence[Trace]) -> Trace:
    """One trace of several runs against the same target. NotOfOneRun."""
    if len(traces) == 1:
        return traces[0]
    heads = [_without(_head(trace), "choice") for trace in traces]
    if odd := next((head for head in heads if head != heads[0]), None):
        raise NotOfOneRun(f"want traces of runs against one target as it was, got {heads[0]} and {odd}")
    records: list[AnyRecord] = []
    for trace in traces:
        offset = len(records)
        marked = Meta(mark="run", data={"offset": offset + 1}, seq=offset + 1)
        records.append(marked)
        records += [_moved(record, offset + 1) for record in trace]
    return Trace().restore(records)


def _without(data: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


def _moved(record: AnyRecord, by: int) -> AnyRecord:
    moved = replace(record, seq=record.seq + by)
    if isinstance(moved, Outcome):
        return replace(moved, of=moved.of + by)
    if isinstance(moved, Claim):
        until = moved.until + by if moved.until else 0
        return replace(moved, since=moved.since + by, until=until, late=[seq + by for seq in moved.late])
    if isinstance(moved, Meta) and "closes" in moved.data:
        return replace(moved, data=moved.data | {"closes": moved.data["closes"] + by})
    return moved


def runs_of(trace: Sequence[AnyRecord]) -> Iterator[tuple[int, list[AnyRecord]]]:
    """Each run of a trace as it was recorded, with the number by which the joined trace has moved it."""
    places = [place for place, each in enumerate(trace) if isinstance(each, Meta) and "offset" in each.data]
    if not places:
        yield 0, list(trace)
        return
    for place, end in zip(places, [*places[1:], len(trace)], strict=True):
        yield place + 1, [_moved(record, -place - 1) for record in trace[place + 1 : end]]


def judge_all(trace: Sequence[AnyRecord]) -> list[Judged]:
    """All findings, by the places of the whole trace."""
    return [_placed(each, offset) for offset, records in runs_of(trace) for each in judge(records)]


def _placed(judged: Judged, offset: int) -> Judged:
    finding = replace(judged.finding, evidence=tuple(seq + offset for seq in judged.finding.evidence))
    return replace(judged, finding=finding, claim=judged.claim + offset if judged.claim else 0)


def _head(trace: Sequence[AnyRecord]) -> dict[str, Any]:
    """What the first mark of a run says of the target; {} of a self-play."""
    return next((each.data for each in trace if isinstance(each, Meta) and "claimed" in each.data), {})


def again(trace: Trace, name: str) -> Run:
    """Judge a stored trace, with today's rules. ``name`` is what it is called where it does not tell its target."""
    if recording.about(trace) is not None:
        return recording.judged(trace)
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    judged = judge_all(trace)
    head = _head(trace)
    played = list(played_in(trace))
    protocols = next(
        (list(each.data["protocols"]) for each in trace if isinstance(each, Meta) and each.data.get("protocols")),
        sorted({each.scenario.protocol for _, each in played}),
    )
    claimed = None
    if head:
        excluded = excluded_by(protocols[0], head.get("declared", {}))
        claimed = rollup.Claimed(tuple(head["claimed"]["seats"]), tuple(head["claimed"]["capabilities"]), excluded)
    parts = _of_target(trace, played, protocols[0], claimed) if claimed else [_of_self_play(trace, played)]
    if claimed:
        judged = [each for each in judged if each.seat == each.target]
    seats = list(claimed.seats) if claimed else sorted({each.seat for _, each in played})
    report = rollup.report(
        load_registry(),
        [each for each in load_scenarios() if each.protocol in protocols],
        [part.with_judged(judged) for part in parts],
        protocols=protocols,
        target={
            "name": head.get("name", name),
            "version": head.get("version", ""),
            "protocols": protocols,
            "seats": seats,
        },
        claimed=claimed,
        profiles=_choices(trace)[0].profiles if claimed else (),
        seed=0,
        started=started,
        duration_s=time.perf_counter() - clock,
    )
    return Run(report, trace, judged, claimed is not None)


def _choices(trace: Sequence[AnyRecord]) -> list[Choice]:
    return [
        Choice.from_json(each.data.get("choice", {}))
        for each in trace
        if isinstance(each, Meta) and "claimed" in each.data
    ]


def _of_target(
    trace: Trace, played: Sequence[tuple[str | None, Played]], protocol: str, claimed: rollup.Claimed
) -> list[rollup.Part]:
    """One part for each seat in which the target sat, with what the runs were to play there."""
    choices = _choices(trace)
    whole = everything(protocol, claimed.seats, claimed.capabilities, choices[0].profiles)
    wanted: dict[str, set[Pair]] = {seat: set() for seat in claimed.seats}
    for choice in choices:
        for seat, pairs in chosen(protocol, claimed.seats, claimed.capabilities, choice).items():
            wanted[seat] |= set(pairs)
    return [
        rollup.Part(
            frozenset(wanted[seat]),
            frozenset(whole[seat]),
            Play(trace, [each for at, each in played if at == seat]),
            (),
            seat,
            NOT_PLAYED,
        )
        for seat in claimed.seats
    ]


def _of_self_play(trace: Trace, played: Sequence[tuple[str | None, Played]]) -> rollup.Part:
    own = [each for _, each in played]
    protocols = {each.scenario.protocol for each in own}
    pairs = frozenset((each.scenario.id, each.seat) for each in own)
    all_ = frozenset(every([each for each in load_scenarios() if each.protocol in protocols]))
    return rollup.Part(pairs, all_, Play(trace, own), ())


def played_in(trace: Sequence[AnyRecord]) -> Iterator[tuple[str | None, Played]]:
    """Where the target sat (None: everybody was ours), and what the marks delimit; scenarios that are no more are left
    out."""
    known = {each.id: each for each in load_scenarios()}
    begun: Meta | None = None
    for record in trace:
        if not isinstance(record, Meta):
            continue
        if record.mark == "scenario":
            begun = record
        elif record.mark == "end" and begun is not None:
            scenario = known.get(str(begun.data.get("id")))
            target, problem = begun.data.get("target"), record.data.get("problem")
            if scenario is not None:
                yield (
                    str(target) if target else None,
                    Played(
                        scenario,
                        str(begun.data.get("seat")),
                        begun.seq,
                        record.seq,
                        (record.at - begun.at) / 1000,
                        str(problem) if problem else None,
                        bool(record.data.get("ours")),
                        bool(record.data.get("lacking")),
                    ),
                )
            begun = None
