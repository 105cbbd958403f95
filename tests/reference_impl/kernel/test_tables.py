"""Tables: transactions, snapshots, indexes, sums, fingerprints; and all of it against a model of plain dicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reference_impl.kernel.tables import Change, Snapshot, Sum, Table, Tables, Tx


@dataclass(frozen=True, slots=True)
class Port:
    site: str
    id: int
    owner: str = "nobody"
    mbps: int = 0


@dataclass(frozen=True, slots=True)
class Ticket:
    number: int
    text: str


PORTS = Table(
    "ports",
    Port,
    ("site", "id"),
    (("owner",), ("site", "owner")),
    {"used": Sum(by=lambda row: (row.owner,), of=lambda row: row.mbps)},
)
TICKETS = Table("tickets", Ticket, ("number",), anonymous=("number",))
SCHEMA = (PORTS, TICKETS)


def tables_with(*rows: Port) -> Tables:
    tables = Tables(SCHEMA)
    with tables.begin() as tx:
        for row in rows:
            tx.put(PORTS, row)
    return tables


def test_a_transaction_reads_its_own_writes() -> None:
    tables = tables_with(Port("east", 1, "ann", 10))
    with tables.begin() as tx:
        tx.put(PORTS, Port("east", 2, "ann", 5))
        assert tx.get(PORTS, "east", 2) == Port("east", 2, "ann", 5)
        assert tx.by(PORTS, owner="ann") == [Port("east", 1, "ann", 10), Port("east", 2, "ann", 5)]
        assert tx.total(PORTS, "used", "ann") == 15
        assert tx.delete(PORTS, "east", 1) == Port("east", 1, "ann", 10)
        assert tx.get(PORTS, "east", 1) is None
        assert tx.delete(PORTS, "east", 1) is None
        assert tx.total(PORTS, "used", "ann") == 5
    assert tables.rows(PORTS) == [Port("east", 2, "ann", 5)]


def test_an_exception_undoes_rows_indexes_sums_and_fingerprint() -> None:
    tables = tables_with(Port("east", 1, "ann", 10), Port("east", 2, "bob", 20))
    before = (tables.rows(PORTS), tables.fingerprint())

    def fail(tx: Tx) -> None:
        tx.put(PORTS, Port("east", 1, "bob", 70))
        tx.delete(PORTS, "east", 2)
        tx.put(PORTS, Port("west", 3, "cyd", 1))
        raise RuntimeError

    with pytest.raises(RuntimeError), tables.begin() as tx:
        fail(tx)
    assert (sorted(tables.rows(PORTS), key=lambda row: row.id), tables.fingerprint()) == before
    with tables.begin() as tx:
        assert tx.by(PORTS, owner="ann") == [Port("east", 1, "ann", 10)]
        assert tx.by(PORTS, site="east", owner="bob") == [Port("east", 2, "bob", 20)]
        assert tx.by(PORTS, owner="cyd") == []
        assert [tx.total(PORTS, "used", owner) for owner in ("ann", "bob", "cyd")] == [10, 20, 0]


def test_rollback_leaves_the_transaction_usable() -> None:
    tables = tables_with()
    with tables.begin() as tx:
        tx.put(PORTS, Port("east", 1))
        tx.rollback()
        assert tx.changes() == []
        tx.put(PORTS, Port("east", 2))
    assert tables.rows(PORTS) == [Port("east", 2)]


def test_changes_are_net() -> None:
    tables = tables_with(Port("east", 1), Port("east", 2))
    with tables.begin() as tx:
        tx.put(PORTS, Port("east", 1, "ann"))
        tx.put(PORTS, Port("east", 1, "bob"))
        tx.put(PORTS, Port("east", 2, "bob"))
        tx.put(PORTS, Port("east", 2))  # as it was
        tx.put(PORTS, Port("east", 3))
        tx.delete(PORTS, "east", 3)  # came and went
        tx.put(PORTS, Port("east", 1, "bob"))  # no change at all
        assert tx.changes() == [Change(PORTS, ("east", 1), Port("east", 1), Port("east", 1, "bob"))]
        assert list(tx) == tx.changes()


def test_one_transaction_at_a_time_and_no_snapshot_inside() -> None:
    tables = tables_with()
    snapshot = tables.snapshot()
    with tables.begin():
        with pytest.raises(RuntimeError, match="one event is one transaction"):
            tables.begin()
        with pytest.raises(RuntimeError, match="no snapshot inside"):
            tables.snapshot()
        with pytest.raises(RuntimeError, match="no restore inside"):
            tables.restore(snapshot)
    with tables.begin():
        pass


def test_a_snapshot_is_not_touched_by_what_follows() -> None:
    tables = tables_with(Port("east", 1, "ann", 10))
    first, mark = tables.snapshot(), tables.fingerprint()
    with tables.begin() as tx:
        tx.put(PORTS, Port("east", 1, "bob", 30))
    second = tables.snapshot()
    with tables.begin() as tx:
        tx.delete(PORTS, "east", 1)
    tables.restore(first)
    assert (tables.rows(PORTS), tables.fingerprint()) == ([Port("east", 1, "ann", 10)], mark)
    with tables.begin() as tx:  # a write after a restore must not reach the snapshot either
        tx.put(PORTS, Port("west", 9, "ann", 1))
    tables.restore(second)
    with tables.begin() as tx:
        assert tx.by(PORTS, owner="bob") == [Port("east", 1, "bob", 30)]
        assert (tx.total(PORTS, "used", "ann"), tx.total(PORTS, "used", "bob")) == (0, 30)
    tables.restore(first)
    assert tables.rows(PORTS) == [Port("east", 1, "ann", 10)]


def test_a_lookup_needs_a_declared_index() -> None:
    tables = tables_with()
    with tables.begin() as tx:
        with pytest.raises(
            KeyError, match=r"ports has no index \('mbps',\); it has \[\('owner',\), \('site', 'owner'\)\]"
        ):
            tx.by(PORTS, mbps=3)
        with pytest.raises(KeyError, match="has no index"):
            tx.by(PORTS, owner="ann", site="east")  # the declared order is the name of the index


def test_a_table_takes_its_own_records_only() -> None:
    tables = tables_with()
    port: Any = Port("east", 1)
    with tables.begin() as tx, pytest.raises(TypeError, match="tickets holds Ticket, got Port"):
        tx.put(TICKETS, port)


def test_table_names_must_differ() -> None:
    with pytest.raises(ValueError, match="table names must differ, got \\['ports', 'ports'\\]"):
        Tables((PORTS, Table("ports", Ticket, ("number",))))


def test_anonymous_members_leave_no_trace_in_the_fingerprint() -> None:
    marks = []
    for number, text in ((1, "a"), (7, "a"), (1, "b")):
        tables = tables_with()
        with tables.begin() as tx:
            tx.put(TICKETS, Ticket(number, text))
        marks.append(tables.fingerprint())
    assert marks[0] == marks[1] != marks[2]


def test_while_nothing_is_written_every_snapshot_is_the_same_one() -> None:
    tables = tables_with(Port("east", 1))
    first = tables.snapshot()
    mark = tables.fingerprint()
    assert tables.snapshot() is first
    assert first.fingerprint == mark
    with tables.begin() as tx:
        tx.put(PORTS, Port("east", 1))  # as it is
    assert tables.snapshot() is first
    with tables.begin() as tx:
        tx.put(PORTS, Port("east", 2))
    assert tables.snapshot() is not first
    tables.restore(first)
    assert tables.snapshot() is first


def test_a_fingerprint_does_not_depend_on_the_way() -> None:
    one = tables_with(Port("east", 1), Port("east", 2))
    other = tables_with(Port("east", 2), Port("west", 5), Port("east", 1, "ann"))
    with other.begin() as tx:
        tx.delete(PORTS, "west", 5)
        tx.put(PORTS, Port("east", 1))
    assert one.fingerprint() == other.fingerprint()
    assert one.fingerprint() != tables_with(Port("east", 1)).fingerprint()


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    """A number from outside: it may change only with the algorithm, and then stored schedules diverge."""
    assert f"{tables_with(Port('east', 1, 'ann', 10)).fingerprint():032x}"[:12] == "f4ab912279a5"


class Model(RuleBasedStateMachine):
    """Any sequence of writes, roll-backs, snapshots and restores agrees with plain dicts."""

    sites = st.sampled_from(["east", "west"])
    ids = st.integers(1, 3)
    owners = st.sampled_from(["ann", "bob"])

    def __init__(self) -> None:
        super().__init__()
        self.tables = Tables(SCHEMA)
        self.model: dict[tuple[str, int], Port] = {}
        self.kept: list[tuple[Snapshot, dict[tuple[str, int], Port], int]] = []

    @rule(site=sites, id=ids, owner=owners, mbps=st.integers(-2, 3), twice=st.booleans())
    def put(self, site: str, id: int, owner: str, mbps: int, twice: bool) -> None:
        row = Port(site, id, owner, mbps)
        with self.tables.begin() as tx:
            if twice:
                tx.put(PORTS, replace(row, owner="cyd"))
            tx.put(PORTS, row)
        self.model[site, id] = row

    @rule(site=sites, id=ids)
    def delete(self, site: str, id: int) -> None:
        with self.tables.begin() as tx:
            assert tx.delete(PORTS, site, id) == self.model.pop((site, id), None)

    @rule(rows=st.lists(st.tuples(sites, ids, owners, st.integers(0, 3)), max_size=4), gone=st.tuples(sites, ids))
    def fail(self, rows: list[tuple[str, int, str, int]], gone: tuple[str, int]) -> None:
        with self.tables.begin() as tx:
            for row in rows:
                tx.put(PORTS, Port(*row))
            tx.delete(PORTS, *gone)
            tx.rollback()

    @rule()
    def keep(self) -> None:
        self.kept.append((self.tables.snapshot(), dict(self.model), self.tables.fingerprint()))

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        snapshot, model, mark = data.draw(st.sampled_from(self.kept))
        self.tables.restore(snapshot)
        self.model = dict(model)
        assert self.tables.fingerprint() == mark

    @invariant()
    def agrees(self) -> None:
        def by_key(rows: Any) -> list[Port]:
            return sorted(rows, key=lambda row: (row.site, row.id))

        assert by_key(self.tables.rows(PORTS)) == by_key(self.model.values())
        used: Counter[str] = Counter()
        for row in self.model.values():
            used[row.owner] += row.mbps
        with self.tables.begin() as tx:
            for owner in ("ann", "bob", "cyd"):
                mine = [row for row in self.model.values() if row.owner == owner]
                assert by_key(tx.by(PORTS, owner=owner)) == by_key(mine)
                assert by_key(tx.by(PORTS, site="east", owner=owner)) == by_key(r for r in mine if r.site == "east")
                assert tx.total(PORTS, "used", owner) == used[owner]
        assert self.tables.fingerprint() == tables_with(*self.model.values()).fingerprint()


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
