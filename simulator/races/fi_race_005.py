"""FI-RACE-005: both operators add each other at the same time.

The two adds cross, and OP2 updates its MCC meanwhile. Each platform answers the other's add while its own is open, and
changes only its own role in the record as it is at that moment: so each ends with one record that has both roles, the
other's zones and the other's attributes as they are. An update that overtakes the answer to the add is kept from being
overwritten by it.

The story is told to its very end: three attempts at each add, and what partners have to know is repeated for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect.decisions import attributes_taken_over
from reference_impl.federation_interconnect.records import Early, Roles
from reports.verdict import Finding
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import BOUNDED, OP1, OP2, ZONE, two_operators
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.invariant import Invariant
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    return (
        Step(f"{OP1} adds", OP1, "add_partner", {"partner": OP2}),
        Step(f"{OP2} adds", OP2, "add_partner", {"partner": OP1}),
        Step(f"{OP2} updates", OP2, "update_attributes", {"mcc": "451"}),
    )


def _one_sided(views: Sequence[OperatorView]) -> Finding | None:
    """Each side ends with one record of the other that has both roles (FI-RACE-005, FI-PARTNER-012)."""
    for view in views:
        roles = [(each.access, each.share) for each in view.partners]
        if roles != [(True, True)]:
            return Finding.failed(want="one record with access and share on each side", got=f"{view.seat} {roles}")
    return None


both_roles_at_rest = Invariant("both have access and share at rest", _one_sided, at_rest=True)


def told_after_the_add(views: Sequence[OperatorView]) -> bool:
    partner = views[0].with_partner(OP2)
    return partner is not None and partner.attributes[0] == "451"


race = Race(
    id="FI-RACE-005",
    title="Both operators add each other at the same time",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(host=(ZONE,), lead=("zone-0002",)),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(duplicate=1, late=1),
    never=(*SOUND, both_roles_at_rest),
    live=(everything_ends,),
    sometimes={"OP1 has the new MCC": told_after_the_add},
    variants={
        "the answer overwrites the role gained meanwhile": replace(
            BOUNDED, roles_of_answerer=lambda before: Roles(access=True, share=False)
        ),
        "the answer overwrites the attributes told meanwhile": replace(
            BOUNDED, attributes_taken_over=lambda answer, early: attributes_taken_over(answer, Early())
        ),
        "answers no add while its own is open": replace(BOUNDED, admits_while_adding=False),
    },
    boundary="told to its end; three attempts at each add",
    errata=("FI-ERR-24",),
)
