"""What a world remembers: the same states as without, exact to the order of rows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from reference_impl.kernel.party import Acted, Answer, Turn
from reference_impl.kernel.tables import Table, Tables
from simulator import memory
from simulator.explore import explore
from simulator.faults import Faults
from simulator.memory import Memory, Snapshots
from simulator.races.cc_race_001 import race
from simulator.world import Step, World
from tests.simulator.toys import NOTES, Note, note, noted, toy


def tables_with(*notes: Note, schema: tuple[Table[Any], ...] = (NOTES,)) -> Tables:
    tables = Tables(schema)
    tables.fingerprint()
    with tables.begin() as tx:
        for each in notes:
            tx.put(schema[0], each)
    return tables


@pytest.mark.parametrize("limit", [1, 100])
def test_what_is_forgotten_is_worked_out_again(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LIMIT", limit)
    found = race.explore(faults=Faults(duplicate=1))
    assert (found.states, found.transitions, found.rests) == (303, 632, 6)


def test_most_is_remembered() -> None:
    world = race.world(faults=Faults(drop=1))
    explore(world, race.views, race.never)
    assert len(world.deeds) == 352  # of 1,142 transitions


def test_equal_states_are_one_snapshot() -> None:
    snapshots = Snapshots()
    first = tables_with(Note("a"), Note("b")).snapshot()
    assert snapshots.first(first) is first
    again = tables_with(Note("a"), Note("b")).snapshot()
    assert snapshots.first(again) is first
    other_order = tables_with(Note("b"), Note("a")).snapshot()
    assert other_order.fingerprint == first.fingerprint
    assert snapshots.first(other_order) is other_order


def test_the_order_within_an_index_counts() -> None:
    """``by`` tells rows in the order in which they got the value, which the order of the rows does not show."""
    indexed = (Table("notes", Note, ("name",), (("text",),)),)
    one = tables_with(Note("a", "x"), Note("b", "x"), schema=indexed)
    other = tables_with(Note("a", "y"), Note("b", "x"), Note("a", "x"), schema=indexed)
    assert one.rows(indexed[0]) == other.rows(indexed[0])
    with one.begin() as first, other.begin() as second:
        assert first.by(indexed[0], text="x") != second.by(indexed[0], text="x")
    snapshots = Snapshots()
    assert snapshots.first(one.snapshot()) is not snapshots.first(other.snapshot())


def test_anonymous_members_count() -> None:
    """The number of a call is in no fingerprint, but its answer has to find it."""
    anonymous = (Table("notes", Note, ("name",), anonymous=("name",)),)
    one, other = (tables_with(Note(name, "x"), schema=anonymous).snapshot() for name in ("1", "2"))
    assert one.fingerprint == other.fingerprint
    snapshots = Snapshots()
    assert snapshots.first(one) is one
    assert snapshots.first(other) is other


def test_another_party_in_the_same_seat_acts_for_itself() -> None:
    def write(text: str) -> Any:
        def act(turn: Turn[Any], event: Acted) -> Answer:
            note(turn, "said", text)
            return Answer()

        return act

    one, tables = toy("a", acted={"act": write("one")})
    world = World({"a": (one, tables)}, [Step("act", "a", "act")])
    start = world.snapshot()
    world.step("act")
    assert noted(tables) == {"said": "one"}
    world.restore(start)
    other, _ = toy("a", acted={"act": write("other")})
    world.cast["a"] = (replace(one, handlers=other.handlers), tables)
    world.step("act")
    assert noted(tables) == {"said": "other"}


def test_what_is_written_from_outside_is_seen() -> None:
    """Tables belong to whoever holds them: a world asks for their state before every event."""

    def copy(turn: Turn[Any], event: Acted) -> Answer:
        note(turn, "copy", " ".join(sorted(row.name for row in turn.tx.rows(NOTES))))
        return Answer()

    party, tables = toy("a", acted={"copy": copy})
    world = World({"a": (party, tables)}, [Step("first", "a", "copy"), Step("second", "a", "copy")])
    world.step("first")
    with tables.begin() as tx:
        tx.put(NOTES, Note("from outside"))
    world.step("second")
    assert noted(tables)["copy"] == "copy from outside"
    assert world.shown("a", lambda seat, tables: len(tables.rows(NOTES))) == 2


def test_a_memory_works_out_once() -> None:
    asked: list[str] = []
    kept: Memory[str, int] = Memory()

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    assert [kept.recall(word, partial(length, word)) for word in ("one", "three", "one")] == [3, 5, 3]
    assert asked == ["one", "three"]
