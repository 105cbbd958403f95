"""Deferral: the acceptor leaves the negotiation and the provisioning to the issuer (deferProvisioning).

The deferring side watches, from the acknowledgement of its create on (CC-ERR-18). A notification of the driver within
the hours of the environment is success for good; if none comes, the deferring side alone decides that it is over:
everything is undone here at once, and at the driver by a DeleteConnection that is repeated until it is done (CC-DEFER-006,
CC-DEFER-007; coordinator-harness, 8, RACE-016).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import deletion
from reference_impl.connection_coordinator.desk import Desk, connection_of, placement_of, subject_of
from reference_impl.connection_coordinator.inventory_records import ENVIRONMENTS, Environment
from reference_impl.connection_coordinator.records import CONNECTIONS, Connection, Deferral, Placement, Received, Stage
from reference_impl.kernel.party import Refusal, Subject

TIMER = "deferral"
HOUR = 3_600_000


def deferral_of(desk: Desk, connection: Connection) -> Deferral:
    """Is this connection's proposal a deferral? Where the environment says so, unless the peer refused to drive."""
    environment = desk.tx.get(ENVIRONMENTS, connection.peer, connection.environment)
    prescribed = environment is not None and environment.defers
    defers = desk.decisions.defers(prescribed) and not connection.alone
    return Deferral.DEFERRING if defers else Deferral.NONE


def watch(desk: Desk, row: Placement) -> None:
    """The deferring create is acknowledged: the clock starts, unless the driver was so quick that it notified before."""
    if row.received is not Received.NO and desk.decisions.trusts_driver:
        return
    environment = desk.tx.get(ENVIRONMENTS, row.peer, row.environment)
    hours = desk.decisions.deferral_hours(environment.deferral_hours if environment else 0)
    desk.arm(TIMER, subject_of(row), hours * HOUR)


def heard(desk: Desk, row: Placement) -> None:
    """The driver notifies: that is success, whatever is still to come (CC-DEFER-006)."""
    if row.deferral is Deferral.DEFERRING and desk.decisions.trusts_driver:
        desk.disarm(TIMER, subject_of(row))


def timed_out(desk: Desk, subject: Subject) -> None:
    """The driver was silent for too long: roll back on both sides, and tell the customer (CC-DEFER-007)."""
    row = placement_of(desk, subject)
    if row is None or row.stage is not Stage.PLACED:
        return
    connection = connection_of(desk, row.uuid)
    deletion.cancel(desk, connection, row, "the other provider did not provision the connection in time")


def refused(desk: Desk, connection: Connection) -> Connection:
    """The peer will not drive (400): from now on this side negotiates itself (CC-ERR-18)."""
    return desk.tx.put(CONNECTIONS, replace(connection, alone=True))


def take_over(desk: Desk, environment: Environment) -> Deferral:
    """The peer defers to this side: take the duty over, or refuse with 400 before anything is stored (CC-DEFER-003)."""
    if not desk.decisions.drives(environment.drives):
        raise Refusal(400, "this provider does not take over provisioning: send the proposal without deferProvisioning")
    return Deferral.DRIVING
