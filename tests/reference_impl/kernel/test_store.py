"""The contract of a store. Every store must keep it: a new one joins the list of ``stores``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reference_impl.kernel.store import MemoryStore, Store
from reference_impl.kernel.store.sql import SqlStore
from reference_impl.kernel.tables import Change, Table, Tables


@dataclass(frozen=True, slots=True)
class Row:
    site: str
    id: int
    tags: tuple[str, ...] = ()
    on: bool = False


ROWS = Table("rows", Row, ("site", "id"), (("site",),))
OTHERS = Table("others", Row, ("id",))
SCHEMA = (ROWS, OTHERS)

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda folder: MemoryStore(),
    "sqlite": lambda folder: SqlStore(f"sqlite:///{folder}/party.db", "we", []),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new store on which a node was started once."""
    made = STORES[request.param](tmp_path)
    made.load(SCHEMA)
    yield made
    made.close()


def new(table: Table[Row], row: Row) -> Change:
    return Change(table, table.key_of(row), None, row)


def test_a_new_store_is_empty(store: Store) -> None:
    tables = store.load(SCHEMA)
    assert [tables.rows(table) for table in SCHEMA] == [[], []]


def test_what_was_committed_is_loaded(store: Store) -> None:
    first, second = Row("east", 1, ("a", "b"), True), Row("west", 1)
    store.commit([new(ROWS, first), new(ROWS, second), new(OTHERS, first)])
    tables = store.load(SCHEMA)
    assert sorted(tables.rows(ROWS), key=lambda row: row.site) == [first, second]
    assert tables.rows(OTHERS) == [first]
    with tables.begin() as tx:
        assert tx.by(ROWS, site="west") == [second]


def test_changes_and_deletions_are_kept(store: Store) -> None:
    row = Row("east", 1)
    store.commit([new(ROWS, row), new(ROWS, Row("east", 2))])
    changed = replace(row, on=True)
    store.commit([Change(ROWS, ("east", 1), row, changed), Change(ROWS, ("east", 2), Row("east", 2), None)])
    assert store.load(SCHEMA).rows(ROWS) == [changed]


def test_a_loaded_party_goes_its_own_way(store: Store) -> None:
    """What is written into loaded tables is in the store only once it is committed."""
    store.commit([new(ROWS, Row("east", 1))])
    tables = store.load(SCHEMA)
    with tables.begin() as tx:
        tx.put(ROWS, Row("east", 2))
    assert store.load(SCHEMA).rows(ROWS) == [Row("east", 1)]
    assert store.load(SCHEMA).fingerprint() != tables.fingerprint()


def test_the_fingerprint_survives(store: Store) -> None:
    tables = Tables(SCHEMA)
    with tables.begin() as tx:
        for number in range(5):
            tx.put(ROWS, Row("east", number))
        store.commit(tx.changes())
    assert store.load(SCHEMA).fingerprint() == tables.fingerprint()


def test_another_process_finds_what_was_committed(tmp_path: Path) -> None:
    """Of the stores that outlive their object."""
    for name in ("sqlite",):
        first = STORES[name](tmp_path)
        first.load(SCHEMA)
        first.commit([new(ROWS, Row("east", 1, ("a",), True))])
        first.close()
        second = STORES[name](tmp_path)
        assert second.load(SCHEMA).rows(ROWS) == [Row("east", 1, ("a",), True)]
        second.close()
