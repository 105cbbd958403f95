"""A party's table as a SQL table, with its statements made once: building one costs more than running it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

import sqlalchemy as sa

from reference_impl.kernel.store.codec import Codec
from reference_impl.kernel.tables import Change, Key, Table

Parameters = dict[str, str]


class SqlRows:
    """The SQL table of ``table`` and the three statements that change it.

    The key columns (``k_…``), the index columns (``i_…``) and the whole row as JSON; ``place`` keeps the order in
    which rows came, which the tables promise.
    """

    def __init__(self, table: Table[Any], metadata: sa.MetaData, codec: Codec) -> None:
        self._table = table
        self._codec = codec
        self._indexed = [
            name for name in dict.fromkeys(n for names in table.index for n in names) if name not in table.key
        ]
        serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        self.sql = sql = sa.Table(
            table.name,
            metadata,
            sa.Column("place", serial, primary_key=True, autoincrement=True),
            *(sa.Column(f"k_{name}", sa.Text, nullable=False) for name in table.key),
            *(sa.Column(f"i_{name}", sa.Text) for name in self._indexed),
            sa.Column("body", sa.Text, nullable=False),
            sa.Index(f"{table.name}_key", *(f"k_{name}" for name in table.key), unique=True),
        )
        here = sa.and_(*(sql.c[f"k_{name}"] == sa.bindparam(f"at_{name}") for name in table.key))
        changing = ["body", *(f"i_{name}" for name in self._indexed)]
        self._insert = sa.insert(sql).values(
            {column.name: sa.bindparam(column.name) for column in sql.c if column.name != "place"}
        )
        self._update = sa.update(sql).where(here).values({name: sa.bindparam(f"new_{name}") for name in changing})
        self._delete = sa.delete(sql).where(here)

    def statement(self, change: Change) -> tuple[sa.Executable, Parameters]:
        """What writes a change, with its parameters."""
        keys = {name: column(value) for name, value in zip(self._table.key, change.key, strict=True)}
        at = {f"at_{name}": value for name, value in keys.items()}
        if change.after is None:
            return self._delete, at
        values = {f"i_{name}": column(getattr(change.after, name)) for name in self._indexed}
        values["body"] = self._codec.encode(change.after)
        if change.before is not None:
            return self._update, at | {f"new_{name}": value for name, value in values.items()}
        return self._insert, {f"k_{name}": value for name, value in keys.items()} | values


def runs(changes: Sequence[Change], rows: Mapping[str, SqlRows]) -> Iterator[tuple[sa.Executable, list[Parameters]]]:
    """Each statement with all the parameters that it is run with, one after the other.

    What is different of different rows changes places, so that few statements are run with many parameters; what
    happens to one row, and the order in which the rows of a table come, stays as it is.
    """
    found: dict[int, tuple[sa.Executable, list[Parameters]]] = {}
    touched: set[tuple[str, Key]] = set()
    for change in changes:
        place = (change.table.name, change.key)
        if place in touched:
            yield from found.values()
            found, touched = {}, set()
        touched.add(place)
        statement, parameters = rows[change.table.name].statement(change)
        found.setdefault(id(statement), (statement, []))[1].append(parameters)
    yield from found.values()


def column(value: object) -> str:
    """A value as the text of a key or index column: a plain text as it is, anything else in JSON; no control character."""
    if isinstance(value, str):
        return encode_basestring(value)[1:-1]
    return json.dumps(value, ensure_ascii=False)
