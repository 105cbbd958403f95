"""FI-RACE-003: the lead removes its partner while it registers a zone of it.

OP1's operator registers a zone of OP2, asks to remove OP2 and adds it again. OP1 does not send the removal while its own
registration is undecided, nor while the zone is registered; OP2 looks for itself, and handles the two one after the
other. So there is never a registration without the federation it belongs to. A copy of the registration that comes
after the removal is refused, and one that comes after the new add meets a requestId that was seen. A lead that does not
look (``CARELESS``) does no harm either, as long as OP2 does not refuse with 409, which says to a repeat that the federation
has ended already.

The story is told to its very end, with three attempts at each request.
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


def prepare(cast: Cast) -> Sequence[Step]:
    federated(cast)
    zones = {"partner": OP2, "zones": [ZONE]}
    return (
        Step("register", OP1, "register_zone", zones),
        Step("deregister", OP1, "deregister_zone", zones, after="register"),
        Step("remove", OP1, "remove_partner", {"partner": OP2}),
        Step("add again", OP1, "add_partner", {"partner": OP2}, after="remove"),
    )


def removed(views: Sequence[OperatorView]) -> bool:
    return not any(view.partners for view in views)


def registered(views: Sequence[OperatorView]) -> bool:
    return views[1].registrations == ((ZONE, OP1),)


CARELESS = replace(BOUNDED, removes_registered=True)
"""A lead that does not look for registered zones, with a host as ever."""

race = Race(
    id="FI-RACE-003",
    title="The lead removes its partner while it registers a zone of it",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1, late=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"the partner is removed": removed, "the zone is registered": registered},
    variants={
        "removes while undecided, and the host does not look": replace(
            BOUNDED, removes_undecided=True, lets_go_registered=True
        ),
        "removes with a zone registered, and the host does not look": replace(
            BOUNDED, removes_registered=True, lets_go_registered=True
        ),
        "removes with a zone registered, and the host refuses that with 409": replace(CARELESS, in_use=409),
        "forgets what it has carried out": replace(BOUNDED, memory=0),
    },
    boundary="told to its end; three attempts at each request",
    errata=("FI-ERR-10", "FI-ERR-24"),
)
