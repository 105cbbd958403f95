"""CC-RACE-011: a connection is deleted while its sides tell each other that they are ready.

Everything is agreed, csp-b is ready and was heard, csp-a's equipment is at work. Either customer may delete at any
moment: before the notification, while it or its answer is under way, between the two reads that follow it, or once the
connection is verified. A notification about what is gone or going is answered (404, or 2xx without effect) and brings nothing
back; its sender learns from the 404, or from that of its next read, that there is nothing left to verify, and clears
up (coordinator-harness, section 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.activation import unverified_at_rest, verified_early
from simulator.connection_coordinator.deletion import DELETION, deletions_end
from simulator.connection_coordinator.invariants import disagree_at_rest
from simulator.connection_coordinator.prologue import agreed, asked
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """Agreed; csp-b is ready and was heard, csp-a's equipment is at work. Either customer may delete."""
    agreed(cast, ready=("csp-b",))
    return asked("csp-a", "delete", optional=True), asked("csp-b", "delete", optional=True)


def verified(views: Sequence[View]) -> bool:
    return all(placed.verified for view in views for placed in view.placements) and all(v.placements for v in views)


def gone(views: Sequence[View]) -> bool:
    return not any(view.placements for view in views)


REFERENCE = replace(PROVIDER, patience=1)
"""The pause before a repetition is always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-011",
    title="Delete against notify",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("standard", channels=1),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, duplicate=1),
    never=(*DELETION, verified_early, unverified_at_rest, disagree_at_rest),
    live=(deletions_end,),
    sometimes={"verified on both sides": verified, "deleted on both sides": gone},
    boundary="one channel; csp-b was ready first",
    variants={
        "a notification brings back what was deleted": replace(REFERENCE, revives=("notification",)),
    },
)
