"""The operations of applications (federation-wire 7.8 to 7.12), one row each; ``operations`` holds the whole table.

The seed's table ends with the host's validation of an onboarding; the rest is its completion (FI-ERR-12).
"""

from __future__ import annotations

from collections.abc import Mapping

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.kernel.operation import Operation, Parameter

UPLOAD_ARTIFACT = "POST /operator/artifacts"
REPORT_ARTIFACT = "GET /operator/artifact/status"
POST_ARTIFACT_STATUS = "POST /operator/artifact/status"
ONBOARD_APPLICATION = "POST /operator/application/onboarding"
APPLICATION_STATUS = "GET /operator/application/onboarding"
REMOVE_APPLICATION = "DELETE /operator/application/onboarding"

_LEAD = ("op1",)
_HOST = ("op2",)
_REFUSALS = {
    400: "not readable as a request",
    401: "no valid credential for these federation ids",
    403: "not this federation's operator, or not the role it needs",
}
_REPORT = {
    200: "the report is heard; one that contradicts a final state changes nothing",
    **_REFUSALS,
    404: "no such upload to the caller",
    503: "this cannot be decided yet: say it again later",
}
_PAIR = (
    Parameter("leadfederationId", required=True, description="federation id of the lead"),
    Parameter("partnerfederationId", required=True, description="federation id of the host"),
)
_REQUEST_ID = Parameter("requestId", description="id of the logical request, equal on repeats")

ALL = (
    Operation(
        UPLOAD_ARTIFACT,
        "POST",
        "/operator/artifacts",
        m.UploadArtifactRequest,
        m.UploadArtifactResponse,
        caller=_LEAD,
        statuses={
            200: "taken over; whether it can be used is reported later",
            **_REFUSALS,
            409: "another content of this artifact id is in use",
            413: "the artifact is too large",
        },
        links=(ONBOARD_APPLICATION,),
        summary="The lead hands the artifact of an application over to the host",
    ),
    Operation(
        REPORT_ARTIFACT,
        "GET",
        "/operator/artifact/status",
        caller=_HOST,
        query=(
            _REQUEST_ID,
            *_PAIR,
            Parameter("operator", description="operator of the lead"),
            Parameter("country", description="country of the lead"),
            Parameter("appId", required=True, description="the application"),
            Parameter("version", required=True, description="its version"),
            Parameter("artifactId", required=True, description="the id to be used in an onboarding"),
            Parameter("operation", required=True, enum=("ADDED", "REMOVED")),
            Parameter("status", required=True, enum=("uploaded", "failed", "deleted")),
        ),
        any_case=True,
        statuses=_REPORT,
        summary="The host tells the lead how an upload has ended",
    ),
    Operation(
        POST_ARTIFACT_STATUS,
        "POST",
        "/operator/artifact/status",
        m.ArtifactStatus,
        caller=_HOST,
        statuses=_REPORT,
        summary="The same report in a body, which a lead should understand too",
    ),
    Operation(
        ONBOARD_APPLICATION,
        "POST",
        "/operator/application/onboarding",
        m.OnboardApplicationRequest,
        m.OnboardApplicationResponse,
        caller=_LEAD,
        statuses={
            200: "the application is being onboarded in each of these zones",
            **_REFUSALS,
            404: "a zone or the artifact is not there for the caller",
            409: "a zone is not registered, the artifact not uploaded, or the application there already",
        },
        links=(APPLICATION_STATUS, REMOVE_APPLICATION),
        summary="The lead onboards an application in zones that it has registered, all or none",
    ),
    Operation(
        APPLICATION_STATUS,
        "GET",
        "/operator/application/onboarding",
        response=m.ApplicationStatusResponse,
        caller=_LEAD,
        query=(
            _REQUEST_ID,
            Parameter("appId", required=True, description="the application"),
            Parameter("Operator", required=True, description="operator of the lead"),
            Parameter("Country", description="country of the lead"),
            *_PAIR,
        ),
        any_case=True,
        statuses={200: "how it stands in each zone", **_REFUSALS, 404: "no such application of the caller"},
        summary="The lead asks how an onboarding stands",
    ),
    Operation(
        REMOVE_APPLICATION,
        "DELETE",
        "/operator/application/onboarding",
        m.RemoveApplicationRequest,
        caller=_LEAD,
        query=(
            _REQUEST_ID,
            Parameter("appId", description="the application"),
            Parameter("version", description="its version"),
            Parameter("zone", description="the zone it is removed from"),
            Parameter("leadOperatorId", description="operator of the lead"),
            Parameter("leadOperatorcountry", description="country of the lead"),
            *(Parameter(each.name, description=each.description) for each in _PAIR),
        ),
        any_case=True,
        body_required=False,
        statuses={200: "it is not there any longer", **_REFUSALS, 404: "no such application of the caller there"},
        summary="The lead removes an application from a zone; members in the body or in the query",
    ),
)

ROLES_NEEDED: Mapping[str, tuple[str, ...]] = {
    UPLOAD_ARTIFACT: ("share",),
    REPORT_ARTIFACT: ("access",),
    POST_ARTIFACT_STATUS: ("access",),
    ONBOARD_APPLICATION: ("share",),
    APPLICATION_STATUS: ("share",),
    REMOVE_APPLICATION: ("share",),
}
"""The host must share with whoever onboards: ``share``, not ``access`` as in the origin (FI-APP-005, FI-ERR-12)."""
