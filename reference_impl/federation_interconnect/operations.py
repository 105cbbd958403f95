"""The operations between two operators (federation-wire, sections 2 and 7), one row each, named as the catalogue names them.

Each is served by the side that its flow calls: the lead's requests by the host, what the host tells by the lead.
Statuses are recommendations, the documents name none (FI-ERR-14). DELETE has a body here (FI-ERR-29).
"""

from __future__ import annotations

from collections.abc import Mapping

from reference_impl.federation_interconnect import application_operations
from reference_impl.federation_interconnect import messages as m
from reference_impl.kernel.operation import Operation

ADD_PARTNER = "POST /operator/partner"
UPDATE_PARTNER = "PUT /operator/partner"
REMOVE_PARTNER = "DELETE /operator/partner"
NOTIFY_ZONE = "POST /operator/notify/zone"
WITHDRAW_ZONE = "DELETE /operator/notify/zone"
REGISTER_ZONES = "POST /operator/zone"
DEREGISTER_ZONES = "DELETE /operator/zone"

UPLOAD_ARTIFACT = application_operations.UPLOAD_ARTIFACT
REPORT_ARTIFACT = application_operations.REPORT_ARTIFACT
POST_ARTIFACT_STATUS = application_operations.POST_ARTIFACT_STATUS
ONBOARD_APPLICATION = application_operations.ONBOARD_APPLICATION
APPLICATION_STATUS = application_operations.APPLICATION_STATUS
REMOVE_APPLICATION = application_operations.REMOVE_APPLICATION

_LEAD = ("op1",)
_HOST = ("op2",)
_REFUSALS = {
    400: "not readable as a request",
    401: "no valid credential for these federation ids",
    403: "not this federation's operator, or not the role it needs",
}

ALL = (
    Operation(
        ADD_PARTNER,
        "POST",
        "/operator/partner",
        m.AddPartnerRequest,
        m.AddPartnerResponse,
        caller=_LEAD,
        statuses={200: "admitted; the zones shared", **_REFUSALS, 409: "zones are shared with the caller already"},
        links=(REGISTER_ZONES, REMOVE_PARTNER),
        summary="The lead adds the host as partner and gets its zones",
    ),
    Operation(
        UPDATE_PARTNER,
        "PUT",
        "/operator/partner",
        m.UpdatePartnerRequest,
        caller=_HOST,
        statuses={200: "the attributes that were sent are stored", **_REFUSALS},
        summary="The host tells the lead its changed attributes",
    ),
    Operation(
        REMOVE_PARTNER,
        "DELETE",
        "/operator/partner",
        m.RemovePartnerRequest,
        caller=_LEAD,
        statuses={
            200: "nothing is shared with the caller any longer",
            **_REFUSALS,
            409: "nothing is shared with the caller",
            423: "the caller has zones registered",
        },
        summary="The lead removes the host as partner",
    ),
    Operation(
        REGISTER_ZONES,
        "POST",
        "/operator/zone",
        m.RegisterZonesRequest,
        m.RegisterZonesResponse,
        caller=_LEAD,
        statuses={
            200: "all of them registered",
            **_REFUSALS,
            404: "a zone is not there, or not shared with the caller",
            409: "a zone is registered by the caller already, or is being withdrawn",
        },
        links=(DEREGISTER_ZONES,),
        summary="The lead registers zones of the host, all or none",
    ),
    Operation(
        DEREGISTER_ZONES,
        "DELETE",
        "/operator/zone",
        m.DeregisterZonesRequest,
        caller=_LEAD,
        statuses={
            200: "none of them is registered by the caller any longer",
            **_REFUSALS,
            404: "a zone is not there, or not shared with the caller",
            409: "a zone is not registered by the caller",
            423: "a zone carries applications of the caller",
        },
        summary="The lead deregisters zones of the host, all or none",
    ),
    Operation(
        NOTIFY_ZONE,
        "POST",
        "/operator/notify/zone",
        m.ZoneSharedRequest,
        caller=_HOST,
        statuses={200: "the zone is known", **_REFUSALS, 409: "another zone of this id is known"},
        links=(WITHDRAW_ZONE,),
        summary="The host tells the lead of a zone that it shares now",
    ),
    Operation(
        WITHDRAW_ZONE,
        "DELETE",
        "/operator/notify/zone",
        m.ZoneWithdrawnRequest,
        caller=_HOST,
        statuses={
            200: "the zone is forgotten",
            **_REFUSALS,
            404: "no such zone is known from the caller",
            409: "the zone is registered",
        },
        summary="The host tells the lead of a zone that it shares no longer",
    ),
    *application_operations.ALL,
)

ROLES_NEEDED: Mapping[str, tuple[str, ...]] = {
    UPDATE_PARTNER: ("access", "share"),
    NOTIFY_ZONE: ("access",),
    WITHDRAW_ZONE: ("access",),
    REGISTER_ZONES: ("share",),
    DEREGISTER_ZONES: ("share",),
    **application_operations.ROLES_NEEDED,
}
"""The roles of which our record of a sender must have one (federation-wire, section 4). Of the others, any will do."""

OPERATIONS: Mapping[str, Operation] = {operation.id: operation for operation in ALL}
