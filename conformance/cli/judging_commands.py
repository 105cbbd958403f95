"""The subcommands that judge: in self-play, of a target, of a stored trace, by fuzzing, and the judge itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli import judging, playing
from conformance.cli.application import (
    Annotate,
    Compare,
    Json,
    Protocol,
    Report,
    Select,
    Waivers,
    app,
    known_annotation,
    known_protocol,
    named,
)
from conformance.cli.usage import Usage


@app.command(short_help="play and judge both protocols")
def run(
    protocol: Protocol = None,
    over: Annotated[str, typer.Option(help="asgi: in this process; http: over real sockets.")] = "asgi",
    select: Select = None,
    seed: Annotated[int, typer.Option(help="Seed of the ids that are drawn.")] = 1,
    report: Report = None,
    json: Json = False,
) -> int:
    """Self-play: all seats are reference parties; every scenario is run and judged."""
    known_protocol(protocol)
    if over not in ("asgi", "http"):
        raise Usage(f"--over: want asgi or http, got {over!r}")
    return playing.run(protocol, over, tuple(select or ()), seed, report, json)


@app.command(short_help="judge somebody's implementation")
def certify(
    target: Annotated[Path, typer.Argument(metavar="TARGET.toml", help="The implementation, described.")],
    profile: Annotated[
        list[str] | None,
        typer.Option("--profile", metavar="PROFILE", help="Only this profile is judged; repeatable. Default: all."),
    ] = None,
    select: Select = None,
    waivers: Waivers = None,
    rounds: Annotated[int, typer.Option(metavar="N", min=1, help="Whole runs; what differs is no verdict.")] = 1,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be played and created; nothing is sent.")
    ] = False,
    resume: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Go on with a run that was broken off or cut off there.")
    ] = None,
    shard: Annotated[str, typer.Option(metavar="i/n", help="The i-th of n parts; `judge` puts them together.")] = "1/1",
    cap: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="Begin no scenario after so long; then exit 4.")
    ] = None,
    compare: Compare = None,
    schedule: Annotated[
        Path | None, typer.Option(metavar="SCHEDULE", help="Play only this schedule of the simulator, live.")
    ] = None,
    fuzz_examples: Annotated[
        int, typer.Option(metavar="N", min=0, help="Also send so many made-up requests to each operation.")
    ] = 0,
    annotate: Annotate = None,
    report: Report = None,
    json: Json = False,
) -> int:
    """Play the scenarios that a target takes part in, and judge it, requirement by requirement."""
    from conformance.choice import BadChoice, Choice
    from conformance.choice import shard as part
    from conformance.cli.certifying import Wishes
    from conformance.cli.certifying import certify as certifying

    known_annotation(annotate)
    try:
        choice = Choice(tuple(select or ()), tuple(profile or ()), part(shard))
    except BadChoice as problem:
        raise Usage(str(problem)) from None
    wishes = Wishes(
        target, choice, waivers, rounds, dry_run, resume, cap, compare, schedule, fuzz_examples, report, annotate, json
    )
    return certifying(wishes)


@app.command(short_help="judge a stored trace again")
def judge(
    trace: Annotated[
        list[Path],
        typer.Argument(
            help="A trace.jsonl that a run left behind, those of all shards of a run together, or a HAR file."
        ),
    ],
    seat: Annotated[
        list[str] | None,
        typer.Option(
            "--seat", metavar="SEAT=URL", help="Of a HAR file: where this seat is reached; once for each seat."
        ),
    ] = None,
    id: Annotated[
        list[str] | None,
        typer.Option(
            "--id", metavar="SEAT=ID", help="Of a HAR file: the id of this seat on the wire; default the seat."
        ),
    ] = None,
    waivers: Waivers = None,
    compare: Compare = None,
    annotate: Annotate = None,
    report: Report = None,
    json: Json = False,
) -> int:
    """Judge a stored trace again with today's rules; no target is needed. Of a HAR file only monitors judge."""
    known_annotation(annotate)
    seats, ids = named("--seat", seat), named("--id", id)
    return judging.judge(judging.Wishes(tuple(trace), seats, ids, waivers, compare, annotate, report, json))


@app.command(short_help="is a target reachable and described rightly?")
def doctor(
    target: Annotated[Path, typer.Argument(metavar="TARGET.toml", help="The implementation to look at.")],
    json: Json = False,
) -> int:
    """Look at a target before any verdict: network, TLS, clocks, credentials, ids, capabilities, both ways."""
    from conformance.cli.targets import doctor as examine

    return examine(target, json)


targets = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.add_typer(targets, name="target", short_help="describe an implementation: target init", help="Target files.")


@targets.command("init", short_help="a commented target file with its inventory")
def target_init(
    protocol: Annotated[
        str, typer.Option(metavar="PROTOCOL", help="federation-interconnect or connection-coordinator")
    ],
    profile: Annotated[
        list[str] | None,
        typer.Option("--profile", metavar="PROFILE", help="What it shall be judged by; default the core; repeatable."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it; the inventory goes beside it.")] = Path(
        "target.toml"
    ),
) -> int:
    """Write a commented target file, and the inventory that the chosen profiles need."""
    from conformance.cli.targets import target_init as make

    known_protocol(protocol)
    return make(protocol, tuple(profile or ()), out)


@targets.callback()
def _target_files() -> None:
    """Describe an implementation."""


@app.command(short_help="schemathesis with our checks")
def fuzz(
    target: Annotated[
        Path | None,
        typer.Argument(metavar="TARGET.toml", help="The implementation, described. Default: the reference."),
    ] = None,
    protocol: Protocol = None,
    seat: Annotated[list[str] | None, typer.Option(metavar="SEAT", help="Only this seat; repeatable.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed sends the same requests.")] = 1,
    examples: Annotated[
        int, typer.Option(metavar="N", min=1, help="Random requests for each operation, and sequences along links.")
    ] = 20,
    phase: Annotated[
        list[str] | None,
        typer.Option(metavar="PHASE", help="examples, coverage, fuzzing, stateful or model; repeatable. Default: all."),
    ] = None,
    case: Annotated[
        Path | None, typer.Option(metavar="CASE.json", help="Send only this case of an earlier finding again.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write fuzz.json, the traces and the cases here.")
    ] = None,
    json: Json = False,
) -> int:
    """Made-up requests against a target, judged by our checks: isolation, refusals without effect, secrets, schemas."""
    from conformance.cli.fuzzing import Asked, command
    from conformance.fuzz.contract import PHASES, Wishes

    known_protocol(protocol)
    wishes = Wishes(seed, examples, tuple(phase or PHASES))
    return command(Asked(target, protocol, tuple(seat or ()), wishes, case, report, json))


@app.command(short_help="which check catches which wrong party")
def mutants(
    protocol: Protocol = None,
    select: Select = None,
    by: Annotated[
        str,
        typer.Option(metavar="suite|fuzz", help="fuzz: schemathesis alone, and with our checks, beside the scenarios."),
    ] = "suite",
    examples: Annotated[
        int, typer.Option(metavar="N", min=1, help="With --by fuzz: random requests an operation.")
    ] = 4,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes that share the gallery.")] = 2,
    sample: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only so many, drawn once and for all, without variants.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write mutants.json and mutants.html here.")
    ] = None,
    json: Json = False,
) -> int:
    """Play the gallery of wrong implementations and print which check catches each: the kill matrix."""
    from conformance.cli.mutating import Asked
    from conformance.cli.mutating import mutants as playing_them
    from conformance.fuzz.contract import Wishes

    known_protocol(protocol)
    wishes = Wishes(examples=examples)
    return playing_them(Asked(protocol, tuple(select or ()), by, wishes, workers, sample, report, json))
