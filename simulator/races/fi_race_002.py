"""FI-RACE-002: a withdrawal reaches the lead while its own registration, or deregistration, is under way.

OP1 has added OP2, registers its zone and deregisters it; OP2's operator deletes the zone at some moment. OP1 answers the
withdrawal although its own request is open. A host that withdraws a zone has no registration of it and takes none any
more, so OP1 forgets the zone: what it has asked for will be refused there, or is over.

The wire contract recommends 409 here while a registration is under way (7.5). Then both may lose, because each side
refuses the other. And where the refusal is not remembered it is not even safe: a second copy of the withdrawal is judged
anew. OP2 takes the 409 for the end of the withdrawal and shares the zone again; the copy then makes OP1 forget it.

The story is told to its very end: three attempts at each request, and the withdrawal is repeated for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from reference_impl.federation_interconnect.records import PartnerZone
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, ZONE, federated, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step


def refuses_while_busy(known: PartnerZone, registering: bool, deregistering: bool) -> Literal["forget", "refuse"]:
    """What the wire contract recommends: 409 while the zone is registered or a registration is under way."""
    return "refuse" if known.registered or registering else "forget"


def prepare(cast: Cast) -> Sequence[Step]:
    federated(cast)
    zones = {"partner": OP2, "zones": [ZONE]}
    return (
        Step("register", OP1, "register_zone", zones),
        Step("deregister", OP1, "deregister_zone", zones, after="register"),
        Step("delete the zone", OP2, "delete_zone", {"zone": ZONE}),
    )


def forgotten(views: Sequence[OperatorView]) -> bool:
    return not views[0].known and not views[1].shared


def still_registered(views: Sequence[OperatorView]) -> bool:
    return views[0].known == ((OP2, ZONE, True),)


race = Race(
    id="FI-RACE-002",
    title="A withdrawal reaches the lead while its own request is under way",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1, late=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"the zone is forgotten": forgotten, "the zone is registered": still_registered},
    variants={
        "refuses a withdrawal while it registers, and forgets that it did": replace(
            BOUNDED, on_withdrawal=refuses_while_busy, refusal_memory=0
        ),
        "forgets what it has registered, and the host does not look": replace(
            BOUNDED, on_withdrawal=lambda known, registering, deregistering: "forget", withdraws_registered=True
        ),
    },
    boundary="told to its end; three attempts at each request",
    errata=("FI-ERR-10", "FI-ERR-24"),
)
