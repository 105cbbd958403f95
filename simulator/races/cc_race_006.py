"""CC-RACE-006: crossing updates.

The connection of 1000 Mbps is verified on both sides, and there is room for all that is asked. csp-a's customer wants
10000, csp-b's 2000; the two UpdateConnection may cross. Who has an own change open refuses the other's, so both may be
refused, which is legal; what may not be is that the two sides end with different values. Three things could make them:

* A 409, or no answer, leaves open whether the change was taken. The peer's value tells. But until the peer has read our
  answer to *its* change it shows its old value: who just asks for that value must not take it for granted (CC-ERR-62).
* A change that was given up may be taken late. Its sender learns it by the refresh after the peer's notification, or by
  one more that is due after each doubt, and asks the peer to go back.
* A refresh may show the past: what was read before a change was granted says nothing about it, so one more is due.

Proved: one value on both sides, and in what both customers read, no reservation left over, every change granted or
refused in the end, also as a livelock proof; and that a later single change is granted wherever the two came to rest.

Notifications are heard, features listed and the equipment changed in the step that asks for it: CC-RACE-013 is about
their crossing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.invariants import disagree_at_rest, oversubscribed
from simulator.connection_coordinator.prologue import asked, verified
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.updates import (
    bandwidth_among,
    still_held_at_rest,
    told_otherwise_at_rest,
    update_open_at_rest,
    updates_end,
)
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.invariant import Sometimes
from simulator.race import Cast, Race
from simulator.world import Step

SIZES = (1000, 2000, 10000)


def change(seat: str, mbps: int) -> Step:
    return replace(asked(seat, "update", mbps=mbps), name=f"update {seat} to {mbps}")


def crossing(start: int, *changes: tuple[str, int]) -> Callable[[Cast], Sequence[Step]]:
    """Verified on both sides with so many Mbps; then customers want others."""

    def prepare(cast: Cast) -> Sequence[Step]:
        verified(cast, mbps=start)
        return [change(seat, mbps) for seat, mbps in changes]

    return prepare


def in_force(mbps: int) -> Sometimes[View]:
    """Both customers read this bandwidth."""
    return lambda views: all(told.mbps == mbps for view in views for told in view.customers)


REFERENCE = replace(PROVIDER, patience=1)
"""The pause before a repetition is always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-006",
    title="Crossing updates",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("nine-left", channels=1, rooms={"csp-a": 20_000, "csp-b": 20_000}),
    prepare=crossing(1000, ("csp-a", 10000), ("csp-b", 2000)),
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(late=1),
    never=(
        oversubscribed,
        bandwidth_among(*SIZES),
        disagree_at_rest,
        told_otherwise_at_rest,
        still_held_at_rest,
        update_open_at_rest,
    ),
    live=(updates_end,),
    sometimes={
        "none is granted": in_force(1000),
        "csp-a's is granted, or both in turn": in_force(10000),
        "csp-b's is granted, or both in turn": in_force(2000),
    },
    operations=("UpdateConnection", "GetConnection", "NotifyConnectionStatus", "ListFeatures"),
    folded=("NotifyConnectionStatus", "ListFeatures", "feature"),
    boundary="one change by each customer; the story goes to its end",
    variants={
        "grants a change while its own is open": replace(REFERENCE, one_update_at_a_time=False),
        "takes what has no answer for refused": replace(REFERENCE, looks_after_lost_update=False),
        "keeps what was refused": replace(REFERENCE, restores_after_refusal=False),
        "does not make good what is taken late": replace(REFERENCE, makes_late_updates_good=False),
    },
    errata=("CC-ERR-23", "CC-ERR-24", "CC-ERR-62"),
)
