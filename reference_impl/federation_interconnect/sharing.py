"""The host adds a zone while federated, or deletes one, and tells its share partners (federation-wire 7.4, 7.5).

The check for registrations and the withdrawal are one step: from then on the zone is offered to nobody and cannot be
registered, and its row stays until every partner has heard of it (FI-UNSHARE-001, -002, FI-RACE-001, -009, FI-ERR-02).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import attributes, own_requests, telling
from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.desk import Desk, shares, zone_info
from reference_impl.federation_interconnect.operations import NOTIFY_ZONE, WITHDRAW_ZONE
from reference_impl.federation_interconnect.records import (
    MARKS,
    OWN_REQUESTS,
    REGISTRATIONS,
    TELLINGS,
    ZONES,
    Mark,
    Outcome,
    OwnRequest,
    Partner,
    Zone,
)
from reference_impl.kernel.party import Call, Refusal

ACTION = "delete_zone"


def announce(desk: Desk, zone: Zone, *, but: str = "") -> None:
    """Tell every share partner of a zone, except the one named and those that are being told something about it."""
    for partner in telling.audience(desk):
        if partner.id != but and shares(desk, zone.id, partner):
            _announce_to(desk, zone, partner)


def _announce_to(desk: Desk, zone: Zone, partner: Partner) -> None:
    if telling.on_its_way(desk, partner, zone.id):
        return
    shared = zone_info(zone)
    telling.tell(
        desk,
        partner,
        zone.id,
        NOTIFY_ZONE,
        lambda begin: m.ZoneSharedRequest(**begin.model_dump(), partnerZone=shared),
    )


def mark(desk: Desk, zone_id: str, partner: Partner, shared: bool) -> None:
    """Share one zone with one partner, or take it from it while it has it not registered (FI-ERR-07). It is told where
    that changes what it may see, and is a partner that is told of zones."""
    zone = desk.tx.get(ZONES, zone_id)
    if zone is None or zone.withdrawn:
        raise Refusal(404, f"there is no zone {zone_id!r}")
    registered = desk.tx.get(REGISTRATIONS, zone_id, partner.id) is not None
    if not shared and registered and not desk.decisions.withdraws_registered:
        raise Refusal(409, f"zone {zone_id!r} is registered by {partner.id!r}")
    before = shares(desk, zone_id, partner)
    desk.tx.put(MARKS, Mark(zone_id, partner.id, shared))
    if before == shared or not desk.decisions.tells(partner.roles):
        return
    if shared:
        _announce_to(desk, zone, partner)
    else:
        _withdraw_from(desk, zone_id, partner)


def delete(desk: Desk, zone_id: str) -> OwnRequest:
    """Withdraw a zone that nobody has registered; the order ends when every partner has heard of it."""
    zone = desk.tx.get(ZONES, zone_id)
    if zone is None:
        raise Refusal(404, f"there is no zone {zone_id!r}")
    if zone.withdrawn:
        raise Refusal(409, f"zone {zone_id!r} is being withdrawn already")
    users = [row.partner for row in desk.tx.by(REGISTRATIONS, zone=zone_id)]
    if users and not desk.decisions.withdraws_registered:
        raise Refusal(409, f"zone {zone_id!r} is registered by {users}")
    desk.tx.put(ZONES, replace(zone, withdrawn=True))
    for order in desk.tx.by(OWN_REQUESTS, partner="", action=ACTION):
        if order.zones == (zone_id,):
            desk.tx.delete(OWN_REQUESTS, order.id)
    order = desk.tx.put(OWN_REQUESTS, OwnRequest(desk.ctx.fresh("order"), ACTION, "", (zone_id,)))
    for partner in telling.audience(desk):
        if shares(desk, zone_id, partner):
            _withdraw_from(desk, zone_id, partner)
    _finish(desk, zone_id)
    return desk.tx.get(OWN_REQUESTS, order.id) or order


def _withdraw_from(desk: Desk, zone_id: str, partner: Partner) -> None:
    if telling.on_its_way(desk, partner, zone_id):
        return
    telling.tell(
        desk,
        partner,
        zone_id,
        WITHDRAW_ZONE,
        lambda begin: m.ZoneWithdrawnRequest(**begin.model_dump(), zone=zone_id),
    )


def announced(desk: Desk, call: Call, status: int | None, body: object) -> None:
    """The partner's answer to a zone shared: success, or a conflict that meets our repeat, says that it knows it."""
    found = telling.decided(desk, call, status, restate)
    if found is None or status is None:
        return
    row, partner = found
    knows = desk.decisions.is_success(status) or desk.decisions.conflict_confirms(status, row.doubt)
    zone = desk.tx.get(ZONES, row.about)
    if zone is None or zone.withdrawn or knows:
        desk.tx.delete(TELLINGS, row.partner, row.about)
    else:
        telling.refuse(desk, row, f"the partner refuses with {status}")
    if zone is not None and not zone.withdrawn and knows and not shares(desk, zone.id, partner):
        _withdraw_from(desk, zone.id, partner)
    if zone is not None and zone.withdrawn:
        if knows:
            _withdraw_from(desk, zone.id, partner)
        _finish(desk, zone.id)


def withdrawn(desk: Desk, call: Call, status: int | None, body: object) -> None:
    """The partner's answer to a zone withdrawn. 404 says that it does not know it, 409 that it has it registered."""
    found = telling.decided(desk, call, status, restate)
    if found is None or status is None:
        return
    row, partner = found
    zone = desk.tx.get(ZONES, row.about)
    gone = desk.decisions.is_success(status) or status == 404
    if gone or status == 409 or zone is None:
        desk.tx.delete(TELLINGS, row.partner, row.about)
    else:
        telling.refuse(desk, row, f"the partner refuses with {status}")
    if zone is None:
        return
    if status == 409 and zone.withdrawn and desk.decisions.undoes_withdrawal:
        _undo(desk, zone, partner)
    elif status == 409 and not zone.withdrawn and not shares(desk, zone.id, partner):
        desk.tx.put(MARKS, Mark(zone.id, partner.id, shared=True))  # it has the zone registered: it keeps it
    elif gone and not zone.withdrawn and shares(desk, zone.id, partner):
        _announce_to(desk, zone, partner)
    _finish(desk, row.about)


def _undo(desk: Desk, zone: Zone, refuser: Partner) -> None:
    """The zone stays with everybody: those who have forgotten it are told of it again (FI-RACE-001)."""
    zone = desk.tx.put(ZONES, replace(zone, withdrawn=False))
    for order in desk.tx.by(OWN_REQUESTS, partner="", action=ACTION):
        if order.zones == (zone.id,):
            own_requests.fail(desk, order, f"{refuser.id} refuses with 409: it has the zone registered")
    announce(desk, zone, but=refuser.id)


def _finish(desk: Desk, zone_id: str) -> None:
    """A withdrawn zone goes once nobody has to be told of it any more."""
    zone = desk.tx.get(ZONES, zone_id)
    if zone is None or not zone.withdrawn or not all(row.former for row in desk.tx.by(TELLINGS, about=zone_id)):
        return
    desk.tx.delete(ZONES, zone_id)
    for mark in desk.tx.by(MARKS, zone=zone_id):
        desk.tx.delete(MARKS, mark.zone, mark.partner)
    for order in desk.tx.by(OWN_REQUESTS, partner="", action=ACTION):
        if order.zones == (zone_id,) and order.outcome is Outcome.RUNNING:
            own_requests.succeed(desk, order)


def offered(desk: Desk, partner: Partner) -> None:
    """The answer to an add has just told a partner all that we share."""
    subjects = [row.about for row in desk.tx.by(TELLINGS, partner=partner.id)]
    telling.come_back(desk, partner)
    for about in subjects:
        _finish(desk, about)


def restate(desk: Desk, partner: Partner, about: str) -> None:
    """Tell a partner what holds now: about our attributes, or a zone that there is or is not."""
    zone = desk.tx.get(ZONES, about)
    if about == attributes.ABOUT:
        attributes.tell_again(desk, partner)
    elif zone is not None and not zone.withdrawn and shares(desk, about, partner):
        _announce_to(desk, zone, partner)
    else:
        _withdraw_from(desk, about, partner)


def forget(desk: Desk, partner: Partner) -> None:
    """We share nothing with this partner any longer: there is nothing more to tell it (FI-REMOVE-007)."""
    for about in telling.leave(desk, partner):
        _finish(desk, about)
