"""`replay SCHEDULE`: step by step what a schedule does, where it leaves today's code, and what it breaks."""

from __future__ import annotations

import json as jsonlib
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

from rich.console import Console

from conformance.cli import Usage
from conformance.cli.picturing import leave
from conformance.cli.telling import budgets, console, folder, members, numbered, print_json, put
from reports import trace as traces
from reports.record import AnyRecord
from reports.trace import TraceError
from simulator import schedule as schedules
from simulator.changes import Change
from simulator.export import as_test
from simulator.races import RACES
from simulator.replay import Replay
from simulator.replay import replay as play
from simulator.retrace import NoSchedule, retrace
from simulator.retrace import scenario as part
from simulator.schedule import Entry, Schedule, ScheduleError


def replay(
    schedule: Path,
    *,
    lenient: bool = False,
    to: int | None = None,
    export_test: Path | None = None,
    report: Path | None = None,
    json: bool = False,
) -> int:
    """Replay a schedule; 0 nothing found, 1 a rule breaks, 4 today's code leaves the schedule.

    ``to`` stops after that step and shows what it changed on each side; ``export_test`` gets the steps that were taken
    as a pytest file. Usage: a file that is no schedule or belongs to another configuration, a race or variant that does
    not exist, ``to`` below 1.
    """
    read = read_schedule(schedule)
    if to is not None and not 1 <= to <= len(read.entries):
        raise Usage(f"--to: want a step from 1 to {len(read.entries)}, got {to}")
    try:
        done = play(read, RACES, lenient, to)
    except KeyError as problem:
        raise Usage(f"{schedule}: {problem.args[0]}") from None
    except ScheduleError as problem:
        raise Usage(str(problem)) from None
    document = _document(read, done, to)
    drawn = None
    if report is not None:
        folder(report)
        put(report / "replay.json", jsonlib.dumps(document, indent=2) + "\n")
        drawn = leave(report, "replay", read, done, str(schedule))
    if export_test is not None:
        put(export_test, as_test(taken(read, done), done.violation))
    if json:
        print_json(document)
    else:
        _tell(read, done, to)
        if drawn is not None:
            console().print(f"picture: {drawn}", markup=False)
        if export_test is not None:
            console().print(f"run it: pytest {shlex.quote(str(export_test))}", markup=False)
    return 1 if done.violation else 4 if done.divergence else 0


def schedule(
    trace: Path,
    *,
    out: Path | None = None,
    race: str | None = None,
    variant: str | None = None,
    scenario: int | None = None,
    json: bool = False,
) -> int:
    """A trace as a schedule, printed or written to ``out``; 0 the whole of it, 4 a part, to where no world goes along.

    Usage: a file that is no trace, one that holds nothing of the race or several scenarios, an unknown race or variant.
    """
    try:
        records: Sequence[AnyRecord] = traces.read(trace)
        found = retrace(records if scenario is None else part(records, scenario), RACES, race, variant)
    except (TraceError, OSError) as problem:
        raise Usage(str(problem)) from None
    except (NoSchedule, KeyError) as problem:
        raise Usage(f"{trace}: {problem.args[0]}") from None
    text = found.schedule.text()
    if out is not None:
        put(out, text)
    if json:
        head = {"race": found.schedule.race, "variant": found.schedule.variant, "faults": found.schedule.faults.named()}
        print_json({**head, "schedule": list(found.schedule.labels), "stopped": found.stopped or None, "text": text})
        return 4 if found.stopped else 0
    if out is None:
        print(text, end="")
    else:
        console().print(f"{len(found.schedule.entries)} steps; replay them: interlock replay {shlex.quote(str(out))}")
    if found.stopped:
        print(f"interlock: the schedule ends before the trace: {found.stopped}", file=sys.stderr)
    return 4 if found.stopped else 0


def read_schedule(path: Path) -> Schedule:
    """Usage tells file, line and what was expected there."""
    try:
        return schedules.read(path)
    except (ScheduleError, OSError) as problem:
        raise Usage(str(problem)) from None


def taken(schedule: Schedule, done: Replay) -> Schedule:
    """The part of a schedule that was taken."""
    entries = tuple(Entry(label) for label in done.taken)
    whole = done.taken == schedule.labels
    return replaced(schedule, entries=entries, cycle=schedule.cycle if whole else None)


def _document(schedule: Schedule, done: Replay, to: int | None) -> dict[str, Any]:
    divergence = done.divergence
    document: dict[str, Any] = {
        "race": schedule.race,
        "variant": schedule.variant,
        "faults": schedule.faults.named(),
        "verdict": "refuted" if done.violation else "diverged" if divergence else "nothing-found",
        "steps": len(done.taken),
        "skipped": list(done.skipped),
        "diverged": divergence
        and {
            "step": divergence.step,
            "label": divergence.expected.label,
            "expected": divergence.expected.digest,
            "got": divergence.got,
            "enabled": list(divergence.enabled),
        },
        "violation": members(done.violation),
    }
    if to is not None:
        document["changes"] = [
            {"seat": each.seat, "row": each.row, "before": each.before, "after": each.after} for each in _last(done)
        ]
    return document


def _last(done: Replay) -> tuple[Change, ...]:
    """What the last step changed."""
    return done.instants[-1].changes if done.instants else ()


def _tell(schedule: Schedule, done: Replay, to: int | None) -> None:
    out = console()
    variant = f", variant {schedule.variant!r}" if schedule.variant else ""
    out.print(f"{schedule.race}{variant}, faults {budgets(schedule.faults)}", markup=False)
    around = schedule.cycle if schedule.cycle is not None and not done.skipped else len(done.taken)
    numbered(out, done.taken[:around], done.taken[around:])
    for label in done.skipped:
        out.print(f"  skipped, not enabled: {label}", markup=False)
    if done.divergence is not None:
        out.print(f"DIVERGED at {done.divergence.told()}", markup=False)
    if to is not None:
        _tell_changes(out, done)
    if done.violation is not None:
        finding, steps = done.violation.finding, len(done.violation.schedule)
        if done.violation.cycle:
            last = steps + len(done.violation.cycle)
            out.print(f"steps {steps + 1} to {last} for ever break: {done.violation.invariant}", markup=False)
        else:
            out.print(f"after step {steps} broken: {done.violation.invariant}", markup=False)
        out.print(f"  want {finding.want}; got {finding.got}", markup=False)
    elif done.divergence is None:
        out.print(f"{len(done.taken)} steps, nothing broken")


def _tell_changes(out: Console, done: Replay) -> None:
    """What the last step changed on each side, and what may follow it."""
    changed = _last(done)
    out.print(f"step {len(done.taken)} changed{'' if changed else ' nothing that a side shows'}")
    sides, rows = max((len(c.seat) for c in changed), default=0), max((len(c.row) for c in changed), default=0)
    for each in changed:
        out.print(f"  {each.seat:{sides}}  {each.row:{rows}}  {each.told()}", markup=False)
    out.print(f"then {'may follow' if done.enabled else 'nothing may follow'}")
    for label in done.enabled:
        out.print(f"  {label}", markup=False)
