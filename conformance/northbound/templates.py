"""Placeholders in requests, and values out of answers, as the target file describes them."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from conformance.target.jsonpath import JsonPath
from conformance.target.records import Mapped, Unit


class Missing(Exception):
    """A placeholder stands inside a text, and its value is not there; the argument is its name."""


class _Nothing:
    """What a placeholder without a value leaves behind: its member is left out."""


_NOTHING = _Nothing()


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """A JSON value with its placeholders filled in. A text that is one placeholder gives the value itself; a member or an
    item whose value is not there is left out. Missing where the value is needed inside a longer text."""
    found = _filled(template, values)
    return None if found is _NOTHING else found


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(template, dict):
        made = {key: _filled(each, values) for key, each in template.items()}
        return {key: each for key, each in made.items() if each is not _NOTHING}
    if isinstance(template, list):
        return [each for each in (_filled(each, values) for each in template) if each is not _NOTHING]
    if not isinstance(template, str):
        return template
    parts = list(string.Formatter().parse(template))
    if len(parts) == 1 and parts[0][0] == "" and parts[0][1]:
        value = _value(parts[0][1], values)
        return _NOTHING if value is None else value
    return text(template, values)


def _value(name: str, values: Mapping[str, Any]) -> Any:
    """The value of a placeholder; ``location.lat`` is a member of an input. None where there is none."""
    value: Any = values
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def text(template: str, values: Mapping[str, Any], *, path: bool = False) -> str:
    """A text with its placeholders filled in; in a ``path`` each value is one escaped segment. Raises Missing."""
    made = []
    for literal, name, _, _ in string.Formatter().parse(template):
        made.append(literal)
        if name:
            value = _value(name, values)
            if value is None:
                raise Missing(name)
            made.append(quote(spelled(value), safe="") if path else spelled(value))
    return "".join(made)


def flat(template: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters, headers or a form; what has no value is left out."""
    return {key: spelled(each) for key, each in filled(dict(template), values).items()}


def spelled(value: Any) -> str:
    """A value as a text: true, 3, abc."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def translated(
    values: Mapping[str, Any], dictionary: Mapping[str, Mapping[str, Any]], units: Mapping[str, Unit] | None = None
) -> dict[str, Any]:
    """Inputs by the target's own words, where the dictionary has any for them, and numbers in its units."""
    made = {}
    for name, value in values.items():
        word = dictionary.get(name, {}).get(spelled(value))
        unit = (units or {}).get(name)
        made[name] = word if word is not None else value if unit is None else written(value, unit)
    return made


def written(value: Any, unit: Unit) -> Any:
    """A number as the target writes it; what is no number stays as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = _short(value * unit.times)
    return number if unit.text == "{}" else unit.text.replace("{}", str(number))


def read_back(value: Any, unit: Unit) -> Any:
    """The number that the target wrote; what it did not write so stays as it is."""
    before, _, after = unit.text.partition("{}")
    text = spelled(value).strip()
    if not (text.startswith(before) and text.endswith(after)):
        return value
    try:
        return _short(float(text[len(before) : len(text) - len(after)]) / unit.times)
    except ValueError:
        return value


def _short(number: float) -> int | float:
    """Without the noise of a multiplication, and whole where it is whole."""
    near = round(number, 9)
    return int(near) if near == int(near) else near


def found(mapped: Mapped, document: Any, headers: Mapping[str, str] | None = None) -> Any:
    """The value that ``mapped`` takes from an answer; None where there is none and no default."""
    if mapped.constant is not None:
        return mapped.constant
    if mapped.header:
        nodes = [each for each in ((headers or {}).get(mapped.header),) if each is not None]
    else:
        nodes = JsonPath(mapped.path).nodes(document)
    if mapped.match:
        nodes = [hit.group(1) for node in nodes if (hit := re.search(mapped.match, spelled(node))) and hit.group(1)]
    if mapped.members:
        objects = [_object(mapped.members, node) for node in nodes]
        return objects if mapped.all else objects[0] if objects else mapped.default
    values = [_meant(mapped, node) for node in nodes]
    if mapped.all:
        return values
    return values[0] if values and values[0] is not None else mapped.default


def _meant(mapped: Mapped, node: Any) -> Any:
    word = mapped.values.get(spelled(node))
    return word if word is not None else node if mapped.unit is None else read_back(node, mapped.unit)


def _object(members: Mapping[str, Mapped], node: Any) -> dict[str, Any]:
    made = {name: found(each, node) for name, each in members.items()}
    return {name: value for name, value in made.items() if value is not None}
