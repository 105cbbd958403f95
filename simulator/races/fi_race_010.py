"""FI-RACE-010: zone notifications overtake the answer to the add.

OP1 adds OP2. As soon as OP2 has admitted OP1 it shares its zones with it, also those that come and go while its answer
is still on the way: it announces a new zone and withdraws the old one. What OP1 hears early it keeps for the moment of
the answer, which may name a zone that is gone, and lacks one that is there (federation-wire 7.4, 7.5). In the end OP1
knows what OP2 shares, each zone once.

Without early hearing it works as well: OP1 answers 503, and OP2 repeats. What does not work is to take the notification
and to store the answer over it.

The story is told to its very end: three attempts at the add, and what OP1 has to know is repeated for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect.decisions import zones_taken_over
from reference_impl.federation_interconnect.records import Early
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, ZONE, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step

NEW = "zone-0002"


def prepare(cast: Cast) -> Sequence[Step]:
    return (
        Step("add", OP1, "add_partner", {"partner": OP2}),
        Step(
            "share the new zone",
            OP2,
            "create_zone",
            {"zone": NEW, "cloudlets": [f"cloudlet-{OP2}"], "geo_location": "1,1"},
        ),
        Step("withdraw the old zone", OP2, "delete_zone", {"zone": ZONE}),
    )


def knows_the_new(views: Sequence[OperatorView]) -> bool:
    return views[0].known == ((OP2, NEW, False),)


race = Race(
    id="FI-RACE-010",
    title="Zone notifications overtake the answer to the add",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, late=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"OP1 knows the new zone alone": knows_the_new},
    variants={
        "stores the answer over what it heard": replace(
            BOUNDED, zones_taken_over=lambda answered, early: zones_taken_over(answered, Early())
        ),
        "drops a withdrawal that comes early": replace(
            BOUNDED, zones_taken_over=lambda answered, early: zones_taken_over(answered, replace(early, gone=()))
        ),
        "puts notifications off, and the host gives up": replace(BOUNDED, hears_early=False, telling_pauses=()),
    },
    boundary="told to its end; three attempts at the add",
    errata=("FI-ERR-06", "FI-ERR-24"),
)
