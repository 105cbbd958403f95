"""``interlock certify``: doctor first, then play, judge, waive, compare, and leave the report."""

from __future__ import annotations

import asyncio
import datetime
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from conformance import rollup
from conformance.certify import certify as play_against
from conformance.certify import head
from conformance.choice import EVERYTHING, BadChoice, Choice, chosen
from conformance.cleanup import emptied, left
from conformance.cli import playing
from conformance.cli.rehearsing import dry_run
from conformance.cli.scheduling import played, schedule_of
from conformance.cli.targets import show as show_findings
from conformance.cli.usage import Usage
from conformance.comparison import compared
from conformance.doctor import clean, examine
from conformance.northbound import Northbound, NorthboundError
from conformance.northbound.build import northbound_of
from conformance.northbound.each_loop import InEachLoop
from conformance.northbound.manual import Answering
from conformance.northbound.people import Terminal, read_script
from conformance.presence import Presence
from conformance.requirements import load_registry
from conformance.resume import CannotResume, Recorder, resumed
from conformance.rounds import agreed
from conformance.selfplay import Run
from conformance.target import Target
from conformance.target.file import read_target
from conformance.target.sending import MissingExtra
from conformance.waivers import Waiver, read_waivers, waived
from reference_impl.serve.tomlfile import ConfigError
from reports.annotations import github
from reports.json_report import ReportError, from_json
from reports.report import Report
from reports.trace import Trace
from reports.write import make_directory, write_report

UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command. ``resume`` and ``report`` are directories; ``cap`` is in seconds."""

    target: Path
    choice: Choice = EVERYTHING
    waivers: Path | None = None
    rounds: int = 1
    dry_run: bool = False
    resume: Path | None = None
    cap: float | None = None
    compare: Path | None = None
    schedule: Path | None = None
    fuzz_examples: int = 0
    report: Path | None = None
    annotate: str | None = None
    json: bool = False


def certify(wishes: Wishes) -> int:
    """Certify the target of a file. Returns the exit code; Usage says what was asked for that cannot be."""
    target, waivers, old = _read(wishes)
    schedule = schedule_of(wishes.schedule)
    if wishes.dry_run:
        return dry_run(target, wishes.choice, wishes.json)
    directory = wishes.resume or playing.directory_of(wishes.report, wishes.json)
    earlier = _earlier_trace(wishes, target)
    answering = _people(target)
    asyncio.run(emptied_at(target, answering))
    findings = asyncio.run(examine(target))
    if not clean(findings):
        show_findings(target.name, findings, sys.stderr)
        print(f"interlock: nothing was judged; when this is mended: interlock doctor {wishes.target}", file=sys.stderr)
        return UNUSABLE
    if looks := sum(each.level == "warn" for each in findings):
        print(f"interlock: the doctor has {looks} to look at: interlock doctor {wishes.target}", file=sys.stderr)
    if directory is not None:
        make_directory(directory)
    if schedule is not None:
        code = played(target, answering, schedule, directory, wishes.json)
        asyncio.run(emptied_at(target, answering))
        return code
    northbound = InEachLoop(lambda: northbound_of(target, AsyncExitStack(), answering))
    presence = Presence(lambda: asyncio.run(examine(target, calling=False)))
    run = _rounds(target, northbound, wishes, directory, earlier, presence)
    if not presence.lost(run.trace):
        _clean_up(target, answering, run.trace)
    report = finished(run.report, waivers, old)
    playing.leave(replace(run, report=report), directory, wishes.json)
    if not wishes.json:
        if run.spent is not None:
            print(f"  {run.spent.told(run.report.duration_s)}")
        for row in report.slowest:
            print(f"  {row['seconds']:7.2f} s  {row['scenario']}")
    annotate(report, wishes.annotate, wishes.target, wishes.json)
    if presence.gone:
        on = f", then go on with --resume {directory}" if directory is not None and wishes.rounds == 1 else ""
        for why in presence.why:
            print(f"interlock: {why}", file=sys.stderr)
        print(f"interlock: {target.name} is gone: see interlock doctor {wishes.target}{on}", file=sys.stderr)
        return UNUSABLE
    return rollup.certificate_code(report)


def _clean_up(target: Target, answering: Answering | None, trace: Trace) -> None:
    """Leave the target as it was found, or tell what is left there."""
    if asyncio.run(emptied_at(target, answering)):
        return
    if kept := ", ".join(f"{number} {kind}" for kind, number in left(trace).items()):
        why = "its adapter has no hook reset that works"
        print(f"interlock: left at {target.name}, for {why}: {kept}", file=sys.stderr)


async def emptied_at(target: Target, answering: Answering | None) -> bool:
    """Whether the target could be emptied through its hook."""
    async with AsyncExitStack() as closing:
        try:
            return await emptied(target, northbound_of(target, closing, answering))
        except (NorthboundError, MissingExtra):  # the doctor tells
            return False


def finished(report: Report, waivers: list[Waiver], old: Report | None) -> Report:
    """The report with its waivers, and with what is otherwise than in an earlier one."""
    if waivers:
        report = waived(report, waivers, load_registry(), datetime.datetime.now(datetime.UTC).date())
    return compared(old, report) if old is not None else report


def annotate(report: Report, kind: str | None, file: Path | None, json: bool) -> None:
    """Tell a CI system of each failure; on stderr where stdout holds a document."""
    if kind == "github":
        for row in github(report, file.as_posix() if file is not None else ""):
            print(row, file=sys.stderr if json else sys.stdout)


def _read(wishes: Wishes) -> tuple[Target, list[Waiver], Report | None]:
    if wishes.rounds > 1 and wishes.resume is not None:
        raise Usage("--rounds: want whole runs, got --resume beside it")
    try:
        target = read_target(wishes.target)
        chosen(target.protocol, target.seats, target.capabilities, wishes.choice)
    except (ConfigError, BadChoice) as problem:
        raise Usage(str(problem)) from None
    return target, waivers_of(wishes.waivers, target.seats), report_of(wishes.compare)


def waivers_of(file: Path | None, seats: tuple[str, ...]) -> list[Waiver]:
    try:
        return read_waivers(file, load_registry(), seats) if file is not None else []
    except ConfigError as problem:
        raise Usage(f"--waivers: {problem}") from None


def report_of(path: Path | None) -> Report | None:
    """The report to compare with: a report.json, or the directory that holds one. Usage."""
    if path is None:
        return None
    file = path / "report.json" if path.is_dir() else path
    try:
        return from_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ReportError) as problem:
        raise Usage(f"--compare: want a report.json of an earlier run, got {file}: {problem}") from None


def _earlier_trace(wishes: Wishes, target: Target) -> Trace | None:
    try:
        return resumed(wishes.resume, target, wishes.choice) if wishes.resume is not None else None
    except CannotResume as problem:
        raise Usage(str(problem)) from None


def _people(target: Target) -> Answering | None:
    """Who answers the prompts of a manual northbound side, for the whole run: a script, or whoever sits at this terminal
    (which is taken now, for what plays redirects it). Usage."""
    manual = target.northbound.manual
    if manual is None:
        return None
    try:
        return read_script(manual.script) if manual.script is not None else Terminal()
    except NorthboundError as problem:
        raise Usage(str(problem)) from None


def _rounds(
    target: Target,
    northbound: Northbound,
    wishes: Wishes,
    directory: Path | None,
    earlier: Trace | None,
    presence: Presence,
) -> Run:
    """One run, or several of which what differs is no verdict. Each of several leaves a report of its own."""
    over = _over(wishes.cap)
    runs: list[Run] = []
    for number in range(1, wishes.rounds + 1):
        if runs and (over() or presence.gone):
            break
        title = f"round {number} of {wishes.rounds}: " if wishes.rounds > 1 else ""
        runs.append(_one(target, northbound, wishes, directory, earlier or Trace(), over, presence, title))
        if directory is not None and wishes.rounds > 1:
            run = runs[-1]
            write_report(directory / f"round-{number}", run.report, run.trace, rollup.verdict_of_claim(run.judged))
    return replace(runs[0], report=agreed([run.report for run in runs], wishes.rounds, load_registry()))


def _over(cap: float | None) -> Callable[[], bool]:
    end = time.monotonic() + cap if cap is not None else None
    return lambda: end is not None and time.monotonic() >= end


def _one(
    target: Target,
    northbound: Northbound,
    wishes: Wishes,
    directory: Path | None,
    trace: Trace,
    over: Callable[[], bool],
    presence: Presence,
    title: str,
) -> Run:
    if not len(trace):
        trace.append(head(target, wishes.choice))
    recorder = Recorder(directory, trace) if directory is not None else None
    choice = wishes.choice
    with playing.progress_bar(wishes.json or target.northbound.kind == "manual") as bar:
        task = bar.add_task("playing", total=None)
        try:
            run = play_against(
                target,
                northbound,
                choice.selectors,
                profiles=choice.profiles,
                shard=choice.shard,
                trace=trace,
                enough=lambda: over() or presence.lost(trace),
                progress=lambda done, all_, name: bar.update(
                    task, completed=done, total=all_, description=f"{title}{name}"[:50]
                ),
                fuzz_examples=wishes.fuzz_examples,
            )
        except KeyboardInterrupt:
            if directory is not None:
                raise Usage(f"interrupted; go on with --resume {directory}") from None
            raise
    if recorder is not None:
        recorder.finish()
    return run
