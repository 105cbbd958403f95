"""`explore RACE`: one race against the adversary, exhaustively or at random, for people and for scripts."""

from __future__ import annotations

import json as jsonlib
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, get_args

from rich.console import Console
from rich.status import Status

from conformance.cli import Usage
from conformance.cli.picturing import leave
from conformance.cli.telling import budgets, console, folder, known_variant, members, numbered, print_json, put, race_of
from conformance.cli.telling import faults_of as parsed
from simulator.explore import Violation
from simulator.faults import Faults
from simulator.hunt import StrategyName, hunt
from simulator.race import Race
from simulator.races import RACES
from simulator.replay import record, replay
from simulator.schedule import Schedule
from simulator.shrink import shrink

CAP = 2_000_000
"""States after which an exploration gives up; then its verdict is "incomplete"."""
CODES = {"proved": 0, "nothing-found": 0, "refuted": 1, "incomplete": 4}
_STYLES = {"proved": "bold green", "nothing-found": "bold yellow", "refuted": "bold red", "incomplete": "bold yellow"}
_STRATEGY: dict[str, StrategyName] = {name: name for name in get_args(StrategyName)}
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "ms": 0.001}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explored, and how. ``strategy`` is ``exhaustive`` or one of ``StrategyName``; ``runs`` bounds a
    hunt, ``cap`` the states of an exploration, ``seconds`` either of them."""

    race: Race[Any, Any]
    variant: str | None
    faults: Faults
    strategy: str = "exhaustive"
    seed: int = 0
    runs: int | None = None
    seconds: float | None = None
    workers: int = 1
    cap: int = CAP


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it. ``schedule`` is the counterexample with its digests, of a hunt after shrinking: then ``found``
    is the number of steps before, and ``minimal`` tells whether no shorter one exists."""

    verdict: str
    seconds: float
    states: int = 0
    transitions: int = 0
    rests: int = 0
    schedules: int = 0
    violation: Violation | None = None
    schedule: Schedule | None = None
    sometimes: dict[str, bool] = field(default_factory=dict)
    livelocks: tuple[Violation, ...] = ()
    cardinality: dict[str, int] = field(default_factory=dict)
    seed: int | None = None
    found: int = 0
    minimal: bool = True


def question(
    race: str,
    *,
    strategy: str = "exhaustive",
    faults: str | None = None,
    variant: str | None = None,
    seed: int = 0,
    budget: str | None = None,
    runs: int | None = None,
    workers: int = 1,
    cap: int = CAP,
) -> Question:
    """What the options of the command ask for. Usage: what there is none of, what cannot be read."""
    chosen = race_of(race)
    known_variant(chosen, variant)
    if strategy not in ("exhaustive", *_STRATEGY):
        raise Usage(f"--strategy: want one of exhaustive, {', '.join(_STRATEGY)}; got {strategy!r}")
    if strategy == "exhaustive" and runs is not None:
        raise Usage(f"--runs bounds a hunt; want --strategy {', '.join(_STRATEGY)} with it")
    if budget and runs is not None:
        raise Usage("want --budget or --runs, not both")
    if workers < 1 or (runs is not None and runs < 1):
        raise Usage(f"--workers and --runs: want at least 1, got {workers if workers < 1 else runs}")
    kept = chosen.faults if faults is None else parsed(faults)
    return Question(chosen, variant, kept, strategy, seed, runs, _seconds(budget) if budget else None, workers, cap)


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|ms|)", text.strip())
    if found is None or float(found[1]) == 0:
        raise Usage(f"--budget: want a time such as 10s or 2m, got {text!r}")
    return float(found[1]) * _UNITS[found[2]]


def answer(asked: Question, progress: Progress = lambda states, waiting: None) -> Answer:
    """Explore exhaustively, or hunt and shrink what is found."""
    if asked.strategy != "exhaustive":
        return _hunted(asked)
    bounds = {"cap": asked.cap, "seconds": inf if asked.seconds is None else asked.seconds}
    found = asked.race.explore(asked.variant, asked.faults, **bounds, progress=progress)
    return Answer(
        found.verdict.value,
        found.seconds,
        found.states,
        found.transitions,
        found.rests,
        violation=found.violation,
        schedule=_kept(asked, asked.faults, found.violation),
        sometimes=found.sometimes,
        livelocks=found.livelocks,
        cardinality=found.cardinality,
    )


def _hunted(asked: Question) -> Answer:
    found = hunt(
        asked.race,
        _STRATEGY[asked.strategy],
        asked.variant,
        asked.faults,
        asked.seed,
        asked.runs,
        asked.seconds,
        asked.workers,
    )
    shrunk = found.violation and shrink(asked.race, asked.variant, asked.faults, found.violation)
    violation, faults = (shrunk.violation, shrunk.faults) if shrunk else (found.violation, asked.faults)
    return Answer(
        found.verdict,
        found.seconds,
        transitions=found.steps,
        schedules=found.schedules,
        violation=violation,
        schedule=_kept(asked, faults, violation),
        seed=found.seed_of_violation,
        found=len(found.violation.schedule) if found.violation else 0,
        minimal=bool(shrunk and shrunk.minimal),
    )


def _kept(asked: Question, faults: Faults, violation: Violation | None) -> Schedule | None:
    if violation is None:
        return None
    return record(asked.race, asked.variant, faults, violation.schedule, violation.cycle)


def explore(
    race: str, *, out: Path | None = None, report: Path | None = None, json: bool = False, **options: Any
) -> int:
    """Explore a race; 0 proved or nothing found, 1 refuted, 4 incomplete. Usage: see ``question`` for the options.

    ``out`` gets the counterexample as a schedule; ``report`` a folder with ``explore.json`` and, for a refuted race,
    ``counterexample.schedule``, ``trace.jsonl`` and ``counterexample.html``.
    """
    asked = question(race, **options)
    with progress_line(asked.race.id, json) as progress:
        answered = answer(asked, progress)
    document = as_json(asked, answered)
    kept = None
    if answered.schedule is not None and out is not None:
        put(out, answered.schedule.text())
        kept = out
    if report is not None:
        kept = _report(report, document, answered.schedule) or kept
    if json:
        print_json(document)
    else:
        _tell(asked, answered, kept)
    return CODES[answered.verdict]


@contextmanager
def progress_line(race: str, quiet: bool) -> Iterator[Progress]:
    """A line that counts states, on a terminal only."""
    errors = Console(stderr=True)
    if quiet or not errors.is_terminal:
        yield lambda states, waiting: None
        return
    with Status(f"exploring {race}", console=errors) as line:
        yield lambda states, waiting: line.update(f"exploring {race}: {states:,} states, {waiting:,} waiting")


def as_json(asked: Question, answered: Answer) -> dict[str, Any]:
    """The document of `--json` (interface: `explore --json`)."""
    return {
        "race": asked.race.id,
        "variant": asked.variant,
        "strategy": asked.strategy,
        "faults": asked.faults.named(),
        "verdict": answered.verdict,
        "states": answered.states,
        "transitions": answered.transitions,
        "schedules": answered.schedules,
        "seconds": round(answered.seconds, 3),
        "violation": members(answered.violation),
        "livelocks": [members(each) for each in answered.livelocks],
        "boundary": asked.race.boundary,
        "errata": list(asked.race.errata),
    }


def _report(directory: Path, document: dict[str, Any], counterexample: Schedule | None) -> Path | None:
    """The folder's files; returns where the schedule is."""
    folder(directory)
    put(directory / "explore.json", jsonlib.dumps(document, indent=2) + "\n")
    if counterexample is None:
        return None
    put(directory / "counterexample.schedule", counterexample.text())
    kept = directory / "counterexample.schedule"
    leave(directory, "counterexample", counterexample, replay(counterexample, RACES), str(kept))
    return kept


def _tell(asked: Question, answered: Answer, kept: Path | None) -> None:
    out = console()
    out.print(f"{asked.race.id}  {asked.race.title}", markup=False)
    if asked.variant is not None:
        out.print(f"variant: {asked.variant}", markup=False)
    out.print(
        f"[{_STYLES[answered.verdict]}]{answered.verdict.upper().replace('-', ' ')}[/]  {_counted(asked, answered)}, "
        f"{answered.seconds:.1f} s; faults: {budgets(asked.faults)}"
    )
    if asked.race.boundary:
        out.print(f"  boundary: {asked.race.boundary}", markup=False)
    if asked.race.errata:
        out.print(f"  errata:   {', '.join(asked.race.errata)}")
    if answered.violation is None:
        _tell_rules(out, asked.race, answered)
        if answered.cardinality:
            most = [f"{name} ({values})" for name, values in list(answered.cardinality.items())[:5]]
            out.print(f"  most varied in what was still to be left: {', '.join(most)}", markup=False)
        return
    _tell_violation(out, answered)
    if kept is not None:
        out.print(f"replay it: interlock replay {shlex.quote(str(kept))}", markup=False)
        return
    again = ["interlock", "explore", asked.race.id, "--faults", budgets(asked.faults) if asked.faults.named() else ""]
    again += ["--variant", asked.variant] if asked.variant is not None else []
    again += ["--strategy", asked.strategy, "--seed", str(answered.seed)] if asked.strategy != "exhaustive" else []
    out.print(f"keep it:   {shlex.join([*again, '--out', 'FILE'])}", markup=False)
    out.print("replay it: interlock replay FILE")


def _counted(asked: Question, answered: Answer) -> str:
    if asked.strategy != "exhaustive":
        return f"{answered.schedules:,} schedules, {answered.transitions:,} steps, from seed {asked.seed}"
    return f"{answered.states:,} states, {answered.transitions:,} transitions, {answered.rests:,} states at rest"


def _tell_rules(out: Console, race: Race[Any, Any], answered: Answer) -> None:
    proved = answered.verdict == "proved"
    for invariant in race.never:
        out.print(f"  {'never broken' if proved else 'not broken so far'}: {invariant.name}")
    for rule in race.live if answered.verdict != "nothing-found" else ():
        out.print(f"  {'always' if proved else 'so far'}: {rule.name}")
    for name, occurred in answered.sometimes.items():
        out.print(f"  {'does happen' if occurred else 'NEVER HAPPENED, so this proves nothing'}: {name}")


def _tell_violation(out: Console, answered: Answer) -> None:
    violation = answered.violation
    assert violation is not None
    out.print(f"  {'a livelock breaks' if violation.cycle else 'broken'}: {violation.invariant}", markup=False)
    out.print(f"  want {violation.finding.want}; got {violation.finding.got}", markup=False)
    steps = len(violation.schedule) + len(violation.cycle)
    shrunk = f", shrunk from {answered.found}" if answered.found > steps else ""
    out.print(f"schedule, {steps} steps{shrunk}{'' if answered.minimal else ', perhaps not the shortest'}")
    numbered(out, violation.schedule, violation.cycle)
    for other in (each for each in answered.livelocks if each != violation):
        out.print(
            f"another livelock, {len(other.schedule) + len(other.cycle)} steps: {other.finding.got}", markup=False
        )
