"""CC-RACE-005: simultaneous features compete for a VLAN, a subnet or a channel.

Two connections were placed on one interconnect; each side negotiates one of them, and both choose the lowest VLAN and
the first subnet that are left. Own open proposals count as reserved, so proposals that cross refuse each other. If both
sides moved on to the next value they would meet again there, and again, until the attempts are used up. The reference
gives way on one side only: the greater UUID takes another value at once, the smaller pauses and repeats its own. What
was refused is tried again after a pause when nothing else is left, because by then the other side may have moved on. A
409 may also hide that another copy was accepted: so the peer is asked for the feature before the 409 is believed.

Proved: no VLAN and no subnet is booked twice, both sides hold the same, and both connections get a value of their own,
with six values left and with two, under each single fault, under one answer lost with one request handled twice, and
under two losses. With one left one connection gets it and the other fails. Two copies that come late can bring back a
value which their sender gave up for its rival's: a feature alone cannot be taken back, so that connection fails, and
nothing is left of it.

The keys, the placement and the guidance are settled in the step that asks for them, and the equipment is done at once.
The story ends when the channel is agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.messages import VLANRange
from simulator.connection_coordinator.features import (
    channel_taken_twice,
    configured_differently_at_rest,
    value_booked_twice,
)
from simulator.connection_coordinator.invariants import disagree_at_rest, failed_at_rest
from simulator.connection_coordinator.prologue import K1, K2, accept, offered
from simulator.connection_coordinator.providers import two_providers
from simulator.connection_coordinator.views import View, provider_view
from simulator.faults import Faults
from simulator.invariant import Sometimes
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """csp-b negotiates K1, the smaller UUID, and csp-a negotiates K2."""
    return (accept(offered(cast, K1, "csp-a"), K1, "csp-b"), accept(offered(cast, K2, "csp-b"), K2, "csp-a"))


def gives_way_always(own: str, rivals: Collection[str]) -> bool:
    """The vice: both sides move on to another value at once, and meet again."""
    return True


def values(*vlans: int) -> Sometimes[View]:
    """The two connections hold these VLANs, in the order of their UUIDs."""
    return lambda views: all(tuple(each.config.vlanId for each in view.features) == vlans for view in views)


REFERENCE = replace(PROVIDER, patience=3)
"""Five attempts for a channel, as ever: the tie-break alone can cost two of them, and each loss one."""

race = Race(
    id="CC-RACE-005",
    title="Simultaneous features compete for a VLAN, a subnet or a channel",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("nine-left", channels=1, vlans=VLANRange(start=2000, stop=2005)),
    prepare=prepare,
    view=provider_view,
    decisions=REFERENCE,
    faults=Faults(lose_response=1, duplicate=1),
    never=(
        channel_taken_twice,
        value_booked_twice,
        configured_differently_at_rest,
        disagree_at_rest,
        failed_at_rest,
    ),
    operations=("CreateFeature", "GetFeature", "DeleteConnection"),
    folded=("ConfirmActivationKey", "CreateConnection", "GenerateFeatureGuidance", "feature"),
    boundary="one channel with six VLANs left; the story ends when both connections have theirs; five attempts each",
    sometimes={"the smaller UUID gets the first value": values(2000, 2001), "the greater gets it": values(2001, 2000)},
    variants={
        "does not count its open proposals": replace(REFERENCE, counts_open_proposals=False),
        "moves on to another value on both sides": replace(REFERENCE, gives_way=gives_way_always),
        "proposes anew without looking": replace(REFERENCE, looks_for_features=False),
    },
    errata=("CC-ERR-21",),
)
