"""`explore RACE` and `replay SCHEDULE`: a race against the adversary, for people and for scripts."""

from __future__ import annotations

import json as jsonlib
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status

from conformance.cli import Usage
from reports import ladder
from reports import trace as traces
from reports.trace import Trace
from simulator import schedule as schedules
from simulator.explore import INCOMPLETE, PROVED, REFUTED, Exploration, Violation
from simulator.faults import Faults
from simulator.race import Race
from simulator.races import RACES
from simulator.schedule import Replay, Schedule, ScheduleError

CAP = 2_000_000
"""States after which an exploration gives up; then its verdict is "incomplete"."""

_CODES = {PROVED: 0, REFUTED: 1, INCOMPLETE: 4}
_STYLES = {PROVED: "bold green", REFUTED: "bold red", INCOMPLETE: "bold yellow"}


def explore(
    race: str,
    *,
    faults: str | None = None,
    variant: str | None = None,
    out: Path | None = None,
    report: Path | None = None,
    json: bool = False,
    cap: int = CAP,
) -> int:
    """Explore a race exhaustively; 0 proved, 1 refuted, 4 incomplete. Usage: unknown race, variant or fault.

    ``out`` gets the counterexample as a schedule; ``report`` a folder with ``explore.json`` and, for a refuted race,
    ``counterexample.schedule``, ``trace.jsonl`` and ``ladder.svg``.
    """
    chosen = _race(race)
    budgets = chosen.faults if faults is None else _faults(faults)
    if variant is not None and variant not in chosen.variants:
        raise Usage(f"race {chosen.id} has no variant {variant!r}; it has: {'; '.join(chosen.variants) or 'none'}")
    with _progress(chosen.id, json) as progress:
        found = chosen.explore(variant, budgets, cap=cap, progress=progress)
    counterexample = None
    if found.violation is not None:
        counterexample = schedules.record(chosen, variant, budgets, found.violation.schedule)
    document = _document(chosen, variant, budgets, found)
    kept = out
    if counterexample is not None and out is not None:
        _put(out, counterexample.text())
    if report is not None:
        kept = _report(report, document, counterexample) or kept
    if json:
        print(jsonlib.dumps(document, indent=2))
    else:
        _tell(chosen, variant, budgets, found, kept)
    return _CODES[found.verdict]


def replay(
    schedule: Path, *, lenient: bool = False, to: int | None = None, report: Path | None = None, json: bool = False
) -> int:
    """Replay a schedule; 0 nothing found, 1 an invariant breaks, 4 today's code leaves the schedule.

    Usage: a file that is no schedule, a race or variant that does not exist, ``to`` below 1.
    """
    try:
        read = schedules.read(schedule)
    except (ScheduleError, OSError) as problem:
        raise Usage(str(problem)) from None
    if to is not None and to < 1:
        raise Usage(f"--to: want a step from 1 to {len(read.entries)}, got {to}")
    try:
        done = schedules.replay(read, RACES, lenient, to)
    except KeyError as problem:
        raise Usage(f"{schedule}: {problem.args[0]}") from None
    document = _replayed(read, done)
    if report is not None:
        _folder(report)
        _put(report / "replay.json", jsonlib.dumps(document, indent=2) + "\n")
        _picture(report, done.trace)
    if json:
        print(jsonlib.dumps(document, indent=2))
    else:
        _tell_replay(read, done, report)
    return 1 if done.violation else 4 if done.divergence else 0


# --- what was asked for -----------------------------------------------------------------------------------------


def _race(id: str) -> Race[Any, Any]:
    if id not in RACES:
        raise Usage(f"no race {id!r}; there are: {', '.join(RACES)}")
    return RACES[id]


def _faults(text: str) -> Faults:
    try:
        return Faults.parse(text)
    except ValueError as problem:
        raise Usage(f"--faults: {problem}") from None


@contextmanager
def _progress(race: str, quiet: bool) -> Iterator[Any]:
    """A line that counts states, on a terminal only."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda states, waiting: None
        return
    with Status(f"exploring {race}", console=console) as line:
        yield lambda states, waiting: line.update(f"exploring {race}: {states:,} states, {waiting:,} waiting")


# --- for scripts ------------------------------------------------------------------------------------------------


def _document(race: Race[Any, Any], variant: str | None, faults: Faults, found: Exploration) -> dict[str, Any]:
    return {
        "race": race.id,
        "variant": variant,
        "strategy": "exhaustive",
        "faults": faults.named(),
        "verdict": found.verdict.value,
        "states": found.states,
        "transitions": found.transitions,
        "schedules": 0,  # an exhaustive exploration visits states, it runs no single schedules
        "seconds": round(found.seconds, 3),
        "violation": _violation(found.violation),
        "livelocks": [],
        "errata": list(race.errata),
    }


def _violation(violation: Violation | None) -> dict[str, Any] | None:
    if violation is None:
        return None
    return {
        "invariant": violation.invariant,
        "steps": len(violation.schedule),
        "schedule": list(violation.schedule),
    }


def _replayed(schedule: Schedule, done: Replay) -> dict[str, Any]:
    divergence = done.divergence
    return {
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
        "violation": _violation(done.violation),
    }


def _report(folder: Path, document: dict[str, Any], counterexample: Schedule | None) -> Path | None:
    """The folder's files; returns where the schedule is."""
    _folder(folder)
    _put(folder / "explore.json", jsonlib.dumps(document, indent=2) + "\n")
    if counterexample is None:
        return None
    _put(folder / "counterexample.schedule", counterexample.text())
    _picture(folder, schedules.replay(counterexample, RACES).trace)
    return folder / "counterexample.schedule"


def _picture(folder: Path, trace: Trace) -> None:
    traces.write(trace, folder / "trace.jsonl")
    _put(folder / "ladder.svg", ladder.ladder(trace))


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Usage(f"--report: {problem}") from None


def _put(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise Usage(str(problem)) from None


# --- for people -------------------------------------------------------------------------------------------------


def _tell(race: Race[Any, Any], variant: str | None, faults: Faults, found: Exploration, kept: Path | None) -> None:
    console = _console()
    console.print(f"{race.id}  {race.title}")
    if variant is not None:
        console.print(f"variant: {variant}")
    console.print(
        f"[{_STYLES[found.verdict]}]{found.verdict.value.upper()}[/]  {found.states:,} states, "
        f"{found.transitions:,} transitions, {found.rests:,} states at rest, {found.seconds:.1f} s; "
        f"faults: {_budgets(faults)}"
    )
    if found.violation is None:
        for invariant in race.never:
            console.print(f"  {'never broken' if found.verdict is PROVED else 'not broken so far'}: {invariant.name}")
        for name, occurred in found.sometimes.items():
            console.print(f"  {'does happen' if occurred else 'NEVER HAPPENED, so this proves nothing'}: {name}")
        return
    _tell_violation(console, found.violation)
    if kept is not None:
        console.print(f"replay it: interlock replay {shlex.quote(str(kept))}", markup=False)
    else:
        again = ["interlock", "explore", race.id, "--faults", _budgets(faults) if faults.named() else ""]
        again += ["--variant", variant] if variant is not None else []
        console.print(f"keep it:   {shlex.join([*again, '--out', 'FILE'])}", markup=False)
        console.print("replay it: interlock replay FILE")


def _tell_violation(console: Console, violation: Violation) -> None:
    finding = violation.finding
    console.print(f"  broken: {violation.invariant}")
    console.print(f"  want {finding.want}; got {finding.got}", markup=False)
    console.print(f"schedule, {len(violation.schedule)} steps")
    _numbered(console, violation.schedule)


def _tell_replay(schedule: Schedule, done: Replay, report: Path | None) -> None:
    console = _console()
    variant = f", variant {schedule.variant!r}" if schedule.variant else ""
    console.print(f"{schedule.race}{variant}, faults {_budgets(schedule.faults)}", markup=False)
    _numbered(console, done.taken)
    for label in done.skipped:
        console.print(f"  skipped, not enabled: {label}", markup=False)
    if done.divergence is not None:
        console.print(f"DIVERGED at {done.divergence.told()}", markup=False)
    if done.violation is not None:
        finding = done.violation.finding
        console.print(f"after step {len(done.violation.schedule)} broken: {done.violation.invariant}")
        console.print(f"  want {finding.want}; got {finding.got}", markup=False)
    elif done.divergence is None:
        console.print(f"{len(done.taken)} steps, nothing broken")
    if report is not None:
        console.print(f"picture: {report / 'ladder.svg'}", markup=False)


def _numbered(console: Console, labels: Sequence[str]) -> None:
    for number, label in enumerate(labels, start=1):
        console.print(f"{number:4}  {label}", markup=False)


def _budgets(faults: Faults) -> str:
    return ",".join(f"{name}={budget}" for name, budget in faults.named().items()) or "none"


def _console() -> Console:
    return Console(file=sys.stdout, highlight=False, soft_wrap=True)
