"""A change of bandwidth, in place.

The initiator records its intention and holds the difference, but shows the old value until the peer's 200
(CC-UPD-002, CC-ERR-24, CC-ERR-62). The responder moves the reservation in one step or refuses without effect
(CC-UPD-003). While an update of a connection is under way at either side the peer's is answered 409 (CC-UPD-005).
"""

from __future__ import annotations

import re
from dataclasses import replace

from reference_impl.connection_coordinator import activation, migration, proof, tombstones
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import (
    Desk,
    connection_of,
    insist,
    interconnect_at,
    path_at_peer,
    placement_at,
    placement_of,
    room_of,
    subject_of,
    where,
)
from reference_impl.connection_coordinator.inventory_records import ENVIRONMENTS, INTERCONNECTS
from reference_impl.connection_coordinator.reads import agreed_features
from reference_impl.connection_coordinator.reads import connection as resource
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    FEATURES,
    PLACEMENTS,
    Connection,
    Customer,
    FeatureState,
    Placement,
    Stage,
)
from reference_impl.kernel.party import Answer, Call, Refusal, Requested, Subject

MASK = "bandwidthMbps"
_FIELD_MASK = re.compile(r"\s*[^,\s.]+(\s*[,.]\s*[^,\s.]+)*")


def update(desk: Desk, connection: Connection, mbps: int) -> Connection:
    """The customer wants another bandwidth: check, hold the difference, ask the peer (CC-UPD-001, -002)."""
    row = migration.settled(desk, connection)
    interconnect = desk.tx.get(INTERCONNECTS, *where(row))
    environment = desk.tx.get(ENVIRONMENTS, row.peer, row.environment)
    offered = {*(environment.sizes if environment else ()), *(interconnect.sizes if interconnect else ())}
    if interconnect is None or mbps not in offered:
        raise Refusal(422, f"bandwidth: want one of {sorted(offered)} Mbps, got {mbps}")
    in_place = desk.decisions.room_for_update(room_of(desk, interconnect), row.mbps, mbps)
    if mbps not in interconnect.sizes or not in_place:
        return _upgrade_elsewhere(desk, connection, row, mbps)
    return _ask(desk, replace(connection, update_result=""), row, mbps)


def _ask(desk: Desk, connection: Connection, row: Placement, mbps: int) -> Connection:
    desk.tx.put(PLACEMENTS, replace(row, extra=max(0, mbps - row.mbps)))
    desk.call(
        row.peer,
        "UpdateConnection",
        path_at_peer(desk, where(row), connection=row.uuid),
        query={"updateMask": MASK},
        body=m.Connection(bandwidthMbps=mbps),
        subject=subject_of(row),
        credential=connection.proof,
    )
    return desk.tx.put(CONNECTIONS, replace(connection, updating=mbps, customer=Customer.UPDATING))


def _upgrade_elsewhere(desk: Desk, connection: Connection, row: Placement, mbps: int) -> Connection:
    """No room where it is: a migration brings the new bandwidth, if another interconnect has it (CC-UPD-001)."""
    target = migration.elsewhere(desk, row, mbps) if desk.decisions.moves_to_upgrade else None
    if target is None:
        raise Refusal(422, f"no room for {mbps} Mbps at present")
    connection = migration.begin(desk, connection, target, mbps)
    return desk.tx.put(CONNECTIONS, replace(connection, updating=mbps, update_result="", customer=Customer.UPDATING))


def updated(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """Granted, refused, or unknown: then the peer's value decides (CC-UPD-002/4). A 409 may be the answer to a copy of
    what was granted already, so it is looked at, too."""
    row = placement_of(desk, call.subject)
    if row is None and body is not None and "update" in desk.decisions.revives:
        tombstones.revive(desk, call.subject)
    if row is None or row.stage is Stage.DELETING:
        return
    connection = connection_of(desk, row.uuid)
    unknown = status is None or status >= 500
    if status is not None and 200 <= status < 300:
        _take(desk, connection, row, connection.updating)
    elif desk.decisions.looks_after_lost_update and (unknown or status == 409):
        if unknown:
            _doubt(desk, connection)
        path = path_at_peer(desk, where(row), connection=row.uuid)
        after = desk.decisions.backoff(1) if unknown else 0
        desk.call(row.peer, "GetConnection", path, subject=("update", *subject_of(row)), after=after)
    elif desk.decisions.restores_after_refusal:
        _restore(desk, connection, row, f"the other provider refused with {status}")
    else:
        _take(desk, connection, row, connection.updating)


def looked(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """After an unclear outcome: what does the peer show?"""
    row = placement_of(desk, call.subject[1:])
    if row is None or row.stage is Stage.DELETING:
        return
    connection = connection_of(desk, row.uuid)
    shown = body.bandwidthMbps if body else None
    if status is None or status >= 500:
        insist(desk, call)
    elif status == 404:
        activation.gone_at_peer(desk, row)
    elif shown == connection.updating and shown not in row.before:
        _take(desk, connection, row, connection.updating)
    elif desk.decisions.restores_after_refusal:
        if shown == connection.updating:  # what it had, or what it has now?
            connection = _doubt(desk, connection)
        _restore(desk, connection, row, "the other provider did not take the change")
    else:
        _take(desk, connection, row, connection.updating)


def _doubt(desk: Desk, connection: Connection) -> Connection:
    others = tuple(each for each in connection.doubtful if each != connection.updating)
    return desk.tx.put(CONNECTIONS, replace(connection, doubtful=(*others, connection.updating)))


def refreshed(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """The first half of a refresh shows the peer's bandwidth, too.

    A change that seemed not to be taken may be taken late. Then the peer is asked for what is in force here; the room for
    that is still kept on both sides (CC-ERR-62). Any other difference means that an answer is on its way.
    """
    activation.refreshed(desk, call, status, body)
    row = placement_of(desk, call.subject[1:])
    if row is None or row.stage is Stage.DELETING or body is None:
        return
    connection = connection_of(desk, row.uuid)
    if connection.updating or row.stale:
        return  # what was read may be the past by now; one more is due
    if body.bandwidthMbps == row.mbps:
        desk.tx.put(PLACEMENTS, replace(row, before=()))
    elif body.bandwidthMbps in connection.doubtful and desk.decisions.makes_late_updates_good:
        _ask(desk, connection, row, row.mbps)


def _take(desk: Desk, connection: Connection, row: Placement, mbps: int) -> None:
    row = desk.tx.put(PLACEMENTS, replace(row, mbps=mbps, extra=0))
    told = Customer.ESTABLISHED if desk.decisions.changed_when_granted else Customer.UPDATING
    shown = mbps if desk.decisions.changed_when_granted else connection.mbps
    result = connection.update_result or "ok"
    desk.tx.put(CONNECTIONS, replace(connection, updating=0, update_result=result, customer=told, mbps=shown))
    _provision_anew(desk, row)
    _look_again(desk, subject_of(row))


def _restore(desk: Desk, connection: Connection, row: Placement, reason: str) -> None:
    row = desk.tx.put(PLACEMENTS, replace(row, extra=0))
    desk.tx.put(
        CONNECTIONS,
        replace(connection, updating=0, update_result="failed", reason=reason, customer=Customer.ESTABLISHED),
    )
    _look_again(desk, subject_of(row))


def _look_again(desk: Desk, subject: Subject) -> None:
    """What a refresh shows while an own change is open is not judged, so there is one more where a doubt is left."""
    row = placement_of(desk, subject)
    if row is not None and (row.before or connection_of(desk, row.uuid).doubtful):
        desk.arm("doubt", subject, desk.decisions.backoff(1))


def look_again(desk: Desk, subject: Subject) -> None:
    """The pause is over, so that two doubts do not hinder each other for ever."""
    row = placement_of(desk, subject)
    if row is not None and row.stage is not Stage.DELETING:
        activation.refresh(desk, row)


def _provision_anew(desk: Desk, row: Placement) -> None:
    """The equipment takes the new bandwidth: every feature is PENDING until it has (CC-ACT-007, CC-UPD-006)."""
    for feature in agreed_features(desk, row):
        desk.tx.put(FEATURES, replace(feature, state=FeatureState.PENDING))
    activation.provision(desk, row)


def update_connection(desk: Desk, request: Requested) -> Answer:
    """The peer asks for another bandwidth: granted whole or refused without effect (CC-UPD-003 to 005)."""
    row = placement_at(desk, request)
    body = request.body
    mask = request.query.get("updateMask")
    if not isinstance(body, m.Connection):
        raise Refusal(400, "want a connection with bandwidthMbps in the body")
    if mask is not None and not _FIELD_MASK.fullmatch(mask):
        raise Refusal(400, f"updateMask: want a list of fields such as {MASK}, got {mask!r}")
    fields = [field.strip() for field in (mask or MASK).split(",")]
    if fields != ["*"] and not all(field in desk.decisions.changeable for field in fields):
        raise Refusal(400, f"updateMask: only {MASK} can change, got {mask!r}")
    if body.bandwidthMbps is None:
        raise Refusal(400, "want bandwidthMbps in the body")
    interconnect = interconnect_at(desk, request)
    if body.bandwidthMbps not in interconnect.sizes:
        raise Refusal(400, f"bandwidthMbps: want one of {list(interconnect.sizes)}, got {body.bandwidthMbps}")
    proof.demand(desk, request, row.uuid)
    connection = connection_of(desk, row.uuid)
    moving = migration.under_way(desk, connection) and desk.decisions.one_migration_at_a_time
    busy = connection.updating or connection.customer is Customer.UPDATING or moving
    if row.stage is Stage.DELETING or (busy and desk.decisions.one_update_at_a_time):
        raise Refusal(409, f"connection {row.uuid} is being changed at this side")
    if not desk.decisions.room_for_update(room_of(desk, interconnect), row.mbps, body.bandwidthMbps):
        raise Refusal(409, f"interconnect {interconnect.id!r} has no room for the change to {body.bandwidthMbps} Mbps")
    activation.overtaken(desk, row)
    row, old = _grant(desk, placement_at(desk, request), body.bandwidthMbps), row.mbps
    if row.mbps == old:
        return Answer(resource(row))
    if connection.customer is Customer.ESTABLISHED and not desk.decisions.changed_when_granted:
        desk.tx.put(CONNECTIONS, replace(connection, customer=Customer.UPDATING))
    else:
        desk.tx.put(CONNECTIONS, replace(connection, mbps=body.bandwidthMbps))
    _provision_anew(desk, row)
    return Answer(resource(row))


def _grant(desk: Desk, row: Placement, mbps: int) -> Placement:
    """Until the peer has read the answer it shows what it had: the old value, or one that it took late."""
    before = {row.mbps, *row.before, *connection_of(desk, row.uuid).doubtful} - {mbps}
    return desk.tx.put(PLACEMENTS, replace(row, mbps=mbps, before=tuple(sorted(before))))
