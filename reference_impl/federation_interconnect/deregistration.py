"""A lead deregisters zones of its partner, all or none (federation-wire 7.7; FI-ZDEREG-001 to -007)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect import hosting, onboarding, own_requests, repeats
from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import Objection
from reference_impl.federation_interconnect.desk import Desk, demand, partner_named, shared_zones
from reference_impl.federation_interconnect.operations import DEREGISTER_ZONES
from reference_impl.federation_interconnect.records import PARTNER_ZONES, REGISTRATIONS, OwnRequest, Partner
from reference_impl.federation_interconnect.validation import message_of, validate_federation
from reference_impl.kernel.party import Answer, Call, Refusal, Requested

ACTION = "deregister_zone"

# --- the lead: deregisters ----------------------------------------------------------------------------------------


def deregister(desk: Desk, partner: str, zones: Sequence[str]) -> OwnRequest:
    """Check that each zone is known from this partner and registered, then ask (FI-ZDEREG-001)."""
    found = partner_named(desk, partner)
    wanted = tuple(dict.fromkeys(zones))
    for zone in wanted:
        known = desk.tx.get(PARTNER_ZONES, partner, zone)
        if desk.decisions.asks_for_any_zone:
            continue
        if known is None:
            raise Refusal(404, f"zone {zone!r} is not known from {partner!r}")
        if not known.registered:
            raise Refusal(409, f"zone {zone!r} of {partner!r} is not registered")
    beside = desk.decisions.applications.deregisters_under_applications
    used = onboarding.applications_in(desk, partner, wanted)
    if used and not beside:
        raise Refusal(409, f"applications {used} are there: deboard them first")
    own_requests.demand_settled(desk, partner, ACTION, wanted, beside_applications=beside)
    return own_requests.begin(desk, found, ACTION, wanted)


def compensate(desk: Desk, partner: Partner, zones: Sequence[str]) -> None:
    """The partner registered zones that it has withdrawn: take that back (FI-RACE-002)."""
    own_requests.begin(desk, partner, ACTION, tuple(zones))


def deregistered(desk: Desk, call: Call, status: int | None, body: object) -> None:
    """The host's answer: the zones stay known (FI-ZDEREG-005). That they are not registered confirms a repeat."""
    request = own_requests.clearly_answered(desk, call, status)
    if request is None or status is None:
        return
    if not (desk.decisions.is_success(status) or desk.decisions.absence_confirms(status, request.doubt)):
        own_requests.refused(desk, request, status)
        return
    for zone in request.zones:
        known = desk.tx.get(PARTNER_ZONES, request.partner, zone)
        if known is not None:
            desk.tx.put(PARTNER_ZONES, replace(known, registered=False, quota=None))
    own_requests.succeed(desk, request)


# --- the host: forgets who registered -----------------------------------------------------------------------------


def deregister_zones(desk: Desk, request: Requested) -> Answer:
    """Delete the caller's registrations of all these zones, or refuse; the zones stay shared (FI-ZDEREG-003, -004, -006)."""
    message = message_of(request, m.DeregisterZonesRequest)
    partner = validate_federation(desk, request, message)
    demand("zones", None if message.zones else "want at least one zone id, got none", 400)
    for zone in message.zones:
        demand("zones", desk.decisions.accepts_zone_id(zone), 400)
    if repeats.is_repeat(desk, partner, DEREGISTER_ZONES, message):
        return Answer()
    mine = [row.zone for row in desk.tx.by(REGISTRATIONS, partner=partner.id)]
    ruling = desk.decisions.to_deregister(message.zones, [zone.id for zone in shared_zones(desk, partner)], mine)
    if isinstance(ruling, Objection):
        raise Refusal(ruling.status, f"zones: {ruling.reason}")
    if hosting.applications_in(desk, partner, ruling) and not desk.decisions.applications.deregisters_used:
        raise Refusal(desk.decisions.in_use, "zones: you have applications in one of them: remove these first")
    hosting.forget(desk, partner, ruling)
    for zone in ruling:
        desk.tx.delete(REGISTRATIONS, zone, partner.id)
    repeats.remember(desk, partner, DEREGISTER_ZONES, message)
    return Answer()
