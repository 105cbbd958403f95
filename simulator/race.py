"""A race: who acts, what may go wrong, what must never be, and which variants are known to fall into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from reference_impl.kernel.party import Acted, Ctx, Party, Reply
from reference_impl.kernel.tables import Tables
from simulator.explore import Exploration, explore
from simulator.faults import Faults
from simulator.invariant import Invariant, Liveness, Sometimes
from simulator.sight import Sight
from simulator.world import Step, World

D = TypeVar("D")
V = TypeVar("V")
Cast = dict[str, tuple[Party[Any], Tables]]


@dataclass(frozen=True, slots=True)
class Race(Generic[D, V]):
    """A requirement's race, for parties with decisions ``D`` that show views ``V``.

    ``cast`` makes the parties for given decisions; ``prepare`` brings them to the start and gives the steps; ``view``
    is what one side shows. ``operations`` bounds the story (None: to its very end), so that the state space closes, and
    ``boundary`` says so in words, for the verdict. ``folded`` are reads and jobs that do not matter here.
    """

    id: str
    title: str
    story: str
    cast: Callable[[D], Cast]
    prepare: Callable[[Cast], Sequence[Step]]
    view: Sight[V]
    decisions: D
    faults: Faults
    never: tuple[Invariant[V], ...]
    live: tuple[Liveness[V], ...] = ()
    sometimes: Mapping[str, Sometimes[V]] = field(default_factory=dict)
    variants: Mapping[str, D] = field(default_factory=dict)
    operations: tuple[str, ...] | None = None
    folded: tuple[str, ...] = ()
    boundary: str = ""
    errata: tuple[str, ...] = ()

    def world(self, variant: str | None = None, faults: Faults | None = None) -> World:
        """The world at the start of the race. KeyError names the variants there are."""
        if variant is not None and variant not in self.variants:
            raise KeyError(f"race {self.id} has no variant {variant!r}; it has: {'; '.join(self.variants)}")
        cast = self.cast(self.decisions if variant is None else self.variants[variant])
        return World(cast, self.prepare(cast), self.faults if faults is None else faults, self.operations, self.folded)

    def views(self, world: World) -> list[V]:
        """What every side of this world shows."""
        return [world.shown(seat, self.view) for seat in world.cast]

    def explore(self, variant: str | None = None, faults: Faults | None = None, **options: Any) -> Exploration:
        world = self.world(variant, faults)
        return explore(world, self.views, self.never, self.sometimes, self.live, **options)


def ask(cast: Cast, seat: str, action: str, fresh: Callable[[str], str], **inputs: Any) -> dict[str, Any]:
    """Ask one party an action before the race begins; returns the outputs."""
    party, tables = cast[seat]
    with tables.begin() as tx:
        (reply,) = party.handle(tx, Acted("prologue", action, inputs), Ctx(0, fresh))
    return _outputs(reply, action)


def _outputs(reply: Reply, action: str) -> dict[str, Any]:
    shown = reply.body.to_json() if reply.body else {}
    if reply.status != 200:
        raise ValueError(f"the prologue's {action} was refused: {shown}")
    outputs: dict[str, Any] = shown["outputs"]
    return outputs


def through(world: World, *patterns: str) -> None:
    """Bring a world, before its race begins, to where nothing but timers is left to happen, without any fault.

    Always the first enabled label is taken; with ``patterns`` only labels that begin with one of them. The seats take
    up no step of the race, so give the world the prologue's own steps alone. RuntimeError: it did not end.
    """
    for _ in range(10_000):
        label = next((each for each in world.enabled() if not patterns or each.startswith(patterns)), None)
        if label is None:
            return
        world.step(label)
    raise RuntimeError("the prologue did not come to an end in 10,000 steps")
