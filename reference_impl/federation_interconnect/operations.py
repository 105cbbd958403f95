"""The operations between two operators (federation-wire, sections 2 and 7), one row each, named as the catalogue names them.

Each is served by the side that its flow calls: adding and registering by the host, notifying by the lead. Statuses are
recommendations, the documents name none (FI-ERR-14).
"""

from __future__ import annotations

from collections.abc import Mapping

from reference_impl.federation_interconnect import messages as m
from reference_impl.kernel.operation import Operation

ADD_PARTNER = "POST /operator/partner"
NOTIFY_ZONE = "POST /operator/notify/zone"
REGISTER_ZONES = "POST /operator/zone"

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
        links=(REGISTER_ZONES,),
        summary="The lead adds the host as partner and gets its zones",
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
            409: "a zone is registered by the caller already",
        },
        summary="The lead registers zones of the host, all or none",
    ),
    Operation(
        NOTIFY_ZONE,
        "POST",
        "/operator/notify/zone",
        m.ZoneSharedRequest,
        caller=_HOST,
        statuses={200: "the zone is known", **_REFUSALS, 409: "another zone of this id is known"},
        summary="The host tells the lead of a zone that it shares now",
    ),
)

OPERATIONS: Mapping[str, Operation] = {operation.id: operation for operation in ALL}
