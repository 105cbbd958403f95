"""FI-RACE-006: the host updates its attributes while the lead removes it.

OP1 has added OP2 and removes it; OP2's operator changes the MCC and then creates a zone. What OP2 tells before it knows
of the removal may reach OP1 during the removal or after it: it brings back neither the partner nor its role nor a zone.
OP2 answers the removal while its own calls are open, and tells OP1 nothing more from then on.

The story is told to its very end: three attempts at the removal, and what a partner has to know is repeated for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect.decisions import accepts_direction, updated
from reference_impl.federation_interconnect.messages import UpdatePartnerRequest
from reference_impl.federation_interconnect.operations import UPDATE_PARTNER
from reference_impl.federation_interconnect.records import Partner, Roles
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, federated, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step


def brings_back(partner: Partner, told: UpdatePartnerRequest) -> Partner:
    """The vice: the whole record is stored as it was when the partner shared."""
    return replace(updated(partner, told), roles=Roles(access=True, share=partner.roles.share))


def takes_any_update(operation: str, roles: Roles) -> bool:
    """The vice: an update needs no federation."""
    return operation == UPDATE_PARTNER or accepts_direction(operation, roles)


def prepare(cast: Cast) -> Sequence[Step]:
    federated(cast)
    zone = {"zone": "zone-0002", "cloudlets": [f"cloudlet-{OP2}"], "geo_location": "1,1"}
    return (
        Step("remove", OP1, "remove_partner", {"partner": OP2}),
        Step("update", OP2, "update_attributes", {"mcc": "451"}),
        Step("share a zone", OP2, "create_zone", zone, after="update"),
    )


def removed(views: Sequence[OperatorView]) -> bool:
    return not any(view.partners for view in views) and views[1].attributes[0] == "451"


race = Race(
    id="FI-RACE-006",
    title="The host updates its attributes while the lead removes it",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, late=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"removed, with the attributes changed": removed},
    variants={
        "an update brings the partner back": replace(BOUNDED, updated=brings_back, accepts_direction=takes_any_update),
        "takes zones from whom it has removed": replace(BOUNDED, accepts_direction=lambda operation, roles: True),
        "tells whom it shares nothing with": replace(BOUNDED, tells=lambda roles: True),
    },
    boundary="told to its end; three attempts at the removal",
    errata=("FI-ERR-05", "FI-ERR-24"),
)
