"""The lead hears of zones that a partner shares from now on, or no longer (federation-wire 7.4, 7.5).

FI-SHARE-004 to -007, FI-UNSHARE-004 to -006. What comes before the answer to our add is kept for that moment
(FI-RACE-010).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect import own_requests, repeats
from reference_impl.federation_interconnect.desk import Desk, demand
from reference_impl.federation_interconnect.operations import NOTIFY_ZONE, WITHDRAW_ZONE
from reference_impl.federation_interconnect.records import (
    OWN_REQUESTS,
    PARTNER_ZONES,
    Early,
    Outcome,
    OwnRequest,
    Partner,
    PartnerZone,
)
from reference_impl.federation_interconnect.validation import message_of, validate_federation
from reference_impl.kernel.party import Answer, Refusal, Requested


def zone_shared(desk: Desk, request: Requested) -> Answer:
    """Store the zone under the sender, not registered; one that is known stays as it is."""
    message = message_of(request, m.ZoneSharedRequest)
    partner = validate_federation(desk, request, message)
    zone = message.partnerZone
    demand("partnerZone.zoneId", desk.decisions.takes_over_zone(zone.zoneId), 400)
    if repeats.is_repeat(desk, partner, NOTIFY_ZONE, message):
        return Answer()
    known = desk.tx.get(PARTNER_ZONES, partner.id, zone.zoneId)
    if known is not None:
        ruling = desk.decisions.on_known_zone(known.info, zone)
        if ruling == "refuse":
            raise Refusal(409, "partnerZone: a zone of this id is known with other attributes")
        if ruling == "replace":
            desk.tx.put(PARTNER_ZONES, PartnerZone(partner.id, zone.zoneId, zone))
    elif not partner.roles.access and own_requests.under_way(desk, partner.id, "add_partner") is not None:
        _hear_early(desk, partner, zone)
    else:
        _demand_room(desk, len(desk.tx.by(PARTNER_ZONES, partner=partner.id)))
        desk.tx.put(PARTNER_ZONES, PartnerZone(partner.id, zone.zoneId, zone))
    repeats.remember(desk, partner, NOTIFY_ZONE, message)
    return Answer()


def _demand_room(desk: Desk, kept: int) -> None:
    if kept >= desk.decisions.zone_limit:
        raise Refusal(409, f"partnerZone: want at most {desk.decisions.zone_limit} zones of one partner")


def _hear_early(desk: Desk, partner: Partner, zone: m.ZoneInfo) -> None:
    adding = _adding(desk, partner)
    others = tuple(each for each in adding.early.zones if each.zoneId != zone.zoneId)
    _demand_room(desk, len(others))
    gone = tuple(each for each in adding.early.gone if each != zone.zoneId)
    _keep(desk, adding, replace(adding.early, zones=(*others, zone), gone=gone))


def _adding(desk: Desk, partner: Partner) -> OwnRequest:
    """Our add that is under way, where what overtakes its answer is heard."""
    adding = own_requests.under_way(desk, partner.id, "add_partner")
    if adding is None or not desk.decisions.hears_early:
        raise Refusal(503, "this federation is being set up: say it again later")
    return adding


def _keep(desk: Desk, adding: OwnRequest, early: Early) -> None:
    desk.tx.put(OWN_REQUESTS, replace(adding, early=early))


def zone_withdrawn(desk: Desk, request: Requested) -> Answer:
    """Forget a zone of the sender that is not registered, with whatever was in doubt about it."""
    message = message_of(request, m.ZoneWithdrawnRequest)
    partner = validate_federation(desk, request, message)
    zone = message.zone
    demand("zone", desk.decisions.takes_over_zone(zone), 400)
    if repeats.is_repeat(desk, partner, WITHDRAW_ZONE, message):
        return Answer()
    known = desk.tx.get(PARTNER_ZONES, partner.id, zone)
    if known is not None:
        ours = {action: _under_way(desk, partner, action, zone) for action in ("register_zone", "deregister_zone")}
        if desk.decisions.on_withdrawal(known, ours["register_zone"], ours["deregister_zone"]) == "refuse":
            raise Refusal(409, "zone: it is registered")
        desk.tx.delete(PARTNER_ZONES, partner.id, zone)
        own_requests.settle(desk, partner.id, zone=zone)
    elif partner.roles.access or own_requests.under_way(desk, partner.id, "add_partner") is None:
        raise Refusal(404, "zone: no zone of this id is known from you")
    else:
        _forget_early(desk, partner, zone)
    repeats.remember(desk, partner, WITHDRAW_ZONE, message)
    return Answer()


def _under_way(desk: Desk, partner: Partner, action: str, zone: str) -> bool:
    """Is such a request of ours about the zone open? A deregistration in doubt may have ended there, too."""
    rows = (row for row in desk.tx.by(OWN_REQUESTS, partner=partner.id, action=action) if zone in row.zones)
    return any(row.outcome is Outcome.RUNNING or row.doubt for row in rows)


def _forget_early(desk: Desk, partner: Partner, zone: str) -> None:
    """The withdrawal overtook the answer to our add, which may still name the zone."""
    adding = _adding(desk, partner)
    if len(adding.early.gone) >= desk.decisions.zone_limit:
        raise Refusal(503, "this federation is being set up: say it again later")
    zones = tuple(each for each in adding.early.zones if each.zoneId != zone)
    gone = tuple(each for each in adding.early.gone if each != zone)
    _keep(desk, adding, replace(adding.early, zones=zones, gone=(*gone, zone)))
