"""The gallery: every mutant is played against the scenarios that can catch it; the kill matrix tells what caught what."""

from __future__ import annotations

import pkgutil
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from conformance import mutants as gallery
from conformance.judge import Judged, judge
from conformance.mutants import Mutant
from conformance.play import Play, Progress, every, play
from conformance.scenarios import Scenario, load_scenarios
from reports.verdict import Verdict

SAMPLE_SEED = 8

TWINS = 4
"""So many scenarios of a feature are tried for one that the mutant passes."""


def _silent(done: int, all_: int, name: str) -> None:
    """No progress is shown."""


@cache
def mutants() -> tuple[Mutant, ...]:
    """Every mutant of every module of the gallery, ids unique."""
    found: dict[str, Mutant] = {}
    for module in pkgutil.iter_modules(gallery.__path__):
        for each in getattr(import_module(f"{gallery.__name__}.{module.name}"), "MUTANTS", ()):
            if each.id in found:
                raise ValueError(f"two mutants are called {each.id}")
            found[each.id] = each
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Killing:
    """What became of one mutant. ``killed_by`` are the checks that failed in its seat. ``named``: the declared one is among
    them, nothing of its scenarios was inconclusive, and the mutant did right elsewhere (its twin passed)."""

    mutant: Mutant
    killed_by: tuple[str, ...]
    named: bool


def play_gallery(
    protocol: str | None = None,
    selectors: Sequence[str] = (),
    workers: int = 2,
    progress: Progress = _silent,
    sample: int | None = None,
) -> tuple[Killing, ...]:
    """Play the mutants of a protocol, or those whose id, vice or declared check fits a selector; with ``sample`` only so
    many of them, always the same."""
    chosen = [
        each
        for each in mutants()
        if protocol in (None, each.protocol)
        and (not selectors or any(s in each.id or s in each.vice or s in each.caught_by for s in selectors))
    ]
    if sample is not None:
        random.Random(SAMPLE_SEED).shuffle(chosen)
        chosen = chosen[:sample]
    ids = [each.id for each in chosen]
    rows: list[Killing] = []
    with ProcessPoolExecutor(workers) if len(ids) > 3 else nullcontext() as pool:
        killings = map(_kill, ids) if pool is None else pool.map(_kill, ids, chunksize=2)
        for mutant, (killed_by, named) in zip(chosen, killings, strict=True):
            rows.append(Killing(mutant, killed_by, named))
            progress(len(rows), len(ids), mutant.id)
    return tuple(rows)


def _kill(mutant_id: str) -> tuple[tuple[str, ...], bool]:
    """For a worker process: decisions are functions, which do not travel."""
    killing = kill(mutant_id)
    return killing.killed_by, killing.named


def kill(mutant_id: str) -> Killing:
    """Play the scenarios of the feature that declares the mutant's check, and see what fails.

    A mutant that can do nothing at all fails everywhere: that its declared check failed says something only where the
    scenarios beside it, which differ in one thing, find it doing right.
    """
    mutant = next(each for each in mutants() if each.id == mutant_id)
    scenarios = _judging(mutant)
    played, judged = _played(mutant, scenarios)
    failed = [each.check for each in judged if each.finding.verdict is Verdict.FAILED]
    declaring = {each.id for each in scenarios if any(d.check == mutant.caught_by for d in each.declared)}
    clean = not any(run.problem for run in played.played if run.scenario.id in declaring)
    named = mutant.caught_by in failed and clean and (_does_right(judged) or _twin_passes(mutant, scenarios))
    return Killing(mutant, tuple(dict.fromkeys(failed)), named)


def _judging(mutant: Mutant) -> list[Scenario]:
    """The scenarios that declare the check, and those beside them that judge the same requirement."""
    requirement = mutant.caught_by.partition("/")[0]
    own = (each for each in load_scenarios() if each.protocol == mutant.protocol)
    return [each for each in own if requirement in each.requirements()]


def _played(mutant: Mutant, scenarios: Sequence[Scenario]) -> tuple[Play, list[Judged]]:
    """What was judged of the mutant's own seat."""
    decisions = {mutant.protocol: {mutant.seat: mutant.decisions}}
    twists = {mutant.protocol: {mutant.seat: mutant.twist}} if mutant.twist else {}
    played = play(every(scenarios), decisions=decisions, twists=twists)
    return played, [each for each in judge(played.trace) if each.seat == mutant.seat]


def _does_right(judged: Iterable[Judged]) -> bool:
    return any(each.finding.verdict is Verdict.PASSED for each in judged)


def _twin_passes(mutant: Mutant, scenarios: Sequence[Scenario]) -> bool:
    """Where all that judges the requirement fails: one of a few scenarios of the same feature finds the mutant doing
    right."""
    features = {each.feature for each in scenarios}
    beside = [
        each
        for each in load_scenarios()
        if each.feature in features and each not in scenarios and mutant.seat in each.seats
    ]
    return any(_does_right(_played(mutant, [each])[1]) for each in beside[:TWINS])
