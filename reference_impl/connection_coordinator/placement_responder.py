"""Milestone 2, first half, the responder: place the proposed connection, refuse it whole, or hold the answer.

A proposal needs a rightful key (CC-CONN-004) and room. Where only own open proposals stand in the way, the answer may
wait for their outcome (coordinator-harness, 8, RACE-001).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import (
    crossing,
    deferral,
    migration,
    proof,
    sweep,
)
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import (
    Desk,
    environment_at,
    interconnect_at,
    room_of,
)
from reference_impl.connection_coordinator.inventory_records import Interconnect
from reference_impl.connection_coordinator.reads import connection as resource
from reference_impl.connection_coordinator.records import (
    HELD,
    KEYS,
    PLACEMENTS,
    TOMBSTONES,
    Deferral,
    Held,
    Key,
    KeyState,
)
from reference_impl.kernel.party import Answer, Refusal, Requested


def create_connection(desk: Desk, request: Requested) -> Answer | None:
    """Place the proposed connection, refuse it whole, or hold the answer while an own proposal is open (RACE-001)."""
    interconnect = interconnect_at(desk, request)
    uuid = request.query.get("connectionId", "")
    body = request.body
    if not uuid or not isinstance(body, m.Connection) or body.bandwidthMbps is None:
        raise Refusal(400, "want connectionId in the query and bandwidthMbps in the body")
    environment = environment_at(desk, request)
    driving = deferral.take_over(desk, environment) if body.deferProvisioning else Deferral.NONE
    place = (interconnect.peer, interconnect.environment, interconnect.id)
    name = "/".join((interconnect.id, "connections", uuid))
    if body.name is not None and not body.name.endswith(name):
        raise Refusal(400, f"name: want .../{name} as in path and query, or none, got {body.name!r}")
    if desk.decisions.knows_what_exists and desk.tx.get(PLACEMENTS, *place, uuid) is not None:
        raise Refusal(409, f"connection {uuid} exists on {interconnect.id} already")
    held = desk.tx.get(HELD, *place, uuid)
    if held is not None and held.requests:  # a copy: a 409 now would belie the 200 that may follow
        desk.tx.put(HELD, replace(held, requests=(*held.requests, request.to)))
        return None
    if (
        moved := migration.moved_by_peer(desk, request.caller, interconnect, uuid, body.bandwidthMbps, driving)
    ) is not None:
        return moved
    key = _rightful_key(desk, request.caller, interconnect, uuid, body)
    proof.demand(desk, request, uuid)
    if not desk.decisions.takes_connections(interconnect.state):
        raise Refusal(409, f"interconnect {interconnect.id!r} takes no new connections: it is {interconnect.state}")
    if not desk.decisions.supports(interconnect.sizes, body.bandwidthMbps):
        raise Refusal(400, f"bandwidthMbps: want one of {list(interconnect.sizes)}, got {body.bandwidthMbps}")
    if held is None:
        crossing.let_go(desk, uuid)
    room = room_of(desk, interconnect)
    if desk.decisions.fits(room, body.bandwidthMbps):
        if not desk.decisions.reserves_with_check:
            crossing.place_later(desk, Held(*place, uuid, (request.to,), body.bandwidthMbps))
            return None
        row = crossing.place_for(desk, place, key, body.bandwidthMbps, driving)
        sweep.watch(desk, row)
        return Answer(resource(row))
    if held is None and room.free + room.tentative >= body.bandwidthMbps and crossing.holds(desk, place, uuid):
        deferred = driving is Deferral.DRIVING
        desk.tx.put(HELD, Held(*place, uuid, (request.to,), body.bandwidthMbps, deferred))
        desk.arm("held", (*place, uuid), desk.decisions.hold_limit)
        return None
    raise Refusal(
        409, f"interconnect {interconnect.id!r} has room for {max(room.free, 0)} Mbps, not for {body.bandwidthMbps}"
    )


def _rightful_key(desk: Desk, caller: str, interconnect: Interconnect, uuid: str, body: m.Connection) -> Key:
    """The key that entitles the caller to create this connection (CC-CONN-004, CC-ERR-04, CC-DEL-004)."""
    key = desk.tx.get(KEYS, uuid)
    buried = desk.tx.get(TOMBSTONES, uuid, "") or desk.tx.get(TOMBSTONES, uuid, interconnect.id)
    if buried is not None or (key is not None and key.state is KeyState.VOID):
        raise Refusal(409, f"connection {uuid} was deleted; it cannot be created again")
    if key is None or key.peer != caller:
        raise Refusal(400, f"no activation key for connection {uuid} was issued to you")
    if body.activationKey and not desk.decisions.same_key(body.activationKey, key.text):
        raise Refusal(400, f"activationKey is not the key of connection {uuid}")
    if not desk.decisions.covers(key, interconnect.environment, body.bandwidthMbps or 0):
        raise Refusal(400, f"the key of connection {uuid} is for {key.mbps} Mbps in {key.environment!r}")
    if key.state is KeyState.USED and desk.decisions.single_unverified_placement:
        raise Refusal(409, f"connection {uuid} is placed on another interconnect already")
    if key.state is not KeyState.CONFIRMED and desk.decisions.confirm_before_create and key.state is not KeyState.USED:
        raise Refusal(400, f"the key of connection {uuid} has not been confirmed: call ConfirmActivationKey first")
    return key
