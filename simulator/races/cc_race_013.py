"""CC-RACE-013: both sides become ready at once; their notifications and what they read of each other cross.

Everything is agreed and the equipment is at work on both sides. Each side tells the other when it is ready, and reads
the other's connection and features when it was told. A notification is answered at once, before and whatever that read
shows, and reads are served while own calls are open, so nobody waits in a circle. What counts is that the other side's
features are FINAL, never that it is VERIFIED already (coordinator-harness, section 8).

``changing`` is the second story: verified on both sides, an update makes both sides not ready and ready again while each
is being told and is reading. One read at a time, and one more if a notification came meanwhile, so that the last state is
known in the end (there GetConnection, of which only the features' state matters, is answered at once).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.messages import VerificationState
from simulator.connection_coordinator import prologue
from simulator.connection_coordinator.activation import (
    activations_end,
    behind_at_rest,
    unverified_at_rest,
    verified_early,
)
from simulator.connection_coordinator.invariants import disagree_at_rest, verified_alone_at_rest
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import NO_FAULTS, Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """Agreed on both sides; nobody needs to ask for anything any more."""
    prologue.agreed(cast)
    return ()


def verified_then_updated(cast: Cast) -> Sequence[Step]:
    """Verified on both sides; csp-a's customer wants ten times as much, and both sides are provisioned anew."""
    prologue.verified(cast)
    return (prologue.asked("csp-a", "update", mbps=10000),)


def verified(views: Sequence[View]) -> bool:
    return all([placed.verified for placed in view.placements] == [True] for view in views)


def changed(views: Sequence[View]) -> bool:
    return all([placed.mbps for placed in view.placements if placed.ready] == [10000] for view in views)


REFERENCE = replace(PROVIDER, patience=1)
"""The pause before a repetition is always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-013",
    title="Crossing notifications and refreshes",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("nine-left", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(late=1),
    never=(verified_early, unverified_at_rest, behind_at_rest, verified_alone_at_rest, disagree_at_rest),
    live=(activations_end,),
    boundary="one channel",
    errata=("CC-ERR-11", "CC-ERR-51"),
    sometimes={"verified on both sides": verified},
    variants={
        "waits for the other side to be VERIFIED first": replace(
            REFERENCE, believes=lambda connection: connection.verificationState is VerificationState.VERIFIED
        ),
    },
)

changing = replace(
    race,
    prepare=verified_then_updated,
    faults=NO_FAULTS,
    never=(behind_at_rest, unverified_at_rest, verified_alone_at_rest, disagree_at_rest),
    sometimes={"changed on both sides": changed},
    variants={"forgets a notification that comes while it reads": replace(REFERENCE, refreshes_once_more=False)},
    folded=("UpdateConnection", "GetConnection"),
)
