"""FI-RACE-001: the host withdraws a zone while the lead registers it.

OP1 has added OP2 and registers its zone; OP2's operator deletes that zone. To OP2 the look at its registrations and the
withdrawal are one step: a registration that was there first makes it refuse the deletion northbound; one that comes
later is refused with 404, and OP1 forgets the zone. So exactly one of the two wins, the loser is told, and the zone is
never registered without being shared.

The wire contract recommends 409 for a zone whose withdrawal is under way (7.6). To a lead whose first answer was lost
that says "you have registered it already": it would show a registration that nobody keeps. The variant shows it.

The story is told to its very end: three attempts at the registration, and the withdrawal is repeated for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from reference_impl.federation_interconnect.decisions import Objection, to_register
from reports.verdict import Finding
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, ZONE, federated, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.invariant import Invariant
from simulator.race import Cast, Race
from simulator.world import Step


def conflict_if_not_shared(
    asked: Sequence[str], shared: Collection[str], registered: Collection[str]
) -> Sequence[str] | Objection:
    """What the wire contract recommends for a zone whose withdrawal is under way: 409, as for one registered already."""
    ruling = to_register(asked, shared, registered)
    return Objection(409, ruling.reason) if isinstance(ruling, Objection) else ruling


def prepare(cast: Cast) -> Sequence[Step]:
    federated(cast)
    return (
        Step("register", OP1, "register_zone", {"partner": OP2, "zones": [ZONE]}),
        Step("delete the zone", OP2, "delete_zone", {"zone": ZONE}),
    )


def _both_or_none(views: Sequence[OperatorView]) -> Finding | None:
    """Exactly one wins: the zone is registered and stays, or it is gone (FI-RACE-001)."""
    kept, used = views[1].shared, views[1].registrations
    if kept == used:
        return None
    return Finding.failed(want="the zone registered, or gone", got=f"shared {kept}, registered {used}")


one_wins_at_rest = Invariant("either the registration or the withdrawal has won at rest", _both_or_none, at_rest=True)


def registration_won(views: Sequence[OperatorView]) -> bool:
    return views[1].registrations == ((ZONE, OP1),)


def withdrawal_won(views: Sequence[OperatorView]) -> bool:
    return not views[1].shared and any(each.result == "failed" for each in views[0].orders)


race = Race(
    id="FI-RACE-001",
    title="The host withdraws a zone while the lead registers it",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1, late=1),
    never=(*SOUND, one_wins_at_rest),
    live=(everything_ends,),
    sometimes={"the registration wins": registration_won, "the withdrawal wins": withdrawal_won},
    variants={
        "withdraws a zone that is registered": replace(BOUNDED, withdraws_registered=True),
        "registers a zone that is being withdrawn": replace(BOUNDED, registers_withdrawn=True),
        "answers 409 for a zone that is being withdrawn": replace(BOUNDED, to_register=conflict_if_not_shared),
    },
    boundary="told to its end; three attempts at the registration",
    errata=("FI-ERR-02", "FI-ERR-24"),
)
