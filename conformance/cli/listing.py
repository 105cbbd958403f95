"""What the registry holds, for people and for scripts: `list requirements|profiles|errata` and `explain ID`.

`requirements`, `profiles` and `errata` give the rows of `--json`, as in `{"requirements": rows}`; `table` shows them.
Everything for people fits 100 columns.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from conformance.requirements import PROTOCOLS, Check, Erratum, Level, Registry, Requirement, seats_of

Row = dict[str, Any]

_WIDTH = 100
_WHOLE = 20  # columns up to this wide hold ids and numbers and are never wrapped; wider ones hold texts


@dataclass(frozen=True, slots=True)
class Section:
    """A further part of an explanation, such as the scenarios that declare a check: a heading and its lines."""

    title: str
    lines: tuple[str, ...]


def requirements(registry: Registry, protocol: str | None = None) -> list[Row]:
    """One row per requirement, its checks as {id, untestable: null or {reason, accepted_by}}, its errata as ids.

    Raises UnknownId for an unknown protocol, like the other two.
    """
    return [
        {
            "id": requirement.id,
            "protocol": requirement.protocol,
            "level": requirement.level.value,
            "profile": requirement.profile,
            "title": requirement.title,
            "roles": list(requirement.roles),
            "seats": list(seats_of(requirement)),
            "operation": requirement.operation,
            "flow": requirement.flow,
            "observable": list(requirement.observable),
            "checks": [{"id": check.id, "untestable": _untestable(check)} for check in requirement.checks],
            "errata": [erratum.id for erratum in registry.errata_of(requirement.id)],
        }
        for requirement in registry.select(protocol)
    ]


def profiles(registry: Registry, protocol: str | None = None) -> list[Row]:
    """One row per profile: how many requirements of each level and how many checks it has, and which requirements."""
    rows = []
    for profile in registry.profiles(protocol):
        members = [registry.requirements[id_] for id_ in profile.requirements]
        levels = Counter(member.level for member in members)
        rows.append(
            {
                "id": profile.id,
                "protocol": profile.protocol,
                "extended": profile.extended,
                "levels": {level.value: levels[level] for level in Level},
                "checks": sum(len(member.checks) for member in members),
                "requirements": list(profile.requirements),
            }
        )
    return rows


def errata(registry: Registry, protocol: str | None = None) -> list[Row]:
    """One row per erratum, complete."""
    wanted = {profile.protocol for profile in registry.profiles(protocol)}
    return [
        {
            "id": erratum.id,
            "protocol": erratum.protocol,
            "where": erratum.where,
            "problem": erratum.problem,
            "reading": erratum.reading,
            "affects": list(erratum.affects),
        }
        for erratum in registry.errata.values()
        if erratum.protocol in wanted
    ]


LISTS: Mapping[str, Callable[[Registry, str | None], list[Row]]] = MappingProxyType(
    {"requirements": requirements, "profiles": profiles, "errata": errata}
)

# per list: heading, widest it may get, and the cell of a row
COLUMNS: Mapping[str, tuple[tuple[str, int, Callable[[Row], str]], ...]] = MappingProxyType(
    {
        "requirements": (
            ("Requirement", 15, lambda row: row["id"]),
            ("Level", 6, lambda row: row["level"]),
            ("Profile", 20, lambda row: row["profile"]),
            ("Checks", 6, lambda row: str(len(row["checks"]))),
            ("Title", 39, lambda row: row["title"]),
        ),
        "profiles": (
            ("Protocol", 23, lambda row: PROTOCOLS[row["protocol"]].title),
            ("Profile", 20, lambda row: row["id"]),
            ("Extended", 8, lambda row: "yes" if row["extended"] else ""),
            *((level.value, 6, lambda row, level=level: str(row["levels"][level.value])) for level in Level),
            ("Checks", 6, lambda row: str(row["checks"])),
        ),
        "errata": (
            ("Erratum", 9, lambda row: row["id"]),
            ("Where", 52, lambda row: row["where"]),
            ("Affects", 31, lambda row: ", ".join(row["affects"])),
        ),
        "races": (
            ("Race", 13, lambda row: row["id"]),
            ("Default faults", 21, lambda row: "\n".join(f"{name}={n}" for name, n in row["faults"].items()) or "none"),
            ("What it is about, and its variants", 58, lambda row: "\n  - ".join((row["title"], *row["variants"]))),
        ),
        "inventories": (
            ("Inventory", 20, lambda row: row["id"]),
            ("Environments", 12, lambda row: str(row["environments"])),
            ("Interconnects", 13, lambda row: str(row["interconnects"])),
            ("Channels", 8, lambda row: str(row["channels"])),
            ("Gbps", 6, lambda row: f"{row['capacity_mbps'] / 1000:g}"),
            ("Sizes in Mbps", 21, lambda row: ", ".join(map(str, row["sizes_mbps"]))),
        ),
    }
)


def table(what: str, rows: Sequence[Row]) -> Table:
    """The rows of one of COLUMNS as a table of at most 100 columns; from 80 on, no id is broken."""
    columns = COLUMNS[what]
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, width, _ in columns:
        shown.add_column(heading, max_width=width, no_wrap=width <= _WHOLE, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(cell(row)) for _, _, cell in columns))  # Text: a title's [brackets] are no markup
    return shown


def explain(registry: Registry, id_: str, extra: Sequence[Section] = ()) -> str:
    """A requirement, a check or an erratum for people; `extra` sections follow the registry's own.

    Raises UnknownId, with the closest ids, for anything else.
    """
    if requirement := registry.requirements.get(id_):
        sections = _about_requirement(registry, requirement)
    elif erratum := registry.errata.get(id_):
        sections = _about_erratum(registry, erratum)
    else:
        sections = _about_check(registry, registry.check(id_))
    return "\n\n".join("\n".join((section.title, *section.lines)) for section in (*sections, *extra)) + "\n"


def _about_requirement(registry: Registry, requirement: Requirement) -> list[Section]:
    checks = [line for check in requirement.checks for line in _check(check)]
    return [
        _head(requirement),
        Section("Statement", _wrap(requirement.statement)),
        Section("Sources", _sources(registry, requirement)),
        Section("Checks", tuple(checks)),
        *_errata_of(registry, requirement.id),
    ]


def _about_check(registry: Registry, check: Check) -> list[Section]:
    requirement = registry.requirements[check.requirement]
    return [
        Section(f"Check {check.n} of {len(requirement.checks)}", tuple(_check(check))),
        _head(requirement),
        Section("Statement", _wrap(requirement.statement)),
        *_errata_of(registry, requirement.id),
    ]


def _about_erratum(registry: Registry, erratum: Erratum) -> list[Section]:
    affected = [registry.requirements[id_] for id_ in erratum.affects]
    return [
        Section(f"{erratum.id}  ({PROTOCOLS[erratum.protocol].title})", _wrap(erratum.where)),
        Section("Problem", _wrap(erratum.problem)),
        Section("Reading taken", _wrap(erratum.reading)),
        Section("Requirements it touches", tuple(line for r in affected for line in _wrap(r.title, f"  {r.id:17}"))),
    ]


def _head(requirement: Requirement) -> Section:
    facts = {
        "protocol": PROTOCOLS[requirement.protocol].title,
        "level": requirement.level.value,
        "profile": requirement.profile,
        "roles": ", ".join(requirement.roles),
        "seats": ", ".join(seats_of(requirement)),
        "operation": requirement.operation or "several, or none",
        "flow": requirement.flow,
        "observed by": ", ".join(requirement.observable),
    }
    lines = (line for name, value in facts.items() for line in _wrap(value, f"  {name:13}"))
    title = "\n".join(_wrap(requirement.title, f"{requirement.id}  "))
    return Section(title, tuple(lines))


def _sources(registry: Registry, requirement: Requirement) -> tuple[str, ...]:
    names = registry.documents.get(requirement.protocol, {})
    cited = dict.fromkeys(source.document for source in requirement.source)
    lines: list[str] = []
    for document in cited:
        lines.extend(_wrap(names.get(document, ""), f"  {document}: ", 6))
        for source in requirement.source:
            if source.document == document:
                lines.extend(_wrap(source.section, "    - "))
    return tuple(lines)


def _check(check: Check) -> list[str]:
    lines = [f"  {check.id}"]
    for word, text in (("given", check.given), ("when", check.when), ("then", check.then)):
        lines.extend(_wrap(text, f"    {word:6}"))
    if check.untestable:
        reason = f"{check.untestable.reason} (accepted by {check.untestable.accepted_by})"
        lines.extend(_wrap(reason, "    untestable: "))
    return lines


def _errata_of(registry: Registry, requirement_id: str) -> list[Section]:
    lines: list[str] = []
    for erratum in registry.errata_of(requirement_id):
        lines.extend(_wrap(erratum.where, f"  {erratum.id}  "))
        lines.extend(_wrap(erratum.problem, "    problem  "))
        lines.extend(_wrap(erratum.reading, "    reading  "))
    return [Section("Errata that touch it", tuple(lines))] if lines else []


def _untestable(check: Check) -> Row | None:
    if check.untestable is None:
        return None
    return {"reason": check.untestable.reason, "accepted_by": check.untestable.accepted_by}


def _wrap(text: str, lead: str = "  ", hang: int | None = None) -> tuple[str, ...]:
    """Lines of at most 100 columns: the first begins with `lead`, the others are indented to match or by `hang`."""
    indent = " " * (len(lead) if hang is None else hang)
    return tuple(textwrap.wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=indent, break_on_hyphens=False))
