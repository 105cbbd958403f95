"""The contract of a store. Every store must keep it: a new one joins ``STORES``."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from reference_impl.connection_coordinator import records as cc
from reference_impl.connection_coordinator.operations import OPERATIONS as CC_OPERATIONS
from reference_impl.federation_interconnect import records as fi
from reference_impl.federation_interconnect.keys import Seal
from reference_impl.federation_interconnect.messages import AddPartnerRequest
from reference_impl.federation_interconnect.operations import OPERATIONS as FI_OPERATIONS
from reference_impl.kernel.party import CALLS, OUTBOX, Call, Message
from reference_impl.kernel.store import MemoryStore, Store, StoreError, StoreLost
from reference_impl.kernel.store.sql import _LOCK, SqlStore
from reference_impl.kernel.tables import Change, Table, Tables
from tests.reference_impl.kernel import postgresql

MESSAGES = [each.request for each in (*CC_OPERATIONS.values(), *FI_OPERATIONS.values())]


@dataclass(frozen=True, slots=True)
class Row:
    site: str
    id: int
    tags: tuple[str, ...] = ()
    on: bool = False


ROWS = Table("rows", Row, ("site", "id"), (("site",), ("tags", "on")))
OTHERS = Table("others", Row, ("id",))
SCHEMA = (ROWS, OTHERS)

STORES = ("memory", "sqlite", "postgresql")
SQL = STORES[1:]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(postgresql.cluster())
        except postgresql.NotHere as why:
            pytest.skip(str(why))
        yield url


@dataclass(slots=True)
class Place:
    """Where a store keeps its rows: ``open`` makes a store on them, of whichever process and party."""

    url: str
    memory: MemoryStore = dataclasses.field(default_factory=MemoryStore)

    def open(self, party: str = "we") -> Store:
        return SqlStore(self.url, party, MESSAGES) if self.url else self.memory


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place of the kind asked for."""
    kind: str = request.param
    if kind == "postgresql":
        url: str = request.getfixturevalue("cluster")
        with sa.create_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("drop schema public cascade"))
            connection.execute(sa.text("create schema public"))
        return Place(url)
    return Place("" if kind == "memory" else f"sqlite:///{tmp_path}/party.db")


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """A new store on which a node was started once."""
    made = place.open()
    made.load(SCHEMA)
    yield made
    made.close()


every_store = pytest.mark.parametrize("place", STORES, indirect=True)
every_database = pytest.mark.parametrize("place", SQL, indirect=True)


def new(table: Table[Any], row: Any) -> Change:
    return Change(table, table.key_of(row), None, row)


def edit(tables: Tables, store: Store, work: Callable[[Any], object]) -> None:
    """One transaction in tables and store."""
    with tables.begin() as tx:
        work(tx)
        store.commit(tx.changes())


@every_store
def test_a_new_store_is_empty(store: Store) -> None:
    tables = store.load(SCHEMA)
    assert [tables.rows(table) for table in SCHEMA] == [[], []]


@every_store
def test_what_was_committed_is_loaded(store: Store) -> None:
    first, second = Row("east", 1, ("a", "b"), True), Row("west", 1)
    store.commit([new(ROWS, first), new(ROWS, second), new(OTHERS, first)])
    tables = store.load(SCHEMA)
    assert tables.rows(ROWS) == [first, second]
    assert tables.rows(OTHERS) == [first]
    with tables.begin() as tx:
        assert tx.by(ROWS, site="west") == [second]


@every_store
def test_changes_and_deletions_are_kept(store: Store) -> None:
    row = Row("east", 1)
    store.commit([new(ROWS, row), new(ROWS, Row("east", 2))])
    changed = replace(row, on=True)
    store.commit([Change(ROWS, ("east", 1), row, changed), Change(ROWS, ("east", 2), Row("east", 2), None)])
    assert store.load(SCHEMA).rows(ROWS) == [changed]


@every_store
def test_a_loaded_party_goes_its_own_way(store: Store) -> None:
    """What is written into loaded tables is in the store only once it is committed."""
    store.commit([new(ROWS, Row("east", 1))])
    tables = store.load(SCHEMA)
    with tables.begin() as tx:
        tx.put(ROWS, Row("east", 2))
    assert store.load(SCHEMA).rows(ROWS) == [Row("east", 1)]
    assert store.load(SCHEMA).fingerprint() != tables.fingerprint()


@every_store
def test_the_order_of_rows_is_kept(store: Store) -> None:
    """A changed row stays where it is; one that went and came back, in one event or in two, is the last."""
    tables = store.load(SCHEMA)
    edit(tables, store, lambda tx: [tx.put(ROWS, Row("x", number)) for number in (5, 3, 4, 1, 2)])
    edit(tables, store, lambda tx: tx.put(ROWS, Row("x", 3, on=True)))
    edit(tables, store, lambda tx: [tx.delete(ROWS, "x", 4), tx.put(ROWS, Row("x", 4, on=True))])
    edit(tables, store, lambda tx: tx.delete(ROWS, "x", 5))
    edit(tables, store, lambda tx: tx.put(ROWS, Row("x", 5)))
    assert [row.id for row in store.load(SCHEMA).rows(ROWS)] == [3, 1, 2, 4, 5]
    assert store.load(SCHEMA).rows(ROWS) == tables.rows(ROWS)


@every_store
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("pqd")), max_size=6), max_size=6))
def test_whatever_happens_the_store_has_what_the_tables_have(place: Place, events: Any) -> None:
    with contextlib.closing(place.open()) as store:
        tables = store.load(SCHEMA)
        for event in events:
            with tables.begin() as tx:
                for number, verb in event:
                    if verb == "d":
                        tx.delete(ROWS, "x", number)
                    else:
                        tx.put(ROWS, Row("x", number, on=verb == "q"))
                store.commit(tx.changes())
        loaded = store.load(SCHEMA)
        assert (loaded.rows(ROWS), loaded.fingerprint()) == (tables.rows(ROWS), tables.fingerprint())


# --- every record of both protocols -----------------------------------------------------------------------------------


def _values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Anything a member of this type may hold; texts with all that a peer may send."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        members = {name: _values(field.annotation) for name, field in kind.model_fields.items()}
        return st.fixed_dictionaries(members).map(lambda values: kind.model_construct(**values))
    if dataclasses.is_dataclass(kind):
        return _records(kind)
    origin = getattr(kind, "__origin__", None)
    arguments: tuple[Any, ...] = getattr(kind, "__args__", ())
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return st.lists(_values(arguments[0]), max_size=2).map(tuple)
        return st.tuples(*map(_values, arguments))
    if arguments:  # a union with None
        return st.one_of(*map(_values, arguments))
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
        int: st.integers(1, 2**31 - 1),
        float: st.floats(allow_nan=False, allow_infinity=False, width=32),
        bool: st.booleans(),
        type(None): st.none(),
    }
    return simple[kind]


def _records_of(record: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(record)
    sent = st.one_of(st.none(), *(_values(each) for each in dict.fromkeys(MESSAGES) if each is not None))
    members = {
        member.name: sent if hints[member.name] == Message | None else _values(hints[member.name])
        for member in dataclasses.fields(record)
    }
    return st.fixed_dictionaries(members).map(lambda values: record(**values))


_values: Callable[[Any], st.SearchStrategy[Any]] = cache(_values_of)
_records: Callable[[Any], st.SearchStrategy[Any]] = cache(_records_of)

RECORDS = [*cc.SCHEMA, *fi.SCHEMA, *OUTBOX]


@pytest.mark.parametrize("table", RECORDS, ids=lambda table: f"{table.record.__module__.split('.')[1]}-{table.name}")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_record_comes_back_as_it_was(table: Table[Any], data: st.DataObject) -> None:
    row = data.draw(_records(table.record))
    with contextlib.closing(SqlStore("sqlite://", "we", MESSAGES)) as store:
        store.load((table,))
        store.commit([new(table, row)])
        (loaded,) = store.load((table,)).rows(table)
        assert loaded == row
        assert table.digest_of(loaded) == table.digest_of(row)
        changed = data.draw(_records(table.record))
        keyed = replace(changed, **{name: getattr(row, name) for name in table.key})
        store.commit([Change(table, table.key_of(row), row, keyed)])
        assert store.load((table,)).rows(table) == [keyed]
        store.commit([Change(table, table.key_of(row), keyed, None)])
        assert store.load((table,)).rows(table) == []


@every_store
def test_a_call_is_kept_with_its_body_and_its_credential(place: Place) -> None:
    """``credential`` and a partner's key are secrets, and in no repr: they must be in the store all the same."""
    body = AddPartnerRequest(origFederationId="f1", destFederationId="f2", operator="Öp\x00", country="DE")
    call = Call(7, "f2", "Add", (("a", "b"),), (("c", "d"),), body, ("x", "y"), 3, 99, True, "s3cret")
    partner = fi.Partner("f2", "f1", "Op", "DE", "op2:1", issued=Seal("salt", "digest"), key="k3y")
    schema = (fi.PARTNERS, CALLS)
    with contextlib.closing(place.open()) as store:
        store.load(schema)
        store.commit([new(CALLS, call), new(fi.PARTNERS, partner)])
    with contextlib.closing(place.open()) as store:
        tables = store.load(schema)
    assert (tables.rows(CALLS), tables.rows(fi.PARTNERS)) == ([call], [partner])
    assert (tables.rows(CALLS)[0].credential, tables.rows(fi.PARTNERS)[0].key) == ("s3cret", "k3y")


@every_database
def test_a_body_of_an_unknown_class_is_refused_whole(place: Place) -> None:
    class Stranger(Message):
        pass

    with contextlib.closing(place.open()) as store:
        store.load((ROWS, CALLS))
        with pytest.raises(TypeError, match=r"Call\.body: Stranger is no message of the calls"):
            store.commit([new(ROWS, Row("x", 1)), new(CALLS, Call(1, "p", "o", (), body=Stranger()))])
        assert store.load((ROWS, CALLS)).rows(ROWS) == []


# --- what a store refuses ---------------------------------------------------------------------------------------------


@every_database
def test_a_commit_that_fails_leaves_nothing(store: Store) -> None:
    store.commit([new(ROWS, Row("x", 1))])
    with pytest.raises(StoreError, match="does not take the change"):
        store.commit([new(ROWS, Row("x", 2)), new(OTHERS, Row("x", 1)), new(ROWS, Row("x", 1))])  # one is there already
    assert store.load(SCHEMA).rows(ROWS) == [Row("x", 1)]
    assert store.load(SCHEMA).rows(OTHERS) == []
    store.commit([new(ROWS, Row("x", 2))])
    assert store.load(SCHEMA).rows(ROWS) == [Row("x", 1), Row("x", 2)]


@every_database
@pytest.mark.parametrize(
    ("spoil", "party", "got"),
    [
        ("update interlock set version = 99", "we", "got version 99 of 'we'"),
        ("select 1", "they", "got version 1 of 'we'"),
    ],
    ids=["another version", "another party"],
)
def test_a_database_that_is_not_ours_is_left_alone(place: Place, spoil: str, party: str, got: str) -> None:
    with contextlib.closing(place.open()) as store:
        store.load(SCHEMA)
        store.commit([new(ROWS, Row("x", 1))])
    _execute(place.url, spoil)
    with contextlib.closing(place.open(party)) as store, pytest.raises(StoreError) as refused:
        store.load(SCHEMA)
    assert f"want a database of version 1 that belongs to {party!r}, {got}; point to another database" in str(
        refused.value
    )
    assert _execute(place.url, "select count(*) from rows") == 1


@every_database
def test_a_database_of_something_else_is_left_alone(place: Place) -> None:
    _execute(place.url, "create table others (name text)")
    with contextlib.closing(place.open()) as store, pytest.raises(StoreError, match="a table 'others' of something el"):
        store.load(SCHEMA)
    assert sa.inspect(sa.create_engine(place.url)).get_table_names() == ["others"]


@every_database
def test_a_row_that_cannot_be_read_is_told(place: Place) -> None:
    with contextlib.closing(place.open()) as store:
        store.load(SCHEMA)
        store.commit([new(ROWS, Row("x", 1))])
    _execute(place.url, """update rows set body = '{"site": "x", "id": "one", "tags": [], "on": false}'""")
    with contextlib.closing(place.open()) as store, pytest.raises(StoreError, match="a row of rows cannot be read"):
        store.load(SCHEMA)


def _execute(url: str, statement: str) -> Any:
    with sa.create_engine(url).begin() as connection:
        result = connection.execute(sa.text(statement))
        return result.scalar() if result.returns_rows else None


ANOTHER = """
import sys
from reference_impl.kernel.store import StoreError
from reference_impl.kernel.store.sql import SqlStore
from tests.reference_impl.kernel.test_stores import SCHEMA
try:
    print(SqlStore(sys.argv[1], "we", [], patience=0.1).load(SCHEMA).rows(SCHEMA[0]), flush=True)
    if sys.argv[2:]:
        sys.stdin.read()
except StoreError as problem:
    print(problem)
"""


END_SESSIONS = (
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and state is not null"
)


def _another(url: str) -> str:
    done = subprocess.run([sys.executable, "-c", ANOTHER, url], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


@every_database
def test_a_second_process_is_refused(place: Place) -> None:
    with contextlib.closing(place.open()) as store:
        store.load(SCHEMA)
        store.commit([new(ROWS, Row("x", 1))])
        assert _another(place.url).endswith("is in use by another process; stop it first")
    assert _another(place.url) == str([Row("x", 1)])


@every_database
def test_a_process_that_was_killed_lets_go(place: Place) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER, place.url, "stay"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "[]"
        holder.kill()
    with contextlib.closing(place.open()) as store:
        assert store.load(SCHEMA).rows(ROWS) == []


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_start_waits_for_the_session_of_a_dead_process(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The server may still believe that the last run lives, when a supervisor starts the next one."""
    with sa.create_engine(place.url).connect() as dead, contextlib.closing(place.open()) as store:
        dead.execute(sa.text(f"select pg_advisory_lock({_LOCK})"))
        with ThreadPoolExecutor(1) as pool:
            loading = pool.submit(store.load, SCHEMA)
            waiting = sa.text("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            while not loading.done() and not dead.scalar(waiting):
                pass
            dead.execute(sa.text("select pg_advisory_unlock_all()"))
            assert loading.result().rows(ROWS) == []
    (said,) = caplog.messages
    assert said.endswith("is in use by another process: waiting 15 s for it to end")


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_party_that_lost_its_server_does_not_wait_in_load(place: Place) -> None:
    """It asks again by itself, and serves its probes meanwhile."""
    with contextlib.closing(place.open()) as store:
        store.load(SCHEMA)
        _execute(place.url, END_SESSIONS)
        with pytest.raises(StoreLost):
            store.commit([new(ROWS, Row("x", 1))])
        with sa.create_engine(place.url).connect() as other:
            other.execute(sa.text(f"select pg_advisory_lock({_LOCK})"))
            with pytest.raises(StoreError, match=r"is in use by another process$"):
                store.load(SCHEMA)
            other.execute(sa.text("select pg_advisory_unlock_all()"))
        assert store.load(SCHEMA).rows(ROWS) == []


@pytest.mark.parametrize(("more", "seconds"), [("", 10), ("&connect_timeout=3", "3")])
def test_a_server_is_not_waited_for_without_end(more: str, seconds: object) -> None:
    asked: dict[str, Any] = {}

    def connect(dialect: object, record: object, arguments: object, named: dict[str, Any]) -> None:
        asked.update(named)
        raise StoreError("seen enough")

    sa.event.listen(sa.Engine, "do_connect", connect)
    try:
        with pytest.raises(StoreError, match="seen enough"):
            SqlStore(f"postgresql+psycopg://we@/party?host=elsewhere{more}", "we", [])
    finally:
        sa.event.remove(sa.Engine, "do_connect", connect)
    assert asked["connect_timeout"] == seconds


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_lost_server_is_told_and_load_finds_it_again(place: Place) -> None:
    with contextlib.closing(place.open()) as store:
        store.load(SCHEMA)
        store.commit([new(ROWS, Row("x", 1))])
        _execute(place.url, END_SESSIONS)
        for _ in range(2):
            with pytest.raises(StoreLost, match="is out of reach"):
                store.commit([new(ROWS, Row("x", 2))])
        assert store.load(SCHEMA).rows(ROWS) == [Row("x", 1)]
        store.commit([new(ROWS, Row("x", 2))])
        assert _another(place.url).endswith("is in use by another process; stop it first")
    assert _another(place.url) == str([Row("x", 1), Row("x", 2)])


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("no-url", "want a database URL such as sqlite:///party.db, got 'no-url': "),
        ("postgres:/we:s3cret@x", "want a database URL such as sqlite:///party.db, got one that cannot be read"),
        ("abacus://x", "want a database URL such as sqlite:///party.db, got abacus://x: "),
        ("mysql://x", "mysql://x needs the module MySQLdb"),
        ("sqlite:////nowhere/party.db", "sqlite:////nowhere/party.db cannot be opened: No such file or directory"),
        ("sqlite:////", "sqlite://// cannot be opened: "),
        ("postgresql://we:s3cret@/x?host=/nowhere", "postgresql://we:***@/x?host=%2Fnowhere cannot be opened: "),
    ],
)
def test_a_database_that_cannot_be_opened(url: str, told: str) -> None:
    with pytest.raises(StoreError) as refused:
        SqlStore(url, "we", [])
    assert str(refused.value).startswith(told)
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "party.db").write_text("dear diary, " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be opened: file is not a database"):
        SqlStore(f"sqlite:///{tmp_path}/party.db", "we", [])


def test_a_directory_in_which_nothing_can_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    before = os.geteuid()
    try:
        if before == 0:  # to whom everything is allowed
            os.seteuid(65534)
        with pytest.raises(StoreError, match="cannot be opened: Permission denied"):
            SqlStore(f"sqlite:///{tmp_path}/party.db", "we", [])
    finally:
        os.seteuid(before)
        tmp_path.chmod(0o700)


FULL_DISK = """
import resource, sys
from reference_impl.kernel.store import StoreError
from reference_impl.kernel.store.sql import SqlStore
from tests.reference_impl.kernel.test_stores import OTHERS, ROWS, SCHEMA, Row, new
store = SqlStore(sys.argv[1], "we", [])
store.load(SCHEMA)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limits[1]))
number = 0
try:
    while number < 2_000:
        store.commit([new(ROWS, Row("x" * 500, number)), new(OTHERS, Row("y" * 500, number))])
        number += 1
except StoreError as problem:
    print(problem)
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
store.commit([new(OTHERS, Row("z", 5_000))])
print(number, len(store.load(SCHEMA).rows(ROWS)), len(store.load(SCHEMA).rows(OTHERS)))
"""


def test_on_a_full_disk_nothing_is_kept_by_halves(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/party.db"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, url], capture_output=True, text=True, timeout=60, check=True
    )
    told, numbers = done.stdout.splitlines()
    assert told.startswith(f"{url} does not take the change: ")
    kept, rows, others = map(int, numbers.split())
    assert 0 < kept < 2_000
    assert (rows, others) == (kept, kept + 1)


def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with contextlib.closing(SqlStore(f"sqlite:///{tmp_path}/party.db", "we", [])) as store:
            store.load(SCHEMA)
            store.commit([new(ROWS, Row("x", 1))])
            modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["party.db", "party.db.lock", "party.db-wal", "party.db-shm"], "0o600")
