"""FI-RACE-008: answers to a registration and a deregistration are lost, and both are repeated.

OP1 registers a zone of OP2, deregisters it and registers it again, each as soon as the step before has ended; what its
operator asks too early is refused and not asked again. OP2 answers a repeat as it answered before. Where it does not
remember, the conflict that OP1 meets with its repeat says that its wish is already reality; so the reference finds back
to agreement with a forgetful host, too (but a copy that comes late then counts as a new request).

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
        Step("register again", OP1, "register_zone", zones, after="deregister"),
    )


def registered_again(views: Sequence[OperatorView]) -> bool:
    done = [each.action for each in views[0].orders if each.result == "ok"]
    return done == ["deregister_zone", "register_zone"] and views[1].registrations == ((ZONE, OP1),)


def deregistered(views: Sequence[OperatorView]) -> bool:
    return not views[1].registrations and any(each.action == "deregister_zone" for each in views[0].orders)


race = Race(
    id="FI-RACE-008",
    title="Answers to a registration and a deregistration are lost, and both are repeated",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1, late=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"deregistered": deregistered, "registered again": registered_again},
    variants={
        "waits for a lost answer for ever": replace(
            BOUNDED, is_unclear=lambda status: status is not None and status >= 500
        ),
        "does not repeat": replace(BOUNDED, pauses=()),
        "takes no conflict for a confirmation, and the host forgets": replace(
            BOUNDED,
            memory=0,
            conflict_confirms=lambda status, doubt: False,
            absence_confirms=lambda status, doubt: False,
        ),
        "the host forgets what it has carried out": replace(BOUNDED, memory=0),
    },
    boundary="told to its end; three attempts at each request",
    errata=("FI-ERR-24",),
)
