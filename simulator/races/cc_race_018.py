"""CC-RACE-018: a connection is moved while the customer deletes it, or the peer moves it as well.

The connection is verified on ix2, on both sides. csp-a's operator moves it to ix1; csp-b's operator may move it to ix3 at
the same time, and csp-b's customer may delete it at any moment. While a proposal of its own is open each side answers 409
to the other's: both are refused, and the one with the smaller interconnect repeats its own, the other one stays where it
is. The new place is made completely before the old one goes: who moves the connection reads at the peer that it is
VERIFIED there. A deletion goes to every place that is known on either side (coordinator-harness, section 8).

All three together are explored without faults; the tests prove every two of them, and the migration against a change of
bandwidth, with lost requests and answers, late copies, crashes and early timers.

Guidance, features, notifications and the reads after them happen within the steps that cause them: what may cross is who
places, who deletes, and the look that decides on the break.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.deletion import DELETION, deletions_end
from simulator.connection_coordinator.invariants import disagree_at_rest, oversubscribed
from simulator.connection_coordinator.migration import half_moved_at_rest, migrations_end, out_of_service
from simulator.connection_coordinator.prologue import K1, asked, verified
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def moved(seat: str, interconnect: str) -> Step:
    return Step(f"migrate {seat} {interconnect}", seat, "migrate", {"uuid": K1, "interconnect": interconnect})


MOVED, MOVED_TOO = moved("csp-a", "ix1"), moved("csp-b", "ix3")
DELETED, UPDATED = asked("csp-b", "delete", optional=True), asked("csp-b", "update", mbps=10000)


def story(*steps: Step) -> Callable[[Cast], Sequence[Step]]:
    """The connection is verified on ix2; then these things happen."""

    def prepare(cast: Cast) -> Sequence[Step]:
        verified(cast)
        return steps

    return prepare


def at(interconnect: str) -> Callable[[Sequence[View]], bool]:
    def placed(views: Sequence[View]) -> bool:
        return all([each.interconnect for each in view.placements if each.verified] == [interconnect] for view in views)

    return placed


def gone(views: Sequence[View]) -> bool:
    return not any(view.placements for view in views)


REFERENCE = replace(PROVIDER, patience=1, feature_attempts=1)
"""The pause before a repetition is always the same, and a refused feature is given up, so that the state space closes."""

race = Race(
    id="CC-RACE-018",
    title="Migration against delete and second migration",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("unequal-rooms", channels=1),
    prepare=story(MOVED, MOVED_TOO, DELETED),
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(),
    never=(*DELETION, out_of_service, oversubscribed, disagree_at_rest, half_moved_at_rest),
    live=(migrations_end, deletions_end),
    sometimes={"moved to ix1": at("ix1"), "moved to ix3": at("ix3"), "deleted": gone},
    variants={
        "deletes the old place before the new one is there": replace(REFERENCE, breaks_when="placed"),
        "deletes the old place once the new one is VERIFIED here": replace(REFERENCE, breaks_when="verified here"),
        "deletes by UUID": replace(REFERENCE, tells_placements_apart=False),
    },
    folded=("GenerateFeatureGuidance", "CreateFeature", "ListFeatures", "feature", "prefer"),
    boundary="one channel; features, equipment and routes are quicker than everything else; faults in stories of two",
    errata=("CC-ERR-10", "CC-ERR-47", "CC-ERR-64", "CC-ERR-65"),
)
