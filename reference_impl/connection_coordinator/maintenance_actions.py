"""Northbound: an operator plans, moves and cancels maintenance (coordinator-harness, 2.2).

A window that would meet another one is refused, or with ``shift`` put to the next free time; the answer tells which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from reference_impl.connection_coordinator import maintenance, moments
from reference_impl.connection_coordinator.desk import Desk
from reference_impl.connection_coordinator.inventory_records import CHANNELS, Channel
from reference_impl.connection_coordinator.maintenance_records import WINDOWS, Window, WindowStage
from reference_impl.kernel.action import Action, Kind, Value, may, ok, text
from reference_impl.kernel.party import Acted, Answer, Refusal

_START = Value("start", summary="RFC 3339")
_END = Value("end", summary="RFC 3339")
_SHIFT = may("shift", Kind.TRUTH, "true: rather the next free time than a refusal")
_PLANNED = (Value("maintenance"), Value("start"), Value("end"))

ROWS = (
    Action(
        "open_maintenance",
        "operator",
        "Plan maintenance of a channel, or of a router with all its channels",
        (
            may("environment", summary="with interconnect and channel"),
            may("interconnect"),
            may("channel"),
            may("router", Kind.TRUTH, "true: with all channels of the router on which this channel stands"),
            may("device", summary="a router of ours, instead of a channel"),
            may("peer", summary="which partner's environment, where two have the same id"),
            _START,
            _END,
            may("kind", summary="scheduled, or emergency: it asks nobody"),
            _SHIFT,
        ),
        _PLANNED,
    ),
    Action(
        "move_maintenance",
        "operator",
        "Other times for a window that has not begun",
        (Value("maintenance"), _START, _END, _SHIFT),
        _PLANNED,
    ),
    Action("close_maintenance", "operator", "Cancel a window, or end it early", (Value("maintenance"),)),
)


def open_maintenance(desk: Desk, asked: Acted) -> Answer:
    maintenance.forget(desk)
    channels = _channels(desk, asked)
    kind = asked.inputs.get("kind") or "scheduled"
    if kind not in ("scheduled", "emergency"):
        raise Refusal(422, f"kind: want scheduled or emergency, got {kind!r}")
    window = Window(
        desk.ctx.fresh("maintenance"),
        maintenance.device_of(channels[0]),
        tuple(maintenance.place_of(channel) for channel in channels),
        *_span(desk, asked, kind == "emergency"),
        emergency=kind == "emergency",
    )
    return _planned(
        maintenance.announce(desk, _fitted(desk, asked, window), "emergency" if window.emergency else "open")
    )


def move_maintenance(desk: Desk, asked: Acted) -> Answer:
    old = _window(desk, asked)
    if old.stage is WindowStage.RUNNING:
        raise Refusal(409, f"maintenance {old.id} has begun")
    start, end = _span(desk, asked, old.emergency)
    new = _fitted(desk, asked, replace(old, start=start, end=end))
    if not desk.decisions.maintenance.keeps_id:
        desk.tx.delete(WINDOWS, old.id)
        new = replace(new, id=desk.ctx.fresh("maintenance"))
    return _planned(maintenance.announce(desk, new, "move"))


def close_maintenance(desk: Desk, asked: Acted) -> Answer:
    maintenance.cancel(desk, _window(desk, asked))
    return ok()


def _window(desk: Desk, asked: Acted) -> Window:
    row = desk.tx.get(WINDOWS, text(asked, "maintenance"))
    if row is None or not row.standing:
        told = f", it is {row.stage.value}" if row else ""
        raise Refusal(404, f"no maintenance {asked.inputs.get('maintenance')!r}{told}")
    return row


def _channels(desk: Desk, asked: Acted) -> list[Channel]:
    """The channel, or all channels of the device."""
    rows, device = desk.tx.rows(CHANNELS), asked.inputs.get("device")
    if device:
        found = [row for row in rows if row.device == device]
    else:
        place = text(asked, "environment"), text(asked, "interconnect"), text(asked, "channel")
        found = [row for row in rows if (row.environment, row.interconnect, row.id) == place]
        found = [row for row in found if asked.inputs.get("peer") in (None, row.peer)]
        if len(found) == 1 and asked.inputs.get("router") is True:
            found = [row for row in rows if maintenance.device_of(row) == maintenance.device_of(found[0])]
            device = True
    if not found or (not device and len(found) > 1):
        raise Refusal(422, f"want a device of ours, or environment, interconnect and channel: {len(found)} found")
    return found


def _span(desk: Desk, asked: Acted, emergency: bool) -> tuple[int, int]:
    start, end = moments.read(text(asked, "start")), moments.read(text(asked, "end"))
    if start is None or end is None or end <= start or end <= desk.ctx.now:
        raise Refusal(422, "start and end: want RFC 3339 moments with an offset, the end after the start and after now")
    if not emergency and start < desk.ctx.now + desk.decisions.maintenance.notice:
        raise Refusal(422, f"start: want at least {desk.decisions.maintenance.notice // 1000} s of notice")
    return start, end


def _fitted(desk: Desk, asked: Acted, window: Window) -> Window:
    """The window as it can be: as asked, shifted, or refused (CC-MAINT-001); an emergency always as asked (CC-MAINT-005)."""
    if window.emergency and not desk.decisions.maintenance.emergency_waits:
        return window
    if asked.inputs.get("shift") is True:
        return maintenance.free_span(desk, window)
    if met := maintenance.obstacles(desk, window):
        told = " and ".join(f"{moments.written(start)} to {moments.written(end)}" for start, end in met)
        raise Refusal(409, f"another router of the interconnect is in maintenance from {told}")
    return window


def _planned(window: Window) -> Answer:
    return ok(maintenance=window.id, start=moments.written(window.start), end=moments.written(window.end))


ACTED: Mapping[str, Callable[[Desk, Acted], Answer]] = {
    "open_maintenance": open_maintenance,
    "move_maintenance": move_maintenance,
    "close_maintenance": close_maintenance,
}
