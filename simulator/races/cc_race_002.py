"""CC-RACE-002: many creates from one side for the last capacity.

csp-b's customer brings four keys of csp-a; ix1 has room for three of them, which csp-a alone knows: csp-b's copy shows
more, so its own account never stops it, and four proposals are under way at once. csp-a has to place three and turn one
away, whatever order they come in. Who checks the room in one step and takes it in another places all four.

Safety (never more than fits, both sides list the same) and "nobody is turned away while there is room" are proved for
four requests under one answer lost and one request handled twice, and for five without a fault. They are
interchangeable, so they leave in the order of their keys, and arrive in any.

The story ends when each connection is placed or has failed: the L3 parameters and what follows do not touch capacity.
The keys are confirmed and the interconnects read in the step that asks for it: neither takes room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from reference_impl.connection_coordinator.decisions import PROVIDER, Room
from simulator.connection_coordinator.invariants import (
    disagree_at_rest,
    oversubscribed,
    request_open_at_rest,
    turned_away_at_rest,
)
from simulator.connection_coordinator.prologue import accept, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step

ROOM = 3


def requests(number: int) -> Callable[[Cast], Sequence[Step]]:
    """So many keys were issued; they are accepted one after the other, without waiting for what becomes of them."""

    def prepare(cast: Cast) -> Sequence[Step]:
        uuids = [f"{each:08}-0000-4000-8000-{each:012}" for each in range(1, number + 1)]
        steps = [accept(offered(cast, uuid), uuid) for uuid in uuids]
        return (*steps[:1], *(replace(step, after=before.name) for before, step in pairwise(steps)))

    return prepare


def looks_at_the_maximum(room: Room, size: int) -> bool:
    """The vice: what is placed already is not counted."""
    return room.max_mbps >= size


def three_placed(views: Sequence[View]) -> bool:
    return all(sum(placed.settled for placed in view.placements) == ROOM for view in views)


REFERENCE = replace(PROVIDER, placement_attempts=3, placement_rounds=1)

race = Race(
    id="CC-RACE-002",
    title="Many creates from one side for the last capacity",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("one-left", channels=1, rooms={"csp-a": ROOM * 1000, "csp-b": 100_000}),
    prepare=requests(ROOM + 1),
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, duplicate=1),
    never=(oversubscribed, disagree_at_rest, request_open_at_rest, turned_away_at_rest),
    operations=("CreateConnection", "GetConnection", "DeleteConnection"),
    folded=("ConfirmActivationKey", "ListInterconnects"),
    boundary="four requests, room for three; the story ends when each is placed or has failed; attempts bounded at three",
    sometimes={"three connections placed": three_placed},
    variants={
        "checks in one step and reserves in another": replace(REFERENCE, reserves_with_check=False),
        "counts nothing that is placed": replace(REFERENCE, fits=looks_at_the_maximum),
    },
    errata=("CC-ERR-06",),
)
