"""What a party keeps of its dead: rows, and bytes of memory for each, in a running party and after a restart."""

from __future__ import annotations

import contextlib
import gc
import tracemalloc
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reference_impl.connection_coordinator.operations import OPERATIONS
from reference_impl.connection_coordinator.provider import provider, stock
from reference_impl.kernel.action import ActionResult
from reference_impl.kernel.party import Acted, Ctx
from reference_impl.kernel.store.sql import SqlStore
from reference_impl.kernel.tables import Change, Table, Tables
from simulator.inventories import inventories

PARTY = provider("csp-a")
DEAD = 3_000
BYTES_EACH = 420
"""A row, its key, the UUID, when it was buried, and their place in the table: 10,000 of them take 4 MB."""


def _act(tables: Tables, now: int, action: str, **inputs: Any) -> dict[str, Any]:
    number = iter(range(1 << 30))
    ctx = Ctx(now, lambda kind: str(uuid.UUID(int=now << 64 | next(number), version=4)))
    with tables.begin() as tx:
        (reply,) = PARTY.handle(tx, Acted("", action, {"account": "X", **inputs}), ctx)
    assert isinstance(reply.body, ActionResult)
    return dict(reply.body.outputs or {})


def _live_and_die(tables: Tables, numbers: range) -> None:
    for number in numbers:
        now = 1_700_000_000_000 + number
        # fresh texts each time, as requests bring them
        asked = {name: "".join(list(value)) for name, value in (("remote_account", "X-there"), ("environment", "env1"))}
        offered = _act(tables, now, "offer", **asked, mbps=int("1000"))
        _act(tables, now, "delete", uuid=offered["uuid"])


def _rows(tables: Tables) -> dict[str, int]:
    return {table.name: len(tables.rows(table)) for table in PARTY.schema}


def _growth(work: Callable[[], object]) -> int:
    """Bytes that are there afterwards and were not before."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def crowded() -> tuple[Tables, dict[str, int], int]:
    """Tables in which so many lie; their rows before; how many bytes that took."""
    tables = Tables(PARTY.schema)
    stock(tables, inventories("standard")["csp-a"])
    before = _rows(tables)
    _live_and_die(tables, range(10))  # whatever is made only once
    return tables, before, _growth(lambda: _live_and_die(tables, range(10, 10 + DEAD)))


def test_a_deleted_connection_is_one_row(crowded: tuple[Tables, dict[str, int], int]) -> None:
    tables, before, _ = crowded
    assert _rows(tables) == before | {"tombstones": DEAD + 10}


def test_a_deleted_connection_takes_little_room(crowded: tuple[Tables, dict[str, int], int]) -> None:
    assert crowded[2] / DEAD < BYTES_EACH


def test_it_takes_no_more_after_a_restart(crowded: tuple[Tables, dict[str, int], int], tmp_path: Path) -> None:
    messages = [each.request for each in OPERATIONS.values()]
    taken = []
    for name, tables in (("warm", Tables(PARTY.schema)), ("empty", Tables(PARTY.schema)), ("full", crowded[0])):
        with contextlib.closing(SqlStore(f"sqlite:///{tmp_path}/{name}.db", "csp-a", messages)) as store:
            store.load(PARTY.schema)
            store.commit([Change(table, table.key_of(row), None, row) for table, row in _all(tables)])
            loaded: list[Tables] = []
            taken.append(_growth(partial(_load, store, loaded)))
            assert _rows(loaded[0]) == _rows(tables)
    assert (taken[2] - taken[1]) / DEAD < BYTES_EACH


def _load(store: SqlStore, into: list[Tables]) -> None:
    into.append(store.load(PARTY.schema))


def _all(tables: Tables) -> list[tuple[Table[Any], Any]]:
    return [(table, row) for table in PARTY.schema for row in tables.rows(table)]
