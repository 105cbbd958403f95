"""TOML read strictly: an unknown, missing or ill-typed key is one error that names file, line, key, want and got."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Place = tuple[str | int, ...]
"""Where a value is in the document: names of tables and keys, positions in lists."""

_KEY = r"[A-Za-z0-9_-]+|\"[^\"]*\""
_HEADER = re.compile(rf"^\s*(\[\[?)\s*((?:{_KEY})(?:\s*\.\s*(?:{_KEY}))*)\s*\]\]?")
_ASSIGNMENT = re.compile(rf"^\s*((?:{_KEY})(?:\s*\.\s*(?:{_KEY}))*)\s*=")
_KINDS = {bool: "a boolean", int: "a whole number", float: "a number", str: "a text", list: "a list", dict: "a table"}


class ConfigError(Exception):
    """A file that cannot be used. Its text is one line for a person: ``file:line: key: want …, got …``."""

    def __init__(self, file: Path, line: int | None, key: str, want: str, got: str) -> None:
        where = str(file) if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {key + ': ' if key else ''}want {want}, got {got}")
        self.file = file
        self.line = line
        self.key = key


def read_toml(file: Path) -> Section:
    """The document as its outermost section. ConfigError where the file cannot be read or is not TOML."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "bytes that are no UTF-8"
        raise ConfigError(file, None, "", "a readable TOML file", why or type(problem).__name__) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"line (\d+)", str(problem))
        why = re.sub(r" \(at .*\)$", "", str(problem))
        raise ConfigError(file, int(found[1]) if found else None, "", "TOML", f"a syntax error: {why}") from None
    return Section(Source(file, lines_of(text)), (), data)


def lines_of(text: str) -> Mapping[Place, int]:
    """The line of each table header and of each key that begins a line, by its place. Found by scanning the text."""
    lines: dict[Place, int] = {}
    table: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _resolve(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault((*table, *_parts(assignment[1])), number)
    return lines


def _parts(dotted: str) -> Place:
    return tuple(part.strip('"') for part in re.findall(_KEY, dotted))


def _resolve(parts: Place, counts: Mapping[Place, int]) -> Place:
    """A header below a list of tables means the list's last table; the list's own header means the list."""
    place: Place = ()
    for position, part in enumerate(parts):
        place = (*place, part)
        if place in counts and position < len(parts) - 1:
            place = (*place, counts[place])
    return place


@dataclass(frozen=True, slots=True)
class Source:
    file: Path
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest thing around it."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the document. The reading methods take a default; without one the key must be there."""

    source: Source
    place: Place
    data: Mapping[str, Any]

    def only(self, *keys: str) -> None:
        """Refuse keys other than these."""
        for key in self.data:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, n=1)
                want = f"the key {near[0]}" if near else f"one of the keys {', '.join(keys)}"
                raise self.error(key, want, "an unknown key")

    def error(self, key: str, want: str, got: str) -> ConfigError:
        place = (*self.place, key)
        return ConfigError(self.source.file, self.source.line_of(place), spell(place), want, got)

    def wrong(self, key: str, want: str) -> ConfigError:
        """The value of a key is not as wanted."""
        return self.error(key, want, self._came(key))

    def text(self, key: str, default: str | None = None, want: str = "a text that is not empty") -> str:
        value = self._get(key, default, want)
        if not isinstance(value, str) or (key in self.data and not value):
            raise self.wrong(key, want)
        return value

    def number(self, key: str, default: int | None = None, low: int = 0, high: int = 2**31 - 1) -> int:
        want = f"a whole number from {low} to {high}"
        value = self._get(key, default, want)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(key, want)
        return value

    def truth(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def list_of(self, key: str, kind: type[Any], want: str, default: tuple[Any, ...] | None = None) -> tuple[Any, ...]:
        """A list whose items are all of ``kind``."""
        value = self._get(key, default, want)
        if not isinstance(value, list | tuple) or not all(type(item) is kind for item in value):
            raise self.wrong(key, want)
        return tuple(value)

    def section(self, key: str) -> Section | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(key, "a table")
        return Section(self.source, (*self.place, key), value)

    def sections(self, key: str) -> list[Section]:
        """A list of tables, in either spelling; empty where the key is not there."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, "a list of tables")
        return [Section(self.source, (*self.place, key, number), item) for number, item in enumerate(value)]

    def texts(self, key: str, want: str) -> tuple[str, ...]:
        """One text or a list of them, none of them empty."""
        value = self._get(key, None, want)
        given = tuple(value) if isinstance(value, list) else (value,)
        if not given or not all(isinstance(each, str) and each for each in given):
            raise self.wrong(key, want)
        return given

    def file(self, key: str) -> Path | None:
        """A file, by its path from the place of this document; None where none is named."""
        if key not in self.data:
            return None
        path = self.source.file.parent / self.text(key)
        if not path.is_file():
            raise self.error(key, "the path of a file", f"none at {path}")
        return path

    def secret(self, name: str) -> str:
        """A single secret, in any spelling of ``secrets``."""
        found = self.secrets(name)
        if len(found) > 1:
            raise self.error(name, "one secret", f"{len(found)} of them")
        return found[0]

    def secrets(self, name: str) -> tuple[str, ...]:
        """Secrets: literally, one or a list, or as the name of an environment variable (``_env``) or of a file (``_file``)
        that hold them apart by white space."""
        spelled = [key for key in (name, f"{name}_env", f"{name}_file") if key in self.data]
        if len(spelled) != 1:
            want = f"one of {name}, {name}_env and {name}_file"
            raise self.error(spelled[1] if spelled else name, want, " and ".join(spelled) or "none of them")
        (key,) = spelled
        if key == name:
            return self.texts(key, "a text that is not empty")
        value = self.text(key)
        if key.endswith("_env"):
            found = tuple(os.environ.get(value, "").split())
            if not found:
                raise self.error(key, f"the environment variable {value} to be set", "nothing there")
            return found
        try:
            found = tuple((self.source.file.parent / value).read_text(encoding="utf-8").split())
        except (OSError, UnicodeDecodeError):
            found = ()
        if not found:
            raise self.error(key, f"a readable text in the file {value}", "none")
        return found

    def _get(self, key: str, default: Any, want: str) -> Any:
        if key in self.data:
            return self.data[key]
        if default is None:
            raise self.error(key, want, "nothing")
        return default

    def _came(self, key: str) -> str:
        """What stands there; only its kind where it may be a secret."""
        value = self.data.get(key)
        kind = _KINDS.get(type(value), "a date or time")
        if isinstance(value, list | dict) or "token" in key:
            return kind
        return f"{kind}: {value!r}" if not isinstance(value, bool) else str(value).lower()


def spell(place: Place) -> str:
    """``partners[0].url``"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")
