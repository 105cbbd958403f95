"""The picture of a replayed schedule: what the page says beside the course, and where it goes."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from conformance.cli.telling import budgets, put
from conformance.requirements import load_registry
from reports import trace as traces
from reports.picture import Picture, page
from simulator.picture import course
from simulator.race import Race
from simulator.races import RACES
from simulator.replay import Replay
from simulator.schedule import Schedule


def leave(directory: Path, name: str, schedule: Schedule, done: Replay, kept: str) -> Path:
    """Write ``trace.jsonl`` and the page, ``NAME.html``; returns where the page is. ``kept`` names the schedule's file."""
    traces.write(done.trace, directory / "trace.jsonl")
    put(directory / f"{name}.html", page(picture(schedule, done, kept)))
    return directory / f"{name}.html"


def picture(schedule: Schedule, done: Replay, kept: str) -> Picture:
    """The page of a replay. ``kept`` is the name of the schedule's file, for the command that replays it."""
    race = RACES[schedule.race]
    tone, conclusion = _conclusion(done)
    return Picture(
        race.id,
        race.title,
        tone,
        conclusion,
        tuple(filter(None, race.story.split("\n\n"))),
        _requirement(race),
        (
            ("Variant", schedule.variant or "the reference"),
            ("Faults it may take", budgets(schedule.faults)),
            ("Steps", str(len(done.taken))),
            ("Skipped", ", ".join(done.skipped)),
            ("Boundary", race.boundary),
            ("Errata", ", ".join(race.errata)),
        ),
        course(schedule, done, race.world(schedule.variant, schedule.faults).steps),
        schedule.text(),
        f"Replay it: interlock replay {shlex.quote(kept)}; as a test: --export-test FILE; up to a step: --to STEP.",
    )


def _conclusion(done: Replay) -> tuple[str, str]:
    if done.violation is not None:
        word = "Livelock" if done.violation.cycle else "Refuted"
        return "failed", f"{word}: {done.violation.invariant}"
    if done.divergence is not None:
        return "inconclusive", f"Today's code leaves the schedule at step {done.divergence.step}"
    return "passed", "Nothing is broken"


def _requirement(race: Race[Any, Any]) -> tuple[str, ...]:
    """What the requirement of the race demands, and each of its checks."""
    requirement = load_registry().requirements.get(race.id.partition("/")[0])
    if requirement is None:
        return ()
    checks = (f"{check.id}: given {check.given}, when {check.when}, then {check.then}" for check in requirement.checks)
    return (requirement.statement, *checks)
