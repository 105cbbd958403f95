"""The lead removes an application from a zone of its partner, and forgets it once the partner has (FI-APP-012)."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import onboarding, own_requests
from reference_impl.federation_interconnect.application_calls import hush
from reference_impl.federation_interconnect.application_operations import APPLICATION_STATUS, REMOVE_APPLICATION
from reference_impl.federation_interconnect.application_records import ONBOARDINGS, Onboarding, Stage
from reference_impl.federation_interconnect.desk import Desk, federation_of, partner_named
from reference_impl.federation_interconnect.records import OWN_REQUESTS, PARTNERS, Outcome, OwnRequest, Partner
from reference_impl.kernel.party import Call, Refusal

ACTION = "deboard_application"


def deboard(desk: Desk, partner: str, app: str, zone: str) -> OwnRequest:
    """Ask the partner to remove it, unless it surely does not have it; an order in doubt is gone on with."""
    found = partner_named(desk, partner)
    row = desk.tx.get(ONBOARDINGS, partner, app, zone)
    if row is None:
        raise Refusal(404, f"application {app!r} is not onboarded in {zone!r} of {partner!r}")
    if row.stage in (Stage.UPLOADPENDING, Stage.UPLOADED):
        raise Refusal(409, f"application {app!r} is {row.stage.value} in {zone!r}: it can be removed after that")
    earlier = [each for each in desk.tx.by(OWN_REQUESTS, partner=partner, action=ACTION) if _is_about(each, row)]
    if any(each.outcome is Outcome.RUNNING for each in earlier):
        raise Refusal(409, f"application {app!r} is being removed from {zone!r}")
    doubtful = next((each for each in earlier if each.doubt), None)
    onboarding.forget_ended(desk, partner, zone, app, ACTION)
    if doubtful is not None and desk.decisions.keeps_request_id:
        order = replace(doubtful, outcome=Outcome.RUNNING, reason="")
    else:
        order = OwnRequest(desk.ctx.fresh("request"), ACTION, partner, (zone,), app=app)
    desk.tx.put(OWN_REQUESTS, order)
    if row.stage is Stage.FAILED and not row.doubt:
        _forget(desk, order, row)
        return desk.tx.get(OWN_REQUESTS, order.id) or order
    if not found.key and not desk.decisions.sends_without_key:
        raise Refusal(409, f"there is no key to use towards {partner}: set it first")
    if desk.decisions.applications.drops_first:
        _drop(desk, row)
    _send(desk, found, order, row, attempt=0, after=0)
    return order


def _is_about(order: OwnRequest, row: Onboarding) -> bool:
    return (order.zones, order.app) == ((row.zone,), row.app)


def _send(desk: Desk, partner: Partner, order: OwnRequest, row: Onboarding, attempt: int, after: int) -> None:
    """Members in the body and in the query: hosts read one of them (FI-ERR-18)."""
    own = federation_of(desk, partner)
    operator, country = desk.decisions.names_sender(own, partner)
    body = m.RemoveApplicationRequest(
        requestId=order.id,
        appId=row.app,
        version=row.version,
        zone=row.zone,
        leadOperatorId=operator,
        leadOperatorcountry=country,
        leadfederationId=own.id,
        partnerfederationId=partner.id,
    )
    desk.call(
        partner.id,
        REMOVE_APPLICATION,
        {},
        query=body.to_json(),
        body=body,
        subject=(order.id,),
        attempt=attempt,
        after=after,
        credential=partner.key,
    )


def removed(desk: Desk, call: Call, status: int | None, body: object) -> None:
    """The host's answer: where it is not there, it is what we wished. Else it stays, and so does its status."""
    order = desk.tx.get(OWN_REQUESTS, call.subject[0])
    if order is None:
        return
    row = desk.tx.get(ONBOARDINGS, order.partner, order.app, order.zones[0])
    partner = desk.tx.get(PARTNERS, order.partner)
    unclear = desk.decisions.is_unclear(status)
    if (unclear or status == 429) and row is not None and partner is not None:
        order = desk.tx.put(OWN_REQUESTS, replace(order, doubt=order.doubt or unclear))
        if call.attempt < len(desk.decisions.pauses):
            _send(desk, partner, order, row, call.attempt + 1, desk.decisions.pauses[call.attempt])
        else:
            last = "without an answer" if status is None else f"answered with {status}"
            own_requests.fail(desk, order, f"{call.attempt + 1} attempts, the last one {last}")
    elif status is not None and (desk.decisions.is_success(status) or status == 404 or row is None):
        _forget(desk, order, row)
    else:
        own_requests.fail(desk, order, f"the partner refuses with {status}")


def _forget(desk: Desk, order: OwnRequest, row: Onboarding | None) -> None:
    own_requests.succeed(desk, order)
    if row is not None:
        _drop(desk, row)


def _drop(desk: Desk, row: Onboarding) -> None:
    hush(desk, row, APPLICATION_STATUS)
    desk.tx.delete(ONBOARDINGS, row.partner, row.app, row.zone)
    begun = desk.tx.get(OWN_REQUESTS, row.order)
    if begun is not None and begun.outcome is Outcome.RUNNING:
        own_requests.fail(desk, begun, "the application was removed before it was onboarded", doubt=False)
