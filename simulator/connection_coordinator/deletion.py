"""What a deletion leaves behind: nothing, on neither side, and it gives back once what it took (coordinator-harness, I10)."""

from __future__ import annotations

from collections.abc import Sequence

from reports.verdict import Finding
from simulator.connection_coordinator.views import View
from simulator.invariant import Invariant, Liveness

GONE = ("deleted", "failed")


def _outlives(views: Sequence[View]) -> Finding | None:
    """No feature, VLAN or subnet without its connection, whichever call was handled first (CC-DEL-003, CC-RACE-009)."""
    for view in views:
        places = {(placed.uuid, placed.interconnect) for placed in view.placements}
        for feature in view.features:
            if (feature.uuid, feature.interconnect) not in places:
                got = f"{view.seat} has {feature.id} on {feature.interconnect}, and no connection {feature.uuid[-4:]}"
                return Finding.failed(want="features gone with their connection", got=got)
    return None


def _comes_back(views: Sequence[View]) -> Finding | None:
    """What a customer was told is deleted does not come back on this side (CC-DEL-004, CC-RACE-008, CC-RACE-011)."""
    for view in views:
        deleted = {told.uuid for told in view.customers if told.state == "deleted"}
        for placed in view.placements:
            if placed.uuid in deleted:
                got = f"{view.seat} shows {placed.uuid[-4:]} on {placed.interconnect} again"
                return Finding.failed(want="deleted for good", got=got)
    return None


def _unfinished(views: Sequence[View]) -> Finding | None:
    """At rest every deletion and every clean-up has come to its end (coordinator-harness, 7.2, liveness (a))."""
    if told := open_deletion(views):
        return Finding.failed(want="every deletion done", got=told)
    return None


def open_deletion(views: Sequence[View]) -> str:
    """Which customer still waits for the end of a deletion, in words."""
    for view in views:
        for told in view.customers:
            if told.ended and (told.state not in GONE or any(told.uuid == placed.uuid for placed in view.placements)):
                return f"{view.seat} still deletes {told.uuid[-4:]}, its customer reads {told.state}"
    return ""


def _one_sided(views: Sequence[View]) -> Finding | None:
    """At rest what one customer deleted is gone on both sides, and so it is told; its key is void at an issuer who heard
    of it: no call tells of what was not placed yet (CC-DEL-003 to -005, CC-KEY-016, CC-ERR-40)."""
    deleted = {told.uuid for view in views for told in view.customers if told.state == "deleted"}
    for view in views:
        here = {told.uuid for told in view.customers if told.state == "deleted"}
        left = [f"{placed.uuid[-4:]} on {placed.interconnect}" for placed in view.placements if placed.uuid in deleted]
        left += [f"a key {state}" for uuid, state in view.keys if uuid in here and state in ("issued", "confirmed")]
        left += [
            f"a customer who reads {told.state}"
            for told in view.customers
            if told.uuid in deleted and told.state in ("established", "updating")
        ]
        if left:
            return Finding.failed(want="deleted on both sides", got=f"{view.seat} has {', '.join(left)}")
    return None


def _room_differs(views: Sequence[View]) -> Finding | None:
    """At rest both sides have the same room: a deletion gives back once, and all, of what it took (CC-RACE-008, -010)."""
    rooms = [{interconnect: most - reserved for interconnect, most, reserved in view.rooms} for view in views]
    if all(each == rooms[0] for each in rooms):
        return None
    told = "; ".join(
        f"{view.seat} has {', '.join(f'{mbps} Mbps on {interconnect}' for interconnect, mbps in each.items())}"
        for view, each in zip(views, rooms, strict=True)
    )
    return Finding.failed(want="the same room on both sides", got=told)


outlives_connection = Invariant("no feature outlives its connection", _outlives)
comes_back = Invariant("what was deleted does not come back", _comes_back)
deletion_open_at_rest = Invariant("every deletion is done at rest", _unfinished, at_rest=True)
deleted_on_one_side_at_rest = Invariant("deleted on both sides or on none", _one_sided, at_rest=True)
room_differs_at_rest = Invariant("the same room on both sides at rest", _room_differs, at_rest=True)

deletions_end: Liveness[View] = Liveness("every deletion ends", open_deletion)

DELETION = (
    outlives_connection,
    comes_back,
    deletion_open_at_rest,
    deleted_on_one_side_at_rest,
    room_differs_at_rest,
)
"""I10, whole."""
