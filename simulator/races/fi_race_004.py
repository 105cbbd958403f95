"""FI-RACE-004: the same partner is added twice at the same time.

OP1's operator asks for the add twice, and both requests are on the wire under their own requestIds. OP2 admits OP1 once
and refuses the other request, whichever comes second; a copy of the one it admitted gets the same answer again. At OP1
the failing add leaves alone what the other one has gained, in whatever order the answers come.

OP1 is the reference but for one decision: it lets a second add begin while the first is open. As it is, it refuses that
northbound; the tests explore both.

The story is told to its very end, with three attempts at each add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect.records import Roles
from reports.verdict import Finding
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, ZONE, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.invariant import Invariant
from simulator.race import Cast, Race
from simulator.world import Step

TWO_ADDS = replace(BOUNDED, adds_again=True)


def prepare(cast: Cast) -> Sequence[Step]:
    return tuple(Step(f"add {number}", OP1, "add_partner", {"partner": OP2}) for number in (1, 2))


def _none_added(views: Sequence[OperatorView]) -> Finding | None:
    """Of several adds one succeeds, and its zones are there (FI-RACE-004)."""
    lead = views[0]
    partner = lead.with_partner(OP2)
    if partner is not None and partner.access and lead.known == ((OP2, ZONE, False),):
        return None
    return Finding.failed(want=f"{OP1} with access to {OP2} and its zone", got=f"{partner}, {lead.known}")


one_added_at_rest = Invariant("one of the adds has succeeded at rest", _none_added, at_rest=True)


def one_refused(views: Sequence[OperatorView]) -> bool:
    return sorted(each.result for each in views[0].orders) == ["failed", "ok"]


race = Race(
    id="FI-RACE-004",
    title="The same partner is added twice at the same time",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=TWO_ADDS,
    faults=Faults(lose_response=1, duplicate=1, late=1),
    never=(*SOUND, one_added_at_rest),
    live=(everything_ends,),
    sometimes={"one add succeeds and the other is refused": one_refused},
    variants={
        "a failing add undoes the winner": replace(
            TWO_ADDS, roles_after_failed_add=lambda before: Roles(access=False, share=before.share)
        ),
        "a new requestId for every attempt": replace(TWO_ADDS, keeps_request_id=False),
    },
    boundary="told to its end; three attempts at each add",
    errata=("FI-ERR-24",),
)
