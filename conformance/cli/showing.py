"""What there is to show without a run: lists, the vocabulary, the contract; and the kill matrix."""

from __future__ import annotations

import json as jsonlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from pytest_bdd.steps import step_function_context_registry
from rich.table import Table

from conformance import gallery
from conformance import steps as step_package
from conformance.cli import listing
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios
from conformance.tables import tables
from simulator.inventories import PLANS, topology_of
from simulator.races import RACES

Row = dict[str, Any]


def rows(what: str, protocol: str | None) -> list[Row]:
    """The rows of ``interlock list WHAT``. Usage names what there is."""
    from conformance.cli import Usage

    if what in listing.LISTS:
        return list(listing.LISTS[what](load_registry(), protocol))
    if what not in _LISTS:
        raise Usage(f"list: want one of {', '.join(sorted((*listing.LISTS, *_LISTS)))}; got {what!r}")
    return [row for row in _LISTS[what]() if protocol in (None, row["protocol"])]


def _scenarios() -> list[Row]:
    return [
        {
            "id": each.id,
            "protocol": each.protocol,
            "seats": list(each.seats),
            "checks": sorted({declared.check for declared in each.declared}),
            "file": f"{each.file}:{each.line}",
        }
        for each in load_scenarios()
    ]


def _tables() -> list[Row]:
    return [
        {
            "id": table.id,
            "protocol": table.protocol,
            "title": table.title,
            "cells": sum(bool(cell.claims) for row in table.rows for cell in row),
            "checks": sorted({check for row in table.rows for cell in row for check in cell.checks}),
        }
        for table in tables()
    ]


def _races() -> list[Row]:
    return [
        {
            "id": race.id,
            "protocol": "connection-coordinator" if race.id.startswith("CC") else "federation-interconnect",
            "title": race.title,
            "requirement": race.id.partition("/")[0],
            "faults": race.faults.named(),
            "variants": list(race.variants),
            "boundary": race.boundary,
            "errata": list(race.errata),
        }
        for race in RACES.values()
    ]


def _mutants() -> list[Row]:
    return [
        {"id": each.id, "protocol": each.protocol, "vice": each.vice, "caught_by": each.caught_by, "seat": each.seat}
        for each in gallery.mutants()
    ]


def _inventories() -> list[Row]:
    """Each named inventory in numbers; ``capacity_mbps`` is what its interconnects sell in all."""
    rows = []
    for name in PLANS:
        topology = topology_of(name)
        bundles = [interconnect for _, interconnect in topology.interconnects()]
        rows.append(
            {
                "id": name,
                "protocol": "connection-coordinator",
                "providers": len(topology.providers),
                "environments": len(topology.environments),
                "interconnects": len(bundles),
                "channels": sum(len(interconnect.channels) for interconnect in bundles),
                "capacity_mbps": sum(interconnect.max_mbps for interconnect in bundles),
                "sizes_mbps": sorted({size for environment in topology.environments for size in environment.sizes}),
            }
        )
    return rows


_LISTS: dict[str, Callable[[], list[Row]]] = {
    "inventories": _inventories,
    "scenarios": _scenarios,
    "tables": _tables,
    "races": _races,
    "mutants": _mutants,
}


def table(what: str, rows: list[Row]) -> Table:
    """Any list as a table of at most 100 columns."""
    if what in listing.COLUMNS:
        return listing.table(what, rows)
    shown = Table(box=None, pad_edge=False, width=100)
    for heading in rows[0] if rows else ("id",):
        shown.add_column(heading.replace("_", " "), overflow="fold")
    for row in rows:
        shown.add_row(*(_cell(value) for value in row.values()))
    return shown


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) if len(value) <= 3 else f"{len(value)}: {value[0]} … {value[-1]}"
    if isinstance(value, dict):
        return ",".join(f"{name}={number}" for name, number in value.items())
    return str(value)


def steps(words: Sequence[str], protocol: str | None, json: bool) -> int:
    """Print every step that holds all these words as one writes it, its parts in angle brackets. Usage: there is none."""
    from conformance.cli.usage import Usage

    found = [
        row
        for row in sorted(_vocabulary(), key=lambda row: (_KINDS.index(row["keyword"]), row["id"]))
        if protocol in (None, row["protocol"]) or row["protocol"] is None
        if all(word.casefold() in row["id"].casefold() for word in words)
    ]
    if not found:
        raise Usage(f"steps: want words that a step holds, got {' '.join(words)}; `interlock steps` prints them all")
    if json:
        print_json({"steps": found})
        return 0
    for row in found:
        print(f"{row['keyword'].title():5} {row['id']}")
    return 0


_KINDS = ("given", "when", "then")
_PROTOCOLS = {"coordinator": "connection-coordinator", "federation": "federation-interconnect"}
"""How the modules of a protocol's own steps begin; the others serve both."""


def _vocabulary() -> Iterator[Row]:
    for module in pkgutil.iter_modules(step_package.__path__):
        import_module(f"{step_package.__name__}.{module.name}")
    for context in list(step_function_context_registry.values()):
        room = context.step_func.__module__.rpartition(".")[2]
        protocol = next((name for begins, name in _PROTOCOLS.items() if room.startswith(begins)), None)
        yield {"id": _readable(context.parser.name), "keyword": str(context.type), "module": room, "protocol": protocol}


def _readable(pattern: str) -> str:
    """A step's regular expression as a person writes the step: named parts in angle brackets, no escapes."""
    text = re.sub(r"\\\(\(\?P<check>.*$", "(<check>)", pattern)
    while (found := _innermost_group(text)) is not None:
        start, end, name = found
        text = text[:start] + (f"<{name}>" if name else "…") + text[end:]
    text = re.sub(r"\(\?:([^()]*)\)\?", r"[\1]", text)
    return re.sub(r"\\(.)", r"\1", text).rstrip("$")


def _innermost_group(text: str) -> tuple[int, int, str] | None:
    """The first named group: where it begins and ends, and its name. Groups inside it go with it."""
    begun = re.search(r"\(\?P<(\w+)>", text)
    if begun is None:
        return None
    depth, place = 1, begun.end()
    while depth and place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] in "()":
            depth += 1 if text[place] == "(" else -1
        place += 1
    return begun.start(), place, begun[1]


def print_json(value: Any) -> None:
    sys.stdout.write(jsonlib.dumps(value, ensure_ascii=False, indent=1) + "\n")
