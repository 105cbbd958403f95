"""GET: what a peer may read, under its own provider ID and the server's own Provider, in pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator import names
from reference_impl.connection_coordinator.desk import (
    Desk,
    environment_at,
    interconnect_at,
    placement_at,
    refuse_stranger,
)
from reference_impl.connection_coordinator.inventory_records import (
    CHANNELS,
    ENVIRONMENTS,
    INTERCONNECTS,
    PARTNERS,
    Channel,
    Environment,
    Interconnect,
)
from reference_impl.connection_coordinator.records import (
    FEATURES,
    PLACEMENTS,
    Deferral,
    Feature,
    FeatureState,
    Placement,
    Stage,
)
from reference_impl.kernel.party import Answer, Refusal, Requested

T = TypeVar("T")


def list_providers(desk: Desk, request: Requested) -> Answer:
    """The caller's and the server's own provider, no other partner (CC-PROV-002)."""
    own = m.Provider(name=names.provider_name(desk.me), displayName=display_name(desk, desk.me))
    ids = [request.caller, *(row.id for row in desk.tx.rows(PARTNERS) if row.id != request.caller)]
    shown = [_provider(desk, each) for each in ids if desk.decisions.lists_provider(each, request.caller, desk.me)]
    visible = (*shown, own)
    return Answer(m.ListProvidersResponse(environments=visible, providers=visible))


def get_provider(desk: Desk, request: Requested) -> Answer:
    provider = request.path["provider"]
    if provider == desk.me:
        return Answer(m.Provider(name=names.provider_name(provider), displayName=display_name(desk, provider)))
    refuse_stranger(desk, request)
    return Answer(_provider(desk, provider))


def _provider(desk: Desk, provider: str) -> m.Provider:
    partner = desk.tx.get(PARTNERS, provider)
    return m.Provider(name=names.provider_name(provider), displayName=partner.display_name if partner else None)


def display_name(desk: Desk, provider: str) -> str:
    """An own name fit for end users, from the own id: "csp-a" reads "Csp A"."""
    partner = desk.tx.get(PARTNERS, provider)
    return partner.display_name if partner else provider.replace("-", " ").title()


def list_environments(desk: Desk, request: Requested) -> Answer:
    refuse_stranger(desk, request)
    rows = desk.tx.by(ENVIRONMENTS, peer=request.path["provider"])
    page, token = paged(desk, request, rows, lambda row: row.id)
    return Answer(
        m.ListEnvironmentsResponse(environments=tuple(environment(desk, row) for row in page), nextPageToken=token)
    )


def get_environment(desk: Desk, request: Requested) -> Answer:
    return Answer(environment(desk, environment_at(desk, request)))


def environment(desk: Desk, row: Environment) -> m.Environment:
    shown = m.Environment(
        name=names.environment_name(row.peer, row.id),
        providerSites=tuple(m.ProviderSite(providerId=names.provider_name(p), site=site) for p, site in row.sites),
        apiUri=row.api_uri or None,
        supportedConnectionSizeMbps=row.sizes,
        supportedFeatures=(m.FeatureType.L3_BASE,),
        environmentVisibility=m.EnvironmentVisibility.PRIVATE if row.private else m.EnvironmentVisibility.PUBLIC,
        deferralTimeoutHours=row.deferral_hours or None,
        deferConnectionProvisioning=row.defers or None,
    )
    return desk.decisions.presents(shown)


def list_interconnects(desk: Desk, request: Requested) -> Answer:
    parent = environment_at(desk, request)
    rows = desk.tx.by(INTERCONNECTS, peer=parent.peer, environment=parent.id)
    page, token = paged(desk, request, rows, lambda row: row.id)
    return Answer(m.ListInterconnectsResponse(interconnects=tuple(map(interconnect, page)), nextPageToken=token))


def get_interconnect(desk: Desk, request: Requested) -> Answer:
    return Answer(interconnect(interconnect_at(desk, request)))


def interconnect(row: Interconnect) -> m.Interconnect:
    return m.Interconnect(
        name=names.interconnect_name(row.peer, row.environment, row.id),
        supportedConnectionSizeMbps=row.sizes,
        supportedFeatures=(m.FeatureType.L3_BASE,),
        state=m.InterconnectState(row.state),
        maxBandwidthMbps=row.max_mbps,
    )


def list_channels(desk: Desk, request: Requested) -> Answer:
    parent = interconnect_at(desk, request)
    rows = desk.tx.by(CHANNELS, peer=parent.peer, environment=parent.environment, interconnect=parent.id)
    page, token = paged(desk, request, rows, lambda row: row.id)
    return Answer(m.ListChannelsResponse(channels=tuple(channel(desk, row) for row in page), nextPageToken=token))


def get_channel(desk: Desk, request: Requested) -> Answer:
    parent = interconnect_at(desk, request)
    row = desk.tx.get(CHANNELS, parent.peer, parent.environment, parent.id, request.path["channel"])
    if row is None:
        raise Refusal(404, f"interconnect {parent.id!r} has no channel {request.path['channel']!r}")
    return Answer(channel(desk, row))


def channel(desk: Desk, row: Channel) -> m.Channel:
    return m.Channel(
        name=names.channel_name(row.peer, row.environment, row.interconnect, row.id),
        macsecManagerProvider=names.provider_name(row.macsec_manager) if row.macsec_manager else None,
        crossConnectManagerProvider=names.provider_name(row.crossconnect_manager) if row.crossconnect_manager else None,
        aggregateChannelSizeGbps=row.members * row.member_gbps,
        channelMemberSizeGbps=row.member_gbps,
        obfuscatedDeviceId=desk.decisions.device_id(row.device) if row.device else None,
        demarc=row.demarc or None,
        adminState=admin_state(row.enabled),
    )


def admin_state(enabled: bool) -> m.AdminState:
    return m.AdminState.ENABLED if enabled else m.AdminState.DISABLED


def list_connections(desk: Desk, request: Requested) -> Answer:
    """All connections of the pair on the interconnect, pending ones too (CC-CONN-016)."""
    parent = interconnect_at(desk, request)
    rows = desk.tx.by(PLACEMENTS, peer=parent.peer, environment=parent.environment, interconnect=parent.id)
    page, token = paged(desk, request, rows, lambda row: row.uuid)
    return Answer(m.ListConnectionsResponse(connections=tuple(map(connection, page)), nextPageToken=token))


def get_connection(desk: Desk, request: Requested) -> Answer:
    rows = [] if desk.decisions.reads_by_place else desk.tx.by(PLACEMENTS, uuid=request.path["connection"])
    row = rows[0] if rows else placement_at(desk, request)
    if row.stage is Stage.PROPOSING and not desk.decisions.records_first:
        raise Refusal(404, f"connection {row.uuid!r} is not there yet")
    return Answer(connection(row))


def connection(row: Placement) -> m.Connection:
    """The resource of a placement. The activation key is not repeated (CC-SEC-005, CC-ERR-04)."""
    done = row.stage is Stage.VERIFIED
    return m.Connection(
        name=names.connection_name(row.peer, row.environment, row.interconnect, row.uuid),
        bandwidthMbps=row.mbps,
        adminState=m.AdminState.ENABLED,
        verificationState=m.VerificationState.VERIFIED if done else m.VerificationState.UNVERIFIED,
        deferProvisioning=row.deferral is not Deferral.NONE or None,
    )


def list_features(desk: Desk, request: Requested) -> Answer:
    parent = placement_at(desk, request)
    rows = agreed_features(desk, parent)
    page, token = paged(desk, request, rows, lambda row: row.id)
    return Answer(m.ListFeaturesResponse(features=tuple(map(feature, page)), nextPageToken=token))


def get_feature(desk: Desk, request: Requested) -> Answer:
    parent = placement_at(desk, request)
    wanted = request.path["feature"]
    row = next((row for row in agreed_features(desk, parent) if row.id == wanted), None)
    if row is None:
        raise Refusal(404, f"connection {parent.uuid!r} has no feature {wanted!r}")
    return Answer(feature(row))


def agreed_features(desk: Desk, parent: Placement) -> list[Feature]:
    """The features both sides hold; own proposals under way are not there yet (CC-FEAT-019)."""
    rows = desk.tx.by(
        FEATURES, peer=parent.peer, environment=parent.environment, interconnect=parent.interconnect, uuid=parent.uuid
    )
    return [row for row in rows if row.state in (FeatureState.PENDING, FeatureState.FINAL)]


def feature(row: Feature) -> m.Feature:
    final = row.state is FeatureState.FINAL
    return m.Feature(
        name=names.feature_name(row.peer, row.environment, row.interconnect, row.uuid, row.id),
        channel=names.channel_name(row.peer, row.environment, row.interconnect, row.channel),
        featureConfig=m.FeatureConfig(featureType=m.FeatureType.L3_BASE, l3BaseConfig=row.config),
        provisioningState=m.ProvisioningState.FINAL if final else m.ProvisioningState.PENDING,
    )


def paged(
    desk: Desk,
    request: Requested,
    rows: Sequence[T],
    id_of: Callable[[T], str],
    size_of: Callable[[int], int] | None = None,
) -> tuple[list[T], str | None]:
    """One page in the order of the ids, and the token of the next (CC-PAGE-001, CC-PAGE-002).

    A token names its collection and the last id given, so it survives insertions and deletions between pages and
    is refused on any other collection. ``size_of`` gives the size of a page, where the collection has one of its own.
    """
    size = (size_of or desk.decisions.page_size)(_page_size(request.query.get("pageSize")))
    scope = "/".join((request.caller, request.operation, *request.path.values()))
    last = _read_token(desk, request.query.get("pageToken"), scope)
    left = sorted((row for row in rows if last is None or desk.decisions.follows(id_of(row), last)), key=id_of)
    page = left[:size]
    if len(left) <= size:
        return page, None
    return page, base64.urlsafe_b64encode(f"{scope}\n{id_of(page[-1])}".encode()).decode()


def _page_size(text: str | None) -> int:
    """The size wanted; 0: the server's own."""
    if text is None or text == "":
        return 0
    try:
        size = int(text)
    except ValueError:
        size = -1
    if size < 0 or size > 2147483647:
        raise Refusal(400, f"pageSize: want a number from 0, got {text!r}")
    return size


def _read_token(desk: Desk, token: str | None, scope: str) -> str | None:
    if not token:
        return None
    try:
        given, _, last = base64.urlsafe_b64decode(token.encode()).decode().rpartition("\n")
    except (binascii.Error, ValueError):
        given, last = "", ""
    if not desk.decisions.token_fits(given, scope):
        raise Refusal(400, "pageToken: want the nextPageToken of the same list, got something else")
    return last


READS: dict[str, Callable[[Desk, Requested], Answer]] = {
    "ListProviders": list_providers,
    "GetProvider": get_provider,
    "ListEnvironments": list_environments,
    "GetEnvironment": get_environment,
    "ListInterconnects": list_interconnects,
    "GetInterconnect": get_interconnect,
    "ListChannels": list_channels,
    "GetChannel": get_channel,
    "ListConnections": list_connections,
    "GetConnection": get_connection,
    "ListFeatures": list_features,
    "GetFeature": get_feature,
}
