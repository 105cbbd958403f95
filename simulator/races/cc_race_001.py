"""CC-RACE-001: two sides place connections on the last capacity.

Each side's customer accepts a key of the other; ix1 and ix2 have room for one connection each. Both negotiators
reserve here, then ask there. If a reservation under way does not count, both end up on one interconnect. If it counts
and each side simply refuses the other, both move on together and may meet again on the next one. The reference holds
one of the two answers back until its own proposal has ended (coordinator-harness, section 8).

Safety holds under every budget that was tried. "At least one is placed" is proved for each single fault and for one
drop with one duplicate. Two faults that each spoil a hold (two losses, two early timers, one of both) make the sides
refuse each other on ix2 and again on ix1: that uses up the one round that this world allows, and both give up. With
two rounds two losses are survived, too; each further pair costs a further round. Two late copies can leave one side
with a placement whose room it gave away: it has to fail (CC-ERR-57).

The story ends when each connection is placed or has failed: the L3 parameters and what follows do not touch capacity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Literal

from reference_impl.connection_coordinator.decisions import PROVIDER, Room
from simulator.connection_coordinator.invariants import (
    disagree_at_rest,
    one_placed_at_rest,
    oversubscribed,
    placed_twice_at_rest,
    request_open_at_rest,
)
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race, ask
from simulator.world import Step

K1 = "00000000-0000-4000-8000-000000000001"
K2 = "00000000-0000-4000-8000-000000000002"


def counts_no_tentative(room: Room, size: int) -> bool:
    """The vice: only confirmed placements count, the own proposal under way does not."""
    return room.max_mbps - room.placed >= size


def refuses_always(own: Collection[str], incoming: str) -> Literal["hold", "refuse"]:
    """The vice: crossing proposals are refused at once, so both sides move on together and meet again."""
    return "refuse"


def _always(uuid: str) -> Callable[[str], str]:
    """A source of fresh ids that has only this one to give."""
    return lambda kind: uuid


def prepare(cast: Cast) -> Sequence[Step]:
    """K1 was issued by csp-b for csp-a's customer, K2 the other way round; nobody has accepted yet."""
    keys = {}
    for issuer, uuid in (("csp-b", K1), ("csp-a", K2)):
        issued = ask(
            cast,
            issuer,
            "offer",
            _always(uuid),
            account="X",
            remote_account="X",
            environment="env1",
            mbps=1000,
        )
        keys[uuid] = issued["activation_key"]
    return tuple(
        Step(
            f"accept {seat} {uuid[-4:]}",
            seat,
            "accept",
            {"account": "X", "activation_key": keys[uuid], "consent": True},
        )
        for seat, uuid in (("csp-a", K1), ("csp-b", K2))
    )


def both_placed(views: Sequence[View]) -> bool:
    return all(sum(placed.settled for placed in view.placements) == 2 for view in views)


REFERENCE = replace(PROVIDER, confirm_attempts=3, placement_attempts=3, placement_rounds=1, feature_attempts=3)
"""Attempts bounded at three, so that the state space closes."""

race = Race(
    id="CC-RACE-001",
    title="Two sides place connections on the last capacity",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("one-left-each", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(drop=1, duplicate=1),
    never=(
        oversubscribed,
        disagree_at_rest,
        placed_twice_at_rest,
        request_open_at_rest,
        one_placed_at_rest,
    ),
    operations=("CreateConnection", "GetConnection", "ListInterconnects", "DeleteConnection", "ConfirmActivationKey"),
    boundary="the story ends when each connection is placed or has failed; attempts bounded at three, one round",
    sometimes={"both connections placed": both_placed},
    variants={
        "ignores tentative reservations": replace(REFERENCE, fits=counts_no_tentative),
        "refuses each other at once": replace(REFERENCE, on_crossing=refuses_always),
        "does not look before it tries elsewhere": replace(REFERENCE, looks_before_retry=False),
    },
    errata=("CC-ERR-06", "CC-ERR-57", "CC-ERR-60"),
)
