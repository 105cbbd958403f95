"""Everything that a world is at one moment, and how it is kept, brought back and told from others.

Handles that only count (call numbers, slots of exchanges, the numbers of fresh ids) are left out of the fingerprint,
because a counter that only grows would make every state new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

from reference_impl.kernel.party import JOBS, TIMERS, Ctx, Party
from reference_impl.kernel.tables import Snapshot, Tables, digest
from simulator.exchange import Exchange, Pair
from simulator.faults import NO_FAULTS, Faults
from simulator.flight import Flight
from simulator.memory import Deed, Given, Memory, Snapshots
from simulator.recording import Recorder

V = TypeVar("V")
Label = str
_MODULUS = 1 << 128


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """An action that a customer or operator takes at some moment: ``name`` is its label, and unique in its world."""

    name: str
    seat: str
    action: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    after: str = ""
    """The name of a step that has to be taken, or forgone, before; empty: none has to."""
    optional: bool = False
    """Who may do this need not: to ``forgo`` it is a choice, too."""


class Moment(NamedTuple):
    """A snapshot of a whole world."""

    tables: tuple[Snapshot, ...]
    steps: tuple[Step, ...]
    exchanges: Flight
    faults: Faults
    down: tuple[str, ...]
    crashes: tuple[str, ...]
    cut: tuple[Pair, ...]
    given: Mapping[str, Given]


class State:
    """Parties by seat, their tables, the steps still to be taken, the exchanges in flight and the fault budgets.

    ``operations`` bounds the story: calls of other operations are made but never leave (None: all of them leave).
    ``folded`` are reads of what does not change in this story, and jobs of equipment that does not matter to it, by
    kind: they are answered, and done, in the step that makes them.
    """

    def __init__(
        self,
        cast: Mapping[str, tuple[Party[Any], Tables]],
        steps: Sequence[Step],
        faults: Faults = NO_FAULTS,
        operations: Collection[str] | None = None,
        folded: Collection[str] = (),
    ) -> None:
        self.cast = dict(cast)
        self.steps = tuple(steps)
        self.exchanges: Flight = ()
        self.faults = faults
        self.down: tuple[str, ...] = ()
        """The seats that crashed and have not restarted."""
        self.crashes: tuple[str, ...] = ()
        """The seat of every crash so far."""
        self.cut: tuple[Pair, ...] = ()
        """The pairs of seats between which nothing passes."""
        self.operations = operations
        self.folded = folded
        self.contexts = {seat: Ctx(0, partial(self._fresh, seat)) for seat in cast}
        """What each party is handed with an event. Time stands still."""
        self.watcher: Recorder | None = None
        """Who is told what happens; an explorer needs nobody told."""
        self.given: Mapping[str, Given] = dict.fromkeys(cast, ())
        """The fresh ids that each party was given."""
        self.snapshots = {seat: Snapshots() for seat in cast}
        self.deeds: Memory[tuple[int, Snapshot, Given, Hashable], Deed] = Memory()
        self._shown: Memory[tuple[str, Snapshot, Hashable], Any] = Memory()

    def _fresh(self, seat: str, kind: str) -> str:
        """An id that nobody has had in this world. How many were given is left out of the fingerprint: states that
        differ in nothing else go on alike."""
        given = dict(self.given[seat])
        number = given[kind] = given.get(kind, 0) + 1
        self.given = {**self.given, seat: tuple(given.items())}
        if kind == "uuid":
            return f"{list(self.cast).index(seat) + 1:08}-0000-4000-8000-{number:012}"
        return f"{kind}-{seat}-{number}"

    def handle_of(self, exchange: Exchange) -> str:
        """What a request goes by at its server; a crash makes those that were open mean nobody."""
        return f"x{exchange.slot}" + "'" * self.crashes.count(exchange.server)

    def leave(self, step: Step) -> None:
        """This step will not be taken (any more)."""
        self.steps = tuple(other for other in self.steps if other is not step)

    def shown(self, seat: str, look: Callable[[str, Tables], V]) -> V:
        """What a side shows to whoever looks so."""
        _, tables = self.cast[seat]
        view: V = self._shown.recall((seat, tables.snapshot(), look), lambda: look(seat, tables))
        return view

    def at_rest(self) -> bool:
        """Nothing to be done, nothing in flight, no timer armed, no job running: so nothing is enabled, either."""
        return (
            not self.steps
            and not self.exchanges
            and not self.down
            and not self.cut
            and not any(tables.rows(TIMERS) or tables.rows(JOBS) for _, tables in self.cast.values())
        )

    def snapshot(self) -> Moment:
        return Moment(
            tuple([tables.snapshot() for _, tables in self.cast.values()]),
            self.steps,
            self.exchanges,
            self.faults,
            self.down,
            self.crashes,
            self.cut,
            self.given,
        )

    def restore(self, moment: Moment) -> None:
        (
            snapshots,
            self.steps,
            self.exchanges,
            self.faults,
            self.down,
            self.crashes,
            self.cut,
            self.given,
        ) = moment
        for (_, tables), snapshot in zip(self.cast.values(), snapshots, strict=True):
            tables.restore(snapshot)

    def fingerprint(self) -> int:
        """Equal for equal states: the tables, what is in flight, what is still to come, what may still go wrong."""
        mixed = _around(self.steps, self.faults, self.down, self.cut)
        for exchange in self.exchanges:
            mixed += exchange.digest
        for _, tables in self.cast.values():
            mixed = (mixed * 1_000_003 + tables.fingerprint()) % _MODULUS
        return mixed


@lru_cache(maxsize=1 << 12)
def _around(steps: tuple[Step, ...], faults: Faults, down: tuple[str, ...], cut: tuple[Pair, ...]) -> int:
    """What a state is apart from tables and exchanges, as a number."""
    return digest((tuple([step.name for step in steps]), faults, down, cut))
