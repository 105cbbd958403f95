"""The subcommands that tell what there is."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from conformance.cli import contracts, explaining, showing
from conformance.cli.application import Json, Protocol, app, known_protocol
from conformance.cli.usage import Usage


@app.command(name="list", short_help="requirements, scenarios, tables, races, …")
def list_(
    what: Annotated[
        str, typer.Argument(help="requirements, profiles, scenarios, tables, races, inventories, mutants or errata")
    ],
    protocol: Protocol = None,
    json: Json = False,
) -> int:
    """List what there is, with what is known of it without running anything."""
    known_protocol(protocol)
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
    known_protocol(protocol)
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
    known_protocol(protocol)
    if (action, other is None) not in (("show", True), ("diff", False)):
        raise Usage("contract: want show PROTOCOL, or diff PROTOCOL PATH-OR-URL")
    return contracts.show(protocol) if other is None else contracts.diff(protocol, other, json)
