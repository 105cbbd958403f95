"""A Connection Coordinator provider as a Party: which handler answers which event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reference_impl.connection_coordinator import (
    activation,
    crossing,
    customer,
    deferral,
    deletion,
    intent,
    issue_actions,
    issues,
    l3_negotiation,
    l3_responder,
    macsec,
    macsec_actions,
    macsec_rotation,
    macsec_router,
    maintenance,
    maintenance_actions,
    migration,
    partners,
    placement,
    placement_responder,
    provisioning,
    reads,
    removal,
    sweep,
    update,
)
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.decisions import PROVIDER, Decisions
from reference_impl.connection_coordinator.desk import Desk
from reference_impl.connection_coordinator.inventory_records import (
    ACCOUNTS,
    CHANNELS,
    ENVIRONMENTS,
    INTERCONNECTS,
    PARTNERS,
    Inventory,
)
from reference_impl.connection_coordinator.macsec_records import MACSEC_KEYS
from reference_impl.connection_coordinator.operations import OPERATIONS
from reference_impl.connection_coordinator.records import SCHEMA
from reference_impl.kernel.party import Call, Handlers, Party, Refusal
from reference_impl.kernel.tables import Tables

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    422: "Unprocessable",
    503: "Service Unavailable",
}


def refuse(refusal: Refusal) -> m.Problem:
    """The problem document of a refusal (RFC 9457)."""
    return m.Problem(title=TITLES.get(refusal.status, "Refused"), status=refusal.status, detail=refusal.detail)


def _connection_read(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """GetConnection is asked for several reasons; the first word of its subject says for which."""
    answer = {
        "look": placement.looked,
        "refresh": update.refreshed,
        "update": update.looked,
        migration.NEWS: migration.looked,
    }[call.subject[0]]
    answer(desk, call, status, body)


_RESPONDED: Mapping[str, Callable[[Desk, Call, int | None, Any], None]] = {
    "ConfirmActivationKey": intent.confirmed,
    "CreateConnection": placement.created,
    "ListInterconnects": placement.refreshed,
    "GetConnection": _connection_read,
    "GenerateFeatureGuidance": l3_negotiation.guided,
    "CreateFeature": l3_negotiation.answered,
    "GetFeature": l3_negotiation.looked,
    "NotifyConnectionStatus": activation.notified,
    "ListFeatures": activation.features_read,
    "UpdateConnection": update.updated,
    "DeleteConnection": deletion.deleted,
    **issue_actions.RESPONDED,
    **maintenance.RESPONDED,
    **removal.RESPONDED,
    **macsec_rotation.RESPONDED,
    **macsec_actions.RESPONDED,
}


def _admitted(requested: Mapping[str, partners.Handler]) -> Mapping[str, partners.Handler]:
    return {operation: partners.admitted(handler) for operation, handler in requested.items()}


HANDLERS: Handlers[Decisions] = Handlers(
    requested=_admitted(
        {
            **reads.READS,
            **issues.REQUESTED,
            **maintenance.REQUESTED,
            **removal.REQUESTED,
            **macsec.REQUESTED,
            "ConfirmActivationKey": intent.confirm_activation_key,
            "CreateConnection": placement_responder.create_connection,
            "UpdateConnection": update.update_connection,
            "DeleteConnection": deletion.delete_connection,
            "GenerateFeatureGuidance": l3_responder.generate_feature_guidance,
            "CreateFeature": l3_responder.create_feature,
            "NotifyConnectionStatus": activation.notify_connection_status,
        }
    ),
    acted={
        **customer.ACTIONS,
        **issue_actions.ACTED,
        **maintenance_actions.ACTED,
        **provisioning.ACTED,
        **removal.ACTED,
        **macsec_actions.ACTED,
        **partners.ACTED,
    },
    responded=_RESPONDED,
    fired={
        "propose": placement.next_round,
        "held": crossing.hold_is_over,
        deferral.TIMER: deferral.timed_out,
        migration.TIMER: migration.late,
        "prefer": migration.prefer_again,
        "restart": l3_negotiation.restart,
        "provision": activation.provision_again,
        "doubt": update.look_again,
        **maintenance.FIRED,
        **sweep.FIRED,
        **macsec_rotation.FIRED,
        **macsec_router.FIRED,
    },
    provisioned={
        "feature": activation.provisioned,
        "prefer": migration.preferred,
        "place": crossing.place_now,
        **macsec_router.PROVISIONED,
    },
    restarted=placement.restarted,
    patient=(sweep.TIMER,),
)


def provider(me: str, decisions: Decisions = PROVIDER) -> Party[Decisions]:
    """A provider with this provider ID."""
    return Party(me, OPERATIONS, SCHEMA, HANDLERS, decisions, refuse)


def endpoint_of(tables: Tables, call: Call, base: str, decisions: Decisions = PROVIDER) -> str:
    """Where a call goes: to the endpoint of its environment, as agreed out of band, or without one to ``base``
    (CC-ENV-006)."""
    place = call.peer, dict(call.path).get("environment")
    found = next((row for row in tables.rows(ENVIRONMENTS) if (row.peer, row.id) == place), None)
    return found.api_uri if found is not None and found.api_uri and decisions.calls_at_environment else base


def stock(tables: Tables, inventory: Inventory) -> None:
    """Put the inventory that was agreed out of band into empty tables."""
    with tables.begin() as tx:
        for partner in inventory.partners:
            tx.put(PARTNERS, partner)
        for account in inventory.accounts:
            tx.put(ACCOUNTS, account)
        for environment in inventory.environments:
            tx.put(ENVIRONMENTS, environment)
        for interconnect in inventory.interconnects:
            tx.put(INTERCONNECTS, interconnect)
        for channel in inventory.channels:
            tx.put(CHANNELS, channel)
        for key in inventory.macsec_keys:
            tx.put(MACSEC_KEYS, key)
