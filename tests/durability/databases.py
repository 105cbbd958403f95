"""Where the parties of the kill table keep their rows: a file of SQLite, or a database of a throw-away PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from tests.reference_impl.kernel import postgresql

SQLITE, POSTGRESQL = DATABASES = ("sqlite", "postgresql")

NewDatabase = Callable[[Path], str]
"""The URL of a database of its own for one party, whose folder this is."""


@contextlib.contextmanager
def new_databases(kinds: Collection[str]) -> Iterator[dict[str, NewDatabase]]:
    """How to make a database of each of these kinds. Raises postgresql.NotHere where there can be no cluster."""
    with contextlib.ExitStack() as stack:
        makers: dict[str, NewDatabase] = {SQLITE: _numbered(lambda folder, name: f"sqlite:///{folder}/{name}.db")}
        if POSTGRESQL in kinds:
            url = sa.make_url(stack.enter_context(postgresql.cluster()))
            makers[POSTGRESQL] = _numbered(lambda folder, name: _create(url, name))
        yield makers


def _numbered(make: Callable[[Path, str], str]) -> NewDatabase:
    numbers = count(1)
    return lambda folder: make(folder, f"party_{next(numbers)}")


def _create(url: sa.URL, name: str) -> str:
    with sa.create_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"create database {name}"))
    return url.set(database=name).render_as_string(hide_password=False)
