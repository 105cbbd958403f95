"""Casts of providers for a race: csp-a and csp-b with their copies of a named inventory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import Decisions
from reference_impl.connection_coordinator.inventory_records import Channel
from reference_impl.connection_coordinator.messages import VLANRange
from reference_impl.connection_coordinator.provider import provider, stock
from reference_impl.kernel.tables import Tables
from simulator.inventories import inventories
from simulator.race import Cast


def two_providers(
    inventory: str, channels: int, rooms: Mapping[str, int] | None = None, vlans: VLANRange | None = None
) -> Callable[[Decisions], Cast]:
    """csp-a and csp-b with the same decisions and their copies of a named inventory.

    ``rooms`` gives, by seat, the Mbps of every interconnect in that seat's copy: who shows more than there is proposes
    what cannot be, and the other one has to notice. ``vlans`` are those of every channel, instead of the inventory's.
    """

    def cast(decisions: Decisions) -> Cast:
        made: Cast = {}
        for seat, goods in inventories(inventory, channels).items():
            if room := (rooms or {}).get(seat):
                goods = replace(goods, interconnects=tuple(replace(row, max_mbps=room) for row in goods.interconnects))
            if vlans:
                goods = replace(goods, channels=tuple(_only(vlans, row) for row in goods.channels))
            party = provider(seat, decisions)
            tables = Tables(party.schema)
            stock(tables, goods)
            made[seat] = (party, tables)
        return made

    return cast


def _only(vlans: VLANRange, channel: Channel) -> Channel:
    return replace(channel, guidance=channel.guidance.model_copy(update={"vlanRanges": (vlans,)}))
