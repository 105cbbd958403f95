"""CC-RACE-016: the time of a deferral ends while the driver succeeds.

csp-b's customer accepted in an environment that prescribes deferral. csp-a took the duty over, asks guidance, proposes
the feature of the only channel, provisions and notifies; csp-b takes the feature, provisions and notifies too. At any
moment csp-b's time may be over. csp-b decides alone: a notification that it answered with 2xx before is success for good;
else it undoes everything at once, tells its customer, answers 404 to whatever comes, and repeats DeleteConnection until it
is done. csp-a cannot be VERIFIED without that 2xx, so both are, or nobody has anything (coordinator-harness, section 8).

The time-out is a timer that is quicker than what is under way: a budget of one, as a deferral has one end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.activation import unverified_at_rest, verified_early
from simulator.connection_coordinator.deferral import (
    deferrals_end,
    rolled_back_after_success,
    told_otherwise_at_rest,
)
from simulator.connection_coordinator.deletion import outlives_connection
from simulator.connection_coordinator.invariants import disagree_at_rest, verified_alone_at_rest
from simulator.connection_coordinator.prologue import accept, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """csp-b's customer accepts csp-a's key, and csp-b defers."""
    return (accept(offered(cast)),)


def verified(views: Sequence[View]) -> bool:
    return all([placed.verified for placed in view.placements] == [True] for view in views)


def rolled_back(views: Sequence[View]) -> bool:
    return not any(view.placements for view in views) and any(
        told.state == "failed" for view in views for told in view.customers
    )


REFERENCE = replace(PROVIDER, patience=1, feature_attempts=1)
"""The pause before a repetition is always the same, and a refused feature is given up, so that the state space closes."""

race = Race(
    id="CC-RACE-016",
    title="Deferral time-out against late success",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("deferral", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(clock_jump=1, lose_response=1),
    never=(
        verified_early,
        rolled_back_after_success,
        outlives_connection,
        unverified_at_rest,
        verified_alone_at_rest,
        disagree_at_rest,
        told_otherwise_at_rest,
    ),
    live=(deferrals_end,),
    sometimes={"verified on both sides": verified, "rolled back": rolled_back},
    variants={
        "rolls back although the driver's notification was acknowledged": replace(REFERENCE, trusts_driver=False),
        "begins anew when a feature comes after the roll-back": replace(REFERENCE, revives=("feature",)),
    },
    folded=("ConfirmActivationKey", "GenerateFeatureGuidance"),
    boundary="one channel; a refused feature is given up",
    errata=("CC-ERR-18", "CC-ERR-68"),
)
