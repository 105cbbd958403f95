"""CC-RACE-009: a connection is deleted while its L3 parameters are negotiated.

csp-b's customer accepted, both channels are proposed at once, and at some moment either customer deletes: while a
CreateFeature or its answer is under way, after none, one or both of them, or while the equipment is at work. A side that
deletes refuses further features; features fall with their connection, whichever call is handled first; and a proposal
that comes to nothing, because its connection is gone (404) or going (409), is not repeated for ever: the negotiator
stops, and its own clean-up meets a 404, which is the end of it, too (coordinator-harness, section 8).

The race begins with the acceptance; confirmation and placement happen within that step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.deletion import DELETION, deletions_end
from simulator.connection_coordinator.invariants import disagree_at_rest
from simulator.connection_coordinator.prologue import accept, asked, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """csp-b's customer accepts; then either customer may delete."""
    taken = accept(offered(cast))
    return (
        taken,
        asked("csp-a", "delete", after=taken.name, optional=True),
        asked("csp-b", "delete", after=taken.name, optional=True),
    )


def agreed(views: Sequence[View]) -> bool:
    return all(len(view.features) == 2 for view in views)


def gone(views: Sequence[View]) -> bool:
    return not any(view.placements or view.features for view in views)


REFERENCE = replace(PROVIDER, patience=1, feature_attempts=1)
"""A refused channel is given up, and the pause before a repetition is always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-009",
    title="Delete against create-feature",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("standard", channels=2),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1),
    never=(*DELETION, disagree_at_rest),
    live=(deletions_end,),
    sometimes={"both channels agreed": agreed, "nothing left": gone},
    variants={"deletes the connection, but not its features": replace(REFERENCE, frees_features=False)},
    operations=(
        "ConfirmActivationKey",
        "CreateConnection",
        "GenerateFeatureGuidance",
        "CreateFeature",
        "GetFeature",
        "DeleteConnection",
    ),
    folded=("ConfirmActivationKey", "CreateConnection"),
    boundary="two channels, a refused one is given up; the story ends when both are agreed or nothing is left",
)
