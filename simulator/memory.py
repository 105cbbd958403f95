"""What was worked out once: a Party is a function, so what it did from a state on an event it will do again.

Interleavings differ in who acts before whom, and much less in what anybody does: of ten events of an exploration nine
are met before, by the same party in the same state. So a world remembers its parties' deeds, and what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from reference_impl.kernel.party import Call, Party, Reply
from reference_impl.kernel.tables import Snapshot

Given = tuple[tuple[str, int], ...]
"""How many fresh ids of each kind a party was given."""

LIMIT = 1 << 17
"""Things that are remembered, before all of them are forgotten."""

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a party did in one transaction: the state and the ids after it, and what left.

    The party is kept because deeds are found by its address, which nobody else may get meanwhile.
    """

    party: Party[Any]
    after: Snapshot
    given: Given
    replies: tuple[Reply, ...]
    calls: tuple[Call, ...]


class Memory(dict[K, T]):
    """Whatever it forgets is worked out again."""

    def recall(self, key: K, work: Callable[[], T]) -> T:
        """What is remembered under a key; else it is worked out, and remembered."""
        found = self.get(key)
        if found is None:
            if len(self) >= LIMIT:
                self.clear()
            found = self[key] = work()
        return found


class Snapshots:
    """Tells which snapshots of one party are the same state, however it came about."""

    def __init__(self) -> None:
        self._known: Memory[int, list[Snapshot]] = Memory()

    def first(self, snapshot: Snapshot) -> Snapshot:
        """The first snapshot that was the same as this one. Its tables have a fingerprint."""
        assert snapshot.fingerprint is not None, "ask the tables for their fingerprint before"
        alike = self._known.recall(snapshot.fingerprint, list)
        for each in alike:
            if each.same(snapshot):
                return each
        alike.append(snapshot)
        return snapshot
