"""`explore RACE --compare VARIANT`: states gained and lost, violations gone and new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from conformance.cli import Usage
from conformance.cli.exploring import Question, progress_line
from conformance.cli.telling import budgets, console, members, numbered, print_json
from simulator.compare import Comparison, Survey, compare
from simulator.explore import Violation
from simulator.world import Label


def compared(asked: Question, variant: str, json: bool) -> int:
    """Compare the reference with a variant; 0 no rule breaks in the variant alone, 1 one does, 4 a cap was hit.

    Usage: a variant that there is not, or one beside ``--variant``.
    """
    if asked.variant is not None or asked.strategy != "exhaustive":
        raise Usage("--compare: compares the reference with one variant, exhaustively; want no --variant or --strategy")
    if variant not in asked.race.variants:
        raise Usage(
            f"--compare: race {asked.race.id} has no variant {variant!r}; it has: {'; '.join(asked.race.variants)}"
        )
    with progress_line(asked.race.id, json) as progress:
        found = compare(asked.race, variant, asked.faults, asked.cap, progress)
    if json:
        print_json(_document(asked, variant, found))
    else:
        _tell(asked, variant, found)
    return 1 if found.new else 0 if found.reference.whole and found.variant.whole else 4


def _document(asked: Question, variant: str, found: Comparison) -> dict[str, Any]:
    return {
        "race": asked.race.id,
        "variant": variant,
        "faults": asked.faults.named(),
        "complete": found.reference.whole and found.variant.whole,
        "reference": _survey(found.reference),
        "compared": _survey(found.variant),
        "gained": len(found.gained),
        "lost": len(found.lost),
        "first_gained": list(found.gained[0]) if found.gained else None,
        "first_lost": list(found.lost[0]) if found.lost else None,
        "violations_new": [members(each) for each in found.new],
        "violations_gone": [members(each) for each in found.gone],
    }


def _survey(found: Survey) -> dict[str, Any]:
    return {"states": found.states, "shown": len(found.shown), "violations": sorted(found.broken)}


def _tell(asked: Question, variant: str, found: Comparison) -> None:
    out = console()
    out.print(f"{asked.race.id}  {asked.race.title}; faults: {budgets(asked.faults)}", markup=False)
    for name, each in (("reference", found.reference), (variant, found.variant)):
        cut = "" if each.whole else ", and there are more: the cap was hit"
        out.print(f"  {each.states:7,} states, {len(each.shown):5,} differ in what is shown  {name}{cut}", markup=False)
    _tell_states(out, "gained", found.gained)
    _tell_states(out, "lost", found.lost)
    _tell_violations(out, "new", found.new)
    _tell_violations(out, "gone", found.gone)


def _tell_states(out: Console, what: str, schedules: Sequence[tuple[Label, ...]]) -> None:
    out.print(f"{len(schedules):,} shown states {what}" + (", the first of them by" if schedules else ""))
    if schedules:
        numbered(out, schedules[0])


def _tell_violations(out: Console, what: str, violations: Sequence[Violation]) -> None:
    if not violations:
        out.print(f"no violation {what}")
    for each in violations:
        for_ever = f", then {len(each.cycle)} for ever" if each.cycle else ""
        out.print(f"violation {what}: {each.invariant}, after {len(each.schedule)} steps{for_ever}", markup=False)
        out.print(f"  want {each.finding.want}; got {each.finding.got}", markup=False)
