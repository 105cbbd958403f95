"""Casts of providers for a race: csp-a and csp-b with their copies of a named inventory."""

from __future__ import annotations

from collections.abc import Callable

from reference_impl.connection_coordinator.decisions import Decisions
from reference_impl.connection_coordinator.provider import provider, stock
from reference_impl.kernel.tables import Tables
from simulator.inventories import inventories
from simulator.race import Cast


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
