"""The one ``interlock`` command.

Each subcommand is a thin face over a function elsewhere: it reads options, shows progress on a terminal, prints for
people or, with ``--json``, one JSON document, and turns the result into an exit code: 0 conformant, proved or nothing
found; 1 not conformant, refuted or found; 2 usage, configuration, unreachable target; 3 our own fault; 4 incomplete.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from conformance.cli import contracts, explaining, judging, playing, showing
from conformance.cli.usage import Usage as Usage
from conformance.requirements import UnknownId
from conformance.selection import NothingSelected
from features import FeatureError
from reports.write import CannotWrite

app = typer.Typer(
    name="interlock",
    help="Interlock plays, explores and judges two-party interconnect protocols: the Connection Coordinator between "
    "two cloud providers and the Federation Interconnect between two edge operators.",
    epilog="Begin with `interlock run`: both protocols are played between reference parties and judged, requirement "
    "by requirement; open interlock-report/report.html. Exit codes: 0 good, 1 a finding, 2 usage, 3 our fault, "
    "4 incomplete.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Protocol = Annotated[
    str | None,
    typer.Option(
        "--protocol", metavar="PROTOCOL", help="federation-interconnect or connection-coordinator; default both."
    ),
]
Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="DIR", help="Write report.json, .html, .md, junit.xml and trace.jsonl here."),
]
Picture = Annotated[
    Path | None,
    typer.Option("--report", metavar="DIR", help="Write the picture, the schedule, trace.jsonl and the JSON here."),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="ID|TAG|NAME", help="Only scenarios with this id, tag or name, or table:ID; repeatable."
    ),
]


Waivers = Annotated[
    Path | None, typer.Option(metavar="FILE.toml", help="Failures that somebody has agreed to live with.")
]
Compare = Annotated[
    Path | None, typer.Option(metavar="OLD-REPORT", help="Tell what is otherwise than in this earlier report.json.")
]
Annotate = Annotated[
    str | None, typer.Option(metavar="github", help="Also print each failure as an annotation of a CI system.")
]


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
    _known_protocol(protocol)
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

    _known_annotation(annotate)
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
    _known_annotation(annotate)
    seats, ids = _named("--seat", seat), _named("--id", id)
    return judging.judge(judging.Wishes(tuple(trace), seats, ids, waivers, compare, annotate, report, json))


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

    _known_protocol(protocol)
    return make(protocol, tuple(profile or ()), out)


@targets.callback()
def _target_files() -> None:
    """Describe an implementation."""


@app.command(short_help="between two partners: forward, record, judge")
def proxy(
    one: Annotated[
        Path, typer.Argument(metavar="A.toml", help="One partner; it reaches the other at its [counterpart].")
    ],
    other: Annotated[Path, typer.Argument(metavar="B.toml", help="The other one.")],
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=OPERATION][:VALUE]",
            help="drop, lose-response, duplicate, hold=…:500ms or status=…:409, once for each operation; repeatable.",
        ),
    ] = None,
    cap: Annotated[float | None, typer.Option(metavar="SECONDS", min=0, help="End by itself after so long.")] = None,
    report: Report = None,
    json: Json = False,
) -> int:
    """Forward between two partners, record, bring faults about, and judge what the wire alone shows."""
    from conformance.cli.proxying import proxy as between

    return between(one, other, tuple(fault or ()), cap, report, json)


@app.command(short_help="partners pairwise: who works with whom")
def matrix(
    partners: Annotated[list[Path], typer.Argument(metavar="A.toml B.toml …", help="Two partners or more.")],
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="The first of the addresses at which partners reach each other.")
    ] = "127.0.0.1:9100",
    plan: Annotated[
        bool, typer.Option("--plan", help="Only tell where each partner reaches each other one, to configure them.")
    ] = False,
    environment: Annotated[
        str, typer.Option(metavar="ID", help="Providers: the environment of the connection.")
    ] = "env1",
    mbps: Annotated[int, typer.Option(metavar="MBPS", min=1, help="Providers: its size.")] = 1000,
    report: Report = None,
    json: Json = False,
) -> int:
    """Bring every pair of partners together over a recording proxy, and show who works with whom."""
    from conformance.cli.pairing import matrix as pairing

    return pairing(partners, listen, plan, environment, mbps, report, json)


@app.command(short_help="serve one reference party over HTTP")
def serve(
    protocol: Annotated[str, typer.Argument(help="federation-interconnect or connection-coordinator")],
    config: Annotated[Path, typer.Option(metavar="PARTY.toml", help="Who this party is, its partners, its inventory.")],
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Keep the state in this database, such as sqlite:///csp-a.db; default: in memory."
        ),
    ] = None,
) -> int:
    """Serve one reference party over HTTP: its east/west API and, on its own port, its northbound API."""
    from conformance.cli.serve import serve as serving

    _known_protocol(protocol)
    return serving(protocol, config, database)


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

    _known_protocol(protocol)
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
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write mutants.json and mutants.html here.")
    ] = None,
    json: Json = False,
) -> int:
    """Play the gallery of wrong implementations and print which check catches each: the kill matrix."""
    from conformance.cli.mutating import Asked
    from conformance.cli.mutating import mutants as playing_them
    from conformance.fuzz.contract import Wishes

    _known_protocol(protocol)
    wishes = Wishes(examples=examples)
    return playing_them(Asked(protocol, tuple(select or ()), by, wishes, workers, report, json))


@app.command(name="list", short_help="requirements, scenarios, tables, races, …")
def list_(
    what: Annotated[
        str, typer.Argument(help="requirements, profiles, scenarios, tables, races, inventories, mutants or errata")
    ],
    protocol: Protocol = None,
    json: Json = False,
) -> int:
    """List what there is, with what is known of it without running anything."""
    _known_protocol(protocol)
    rows = showing.rows(what, protocol)
    if json:
        showing.print_json({what: rows})
    else:
        Console(highlight=False).print(showing.table(what, rows))
    return 0


@app.command(short_help="what an id means, with its HTTP")
def explain(
    id: Annotated[str, typer.Argument(help="A requirement, check, erratum or race, such as CC-KEY-001.")],
    http: Annotated[bool, typer.Option(help="Play its first scenario and show the HTTP exchanges.")] = True,
) -> int:
    """Explain an id: what it demands, from where, what checks it, and the HTTP of a scenario."""
    return explaining.explain(id, http)


@app.command(short_help="the Gherkin vocabulary")
def steps(
    words: Annotated[list[str] | None, typer.Argument(help="Only steps that hold all these words.")] = None,
    protocol: Protocol = None,
    json: Json = False,
) -> int:
    """The Gherkin vocabulary: every step that features may use."""
    _known_protocol(protocol)
    return showing.steps(tuple(words or ()), protocol, json)


@app.command(short_help="our contract as OpenAPI; compare with another document")
def contract(
    action: Annotated[str, typer.Argument(help="show or diff")],
    protocol: Annotated[str, typer.Argument(help="federation-interconnect or connection-coordinator")],
    other: Annotated[str | None, typer.Argument(help="diff: an OpenAPI document; a path or an address.")] = None,
    json: Json = False,
) -> int:
    """Our contract of a protocol as an OpenAPI document; with diff, what sets another document apart from it.

    diff: 0 an erratum explains every difference, 1 some are unexplained, 2 the document cannot be read.
    """
    _known_protocol(protocol)
    if (action, other is None) not in (("show", True), ("diff", False)):
        raise Usage("contract: want show PROTOCOL, or diff PROTOCOL PATH-OR-URL")
    return contracts.show(protocol) if other is None else contracts.diff(protocol, other, json)


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from conformance.rollup import suite_version

        print(f"interlock {suite_version()}")
        raise typer.Exit


def _named(option: str, given: list[str] | None) -> dict[str, str]:
    """``csp-a=https://…`` as a pair of texts."""
    pairs = {}
    for each in given or ():
        name, _, value = each.partition("=")
        if not name or not value or name in pairs:
            raise Usage(f"{option}: want SEAT=VALUE, once for each seat, got {each!r}")
        pairs[name] = value
    return pairs


def _known_annotation(kind: str | None) -> None:
    if kind not in (None, "github"):
        raise Usage(f"--annotate: want github, got {kind!r}")


def _known_protocol(protocol: str | None) -> None:
    from conformance.cast import CASTS

    if protocol is not None and protocol not in CASTS:
        raise Usage(f"protocol: want {' or '.join(sorted(CASTS))}, got {protocol!r}")


def main(arguments: list[str] | None = None) -> None:
    """The console program; exits with the code of the interface."""
    command: Any = typer.main.get_command(app)
    try:
        code = command.main(args=arguments, prog_name="interlock", standalone_mode=False)
    except (Usage, NothingSelected, UnknownId, CannotWrite, FeatureError) as problem:
        _give_up(str(problem.args[0]), 2)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except typer.Abort:
        _give_up("interrupted", 2)
    except Exception as problem:
        shown: Any = getattr(problem, "format_message", None)
        if shown is None:
            traceback.print_exc()
            _give_up(f"our own fault ({type(problem).__name__}): please report it, with the lines above", 3)
        _give_up(shown(), 2)
    sys.exit(code or 0)


def _give_up(why: str, code: int) -> None:
    print(f"interlock: {why}", file=sys.stderr)
    sys.exit(code)
