"""CC-RACE-003: lost answer to CreateConnection.

csp-b's customer brings a key; csp-b proposes ix2, and what became of that may be unclear: the answer is lost, or csp-b
gives up while a copy of the request is still on its way, or csp-b crashes. A 409 to the retry means "no room" or "exists
already" (CC-ERR-06), and meanwhile csp-a's operator may close ix2, so that the retry goes to ix1. The reference looks at
every interconnect that it tried before it believes a 409, and adopts what it finds; csp-a takes no second placement of
a UUID while the first is not verified (CC-ERR-10), so the late copy finds its place taken.

Proved: one placement on both sides, on which the negotiation goes on. Each fault costs an attempt, so three faults of
the three kinds at once need four; with three the connection fails instead, cleanly on both sides.

The story ends when the one channel is agreed. The key is confirmed, and guidance given, in the step that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.invariants import (
    disagree_at_rest,
    one_placed_at_rest,
    placed_twice_at_rest,
    request_open_at_rest,
)
from simulator.connection_coordinator.prologue import accept, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """csp-a issued the key; both interconnects have room, and csp-a's operator will close the one that csp-b tries."""
    closing = {"environment": "env1", "interconnect": "ix2", "state": "CLOSED"}
    return (accept(offered(cast)), Step("close csp-a ix2", "csp-a", "set_interconnect_state", closing))


def goes_on(interconnect: str) -> Callable[[Sequence[View]], bool]:
    """The channel is agreed on this interconnect."""
    return lambda views: all(any(each.interconnect == interconnect for each in view.features) for view in views)


REFERENCE = replace(PROVIDER, placement_attempts=4, placement_rounds=1, feature_attempts=3, patience=3)
"""One attempt more than there are faults."""

race = Race(
    id="CC-RACE-003",
    title="Lost answer to CreateConnection",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("standard", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, late=1, crash=1),
    never=(disagree_at_rest, placed_twice_at_rest, request_open_at_rest, one_placed_at_rest),
    operations=("CreateConnection", "GetConnection", "ListInterconnects", "DeleteConnection", "CreateFeature"),
    folded=("ConfirmActivationKey", "GenerateFeatureGuidance"),
    boundary="the story ends when the one channel is agreed; attempts bounded at four, one round",
    sometimes={"goes on where it was placed first": goes_on("ix2"), "goes on elsewhere": goes_on("ix1")},
    variants={
        "takes the 409 to its retry for want of room": replace(REFERENCE, looks_before_retry=False),
        "takes every 409 for its own connection": replace(REFERENCE, takes_409_for_existing=True),
        "takes a second placement before the first is verified": replace(REFERENCE, single_unverified_placement=False),
    },
    errata=("CC-ERR-06", "CC-ERR-10", "CC-ERR-65"),
)
