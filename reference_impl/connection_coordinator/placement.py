"""Milestone 2, first half, the negotiator: on which interconnect? It proposes, one after the other.

The negotiator records and reserves its proposal before it asks (CC-CONN-001), so that its own tentative placements
count when the peer's proposals come in. After anything but a 200 it looks at the peer before it goes elsewhere: the
same 409 means "no room" and "exists already" (CC-ERR-06), and no answer means nothing at all (CC-RACE-003). What it
finds it adopts; it never deletes a placement in order to create it elsewhere (CC-ERR-57).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator import (
    activation,
    crossing,
    deferral,
    deletion,
    guidance,
    migration,
)
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import (
    Desk,
    Where,
    connection_of,
    living_placements,
    own_id,
    path_at_peer,
    room_of,
    where,
)
from reference_impl.connection_coordinator.inventory_records import INTERCONNECTS
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    PLACEMENTS,
    Connection,
    Customer,
    Deferral,
    Placement,
    Stage,
)
from reference_impl.kernel.party import Call, Subject

ACTIVE = "INTERCONNECT_STATE_ACTIVE"


def begin(desk: Desk, connection: Connection) -> None:
    """The key is confirmed: the acceptor becomes the negotiator (CC-KEY-022)."""
    propose(desk, desk.tx.put(CONNECTIONS, replace(connection, since=desk.ctx.now, attempts=0)), after=0)


def propose(desk: Desk, connection: Connection, after: int, closed: tuple[str, ...] = ()) -> None:
    """Propose the best interconnect that is left, ``after`` milliseconds from now, or give up (CC-CONN-008 to 011).

    ``closed`` names the interconnects that the peer shows as not ACTIVE.
    """
    candidates = [
        room_of(desk, row)
        for row in desk.tx.by(INTERCONNECTS, peer=connection.peer, environment=connection.environment)
        if desk.decisions.takes_connections(row.state)
        and desk.decisions.supports(row.sizes, connection.mbps)
        and row.id not in closed
    ]
    chosen = desk.decisions.choose_interconnect(candidates, connection.mbps, connection.refused)
    late = desk.ctx.now + after - connection.since > desk.decisions.placement_span
    if chosen is None or late or connection.attempts >= desk.decisions.placement_attempts:
        _next_round(desk, connection, late or connection.attempts >= desk.decisions.placement_attempts)
        return
    place = (connection.peer, connection.environment, chosen)
    deferring = deferral.deferral_of(desk, connection)
    desk.tx.put(
        PLACEMENTS,
        Placement(
            *place,
            connection.uuid,
            connection.mbps,
            own=True,
            stage=Stage.PROPOSING,
            tentative=True,
            deferral=deferring,
        ),
    )
    tried = connection.tried if chosen in connection.tried else (*connection.tried, chosen)
    desk.tx.put(CONNECTIONS, replace(connection, tried=tried))
    desk.call(
        connection.peer,
        "CreateConnection",
        path_at_peer(desk, place),
        query={"connectionId": connection.uuid},
        body=m.Connection(
            activationKey=connection.key_text,
            bandwidthMbps=connection.mbps,
            deferProvisioning=deferring is Deferral.DEFERRING or None,
        ),
        subject=(*place, connection.uuid),
        after=after,
        credential=connection.proof,
    )


def _next_round(desk: Desk, connection: Connection, over: bool) -> None:
    """Every interconnect refused: try again after a pause, because both sides may have refused each other (RACE-001)."""
    rounds = connection.attempts + 1
    pause = desk.decisions.backoff(rounds)
    in_time = desk.ctx.now + pause - connection.since <= desk.decisions.placement_span
    if over or rounds >= desk.decisions.placement_rounds or not connection.refused or not in_time:
        deletion.abandon(desk, connection, f"no interconnect of {connection.environment} took the connection")
        return
    desk.tx.put(CONNECTIONS, replace(connection, refused=(), attempts=rounds))
    desk.arm("propose", (connection.uuid,), pause)


def next_round(desk: Desk, subject: Subject) -> None:
    """The pause between two rounds is over."""
    connection = desk.tx.get(CONNECTIONS, *subject)
    if connection is not None and connection.living:
        _refresh(desk, connection)


def created(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """The answer to our CreateConnection, or none."""
    row = desk.tx.get(PLACEMENTS, *call.subject)
    connection = desk.tx.get(CONNECTIONS, call.subject[3])
    if row is None or connection is None:
        return
    if connection.moving:
        migration.created(desk, call, status, connection, row)
    elif not connection.living:  # the customer deleted meanwhile: now that the create has ended, take it back
        deletion.take_back(desk, connection)
    elif row.stage is not Stage.PROPOSING:  # the driver was quicker than its answer
        return
    elif status is not None and (200 <= status < 300 or (status == 409 and desk.decisions.takes_409_for_existing)):
        _placed(desk, connection, row)
    elif status is None or status >= 500:
        attempts = connection.attempts + 1
        connection = desk.tx.put(CONNECTIONS, replace(connection, doubt=True, attempts=attempts))
        if desk.decisions.looks_before_retry:
            _look(desk, connection, _suspects(connection, call.subject[2]), after=desk.decisions.backoff(attempts))
        else:
            _withdraw(desk, connection, row, refused=False)
    elif status == 400 and row.deferral is Deferral.DEFERRING and desk.decisions.gives_up_undriven:
        deletion.abandon(desk, connection, "the other provider does not take over the provisioning")
    elif desk.decisions.looks_before_retry:
        if status == 400 and row.deferral is Deferral.DEFERRING:
            connection = deferral.refused(desk, connection)
        _look(desk, connection, _suspects(connection, call.subject[2]), after=0)
    else:
        _withdraw(desk, connection, row, refused=True)


def _suspects(connection: Connection, interconnect: str) -> tuple[str, ...]:
    """Where the connection may have come to be: here, and on every interconnect tried before."""
    return (interconnect, *(tried for tried in connection.tried if tried != interconnect))


def _look(desk: Desk, connection: Connection, suspects: Sequence[str], after: int) -> None:
    """Is the connection at the peer after all? (CC-RACE-003)"""
    place = (connection.peer, connection.environment, suspects[0])
    desk.call(
        connection.peer,
        "GetConnection",
        path_at_peer(desk, place, connection=connection.uuid),
        subject=("look", *place, connection.uuid, *suspects[1:]),
        after=after,
    )


def looked(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """What the look showed: adopt what is there, go on looking, or leave this interconnect."""
    _, peer, environment, interconnect, uuid, *others = call.subject
    connection = desk.tx.get(CONNECTIONS, uuid)
    if connection is None:
        return
    if not connection.living:
        deletion.take_back(desk, connection)
    elif any(row.stage in (Stage.PLACED, Stage.VERIFIED) for row in desk.tx.by(PLACEMENTS, uuid=uuid)):
        return
    elif status is not None and 200 <= status < 300:
        _adopt(desk, connection, (peer, environment, interconnect), body)
    elif status is None or status >= 500:
        if (
            desk.ctx.now - connection.since > desk.decisions.placement_span
            or call.attempt >= desk.decisions.placement_attempts
        ):
            deletion.abandon(desk, connection, "the peer does not tell whether it took the connection")
        else:
            desk.again(call, desk.decisions.backoff(call.attempt + 1))
    elif others:
        _look(desk, connection, others, after=0)
    else:
        _nothing_there(desk, connection)


def _nothing_there(desk: Desk, connection: Connection) -> None:
    """The peer holds no placement of ours: release the reservations and refresh before the next proposal (CC-CONN-010)."""
    for row in desk.tx.by(PLACEMENTS, uuid=connection.uuid):
        if row.stage is Stage.PROPOSING:
            desk.tx.delete(PLACEMENTS, *where(row), row.uuid)
            undriven = connection.alone and row.deferral is Deferral.DEFERRING
            if not connection.doubt and not undriven:  # the deferral was refused, not the interconnect
                connection = replace(connection, refused=(*connection.refused, row.interconnect))
            crossing.settle_held(desk, where(row))
    connection = desk.tx.put(CONNECTIONS, replace(connection, doubt=False))
    if desk.decisions.refreshes_before_retry:
        _refresh(desk, connection)
    else:
        propose(desk, connection, desk.decisions.backoff(connection.attempts) if connection.attempts else 0)


def _withdraw(desk: Desk, connection: Connection, row: Placement, refused: bool) -> None:
    """Leave an interconnect without a look."""
    desk.tx.delete(PLACEMENTS, *where(row), row.uuid)
    if refused:
        connection = replace(connection, refused=(*connection.refused, row.interconnect))
    crossing.settle_held(desk, where(row))
    propose(desk, desk.tx.put(CONNECTIONS, connection), after=0)


def _refresh(desk: Desk, connection: Connection) -> None:
    path = {"provider": own_id(desk, connection.peer), "environment": connection.environment}
    desk.call(connection.peer, "ListInterconnects", path, subject=(connection.uuid,))


def refreshed(desk: Desk, call: Call, status: int | None, body: m.ListInterconnectsResponse | None) -> None:
    """The peer's view of its interconnects before the next proposal; without one our own must do."""
    connection = desk.tx.get(CONNECTIONS, call.subject[0])
    if connection is None or not connection.living or living_placements(desk, connection.uuid):
        return
    closed = tuple(
        row.name.rpartition("/")[2] for row in (body.interconnects if body else ()) if row.state not in (None, ACTIVE)
    )
    propose(desk, connection, desk.decisions.backoff(connection.attempts) if connection.attempts else 0, closed)


def _adopt(desk: Desk, connection: Connection, place: Where, shown: m.Connection | None) -> None:
    """A proposal that seemed lost was taken: go on there, and let go of any later one.

    Whether it was deferred the peer tells, or our own record. If its room was given away meanwhile, the connection
    cannot stay there, and deleting it voids its UUID: it fails (CC-IX-004, CC-ERR-57).
    """
    for row in desk.tx.by(PLACEMENTS, uuid=connection.uuid):
        if row.stage is Stage.PROPOSING and where(row) != place:
            desk.tx.delete(PLACEMENTS, *where(row), row.uuid)
            crossing.settle_held(desk, where(row))
    own = desk.tx.get(PLACEMENTS, *place, connection.uuid)
    interconnect = desk.tx.get(INTERCONNECTS, *place)
    told = shown.deferProvisioning if shown is not None else None
    deferring = Deferral.DEFERRING if told else Deferral.NONE
    if own is not None:
        _placed(desk, connection, own if told is None else replace(own, deferral=deferring))
    elif interconnect is not None and desk.decisions.fits(room_of(desk, interconnect), connection.mbps):
        stage = Stage.PROPOSING
        row = Placement(*place, connection.uuid, connection.mbps, own=True, stage=stage, deferral=deferring)
        _placed(desk, connection, row)
    else:
        deletion.abandon(desk, connection, f"interconnect {place[2]!r} has no room left for what the peer took")


def _placed(desk: Desk, connection: Connection, row: Placement) -> None:
    """Agreed: the connection is a child of this interconnect on both sides (CC-CONN-002)."""
    row = desk.tx.put(PLACEMENTS, replace(row, stage=Stage.PLACED, tentative=False))
    desk.tx.put(CONNECTIONS, replace(connection, doubt=False, attempts=0))
    crossing.settle_held(desk, where(row))
    if row.deferral is Deferral.DEFERRING:
        deferral.watch(desk, row)
        activation.verify(desk, row)  # a quick driver may have finished before its 200 was read
    guidance.begin(desk, row)


def driven(desk: Desk, row: Placement) -> Placement:
    """The peer drives what was deferred to it, so it has taken the proposal, whatever becomes of its answer."""
    if row.stage is not Stage.PROPOSING or row.deferral is not Deferral.DEFERRING:
        return row
    _placed(desk, connection_of(desk, row.uuid), row)
    return desk.tx.get(PLACEMENTS, *where(row), row.uuid) or row


def restarted(desk: Desk) -> None:
    """Whoever waited for an answer does so no longer. The calls that were under way are in the outbox, and go on."""
    crossing.forget_held(desk)
    for row in desk.tx.rows(PLACEMENTS) if not desk.decisions.resumes else ():
        if row.stage is Stage.PROPOSING:
            desk.tx.put(CONNECTIONS, replace(connection_of(desk, row.uuid), customer=Customer.FAILED, living=0))
            deletion.release(desk, row)
