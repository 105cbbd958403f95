"""The operations of the Connection Coordinator API (openapi.yaml and paths/), one row each.

Paths are case-sensitive and custom methods are path segments with capital letters (CC-ERR-54). GenerateFeatureGuidance
takes ``channelId`` and ``featureType`` although the OpenAPI declares neither, because the document's restart step
needs them (CC-ERR-01). Statuses are ours where the OpenAPI has only ``default`` (CC-ERR-13).
"""

from __future__ import annotations

from collections.abc import Mapping

from reference_impl.connection_coordinator import issue_operations, macsec_operations
from reference_impl.connection_coordinator import maintenance_messages as mm
from reference_impl.connection_coordinator import messages as m
from reference_impl.kernel.operation import Operation, Parameter
from reference_impl.kernel.party import Message

PROVIDER = "/providers/{provider}"
ENVIRONMENT = PROVIDER + "/environments/{environment}"
INTERCONNECT = ENVIRONMENT + "/interconnects/{interconnect}"
CHANNEL = INTERCONNECT + "/channels/{channel}"
CONNECTION = INTERCONNECT + "/connections/{connection}"
FEATURE = CONNECTION + "/features/{feature}"

_PAGE = (
    Parameter("pageSize", "integer", description="the most items wanted; the server may return fewer", format="int32"),
    Parameter("pageToken", description="nextPageToken of the call before; all other parameters must be the same"),
)
_READ = {200: "the resource", 401: "no valid credentials", 404: "not there, or not yours"}
_LIST = {
    200: "one page of the list",
    400: "the page size or token is not usable",
    401: "no valid credentials",
    404: "no such parent",
}
_EITHER = ("csp-a", "csp-b")


def _read(id: str, path: str, response: type[Message], summary: str, links: tuple[str, ...] = ()) -> Operation:
    return Operation(id, "GET", path, response=response, statuses=_READ, caller=_EITHER, summary=summary, links=links)


def _list(id: str, path: str, response: type[Message], summary: str) -> Operation:
    return Operation(
        id, "GET", path, response=response, query=_PAGE, statuses=_LIST, caller=_EITHER, summary=summary, links=(id,)
    )


ALL = (
    Operation(
        "ListProviders",
        "GET",
        "/providers",
        response=m.ListProvidersResponse,
        caller=_EITHER,
        statuses={200: "the providers visible to the caller", 401: "no valid credentials"},
        summary="The caller's and the server's own provider",
    ),
    _read("GetProvider", PROVIDER, m.Provider, "One provider", ("ListEnvironments", "ListIssues", "CreateIssue")),
    _list(
        "ListEnvironments",
        PROVIDER + "/environments",
        m.ListEnvironmentsResponse,
        "Environments shared with the caller",
    ),
    _read(
        "GetEnvironment",
        ENVIRONMENT,
        m.Environment,
        "One environment",
        ("ListInterconnects", "ConfirmActivationKey"),
    ),
    Operation(
        "ConfirmActivationKey",
        "POST",
        ENVIRONMENT + "/ConfirmActivationKey",
        m.ConfirmActivationKeyRequest,
        m.ConfirmActivationKeyResponse,
        caller=_EITHER,
        statuses={
            200: "the verdict",
            400: "not readable as a request",
            401: "no valid credentials",
            404: "no such environment",
        },
        links=("ListInterconnects",),
        summary="Is this activation key genuine?",
    ),
    _list(
        "ListInterconnects",
        ENVIRONMENT + "/interconnects",
        m.ListInterconnectsResponse,
        "Interconnects of an environment",
    ),
    _read(
        "GetInterconnect",
        INTERCONNECT,
        m.Interconnect,
        "One interconnect",
        ("ListChannels", "ListConnections", "CreateConnection"),
    ),
    _list("ListChannels", INTERCONNECT + "/channels", m.ListChannelsResponse, "Channels of an interconnect"),
    _read(
        "GetChannel",
        CHANNEL,
        m.Channel,
        "One channel",
        (
            "GetMaintenanceEvents",
            "NotifyMaintenance",
            "ListMacSecKeys",
            "CreateMacSecKey",
            "RequestMacSecKeyRotation",
        ),
    ),
    Operation(
        "NotifyMaintenance",
        "POST",
        CHANNEL + "/NotifyMaintenance",
        mm.NotifyMaintenanceRequest,
        m.Empty,
        caller=_EITHER,
        body_required=False,
        statuses={200: "heard; the receiver reads", 401: "no valid credentials", 404: "no such channel"},
        links=("GetMaintenanceEvents",),
        summary="The sender's maintenance events of this channel changed: read them again",
    ),
    _read(
        "GetMaintenanceEvents",
        CHANNEL + "/maintenanceEvents",
        mm.GetMaintenanceEventsResponse,
        "Maintenance of a channel, scheduled and running",
    ),
    _list("ListConnections", INTERCONNECT + "/connections", m.ListConnectionsResponse, "What occupies an interconnect"),
    Operation(
        "CreateConnection",
        "POST",
        INTERCONNECT + "/connections",
        m.Connection,
        m.Connection,
        caller=_EITHER,
        query=(Parameter("connectionId", required=True, description="the shared connection UUID"),),
        statuses={
            200: "placed",
            400: "not acceptable at all",
            401: "no valid credentials",
            404: "no such interconnect",
            409: "does not fit, or exists already",
        },
        links=(
            "GetConnection",
            "GenerateFeatureGuidance",
            "UpdateConnection",
            "DeleteConnection",
            "ListFeatures",
            "NotifyConnectionStatus",
        ),
        summary="Propose this interconnect and place the connection on it",
    ),
    _read(
        "GetConnection",
        CONNECTION,
        m.Connection,
        "One connection",
        ("GenerateFeatureGuidance", "UpdateConnection", "DeleteConnection", "ListFeatures", "CreateFeature"),
    ),
    Operation(
        "UpdateConnection",
        "PATCH",
        CONNECTION,
        m.Connection,
        m.Connection,
        caller=_EITHER,
        query=(Parameter("updateMask", description="the fields to update; bandwidthMbps is the one that can change"),),
        statuses={
            200: "granted",
            400: "not a change that can be made",
            401: "no valid credentials",
            404: "no such connection",
            409: "no room, or another update is under way",
        },
        links=("GetConnection",),
        summary="Change the bandwidth",
    ),
    Operation(
        "DeleteConnection",
        "DELETE",
        CONNECTION,
        response=m.Empty,
        caller=_EITHER,
        statuses={200: "gone", 401: "no valid credentials", 404: "not there"},
        links=("GetConnection",),
        summary="Delete with all features",
    ),
    Operation(
        "GenerateFeatureGuidance",
        "POST",
        CONNECTION + "/GenerateFeatureGuidance",
        m.GenerateFeatureGuidanceRequest,
        m.GenerateFeatureGuidanceResponse,
        caller=_EITHER,
        body_required=False,
        query=(
            Parameter("channelId", description="only for this channel"),
            Parameter("featureType", description="only for this type", enum=("FEATURE_TYPE_L3_BASE",)),
        ),
        statuses={
            200: "guidance per channel",
            400: "no such channel or type",
            401: "no valid credentials",
            404: "no such connection",
        },
        links=("CreateFeature",),
        summary="What a proposal must respect",
    ),
    Operation(
        "NotifyConnectionStatus",
        "POST",
        CONNECTION + "/NotifyConnectionStatus",
        m.NotifyConnectionStatusRequest,
        m.Empty,
        caller=_EITHER,
        body_required=False,
        statuses={200: "heard; the receiver refreshes", 401: "no valid credentials", 404: "no such connection"},
        links=("GetConnection", "ListFeatures"),
        summary="The sender's state of this connection changed: read it again",
    ),
    _list("ListFeatures", CONNECTION + "/features", m.ListFeaturesResponse, "Features of a connection"),
    Operation(
        "CreateFeature",
        "POST",
        CONNECTION + "/features",
        m.Feature,
        m.Feature,
        caller=_EITHER,
        query=(Parameter("featureId", required=True, description="the id of the new feature"),),
        statuses={
            200: "agreed in full",
            400: "incomplete, or outside guidance",
            401: "no valid credentials",
            404: "no such connection",
            409: "clashes with a reservation",
        },
        links=("GetFeature", "DeleteFeature", "ListFeatures"),
        summary="Propose the whole configuration of one channel",
    ),
    _read("GetFeature", FEATURE, m.Feature, "One feature", ("DeleteFeature",)),
    Operation(
        "DeleteFeature",
        "DELETE",
        FEATURE,
        response=m.Empty,
        caller=_EITHER,
        statuses={200: "gone", 401: "no valid credentials", 404: "not there"},
        links=("GetFeature", "ListFeatures"),
        summary="Remove one feature; the connection goes on",
    ),
    *issue_operations.ALL,
    *macsec_operations.ALL,
)

OPERATIONS: Mapping[str, Operation] = {operation.id: operation for operation in ALL}
