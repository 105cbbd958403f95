"""The command as such: what it says of itself, and the options and checks that several subcommands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.usage import Usage

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


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from conformance.rollup import suite_version

        print(f"interlock {suite_version()}")
        raise typer.Exit


def named(option: str, given: list[str] | None) -> dict[str, str]:
    """``csp-a=https://…`` as a pair of texts."""
    pairs = {}
    for each in given or ():
        name, _, value = each.partition("=")
        if not name or not value or name in pairs:
            raise Usage(f"{option}: want SEAT=VALUE, once for each seat, got {each!r}")
        pairs[name] = value
    return pairs


def known_annotation(kind: str | None) -> None:
    if kind not in (None, "github"):
        raise Usage(f"--annotate: want github, got {kind!r}")


def known_protocol(protocol: str | None) -> None:
    from conformance.cast import CASTS

    if protocol is not None and protocol not in CASTS:
        raise Usage(f"protocol: want {' or '.join(sorted(CASTS))}, got {protocol!r}")
