"""The lead hears of a zone that a partner shares from now on (federation-wire 7.4; FI-SHARE-004 to -007)."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect import own_requests, repeats
from reference_impl.federation_interconnect.desk import Desk, demand
from reference_impl.federation_interconnect.operations import NOTIFY_ZONE
from reference_impl.federation_interconnect.records import OWN_REQUESTS, PARTNER_ZONES, Partner, PartnerZone
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
        if desk.decisions.on_known_zone(known.info, zone) == "refuse":
            raise Refusal(409, "partnerZone: a zone of this id is known with other attributes")
    elif partner.roles.access:
        _demand_room(desk, len(desk.tx.by(PARTNER_ZONES, partner=partner.id)))
        desk.tx.put(PARTNER_ZONES, PartnerZone(partner.id, zone.zoneId, zone))
    else:
        _hear_early(desk, partner, zone)
    repeats.remember(desk, partner, NOTIFY_ZONE, message)
    return Answer()


def _demand_room(desk: Desk, kept: int) -> None:
    if kept >= desk.decisions.zone_limit:
        raise Refusal(409, f"partnerZone: want at most {desk.decisions.zone_limit} zones of one partner")


def _hear_early(desk: Desk, partner: Partner, zone: m.ZoneInfo) -> None:
    """The notification overtook the answer to our add: keep the zone for that moment (FI-RACE-010)."""
    adding = own_requests.under_way(desk, partner.id, "add_partner")
    if adding is None or not desk.decisions.hears_early:
        raise Refusal(503, "this federation is being set up: say it again later")
    others = tuple(each for each in adding.early if each.zoneId != zone.zoneId)
    _demand_room(desk, len(others))
    desk.tx.put(OWN_REQUESTS, replace(adding, early=(*others, zone)))
