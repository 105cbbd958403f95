"""FI-RACE-011: the report of an artifact arrives before the upload call has returned.

OP1 onboards an application in a zone of OP2 that it has registered, and its operator asks for that once more, in case the
first attempt has failed. OP2's registry may be quicker than the answer to the upload, and may fail. A report counts
whenever it comes, once, and for the upload that it names; the answer to an upload that was reported on changes nothing.
So exactly one onboarding follows, and the two sides agree in the end on what is onboarded.

The story is told to its very end, with three attempts at each request. OP2's equipment has an application onboarded
before it is asked about it: how long that takes is no matter here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reference_impl.federation_interconnect.application_decisions import on_report
from reference_impl.federation_interconnect.application_records import Stage
from reference_impl.federation_interconnect.decisions import Decisions
from reference_impl.federation_interconnect.registry import ONBOARD
from simulator.faults import Faults
from simulator.federation_interconnect.invariants import SOUND, everything_ends
from simulator.federation_interconnect.operators import (
    BOUNDED,
    OP1,
    application,
    registered,
    two_operators,
)
from simulator.federation_interconnect.views import OperatorView, operator_view
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    registered(cast)
    return (
        Step("onboard", OP1, "onboard_application", application()),
        Step("onboard again", OP1, "onboard_application", application(), after="onboard"),
    )


def onboarded(views: Sequence[OperatorView]) -> bool:
    return any(stage == "onboarded" for *_, stage in views[0].onboarded)


def choosing(**changes: Any) -> Decisions:
    return replace(BOUNDED, applications=replace(BOUNDED.applications, **changes))


race = Race(
    id="FI-RACE-011",
    title="The report of an artifact arrives before the upload call has returned",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_operators(),
    prepare=prepare,
    view=operator_view,
    decisions=BOUNDED,
    faults=Faults(lose_response=1, duplicate=1, fail_provisioning=1),
    never=SOUND,
    live=(everything_ends,),
    sometimes={"the application is onboarded": onboarded},
    variants={
        "the answer to the upload sets the status back": choosing(after_upload=lambda stage: Stage.UPLOADPENDING),
        "onboards at the report and at the answer": choosing(onboards_after_upload=lambda stage: True),
        "a report that is early is refused and not repeated": replace(
            choosing(hears_early_report=False), telling_pauses=()
        ),
        "a report counts as often as it comes": choosing(
            on_report=lambda stage, told: on_report(Stage.UPLOADPENDING, told)
        ),
    },
    folded=(ONBOARD,),
    boundary="told to its end; three attempts at each request; onboarding itself takes no time",
    errata=("FI-ERR-03", "FI-ERR-20", "FI-ERR-24"),
)
