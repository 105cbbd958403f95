"""CC-RACE-014: one key is confirmed or used twice, or withdrawn while it is used.

csp-a issued a key. csp-b's customer accepts it, and once more; csp-a's customer may withdraw it at any moment: before it
is confirmed, between confirmation and CreateConnection, while the create or its answer is under way, or after; and so
may csp-b's. A
confirmation has no effect and is repeated as long as the key is unused, so a lost answer costs nothing (CC-ERR-03); only
the first create uses it up. A withdrawal that meets a placement deletes it at the peer as well; a create that comes after
it meets the tombstone, and so does one that was overtaken by the negotiator's own deletion (CC-ERR-65). If nobody
withdraws, there is one connection in the end, on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER, confirms
from reference_impl.connection_coordinator.messages import ActivationKey
from reference_impl.connection_coordinator.records import Key, KeyState
from simulator.connection_coordinator.deletion import DELETION, deletions_end
from simulator.connection_coordinator.invariants import disagree_at_rest, placed_twice_at_rest, request_open_at_rest
from simulator.connection_coordinator.keys import unconfirmed, useless_at_rest
from simulator.connection_coordinator.prologue import accept, asked, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """The key was issued. csp-b's customer accepts it, and once more; either customer may delete."""
    key = offered(cast)
    return (
        accept(key),
        accept(key, name="accept csp-b 0001 again"),
        asked("csp-a", "delete", optional=True),
        asked("csp-b", "delete", optional=True),
    )


def only_once(key: Key, presented: str | None, members: ActivationKey | None, environment: str, caller: str) -> bool:
    """The vice: the first confirmation uses the key up, and its repetition is answered false (CC-ERR-03)."""
    return key.state is KeyState.ISSUED and confirms(key, presented, members, environment, caller)


def used(views: Sequence[View]) -> bool:
    return all(placed.settled for view in views for placed in view.placements) and all(v.placements for v in views)


REFERENCE = replace(PROVIDER, confirm_attempts=3, placement_attempts=3, placement_rounds=1, patience=1)
"""Attempts bounded at three, so that the state space closes."""

race = Race(
    id="CC-RACE-014",
    title="One key confirmed or used twice at once",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("standard", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(late=1),
    never=(*DELETION, unconfirmed, placed_twice_at_rest, disagree_at_rest, request_open_at_rest, useless_at_rest),
    live=(deletions_end,),
    sometimes={"the key is used": used},
    variants={
        "uses a key up when it is first confirmed": replace(REFERENCE, confirms=only_once),
        "proposes before the key is confirmed": replace(REFERENCE, create_waits_for_confirmation=False),
        "forgets a deletion that overtook its create": replace(REFERENCE, buries_unplaced=False),
        "leaves the key of a deleted connection valid": replace(REFERENCE, voids_keys=False),
    },
    boundary="the story ends when the connection is placed, has failed or is deleted; attempts bounded at three, one round",
    errata=("CC-ERR-03", "CC-ERR-40", "CC-ERR-65"),
    operations=("ConfirmActivationKey", "CreateConnection", "GetConnection", "ListInterconnects", "DeleteConnection"),
)
