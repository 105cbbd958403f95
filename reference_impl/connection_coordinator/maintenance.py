"""Maintenance windows, agreed by announcing and looking (Protocols, Maintenance Coordination; coordinator-harness, 8, RACE-017).

A window is written down, so that the peer can read it, and announced on each of its channels. Once every peer has
acknowledged, the peers' events are read: each side sees the other's window unless that one was announced later, and
then the other side sees ours. Of two that exclude each other one yields (CC-ERR-35). Shortly before the start the
events are read once more, and whatever stands against the window then makes it give way; without an acknowledged
announcement and that last look nothing starts (CC-ERR-63).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reference_impl.connection_coordinator import maintenance_messages as m
from reference_impl.connection_coordinator import moments
from reference_impl.connection_coordinator.desk import Desk, insist, interconnect_at, path_at_peer
from reference_impl.connection_coordinator.inventory_records import CHANNELS, Channel
from reference_impl.connection_coordinator.maintenance_decisions import Span
from reference_impl.connection_coordinator.maintenance_records import (
    PEER_EVENTS,
    WINDOWS,
    PeerEvent,
    Place,
    Window,
    WindowStage,
)
from reference_impl.connection_coordinator.messages import Empty
from reference_impl.kernel.party import Answer, Call, Refusal, Requested, Subject

CHECK, START, END = "maintenance check", "maintenance start", "maintenance end"
KEPT = 7 * 24 * 3600 * 1000
"""Milliseconds for which the operator can read of a window that is over."""


# --- what a peer may ask ----------------------------------------------------------------------------------------


def get_maintenance_events(desk: Desk, request: Requested) -> Answer:
    """All scheduled and running events of a channel (CC-MAINT-004)."""
    return Answer(m.GetMaintenanceEventsResponse(events=tuple(_shown(desk, _place_at(desk, request)))))


def _shown(desk: Desk, place: Place) -> Iterator[m.MaintenanceEvent]:
    for row in desk.tx.rows(WINDOWS):
        span = (row.start, row.end)
        if row.standing and row.on(place) and desk.decisions.maintenance.shows(*span, desk.ctx.now, row.emergency):
            yield m.MaintenanceEvent(
                maintenanceId=row.id, startTime=moments.written(row.start), endTime=moments.written(row.end)
            )


def notify_maintenance(desk: Desk, request: Requested) -> Answer:
    """The peer's events of this channel changed: read them at once; the body is a hint at most (CC-MAINT-003)."""
    place, body = _place_at(desk, request), request.body
    if desk.decisions.maintenance.believes_the_notice and isinstance(body, m.NotifyMaintenanceRequest):
        _learn(desk, place, body.events)
    elif desk.decisions.maintenance.reads_when_notified:
        _read(desk, place)
    return Answer(Empty())


def _place_at(desk: Desk, request: Requested) -> Place:
    parent = interconnect_at(desk, request)
    place = (parent.peer, parent.environment, parent.id, request.path["channel"])
    if desk.tx.get(CHANNELS, *place) is None:
        raise Refusal(404, f"interconnect {parent.id!r} has no channel {place[3]!r}")
    return place


def _read(desk: Desk, place: Place, *why: str) -> None:
    """``why``: the id and the start of the window whose last look this is."""
    path = path_at_peer(desk, place[:3], channel=place[3])
    desk.call(place[0], "GetMaintenanceEvents", path, subject=(*place, *why))


def events_read(desk: Desk, call: Call, status: int | None, body: m.GetMaintenanceEventsResponse | None) -> None:
    """The peer's events of a channel, or none where it does not know the channel."""
    if status is None or status >= 500 or (body is None and 200 <= status < 300):
        insist(desk, call)
        return
    peer, environment, interconnect, channel, *why = call.subject
    _learn(desk, (peer, environment, interconnect, channel), body.events if body else ())
    row = desk.tx.get(WINDOWS, why[0]) if why else None
    if row is not None and row.stage is WindowStage.CHECKING and str(row.start) == why[1]:
        unread = tuple(place for place in row.unread if place != (peer, environment, interconnect, channel))
        _clear(desk, desk.tx.put(WINDOWS, replace(row, unread=unread)))


def _learn(desk: Desk, place: Place, events: Iterable[m.MaintenanceEvent]) -> None:
    peer, environment, interconnect, channel = place
    for known in desk.tx.by(
        PEER_EVENTS, peer=peer, environment=environment, interconnect=interconnect, channel=channel
    ):
        desk.tx.delete(PEER_EVENTS, *place, known.id)
    for event in events:
        start, end = moments.read(event.startTime), moments.read(event.endTime)
        if start is not None and end is not None:
            desk.tx.put(PEER_EVENTS, PeerEvent(*place, event.maintenanceId or "", start, end))
    for row in desk.tx.rows(WINDOWS):
        if row.standing and row.on(place[:3]) and not row.emergency and row.stage is not WindowStage.RUNNING:
            _reconsider(desk, row)


# --- which windows exclude each other ----------------------------------------------------------------------------


def _routers(desk: Desk, window: Window) -> Iterator[Channel]:
    """The channels of other routers on the interconnects that a window touches."""
    for bundle in dict.fromkeys(place[:3] for place in window.channels):
        peer, environment, interconnect = bundle
        for channel in desk.tx.by(CHANNELS, peer=peer, environment=environment, interconnect=interconnect):
            other = (*bundle, channel.id) not in window.channels and device_of(channel) != window.device
            if other or desk.decisions.maintenance.excludes_same_device:
                yield channel


def device_of(channel: Channel) -> str:
    """Our router; a channel of which none is told is taken for one on a router of its own."""
    return channel.device or "/".join((channel.peer, channel.environment, channel.interconnect, channel.id))


def place_of(channel: Channel) -> Place:
    return channel.peer, channel.environment, channel.interconnect, channel.id


def rivals(desk: Desk, window: Window) -> list[PeerEvent]:
    """What the peers have planned against this window: at the same time, on another router of an interconnect of it."""
    others = {place_of(channel) for channel in _routers(desk, window)}
    return [
        event
        for bundle in dict.fromkeys(place[:3] for place in window.channels)
        for event in desk.tx.by(PEER_EVENTS, peer=bundle[0], environment=bundle[1], interconnect=bundle[2])
        if (*bundle, event.channel) in others
        and desk.decisions.maintenance.overlap((window.start, window.end), (event.start, event.end))
    ]


def obstacles(desk: Desk, window: Window) -> list[Span]:
    """What stands against a window that is to be scheduled: the peers' events and our own other windows."""
    if not desk.decisions.maintenance.asks_first:
        return []
    others = {place_of(channel) for channel in _routers(desk, window)}
    own = [
        (row.start, row.end)
        for row in desk.tx.rows(WINDOWS)
        if row.id != window.id and row.standing and not row.emergency and others.intersection(row.channels)
    ]
    mine = (window.start, window.end)
    met = [span for span in own if desk.decisions.maintenance.overlap(mine, span)]
    return met + [(event.start, event.end) for event in rivals(desk, window)]


def free_span(desk: Desk, window: Window) -> Window:
    """The same window at the first moment at which nothing known stands against it."""
    while met := obstacles(desk, window):
        later = max(end for _, end in met)
        window = replace(window, start=later, end=later + window.end - window.start)
    return window


# --- from the plan to the start ------------------------------------------------------------------------------------


def announce(desk: Desk, window: Window, change: str) -> Window:
    """Write a new or changed window down and tell it on each of its channels (CC-MAINT-002)."""
    told = window.channels[: desk.decisions.maintenance.tells(len(window.channels))]
    if change not in desk.decisions.maintenance.notifies:
        told = ()
    window = replace(window, stage=WindowStage.PLANNED, unheard=told, unread=())
    desk.tx.put(WINDOWS, window)
    _tell(desk, window.id, told)
    desk.disarm(START, (window.id,))
    if window.emergency:
        desk.arm(START, (window.id,), max(0, window.start - desk.ctx.now))
    else:
        desk.arm(CHECK, (window.id,), max(0, window.start - desk.decisions.maintenance.notice - desk.ctx.now))
    return window


def _tell(desk: Desk, id: str, places: Iterable[Place]) -> None:
    for place in places:
        path = path_at_peer(desk, place[:3], channel=place[3])
        desk.call(place[0], "NotifyMaintenance", path, body=m.NotifyMaintenanceRequest(), subject=(*place, id))


def cancel(desk: Desk, window: Window) -> None:
    """The window is no more, and its channels are told so."""
    desk.tx.delete(WINDOWS, window.id)
    _gone(desk, window)


def withdraw(desk: Desk, window: Window) -> None:
    """The window does not take place, and its channels are told so; the operator can read of it."""
    desk.tx.put(WINDOWS, replace(window, stage=WindowStage.WITHDRAWN, unheard=(), unread=()))
    _gone(desk, window)


def _gone(desk: Desk, window: Window) -> None:
    for timer in (CHECK, START, END):
        desk.disarm(timer, (window.id,))
    if window.standing and "close" in desk.decisions.maintenance.notifies:
        _tell(desk, window.id, window.channels)


def notified(desk: Desk, call: Call, status: int | None, body: Empty | None) -> None:
    """Heard: once all are, read what the peers have planned meanwhile."""
    if not desk.decisions.maintenance.acknowledged(status):
        insist(desk, call)
        return
    window = desk.tx.get(WINDOWS, call.subject[4])
    place = (call.subject[0], call.subject[1], call.subject[2], call.subject[3])
    if window is None or place not in window.unheard:
        return
    if any(other.subject == call.subject for other in desk.open_calls("NotifyMaintenance", call.subject)):
        return  # a later change is still to be heard of
    window = replace(window, unheard=tuple(each for each in window.unheard if each != place))
    desk.tx.put(WINDOWS, window)
    if not window.unheard and not window.emergency:
        if window.stage is WindowStage.CHECKING:
            _look(desk, window)
        else:
            for channel in _routers(desk, window):
                _read(desk, place_of(channel))


def check(desk: Desk, subject: Subject) -> None:
    """The start is near: the last look."""
    window = desk.tx.get(WINDOWS, *subject)
    if window is None:
        return
    desk.arm(START, subject, max(0, window.start - desk.ctx.now))
    window = desk.tx.put(WINDOWS, replace(window, stage=WindowStage.CHECKING))
    if not window.unheard:
        _look(desk, window)


def _look(desk: Desk, window: Window) -> None:
    unread = tuple(place_of(channel) for channel in _routers(desk, window))
    window = desk.tx.put(WINDOWS, replace(window, unread=unread))
    for place in unread:
        _read(desk, place, window.id, str(window.start))
    _clear(desk, window)


def _clear(desk: Desk, window: Window) -> None:
    if not window.unread and not window.unheard and window.stage is WindowStage.CHECKING:
        desk.tx.put(WINDOWS, replace(window, stage=WindowStage.CLEARED))


def _reconsider(desk: Desk, window: Window) -> None:
    """News of a peer's events: does this window have to give way?"""
    choices = desk.decisions.maintenance
    met = rivals(desk, window)
    last = window.stage is WindowStage.CHECKING and choices.yields_at_last
    if not met or not (last or any(choices.yields((window.start, window.id), (e.start, e.id)) for e in met)):
        return
    if choices.gives_way_by == "withdraw":
        withdraw(desk, window)
        return
    desk.disarm(CHECK, (window.id,))
    moved = free_span(desk, window)
    announce(desk, moved, "move")


def start(desk: Desk, subject: Subject) -> None:
    """The start has come. A window that was not cleared does not take place."""
    window = desk.tx.get(WINDOWS, *subject)
    if window is None:
        return
    if window.emergency or window.stage is WindowStage.CLEARED or not desk.decisions.maintenance.starts_only_cleared:
        desk.tx.put(WINDOWS, replace(window, stage=WindowStage.RUNNING))
        desk.arm(END, subject, max(0, window.end - desk.ctx.now))
    else:
        withdraw(desk, window)


def end(desk: Desk, subject: Subject) -> None:
    """It is over, and not served any more (CC-ERR-35)."""
    window = desk.tx.get(WINDOWS, *subject)
    if window is not None:
        desk.tx.put(WINDOWS, replace(window, stage=WindowStage.OVER))


def forget(desk: Desk) -> None:
    """What was over a week ago is not kept."""
    for row in desk.tx.rows(WINDOWS):
        if not row.standing and row.end < desk.ctx.now - KEPT:
            desk.tx.delete(WINDOWS, row.id)


REQUESTED = {"GetMaintenanceEvents": get_maintenance_events, "NotifyMaintenance": notify_maintenance}
RESPONDED: Mapping[str, Callable[[Desk, Call, int | None, Any], None]] = {
    "GetMaintenanceEvents": events_read,
    "NotifyMaintenance": notified,
}
FIRED = {CHECK: check, START: start, END: end}
