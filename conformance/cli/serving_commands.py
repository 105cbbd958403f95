"""The subcommands that stand between partners, or serve one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.application import Json, Report, app, known_protocol


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

    known_protocol(protocol)
    return serving(protocol, config, database)
