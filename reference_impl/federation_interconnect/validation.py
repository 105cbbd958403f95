""" "Validate federation", the step of every table (federation-wire, section 4; FI-ERR-11).

V1 credential, V2 destination, V3 origin, V4 operator and country, V5 direction; V6, the object of the message, is the
handler's. Until V3 has passed the caller is nobody: every reason gives the same 401 with the same text (FI-AUTH-008).
"""

from __future__ import annotations

from typing import TypeVar

from reference_impl.federation_interconnect import syntax
from reference_impl.federation_interconnect.desk import Desk, demand
from reference_impl.federation_interconnect.keys import NO_KEY
from reference_impl.federation_interconnect.messages import AddPartnerRequest, FederationMessage, PartnerMessage
from reference_impl.federation_interconnect.operations import (
    ADD_PARTNER,
    NOTIFY_ZONE,
    UPDATE_PARTNER,
    WITHDRAW_ZONE,
)
from reference_impl.federation_interconnect.own_requests import in_doubt, under_way
from reference_impl.federation_interconnect.records import FEDERATIONS, PARTNERS, Partner, Roles
from reference_impl.kernel.party import Refusal, Requested

M = TypeVar("M", bound=FederationMessage)

UNKNOWN = "the credential and the federation ids do not belong to a federation of this operator"


def message_of(request: Requested, wanted: type[M]) -> M:
    """The typed message of a request, its identities well-formed; else 400 (FI-INPUT-001, -002)."""
    body = request.body
    if not isinstance(body, wanted):
        raise Refusal(400, f"want the body of {request.operation}, a JSON object")
    demand("origFederationId", syntax.federation_id(body.origFederationId), 400)
    demand("destFederationId", syntax.federation_id(body.destFederationId), 400)
    demand_readable(body.requestId, body.operator, body.country)
    return body


def demand_readable(request_id: str | None, operator: str, country: str | None) -> None:
    """Refuse (400) what cannot be the id of a request, an operator or a country."""
    demand("operator", syntax.operator_id(operator), 400)
    if country is not None:
        demand("country", syntax.country(country), 400)
    if request_id is not None:
        demand("requestId", syntax.request_id(request_id), 400)


def validate_federation(desk: Desk, request: Requested, message: FederationMessage) -> Partner:
    """The record of the sender, validated by V1 to V5 in this order; one that is admitted now is not stored yet."""
    partner = authenticated(desk, request, message)
    if partner is None:
        partner = _newcomer(desk, message)
    demand_operator(desk, message.operator, message.country, partner.operator, partner.country)
    demand_direction(desk, request, partner)
    return partner


def demand_operator(desk: Desk, operator: str, country: str | None, recorded: str, recorded_country: str) -> None:
    """V4: the operator and, where it is said, the country are those on record."""
    if not desk.decisions.accepts_operator(operator, recorded):
        raise Refusal(403, "operator: not the one of this federation")
    if not desk.decisions.accepts_country(country, recorded_country):
        raise Refusal(403, "country: not the one of this federation")


def demand_direction(desk: Desk, request: Requested, partner: Partner) -> None:
    """V5: the federation with the sender has the direction that the operation needs."""
    if not desk.decisions.accepts_direction(request.operation, _roles(desk, request, partner)):
        raise Refusal(403, f"{request.operation}: this federation has no such direction")


def authenticated(desk: Desk, request: Requested, message: PartnerMessage) -> Partner | None:
    """V1 to V3: the record of the sender, None for whom open admission lets in. The key of the pair counts, or the
    federation's own where the partner was given none."""
    partner = desk.tx.get(PARTNERS, message.sender_id)
    own = desk.tx.get(FEDERATIONS, message.receiver_id)
    issued = partner.issued if partner is not None and partner.issued is not None else own.key if own else NO_KEY
    admits = desk.decisions.admits if request.operation == ADD_PARTNER else desk.decisions.accepts_origin
    known = [row.id for row in desk.tx.rows(FEDERATIONS)]
    steps = (
        desk.decisions.accepts_credential(request.credential, issued),
        desk.decisions.accepts_destination(message.receiver_id, known),
        admits(partner, own.id if own else None),
    )
    if not all(steps):
        raise Refusal(401, UNKNOWN)
    return partner


def _newcomer(desk: Desk, message: FederationMessage) -> Partner:
    """Whom open admission lets in: the record is made of the message, its address honoured once (FI-ERR-08)."""
    address = message.origFederationAddr if isinstance(message, AddPartnerRequest) else None
    if address is not None:
        demand("origFederationAddr", syntax.address(address), 400)
    return Partner(
        message.origFederationId,
        message.destFederationId,
        message.operator,
        message.country or "",
        (address or "").rstrip("/"),
    )


def _roles(desk: Desk, request: Requested, partner: Partner) -> Roles:
    """The roles on record. While our add is open its partner may already tell us something (FI-RACE-010), and where it
    ended in doubt the partner may have zones to withdraw of which we do not know."""
    early = request.operation in (NOTIFY_ZONE, WITHDRAW_ZONE, UPDATE_PARTNER) and (
        under_way(desk, partner.id, "add_partner") is not None
    )
    doubtful = request.operation == WITHDRAW_ZONE and in_doubt(desk, partner.id, "add_partner") is not None
    return Roles(partner.roles.access or early or doubtful, partner.roles.share)
