"""One catalogue file, read into records and held to its own rules.

A catalogue is YAML with the members `protocol`, `documents`, `requirements` and `errata`. A slip in it is reported with
the file and the id concerned, never repaired: a check that vanishes silently would be a requirement never judged.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import yaml

from conformance.requirements.model import Check, Erratum, Level, Requirement, Source, Untestable
from conformance.requirements.protocols import Protocol

OBSERVABLES = ("wire", "northbound", "state", "time", "data-plane")

_MEMBERS = {
    "catalogue": ({"protocol", "documents", "requirements", "errata"}, set[str]()),
    "requirement": (
        {
            *("id", "title", "level", "statement", "role", "operation", "flow"),
            *("source", "profile", "observable", "checks"),
        },
        set[str](),
    ),
    "source": ({"document", "section"}, set[str]()),
    "check": ({"n", "given", "when", "then"}, {"untestable"}),
    "untestable": ({"reason", "accepted_by"}, set[str]()),
    "erratum": ({"id", "where", "problem", "reading", "affects"}, set[str]()),
}


class CatalogueError(ValueError):
    """A catalogue breaks its rules. The message reads `file: id: what was expected and what is there`."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The content of one file, in its order. `documents` maps the label of a document to its full name."""

    protocol: Protocol
    documents: Mapping[str, str]
    requirements: tuple[Requirement, ...]
    errata: tuple[Erratum, ...]


def read_catalogue(protocol: Protocol, file: str, data: bytes) -> Catalogue:
    """Parse and validate one catalogue; `file` is its name in messages. Raises CatalogueError."""
    return _Reader(protocol, file).catalogue(_parse(file, data))


@dataclass(frozen=True, slots=True)
class _Reader:
    protocol: Protocol
    file: str

    def catalogue(self, root: Any) -> Catalogue:
        self._members("catalogue", root, "the whole file")
        documents = root["documents"]
        if not isinstance(documents, dict):
            raise self._error("documents", f"expected a mapping of labels to names, found {documents!r}")
        for label, name in documents.items():
            self._text(name, f"documents/{label}")
        entries = self._list(root["requirements"], "requirements")
        requirements = tuple(self._requirement(entry, documents) for entry in entries)
        self._unique(requirement.id for requirement in requirements)
        known = {requirement.id for requirement in requirements}
        errata = tuple(self._erratum(entry, known) for entry in self._list(root["errata"], "errata"))
        self._unique(erratum.id for erratum in errata)
        return Catalogue(self.protocol, MappingProxyType(documents), requirements, errata)

    def _requirement(self, entry: Any, documents: Mapping[str, str]) -> Requirement:
        id_ = self._id(entry, r"(?!ERR-)[A-Z0-9]+-\d{3}", "TOPIC-001")
        self._members("requirement", entry, id_)
        operation = entry["operation"]
        sources = self._list(entry["source"], f"{id_}: source")
        return Requirement(
            id=id_,
            protocol=self.protocol.id,
            title=self._text(entry["title"], f"{id_}: title"),
            level=Level(self._one_of(entry["level"], tuple(Level), f"{id_}: level")),
            statement=self._text(entry["statement"], f"{id_}: statement"),
            roles=self._some_of(entry["role"], tuple(self.protocol.roles), f"{id_}: role"),
            operation=None if operation is None else self._text(operation, f"{id_}: operation"),
            flow=self._text(entry["flow"], f"{id_}: flow"),
            source=tuple(self._source(source, id_, documents) for source in sources),
            profile=self._one_of(entry["profile"], tuple(self.protocol.profiles), f"{id_}: profile"),
            observable=self._some_of(entry["observable"], OBSERVABLES, f"{id_}: observable"),
            checks=self._checks(entry["checks"], id_),
        )

    def _source(self, entry: Any, id_: str, documents: Mapping[str, str]) -> Source:
        self._members("source", entry, f"{id_}: source")
        return Source(
            document=self._one_of(entry["document"], tuple(documents), f"{id_}: source document"),
            section=self._text(entry["section"], f"{id_}: source section"),
        )

    def _checks(self, entries: Any, id_: str) -> tuple[Check, ...]:
        checks = []
        for n, entry in enumerate(self._list(entries, f"{id_}: checks"), 1):
            self._members("check", entry, f"{id_}: check {n}")
            if type(entry["n"]) is not int or entry["n"] != n:
                raise self._error(id_, f"checks are numbered from 1 without gaps: expected {n}, found {entry['n']!r}")
            check_id = f"{id_}/{n}"
            checks.append(
                Check(
                    id=check_id,
                    requirement=id_,
                    n=n,
                    given=self._text(entry["given"], f"{check_id}: given"),
                    when=self._text(entry["when"], f"{check_id}: when"),
                    then=self._text(entry["then"], f"{check_id}: then"),
                    untestable=self._untestable(entry["untestable"], check_id) if "untestable" in entry else None,
                )
            )
        return tuple(checks)

    def _untestable(self, entry: Any, check_id: str) -> Untestable:
        where = f"{check_id}: untestable"
        self._members("untestable", entry, where)
        return Untestable(
            reason=self._text(entry["reason"], f"{where}: reason"),
            accepted_by=self._text(entry["accepted_by"], f"{where}: accepted_by"),
        )

    def _erratum(self, entry: Any, known: set[str]) -> Erratum:
        id_ = self._id(entry, r"ERR-\d{2}", "ERR-01")
        self._members("erratum", entry, id_)
        affects = tuple(self._list(entry["affects"], f"{id_}: affects"))
        for affected in affects:
            if not isinstance(affected, str) or affected not in known:
                raise self._error(id_, f"affects {affected!r}, which is no requirement of this catalogue")
        return Erratum(
            id=id_,
            protocol=self.protocol.id,
            where=self._text(entry["where"], f"{id_}: where"),
            problem=self._text(entry["problem"], f"{id_}: problem"),
            reading=self._text(entry["reading"], f"{id_}: reading"),
            affects=affects,
        )

    def _id(self, entry: Any, pattern: str, example: str) -> str:
        id_ = entry.get("id") if isinstance(entry, dict) else None
        prefix = self.protocol.prefix
        if not isinstance(id_, str) or not re.fullmatch(f"{prefix}-{pattern}", id_):
            raise self._error(str(id_), f"expected an id like {prefix}-{example}")
        return id_

    def _members(self, kind: str, entry: Any, where: str) -> None:
        required, optional = _MEMBERS[kind]
        if not isinstance(entry, dict):
            raise self._error(where, f"expected a mapping with {', '.join(sorted(required))}, found {entry!r}")
        if missing := sorted(required - entry.keys()):
            raise self._error(where, f"member missing: {', '.join(missing)}")
        if unknown := sorted(str(key) for key in entry.keys() - required - optional):
            raise self._error(where, f"member unknown: {', '.join(unknown)}")

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._error(where, f"expected a text, found {value!r}")
        return value

    def _list(self, value: Any, where: str) -> Sequence[Any]:
        if not isinstance(value, list) or not value:
            raise self._error(where, f"expected a list that is not empty, found {value!r}")
        return value

    def _one_of(self, value: Any, known: Sequence[str], where: str) -> str:
        if value not in known:
            raise self._error(where, f"{value!r} is unknown; known are {', '.join(known)}")
        return str(value)

    def _some_of(self, value: Any, known: Sequence[str], where: str) -> tuple[str, ...]:
        return tuple(self._one_of(item, known, where) for item in self._list(value, where))

    def _unique(self, ids: Iterable[str]) -> None:
        seen: set[str] = set()
        for id_ in ids:
            if id_ in seen:
                raise self._error(id_, "the id is used twice")
            seen.add(id_)

    def _error(self, where: str, problem: str) -> CatalogueError:
        return CatalogueError(f"{self.file}: {where}: {problem}")


def _parse(file: str, data: bytes) -> Any:
    try:
        return yaml.load(data, _LOADER)
    except yaml.YAMLError as error:
        raise CatalogueError(f"{file}: no readable YAML: {error}") from error


def _mapping(loader: Any, node: Any) -> dict[Hashable, Any]:
    built: dict[Hashable, Any] = loader.construct_mapping(node, deep=True)
    if len(built) != len(node.value):  # YAML lets the last one win, and the first list of checks would be gone
        raise yaml.constructor.ConstructorError(None, None, "a member is given twice", node.start_mark)
    return built


def _loader() -> Any:
    # libyaml's parser where PyYAML was built with it: 0.1 s for both catalogues instead of a second
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = type("CatalogueLoader", (base,), {})
    yaml.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping, Loader=loader)
    return loader


_LOADER = _loader()
