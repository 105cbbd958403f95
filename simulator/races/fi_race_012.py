"""FI-RACE-012: an application is onboarded in a zone while the zone is deregistered.

OP1 has registered a zone of OP2. Its operator onboards an application there, removes it and deregisters the zone, each at
any moment; what is asked too early is refused, and the deregistration is asked twice. OP1 begins none of the two while
the other is undecided. OP2 looks for itself, and handles them one after the other: it onboards in zones that the caller
has registered, and keeps the registration of a zone that carries applications of the caller. So there is never an
application without the registration of its zone, and whatever is pending comes to its end. A lead that does not look is
as safe for that (``CARELESS``), but for what it then shows itself.

The story is told to its very end, with three attempts at each request and three questions how the onboarding stands; an
onboarding that then has not ended is shown as failed in doubt. The artifact is uploaded within one step. Beyond that
boundary, with as many losses as attempts and a copy that outlives them all (drop=2,late=1), an application that OP1 has
removed in doubt can still appear at OP2, where OP2's operator alone sees it; a served lead goes on repeating for 20
minutes before it doubts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reference_impl.federation_interconnect.application_operations import REPORT_ARTIFACT, UPLOAD_ARTIFACT
from reference_impl.federation_interconnect.decisions import Decisions
from reference_impl.federation_interconnect.registry import STORE
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import ALWAYS, MIRRORED, all_ended_at_rest, everything_ends
from simulator.federation_interconnect.operators import (
    BOUNDED,
    OP1,
    OP2,
    ZONE,
    application,
    registered,
    two_operators,
)
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    registered(cast)
    there = {"partner": OP2, "zone": ZONE, "application": "app-of-dev-1"}
    zones = {"partner": OP2, "zones": [ZONE]}
    return (
        Step("onboard", OP1, "onboard_application", application()),
        Step("remove it", OP1, "deboard_application", there, after="onboard"),
        Step("deregister", OP1, "deregister_zone", zones),
        Step("deregister again", OP1, "deregister_zone", zones, after="deregister"),
    )


def onboarded(views: Sequence[OperatorView]) -> bool:
    return any(stage == "onboarded" for *_, stage in views[0].onboarded)


def gone(views: Sequence[OperatorView]) -> bool:
    """The application was onboarded, removed, and the zone deregistered."""
    done = [each.action for each in views[0].orders if each.result == "ok"]
    return done == ["onboard_application", "deboard_application", "deregister_zone"] and not views[1].registrations


def refused(views: Sequence[OperatorView]) -> bool:
    """The zone was deregistered before anything was onboarded."""
    return not views[1].registrations and not any(each.action == "onboard_application" for each in views[0].orders)


def choosing(**changes: Any) -> Decisions:
    return replace(BOUNDED, applications=replace(BOUNDED.applications, **changes))


CARELESS = choosing(onboards_undecided=True, deregisters_under_applications=True)
"""A lead that looks at nothing of its own before it sends either, with a host as ever."""

race = Race(
    id="FI-RACE-012",
    title="An application is onboarded in a zone while the zone is deregistered",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1),
    never=(*ALWAYS, *MIRRORED, all_ended_at_rest),
    live=(everything_ends,),
    sometimes={"onboarded": onboarded, "removed and deregistered": gone, "deregistered first": refused},
    variants={
        "neither looks whether a zone carries applications": replace(
            CARELESS, applications=replace(CARELESS.applications, deregisters_used=True)
        ),
        "onboards in any zone that is shared": replace(
            CARELESS, applications=replace(CARELESS.applications, to_onboard=lambda asked, shared, registered: asked)
        ),
        "a zone in use is refused with 409": replace(CARELESS, in_use=409),
        "the lead forgets an application before it asks": choosing(drops_first=True),
        "the host acknowledges a removal and keeps the application": choosing(removes=False),
    },
    folded=(UPLOAD_ARTIFACT, REPORT_ARTIFACT, STORE),
    boundary="told to its end; three attempts at each request, three questions; the upload in one step",
    errata=("FI-ERR-12", "FI-ERR-24"),
)
