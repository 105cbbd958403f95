"""What must never be, over the views of both sides (coordinator-harness, 7.2). One definition for simulator and live runs."""

from __future__ import annotations

from collections.abc import Sequence

from reports.verdict import Finding
from simulator.connection_coordinator.views import View
from simulator.invariant import Invariant


def _oversubscribed(views: Sequence[View]) -> Finding | None:
    """I2: on each side the placed connections of an interconnect fit into its maximum (CC-IX-004).

    An own proposal under way is not counted: yielding shows both for a moment (CC-ERR-60).
    """
    for view in views:
        for interconnect, most, reserved in view.rooms:
            if reserved > most:
                return Finding.failed(
                    want=f"at most {most} Mbps on {interconnect}", got=f"{view.seat} has placed {reserved} Mbps"
                )
    return None


def _disagree(views: Sequence[View]) -> Finding | None:
    """I3: both sides list the same (UUID, interconnect, Mbps) (CC-CONN-016, CC-RACE-003)."""
    lists = [tuple((p.uuid, p.interconnect, p.mbps) for p in view.placements) for view in views]
    if all(each == lists[0] for each in lists):
        return None
    return Finding.failed(
        want="the same placements on both sides",
        got="; ".join(f"{view.seat} {_told(each)}" for view, each in zip(views, lists, strict=True)),
    )


def _told(placements: Sequence[tuple[str, str, int]]) -> str:
    return ", ".join(f"{uuid[-4:]} on {interconnect}" for uuid, interconnect, _ in placements) or "none"


def _placed_twice(views: Sequence[View]) -> Finding | None:
    """I1: a UUID is placed on at most one interconnect per side, unless a migration was ordered."""
    for view in views:
        uuids = [placed.uuid for placed in view.placements]
        if twice := sorted({uuid for uuid in uuids if uuids.count(uuid) > 1}):
            return Finding.failed(want="one placement for each connection", got=f"{view.seat} placed {twice} twice")
    return None


def _verified_alone(views: Sequence[View]) -> Finding | None:
    """At rest a connection is verified on both sides or on none (CC-ACT-005)."""
    verified = [[placed.uuid for placed in view.placements if placed.verified] for view in views]
    if alone := sorted({uuid for each in verified for uuid in each if any(uuid not in other for other in verified)}):
        return Finding.failed(want="verified on both sides or on none", got=f"one side alone verified {alone}")
    return None


def _request_open(views: Sequence[View]) -> Finding | None:
    """At rest every customer's request is placed or has failed (coordinator-harness, 7.2, liveness (a))."""
    for view in views:
        settled = {placed.uuid for placed in view.placements if placed.settled}
        for told in view.customers:
            if told.accepted and told.state == "pending" and told.uuid not in settled:
                return Finding.failed(
                    want="every customer's request placed or failed", got=f"{view.seat} shows {told.uuid} {told.state}"
                )
    return None


def _none_placed(views: Sequence[View]) -> Finding | None:
    """Of crossing proposals at least one succeeds, here or on another interconnect (CC-RACE-001)."""
    wanted = sorted({told.uuid for view in views for told in view.customers if told.accepted})
    if not wanted or any(placed.settled for view in views for placed in view.placements):
        return None
    return Finding.failed(want=f"at least one of {', '.join(uuid[-4:] for uuid in wanted)} placed", got="none is")


def _failed(views: Sequence[View]) -> Finding | None:
    """Every connection that a customer accepted is placed: nothing was in its way (coordinator-harness, 8)."""
    for view in views:
        for told in view.customers:
            if told.accepted and told.state == "failed":
                return Finding.failed(want="every connection placed", got=f"{view.seat} shows {told.uuid[-4:]} failed")
    return None


def _turned_away(views: Sequence[View]) -> Finding | None:
    """A request fails for want of room only: by the stricter of both sides' books there is too little (CC-RACE-002)."""
    free: dict[str, int] = {}
    for view in views:
        for interconnect, most, reserved in view.rooms:
            free[interconnect] = min(free.get(interconnect, most), most - reserved)
    for view in views:
        for told in view.customers:
            if told.accepted and told.state == "failed" and max(free.values()) >= told.mbps:
                return Finding.failed(
                    want=f"room for less than {told.mbps} Mbps where {told.uuid[-4:]} failed",
                    got=", ".join(f"{mbps} Mbps free on {interconnect}" for interconnect, mbps in free.items()),
                )
    return None


oversubscribed = Invariant("no interconnect oversubscribed", _oversubscribed)
disagree_at_rest = Invariant("both sides agree at rest", _disagree, at_rest=True)
placed_twice_at_rest = Invariant("one placement per connection at rest", _placed_twice, at_rest=True)
verified_alone_at_rest = Invariant("verified on both sides or on none", _verified_alone, at_rest=True)
one_placed_at_rest = Invariant("at least one connection is placed at rest", _none_placed, at_rest=True)
request_open_at_rest = Invariant("every customer's request is placed or has failed", _request_open, at_rest=True)
turned_away_at_rest = Invariant("nobody is turned away while there is room", _turned_away, at_rest=True)
failed_at_rest = Invariant("no connection fails", _failed, at_rest=True)
