"""The harness's own copy of the inventory, where it takes the seat of a target's peer: what only the harness serves.

A scenario may let the peer restrict other values than the named inventory says (coordinator-harness, section 5).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.players import OurPlayer, Untested
from conformance.session import Session
from reference_impl.connection_coordinator import provider
from reference_impl.connection_coordinator.inventory_records import Channel
from reference_impl.connection_coordinator.messages import L3BaseGuidance
from simulator.inventories import inventories


def restrict_guidance(session: Session, seat: str, changes: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Empty this seat and give it the scenario's inventory with other guidance.

    ``changes``: by channel id, or ``*`` for every channel, the members of the guidance to replace; None: no
    restriction at all.
    """
    stage = session.stage
    plan = session.notes.get("inventory", "standard")
    inventory = inventories(plan, ids=stage.names.ids, api_uri=stage.origin)[seat]

    def changed(channel: Channel) -> Channel:
        for key in ("*", channel.id):
            if key in changes:
                members = changes[key]
                was = {} if members is None else channel.guidance.to_json() | dict(members)
                channel = replace(channel, guidance=L3BaseGuidance.model_validate_json(json.dumps(was)))
        return channel

    copy = stage.names.inventory(replace(inventory, channels=tuple(map(changed, inventory.channels))))
    player = stage.seats[seat].player
    if not isinstance(player, OurPlayer):
        raise Untested(f"the harness does not play {seat}, so it cannot restrict what {seat} serves")
    session.portal.call(player.restock(lambda tables: provider.stock(tables, copy)))


def plain_accounts(session: Session, seat: str) -> None:
    """Empty this seat and give it the scenario's inventory with customers who prove nothing (CC-SEC-004)."""
    stage = session.stage
    inventory = inventories(session.notes["inventory"], ids=stage.names.ids, api_uri=stage.origin)[seat]
    copy = stage.names.inventory(
        replace(inventory, accounts=tuple(replace(each, proof_key="") for each in inventory.accounts))
    )
    player = stage.seats[seat].player
    if not isinstance(player, OurPlayer):
        raise Untested(f"the harness does not play {seat}, so it cannot do without proofs there")
    session.portal.call(player.restock(lambda tables: provider.stock(tables, copy)))
