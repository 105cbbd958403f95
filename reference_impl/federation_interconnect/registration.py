"""A lead registers zones of its partner, all or none (federation-wire 7.6; FI-ZREG-001 to -010)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect import deregistration, own_requests, repeats
from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import Objection
from reference_impl.federation_interconnect.desk import (
    Desk,
    capacity,
    demand,
    federation_of,
    partner_named,
    shared_zones,
)
from reference_impl.federation_interconnect.operations import REGISTER_ZONES
from reference_impl.federation_interconnect.records import (
    PARTNER_ZONES,
    PARTNERS,
    REGISTRATIONS,
    ZONES,
    OwnRequest,
    Partner,
    Registration,
)
from reference_impl.federation_interconnect.validation import message_of, validate_federation
from reference_impl.kernel.party import Answer, Call, Refusal, Requested

ACTION = "register_zone"

# --- the lead: registers ------------------------------------------------------------------------------------------


def register(desk: Desk, partner: str, zones: Sequence[str]) -> OwnRequest:
    """Check that each zone is known from this partner and free, then ask (FI-ZREG-001, FI-AZ-001, FI-PARTNER-004)."""
    found = partner_named(desk, partner)
    if not found.roles.access:
        raise Refusal(409, f"we have no access to the zones of {partner!r}")
    wanted = tuple(dict.fromkeys(zones))
    for zone in wanted:
        known = desk.tx.get(PARTNER_ZONES, partner, zone)
        if desk.decisions.asks_for_any_zone:
            continue
        if known is None:
            raise Refusal(404, f"zone {zone!r} is not known from {partner!r}")
        if known.registered:
            raise Refusal(409, f"zone {zone!r} of {partner!r} is registered already")
    own_requests.demand_settled(desk, partner, ACTION, wanted)
    return own_requests.begin(desk, found, ACTION, wanted)


def registered(desk: Desk, call: Call, status: int | None, body: m.RegisterZonesResponse | None) -> None:
    """The host's answer: only what it accounts for is registered (FI-ZREG-006)."""
    request = own_requests.clearly_answered(desk, call, status)
    if request is None or status is None:
        return
    if desk.decisions.conflict_confirms(status, request.doubt):
        quotas: dict[str, m.ZoneResourceInfo | None] = dict.fromkeys(request.zones)
    elif not desk.decisions.is_success(status):
        own_requests.refused(desk, request, status)
        return
    elif body is None:
        own_requests.fail(desk, request, "the partner's answer is not readable", doubt=True)
        return
    else:
        limits = {entry.zoneId: entry.upperLimitQuota for entry in body.zone}
        quotas = {zone: limits.get(zone) for zone in desk.decisions.accounted_for(body, request.zones)}
    missing = [zone for zone in request.zones if not _store(desk, request.partner, zone, quotas)]
    taken = [zone for zone in missing if zone in quotas]
    if taken and body is not None:
        _take_back(desk, request, taken)
    elif missing:
        own_requests.fail(desk, request, f"the partner's answer leaves {missing} not registered", doubt=False)
    else:
        own_requests.succeed(desk, request)


def _take_back(desk: Desk, request: OwnRequest, zones: Sequence[str]) -> None:
    """The partner registered what it has withdrawn meanwhile: an inconsistent host (FI-RACE-002)."""
    own_requests.fail(desk, request, f"the partner registered {list(zones)}, which it has withdrawn", doubt=False)
    partner = desk.tx.get(PARTNERS, request.partner)
    if partner is not None and partner.key and desk.decisions.compensates:
        deregistration.compensate(desk, partner, zones)


def _store(desk: Desk, partner: str, zone: str, quotas: dict[str, m.ZoneResourceInfo | None]) -> bool:
    """Keep one zone as registered; False where the answer does not have it or it is not known any longer."""
    known = desk.tx.get(PARTNER_ZONES, partner, zone)
    if known is None or zone not in quotas:
        return False
    desk.tx.put(PARTNER_ZONES, replace(known, registered=True, quota=quotas[zone]))
    return True


# --- the host: keeps who registered -------------------------------------------------------------------------------


def register_zones(desk: Desk, request: Requested) -> Answer:
    """Store the caller with each zone, or refuse the request as a whole (FI-ZREG-003 to -005, -007 to -010)."""
    message = message_of(request, m.RegisterZonesRequest)
    partner = validate_federation(desk, request, message)
    demand("zones", None if message.zones else "want at least one zone id, got none", 400)
    for zone in message.zones:
        demand("zones", desk.decisions.accepts_zone_id(zone), 400)
    mine = [row.zone for row in desk.tx.by(REGISTRATIONS, partner=partner.id)]
    if repeats.is_repeat(desk, partner, REGISTER_ZONES, message):
        if any(zone not in mine for zone in message.zones):
            raise Refusal(409, "requestId: this registration was carried out, and ended since")
        return _account(desk, partner, message, tuple(dict.fromkeys(message.zones)))
    shared = [zone.id for zone in shared_zones(desk, partner)]
    ruling = desk.decisions.to_register(message.zones, shared, mine)
    if isinstance(ruling, Objection):
        raise Refusal(ruling.status, f"zones: {ruling.reason}")
    for zone in ruling:
        desk.tx.put(REGISTRATIONS, Registration(zone, partner.id))
    repeats.remember(desk, partner, REGISTER_ZONES, message)
    return _account(desk, partner, message, ruling)


def _account(desk: Desk, partner: Partner, message: m.RegisterZonesRequest, zones: Sequence[str]) -> Answer:
    """One entry per zone; what its cloudlets have is both guaranteed and the limit (federation-wire, section 6)."""
    told = desk.decisions.accounts(zones)
    rows = [row for row in (desk.tx.get(ZONES, zone) for zone in told) if row is not None]
    own = federation_of(desk, partner)
    return Answer(
        m.RegisterZonesResponse(
            requestId=message.requestId,
            leadOperatorId=partner.operator,
            partnerOperatorId=own.operator,
            federationId=own.id,
            zone=tuple(
                m.ZoneRegisterDetails(
                    zoneId=row.id, guaranteedResources=capacity(desk, row), upperLimitQuota=capacity(desk, row)
                )
                for row in rows
            ),
        )
    )
