"""A key is good for one connection, once it was confirmed, and for none once it was withdrawn (coordinator-harness, I8)."""

from __future__ import annotations

from collections.abc import Sequence

from reports.verdict import Finding
from simulator.connection_coordinator.views import View
from simulator.invariant import Invariant


def _unconfirmed(views: Sequence[View]) -> Finding | None:
    """Nobody places or proposes a connection before its issuer confirmed the key (CC-KEY-013, CC-CONN-004)."""
    issued = {uuid for view in views for uuid, state in view.keys if state == "issued"}
    for view in views:
        for placed in view.placements:
            if placed.uuid in issued:
                got = f"{view.seat} shows {placed.uuid[-4:]} on {placed.interconnect}, its key is merely issued"
                return Finding.failed(want="a placement only for a confirmed key", got=got)
    return None


def _useless(views: Sequence[View]) -> Finding | None:
    """At rest who accepted a key that nobody withdrew has a connection, on both sides (CC-RACE-014, CC-ERR-03)."""
    deleted = {told.uuid for view in views for told in view.customers if told.state == "deleted"}
    for told in (told for view in views for told in view.customers if told.accepted and told.uuid not in deleted):
        for view in views:
            if not any(placed.uuid == told.uuid and placed.settled for placed in view.placements):
                got = f"{view.seat} has not placed {told.uuid[-4:]}, its customer reads {told.state}"
                return Finding.failed(want="a rightful use of a key succeeds", got=got)
    return None


unconfirmed = Invariant("no placement before its key is confirmed", _unconfirmed)
useless_at_rest = Invariant("a rightful use of a key succeeds", _useless, at_rest=True)
