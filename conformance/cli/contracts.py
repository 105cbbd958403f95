"""``interlock contract``: our document, and what sets another one apart from it."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.cli.showing import print_json
from conformance.cli.usage import Usage
from conformance.contract.difference import Difference, differences
from conformance.contract.document import of_value, read
from conformance.contract.explained import explanation_of
from conformance.contract.fetching import Unreadable
from conformance.contract.touched import touched
from conformance.requirements import load_registry
from reference_impl.serve.openapi import document
from reference_impl.serve.protocols import SERVED

WIDTH = 100
_NAMED = 4
"""So many operations or requirements are named in a cell; --json names all."""


@dataclass(frozen=True, slots=True)
class Told:
    """A difference, the requirements that it touches, and the erratum that explains it."""

    difference: Difference
    requirements: tuple[str, ...]
    erratum: str | None


def show(protocol: str) -> int:
    """Print our OpenAPI document."""
    print_json(document(SERVED[protocol]))
    return 0


def diff(protocol: str, place: str, json: bool) -> int:
    """Compare our document with another. 0: an erratum explains every difference; 1: not. Usage for what is unreadable."""
    try:
        found = differences(of_value(document(SERVED[protocol]), f"interlock contract show {protocol}"), read(place))
    except Unreadable as problem:
        raise Usage(str(problem)) from None
    registry = load_registry()
    told = []
    for each in found:
        explained = explanation_of(protocol, each)
        erratum = explained.erratum if explained else None
        told.append(Told(each, touched(registry, protocol, each, erratum), erratum))
    told.sort(key=lambda each: each.erratum is not None)
    open_ = sum(each.erratum is None for each in told)
    if json:
        print_json({"protocol": protocol, "document": place, "unexplained": open_, "differences": _as_json(told)})
    else:
        console = Console(highlight=False, width=WIDTH)
        if told:
            console.print(_table(told))
        console.print(_summary(place, len(told), open_))
    return 1 if open_ else 0


def _as_json(told: list[Told]) -> list[dict[str, object]]:
    return [
        {
            "change": each.difference.change,
            "aspect": each.difference.aspect,
            "where": each.difference.where,
            "here": each.difference.here,
            "there": each.difference.there,
            "operations": list(each.difference.operations),
            "requirements": list(each.requirements),
            "erratum": each.erratum,
        }
        for each in told
    ]


def _table(told: list[Told]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading, width in (("difference", 11), ("where", 24), ("ours", 13), ("the other", 13), ("touches", 15)):
        table.add_column(heading, overflow="fold", width=width)
    table.add_column("explained by", overflow="fold")
    for each in told:
        it = each.difference
        where = Text(it.where)
        if it.aspect != "operation":
            where.append(f"\nin {_some(it.operations)}", style="dim")
        explained = Text(each.erratum) if each.erratum else Text("nothing", style="bold red")
        table.add_row(f"{it.aspect} {it.change}", where, it.here, it.there, _some(each.requirements), explained)
    return table


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[: _NAMED if len(names) <= _NAMED else _NAMED - 1])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED + 1} more"


def _summary(place: str, all_: int, open_: int) -> str:
    if not all_:
        return f"{place} says the same as our contract."
    return (
        f"{all_} difference{'s' if all_ > 1 else ''}: {all_ - open_} explained by errata (interlock explain tells each), "
        f"{open_} by nothing."
    )
