"""What holds while a connection is moved, whatever crosses it (coordinator-harness, 7.2, I1 and I14)."""

from __future__ import annotations

from collections.abc import Sequence

from reports.verdict import Finding
from simulator.connection_coordinator.views import View
from simulator.invariant import Invariant, Liveness


def _out_of_service(views: Sequence[View]) -> Finding | None:
    """I14: as long as no customer has deleted it, at least one placement is VERIFIED on both sides (CC-MIG-002, -005)."""
    if any(told.ended for view in views for told in view.customers):
        return None
    verified = [{placed.interconnect for placed in view.placements if placed.verified} for view in views]
    if set.intersection(*verified):
        return None
    got = "; ".join(
        f"{view.seat} on {', '.join(sorted(each)) or 'none'}" for view, each in zip(views, verified, strict=True)
    )
    return Finding.failed(want="one place VERIFIED on both sides", got=got)


def _half_moved(views: Sequence[View]) -> Finding | None:
    """I1: at rest no migration is open, and what is left is VERIFIED at one place, the same on both sides."""
    if told := open_migration(views):
        return Finding.failed(want="one place, VERIFIED on both sides", got=told)
    return None


def open_migration(views: Sequence[View]) -> str:
    """Which side shows more than one place, or one that is not VERIFIED, in words."""
    for view in views:
        places = [f"{each.interconnect}{'' if each.verified else ' UNVERIFIED'}" for each in view.placements]
        if len(places) > 1 or any(not each.verified for each in view.placements):
            return f"{view.seat} shows {', '.join(places)}"
    return ""


out_of_service = Invariant("a place VERIFIED on both sides, until the customer deletes", _out_of_service)
half_moved_at_rest = Invariant("one place, VERIFIED on both sides, at rest", _half_moved, at_rest=True)

migrations_end: Liveness[View] = Liveness("every migration ends", open_migration)
