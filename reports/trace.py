"""A trace: the ordered list of records that every run leaves behind, in memory and as ``trace.jsonl``.

One line per record, ``{"type": "Request", "seq": 17, "at": 1200, …}``; members at their default are left out.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, overload

from reports.record import RECORD_TYPES, AnyRecord

FORMAT = "interlock-trace/1"

R = TypeVar("R", bound=AnyRecord)


class TraceError(ValueError):
    """A stored trace cannot be read; the message names file, line and what was expected."""


class Trace(Sequence[AnyRecord]):
    """Records in the order in which they happened, numbered from 1.

    ``now`` gives the moment of each append in milliseconds, and may be replaced; ``listen`` registers someone who sees every
    record as it is appended (monitors, a writer).
    """

    def __init__(self, now: Callable[[], int] = lambda: 0) -> None:
        self._records: list[AnyRecord] = []
        self.now = now
        self._listeners: list[Callable[[AnyRecord], None]] = []

    def append(self, record: R) -> R:
        """Number the record, date it and keep it; returns the record as kept."""
        kept = dataclasses.replace(record, seq=len(self._records) + 1, at=self.now())
        self._records.append(kept)
        for listener in self._listeners:
            listener(kept)
        return kept

    def listen(self, listener: Callable[[AnyRecord], None]) -> None:
        self._listeners.append(listener)

    def restore(self, records: Iterable[AnyRecord]) -> Trace:
        """Take over records that are numbered and dated already; returns the trace itself."""
        self._records.extend(records)
        return self

    @overload
    def __getitem__(self, index: int) -> AnyRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[AnyRecord]: ...
    def __getitem__(self, index: int | slice) -> AnyRecord | list[AnyRecord]:
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[AnyRecord]:
        return iter(self._records)


def as_json(record: AnyRecord) -> dict[str, Any]:
    """A record as a JSON object, members at their default left out (``seq`` and ``at`` always kept)."""
    members: dict[str, Any] = {"type": type(record).__name__, "seq": record.seq, "at": record.at}
    for member in dataclasses.fields(record):
        value = getattr(record, member.name)
        if member.name in members or value == _default(member):
            continue
        members[member.name] = value
    return members


def _default(member: dataclasses.Field[Any]) -> Any:
    if member.default_factory is not dataclasses.MISSING:
        return member.default_factory()
    return member.default


def from_json(members: dict[str, Any]) -> AnyRecord:
    """The record that ``as_json`` wrote; unknown members and types are a TraceError."""
    kind = members.get("type")
    cls = RECORD_TYPES.get(str(kind))
    if cls is None:
        raise TraceError(f"want one of the record types {sorted(RECORD_TYPES)}, got {kind!r}")
    names = {member.name for member in dataclasses.fields(cls)}
    values = {name: value for name, value in members.items() if name != "type"}
    if unknown := values.keys() - names:
        raise TraceError(f"{kind} has no member {sorted(unknown)}; it has {sorted(names)}")
    if "errata" in values:
        values["errata"] = tuple(values["errata"])
    try:
        return cls(**values)
    except TypeError as problem:
        raise TraceError(f"{kind}: {problem}") from None


def write(records: Iterable[AnyRecord], path: Path) -> None:
    """Write ``trace.jsonl``; the first line names the format."""
    # A hostile body may hold half a surrogate pair: "backslashreplace" writes it as JSON itself escapes it.
    with path.open("w", encoding="utf-8", errors="backslashreplace") as out:
        out.write(HEAD)
        for record in records:
            out.write(line(record))


HEAD = json.dumps({"format": FORMAT}) + "\n"
"""The first line of a stored trace."""


def line(record: AnyRecord) -> str:
    """A record as one line of a stored trace; write it with ``errors="backslashreplace"``."""
    return json.dumps(as_json(record), ensure_ascii=False, separators=(",", ":")) + "\n"


def read(path: Path, *, unfinished: bool = False) -> Trace:
    """Read a ``trace.jsonl``; TraceError names the line that cannot be read.

    ``unfinished``: what wrote it may have been cut off; a last line without an end does not count.
    """
    text = path.read_text(encoding="utf-8")
    if unfinished:
        text = text[: text.rfind("\n") + 1]
    # Not splitlines: a body may hold U+2028 or U+0085 as it is, and they end no line of a JSON Lines file.
    lines = text.removesuffix("\n").split("\n")
    try:
        head = json.loads(lines[0])["format"]
    except (ValueError, KeyError, TypeError):
        head = None
    if head != FORMAT:
        raise TraceError(f'{path}:1: want {{"format": "{FORMAT}"}}, got {lines[0][:80] or "an empty file"!r}')
    records = []
    for number, text in enumerate(lines[1:], start=2):
        try:
            records.append(from_json(json.loads(text)))
        except (ValueError, AttributeError) as problem:
            raise TraceError(f"{path}:{number}: {problem}") from None
    return Trace().restore(records)
