"""The scenarios, read from the feature files without running them: what each claims, whom it judges, in which table.

A step that judges ends with the check's id in parentheses: ``Then CSP A answers keyValid true (CC-KEY-014/1)``. A
scenario judges the seat named by its tags (``@csp-a``, ``@op2``); with several such tags it runs once for each. An id
may name another seat than the scenario's: ``(CC-FEAT-001/4 @csp-b)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

import features
from conformance.requirements import UnknownId, load_registry
from conformance.tables import claims_of_table
from features import FeatureError as FeatureError

SEATS = ("csp-a", "csp-b", "op1", "op2")
CLAIM = re.compile(r"\(((?:CC|FI)-[A-Z]+-\d{3}/\d+)(?: @([a-z0-9-]+))?\)")


@dataclass(frozen=True, slots=True)
class Declared:
    """A check that a scenario declares, with the seat it judges (None: the scenario's own)."""

    check: str
    seat: str | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario (or one example of an outline). ``id`` is stable: the feature's file stem and the scenario's name."""

    id: str
    protocol: str
    feature: str
    file: str
    line: int
    name: str
    tags: frozenset[str]
    seats: tuple[str, ...]
    declared: tuple[Declared, ...]
    steps: tuple[str, ...]
    table: str | None
    path: Path = Path()

    def checks_for(self, seat: str) -> list[tuple[str, str]]:
        """The (check, seat) pairs that this scenario declares when it judges ``seat``."""
        return list(dict.fromkeys((each.check, each.seat or seat) for each in self.declared))

    def requirements(self) -> set[str]:
        return {each.check.partition("/")[0] for each in self.declared}


@cache
def load_scenarios() -> tuple[Scenario, ...]:
    """All scenarios of both protocols, in the order of their files."""
    found: dict[str, Scenario] = {}
    for path in features.feature_files():
        for scenario in _read(path):
            if scenario.id in found:
                first = found[scenario.id].path
                raise FeatureError(
                    f"{path}:{scenario.line}: {scenario.id!r} is in {first} already; name the file otherwise"
                )
            found[scenario.id] = scenario
    return tuple(found.values())


def _read(path: Path) -> Iterator[Scenario]:
    protocol = path.parent.name.replace("_", "-")
    document = Parser().parse(path.read_text(encoding="utf-8"))
    feature: Any = document["feature"]
    common = [step for child in feature["children"] if "background" in child for step in child["background"]["steps"]]
    tags = {tag["name"][1:] for tag in feature["tags"]}
    names: dict[str, int] = {}
    for scenario, inherited, before in _scenarios(feature["children"], tags, common):
        name = scenario["name"]
        line = scenario["location"]["line"]
        if name in names:
            raise FeatureError(f"{path.name}:{line}: scenario {name!r} stands in line {names[name]} already")
        names[name] = line
        own = inherited | {tag["name"][1:] for tag in scenario["tags"]}
        steps = tuple(_text(step, scenario) for step in (*before, *scenario["steps"]))
        declared = tuple(Declared(found[1], found[2]) for step in steps for found in CLAIM.finditer(step))
        table = next((tag.removeprefix("table:") for tag in sorted(own) if tag.startswith("table:")), None)
        if table is not None:
            declared += tuple(Declared(check, seat) for check, seat in claims_of_table(protocol, table))
        seats = tuple(seat for seat in SEATS if seat in own)
        if not seats or not declared:
            raise FeatureError(
                f"{path.name}:{line}: {name!r} needs a seat tag of {SEATS} and a step that judges a check"
            )
        _known(declared, f"{path}:{line}")
        yield Scenario(
            f"{path.stem}: {name}",
            protocol,
            feature["name"],
            path.name,
            line,
            name,
            frozenset(own),
            seats,
            declared,
            steps,
            table,
            path,
        )


def _known(declared: Iterable[Declared], where: str) -> None:
    for each in declared:
        try:
            load_registry().check(each.check)
        except UnknownId as unknown:
            raise FeatureError(f"{where}: want a check that there is, got {unknown}") from None


def _scenarios(children: Any, tags: set[str], before: list[Any]) -> Iterator[tuple[Any, set[str], list[Any]]]:
    for child in children:
        if "scenario" in child:
            yield child["scenario"], tags, before
        elif "rule" in child:
            rule = child["rule"]
            inner = [s for each in rule["children"] if "background" in each for s in each["background"]["steps"]]
            yield from _scenarios(rule["children"], tags | {tag["name"][1:] for tag in rule["tags"]}, [*before, *inner])


def _text(step: Any, scenario: Any) -> str:
    """The step as it is read; the placeholders of an outline stand for its first example."""
    text = step["text"]
    for examples in scenario["examples"][:1]:
        header = [cell["value"] for cell in examples["tableHeader"]["cells"]]
        first = [cell["value"] for cell in examples["tableBody"][0]["cells"]]
        for name, value in zip(header, first, strict=True):
            text = text.replace(f"<{name}>", value)
    return f"{step['keyword'].strip()} {text}"
