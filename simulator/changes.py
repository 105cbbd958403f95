"""What changed between two dumps of one side, row by row, in the documents' names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.wording import compact

Path = tuple[str, ...]
Leaves = dict[Path, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """A row with those of its members that differ, as JSON values. ``before`` is None for a new row, ``after`` for one
    that is no more; ``row`` is such as ``connection …0001 / placement ix2``, empty for the members of the side itself.
    """

    seat: str
    row: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def told(self) -> str:
        """In words: ``stage proposing → placed``; of a new row what is not empty, of one that went only that."""
        if self.after is None:
            return "gone"
        if self.before is None:
            return ", ".join(["new", *(_stated(name, value) for name, value in self.after.items() if _tells(value))])
        return ", ".join(
            f"{name} {_word(self.before.get(name))} → {_word(self.after.get(name))}"
            for name in dict.fromkeys((*self.before, *self.after))
        )


def changes(
    seat: str, before: Mapping[str, Any], after: Mapping[str, Any], rows: Mapping[str, tuple[str, ...]]
) -> tuple[Change, ...]:
    """The rows that differ. ``rows`` names for each list the members that tell its rows apart (``Sight.rows``)."""
    old, new = _leaves(before, rows), _leaves(after, rows)
    found = []
    for path in dict.fromkeys((*old, *new)):
        was, became = old.get(path), new.get(path)
        if was == became:
            continue
        differ = [
            name for name in {**(was or {}), **(became or {})} if (was or {}).get(name) != (became or {}).get(name)
        ]
        found.append(
            Change(
                seat,
                " / ".join(path),
                None if was is None else {name: was.get(name) for name in differ},
                None if became is None else {name: became.get(name) for name in differ},
            )
        )
    return tuple(found)


def _tells(value: Any) -> bool:
    """Is a member of a new row worth a word?"""
    return value not in (None, False, "", "no", "none", [])


def _stated(name: str, value: Any) -> str:
    return name if value is True else f"{name} {_word(value)}"


def _word(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value) or "none"
    return "–" if value is None else compact(value)


def _leaves(dump: Mapping[str, Any], rows: Mapping[str, tuple[str, ...]]) -> Leaves:
    leaves: Leaves = {}
    for path, members in _rows(dump, rows, ()):
        unique, number = path, 2
        while unique in leaves:
            unique, number = (*path[:-1], f"{path[-1]} #{number}"), number + 1
        leaves[unique] = members
    return leaves


def _rows(
    value: Mapping[str, Any], names: Mapping[str, tuple[str, ...]], path: Path, own: tuple[str, ...] = ()
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The row itself with its plain members, without those in its name; then the rows of the lists in it."""
    lists = {name: members for name, members in value.items() if name in names and _are_rows(members)}
    yield path, {name: member for name, member in value.items() if name not in lists and name not in own}
    for name, members in lists.items():
        for row in members:
            identity = "/".join(_short(str(row[member])) for member in names[name])
            yield from _rows(row, names, (*path, f"{name.removesuffix('s')} {identity}"), names[name])


def _are_rows(members: Any) -> bool:
    return isinstance(members, list) and all(isinstance(each, dict) for each in members)


def _short(value: str) -> str:
    """The end of a UUID tells it from others."""
    return f"…{value[-4:]}" if len(value) == 36 and value.count("-") == 4 else value
