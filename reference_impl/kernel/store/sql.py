"""The tables of a party in SQL: SQLite by default, PostgreSQL by URL.

Each table becomes one SQL table: the key columns, the index columns and the whole row as JSON. Memory serves the
reads; SQL is loaded at the start and gets every event's changed rows, outbox included, in one transaction that is on
the disk when ``commit`` returns (SQLite: WAL with synchronous=FULL). One process at a time holds a database.

The rows hold keys of partners and of customers in clear: a file is made for its owner's eyes only.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.engine import Connection as SqlConnection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from reference_impl.kernel.party import Message
from reference_impl.kernel.store import StoreError, StoreLost
from reference_impl.kernel.store.codec import Codec
from reference_impl.kernel.store.rows import SqlRows, runs
from reference_impl.kernel.tables import Change, Table, Tables

LOG = logging.getLogger("interlock.store")

VERSION = 1
"""Version of what is written below; a database of another version is not touched."""

_ABOUT = sa.Table("interlock", sa.MetaData(), sa.Column("version", sa.Integer), sa.Column("party", sa.Text))
_OURS_ALONE = 0o600
_LOCK = 7203110
_LOCK_NOT_AVAILABLE = "55P03"

PATIENCE_SECONDS = 15
"""How long the start waits for a PostgreSQL server to notice that the process that held the database is dead. It
notices a killed process at once, once it has ended what it was doing; one whose machine is gone within 11 s."""

CONNECT_SECONDS = 10
"""How long a PostgreSQL server may take to be reached, where the URL does not say."""


class SqlStore:
    """The rows of one party in the database at ``url``, for example ``sqlite:///csp-a.db``.

    ``party`` is its name: a database belongs to one party. ``messages`` are the classes that its calls carry.
    ``patience`` is how many seconds the first ``load`` waits for another process to let go of a PostgreSQL database.
    """

    def __init__(
        self, url: str, party: str, messages: Iterable[type[Message] | None], patience: float = PATIENCE_SECONDS
    ) -> None:
        self._party = party
        self._patience = patience
        self._codec = Codec(messages)
        self._rows: dict[str, SqlRows] = {}
        self._busy = threading.Lock()
        self._lock: int | None = None
        self._lost = False
        self._name = _safe(url)
        self._engine = _engine(url)
        if self._engine.dialect.name == "sqlite":
            self._hold_file(self._engine.url.database)
        try:
            self._connection = self._connected()
        except StoreError:
            self._let_go()
            raise

    def _connected(self) -> SqlConnection:
        try:
            return self._engine.connect()
        except DBAPIError as problem:
            raise StoreError(f"{self._name} cannot be opened: {_why(problem)}") from None

    def load(self, schema: Sequence[Table[Any]]) -> Tables:
        """Every row of the database in fresh tables; creates what is missing in an empty database."""
        with self._busy:
            return self._load(schema)

    def _load(self, schema: Sequence[Table[Any]]) -> Tables:
        if self._lost:
            self._connection.close()
            self._connection = self._connected()
        try:
            self._hold_server()
            self._claim(schema)
            metadata = sa.MetaData()
            self._rows = {table.name: SqlRows(table, metadata, self._codec) for table in schema}
            with self._connection.begin():
                metadata.create_all(self._connection)
            tables = self._read(schema)
        except DBAPIError as problem:
            self._lost = problem.connection_invalidated
            raise StoreError(f"{self._name} cannot be used: {_why(problem)}") from problem
        self._lost = False
        return tables

    def _claim(self, schema: Sequence[Table[Any]]) -> None:
        """Is this database ours? A new one is from now on."""
        with self._connection.begin():
            there = sa.inspect(self._connection).get_table_names()
            foreign = [table.name for table in schema if table.name in there]
            if foreign and _ABOUT.name not in there:
                raise StoreError(
                    f"{self._name}: want an empty database or one of {self._party!r}, got one with a table "
                    f"{foreign[0]!r} of something else; point to another database"
                )
            _ABOUT.create(self._connection, checkfirst=True)
            known = self._connection.execute(sa.select(_ABOUT)).first()
            if known is None:
                self._connection.execute(sa.insert(_ABOUT).values(version=VERSION, party=self._party))
            elif tuple(known) != (VERSION, self._party):
                raise StoreError(
                    f"{self._name}: want a database of version {VERSION} that belongs to {self._party!r}, "
                    f"got version {known.version} of {known.party!r}; point to another database"
                )

    def _read(self, schema: Sequence[Table[Any]]) -> Tables:
        tables = Tables(schema)
        with tables.begin() as tx, self._connection.begin():
            for table in schema:
                sql = self._rows[table.name].sql
                for (body,) in self._connection.execute(sa.select(sql.c.body).order_by(sql.c.place)):
                    tx.put(table, self._decode(table, body))
        return tables

    def _decode(self, table: Table[Any], body: str) -> Any:
        try:
            return self._codec.decode(table.record, body)
        except (ValueError, KeyError, TypeError) as problem:
            raise StoreError(f"{self._name}: a row of {table.name} cannot be read: {problem}") from problem

    def commit(self, changes: Sequence[Change]) -> None:
        """Write the changes; on the disk when this returns, or nothing of them (StoreError)."""
        self.write(changes)
        self.flush()

    def write(self, changes: Sequence[Change]) -> None:
        """Begin a transaction with these changes; ``flush`` ends it. A probe meanwhile waits for its turn."""
        self._busy.acquire()
        try:
            if self._lost:
                raise StoreLost(f"{self._name} is out of reach")
            self._connection.begin()
            for statement, parameters in runs(changes, self._rows):
                self._connection.execute(statement, parameters)
        except BaseException as problem:
            self._give_up(problem)

    def flush(self) -> None:
        """Return when the transaction is on the disk; where it is not, nothing of it is (StoreError)."""
        try:
            self._connection.commit()
        except BaseException as problem:
            self._give_up(problem)
        self._busy.release()

    def _give_up(self, problem: BaseException) -> NoReturn:
        """Nothing of the transaction stays."""
        try:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.rollback()
            if not isinstance(problem, DBAPIError):
                raise problem
            if problem.connection_invalidated:
                self._lost = True
                raise StoreLost(f"{self._name} is out of reach: {_why(problem)}") from problem
            with contextlib.suppress(Exception):  # after a commit that failed SQLAlchemy believes that all is over
                self._connection.connection.rollback()
            raise StoreError(f"{self._name} does not take the change: {_why(problem)}") from problem
        finally:
            self._busy.release()

    def close(self) -> None:
        with contextlib.suppress(SQLAlchemyError):  # a connection that was lost
            self._connection.close()
        self._engine.dispose()
        self._let_go()

    # --- one process at a time ------------------------------------------------------------------------------------

    def _hold_file(self, database: str | None) -> None:
        """SQLite: a lock on a file beside the database, which ends with the process however it ends."""
        if not database or database == ":memory:":
            return
        try:
            self._lock = os.open(f"{database}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OURS_ALONE)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(os.open(database, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OURS_ALONE))
        except BlockingIOError:
            self._let_go()
            raise StoreError(f"{self._name} is in use by another process; stop it first") from None
        except OSError as problem:
            self._let_go()
            raise StoreError(f"{self._name} cannot be opened: {problem.strerror}") from None

    def _hold_server(self) -> None:
        """PostgreSQL: an advisory lock of this session, by the database it is connected to.

        The start is patient: who restarts a party that was killed may be quicker than the server, whose session of the
        dead process still ends its last statement. A party that runs already asks again by itself, and never waits here.
        """
        if self._engine.dialect.name != "postgresql":
            return
        with self._connection.begin():
            if self._connection.scalar(sa.text(f"select pg_try_advisory_lock({_LOCK})")):
                return
        if self._lost:
            raise StoreError(f"{self._name} is in use by another process")
        LOG.warning("%s is in use by another process: waiting %g s for it to end", self._name, self._patience)
        try:
            with self._connection.begin():
                self._connection.execute(sa.text(f"set local lock_timeout = {max(1, round(self._patience * 1000))}"))
                self._connection.execute(sa.text(f"select pg_advisory_lock({_LOCK})"))
        except DBAPIError as problem:
            if getattr(problem.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            raise StoreError(f"{self._name} is in use by another process; stop it first") from None

    def _let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _engine(url: str) -> sa.Engine:
    try:
        parsed = make_url(url)
        wanted = _CONNECTING.get(parsed.get_backend_name(), {})
        wanted = {name: value for name, value in wanted.items() if name not in parsed.query}
        engine = sa.create_engine(parsed, poolclass=sa.NullPool, connect_args=wanted)
    except ModuleNotFoundError as problem:
        raise StoreError(
            f"{_safe(url)} needs the module {problem.name}: for PostgreSQL install interlock-harness[postgresql]"
        ) from None
    except (ArgumentError, ValueError) as problem:
        why = "" if "@" in url else f": {problem}"
        raise StoreError(f"want a database URL such as sqlite:///party.db, got {_safe(url)}{why}") from None
    if engine.dialect.name not in _DURABLE:
        raise StoreError(f"want a database URL of SQLite or PostgreSQL, got {_safe(url)}")
    statements = _DURABLE[engine.dialect.name]

    def durable(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    sa.event.listen(engine, "connect", durable)
    return engine


_DURABLE = {
    "sqlite": ("pragma journal_mode=wal", "pragma synchronous=full"),
    "postgresql": (
        "set synchronous_commit to on",
        "set tcp_keepalives_idle to 5",
        "set tcp_keepalives_interval to 2",
        "set tcp_keepalives_count to 3",
    ),
}
"""What makes ``commit`` return only when the change is on the disk, by kind of database; and what makes a PostgreSQL
server look whether our machine is still there, for it holds the database for us as long as it believes so."""

_CONNECTING: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {"check_same_thread": False},
    "postgresql": {"connect_timeout": CONNECT_SECONDS},
}
"""SQLite wants to be told that it is meant when one thread after the other uses the connection."""


def _why(problem: DBAPIError) -> str:
    return " ".join(str(problem.orig).split())


def _safe(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "one that cannot be read" if "@" in url else repr(url[:40])
