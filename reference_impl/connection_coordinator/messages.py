"""The Connection Coordinator's messages as they stand in the OpenAPI files, patched where an erratum says so.

ASNs are integers of 32 bits (CC-ERR-33). Members that the descriptions call required are required in requests
(CC-ERR-43): the request classes say so, the resource classes leave everything optional, because a server may omit
zero, false and empty lists.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from reference_impl.kernel.party import Message

Uint32 = Annotated[int, Field(ge=0, le=4294967295)]
Int32 = Annotated[int, Field(ge=-2147483648, le=2147483647)]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A time of RFC 3339, such as 2000-01-23T04:56:07Z."""
Encoded = Annotated[str, Field(json_schema_extra={"format": "byte"})]
"""Base64, of either alphabet, with or without padding (CC-ERR-02)."""


class AdminState(StrEnum):
    ENABLED = "ADMIN_STATE_ENABLED"
    DISABLED = "ADMIN_STATE_DISABLED"


class VerificationState(StrEnum):
    UNVERIFIED = "VERIFICATION_STATE_UNVERIFIED"
    VERIFIED = "VERIFICATION_STATE_VERIFIED"


class ProvisioningState(StrEnum):
    PENDING = "PROVISIONING_STATE_PENDING"
    FINAL = "PROVISIONING_STATE_FINAL"


class InterconnectState(StrEnum):
    PENDING = "INTERCONNECT_STATE_PENDING"
    ACTIVE = "INTERCONNECT_STATE_ACTIVE"
    CLOSED = "INTERCONNECT_STATE_CLOSED"


class EnvironmentVisibility(StrEnum):
    PRIVATE = "ENVIRONMENT_VISIBILITY_PRIVATE"
    PUBLIC = "ENVIRONMENT_VISIBILITY_PUBLIC"


class FeatureType(StrEnum):
    L3_BASE = "FEATURE_TYPE_L3_BASE"


class Empty(Message):
    pass


class Problem(Message):
    """An error document (RFC 9457). The documents give errors no schema; a machine-readable one is welcome (CC-ERR-06)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Provider(Message):
    name: str
    displayName: str | None = None


class ListProvidersResponse(Message):
    """Both spellings of the list, equal (CC-ERR-05)."""

    environments: tuple[Provider, ...] = ()
    providers: tuple[Provider, ...] = ()
    nextPageToken: str | None = None


class ProviderSite(Message):
    providerId: str
    site: str
    displayName: str | None = None


class Environment(Message):
    name: str
    providerSites: tuple[ProviderSite, ...] = ()
    apiUri: str | None = None
    supportedConnectionSizeMbps: tuple[Int32, ...] = ()
    supportedFeatures: tuple[FeatureType, ...] = ()
    environmentVisibility: EnvironmentVisibility | None = None
    deferralTimeoutHours: Int32 | None = None
    deferConnectionProvisioning: bool | None = None


class ListEnvironmentsResponse(Message):
    environments: tuple[Environment, ...] = ()
    nextPageToken: str | None = None


class ActivationKey(Message):
    version: Int32
    destinationEnvironmentUri: str
    sharedConnectionUuid: str
    connectionSizeMbps: Int32
    destinationAccountId: str


class ConfirmActivationKeyRequest(Message):
    encodedKey: Encoded | None = None
    key: ActivationKey | None = Field(default=None, json_schema_extra={"deprecated": True})


class ConfirmActivationKeyResponse(Message):
    keyValid: bool | None = None


class Interconnect(Message):
    name: str
    supportedConnectionSizeMbps: tuple[Int32, ...] = ()
    supportedFeatures: tuple[FeatureType, ...] = ()
    state: InterconnectState | None = None
    maxBandwidthMbps: Int32 | None = None


class ListInterconnectsResponse(Message):
    interconnects: tuple[Interconnect, ...] = ()
    nextPageToken: str | None = None


class Channel(Message):
    name: str
    macsecManagerProvider: str | None = None
    crossConnectManagerProvider: str | None = None
    aggregateChannelSizeGbps: Int32 | None = None
    channelMemberSizeGbps: Int32 | None = None
    obfuscatedDeviceId: str | None = None
    demarc: str | None = None
    adminState: AdminState | None = None


class ListChannelsResponse(Message):
    channels: tuple[Channel, ...] = ()
    nextPageToken: str | None = None


class Connection(Message):
    """The resource as served, and as proposed: in a request only activationKey, bandwidthMbps and deferProvisioning count."""

    name: str | None = None
    activationKey: str | None = None
    bandwidthMbps: Int32 | None = None
    adminState: AdminState | None = None
    verificationState: VerificationState | None = None
    deferProvisioning: bool | None = None


class ListConnectionsResponse(Message):
    connections: tuple[Connection, ...] = ()
    nextPageToken: str | None = None


class ASNRange(Message):
    start: Uint32
    stop: Uint32


class VLANRange(Message):
    start: Int32
    stop: Int32


class MTURange(Message):
    start: Int32
    stop: Int32


class SubnetGuidance(Message):
    includeSubnet: str
    excludeSubnets: tuple[str, ...] = ()
    preferredSubnet: str | None = None


class L3BaseGuidance(Message):
    asnRanges: tuple[ASNRange, ...] = ()
    ipv4SubnetGuidance: tuple[SubnetGuidance, ...] = ()
    ipv6SubnetGuidance: tuple[SubnetGuidance, ...] = ()
    ipv4AllowedSubnetPrefixLengths: tuple[Int32, ...] = ()
    ipv6AllowedSubnetPrefixLengths: tuple[Int32, ...] = ()
    vlanRanges: tuple[VLANRange, ...] = ()
    mtuRanges: tuple[MTURange, ...] = ()
    maxReceivedBgpRoutePrefixes: Int32 | None = None


class FeatureGuidance(Message):
    featureType: FeatureType | None = None
    channel: str
    channelAdminState: AdminState | None = None
    l3BaseGuidance: L3BaseGuidance = L3BaseGuidance()


class GenerateFeatureGuidanceRequest(Message):
    pass


class GenerateFeatureGuidanceResponse(Message):
    featureGuidance: tuple[FeatureGuidance, ...] = ()


class NotifyConnectionStatusRequest(Message):
    pass


class ProviderBgpConfig(Message):
    provider: str
    asn: Uint32
    hostIpv4: str
    hostIpv6: str | None = None


class L3BaseConfig(Message):
    ipv4Subnet: str
    ipv4SubnetPrefixLength: Int32
    ipv6Subnet: str | None = None
    ipv6SubnetPrefixLength: Int32 | None = None
    mtuBytes: Int32
    vlanId: Int32
    providerBgpConfigs: tuple[ProviderBgpConfig, ...]
    md5BgpPassword: str | None = None


class FeatureConfig(Message):
    featureType: FeatureType
    l3BaseConfig: L3BaseConfig


class Feature(Message):
    name: str | None = None
    channel: str
    featureConfig: FeatureConfig
    provisioningState: ProvisioningState | None = None


class ListFeaturesResponse(Message):
    features: tuple[Feature, ...] = ()
    nextPageToken: str | None = None
