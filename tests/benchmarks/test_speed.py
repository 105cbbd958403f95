"""What exploration and service lean on: a step, a snapshot, a fingerprint, and selection among many connections."""

from __future__ import annotations

import copy
import pickle
from functools import partial
from itertools import cycle
from typing import Any

from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.names import encode_key, environment_name
from reference_impl.connection_coordinator.provider import provider, stock
from reference_impl.connection_coordinator.records import KEYS, PLACEMENTS, Key, KeyState, Placement, Stage
from reference_impl.kernel.party import Ctx, Event, Requested
from reference_impl.kernel.tables import Tables
from simulator.faults import Faults
from simulator.inventories import inventories
from simulator.races.cc_race_001 import race
from tests.benchmarks.conftest import microseconds, note

UUID = "00000000-0000-4000-8000-00000000ffff"
KEY = m.ActivationKey(
    version=1,
    destinationEnvironmentUri=environment_name("csp-b", "env1"),
    sharedConnectionUuid=UUID,
    connectionSizeMbps=1000,
    destinationAccountId="X",
)
CREATE = Requested(
    "r1",
    "csp-b",
    "CreateConnection",
    {"provider": "csp-b", "environment": "env1", "interconnect": "ix1"},
    {"connectionId": UUID},
    m.Connection(bandwidthMbps=1000, activationKey=encode_key(KEY)),
)
PARTY = provider("csp-a")


def no_ids(kind: str) -> str:
    raise LookupError(kind)


def holding(connections: int) -> Tables:
    """csp-a with so many stored placements, and one confirmed key to be placed."""
    tables = Tables(PARTY.schema)
    stock(tables, inventories("standard")["csp-a"])
    with tables.begin() as tx:
        for number in range(connections):
            uuid = f"00000000-0000-4000-8000-{number:012d}"
            tx.put(PLACEMENTS, Placement("csp-b", "env1", "ix1", uuid, 1, own=False, stage=Stage.VERIFIED))
        tx.put(KEYS, Key(UUID, "csp-b", "env1", 1000, "X", encode_key(KEY), KeyState.CONFIRMED, 0))
    return tables


def step(tables: Tables, event: Event = CREATE) -> None:
    """One event, and back: the tables are as they were."""
    with tables.begin() as tx:
        (reply,) = PARTY.handle(tx, event, Ctx(0, no_ids))
        assert reply.status == 200
        tx.rollback()


def test_snapshot_and_fingerprint_against_copying() -> None:
    """A snapshot shares what does not change, a fingerprint is kept up to date: both cost far less than a copy."""
    tables = holding(100)
    rows = {table.name: {table.key_of(row): row for row in tables.rows(table)} for table in PARTY.schema}
    stepping = microseconds(lambda: step(tables))
    snapshot = microseconds(tables.snapshot, times=2_000)
    fingerprint = microseconds(tables.fingerprint, times=2_000)
    copying = microseconds(lambda: copy.deepcopy(rows), times=2, rounds=3)
    pickling = microseconds(lambda: pickle.dumps(rows), times=10)
    note("CreateConnection at a Party, and rollback", f"{stepping:.1f} us")
    note("snapshot, nothing written since the last", f"{snapshot:.2f} us")
    note("fingerprint", f"{fingerprint:.2f} us")
    note("deepcopy of the same rows (100 placements)", f"{copying:.0f} us")
    note("pickle of the same rows", f"{pickling:.0f} us")
    assert copying > 100 * snapshot
    assert copying > 50 * fingerprint
    assert pickling > 10 * (snapshot + fingerprint)


def test_a_write_after_a_snapshot_copies_one_table_only() -> None:
    tables = holding(100)
    alone = microseconds(lambda: step(tables))

    def with_snapshot() -> None:
        moment = tables.snapshot()
        step(tables)
        tables.restore(moment)

    snapshotted = microseconds(with_snapshot)
    note("snapshot, CreateConnection, restore", f"{snapshotted:.1f} us")
    assert snapshotted < 5 * alone


def test_selection_does_not_depend_on_the_number_of_connections() -> None:
    """Room comes from running sums (architecture note, "Tables")."""
    few, many = holding(1_000), holding(50_000)
    with_few, with_many = (microseconds(partial(step, tables)) for tables in (few, many))
    note("CreateConnection among 1,000 placements", f"{with_few:.1f} us")
    note("CreateConnection among 50,000 placements", f"{with_many:.1f} us")
    assert with_many < 2 * with_few


def test_exploring_costs_steps_not_copies() -> None:
    """A whole transition, choices, invariants and hashing included, costs less than one deepcopy of both sides."""
    race.explore(faults=Faults())  # warm
    found = min((race.explore(faults=Faults(drop=1, duplicate=1)) for _ in range(3)), key=lambda each: each.seconds)
    transition = found.seconds / found.transitions * 1e6
    world = race.world()
    bodies: list[Any] = [
        {table.name: tables.rows(table) for table in party.schema} for party, tables in world.cast.values()
    ]
    copying = microseconds(lambda: copy.deepcopy(bodies), times=2, rounds=3)
    turns = cycle(("accept csp-a 0001", "accept csp-b 0002"))
    moment = world.snapshot()

    def take() -> None:
        label = next(turns)
        dict(world.successors())[label]()
        world.restore(moment)

    note("states a second, CC-RACE-001 with drop=1,duplicate=1", f"{found.states / found.seconds:,.0f}")
    note("transitions a second", f"{found.transitions / found.seconds:,.0f}")
    note("a transition, all in all", f"{transition:.0f} us")
    note("a world's step with restore", f"{microseconds(take):.1f} us")
    note("deepcopy of both sides' rows", f"{copying:.0f} us")
    assert transition < copying
