"""The protocols that are served: the one table that knows them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reference_impl.connection_coordinator import actions as cc_actions
from reference_impl.connection_coordinator import messages as cc_messages
from reference_impl.connection_coordinator import operations as cc_operations
from reference_impl.connection_coordinator import provider as cc_provider
from reference_impl.connection_coordinator import records as cc_records
from reference_impl.connection_coordinator import statement as cc_statement
from reference_impl.federation_interconnect import actions as fi_actions
from reference_impl.federation_interconnect import contract as fi_contract
from reference_impl.federation_interconnect import messages as fi_messages
from reference_impl.federation_interconnect import operations as fi_operations
from reference_impl.federation_interconnect import operator_platform as fi_platform
from reference_impl.federation_interconnect.application_records import HOSTED, ONBOARDINGS, Hosted, Stage
from reference_impl.federation_interconnect.application_validation import sender_of as fi_sender_of
from reference_impl.federation_interconnect.records import PARTNER_ZONES, PARTNERS, REGISTRATIONS, ZONES, Partner
from reference_impl.federation_interconnect.registry import Registry
from reference_impl.kernel.party import CALLS, Call, Requested
from reference_impl.kernel.tables import Tables
from reference_impl.kernel.transport import Endpoint
from reference_impl.serve.answers import title_of
from reference_impl.serve.census import Counted, Standing
from reference_impl.serve.inventory import read_inventory
from reference_impl.serve.protocol import OWN_URL, Counterpart, Served, Stock
from reference_impl.serve.tomlfile import Section


def _configured_provider(tables: Tables, counterparts: Mapping[str, Counterpart], call: Call) -> Endpoint | None:
    """Only configured counterparts are called, whatever host a forged key names: where their table says, or for an
    environment, where ours says that it is reached (CC-ENV-006)."""
    found = counterparts.get(call.peer)
    if found is None:
        return None
    proof = {cc_statement.HEADER: call.credential} if call.credential else {}
    url = cc_provider.endpoint_of(tables, call, found.url)
    return Endpoint(url, {"authorization": f"Bearer {found.token_out}"} | proof)


def _inventory_stock(section: Section, me: str, counterparts: tuple[Counterpart, ...]) -> Stock:
    inventory = read_inventory(section, me, counterparts)
    return lambda tables: cc_provider.stock(tables, inventory)


def _arranged_partner(tables: Tables, counterparts: Mapping[str, Counterpart], call: Call) -> Endpoint | None:
    """Where the arrangement says (FI-AUTH-012), with its key in both headers (FI-AUTH-002)."""
    partner = next((row for row in tables.rows(PARTNERS) if row.id == call.peer), None)
    url = fi_platform.address_of(tables, call.peer)
    if partner is None or url is None:
        return None
    return Endpoint(url, {"authorization": f"Bearer {partner.key}", "x-api-key": partner.key} if partner.key else {})


def _federation_of(event: Requested) -> str:
    """Which federation a request claims to be from; the Party judges the claim (FI-AUTH-004)."""
    if isinstance(event.body, fi_messages.PartnerMessage):
        return event.body.sender_id
    return fi_sender_of(event)


def _call_of(call: Call) -> Standing:
    return "open_calls", "sent" if call.sent else "due"


def _partner_of(partner: Partner) -> Standing | None:
    roles = partner.roles
    if not roles.any:
        return None
    return "partners", "both" if roles.access and roles.share else "access" if roles.access else "share"


_CALLS = ("due", "sent")

_OF_COORDINATOR = Counted(
    states={
        "connections": tuple(state.value for state in cc_records.Customer),
        "placements": tuple(stage.value for stage in cc_records.Stage),
        "open_calls": _CALLS,
    },
    rows={
        cc_records.CONNECTIONS: lambda row: ("connections", row.customer.value),
        cc_records.TOMBSTONES: lambda row: ("connections", cc_records.Customer.DELETED.value) if row.account else None,
        cc_records.PLACEMENTS: lambda row: ("placements", row.stage.value),
        CALLS: _call_of,
    },
)

_OF_FEDERATION = Counted(
    states={
        "partners": ("access", "share", "both"),
        "zones": ("own", "learnt"),
        "registrations": ("registered",),
        "applications": tuple(stage.value for stage in Stage),
        "hosted_applications": tuple(state.value for state in Hosted),
        "open_calls": _CALLS,
    },
    rows={
        PARTNERS: _partner_of,
        ZONES: lambda row: ("zones", "own"),
        PARTNER_ZONES: lambda row: ("zones", "learnt"),
        REGISTRATIONS: lambda row: ("registrations", "registered"),
        ONBOARDINGS: lambda row: ("applications", row.stage.value),
        HOSTED: lambda row: ("hosted_applications", row.state.value),
        CALLS: _call_of,
    },
)


CONNECTION_COORDINATOR = Served(
    id="connection-coordinator",
    title="Connection Coordinator",
    operations=cc_operations.OPERATIONS,
    error=lambda status, detail: cc_messages.Problem(title=title_of(status), status=status, detail=detail),
    error_class=cc_messages.Problem,
    error_media_type="application/problem+json",
    party=cc_provider.provider,
    endpoint=_configured_provider,
    stock=_inventory_stock,
    first_steps=(
        ("offers", {"account": "X"}),
        ("offer", {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}),
    ),
    secrets=frozenset({"encodedKey", "key", "activationKey", "md5BgpPassword", "cak"}),
    actions=cc_actions.ACTIONS,
    quotas={"pending_per_partner": "pending_limit", "connections_per_partner": "living_limit"},
    counted=_OF_COORDINATOR,
    accompanies=cc_statement.HEADER,
)

FEDERATION_INTERCONNECT = Served(
    id="federation-interconnect",
    title="Federation Interconnect",
    operations=fi_operations.OPERATIONS,
    error=lambda status, detail: fi_messages.ErrorMessage(message=detail),
    error_class=fi_messages.ErrorMessage,
    detail_member="message",
    about=fi_contract.ABOUT,
    members=fi_contract.MEMBERS,
    examples=fi_contract.EXAMPLES,
    party=fi_platform.operator,
    endpoint=_arranged_partner,
    first_steps=(
        (
            "create_self_federation",
            {"operator": "Operator1", "country": "DE", "mcc": "262", "mnc": ["01"], "address": OWN_URL},
        ),
        ("show_partners", {}),
    ),
    keys="party",
    key_headers=("authorization", "x-api-key"),
    secrets=frozenset({"apiKey", "api_key"}),
    actions=fi_actions.ACTIONS,
    sender=_federation_of,
    quotas={
        "zones_per_partner": "zone_limit",
        "artifacts_per_partner": "artifact_limit",
        "artifact_bytes": "artifact_bytes",
    },
    body_limits={fi_operations.UPLOAD_ARTIFACT: 24 << 20},
    equipment=lambda folder: Registry(folder).workers,
    counted=_OF_FEDERATION,
)

SERVED: Mapping[str, Served] = MappingProxyType(
    {each.id: each for each in (CONNECTION_COORDINATOR, FEDERATION_INTERCONNECT)}
)
"""By protocol id."""
