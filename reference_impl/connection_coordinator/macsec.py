"""MACsec keys of the channels: what a peer may ask, and what our own router reports (Protocols, MACsec Key Rotation).

Each side keeps a channel's keys as its own router has them (CC-ERR-27). A channel with two keys is in rotation: from the
standby key on its manager's side, from the acceptance on the other one, until one of the two is deleted (CC-ERR-26).
A key becomes active when our own router says so (``macsec_router``).
"""

from __future__ import annotations

from reference_impl.connection_coordinator import macsec_messages as m
from reference_impl.connection_coordinator import macsec_rotation as rotation
from reference_impl.connection_coordinator import moments, names
from reference_impl.connection_coordinator.desk import Desk, interconnect_at, own_id
from reference_impl.connection_coordinator.inventory_records import CHANNELS, Channel
from reference_impl.connection_coordinator.macsec_records import MACSEC_KEYS, MacSecKey
from reference_impl.connection_coordinator.macsec_rules import ACTIVE, barred, install, keys_on, place_of, subject_of
from reference_impl.connection_coordinator.messages import Empty
from reference_impl.kernel.party import Answer, Refusal, Requested


def _channel_at(desk: Desk, request: Requested) -> Channel:
    parent = interconnect_at(desk, request)
    found = desk.tx.get(CHANNELS, parent.peer, parent.environment, parent.id, request.path["channel"])
    if found is None:
        raise Refusal(404, f"interconnect {parent.id!r} has no channel {request.path['channel']!r}")
    return found


def _key_at(desk: Desk, request: Requested) -> MacSecKey:
    place, id = place_of(_channel_at(desk, request)), request.path["macSecKey"]
    found = desk.tx.get(MACSEC_KEYS, *place, id)
    if found is None and desk.decisions.macsec.finds_elsewhere:
        found = next((row for row in desk.tx.rows(MACSEC_KEYS) if (row.peer, row.id) == (place[0], id)), None)
    if found is None:
        raise Refusal(404, f"channel {place[3]!r} has no MACsec key {id!r}")
    return found


def resource(desk: Desk, row: MacSecKey, manager: bool) -> m.MacSecKey:
    """A key as it is read. Its CAK is hidden (CC-ERR-27)."""
    channel = names.channel_name(row.peer, row.environment, row.interconnect, row.channel)
    return m.MacSecKey(
        name=f"{channel}/macSecKeys/{row.id}",
        cak=desk.decisions.macsec.shows_cak(row.cak, manager),
        ckn=row.ckn,
        startTime=moments.written(row.started_at),
        active=row.active,
    )


def get_mac_sec_key(desk: Desk, request: Requested) -> Answer:
    channel, row = _channel_at(desk, request), _key_at(desk, request)
    return Answer(resource(desk, row, request.caller == channel.macsec_manager))


def list_mac_sec_keys(desk: Desk, request: Requested) -> Answer:
    channel = _channel_at(desk, request)
    manager = request.caller == channel.macsec_manager
    rows = sorted(keys_on(desk, place_of(channel)), key=lambda row: row.id)
    return Answer(m.ListMacSecKeysResponse(macSecKeys=tuple(resource(desk, row, manager) for row in rows)))


def create_mac_sec_key(desk: Desk, request: Requested) -> Answer:
    """Take over a key from the channel's manager; it becomes active when our router says so (CC-MACSEC-002)."""
    choices, channel, body = desk.decisions.macsec, _channel_at(desk, request), request.body
    place, id = place_of(channel), request.query.get("macSecKeyId", "")
    if not choices.may_create(request.caller, channel.macsec_manager):
        raise Refusal(
            409, f"channel {channel.id!r}: its MACsec manager is {channel.macsec_manager or 'nobody'}, not you"
        )
    if not id or not isinstance(body, m.MacSecKey):
        raise Refusal(400, "want macSecKeyId in the query and a key in the body")
    if body.name is not None and not body.name.endswith(f"{channel.id}/macSecKeys/{id}"):
        raise Refusal(400, f"name: want .../{channel.id}/macSecKeys/{id} as in path and query, or none")
    if problem := choices.unusable(body.cak, body.ckn):
        raise Refusal(400, problem)
    if desk.tx.get(MACSEC_KEYS, *place, id) is not None and not choices.reuses_ids:
        raise Refusal(409, f"channel {channel.id!r} has a MACsec key {id!r} already")
    if reason := barred(desk, place, choices.bars):
        raise Refusal(409, reason)
    started = choices.started(desk.ctx.now, body.startTime)
    row = MacSecKey(*place, id, body.cak or "", body.ckn or "", started, choices.born_active(body.active))
    desk.tx.put(MACSEC_KEYS, row)
    install(desk, row, ACTIVE)
    return Answer(resource(desk, row, manager=True))


def delete_mac_sec_key(desk: Desk, request: Requested) -> Answer:
    """Delete an inactive key for the channel's manager (CC-MACSEC-001, CC-MACSEC-008)."""
    channel = _channel_at(desk, request)
    if not desk.decisions.macsec.may_delete(request.caller, channel.macsec_manager):
        raise Refusal(
            403, f"channel {channel.id!r}: its MACsec manager is {channel.macsec_manager or 'nobody'}, not you"
        )
    row = _key_at(desk, request)
    if row.active and not desk.decisions.macsec.deletes_active:
        raise Refusal(409, f"MACsec key {row.id!r} is active")
    desk.tx.delete(MACSEC_KEYS, *subject_of(row))
    rotation.proceed(desk, place_of(channel)[:3])
    return Answer(Empty())


def request_mac_sec_key_rotation(desk: Desk, request: Requested) -> Answer:
    """The other side wants a new key: it gets one as soon as the rotation rules allow it (CC-MACSEC-010)."""
    channel = _channel_at(desk, request)
    manager = channel.macsec_manager
    if not desk.decisions.macsec.may_request(own_id(desk, channel.peer), manager):
        raise Refusal(409, f"channel {channel.id!r}: its MACsec manager is {manager or 'nobody'}, not us")
    if desk.decisions.macsec.serves_requests:
        rotation.want(desk, place_of(channel))
    return Answer(Empty())


REQUESTED = {
    "CreateMacSecKey": create_mac_sec_key,
    "GetMacSecKey": get_mac_sec_key,
    "ListMacSecKeys": list_mac_sec_keys,
    "DeleteMacSecKey": delete_mac_sec_key,
    "RequestMacSecKeyRotation": request_mac_sec_key_rotation,
}
