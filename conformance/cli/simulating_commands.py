"""The subcommands of the simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from conformance.cli.application import Json, Picture, app
from conformance.cli.usage import Usage


@app.command(short_help="every interleaving of a race")
def explore(
    race: Annotated[str, typer.Argument(help="A race by its requirement id, such as CC-RACE-001, or all.")] = "all",
    strategy: Annotated[str, typer.Option(help="exhaustive, or a hunt: random, pct or swarm.")] = "exhaustive",
    faults: Annotated[
        str | None, typer.Option(metavar="drop=1,…", help="Fault budgets; default: those that the race declares.")
    ] = None,
    variant: Annotated[str | None, typer.Option(metavar="NAME", help="A variant with a known vice.")] = None,
    seed: Annotated[int, typer.Option(help="The first seed of a hunt.")] = 0,
    budget: Annotated[str | None, typer.Option(metavar="10s", help="Give up after so long.")] = None,
    runs: Annotated[int | None, typer.Option(help="How many schedules a hunt runs; default 1,000.")] = None,
    workers: Annotated[int, typer.Option(help="Processes that share the work.")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="SCHEDULE", help="Write the counterexample as a schedule.")
    ] = None,
    compare: Annotated[
        str | None, typer.Option(metavar="VARIANT", help="States gained and lost against the reference.")
    ] = None,
    variants: Annotated[bool, typer.Option("--variants", help="With all: every race's variants as well.")] = False,
    report: Picture = None,
    json: Json = False,
) -> int:
    """Explore every interleaving of a race under an adversary: proved, or refuted with the shortest schedule."""
    from conformance.cli import comparing, exploring, surveying

    options: dict[str, Any] = {
        "strategy": strategy,
        "faults": faults,
        "variant": variant,
        "seed": seed,
        "budget": budget,
        "runs": runs,
    }
    if race == "all":
        if strategy != "exhaustive" or any(
            value is not None for value in (faults, variant, budget, runs, out, compare)
        ):
            raise Usage(
                "explore: name a race, such as CC-RACE-001; all takes --variants, --workers, --report and --json"
            )
        return surveying.explore_all(variants=variants, workers=workers, report=report, json=json)
    if variants:
        raise Usage("--variants: goes with all; of one race want --variant NAME")
    if compare is not None:
        return comparing.compared(exploring.question(race, **options), compare, json)
    return exploring.explore(race, out=out, report=report, json=json, workers=workers, **options)


@app.command(short_help="replay a schedule step by step")
def replay(
    schedule: Annotated[Path, typer.Argument(help="A schedule file that explore wrote.")],
    lenient: Annotated[bool, typer.Option(help="Skip what is not enabled instead of stopping there.")] = False,
    to: Annotated[
        int | None, typer.Option(metavar="STEP", help="Stop after this step, and show what it changed.")
    ] = None,
    export_test: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the schedule as a pytest file.")
    ] = None,
    report: Picture = None,
    json: Json = False,
) -> int:
    """Replay a schedule, step by step; strict unless told otherwise."""
    from conformance.cli.replaying import replay as replaying

    return replaying(schedule, lenient=lenient, to=to, export_test=export_test, report=report, json=json)


@app.command(short_help="a trace as a schedule")
def schedule(
    trace: Annotated[Path, typer.Argument(help="A trace.jsonl of a replay, or of a run with real parties.")],
    out: Annotated[
        Path | None, typer.Option(metavar="SCHEDULE", help="Write the schedule here; default: print it.")
    ] = None,
    race: Annotated[str | None, typer.Option(metavar="ID", help="The race whose world a live trace may fit.")] = None,
    variant: Annotated[str | None, typer.Option(metavar="NAME", help="A variant of that race.")] = None,
    scenario: Annotated[
        int | None, typer.Option(metavar="RECORD", help="Of several scenarios the one that begins with this record.")
    ] = None,
    json: Json = False,
) -> int:
    """Turn a trace into a schedule: the steps of a world, as far as one comes along."""
    from conformance.cli.replaying import schedule as retracing

    return retracing(trace, out=out, race=race, variant=variant, scenario=scenario, json=json)
