"""The northbound actions of applications (federation-wire, section 9): their table, and what each does.

``onboard_application`` and ``deboard_application`` are long: ``poll`` tells how the order stands, ``show_applications``
how the application does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from pydantic import ValidationError

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import (
    application_syntax,
    application_views,
    deboarding,
    hosting,
    onboarding,
)
from reference_impl.federation_interconnect.desk import Desk, demand
from reference_impl.federation_interconnect.records import OwnRequest
from reference_impl.kernel.action import Action, Kind, Value, may, ok, running, text
from reference_impl.kernel.party import Acted, Answer, Refusal

_APPLICATION = Value("application", summary="application id")
_PARTNER = Value("partner", summary="the partner's federation id")
_ZONE = Value("zone", summary="zone id")
_OF_PARTNER = may("partner", summary="of this partner only")

ROWS = (
    Action(
        "onboard_application",
        "operator",
        "Onboard a developer's application in a zone of a partner that we have registered; ends when the partner has it",
        (
            _PARTNER,
            _ZONE,
            _APPLICATION,
            may("name", summary="for people"),
            Value("version"),
            Value("developer", summary="who it is from"),
            Value("artifact", summary="the content, base64: a zip or a tar"),
            may("artifact_name", summary="the application id where there is none"),
            may("descriptor", summary="TOSCA, TERRAFORM, HELM or GMEC; HELM where nothing is said"),
            Value("components", Kind.OBJECTS, summary="as on the wire, each with a resource profile"),
        ),
        (_PARTNER, _ZONE, _APPLICATION),
        long=True,
    ),
    Action(
        "deboard_application",
        "operator",
        "Remove an application from a zone of a partner",
        (_PARTNER, _ZONE, _APPLICATION),
        (_PARTNER, _ZONE, _APPLICATION),
        long=True,
    ),
    Action(
        "show_applications",
        "operator",
        "Our applications at partners: uploadpending, uploaded, onboarding, onboarded, failed",
        (may("application"), may("zone")),
        (Value("applications", Kind.OBJECTS),),
    ),
    Action(
        "show_artifacts",
        "operator",
        "Artifacts of partners in our registry, with size and digest",
        (_OF_PARTNER,),
        (Value("artifacts", Kind.OBJECTS),),
    ),
    Action(
        "show_hosted_applications",
        "operator",
        "Applications of partners in our zones: PENDING, ONBOARDED, FAILED",
        (_OF_PARTNER,),
        (Value("hosted_applications", Kind.OBJECTS),),
    ),
    Action(
        "complete_onboarding",
        "test",
        "Say how a pending onboarding of a partner's application ends, instead of the equipment",
        (_PARTNER, _ZONE, _APPLICATION, Value("outcome", one_of=("ONBOARDED", "FAILED"))),
    ),
)


def onboard_application(desk: Desk, asked: Acted) -> Answer:
    return begun(onboarding.onboard(desk, text(asked, "partner"), text(asked, "zone"), _application(desk, asked)))


def _application(desk: Desk, asked: Acted) -> onboarding.Application:
    """What the developer hands over, refused where it is of no use (FI-APP-001)."""
    choices = desk.decisions.applications
    app, version = text(asked, "application"), text(asked, "version")
    developer, name = text(asked, "developer"), _optional(asked, "name")
    demand("application", choices.accepts_app_id(app))
    for member, value in (("version", version), ("developer", developer)):
        demand(member, application_syntax.text(value))
    artifact_name = _optional(asked, "artifact_name") or app
    demand("artifact_name", application_syntax.artifact_name(artifact_name))
    descriptor = _optional(asked, "descriptor") or "HELM"
    demand("descriptor", choices.accepts_descriptor(descriptor))
    content = application_syntax.decoded(text(asked, "artifact"))
    if content is None:
        raise Refusal(422, "artifact: want the content in base64, got none")
    if len(content) > desk.decisions.artifact_bytes:
        raise Refusal(422, f"artifact: want at most {desk.decisions.artifact_bytes} bytes, got {len(content)}")
    components = _components(asked)
    specification = m.AppSpecification(componentdetails=(m.ComponentDetail(components=components),))
    demand("components", choices.accepts_components(specification, choices.component_limit))
    return onboarding.Application(app, name, version, developer, artifact_name, descriptor, components, content)


def _components(asked: Acted) -> tuple[m.AppComponent, ...]:
    try:
        detail = m.ComponentDetail.model_validate_json(json.dumps({"components": asked.inputs.get("components")}))
    except (ValidationError, TypeError, ValueError):
        raise Refusal(422, "components: want a list of components as on the wire, got something else") from None
    return detail.components


def deboard_application(desk: Desk, asked: Acted) -> Answer:
    return begun(deboarding.deboard(desk, text(asked, "partner"), text(asked, "application"), text(asked, "zone")))


def begun(request: OwnRequest) -> Answer:
    return running(
        f"{request.action}:{request.id}",
        partner=request.partner,
        zone=request.zones[0],
        application=request.app,
    )


def show_applications(desk: Desk, asked: Acted) -> Answer:
    rows = application_views.applications(desk.tx)
    wanted = {name: _optional(asked, name) for name in ("application", "zone")}
    return ok(applications=[row for row in rows if all(row[name] == value for name, value in wanted.items() if value)])


def show_artifacts(desk: Desk, asked: Acted) -> Answer:
    return ok(artifacts=application_views.artifacts(desk.tx, _optional(asked, "partner") or None))


def show_hosted_applications(desk: Desk, asked: Acted) -> Answer:
    return ok(hosted_applications=application_views.hosted(desk.tx, _optional(asked, "partner") or None))


def complete_onboarding(desk: Desk, asked: Acted) -> Answer:
    done = text(asked, "outcome") == "ONBOARDED"
    hosting.complete(desk, text(asked, "partner"), text(asked, "application"), text(asked, "zone"), done)
    return ok()


def _optional(asked: Acted, name: str) -> str:
    return "" if asked.inputs.get(name) in (None, "") else text(asked, name)


ACTED: Mapping[str, Callable[[Desk, Acted], Answer | None]] = {
    "onboard_application": onboard_application,
    "deboard_application": deboard_application,
    "show_applications": show_applications,
    "show_artifacts": show_artifacts,
    "show_hosted_applications": show_hosted_applications,
    "complete_onboarding": complete_onboarding,
}
