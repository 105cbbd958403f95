""" "Validate federation", the step of every table (federation-wire, section 4; FI-ERR-11).

V1 credential, V2 destination, V3 origin, V4 operator and country, V5 direction; V6, the object of the message, is the
handler's. Until V3 has passed the caller is nobody: every reason gives the same 401 with the same text (FI-AUTH-008).
"""

from __future__ import annotations

from typing import TypeVar

from reference_impl.federation_interconnect import syntax
from reference_impl.federation_interconnect.desk import Desk, demand
from reference_impl.federation_interconnect.keys import NO_KEY
from reference_impl.federation_interconnect.messages import AddPartnerRequest, FederationMessage
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
    demand("operator", syntax.operator_id(body.operator), 400)
    if body.country is not None:
        demand("country", syntax.country(body.country), 400)
    if body.requestId is not None:
        demand("requestId", syntax.request_id(body.requestId), 400)
    return body


def validate_federation(desk: Desk, request: Requested, message: FederationMessage) -> Partner:
    """The record of the sender, validated by V1 to V5 in this order; one that is admitted now is not stored yet."""
    partner = desk.tx.get(PARTNERS, message.origFederationId)
    _authenticate(desk, request, message, partner)
    if partner is None:
        partner = _newcomer(desk, message)
    if not desk.decisions.accepts_operator(message.operator, partner.operator):
        raise Refusal(403, "operator: not the one of this federation")
    if not desk.decisions.accepts_country(message.country, partner.country):
        raise Refusal(403, "country: not the one of this federation")
    if not desk.decisions.accepts_direction(request.operation, _roles(desk, request, partner)):
        raise Refusal(403, f"{request.operation}: this federation has no such direction")
    return partner


def _authenticate(desk: Desk, request: Requested, message: FederationMessage, partner: Partner | None) -> None:
    """V1 to V3. The key of the pair counts, or the federation's own where the partner was given none."""
    own = desk.tx.get(FEDERATIONS, message.destFederationId)
    issued = partner.issued if partner is not None and partner.issued is not None else own.key if own else NO_KEY
    admits = desk.decisions.admits if request.operation == ADD_PARTNER else desk.decisions.accepts_origin
    known = [row.id for row in desk.tx.rows(FEDERATIONS)]
    steps = (
        desk.decisions.accepts_credential(request.credential, issued),
        desk.decisions.accepts_destination(message.destFederationId, known),
        admits(partner, own.id if own else None),
    )
    if not all(steps):
        raise Refusal(401, UNKNOWN)


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
