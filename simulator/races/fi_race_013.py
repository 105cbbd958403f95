"""FI-RACE-013: updates overlap, and stragglers of an earlier federation arrive in a new one.

OP1 has added OP2. OP2's operator changes the MCC twice, OP1's operator removes OP2 and adds it again. OP2 tells one
change at a time: what changed meanwhile is told next, so that what OP1 stores last is what OP2 told last, and a copy of
an update that comes late meets a requestId that was seen. What was on its way when OP1 left may be taken for news of the
new federation. So OP2 repeats that very request once OP1 is back, until it is decided and its copies mean nothing any
more, and then tells what holds now. With that the stragglers of FI-ERR-24 can be told apart after all.

The story is told to its very end: three attempts at each request, and what a partner has to know is repeated for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, federated, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    federated(cast)
    return (
        Step("update to 451", OP2, "update_attributes", {"mcc": "451"}),
        Step("update to 452", OP2, "update_attributes", {"mcc": "452"}, after="update to 451"),
        Step("remove", OP1, "remove_partner", {"partner": OP2}),
        Step("add again", OP1, "add_partner", {"partner": OP2}, after="remove"),
    )


def last_told(views: Sequence[OperatorView]) -> bool:
    partner = views[0].with_partner(OP2)
    return partner is not None and partner.attributes[0] == "452"


race = Race(
    id="FI-RACE-013",
    title="Updates overlap, and stragglers of an earlier federation arrive in a new one",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, late=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"OP1 has the last values": last_told},
    variants={
        "does not wait for the answer before the next word": replace(BOUNDED, tells_one_at_a_time=False),
        "forgets what it has carried out": replace(BOUNDED, memory=0),
    },
    boundary="told to its end; three attempts at each request",
    errata=("FI-ERR-24",),
)
