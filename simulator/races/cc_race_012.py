"""CC-RACE-012: a notification comes before its receiver is ready.

csp-b's customer accepted. csp-a provisions as soon as it has taken the proposal of the only channel, and may tell so
before csp-b has read the answer to that proposal, or while csp-b's equipment is still at work; and the other way round.
The receiver writes the receipt down before it answers 2xx, so that neither a restart nor a repeated notification changes
anything, reads the peer, and stays UNVERIFIED until its own conditions hold. Then it needs no second notification: what
it has read counts, and if that was too early it reads once more (coordinator-harness, section 8).

The race begins with the acceptance; confirmation, placement and guidance happen within that step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.activation import activations_end, unverified_at_rest, verified_early
from simulator.connection_coordinator.invariants import disagree_at_rest, verified_alone_at_rest
from simulator.connection_coordinator.prologue import accept, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """csp-b's customer accepts csp-a's key."""
    return (accept(offered(cast)),)


def verified(views: Sequence[View]) -> bool:
    return all([placed.verified for placed in view.placements] == [True] for view in views)


REFERENCE = replace(PROVIDER, patience=1, feature_attempts=3)
"""Attempts bounded at three, and the pause before a repetition always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-012",
    title="Notify before the receiver is ready",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("standard", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(crash=1),
    never=(verified_early, unverified_at_rest, verified_alone_at_rest, disagree_at_rest),
    live=(activations_end,),
    sometimes={"verified on both sides": verified},
    variants={
        "drops an early notification": replace(REFERENCE, remembers_early_notifications=False),
        "is VERIFIED as soon as the peer is ready": replace(REFERENCE, verified=lambda progress: progress.confirmed),
    },
    boundary="one channel, so one feature is enough",
    errata=("CC-ERR-11",),
    folded=("ConfirmActivationKey", "CreateConnection", "GenerateFeatureGuidance"),
)
