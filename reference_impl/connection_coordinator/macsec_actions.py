"""Northbound: an operator rotates a channel's MACsec key, or asks the partner for a rotation (coordinator-harness, 2.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reference_impl.connection_coordinator import macsec_messages as m
from reference_impl.connection_coordinator import macsec_rotation as rotation
from reference_impl.connection_coordinator.desk import Desk, insist, own_id, path_at_peer
from reference_impl.connection_coordinator.inventory_records import CHANNELS, Channel
from reference_impl.connection_coordinator.macsec_records import ROTATIONS, RotationStage
from reference_impl.connection_coordinator.macsec_rules import Place, place_of
from reference_impl.connection_coordinator.messages import Empty
from reference_impl.kernel.action import Action, ActionResult, Value, may, ok, running, text
from reference_impl.kernel.party import Acted, Answer, Call, Refusal

_CHANNEL = (
    Value("environment"),
    Value("interconnect"),
    Value("channel"),
    may("peer", summary="which partner's environment, where two have the same id"),
)
ROTATE = "rotate"

ROWS = (
    Action(
        "rotate_key",
        "operator",
        "A new MACsec key for a channel that we manage, as soon as the rotation rules allow it",
        _CHANNEL,
        (Value("macsec_key", summary="its ID, once it is there"),),
        long=True,
    ),
    Action(
        "request_rotation",
        "operator",
        "Ask the channel's MACsec manager at the partner for a new key",
        (*_CHANNEL, may("reason")),
    ),
)


def rotate_key(desk: Desk, asked: Acted) -> Answer:
    channel = _channel(desk, asked)
    if channel.macsec_manager != own_id(desk, channel.peer):
        raise Refusal(409, f"the keys of channel {channel.id!r} are managed by {channel.macsec_manager or 'nobody'}")
    row = rotation.want(desk, place_of(channel))
    return running(_handle(place_of(channel)), macsec_key=row.key)


def _handle(place: Place) -> str:
    return ":".join((ROTATE, *place))


def poll(desk: Desk, handle: str) -> Answer:
    """How does a rotation stand?"""
    place = handle.split(":")[1:]
    row = desk.tx.get(ROTATIONS, *place) if len(place) == 4 else None
    if row is None:
        raise Refusal(404, f"no operation {handle!r}")
    result = _RESULTS.get(row.stage, "running")
    told: dict[str, Any] = {"macsec_key": row.key}
    reason = row.reason or None
    return Answer(
        ActionResult(result=result, reason=reason, operation=handle, outputs=told), 202 if result == "running" else 200
    )


_RESULTS: Mapping[RotationStage, Any] = {RotationStage.DONE: "ok", RotationStage.FAILED: "failed"}


def request_rotation(desk: Desk, asked: Acted) -> Answer:
    channel = _channel(desk, asked)
    place, reason = place_of(channel), asked.inputs.get("reason")
    if channel.macsec_manager != channel.peer:
        raise Refusal(409, f"the keys of channel {channel.id!r} are not managed by {channel.peer}")
    body = m.MacSecKeyRotationRequest(reason=str(reason) if reason else None)
    path = path_at_peer(desk, place[:3], channel=place[3])
    desk.call(channel.peer, "RequestMacSecKeyRotation", path, body=body, subject=place)
    return ok()


def answered(desk: Desk, call: Call, status: int | None, body: Empty | None) -> None:
    if status is None or status >= 500:
        insist(desk, call)


def _channel(desk: Desk, asked: Acted) -> Channel:
    place = text(asked, "environment"), text(asked, "interconnect"), text(asked, "channel")
    rows = [row for row in desk.tx.rows(CHANNELS) if (row.environment, row.interconnect, row.id) == place]
    rows = [row for row in rows if asked.inputs.get("peer") in (None, row.peer)]
    if len(rows) != 1:
        raise Refusal(422, f"want a channel of ours: {len(rows)} found (peer tells them apart)")
    return rows[0]


RESPONDED: Mapping[str, Callable[[Desk, Call, int | None, Any], None]] = {"RequestMacSecKeyRotation": answered}
ACTED: Mapping[str, Callable[[Desk, Acted], Answer]] = {"rotate_key": rotate_key, "request_rotation": request_rotation}
