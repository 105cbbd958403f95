"""CC-RACE-010: both customers delete the same connection.

The connection is verified on both sides, and each side's customer asks for its deletion at some moment. The two
DeleteConnection calls may cross, and each of them may come twice, late or after its sender's restart. Whoever is asked
carries the deletion out at once, also in the middle of an own one, and answers 404 if there is nothing any more; both
answers mean done to the caller. Features, VLANs, subnets and bandwidth are given back with the record that holds them,
so no second call can give them back again (coordinator-harness, section 8).

There is room for one connection. Once csp-b's customer has asked for the deletion, another accepts the key of a second
connection, and gets the room as soon as both sides have it, or is told that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.deletion import DELETION, deletions_end
from simulator.connection_coordinator.invariants import disagree_at_rest, oversubscribed
from simulator.connection_coordinator.prologue import K1, K2, accept, asked, offered, verified
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """The first connection is verified, the key of the second one was issued while there was still room."""
    key = offered(cast, K2)
    verified(cast, K1)
    return (
        asked("csp-a", "delete", K1),
        asked("csp-b", "delete", K1),
        replace(accept(key, K2), after="delete csp-b 0001"),
    )


def room_taken_over(views: Sequence[View]) -> bool:
    return all([placed.uuid for placed in view.placements if placed.settled] == [K2] for view in views)


REFERENCE = replace(PROVIDER, patience=1)
"""The pause before a repetition is always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-010",
    title="Crossing deletes",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("one-left", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, late=1),
    never=(*DELETION, oversubscribed, disagree_at_rest),
    live=(deletions_end,),
    sometimes={"the second connection has the room": room_taken_over},
    variants={
        "takes 404 for a failed deletion": replace(
            REFERENCE, deletion_done=lambda status: status is not None and 200 <= status < 300
        ),
        "gives back room with every deletion that it is asked for": replace(REFERENCE, room_back_with="call"),
    },
    operations=("ConfirmActivationKey", "CreateConnection", "GetConnection", "ListInterconnects", "DeleteConnection"),
    folded=("ConfirmActivationKey", "ListInterconnects"),
    boundary="one channel; the story of the second connection ends when it is placed or has failed",
    errata=("CC-ERR-40",),
)
