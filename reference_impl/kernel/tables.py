"""A party's state: tables of frozen records with keys, indexes and running sums, changed in transactions.

Everything a party knows is in its tables, so that one snapshot is the whole state. Three users shape this module:
a handler wants ``get / put / delete / by`` and all or nothing; the explorer takes tens of thousands of snapshots
a second, so snapshots share what did not change; a store writes exactly the rows that an event changed.

A transaction is an undo log. A snapshot is a tuple of references to table bodies; a body that is shared is copied
before it is written. The fingerprint is the weighted sum of the digests of all rows. Once somebody asked for it, it is
kept up to date row by row, so its cost depends on what changed and never on how many rows there are; a served party
never asks, and never pays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

R = TypeVar("R")
Key = tuple[Any, ...]

_MODULUS = 1 << 128
_WEIGHT = 0x9E3779B97F4A7C15F39CC0605CEDC835
"""Odd, so that no power of it is zero: the same rows in another table make another fingerprint."""


@dataclass(frozen=True, slots=True)
class Sum(Generic[R]):
    """A running total: ``of(row)`` added up per ``by(row)``, for example the reserved Mbps of each interconnect."""

    by: Callable[[R], Key]
    of: Callable[[R], int]


@dataclass(frozen=True, slots=True, eq=False)
class Table(Generic[R]):
    """A declared table: its record class, the members that form its key, the members it can be looked up by.

    ``index`` names tuples of members. ``sums`` are named running totals. ``anonymous`` names members that are mere
    handles (a call's number): two states that differ in them alone have one fingerprint.
    """

    name: str
    record: type[R]
    key: tuple[str, ...]
    index: tuple[tuple[str, ...], ...] = ()
    sums: Mapping[str, Sum[R]] | None = None
    anonymous: tuple[str, ...] = ()
    key_of: Callable[[R], Key] = field(init=False, repr=False)
    digest_of: Callable[[R], int] = field(init=False, repr=False)
    values_of: Mapping[tuple[str, ...], Callable[[R], Key]] = field(init=False, repr=False)
    """For each index, what a row is looked up by."""

    @property
    def known(self) -> tuple[str, ...]:
        """The members that are part of the fingerprint."""
        members: tuple[str, ...] = getattr(self.record, "__match_args__", ())
        return tuple(member for member in members if member not in self.anonymous)

    def __post_init__(self) -> None:
        known = _reader(self.known)
        object.__setattr__(self, "key_of", _reader(self.key))
        object.__setattr__(self, "digest_of", (lambda row: digest(known(row))) if self.anonymous else digest)
        object.__setattr__(self, "values_of", {members: _reader(members) for members in self.index})


@dataclass(frozen=True, slots=True)
class Change:
    """One changed row of a transaction: ``after`` is None when it was deleted, ``before`` when it is new."""

    table: Table[Any]
    key: Key
    before: Any
    after: Any


class _Body:
    """The rows of one table with its indexes and sums."""

    __slots__ = ("indexes", "rows", "shared", "sums")

    def __init__(self, table: Table[Any]) -> None:
        self.rows: dict[Key, Any] = {}
        self.indexes: dict[tuple[str, ...], dict[Key, dict[Key, None]]] = {members: {} for members in table.index}
        self.sums: dict[str, dict[Key, int]] = {name: {} for name in table.sums or {}}
        self.shared = False

    def copy(self) -> _Body:
        body = object.__new__(_Body)
        body.rows = self.rows.copy()
        body.indexes = {
            members: {value: keys.copy() for value, keys in index.items()} for members, index in self.indexes.items()
        }
        body.sums = {name: totals.copy() for name, totals in self.sums.items()}
        body.shared = False
        return body

    def same(self, other: _Body) -> bool:
        """Each index has an order of its own, which the order of the rows does not tell."""
        return self is other or (
            list(self.rows.items()) == list(other.rows.items())
            and self.indexes == other.indexes
            and all(
                list(keys) == list(other.indexes[members][value])
                for members, index in self.indexes.items()
                for value, keys in index.items()
            )
        )


@lru_cache(maxsize=1 << 16)
def digest(row: object) -> int:
    """128 bits of a row, the same in every process. Records hold no sets, whose order would leak into ``repr``."""
    return int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest(), "big")


class Snapshot:
    """The state of all tables at a moment; opaque. While nothing is written, every snapshot is the same one."""

    __slots__ = ("bodies", "fingerprint")

    def __init__(self, bodies: tuple[_Body, ...], fingerprint: int | None) -> None:
        self.bodies = bodies
        self.fingerprint = fingerprint

    def same(self, other: Snapshot) -> bool:
        """Do both have the same rows in the same order, whoever reads them?"""
        return all(one.same(another) for one, another in zip(self.bodies, other.bodies, strict=True))


class Readable(Protocol):
    """What a view reads: a transaction, or the tables themselves."""

    def rows(self, table: Table[Any], /) -> Sequence[Any]: ...


class Tables:
    """The tables of one party, in the order of its schema."""

    def __init__(self, schema: Sequence[Table[Any]]) -> None:
        self.schema = tuple(schema)
        self._position = {table: number for number, table in enumerate(self.schema)}
        if len({table.name for table in self.schema}) != len(self.schema):
            raise ValueError(f"table names must differ, got {[table.name for table in self.schema]}")
        self._bodies: Sequence[_Body] = [_Body(table) for table in self.schema]
        """Those of a snapshot, until one of them is written."""
        self._weights = {table: _WEIGHT**number % _MODULUS for table, number in self._position.items()}
        self._fingerprint: int | None = None
        self._kept: Snapshot | None = None
        """The snapshot of this very state, if there is one."""
        self._open: Tx | None = None

    def begin(self) -> Tx:
        """Open the one transaction there may be at a time; use it in a ``with`` statement."""
        if self._open is not None:
            raise RuntimeError("a transaction is open already: one event is one transaction")
        self._open = Tx(self)
        return self._open

    def snapshot(self) -> Snapshot:
        """The state now. Cheap: bodies are shared until one of the two sides writes."""
        if self._open is not None:
            raise RuntimeError("no snapshot inside a transaction")
        if self._kept is None:
            for body in self._bodies:
                body.shared = True
            self._bodies = tuple(self._bodies)
            self._kept = Snapshot(self._bodies, self._fingerprint)
        return self._kept

    def restore(self, snapshot: Snapshot) -> None:
        if self._open is not None:
            raise RuntimeError("no restore inside a transaction")
        self._bodies = snapshot.bodies
        self._fingerprint = snapshot.fingerprint
        self._kept = snapshot

    def fingerprint(self) -> int:
        """A number that is equal for equal states, in every process."""
        if self._fingerprint is None:
            self._fingerprint = (
                sum(
                    self._weights[table] * sum(map(table.digest_of, body.rows.values()))
                    for table, body in zip(self.schema, self._bodies, strict=True)
                )
                % _MODULUS
            )
            if self._kept is not None:
                self._kept.fingerprint = self._fingerprint
        return self._fingerprint

    def rows(self, table: Table[R]) -> Sequence[R]:
        """All rows of a table in the order in which they came, for views and dumps."""
        return list(self._bodies[self._position[table]].rows.values())

    def _body(self, table: Table[Any]) -> _Body:
        return self._bodies[self._position[table]]

    def _writable(self, table: Table[Any]) -> _Body:
        position = self._position[table]
        body = self._bodies[position]
        if body.shared:
            body = body.copy()
            self._bodies = [*self._bodies[:position], body, *self._bodies[position + 1 :]]
        return body

    def _set(self, table: Table[Any], key: Key, before: Any, after: Any) -> None:
        body = self._writable(table)
        self._kept = None
        if self._fingerprint is not None:
            come = 0 if after is None else table.digest_of(after)
            gone = 0 if before is None else table.digest_of(before)
            self._fingerprint = (self._fingerprint + self._weights[table] * (come - gone)) % _MODULUS
        if before is not None:
            for members, index in body.indexes.items():
                value = table.values_of[members](before)
                keys = index[value]
                del keys[key]
                if not keys:
                    del index[value]
            for name, total in (table.sums or {}).items():
                _add(body.sums[name], total.by(before), -total.of(before))
        if after is None:
            del body.rows[key]
            return
        body.rows[key] = after
        for members, index in body.indexes.items():
            index.setdefault(table.values_of[members](after), {})[key] = None
        for name, total in (table.sums or {}).items():
            _add(body.sums[name], total.by(after), total.of(after))


def _reader(members: Sequence[str]) -> Callable[[Any], Key]:
    """Reads these members of a row as a tuple."""
    if len(members) == 1:
        read = attrgetter(*members)
        return lambda row: (read(row),)
    return attrgetter(*members) if members else lambda row: ()


def _add(totals: dict[Key, int], group: Key, amount: int) -> None:
    total = totals.get(group, 0) + amount
    if total:
        totals[group] = total
    else:
        totals.pop(group, None)


class Tx:
    """A transaction: reads see its own writes; leaving the ``with`` block by an exception undoes all of them."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._log: list[Change] = []

    def get(self, table: Table[R], *key: Any) -> R | None:
        row: R | None = self._tables._body(table).rows.get(key)
        return row

    def rows(self, table: Table[R]) -> list[R]:
        """All rows, in the order in which they came."""
        return list(self._tables._body(table).rows.values())

    def by(self, table: Table[R], **members: Any) -> list[R]:
        """The rows whose members have these values; the combination must be a declared index."""
        body = self._tables._body(table)
        names = tuple(members)
        if names not in body.indexes:
            raise KeyError(f"{table.name} has no index {names}; it has {list(body.indexes)}")
        return [body.rows[key] for key in body.indexes[names].get(tuple(members.values()), ())]

    def oldest(self, table: Table[R]) -> R | None:
        """The row that came first, None where there is none."""
        return next(iter(self._tables._body(table).rows.values()), None)

    def total(self, table: Table[Any], name: str, *group: Any) -> int:
        """A declared running sum of one group, 0 where there is none."""
        return self._tables._body(table).sums[name].get(group, 0)

    def put(self, table: Table[R], row: R) -> R:
        """Insert or replace a row by its key; returns it."""
        if not isinstance(row, table.record):
            raise TypeError(f"{table.name} holds {table.record.__name__}, got {row!r}")
        key = table.key_of(row)
        before = self._tables._body(table).rows.get(key)
        if before != row:
            self._tables._set(table, key, before, row)
            self._log.append(Change(table, key, before, row))
        return row

    def delete(self, table: Table[R], *key: Any) -> R | None:
        """Remove a row; returns it, or None when it was not there."""
        before: R | None = self._tables._body(table).rows.get(key)
        if before is not None:
            self._tables._set(table, key, before, None)
            self._log.append(Change(table, key, before, None))
        return before

    def changes(self) -> list[Change]:
        """What this transaction changed so far, net: first the rows that went, then what came or is different.

        A row that went and came back is in both parts, because it stands at the end of its table now.
        """
        gone: dict[tuple[Table[Any], Key], Change] = {}
        net: dict[tuple[Table[Any], Key], Change] = {}
        for change in self._log:
            place = (change.table, change.key)
            first = net.get(place)
            if first is None:
                net[place] = change
            elif change.before is None:  # it comes back
                del net[place]
                if first.before is not None:
                    gone[place] = first
                net[place] = change
            else:
                net[place] = Change(change.table, change.key, first.before, change.after)
        return [*gone.values(), *(change for change in net.values() if change.before != change.after)]

    def rollback(self) -> None:
        """Undo every write, the last one first."""
        for change in reversed(self._log):
            self._tables._set(change.table, change.key, change.after, change.before)
        self._log.clear()

    def __enter__(self) -> Tx:
        return self

    def __exit__(self, kind: object, problem: object, where: object) -> None:
        try:
            if kind is not None:
                self.rollback()
        finally:
            self._tables._open = None

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes())
