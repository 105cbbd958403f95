"""CC-RACE-008: a connection is deleted while its bandwidth is changed.

The connection of 1000 Mbps is verified on both sides, with room for 9000 more. csp-a's customer wants 10000, and each
side's customer may delete at any moment: before UpdateConnection is sent, while it or its answer is under way, and
while either side's equipment takes the new bandwidth. A deletion ends the change, whoever hears of it first. What was
granted or is granted too late brings nothing back, and all that was reserved is free again, once: the placement's
record holds the one amount that counts (coordinator-harness, section 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.deletion import DELETION, deletions_end
from simulator.connection_coordinator.invariants import oversubscribed
from simulator.connection_coordinator.prologue import asked, verified
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """Verified on both sides; csp-a's customer changes it, both customers delete it."""
    verified(cast)
    return (
        asked("csp-a", "update", mbps=10000),
        asked("csp-a", "delete"),
        asked("csp-b", "delete"),
    )


def overtaken(views: Sequence[View]) -> bool:
    return all(told.state == "deleted" and told.mbps == 1000 for view in views for told in view.customers)


REFERENCE = replace(PROVIDER, patience=1)
"""The pause before a repetition is always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-008",
    title="Update against delete",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("nine-left", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, duplicate=1),
    never=(*DELETION, oversubscribed),
    live=(deletions_end,),
    sometimes={"the deletion overtakes the change": overtaken},
    variants={
        "writes down whatever an update's answer says": replace(REFERENCE, revives=("update",)),
        "gives back room with every deletion that it is asked for": replace(REFERENCE, room_back_with="call"),
    },
    operations=("UpdateConnection", "GetConnection", "DeleteConnection"),
    boundary="one channel; nobody is notified of the new state (CC-RACE-011, CC-RACE-013)",
    errata=("CC-ERR-40", "CC-ERR-62"),
)
