"""Northbound: what the operator asks of its platform (federation-wire, section 9).

An action that needs a partner returns an ``operation`` at once; ``poll`` tells how it stands, from the state itself.
``refused`` means that nothing was attempted at the partner and nothing kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reference_impl.federation_interconnect import (
    application_actions,
    attributes,
    deregistration,
    federation,
    inventory,
    registration,
    removal,
    sharing,
    telling,
    views,
)
from reference_impl.federation_interconnect import partner as partnership
from reference_impl.federation_interconnect.desk import Desk, own_federation, partner_named
from reference_impl.federation_interconnect.records import (
    FEDERATIONS,
    OWN_REQUESTS,
    PARTNERS,
    TELLINGS,
    Outcome,
    OwnRequest,
    Partner,
)
from reference_impl.kernel.action import ActionResult, ok, running, text
from reference_impl.kernel.party import Acted, Answer, Refusal

_ARRANGED = ("operator", "country", "address", "api_key")
"""What belongs to an arrangement besides the partner's federation id."""


def onboard_cloudlet(desk: Desk, asked: Acted) -> Answer:
    row = inventory.onboard_cloudlet(
        desk, text(asked, "name"), asked.inputs.get("location"), asked.inputs.get("capacity") or {}
    )
    return ok(name=row.name)


def create_zone(desk: Desk, asked: Acted) -> Answer:
    place = {name: _optional(asked, name) for name in ("country", "city", "state", "locality")}
    row = inventory.create_zone(
        desk, text(asked, "zone"), _texts(asked, "cloudlets"), text(asked, "geo_location"), place
    )
    return ok(zone=row.id, undelivered=views.undelivered(desk.tx, about=row.id))


def delete_zone(desk: Desk, asked: Acted) -> Answer:
    """Long where there are partners to be told; one that has the zone registered makes it fail."""
    order = sharing.delete(desk, text(asked, "zone"))
    return ok(zone=order.zones[0]) if order.outcome is Outcome.OK else _begun(order)


def update_attributes(desk: Desk, asked: Acted) -> Answer:
    """Stored at once; ``undelivered`` names the partners that are being told."""
    inputs = asked.inputs
    if all(inputs.get(name) is None for name in ("mcc", "mnc", "locator")):
        raise Refusal(422, "want at least one of mcc, mnc and locator, got none")
    own = attributes.update(
        desk,
        own_federation(desk, inputs.get("federation")),
        mcc=None if inputs.get("mcc") is None else text(asked, "mcc"),
        mnc=None if inputs.get("mnc") is None else _texts(asked, "mnc"),
        locator=None if inputs.get("locator") is None else text(asked, "locator"),
    )
    return ok(federation=own.id, undelivered=views.undelivered(desk.tx, about=attributes.ABOUT))


def share_zone(desk: Desk, asked: Acted) -> Answer:
    return _marked(desk, asked, shared=True)


def unshare_zone(desk: Desk, asked: Acted) -> Answer:
    return _marked(desk, asked, shared=False)


def _marked(desk: Desk, asked: Acted, shared: bool) -> Answer:
    zone = text(asked, "zone")
    sharing.mark(desk, zone, partner_named(desk, text(asked, "partner")), shared)
    return ok(zone=zone, undelivered=views.undelivered(desk.tx, about=zone))


def create_self_federation(desk: Desk, asked: Acted) -> Answer:
    """``federation`` is chosen by the operator or generated; ``address`` is where partners reach this platform."""
    chosen = asked.inputs.get("federation")
    row, key = federation.create_self_federation(
        desk,
        federation=None if chosen is None else text(asked, "federation"),
        operator=text(asked, "operator"),
        country=text(asked, "country"),
        mcc=text(asked, "mcc"),
        mnc=_texts(asked, "mnc"),
        locator=_optional(asked, "locator"),
        address=_optional(asked, "address") or desk.me,
    )
    return ok(federation=row.id, address=row.address, api_key=key)


def delete_self_federation(desk: Desk, asked: Acted) -> Answer:
    federation.delete_self_federation(desk, own_federation(desk, text(asked, "federation")))
    return ok()


def rotate_api_key(desk: Desk, asked: Acted) -> Answer:
    """A new key for one partner, or for those that were given none of their own."""
    if asked.inputs.get("partner") is not None:
        return ok(api_key=federation.rotate_partner_key(desk, partner_named(desk, text(asked, "partner"))))
    return ok(api_key=federation.rotate_own_key(desk, own_federation(desk, asked.inputs.get("federation"))))


def expect_partner(desk: Desk, asked: Acted) -> Answer:
    """``api_key``, the key to use towards the partner, may follow later (set_partner_api_key)."""
    return ok(api_key=federation.expect_partner(desk, _arrangement(desk, asked, _optional(asked, "api_key"))))


def set_partner_api_key(desk: Desk, asked: Acted) -> Answer:
    federation.set_partner_api_key(desk, partner_named(desk, text(asked, "partner")), text(asked, "api_key"))
    return ok()


def add_partner(desk: Desk, asked: Acted) -> Answer:
    """With the whole arrangement, or with the partner's id alone where it is arranged already (FI-PARTNER-010)."""
    if all(asked.inputs.get(name) is None for name in _ARRANGED):
        wanted = partner_named(desk, text(asked, "partner"))
    else:
        wanted = _arrangement(desk, asked, _optional(asked, "api_key"))
    return _begun(partnership.add(desk, wanted))


def register_zone(desk: Desk, asked: Acted) -> Answer:
    return _begun(registration.register(desk, text(asked, "partner"), _some_zones(asked)))


def deregister_zone(desk: Desk, asked: Acted) -> Answer:
    return _begun(deregistration.deregister(desk, text(asked, "partner"), _some_zones(asked)))


def remove_partner(desk: Desk, asked: Acted) -> Answer:
    return _begun(removal.remove(desk, text(asked, "partner")))


def delete_partner(desk: Desk, asked: Acted) -> Answer:
    removal.delete_partner(desk, text(asked, "partner"))
    return ok()


def retry_pending(desk: Desk, asked: Acted) -> Answer:
    """Tell partners now what they have not acknowledged; ``undelivered`` is what that is."""
    for row in desk.tx.rows(TELLINGS):
        telling.again(desk, row)
    return ok(undelivered=views.undelivered(desk.tx))


def _some_zones(asked: Acted) -> tuple[str, ...]:
    zones = _texts(asked, "zones")
    if not zones:
        raise Refusal(422, "zones: want at least one zone id, got none")
    return zones


def _begun(request: OwnRequest) -> Answer:
    about = {"partner": request.partner} if request.partner else {"zone": request.zones[0]}
    return running(f"{request.action}:{request.id}", **about)


def poll(desk: Desk, asked: Acted) -> Answer:
    """How does a long action stand? The handle names the action and its request; success shows the partner's zones.

    An order that concerns every share partner shows to whom it is undelivered instead, one about an application that.
    """
    handle = text(asked, "operation")
    action, _, number = handle.partition(":")
    row = desk.tx.get(OWN_REQUESTS, number)
    if row is None or row.action != action:
        raise Refusal(404, f"no operation {handle!r}")
    outputs: dict[str, Any]
    if row.app:
        outputs = {"partner": row.partner, "zone": row.zones[0], "application": row.app}
    elif row.partner:
        zones = views.partner_zones(desk.tx, row.partner) if row.outcome is Outcome.OK else []
        outputs = {"partner": row.partner, "zones": zones}
    else:
        outputs = {"zone": row.zones[0], "undelivered": views.undelivered(desk.tx, about=row.zones[0])}
    return Answer(
        ActionResult(
            result=row.outcome.value,
            reason=row.reason or None,
            operation=handle,
            outputs=outputs,
        ),
        status=202 if row.outcome is Outcome.RUNNING else 200,
    )


def show_self(desk: Desk, asked: Acted) -> Answer:
    """The federation asked for, or the only one; empty where there is none."""
    if not desk.tx.rows(FEDERATIONS):
        return ok()
    return ok(**views.federation(own_federation(desk, asked.inputs.get("federation"))))


def show_cloudlets(desk: Desk, asked: Acted) -> Answer:
    return ok(cloudlets=views.cloudlets(desk.tx))


def show_zones(desk: Desk, asked: Acted) -> Answer:
    """Own zones; with ``partner``, the zones learnt from it."""
    if asked.inputs.get("partner") is None:
        return ok(zones=views.zones(desk.tx))
    return ok(zones=views.partner_zones(desk.tx, text(asked, "partner")))


def show_partners(desk: Desk, asked: Acted) -> Answer:
    return ok(partners=views.partners(desk.tx))


def show_registrations(desk: Desk, asked: Acted) -> Answer:
    return ok(registrations=views.registrations(desk.tx, _optional(asked, "zone") or None))


def show(desk: Desk, asked: Acted) -> Answer:
    return ok(**views.dump(desk.tx))


def _arrangement(desk: Desk, asked: Acted, key: str) -> Partner:
    known = desk.tx.get(PARTNERS, asked.inputs.get("partner"))
    return federation.arrangement(
        desk,
        own_federation(desk, asked.inputs.get("federation") or (known.own if known else None)),
        partner=text(asked, "partner"),
        operator=text(asked, "operator"),
        country=text(asked, "country"),
        address=text(asked, "address"),
        key=key,
    )


def _optional(asked: Acted, name: str) -> str:
    return "" if asked.inputs.get(name) in (None, "") else text(asked, name)


def _texts(asked: Acted, name: str) -> tuple[str, ...]:
    value = asked.inputs.get(name)
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise Refusal(422, f"{name}: want a list of strings, got {value!r}")
    return tuple(value)


ACTIONS: Mapping[str, Callable[[Desk, Acted], Answer | None]] = {
    "onboard_cloudlet": onboard_cloudlet,
    "create_zone": create_zone,
    "share_zone": share_zone,
    "unshare_zone": unshare_zone,
    "delete_zone": delete_zone,
    "create_self_federation": create_self_federation,
    "update_attributes": update_attributes,
    "delete_self_federation": delete_self_federation,
    "rotate_api_key": rotate_api_key,
    "expect_partner": expect_partner,
    "set_partner_api_key": set_partner_api_key,
    "add_partner": add_partner,
    "register_zone": register_zone,
    "deregister_zone": deregister_zone,
    "remove_partner": remove_partner,
    "delete_partner": delete_partner,
    "retry_pending": retry_pending,
    "poll": poll,
    "show_self": show_self,
    "show_cloudlets": show_cloudlets,
    "show_zones": show_zones,
    "show_partners": show_partners,
    "show_registrations": show_registrations,
    **application_actions.ACTED,
    "dump": show,
}
