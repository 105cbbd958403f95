"""The sweep: who decides so removes what was never finalized, once seven days have passed (CC-CONN-017).

It is a choice that the documents leave open; without it everything waits for its customer. Seven days bind the sweep
only: failures and roll-backs that are reported are none (CC-ERR-61).
"""

from __future__ import annotations

from reference_impl.connection_coordinator import deletion
from reference_impl.connection_coordinator.desk import Desk, placement_of, subject_of
from reference_impl.connection_coordinator.records import CONNECTIONS, Placement
from reference_impl.kernel.party import Subject

TIMER = "stale"


def watch(desk: Desk, row: Placement) -> None:
    """A connection was placed here."""
    if desk.decisions.sweeps_after:
        desk.arm(TIMER, subject_of(row), desk.decisions.sweeps_after)


def stale(desk: Desk, subject: Subject) -> None:
    """It is old by now; if it is not finalized either, it goes."""
    row = placement_of(desk, subject)
    connection = desk.tx.get(CONNECTIONS, subject[3])
    if row is not None and connection is not None and desk.decisions.sweeps(row.stage):
        deletion.delete(desk, connection, "it was not finalized in time")


FIRED = {TIMER: stale}
