"""Migration: the same connection on another interconnect of its environment, make before break (CC-MIG-001 to -005).

Who migrates proposes a second placement under the same UUID, negotiates, provisions and verifies it like the first one,
makes the routes of the old features less preferred, and deletes the old placement once both sides show the new one
VERIFIED. If that does not come about, only the new placement goes (CC-MIG-005). While an own migration is open, an
update, a second migration and a change of bandwidth are answered 409; two migrations that cross refuse each other, and
the one with the smaller interconnect goes on (coordinator-harness, 8, RACE-018).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from reference_impl.connection_coordinator import deletion, guidance
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import (
    Desk,
    connection_of,
    insist,
    path_at_peer,
    placement_of,
    room_of,
    subject_of,
    where,
)
from reference_impl.connection_coordinator.inventory_records import INTERCONNECTS, Interconnect
from reference_impl.connection_coordinator.reads import connection as resource
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    PLACEMENTS,
    TOMBSTONES,
    Connection,
    Customer,
    Deferral,
    Placement,
    Stage,
)
from reference_impl.kernel.party import Answer, Call, Refusal, Subject

TIMER = "migration"
NEWS = "move"
"""Begins the subject of a read of the new placement at the peer."""


# --- the initiator ----------------------------------------------------------------------------------------------


def migrate(desk: Desk, connection: Connection, interconnect: str) -> Connection:
    """The operator moves an established connection (CC-MIG-001). Refusal: it is not at rest, or does not fit there."""
    old = settled(desk, connection)
    row = desk.tx.get(INTERCONNECTS, connection.peer, connection.environment, interconnect)
    if row is None or row.id == old.interconnect:
        raise Refusal(422, f"interconnect: want another one of {connection.environment!r}, got {interconnect!r}")
    if not takes(desk, row, connection.mbps):
        raise Refusal(422, f"interconnect {row.id!r} does not take {connection.mbps} Mbps: it is {row.state}, or full")
    return begin(desk, connection, row, connection.mbps)


def settled(desk: Desk, connection: Connection) -> Placement:
    """The only placement, VERIFIED and not being changed; else a Refusal."""
    rows = desk.tx.by(PLACEMENTS, uuid=connection.uuid)
    if connection.customer is not Customer.ESTABLISHED or len(rows) != 1 or rows[0].stage is not Stage.VERIFIED:
        raise Refusal(
            409, f"connection {connection.uuid} is {connection.customer.value}, or on its way to another place"
        )
    return rows[0]


def takes(desk: Desk, row: Interconnect, mbps: int) -> bool:
    """Is this interconnect in service, with room for such a connection (CC-MIG-001, CC-ERR-39)?"""
    decisions = desk.decisions
    in_service = decisions.takes_connections(row.state) and decisions.supports(row.sizes, mbps)
    return in_service and decisions.fits(room_of(desk, row), mbps)


def elsewhere(desk: Desk, old: Placement, mbps: int) -> Interconnect | None:
    """Where else in the environment such a bandwidth has most room (CC-UPD-001)."""
    rows = desk.tx.by(INTERCONNECTS, peer=old.peer, environment=old.environment)
    rooms = {row.id: room_of(desk, row) for row in rows if row.id != old.interconnect and takes(desk, row, mbps)}
    chosen = desk.decisions.choose_interconnect(list(rooms.values()), mbps, ())
    return desk.tx.get(INTERCONNECTS, old.peer, old.environment, chosen) if chosen else None


def begin(desk: Desk, connection: Connection, target: Interconnect, mbps: int) -> Connection:
    """Record and reserve the second placement here, then propose it (CC-CONN-001, CC-MIG-002)."""
    place = (target.peer, target.environment, target.id)
    desk.tx.put(PLACEMENTS, Placement(*place, connection.uuid, mbps, own=True, stage=Stage.PROPOSING, tentative=True))
    desk.arm(TIMER, (connection.uuid,), desk.decisions.migration_limit)
    _propose(desk, place, connection.uuid, mbps, attempt=0, after=0)
    return desk.tx.put(CONNECTIONS, replace(connection, moving=target.id, move_result="", rival=""))


def _propose(desk: Desk, place: tuple[str, str, str], uuid: str, mbps: int, attempt: int, after: int) -> None:
    desk.call(
        place[0],
        "CreateConnection",
        path_at_peer(desk, place),
        query={"connectionId": uuid},
        body=m.Connection(bandwidthMbps=mbps),
        subject=(*place, uuid),
        attempt=attempt,
        after=after,
    )


def created(desk: Desk, call: Call, status: int | None, connection: Connection, row: Placement) -> None:
    """The answer to the proposal of the second placement, or none."""
    if row.stage is not Stage.PROPOSING:
        return
    if not connection.living:
        deletion.take_back(desk, connection)
    elif status is not None and 200 <= status < 300:
        _placed(desk, row)
    elif status == 409 and connection.rival and _old_place(desk, connection):
        _after_crossing(desk, call, connection, row)
    else:
        unknown = status is None or status >= 500
        reason = ("doubt",) if unknown else ()
        path = path_at_peer(desk, where(row), connection=row.uuid)
        after = desk.decisions.backoff(1) if unknown else 0
        desk.call(row.peer, "GetConnection", path, subject=(NEWS, *subject_of(row), *reason), after=after)


def _after_crossing(desk: Desk, call: Call, connection: Connection, row: Placement) -> None:
    """Both sides wanted to move it and refused each other: one of them repeats its proposal, the other one gives way."""
    own, other = (connection.moving, desk.me), (connection.rival, row.peer)
    if desk.decisions.repeats_migration(own, other):
        attempt = min(call.attempt + 1, desk.decisions.patience)
        _propose(desk, where(row), row.uuid, row.mbps, attempt, desk.decisions.backoff(attempt))
    else:
        undo(desk, connection, f"the other provider is moving it to {connection.rival!r}")


def looked(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """Is the second placement at the peer, and is it VERIFIED there?"""
    row = placement_of(desk, call.subject[1:])
    if row is None or row.stage is Stage.DELETING:
        return
    connection = connection_of(desk, row.uuid)
    if not connection.living:
        deletion.take_back(desk, connection)
    elif status is None or status >= 500:
        insist(desk, call)
    elif not 200 <= status < 300:
        undo(desk, connection, f"the other provider does not take it on {row.interconnect!r}", "doubt" in call.subject)
    elif row.stage is Stage.PROPOSING:
        _placed(desk, row)
    elif body is not None and body.verificationState is m.VerificationState.VERIFIED:
        _break(desk, row)
    else:
        insist(desk, call)


def _placed(desk: Desk, row: Placement) -> None:
    guidance.begin(desk, desk.tx.put(PLACEMENTS, replace(row, stage=Stage.PLACED, tentative=False)))
    if desk.decisions.breaks_when == "placed":
        _break(desk, row)


def verified(desk: Desk, row: Placement) -> None:
    """The new placement is VERIFIED here: traffic is led away from the old one (CC-MIG-002)."""
    connection = connection_of(desk, row.uuid)
    if len(desk.tx.by(PLACEMENTS, uuid=row.uuid)) == 1:
        deletion.stays(desk, row)
    elif connection.moving == row.interconnect and connection.living:
        desk.provision("prefer", subject_of(row))


def preferred(desk: Desk, subject: Subject, done: bool) -> None:
    """The routes of the new features are the preferred ones. Is the peer as far?"""
    row = placement_of(desk, subject)
    if row is None or row.stage is not Stage.VERIFIED:
        return
    if not done:
        desk.arm("prefer", subject, desk.decisions.backoff(4))
    elif desk.decisions.breaks_when == "verified here":
        _break(desk, row)
    else:
        path = path_at_peer(desk, where(row), connection=row.uuid)
        desk.call(row.peer, "GetConnection", path, subject=(NEWS, *subject_of(row)))


def prefer_again(desk: Desk, subject: Subject) -> None:
    row = placement_of(desk, subject)
    if row is not None:
        verified(desk, row)


def _break(desk: Desk, new: Placement) -> None:
    """Both sides show the new placement VERIFIED: the old one goes, and takes no customer along (CC-MIG-002, -003)."""
    others = [row for row in desk.tx.by(PLACEMENTS, uuid=new.uuid) if row.interconnect != new.interconnect]
    for row in others:
        deletion.carry(desk, row)
    if not others:
        deletion.stays(desk, new)


def late(desk: Desk, subject: Subject) -> None:
    """The make phase takes too long, and the old placement is still whole: stay there (CC-MIG-005, CC-ERR-64)."""
    connection = desk.tx.get(CONNECTIONS, subject[0])
    if connection is None or not connection.living or not connection.moving:
        return
    if _old_place(desk, connection):
        undo(desk, connection, "the new place was not ready in time", doubt=True)


def _old_place(desk: Desk, connection: Connection) -> bool:
    """Is the connection still whole where it was?"""
    rows = desk.tx.by(PLACEMENTS, uuid=connection.uuid)
    return any(row.stage is Stage.VERIFIED and row.interconnect != connection.moving for row in rows)


def undo(desk: Desk, connection: Connection, reason: str, doubt: bool = False) -> None:
    """Only the new placement goes. Where the peer may still take it, a DeleteConnection leaves a tombstone there."""
    connection = desk.tx.put(CONNECTIONS, replace(connection, reason=reason))
    row = desk.tx.get(PLACEMENTS, connection.peer, connection.environment, connection.moving, connection.uuid)
    if row is None or row.stage is Stage.DELETING:
        return
    if row.stage is not Stage.PROPOSING or doubt:
        deletion.carry(desk, row)
    else:
        deletion.remove(desk, row)


# --- the responder ----------------------------------------------------------------------------------------------


def moved_by_peer(
    desk: Desk, caller: str, target: Interconnect, uuid: str, mbps: int, driving: Deferral
) -> Answer | None:
    """The peer's create of a connection that is VERIFIED on another interconnect; None: it is no migration.

    Neither a key nor a customer's act is needed while the size stays; with a new size it counts as an update (CC-ERR-47).
    """
    rows = [
        row
        for row in desk.tx.by(PLACEMENTS, uuid=uuid)
        if (row.peer, row.environment) == (caller, target.environment) and row.interconnect != target.id
    ]
    connection = desk.tx.get(CONNECTIONS, uuid)
    if connection is None or not connection.living or not any(row.stage is Stage.VERIFIED for row in rows):
        return None
    if not desk.decisions.takes_migrations:
        raise Refusal(409, f"connection {uuid} is placed on another interconnect already")
    if busy := _busy(desk, connection, rows):
        _remember_rival(desk, connection, rows, target.id)
        return Answer(m.Problem(title="Conflict", status=409, detail=busy), status=409)
    _check(desk, target, uuid, mbps)
    row = Placement(*_place(target), uuid, mbps, own=False, stage=Stage.PLACED, deferral=driving)
    guidance.begin(desk, row)
    return Answer(resource(desk.tx.put(PLACEMENTS, row)))


def _busy(desk: Desk, connection: Connection, rows: Collection[Placement]) -> str:
    if desk.decisions.one_migration_at_a_time and (connection.moving or len(rows) > 1):
        return f"connection {connection.uuid} is being moved already"
    if connection.updating or connection.customer is Customer.UPDATING:
        return f"connection {connection.uuid} is being changed at this side"
    return ""


def _remember_rival(desk: Desk, connection: Connection, rows: Collection[Placement], rival: str) -> None:
    """Only an own proposal without an answer crosses the peer's."""
    own = desk.tx.get(PLACEMENTS, connection.peer, connection.environment, connection.moving, connection.uuid)
    if own is not None and own.stage is Stage.PROPOSING:
        desk.tx.put(CONNECTIONS, replace(connection, rival=rival))


def _check(desk: Desk, target: Interconnect, uuid: str, mbps: int) -> None:
    grave = desk.tx.get(TOMBSTONES, uuid, target.id)
    if grave is not None and desk.ctx.now - grave.buried_at <= desk.decisions.copies_live:
        raise Refusal(409, f"connection {uuid} was taken back from {target.id!r} just now")
    if not desk.decisions.takes_connections(target.state):
        raise Refusal(409, f"interconnect {target.id!r} takes no new connections: it is {target.state}")
    if not desk.decisions.supports(target.sizes, mbps):
        raise Refusal(400, f"bandwidthMbps: want one of {list(target.sizes)}, got {mbps}")
    if not desk.decisions.fits(room_of(desk, target), mbps):
        raise Refusal(409, f"interconnect {target.id!r} has no room for {mbps} Mbps")


def _place(target: Interconnect) -> tuple[str, str, str]:
    return target.peer, target.environment, target.id


def under_way(desk: Desk, connection: Connection) -> bool:
    """Is the connection on its way from one interconnect to another, by either side?"""
    return bool(connection.moving) or len(desk.tx.by(PLACEMENTS, uuid=connection.uuid)) > 1
