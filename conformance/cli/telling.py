"""What `explore`, `replay` and `schedule` have in common: words for people, members for scripts, files."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from conformance.cli import Usage
from simulator.explore import Violation
from simulator.faults import Faults
from simulator.race import Race
from simulator.races import RACES
from simulator.world import Label


def race_of(id: str) -> Race[Any, Any]:
    """Usage names the races there are."""
    if id not in RACES:
        raise Usage(f"no race {id!r}; there are: {', '.join(RACES)}")
    return RACES[id]


def known_variant(race: Race[Any, Any], variant: str | None) -> None:
    """Usage names the variants that the race has."""
    if variant is not None and variant not in race.variants:
        raise Usage(f"race {race.id} has no variant {variant!r}; it has: {'; '.join(race.variants) or 'none'}")


def faults_of(text: str) -> Faults:
    try:
        return Faults.parse(text)
    except ValueError as problem:
        raise Usage(f"--faults: {problem}") from None


def budgets(faults: Faults) -> str:
    return ",".join(f"{name}={budget}" for name, budget in faults.named().items()) or "none"


def console() -> Console:
    return Console(file=sys.stdout, highlight=False, soft_wrap=True)


def numbered(out: Console, labels: Sequence[Label], cycle: Sequence[Label] = ()) -> None:
    """One step a line; what goes on for ever under a heading of its own."""
    for number, label in enumerate((*labels, *cycle), start=1):
        if cycle and number == len(labels) + 1:
            out.print("      for ever:")
        out.print(f"{number:4}  {label}", markup=False)


def members(violation: Violation | None) -> dict[str, Any] | None:
    """A violation of `--json`: ``schedule`` are all steps, ``cycle`` how many of them, at its end, go on for ever."""
    if violation is None:
        return None
    schedule = [*violation.schedule, *violation.cycle]
    told = {"invariant": violation.invariant, "steps": len(schedule), "schedule": schedule}
    return told | {"cycle": len(violation.cycle)} if violation.cycle else told


def print_json(document: Mapping[str, Any]) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))


def folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Usage(f"--report: {problem}") from None


def put(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise Usage(str(problem)) from None
