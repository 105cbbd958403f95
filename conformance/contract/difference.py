"""What sets another document apart from ours, on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from conformance.contract.document import Document, Part
from conformance.contract.operations import Described, operations_of, under
from conformance.contract.schema import Schema, schema_of

Aspect = Literal[
    "operation", "status", "security", "parameter", "body", "member", "required", "type", "limits", "enumeration"
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``here`` is what our document says, ``there`` what the other one does; empty: it says nothing.

    ``where`` is a path, a parameter as ``?pageSize``, or a member as ``Connection.bandwidthMbps``. ``operations`` are
    those of ours in which it shows; the same difference in several of them is one.
    """

    aspect: Aspect
    where: str
    here: str
    there: str
    operations: tuple[str, ...] = ()

    @property
    def change(self) -> str:
        """``gained`` is what only the other document has, ``lost`` what only ours has."""
        return "gained" if not self.here else "lost" if not self.there else "changed"


def differences(ours: Document, theirs: Document) -> list[Difference]:
    """Every difference, those of whole operations first, each once. Raises Unreadable."""
    here, there = operations_of(ours), operations_of(theirs)
    there = under(there, here)
    found: list[Difference] = []
    for key in [*here, *(key for key in there if key not in here)]:
        if key not in there:
            found.append(Difference("operation", f"{key[0]} {here[key].path}", here[key].id, "", (here[key].id,)))
        elif key not in here:
            found.append(Difference("operation", f"{key[0]} {there[key].path}", "", there[key].id))
    for key in here:
        if key in there:
            found.extend(_Pair(ours, theirs, here[key], there[key]).differences())
    return _folded(found)


def _folded(found: list[Difference]) -> list[Difference]:
    """The same difference in several operations as one."""
    operations: dict[Difference, dict[str, None]] = {}
    for each in found:
        operations.setdefault(replace(each, operations=()), {}).update(dict.fromkeys(each.operations))
    return [replace(each, operations=tuple(names)) for each, names in operations.items()]


@dataclass(frozen=True, slots=True)
class _Pair:
    """An operation that both documents have."""

    ours: Document
    theirs: Document
    here: Described
    there: Described

    def differences(self) -> Iterator[Difference]:
        yield from self._answers()
        if self.here.guarded != self.there.guarded:
            yield self._of("security", "credentials", *(_asked(each.guarded) for each in (self.here, self.there)))
        yield from self._parameters()
        yield from self._body()
        if (self.here.success is None) != (self.there.success is None):
            yield self._of("body", "answer", *(_json(each.success) for each in (self.here, self.there)))
        elif self.here.success is not None and self.there.success is not None:
            yield from self._schemas("answer", self.here.success, self.there.success, set())

    def _of(self, aspect: Aspect, where: str, here: str, there: str) -> Difference:
        return Difference(aspect, where, here, there, (self.here.id,))

    def _answers(self) -> Iterator[Difference]:
        """A document that says ``default`` leaves the statuses open; a range holds those in it."""
        here, there = self.here.answers, self.there.answers
        if "default" in there - here:
            if not _covers(there - {"default"}, here):
                yield self._of("status", "statuses", "each named", "default")
            return
        for status in sorted(here - there):
            if not _covers(there, {status}):
                yield self._of("status", status, status, "")
        for status in sorted(there - here):
            if not _covers(here, {status}) and not any(_covers({status}, {each}) for each in here):
                yield self._of("status", status, "", status)

    def _parameters(self) -> Iterator[Difference]:
        here, there = self.here.parameters, self.there.parameters
        for place, name in [*here, *(key for key in there if key not in here)]:
            where = f"?{name}" if place == "query" else f"{place} {name}"
            mine, other = here.get((place, name)), there.get((place, name))
            if mine is None or other is None:
                yield self._of("parameter", where, name if mine else "", name if other else "")
                continue
            required = [bool(part and part.value) for part in (mine.member("required"), other.member("required"))]
            if required[0] != required[1]:
                yield self._of("required", where, *map(_needed, required))
            yield from self._schemas(where, mine.member("schema"), other.member("schema"), set())

    def _body(self) -> Iterator[Difference]:
        here, there = self.here, self.there
        if (here.body is None) != (there.body is None):
            yield self._of("body", "request", _json(here.body), _json(there.body))
            return
        if here.body is None or there.body is None:
            return
        if here.body_required != there.body_required:
            yield self._of("required", "request", _needed(here.body_required), _needed(there.body_required))
        yield from self._schemas("request", here.body, there.body, set())

    def _schemas(
        self, where: str, mine: Part | None, other: Part | None, above: set[tuple[str, str]]
    ) -> Iterator[Difference]:
        here = schema_of(self.ours, mine) if mine else Schema("anything")
        there = schema_of(self.theirs, other) if other else Schema("anything")
        if here.kind != there.kind:
            yield self._of(
                "type", here.name or there.name or where, here.kind or "none given", there.kind or "none given"
            )
        if here.limits != there.limits:
            yield self._of("limits", where, here.limits, there.limits)
        yield from self._values(where, here, there)
        yield from self._members(where, here, there, above)
        if here.items is not None and there.items is not None:
            yield from self._schemas(f"{where}[]", here.items, there.items, above)

    def _values(self, where: str, here: Schema, there: Schema) -> Iterator[Difference]:
        if (here.values is None) != (there.values is None):
            yield self._of("enumeration", where, _listed(here.values), _listed(there.values))
            return
        for value in sorted((here.values or frozenset()) - (there.values or frozenset())):
            yield self._of("enumeration", where, value, "")
        for value in sorted((there.values or frozenset()) - (here.values or frozenset())):
            yield self._of("enumeration", where, "", value)

    def _members(self, where: str, here: Schema, there: Schema, above: set[tuple[str, str]]) -> Iterator[Difference]:
        owner = here.name or there.name or where
        if (owner, there.name) in above:
            return
        inside = above | {(owner, there.name)} if here.name or there.name else above
        for name in [*here.members, *(name for name in there.members if name not in here.members)]:
            place = f"{owner}.{name}"
            mine, other = here.members.get(name), there.members.get(name)
            if mine is None or other is None:
                yield self._of("member", place, name if mine else "", name if other else "")
                continue
            needed = [
                name in schema.required and not schema_of(document, part).optional
                for schema, document, part in ((here, self.ours, mine), (there, self.theirs, other))
            ]
            if needed[0] != needed[1]:
                yield self._of("required", place, *map(_needed, needed))
            yield from self._schemas(place, mine, other, inside)


def _covers(statuses: frozenset[str] | set[str], wanted: frozenset[str] | set[str]) -> bool:
    """Whether each wanted status is one of these, or in a range such as ``4XX``."""
    upper = {each.upper() for each in statuses}
    return all(each.upper() in upper or f"{each[0]}XX" in upper for each in wanted)


def _asked(guarded: bool) -> str:
    return "asked for" if guarded else "not asked for"


def _needed(required: bool) -> str:
    return "required" if required else "optional"


def _json(part: Part | None) -> str:
    return "" if part is None else "JSON"


def _listed(values: frozenset[str] | None) -> str:
    return "any value" if values is None else ", ".join(sorted(values))
