"""An OpenAPI document of one file or of many: its parts, and the parts that these refer to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import yaml

from conformance.contract.fetching import Unreadable, beside, text_of

MOST_FILES = 200
_LONGEST_CHAIN = 30

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Part:
    """A value of the document and the file in which it stands. ``name`` is the last word of the reference to it."""

    value: Any
    file: str
    name: str = ""

    def member(self, name: str) -> Part | None:
        """A member of an object, or None."""
        return Part(self.value[name], self.file) if isinstance(self.value, dict) and name in self.value else None

    def members(self) -> dict[str, Part]:
        """All members by name: numbers and words alike (a status may be written as either)."""
        value = self.value if isinstance(self.value, dict) else {}
        return {str(name): Part(each, self.file) for name, each in value.items()}

    def items(self) -> list[Part]:
        return [Part(each, self.file) for each in self.value] if isinstance(self.value, list) else []


@dataclass(slots=True)
class Document:
    """The files of a document as they are needed; ``start`` is the one that was asked for."""

    start: str
    _values: dict[str, Any] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def root(self) -> Part:
        return Part(self._value(self.start), self.start)

    def resolve(self, part: Part) -> Part:
        """The part itself, or what it refers to in the end. Raises Unreadable naming file and line of the reference."""
        for _ in range(_LONGEST_CHAIN):
            reference = part.value.get("$ref") if isinstance(part.value, dict) else None
            if not isinstance(reference, str):
                return part
            part = self._follow(reference, part.file)
        raise self.unreadable(part, "references that lead to no end")

    def unreadable(self, part: Part, why: str, text: str = "") -> Unreadable:
        """The error for a part; ``text`` is something that stands in the line at fault."""
        line = self._line(part.file, text) if text else 0
        return Unreadable(f"{part.file}, line {line}: {why}" if line else f"{part.file}: {why}")

    def _follow(self, reference: str, file: str) -> Part:
        place, _, pointer = reference.partition("#")
        here = Part(None, file)
        try:
            target = beside(file, unquote(place)) if place else file
            part = Part(self._value(target), target)
        except Unreadable as problem:
            raise self.unreadable(here, f"$ref {reference!r}: {problem}", reference) from None
        words = [unquote(word).replace("~1", "/").replace("~0", "~") for word in pointer.split("/")[1:]]
        for word in words:
            value = part.value
            if isinstance(value, list) and word.isdigit() and int(word) < len(value):
                part = Part(value[int(word)], target)
            elif (found := part.members().get(word)) is not None:
                part = found
            else:
                raise self.unreadable(here, f"$ref {reference!r} leads to nothing: no {word!r} there", reference)
        return Part(part.value, target, words[-1] if words else "")

    def _value(self, place: str) -> Any:
        if place not in self._values:
            if len(self._values) >= MOST_FILES:
                raise Unreadable(f"{place}: more than {MOST_FILES} files")
            self._texts[place] = text_of(place)
            self._values[place] = _parsed(self._texts[place], place)
        return self._values[place]

    def _line(self, file: str, text: str) -> int:
        """The first line of a file with a text, or 0."""
        return next((n for n, line in enumerate(self._texts.get(file, "").splitlines(), 1) if text in line), 0)


def read(place: str) -> Document:
    """The document at a path or an address. Raises Unreadable where it is not OpenAPI 3."""
    return _checked(Document(place))


def of_value(value: Mapping[str, Any], name: str) -> Document:
    """A document that is at hand already."""
    return _checked(Document(name, {name: dict(value)}))


def told(value: Any) -> str:
    """A value as it is shown: whole only where it is a scalar (a few aliases can stand for a very long list)."""
    return str(value) if isinstance(value, str | int | float | bool) else type(value).__name__


def _checked(document: Document) -> Document:
    root = document.root()
    version = root.member("openapi")
    found = told(version.value) if version else "Swagger 2" if root.member("swagger") else "no member 'openapi'"
    if not found.startswith("3."):
        raise Unreadable(f"{document.start}: want an OpenAPI 3 document, got {found}")
    if not (root.member("paths") or Part({}, "")).members():
        raise Unreadable(f"{document.start}: no paths")
    return document


def _parsed(text: str, place: str) -> Any:
    """JSON where it begins like it, else YAML. Raises Unreadable with the line."""
    try:
        if text.lstrip().startswith(("{", "[")):
            return json.loads(text)
        return yaml.load(text, Loader=_Loader)
    except json.JSONDecodeError as problem:
        raise Unreadable(f"{place}, line {problem.lineno}: {problem.msg}") from None
    except yaml.MarkedYAMLError as problem:
        line = f", line {problem.problem_mark.line + 1}" if problem.problem_mark else ""
        raise Unreadable(f"{place}{line}: {problem.problem or 'not YAML'}") from None
    except (yaml.YAMLError, ValueError) as problem:
        raise Unreadable(f"{place}: {problem}") from None
    except RecursionError:
        raise Unreadable(f"{place}: nested too deeply") from None
