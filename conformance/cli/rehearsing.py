"""``interlock certify --dry-run``: what would be played, what would come to be at the target, what cannot be seen there."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from conformance.choice import Choice
from conformance.cli.playing import progress_bar
from conformance.cli.showing import print_json
from conformance.cli.usage import Usage
from conformance.northbound import NorthboundError
from conformance.northbound.offers import offers_of
from conformance.rehearsal import CREATED, Rehearsal, rehearse
from conformance.requirements import load_registry, seats_of
from conformance.target import Target


def dry_run(target: Target, choice: Choice, json: bool) -> int:
    """Rehearse in this process and print; nothing is sent to the target. Returns the exit code."""
    try:
        offers = offers_of(target)
    except NorthboundError as problem:
        raise Usage(str(problem)) from None
    with progress_bar(json) as bar:
        task = bar.add_task("rehearsing", total=None)
        found = rehearse(
            target,
            offers,
            choice,
            lambda done, all_, name: bar.update(task, completed=done, total=all_, description=name[:50]),
        )
    if json:
        print_json(_as_json(target, found))
    else:
        _print(target, found)
    return 3 if found.problems else 0


def beyond(target: Target) -> dict[str, int]:
    """Requirements that this target does not owe, by reason."""
    registry = load_registry()
    extended = {each.id for each in registry.profiles(target.protocol) if each.extended}
    rows = registry.select(target.protocol)
    unclaimed = [each for each in rows if each.profile in extended and each.profile not in target.capabilities]
    elsewhere = [each for each in rows if each not in unclaimed and not set(seats_of(each)) & set(target.seats)]
    return {"of a profile that is not claimed": len(unclaimed), "of a seat that is not claimed": len(elsewhere)}


def _as_json(target: Target, found: Rehearsal) -> dict[str, object]:
    return {
        "target": target.name,
        "scenarios": [asdict(row) | {"created": dict(row.created)} for row in found.rows],
        "created": found.created(),
        "excluded": {"scenarios": found.excluded(), "requirements": beyond(target)},
        "problems": list(found.problems),
    }


def _print(target: Target, found: Rehearsal) -> None:
    kinds = list(CREATED[target.protocol])
    table = Table(box=None, pad_edge=False)
    table.add_column("scenario", overflow="fold")
    table.add_column("target in")
    for kind in kinds:
        table.add_column(kind, justify="right")
    for row in found.rows:
        name = row.scenario + (f" [dim]({row.lacks})[/dim]" if row.lacks else "")
        table.add_row(name, row.seat, *(str(row.created.get(kind, "")) for kind in kinds))
    console = Console(highlight=False)
    console.print(table)
    made = ", ".join(f"{number} {kind}" for kind, number in found.created().items()) or "nothing"
    print(f"\n{len(found.rows)} scenarios would be played; at {target.name} would come to be: {made}")
    grouped: Counter[str] = Counter()
    for reason, number in found.excluded().items():
        grouped[reason.partition(":")[0].partition(" '")[0]] += number  # the table tells the rest
    for reason, number in grouped.most_common():
        print(f"  {number} scenarios would break off: {reason}")
    for reason, number in beyond(target).items():
        if number:
            print(f"  {number} requirements are not owed: {reason}")
    for problem in found.problems:
        print(f"  our own fault: {problem}")
