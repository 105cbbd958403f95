"""An operator's platform as a Party: which handler answers which event."""

from __future__ import annotations

from collections.abc import Mapping

from reference_impl.federation_interconnect import (
    artifacts,
    attributes,
    deboarding,
    deregistration,
    following,
    hosting,
    notification,
    operations,
    partner,
    registration,
    registry,
    removal,
    repeats,
    sharing,
    upload,
)
from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.application_validation import message_in
from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.federation_interconnect.operator import ACTIONS
from reference_impl.federation_interconnect.records import (
    CLOUDLETS,
    FEDERATIONS,
    PARTNERS,
    SCHEMA,
    ZONES,
    Inventory,
)
from reference_impl.kernel.party import Handlers, Party, Refusal
from reference_impl.kernel.tables import Readable, Tables

_SERVED: Mapping[str, repeats.Handler] = {
    operations.ADD_PARTNER: partner.add_partner,
    operations.UPDATE_PARTNER: attributes.partner_updated,
    operations.REMOVE_PARTNER: removal.remove_partner,
    operations.REGISTER_ZONES: registration.register_zones,
    operations.DEREGISTER_ZONES: deregistration.deregister_zones,
    operations.NOTIFY_ZONE: notification.zone_shared,
    operations.WITHDRAW_ZONE: notification.zone_withdrawn,
}

_OF_APPLICATIONS: Mapping[str, repeats.Handler] = {
    operations.UPLOAD_ARTIFACT: artifacts.upload,
    operations.ONBOARD_APPLICATION: hosting.onboard_application,
    operations.REMOVE_APPLICATION: hosting.remove_application,
}

_REPEATABLE: Mapping[str, repeats.Handler] = {
    operations.REPORT_ARTIFACT: upload.artifact_reported,
    operations.POST_ARTIFACT_STATUS: upload.artifact_reported,
    operations.APPLICATION_STATUS: hosting.application_status,
}
"""What may be said any number of times, and needs no memory."""

HANDLERS: Handlers[Decisions] = Handlers(
    requested={
        **{name: repeats.remembering_refusals(handler) for name, handler in _SERVED.items()},
        **{name: repeats.remembering_refusals(handler, message_in) for name, handler in _OF_APPLICATIONS.items()},
        **_REPEATABLE,
    },
    acted=ACTIONS,
    responded={
        operations.ADD_PARTNER: partner.added,
        operations.UPDATE_PARTNER: attributes.told,
        operations.REMOVE_PARTNER: removal.removed,
        operations.REGISTER_ZONES: registration.registered,
        operations.DEREGISTER_ZONES: deregistration.deregistered,
        operations.NOTIFY_ZONE: sharing.announced,
        operations.WITHDRAW_ZONE: sharing.withdrawn,
        operations.UPLOAD_ARTIFACT: upload.uploaded,
        operations.REPORT_ARTIFACT: artifacts.reported,
        operations.POST_ARTIFACT_STATUS: artifacts.reported,
        operations.ONBOARD_APPLICATION: following.acknowledged,
        operations.APPLICATION_STATUS: following.followed,
        operations.REMOVE_APPLICATION: deboarding.removed,
    },
    fired={upload.REPORT_TIMER: upload.unreported},
    provisioned={
        registry.STORE: artifacts.stored,
        registry.DROP: artifacts.dropped,
        registry.ONBOARD: hosting.onboarded,
    },
)


def refuse(refusal: Refusal) -> m.ErrorMessage:
    """The error body of the origin (federation-wire 5.1)."""
    return m.ErrorMessage(message=refusal.detail)


def operator(me: str, decisions: Decisions = OPERATOR) -> Party[Decisions]:
    """The platform in this seat; its federation ids are in its tables."""
    return Party(me, operations.OPERATIONS, SCHEMA, HANDLERS, decisions, refuse)


def stock(tables: Tables, inventory: Inventory) -> None:
    """Put what the operators set up and agreed beforehand into empty tables."""
    with tables.begin() as tx:
        for federation in inventory.federations:
            tx.put(FEDERATIONS, federation)
        for row in inventory.partners:
            tx.put(PARTNERS, row)
        for cloudlet in inventory.cloudlets:
            tx.put(CLOUDLETS, cloudlet)
        for zone in inventory.zones:
            tx.put(ZONES, zone)


def address_of(tables: Readable, federation_id: str, decisions: Decisions = OPERATOR) -> str | None:
    """Where a partner is called: only where its record says (FI-AUTH-012); None for a stranger."""
    found = next((row for row in tables.rows(PARTNERS) if row.id == federation_id), None)
    return decisions.url_of(found.address) if found and found.address else None
