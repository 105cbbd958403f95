"""Deletion, in both directions, and giving up.

A deletion is carried out, not negotiated (CC-DEL-002). It takes the features along, frees bandwidth, VLANs and
subnets, voids the key and leaves a tombstone (CC-DEL-003, -004). The initiator repeats its call until it is
acknowledged or the peer reports the connection gone; both mean done (CC-DEL-001, -005).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import crossing, proof, tombstones
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import (
    Desk,
    Where,
    insist,
    interconnect_at,
    path_at_peer,
    subject_of,
    where,
)
from reference_impl.connection_coordinator.inventory_records import INTERCONNECTS
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    FEATURES,
    KEYS,
    PLACEMENTS,
    TOMBSTONES,
    Connection,
    Customer,
    Deferral,
    KeyState,
    Placement,
    Stage,
    Tombstone,
)
from reference_impl.kernel.party import CALLS, JOBS, Answer, Call, Requested

BY_THE_PEER = "deleted by the other provider"
UNPLACED = "unplaced"
"""Marks a deletion, in its call's subject, of what is not recorded here but may come to life at the peer."""


def delete(desk: Desk, connection: Connection, reason: str = "deleted by the customer") -> Connection:
    """The customer deletes. Before placement this withdraws the key, and no call is made (CC-KEY-007, CC-ERR-40)."""
    connection = desk.tx.put(CONNECTIONS, replace(connection, living=0, reason=reason, updating=0))
    proposing = any(row.stage is Stage.PROPOSING for row in desk.tx.by(PLACEMENTS, uuid=connection.uuid))
    if not proposing:  # an open create, or the look at its fate, must end first, or it could overtake the deletion
        take_back(desk, connection)
    return connection


def take_back(desk: Desk, connection: Connection) -> None:
    """Delete at the peer what is recorded here, and whatever else may come to be there.

    Where nothing is agreed yet a deletion goes to every interconnect that was proposed, because a copy of a proposal
    may still be on its way (CC-ERR-65). Only what is recorded here keeps its room until then: where a look found
    nothing, the room is the peer's to propose for at once, or both sides could fail for want of it (CC-RACE-001).
    """
    rows = desk.tx.by(PLACEMENTS, uuid=connection.uuid)
    if all(row.stage is Stage.PROPOSING for row in rows):
        for interconnect in connection.tried:
            if all(row.interconnect != interconnect for row in rows):
                place = (connection.peer, connection.environment, interconnect)
                path = path_at_peer(desk, place, connection=connection.uuid)
                subject = (*place, connection.uuid, UNPLACED)
                desk.call(connection.peer, "DeleteConnection", path, subject=subject, credential=connection.proof)
    for row in rows:
        carry(desk, row)
    if not rows and (connection.tried or connection.customer is not Customer.FAILED):
        tombstones.bury(desk, connection.uuid)


def cancel(desk: Desk, connection: Connection, row: Placement, reason: str) -> None:
    """Undo a connection at this side at once, whatever the peer answers, and repeat the deletion there until it is done.

    From here on everything about the connection is answered 404 (CC-DEFER-007).
    """
    undoes = desk.decisions.rolls_back
    customer = Customer.FAILED if "customer" in undoes else connection.customer
    desk.tx.put(CONNECTIONS, replace(connection, customer=customer, reason=reason, living=0))
    if "peer" in undoes:
        path = path_at_peer(desk, where(row), connection=row.uuid)
        desk.call(row.peer, "DeleteConnection", path, subject=(*subject_of(row), UNPLACED))
    if "here" in undoes:
        remove(desk, row)


def give_up(desk: Desk, row: Placement, reason: str) -> None:
    """This placement cannot be: a migration ends where it began, anything else fails (CC-MIG-005)."""
    connection = desk.tx.get(CONNECTIONS, row.uuid)
    if connection is None:
        return
    others = [other for other in desk.tx.by(PLACEMENTS, uuid=row.uuid) if other != row]
    if others and desk.decisions.gives_up_the_new_only:
        desk.tx.put(CONNECTIONS, replace(connection, reason=reason))
        carry(desk, row)
    else:
        abandon(desk, connection, reason)


def carry(desk: Desk, row: Placement) -> None:
    """Carry a deletion to the peer; new features are refused from now on (CC-RACE-009)."""
    if row.stage is Stage.DELETING:
        return
    desk.tx.put(PLACEMENTS, replace(row, stage=Stage.DELETING, tentative=False, extra=0))
    connection = desk.tx.get(CONNECTIONS, row.uuid)
    path = path_at_peer(desk, where(row), connection=row.uuid)
    credential = connection.proof if connection is not None else ""
    desk.call(row.peer, "DeleteConnection", path, subject=subject_of(row), credential=credential)


def deleted(desk: Desk, call: Call, status: int | None, body: m.Empty | None) -> None:
    """The answer to our DeleteConnection: success and 404 are both the end (CC-DEL-005)."""
    row = desk.tx.get(PLACEMENTS, *call.subject[:4])
    if row is None and UNPLACED not in call.subject:
        return
    if desk.decisions.deletion_done(status):
        if row is not None:
            remove(desk, row)
    else:
        insist(desk, call)


def delete_connection(desk: Desk, request: Requested) -> Answer:
    """The peer deletes: done at once, in any state (CC-DEL-002)."""
    interconnect = interconnect_at(desk, request)
    place = (interconnect.peer, interconnect.environment, interconnect.id)
    uuid = request.path["connection"]
    row = desk.tx.get(PLACEMENTS, *place, uuid)
    if row is None:
        return _nothing_to_delete(desk, place, uuid)
    if row.deferral is Deferral.DRIVING and not desk.decisions.driver_stops:
        return Answer(m.Empty())
    connection = desk.tx.get(CONNECTIONS, row.uuid)
    others = [each for each in desk.tx.by(PLACEMENTS, uuid=uuid) if each != row]
    if row.stage is Stage.VERIFIED and not others:
        proof.demand(desk, request, uuid)
    if others and not desk.decisions.tells_placements_apart:
        for each in others:
            remove(desk, each)
        others = []
    if connection is not None and connection.living and not others:
        desk.tx.put(CONNECTIONS, replace(connection, living=0, reason=BY_THE_PEER, updating=0))
    remove(desk, row)
    return Answer(m.Empty())


def _nothing_to_delete(desk: Desk, place: Where, uuid: str) -> Answer:
    """Not there: 404. A create that was overtaken by this deletion shall not come to life (CC-ERR-65).

    If we had proposed it there, the proposal had been taken after all, and its other customer deletes it now.
    """
    key = desk.tx.get(KEYS, uuid)
    rows = desk.tx.by(PLACEMENTS, uuid=uuid)
    elsewhere = any(row.peer == place[0] for row in rows)  # a migration's create may still be on its way
    if elsewhere or (key is not None and key.peer == place[0] and key.state is not KeyState.VOID):
        crossing.let_go(desk, uuid)
        if desk.decisions.buries_unplaced:
            desk.tx.put(TOMBSTONES, Tombstone(uuid, place[2], desk.ctx.now))
    grave, interconnect = desk.tx.get(TOMBSTONES, uuid, ""), desk.tx.get(INTERCONNECTS, *place)
    if grave is not None and interconnect is not None and desk.decisions.room_back_with == "call":
        desk.tx.put(INTERCONNECTS, replace(interconnect, max_mbps=interconnect.max_mbps + grave.mbps))
    connection = desk.tx.get(CONNECTIONS, uuid)
    proposed = connection is not None and connection.peer == place[0] and place[2] in connection.tried
    if connection is not None and proposed and connection.living and all(r.stage is Stage.PROPOSING for r in rows):
        delete(desk, connection, BY_THE_PEER)
    detail = f"interconnect {place[2]!r} has no connection {uuid!r}"
    return Answer(m.Problem(title="Not Found", status=404, detail=detail), status=404)


def remove(desk: Desk, row: Placement) -> None:
    """Let go of a placement with all it reserves, once; the last one takes the connection along."""
    release(desk, row)
    rows = desk.tx.by(PLACEMENTS, uuid=row.uuid)
    if not rows:
        desk.disarm("migration", (row.uuid,))
        connection = desk.tx.get(CONNECTIONS, row.uuid)
        if connection is not None and connection.living:  # its last place was one that never came to be
            desk.tx.put(CONNECTIONS, replace(connection, living=0, reason=BY_THE_PEER, updating=0))
        tombstones.bury(desk, row.uuid)
    elif len(rows) == 1:
        stays(desk, rows[0])


def stays(desk: Desk, row: Placement) -> None:
    """One of two placements is left: a migration is over, and the customer's connection is there (CC-MIG-004)."""
    connection = desk.tx.get(CONNECTIONS, row.uuid)
    if connection is None or not connection.living or row.stage is not Stage.VERIFIED:
        return
    desk.disarm("migration", (row.uuid,))
    done = row.interconnect == connection.moving
    upgrade = connection.moving and connection.updating
    desk.tx.put(
        CONNECTIONS,
        replace(
            connection,
            moving="",
            rival="",
            mbps=row.mbps,
            move_result="" if not connection.moving else "ok" if done else "failed",
            updating=0 if upgrade else connection.updating,
            update_result=("ok" if done else "failed") if upgrade else connection.update_result,
            customer=Customer.ESTABLISHED if upgrade else connection.customer,
        ),
    )


def release(desk: Desk, row: Placement) -> None:
    """Features, jobs and bandwidth of a placement are gone; who waited for the room is answered."""
    peer, environment, interconnect = where(row)
    for feature in desk.tx.by(FEATURES, peer=peer, environment=environment, interconnect=interconnect, uuid=row.uuid):
        if desk.decisions.frees_features:
            desk.tx.delete(FEATURES, peer, environment, interconnect, row.uuid, feature.id)
        desk.tx.delete(JOBS, "feature", (*subject_of(row), feature.id))
    desk.tx.delete(PLACEMENTS, peer, environment, interconnect, row.uuid)
    desk.disarm("deferral", subject_of(row))
    desk.disarm("stale", subject_of(row))
    _call_off(desk, row)
    crossing.settle_held(desk, where(row))


def _call_off(desk: Desk, row: Placement) -> None:
    """Calls about it that were to be repeated after a pause are not made any more (CC-DEFER-008)."""
    subject = subject_of(row)
    for call in desk.tx.rows(CALLS):
        about = subject in (call.subject[:4], call.subject[1:5])
        if about and not call.sent and call.operation != "DeleteConnection":
            desk.tx.delete(CALLS, call.id)


def abandon(desk: Desk, connection: Connection, reason: str) -> None:
    """Give up: the customer is told, and what may have come to be on either side is removed (CC-CONN-011).

    A key that was never proposed for stays good: its customer may accept it again (CC-KEY-020).
    """
    connection = desk.tx.put(CONNECTIONS, replace(connection, customer=Customer.FAILED, reason=reason, living=0))
    take_back(desk, connection)
