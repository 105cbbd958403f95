"""The tables of a party in SQL: SQLite by default, PostgreSQL by URL.

Each table becomes one SQL table: the key columns, the index columns and the whole row as JSON. Memory serves the
reads; SQL is loaded at the start and gets every event's changed rows, outbox included, in one transaction that is on
the disk when ``commit`` returns (SQLite: WAL with synchronous=FULL). One process at a time holds a database.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterable, Sequence
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection as SqlConnection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from reference_impl.kernel.party import Message
from reference_impl.kernel.store.codec import Codec
from reference_impl.kernel.tables import Change, Table, Tables

VERSION = 1
"""Version of what is written below; a database of another version is not touched."""


class StoreError(Exception):
    """The database cannot be used; the message says what was expected and what to do."""


class SqlStore:
    """The rows of one party in the database at ``url``, for example ``sqlite:///csp-a.db``.

    ``party`` is its name: a database belongs to one party. ``messages`` are the classes that its calls carry.
    """

    def __init__(self, url: str, party: str, messages: Iterable[type[Message] | None]) -> None:
        self._party = party
        self._codec = Codec(messages)
        self._sql: dict[str, sa.Table] = {}
        self._lock: IO[str] | None = None
        try:
            self._engine = sa.create_engine(make_url(url), poolclass=sa.StaticPool)
        except (ArgumentError, ModuleNotFoundError) as problem:
            raise StoreError(f"want a database URL such as sqlite:///party.db, got {_safe(url)}: {problem}") from None
        self._name = _safe(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _durable)
            self._hold_file(self._engine.url.database)
        try:
            self._connection: SqlConnection = self._engine.connect()
        except DBAPIError as problem:
            self._let_go()
            raise StoreError(f"{self._name} cannot be opened: {problem.orig}") from None

    def load(self, schema: Sequence[Table[Any]]) -> Tables:
        """Every row of the database in fresh tables; creates what is missing in an empty database."""
        self._hold_server()
        metadata = sa.MetaData()
        about = sa.Table("interlock", metadata, sa.Column("version", sa.Integer), sa.Column("party", sa.Text))
        self._sql = {table.name: _sql_table(table, metadata) for table in schema}
        with self._connection.begin():
            metadata.create_all(self._connection)
            known = self._connection.execute(sa.select(about)).first()
            if known is None:
                self._connection.execute(sa.insert(about).values(version=VERSION, party=self._party))
            elif tuple(known) != (VERSION, self._party):
                raise StoreError(
                    f"{self._name}: want a database of version {VERSION} that belongs to {self._party!r}, "
                    f"got version {known.version} of {known.party!r}; point to another database"
                )
        tables = Tables(schema)
        with tables.begin() as tx, self._connection.begin():
            for table in schema:
                sql = self._sql[table.name]
                for (body,) in self._connection.execute(sa.select(sql.c.body).order_by(sql.c.place)):
                    tx.put(table, self._decode(table, body))
        return tables

    def _decode(self, table: Table[Any], body: str) -> Any:
        try:
            return self._codec.decode(table.record, body)
        except (ValueError, KeyError, TypeError) as problem:
            raise StoreError(f"{self._name}: a row of {table.name} cannot be read: {problem}") from problem

    def commit(self, changes: Sequence[Change]) -> None:
        """Write the changes of one event; on the disk when this returns, or nothing of it (StoreError)."""
        try:
            with self._connection.begin():
                for change in changes:
                    self._write(change)
        except DBAPIError as problem:
            raise StoreError(f"{self._name} does not take the change: {problem.orig}") from problem

    def _write(self, change: Change) -> None:
        sql = self._sql[change.table.name]
        here = sa.and_(
            *(sql.c[f"k_{name}"] == str(value) for name, value in zip(change.table.key, change.key, strict=True))
        )
        if change.after is None:
            self._connection.execute(sa.delete(sql).where(here))
            return
        values = {f"i_{name}": str(getattr(change.after, name)) for name in _indexed(change.table)}
        values["body"] = self._codec.encode(change.after)
        if change.before is None:
            keys = {f"k_{name}": str(value) for name, value in zip(change.table.key, change.key, strict=True)}
            self._connection.execute(sa.insert(sql).values(**keys, **values))
        else:
            self._connection.execute(sa.update(sql).where(here).values(**values))

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()
        self._let_go()

    # --- one process at a time ------------------------------------------------------------------------------------

    def _hold_file(self, database: str | None) -> None:
        if not database or database == ":memory:":
            return
        try:
            self._lock = open(f"{database}.lock", "a", encoding="utf-8")  # noqa: SIM115 - held as long as the store lives
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._let_go()
            raise StoreError(f"{self._name} is in use by another process; stop it first") from None
        except OSError as problem:
            raise StoreError(f"{self._name} cannot be opened: {problem.strerror}") from None

    def _hold_server(self) -> None:
        """PostgreSQL: an advisory lock of this session, by the database it is connected to."""
        if self._engine.dialect.name != "postgresql":
            return
        with self._connection.begin():
            (taken,) = self._connection.execute(sa.text("select pg_try_advisory_lock(7203110)")).one()
        if not taken:
            raise StoreError(f"{self._name} is in use by another process; stop it first")

    def _let_go(self) -> None:
        if self._lock is not None:
            with contextlib.suppress(OSError):
                self._lock.close()
            self._lock = None


def _durable(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.close()


def _indexed(table: Table[Any]) -> list[str]:
    """The index members that are not key columns already."""
    return [name for name in dict.fromkeys(n for names in table.index for n in names) if name not in table.key]


def _sql_table(table: Table[Any], metadata: sa.MetaData) -> sa.Table:
    """``place`` keeps the order in which rows came, which the tables promise."""
    columns: list[sa.Column[Any]] = [sa.Column("place", sa.Integer, primary_key=True, autoincrement=True)]
    columns += [sa.Column(f"k_{name}", sa.Text, nullable=False) for name in table.key]
    columns += [sa.Column(f"i_{name}", sa.Text) for name in _indexed(table)]
    columns.append(sa.Column("body", sa.Text, nullable=False))
    unique = sa.Index(f"{table.name}_key", *(f"k_{name}" for name in table.key), unique=True)
    return sa.Table(table.name, metadata, *columns, unique)


def _safe(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return repr(url[:40])
