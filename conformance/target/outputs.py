"""Reading what an answer of the target's customer side gives: ``outputs``, and the units in which it writes numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conformance.target.jsonpath import BadPath, JsonPath
from conformance.target.records import Mapped, Unit
from reference_impl.serve.tomlfile import Section

MAPPED = ("path", "header", "match", "unit", "all", "values", "default", "constant", "members")
UNIT = ("times", "text")
SOURCES = ("path", "header", "constant")


def units_at(section: Section) -> dict[str, Unit]:
    """``[northbound.units]``: how inputs that are numbers are written, by their names."""
    table = section.section("units")
    if table is None:
        return {}
    found = {}
    for name in table.data:
        row = table.section(name)
        assert row is not None
        row.only(*UNIT)
        times = row.data.get("times", 1)
        if isinstance(times, bool) or not isinstance(times, int | float) or not times:
            raise row.wrong("times", "a number other than 0")
        text = row.text("text", "{}")
        if not re.fullmatch(r"[^{}]*\{\}[^{}]*", text):
            raise row.wrong("text", "{} once in it, where the number stands, and no other brace")
        found[name] = Unit(times, text)
    return found


class OutputReader:
    """Knows the ``units`` that an output may name."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units

    def outputs(self, section: Section) -> dict[str, Mapped]:
        table = section.section("outputs")
        return {name: self._mapped(table, name) for name in table.data} if table is not None else {}

    def _mapped(self, section: Section, key: str) -> Mapped:
        """A JSONPath, or a table with one."""
        if isinstance(section.data[key], str):
            return Mapped(path_at(section, key))
        table = section.section(key)
        assert table is not None
        table.only(*MAPPED)
        if "constant" in table.data and len(table.data) > 1:
            raise table.error("constant", "it alone", "other keys beside it")
        given = [name for name in SOURCES if name in table.data]
        if len(given) != 1:
            want = "a JSONPath such as $.id, or instead a header, or a constant"
            raise table.error("path", want, "several of them" if given else "none of them")
        if "header" in table.data and {"all", "members"} & set(table.data):
            raise table.error("header", "it without all and members", "one of them beside it")
        members = table.section("members")
        values = table.section("values")
        return Mapped(
            path_at(table, "path") if "path" in table.data else "$",
            table.truth("all", False),
            dict(values.data) if values is not None else {},
            table.data.get("default"),
            table.data.get("constant"),
            {name: self._mapped(members, name) for name in members.data} if members is not None else {},
            table.text("header", ""),
            _match(table),
            self._unit(table),
        )

    def _unit(self, table: Section) -> Unit | None:
        if "unit" not in table.data:
            return None
        name = table.text("unit")
        if name not in self._units:
            known = ", ".join(sorted(self._units)) or "there is none"
            raise table.wrong("unit", f"one of [northbound.units]: {known}")
        return self._units[name]


def _match(table: Section) -> str:
    text: str = table.text("match", "")
    if not text:
        return ""
    want = "a regular expression with one group, such as /jobs/([^/]+)$"
    try:
        groups = re.compile(text).groups
    except re.error as problem:
        raise table.error("match", want, f"{text!r}: {problem}") from None
    if groups != 1:
        raise table.wrong("match", want)
    return text


def path_at(section: Section, key: str) -> str:
    text: str = section.text(key, want="a JSONPath such as $.id")
    try:
        JsonPath(text)
    except BadPath as problem:
        raise section.error(key, "a JSONPath such as $.id", f"{text!r}: {problem}") from None
    return text
