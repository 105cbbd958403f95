"""FI-RACE-007: answers to an add and to a removal are lost, and both are repeated.

OP1 adds OP2, removes it and adds it again, each as soon as the step before has ended; what its operator asks too early
is refused and not asked again. A repeat has the requestId of the first attempt: OP2 answers it as it answered before
and does nothing more, so that a copy of the removal does not end the federation that was made after it, and a copy of
the first add does not bring back the one that was ended.

A host that has forgotten refuses the repeated add with 409. That is permitted; but the answer with its zones is lost then,
and OP1's operator has to remove OP2 and to add it again (the variant).

The story is told to its very end, with three attempts at each request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    return (
        Step("add", OP1, "add_partner", {"partner": OP2}),
        Step("remove", OP1, "remove_partner", {"partner": OP2}, after="add"),
        Step("add again", OP1, "add_partner", {"partner": OP2}, after="remove"),
    )


def removed(views: Sequence[OperatorView]) -> bool:
    return not views[0].partners and any(each.action == "remove_partner" for each in views[0].orders)


def added_again(views: Sequence[OperatorView]) -> bool:
    done = [each.action for each in views[0].orders if each.result == "ok"]
    return done == ["remove_partner", "add_partner"] and views[0].with_partner(OP2) is not None


race = Race(
    id="FI-RACE-007",
    title="Answers to an add and a removal are lost, and both are repeated",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1, late=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"removed": removed, "removed and added again": added_again},
    variants={
        "does not repeat": replace(BOUNDED, pauses=()),
        "a new requestId for every attempt": replace(BOUNDED, keeps_request_id=False),
        "forgets what it has carried out": replace(BOUNDED, memory=0),
    },
    boundary="told to its end; three attempts at each request",
    errata=("FI-ERR-24",),
)
