"""``interlock certify TARGET.toml --schedule S``: a race of the simulator, live."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path

from conformance import recording, rollup
from conformance.cli.showing import print_json
from conformance.cli.usage import Usage
from conformance.live_schedule import NotPlayable, Played, play
from conformance.northbound.build import northbound_of
from conformance.northbound.each_loop import InEachLoop
from conformance.northbound.manual import Answering
from conformance.target import Target
from reports.redact import Redactor
from reports.trace import Trace
from reports.write import write_report
from simulator.races import RACES
from simulator.schedule import Schedule, ScheduleError, parse

CODES = {"passed": 0, "failed": 1, "diverged": 4, "untested": 4}


def played(target: Target, answering: Answering | None, schedule: Schedule, directory: Path | None, json: bool) -> int:
    """Play it with the target in each of its seats; the exit code of the worst. Each leaves a report of its own. Usage."""
    race = RACES[schedule.race]
    results: list[Played] = []
    failed: list[str] = []
    for seat in target.seats:
        trace = Trace()
        northbound = InEachLoop(lambda: northbound_of(target, AsyncExitStack(), answering))
        try:
            results.append(play(race, schedule, target, seat, northbound, trace, Redactor(os.urandom(16))))
        except NotPlayable as problem:
            raise Usage(f"--schedule: {problem}") from None
        run = recording.judged(trace)
        broken = [each for row in run.report.requirements for each in row.checks if each.verdict == "failed"]
        failed += [f"{check.id} {check.seat}: want {check.want}, got {check.got}" for check in broken]
        if directory is not None:
            place = directory / seat if len(target.seats) > 1 else directory
            write_report(place, run.report, run.trace, rollup.verdict_of_claim(run.judged))
    if json:
        print_json({"target": target.name, "plays": [asdict(each) for each in results], "failed": failed})
    else:
        _tell(target, results, failed, directory)
    codes = {CODES[each.verdict] for each in results} | ({1} if failed else set())
    return 1 if 1 in codes else max(codes)


def _tell(target: Target, results: list[Played], failed: list[str], directory: Path | None) -> None:
    for each in results:
        took = f"{each.steps} of {each.of} steps"
        print(f"{each.race}, {target.name} in {each.seat}: {each.verdict}, {took}")
        if each.told:
            print(f"  {each.invariant + ': ' if each.invariant else ''}{each.told}")
    for line in failed:
        print(f"  {line}")
    if directory is not None:
        print(f"report: {directory}")


def schedule_of(file: Path | None) -> Schedule | None:
    """Usage: it cannot be read, or is of no race that there is."""
    if file is None:
        return None
    try:
        schedule = parse(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError, ScheduleError) as problem:
        raise Usage(f"--schedule: {problem}") from None
    if schedule.race not in RACES:
        raise Usage(f"--schedule: {file}: want a race that there is, got {schedule.race!r}")
    return schedule
