"""FI-RACE-009: zone notifications are lost.

OP1 has added OP2. OP2's operator creates a zone, deletes the old one and creates one under the same id again; OP1's
operator registers the old zone. What OP1 has not acknowledged OP2 repeats until it is there again, the withdrawal before
the next word on that zone. Meanwhile OP2 does not take OP1 for informed: the zone cannot be registered, and its id is
not given away again.

A registration that was refused because the zone was gone stays refused, also for a copy of it that arrives when there is
a zone of that id again: OP1 has taken the refusal for the end of it. That is more than the wire contract asks of
requestId (5.2), and without it the two sides can end apart (the variant).

The story is told to its very end: three attempts at the registration, and what OP1 has to know is repeated for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, ZONE, federated, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step

NEW = "zone-0002"


def prepare(cast: Cast) -> Sequence[Step]:
    federated(cast)
    made_of = {"cloudlets": [f"cloudlet-{OP2}"], "geo_location": "1,1"}
    return (
        Step("share a zone", OP2, "create_zone", {"zone": NEW, **made_of}),
        Step("delete the old zone", OP2, "delete_zone", {"zone": ZONE}),
        Step("create it again", OP2, "create_zone", {"zone": ZONE, **made_of}, after="delete the old zone"),
        Step("register the old zone", OP1, "register_zone", {"partner": OP2, "zones": [ZONE]}),
    )


def moved_on(views: Sequence[OperatorView]) -> bool:
    return views[0].known == ((OP2, NEW, False),)


def there_again(views: Sequence[OperatorView]) -> bool:
    """Deleted, created again, and known."""
    deleted = any(each.action == "delete_zone" and each.result == "ok" for each in views[1].orders)
    return deleted and (OP2, ZONE, False) in views[0].known


race = Race(
    id="FI-RACE-009",
    title="Zone notifications are lost",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"OP1 knows the new zone alone": moved_on, "OP1 knows the old zone again": there_again},
    variants={
        "tells once and not again": replace(BOUNDED, telling_pauses=()),
        "registers a zone whose withdrawal is undelivered": replace(BOUNDED, registers_withdrawn=True),
        "judges a copy of what it has refused anew": replace(BOUNDED, refusal_memory=0),
    },
    boundary="told to its end; three attempts at the registration",
    errata=("FI-ERR-06", "FI-ERR-24"),
)
