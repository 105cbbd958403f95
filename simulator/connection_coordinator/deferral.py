"""How a deferral ends: with a connection that is VERIFIED on both sides, or with none (CC-RACE-016)."""

from __future__ import annotations

from collections.abc import Sequence

from reports.verdict import Finding
from simulator.connection_coordinator.activation import open_activation
from simulator.connection_coordinator.views import View
from simulator.invariant import Invariant, Liveness


def _not_for_good(views: Sequence[View]) -> Finding | None:
    """What the driver was told is heard, 2xx to its notification, is success for good (CC-DEFER-006)."""
    for view in views:
        acked = {placed.uuid for placed in view.placements if placed.settled and placed.acked}
        for other in views:
            if other is not view and (
                failed := [t for t in other.customers if t.state == "failed" and t.uuid in acked]
            ):
                got = (
                    f"{other.seat} acknowledged {view.seat}'s notification of {failed[0].uuid[-4:]}, and rolled it back"
                )
                return Finding.failed(want="success for good once a notification is acknowledged", got=got)
    return None


def _told_otherwise(views: Sequence[View]) -> Finding | None:
    """At rest the customer who accepted reads established where the connection is, and failed where it is gone."""
    for view in views:
        there = {placed.uuid for placed in view.placements}
        for told in view.customers:
            if told.accepted and (told.state == "established") != (told.uuid in there):
                got = f"{view.seat} tells {told.state}, and shows {len(view.placements)} placements"
                return Finding.failed(want="established where it is, failed where it is gone", got=got)
    return None


rolled_back_after_success = Invariant("an acknowledged notification is success for good", _not_for_good)
told_otherwise_at_rest = Invariant("customers are told how the deferral ended", _told_otherwise, at_rest=True)

deferrals_end: Liveness[View] = Liveness("every deferral ends, VERIFIED or gone", open_activation)
