"""CC-RACE-004: lost answer to CreateFeature.

A connection was placed; csp-b proposes a configuration for each of two channels. What became of a proposal may be
unclear: its answer is lost, or csp-b gives up while a copy is still on its way, or a side crashes. The reference asks
for the feature before it does anything else, adopts what it finds, and repeats what it does not find unchanged, under
the same featureId. csp-a takes the same proposal once more as the same, and no second feature of a connection on a
channel, so a late copy does no harm. Who proposes anew instead is refused by its own earlier proposal every time; and
under a fresh featureId, at a peer that takes it, has two features on one channel.

Proved: both channels are agreed, once, with the same configuration on both sides, and the connection never fails.

The keys, the placement and the guidance are settled in the step that asks for them, and the equipment is done at once.
The story ends when the channels are agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.features import (
    channel_taken_twice,
    configured_differently_at_rest,
    value_booked_twice,
)
from simulator.connection_coordinator.invariants import disagree_at_rest, failed_at_rest
from simulator.connection_coordinator.prologue import accept, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step

CHANNELS = 2


def prepare(cast: Cast) -> Sequence[Step]:
    return (accept(offered(cast)),)


def fresh_id(channel: str, attempts: int) -> str:
    """The vice: each repeat is another feature."""
    return f"l3-{channel}-{attempts}"


def all_agreed(views: Sequence[View]) -> bool:
    return all(len(view.features) == CHANNELS for view in views)


REFERENCE = replace(PROVIDER, feature_attempts=3, patience=3)
"""Attempts bounded at three, so that the state space closes."""

NOT_LOOKING = replace(REFERENCE, looks_for_features=False)

race = Race(
    id="CC-RACE-004",
    title="Lost answer to CreateFeature",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("standard", channels=CHANNELS),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, late=1, crash=1),
    never=(
        channel_taken_twice,
        value_booked_twice,
        configured_differently_at_rest,
        disagree_at_rest,
        failed_at_rest,
    ),
    operations=("CreateFeature", "GetFeature", "DeleteConnection"),
    folded=("ConfirmActivationKey", "CreateConnection", "GenerateFeatureGuidance", "feature"),
    boundary="one connection on two channels; the story ends when they are agreed; attempts bounded at three",
    sometimes={"all channels agreed": all_agreed},
    variants={
        "proposes anew without looking": NOT_LOOKING,
        "proposes anew under a fresh featureId": replace(NOT_LOOKING, feature_id=fresh_id),
        "proposes anew under a fresh featureId, and takes a second feature of a channel": replace(
            NOT_LOOKING, feature_id=fresh_id, one_feature_per_channel=False
        ),
    },
)
