"""Our own requests to a partner, from the operator's order to the outcome (federation-wire 5.2).

A request that gets no clear answer is repeated with the same requestId, after growing pauses and not for ever; then
the operator is told, and its repeated order goes on with the same id (FI-RACE-007, -008, FI-INPUT-005).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reference_impl.federation_interconnect.desk import Desk, federation_of
from reference_impl.federation_interconnect.messages import (
    AddPartnerRequest,
    DeregisterZonesRequest,
    FederationMessage,
    RegisterZonesRequest,
    RemovePartnerRequest,
)
from reference_impl.federation_interconnect.operations import (
    ADD_PARTNER,
    DEREGISTER_ZONES,
    REGISTER_ZONES,
    REMOVE_PARTNER,
)
from reference_impl.federation_interconnect.records import (
    NOTHING_EARLY,
    OWN_REQUESTS,
    PARTNERS,
    Federation,
    Outcome,
    OwnRequest,
    Partner,
)
from reference_impl.kernel.party import Call, Refusal


def under_way(desk: Desk, partner: str, action: str) -> OwnRequest | None:
    """The own request of this kind that is open towards a partner; of several, the latest."""
    rows = desk.tx.by(OWN_REQUESTS, partner=partner, action=action)
    return next((row for row in reversed(rows) if row.outcome is Outcome.RUNNING), None)


def in_doubt(desk: Desk, partner: str, action: str, zones: tuple[str, ...] = ()) -> OwnRequest | None:
    """The own request of this kind and for exactly these zones that ended without a clear answer."""
    rows = desk.tx.by(OWN_REQUESTS, partner=partner, action=action)
    return next((row for row in rows if row.outcome is Outcome.FAILED and row.doubt and row.zones == zones), None)


def demand_settled(
    desk: Desk, partner: str, action: str, zones: tuple[str, ...] = (), *, beside_applications: bool = False
) -> None:
    """Refuse what would overlap with a request that is under way or in doubt; the very same may be repeated.

    Requests about zones overlap where they have a zone in common; one without zones overlaps with all (FI-RACE-003).
    """
    for row in desk.tx.by(OWN_REQUESTS, partner=partner):
        if (row.zones and zones and not set(row.zones) & set(zones)) or (row.app and beside_applications):
            continue
        what = f"{row.action} {list(row.zones)}" if row.zones else row.action
        if row.outcome is Outcome.RUNNING:
            raise Refusal(409, f"{what} is under way at {partner}")
        same = (row.action, row.zones) == (action, zones) or row.action == "add_partner"
        if row.outcome is Outcome.FAILED and row.doubt and not same:
            raise Refusal(409, f"{what} ended in doubt at {partner}: repeat exactly that first")


def settle(desk: Desk, partner: str, action: str = "", zone: str = "") -> None:
    """What was asked of a partner and ended in doubt is clear now: of this kind, or about a zone that it has withdrawn."""
    for row in desk.tx.by(OWN_REQUESTS, partner=partner):
        if row.outcome is Outcome.FAILED and row.doubt and (row.action == action or zone in row.zones):
            desk.tx.put(OWN_REQUESTS, replace(row, doubt=False))


def begin(desk: Desk, partner: Partner, action: str, zones: tuple[str, ...] = ()) -> OwnRequest:
    """Send a request, or go on with the same one that ended in doubt. What ended clearly before is forgotten."""
    if not partner.key and not desk.decisions.sends_without_key:
        raise Refusal(409, f"there is no key to use towards {partner.id}: set it first")
    doubtful = None
    for row in desk.tx.by(OWN_REQUESTS, partner=partner.id, action=action):
        if row.outcome is Outcome.FAILED and row.doubt and row.zones == zones:
            doubtful = row
        elif row.outcome is not Outcome.RUNNING and not row.doubt:
            desk.tx.delete(OWN_REQUESTS, row.id)
    if doubtful is not None and desk.decisions.keeps_request_id:
        request = replace(doubtful, outcome=Outcome.RUNNING, reason="")
    else:
        request = OwnRequest(desk.ctx.fresh("request"), action, partner.id, zones)
    desk.tx.put(OWN_REQUESTS, request)
    _send(desk, request, partner, attempt=0, after=0)
    return request


def clearly_answered(desk: Desk, call: Call, status: int | None) -> OwnRequest | None:
    """The request that an answer decides; None when it is forgotten, or is repeated or given up by this."""
    request = desk.tx.get(OWN_REQUESTS, call.subject[0])
    if request is None:
        return None
    unclear = desk.decisions.is_unclear(status)
    if not unclear and status != 429:
        return request
    request = desk.tx.put(OWN_REQUESTS, replace(request, doubt=request.doubt or unclear))
    partner = desk.tx.get(PARTNERS, request.partner)
    if partner is None:
        fail(desk, request, "the partner was removed meanwhile")
    elif call.attempt < len(desk.decisions.pauses):
        _send(desk, request, partner, call.attempt + 1, desk.decisions.pauses[call.attempt])
    else:
        last = "without an answer" if status is None else f"answered with {status}"
        known = "; whether the partner did it is not known" if request.doubt else ""
        fail(desk, request, f"{call.attempt + 1} attempts, the last one {last}{known}")
    return None


def succeed(desk: Desk, request: OwnRequest) -> None:
    desk.tx.put(OWN_REQUESTS, replace(request, outcome=Outcome.OK, reason="", doubt=False, early=NOTHING_EARLY))


def fail(desk: Desk, request: OwnRequest, reason: str, *, doubt: bool | None = None) -> None:
    """End without success. ``doubt`` says whether the partner may have done it all the same; None: as before."""
    doubt = request.doubt if doubt is None else doubt
    failed = replace(request, outcome=Outcome.FAILED, reason=reason, doubt=doubt, early=NOTHING_EARLY)
    desk.tx.put(OWN_REQUESTS, failed)


def refused(desk: Desk, request: OwnRequest, status: int) -> None:
    """End by a clear refusal. That we have no such role, that there is no such zone for us, or that it is in use, leaves
    no doubt about earlier attempts either."""
    doubt = False if status in (403, 404, 423) else None
    fail(desk, request, f"the partner refuses with {status}", doubt=doubt)


def _send(desk: Desk, request: OwnRequest, partner: Partner, attempt: int, after: int) -> None:
    """One attempt: it says the same as the ones before, and has the partner's key as it is now."""
    operation, message = _MESSAGES[request.action]
    said = request
    if attempt and not desk.decisions.keeps_request_id:
        said = replace(request, id=desk.ctx.fresh("request"))
    desk.call(
        partner.id,
        operation,
        {},
        body=message(said, federation_of(desk, partner), partner).model_copy(update=_sender(desk, partner)),
        subject=(request.id,),
        attempt=attempt,
        after=after,
        credential=partner.key,
    )


def _sender(desk: Desk, partner: Partner) -> Mapping[str, str]:
    operator, country = desk.decisions.names_sender(federation_of(desk, partner), partner)
    return {"operator": operator, "country": country}


def _begins(request: OwnRequest, own: Federation, partner: Partner) -> Mapping[str, Any]:
    return {
        "requestId": request.id,
        "origFederationId": own.id,
        "destFederationId": partner.id,
        "operator": own.operator,
        "country": own.country,
    }


def _add_partner(request: OwnRequest, own: Federation, partner: Partner) -> AddPartnerRequest:
    return AddPartnerRequest(**_begins(request, own, partner), origFederationAddr=own.address or None)


def _register_zones(request: OwnRequest, own: Federation, partner: Partner) -> RegisterZonesRequest:
    return RegisterZonesRequest(**_begins(request, own, partner), zones=request.zones)


def _deregister_zones(request: OwnRequest, own: Federation, partner: Partner) -> DeregisterZonesRequest:
    return DeregisterZonesRequest(**_begins(request, own, partner), zones=request.zones)


def _remove_partner(request: OwnRequest, own: Federation, partner: Partner) -> RemovePartnerRequest:
    return RemovePartnerRequest(**_begins(request, own, partner))


_MESSAGES: Mapping[str, tuple[str, Callable[[OwnRequest, Federation, Partner], FederationMessage]]] = {
    "add_partner": (ADD_PARTNER, _add_partner),
    "register_zone": (REGISTER_ZONES, _register_zones),
    "deregister_zone": (DEREGISTER_ZONES, _deregister_zones),
    "remove_partner": (REMOVE_PARTNER, _remove_partner),
}
