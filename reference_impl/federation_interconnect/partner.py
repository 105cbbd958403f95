"""The second table: one operator adds another as partner.

The lead calls POST /operator/partner. The host validates, stores the lead with the role ``share`` and offers its
zones; the lead then stores the host with the role ``access`` and the zones. Adding is directed: each side keeps one
record for the other, and an add in the opposite direction completes it, also when the two cross (FI-PARTNER-012,
FI-RACE-005): either side changes only its own role in the record as it is at that moment.
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect import own_requests, repeats, sharing
from reference_impl.federation_interconnect.desk import Desk, federation_of, shared_zones, zone_info
from reference_impl.federation_interconnect.operations import ADD_PARTNER
from reference_impl.federation_interconnect.records import (
    FEDERATIONS,
    PARTNER_ZONES,
    PARTNERS,
    OwnRequest,
    Partner,
    PartnerZone,
)
from reference_impl.federation_interconnect.validation import message_of, validate_federation
from reference_impl.kernel.party import Answer, Call, Refusal, Requested

ACTION = "add_partner"

# --- the lead: adds -----------------------------------------------------------------------------------------------


def add(desk: Desk, wanted: Partner) -> OwnRequest:
    """Start an add that can succeed (FI-PARTNER-010). The operator's word replaces a bare arrangement, not a federation."""
    known = desk.tx.get(PARTNERS, wanted.id)
    if not desk.decisions.adds_again:
        if known is not None and known.roles.access:
            raise Refusal(409, f"partner {wanted.id!r} is added already")
        if own_requests.under_way(desk, wanted.id, ACTION) is not None:
            raise Refusal(409, f"partner {wanted.id!r} is being added")
    if own_requests.under_way(desk, wanted.id, "remove_partner") is not None:
        raise Refusal(409, f"partner {wanted.id!r} is being removed")
    if own_requests.in_doubt(desk, wanted.id, "remove_partner") is not None:
        raise Refusal(409, f"the removal of partner {wanted.id!r} ended in doubt: repeat it first")
    if known is not None:
        if known.roles.any and _identity(known) != _identity(wanted):
            raise Refusal(409, f"partner {wanted.id!r} is known with another operator, country or address")
        wanted = replace(
            wanted, issued=known.issued, roles=known.roles, mcc=known.mcc, mnc=known.mnc, locator=known.locator
        )
    desk.tx.put(PARTNERS, wanted)
    return own_requests.begin(desk, wanted, ACTION)


def _identity(partner: Partner) -> tuple[str, ...]:
    return partner.own, partner.operator, partner.country, partner.address


def added(desk: Desk, call: Call, status: int | None, body: m.AddPartnerResponse | None) -> None:
    """The host's answer to our add, or none (FI-PARTNER-007, -008, -011)."""
    request = own_requests.clearly_answered(desk, call, status)
    if request is None or status is None:
        return
    partner = desk.tx.get(PARTNERS, request.partner)
    if partner is None:
        own_requests.fail(desk, request, "the partner was removed meanwhile")
    elif desk.decisions.is_success(status):
        _take_over(desk, request, partner, call, body)
    elif desk.decisions.conflict_confirms(status, request.doubt) and not partner.roles.access:
        _fail(
            desk,
            request,
            partner,
            f"the partner answers {status} to the repeat: it shares with us already, but the answer with its zones was "
            "lost; remove the partner and add it again",
        )
    else:
        _fail(desk, request, partner, f"the partner refuses with {status}", doubt=False)


def _fail(desk: Desk, request: OwnRequest, partner: Partner, reason: str, doubt: bool | None = None) -> None:
    """The add has failed; what another one has gained stays (FI-RACE-004)."""
    own_requests.fail(desk, request, reason, doubt=doubt)
    partner = desk.tx.put(PARTNERS, replace(partner, roles=desk.decisions.roles_after_failed_add(partner.roles)))
    if not partner.roles.access:
        for zone in desk.tx.by(PARTNER_ZONES, partner=partner.id):
            desk.tx.delete(PARTNER_ZONES, zone.partner, zone.id)


def _take_over(
    desk: Desk, request: OwnRequest, partner: Partner, call: Call, answer: m.AddPartnerResponse | None
) -> None:
    """Believe an answer that is the partner's, and store what it says; its zones are not registered."""
    if answer is None or not isinstance(call.body, m.AddPartnerRequest):
        own_requests.fail(desk, request, "the partner's answer is not readable", doubt=True)
        return
    reason = desk.decisions.is_plausible(answer, call.body, partner.operator)
    if reason is not None:
        own_requests.fail(desk, request, f"the answer is not the partner's: {reason}", doubt=True)
        return
    mcc, mnc, locator = desk.decisions.attributes_taken_over(answer, request.early)
    roles = desk.decisions.roles_of_answerer(partner.roles)
    desk.tx.put(PARTNERS, replace(partner, roles=roles, mcc=mcc, mnc=mnc, locator=locator))
    for zone in desk.decisions.zones_taken_over(answer.partnerZone or (), request.early)[: desk.decisions.zone_limit]:
        usable = desk.decisions.takes_over_zone(zone.zoneId) is None
        if usable and desk.tx.get(PARTNER_ZONES, partner.id, zone.zoneId) is None:
            desk.tx.put(PARTNER_ZONES, PartnerZone(partner.id, zone.zoneId, zone))
    own_requests.succeed(desk, request)
    own_requests.settle(desk, partner.id, ACTION)


# --- the host: is added -------------------------------------------------------------------------------------------


def add_partner(desk: Desk, request: Requested) -> Answer:
    """Admit the caller, once, and offer it our zones (FI-PARTNER-002 to -006, -009, -012)."""
    message = message_of(request, m.AddPartnerRequest)
    partner = validate_federation(desk, request, message)
    if desk.tx.get(FEDERATIONS, partner.id) is not None:
        raise Refusal(409, "origFederationId: it is the receiver's own")
    if repeats.is_repeat(desk, partner, ADD_PARTNER, message):
        if not partner.roles.share:
            raise Refusal(409, "requestId: this add was carried out, and its federation removed since")
        sharing.offered(desk, partner)
        return _offer(desk, partner, message)
    if not desk.decisions.admits_while_adding and own_requests.under_way(desk, partner.id, ACTION) is not None:
        raise Refusal(503, "we are adding this federation: try again later")
    if partner.roles.share and not desk.decisions.admits_again:
        raise Refusal(409, "zones are shared with this federation already")
    partner = desk.tx.put(PARTNERS, replace(partner, roles=desk.decisions.roles_of_caller(partner.roles)))
    repeats.remember(desk, partner, ADD_PARTNER, message)
    sharing.offered(desk, partner)
    return _offer(desk, partner, message)


def _offer(desk: Desk, partner: Partner, message: m.AddPartnerRequest) -> Answer:
    """The answer as of now: a repeat gets today's zones, none that was withdrawn since (federation-wire 7.1)."""
    own = federation_of(desk, partner)
    shared = [zone_info(zone) for zone in shared_zones(desk, partner)]
    learnt = [zone.info for zone in desk.tx.rows(PARTNER_ZONES)]
    return Answer(
        m.AddPartnerResponse(
            requestId=message.requestId,
            origOperatorId=own.operator,
            origFederationId=own.id,
            partnerOperatorId=partner.operator,
            destFederationId=partner.id,
            MCC=own.mcc,
            MNC=own.mnc,
            locatorEndPoint=own.locator or None,
            partnerZone=tuple(desk.decisions.zones_offered(shared, learnt)),
        )
    )
