"""A race: who acts, what may go wrong, what must never be, and which variants are known to fall into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reference_impl.connection_coordinator.decisions import Decisions
from reference_impl.connection_coordinator.provider import provider, stock
from reference_impl.kernel.party import Acted, Ctx, Party, Reply
from reference_impl.kernel.tables import Tables
from simulator.explore import Exploration, Sometimes, explore
from simulator.faults import Faults
from simulator.invariants import Invariant
from simulator.inventories import inventories
from simulator.views import View, provider_view
from simulator.world import Step, World

Cast = dict[str, tuple[Party[Any], Tables]]


@dataclass(frozen=True, slots=True)
class Race:
    """``cast`` makes the parties for given decisions; ``prepare`` brings them to the start and gives the steps.

    ``operations`` bounds the story (None: to its very end), so that the state space closes.
    """

    id: str
    title: str
    story: str
    cast: Callable[[Decisions], Cast]
    prepare: Callable[[Cast], Sequence[Step]]
    decisions: Decisions
    faults: Faults
    never: tuple[Invariant, ...]
    sometimes: Mapping[str, Sometimes] = field(default_factory=dict)
    variants: Mapping[str, Decisions] = field(default_factory=dict)
    operations: tuple[str, ...] | None = None
    errata: tuple[str, ...] = ()

    def world(self, variant: str | None = None, faults: Faults | None = None) -> World:
        """The world at the start of the race. KeyError names the variants there are."""
        if variant is not None and variant not in self.variants:
            raise KeyError(f"race {self.id} has no variant {variant!r}; it has: {'; '.join(self.variants)}")
        cast = self.cast(self.decisions if variant is None else self.variants[variant])
        return World(cast, self.prepare(cast), self.faults if faults is None else faults, self.operations)

    def explore(self, variant: str | None = None, faults: Faults | None = None, **options: Any) -> Exploration:
        return explore(self.world(variant, faults), views, self.never, dict(self.sometimes), **options)


def views(world: World) -> list[View]:
    return [provider_view(seat, tables) for seat, (_, tables) in world.cast.items()]


def two_providers(inventory: str, channels: int) -> Callable[[Decisions], Cast]:
    """csp-a and csp-b with the same decisions and their copies of a named inventory."""

    def cast(decisions: Decisions) -> Cast:
        made: Cast = {}
        for seat, goods in inventories(inventory, channels).items():
            party = provider(seat, decisions)
            tables = Tables(party.schema)
            stock(tables, goods)
            made[seat] = (party, tables)
        return made

    return cast


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
