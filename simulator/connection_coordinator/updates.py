"""What must never be of a connection's bandwidth while it is changed (coordinator-harness, 7.2: I9)."""

from __future__ import annotations

from collections.abc import Sequence

from reports.verdict import Finding
from simulator.connection_coordinator.views import View
from simulator.invariant import Invariant, Liveness


def bandwidth_among(*mbps: int) -> Invariant[View]:
    """I9: in both copies and both customers' views only what the key says, or what a customer asked for (CC-UPD-003)."""

    def judge(views: Sequence[View]) -> Finding | None:
        for view in views:
            shown = {each.mbps for each in view.placements} | {each.mbps for each in view.customers}
            if strange := sorted(shown.difference(mbps)):
                wanted = ", ".join(map(str, mbps))
                return Finding.failed(want=f"one of {wanted} Mbps", got=f"{view.seat} shows {strange[0]} Mbps")
        return None

    return Invariant("no bandwidth that nobody asked for", judge)


def _told_otherwise(views: Sequence[View]) -> Finding | None:
    """I9: at rest each customer reads the bandwidth that is placed (CC-UPD-006)."""
    for view in views:
        placed = {each.uuid: each.mbps for each in view.placements if each.settled}
        for told in view.customers:
            if told.uuid in placed and told.mbps != placed[told.uuid]:
                got = f"{view.seat} has placed {placed[told.uuid]} Mbps and tells its customer {told.mbps}"
                return Finding.failed(want="the customer told what is placed", got=got)
    return None


def _still_held(views: Sequence[View]) -> Finding | None:
    """At rest nothing is reserved beyond what is placed: a refused increase gave its room back (CC-RACE-006)."""
    for view in views:
        for placed in view.placements:
            if placed.extra:
                got = f"{view.seat} holds {placed.extra} Mbps more for {placed.uuid[-4:]}"
                return Finding.failed(want="no reservation left over", got=got)
    return None


def open_update(views: Sequence[View]) -> str:
    """Which customer still waits for the end of a change, in words."""
    for view in views:
        for told in view.customers:
            if told.state == "updating":
                return f"{view.seat} still changes {told.uuid[-4:]}"
    return ""


def _unfinished(views: Sequence[View]) -> Finding | None:
    """At rest every change was granted or refused (coordinator-harness, 7.2, liveness (a))."""
    if told := open_update(views):
        return Finding.failed(want="every change granted or refused", got=told)
    return None


told_otherwise_at_rest = Invariant("customers are told what is placed", _told_otherwise, at_rest=True)
still_held_at_rest = Invariant("no reservation left over", _still_held, at_rest=True)
update_open_at_rest = Invariant("every change is granted or refused", _unfinished, at_rest=True)

updates_end: Liveness[View] = Liveness("every change ends", open_update)
