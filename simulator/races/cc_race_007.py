"""CC-RACE-007: update against create for the remaining room.

ix1 has 9000 Mbps left beside a verified connection of 1000. csp-b's customers want that one to have 10000, and a second
one of 1000 to be placed; csp-b's copy shows more room than there is, so its own account stops neither, and both calls
are under way to csp-a at once. csp-a has one account of room and one step for check and reservation, so exactly one of
the two is granted, whichever comes first.

Safety (never more than fits, one value on both sides) and "nobody is turned away while there is room" are proved under
one request handled twice together with one answer lost; that every change ends, as a livelock proof. The same two can
also cross, when csp-a's customer changes and csp-b's accepts: each side holds what it asked for and refuses the other;
the change falls back, and a later round of the placement finds the room. Where a change that was given up is taken late,
or a look is lost for as long as all rounds take, the room is held for nothing until that is made good, and both may be
refused; what is safe stays so.

The keys are confirmed, the interconnects read, notifications heard and the equipment changed in the step that asks for
it. The story ends when the second connection is placed or has failed, and the change is in place or refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER, Room
from simulator.connection_coordinator.invariants import (
    disagree_at_rest,
    oversubscribed,
    request_open_at_rest,
    turned_away_at_rest,
)
from simulator.connection_coordinator.prologue import K2, accept, asked, offered, verified
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.updates import (
    bandwidth_among,
    still_held_at_rest,
    told_otherwise_at_rest,
    update_open_at_rest,
    updates_end,
)
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def changed_by(seat: str) -> Callable[[Cast], Sequence[Step]]:
    """The first connection is verified, the key of the second issued; csp-b's customer brings it."""

    def prepare(cast: Cast) -> Sequence[Step]:
        key = offered(cast, K2)
        verified(cast)
        return (asked(seat, "update", mbps=10000), accept(key, K2))

    return prepare


def looks_at_the_maximum(room: Room, old: int, new: int) -> bool:
    """The vice: an increase is compared with the interconnect's maximum, not with what is left of it."""
    return room.max_mbps >= new


def increased(views: Sequence[View]) -> bool:
    return all([each.mbps for each in view.placements] == [10000] for view in views)


def placed_beside(views: Sequence[View]) -> bool:
    return all([each.mbps for each in view.placements] == [1000, 1000] for view in views)


REFERENCE = replace(PROVIDER, placement_attempts=3, patience=1)

race = Race(
    id="CC-RACE-007",
    title="Update against create for the remaining room",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("nine-left", channels=1, rooms={"csp-b": 100_000}),
    prepare=changed_by("csp-b"),
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, duplicate=1),
    never=(
        oversubscribed,
        bandwidth_among(1000, 10000),
        disagree_at_rest,
        told_otherwise_at_rest,
        still_held_at_rest,
        request_open_at_rest,
        turned_away_at_rest,
        update_open_at_rest,
    ),
    live=(updates_end,),
    operations=(
        "CreateConnection",
        "UpdateConnection",
        "GetConnection",
        "DeleteConnection",
        "NotifyConnectionStatus",
        "ListFeatures",
    ),
    folded=("ConfirmActivationKey", "ListInterconnects", "NotifyConnectionStatus", "ListFeatures", "feature"),
    boundary="one change, one create; the second connection's story ends when it is placed or has failed; three attempts",
    sometimes={"the change is granted": increased, "the second connection is placed": placed_beside},
    variants={
        "compares an increase with the maximum": replace(REFERENCE, room_for_update=looks_at_the_maximum),
        "checks in one step and reserves in another": replace(REFERENCE, reserves_with_check=False),
    },
    errata=("CC-ERR-06", "CC-ERR-62"),
)
