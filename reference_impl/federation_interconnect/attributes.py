"""An operator updates MCC, MNC or locator of its federation, and its share partners store them (federation-wire 7.2).

The host stores the new values, then tells each share partner, one PUT at a time: what changed while one was on its way
is told after it (FI-UPD-001 to -007, FI-RACE-006, -013, FI-ERR-04).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect import own_requests, repeats, telling
from reference_impl.federation_interconnect.desk import Desk, demand, federation_of
from reference_impl.federation_interconnect.operations import UPDATE_PARTNER
from reference_impl.federation_interconnect.records import (
    FEDERATIONS,
    OWN_REQUESTS,
    PARTNERS,
    TELLINGS,
    Federation,
    Partner,
)
from reference_impl.federation_interconnect.validation import message_of, validate_federation
from reference_impl.kernel.party import Answer, Call, Refusal, Requested

ABOUT = ""
"""What a telling of attributes is about: no zone."""

# --- the host: updates its attributes -----------------------------------------------------------------------------


def update(
    desk: Desk, own: Federation, *, mcc: str | None, mnc: Sequence[str] | None, locator: str | None
) -> Federation:
    """Check, store and tell; None leaves an attribute as it is. Refused as a whole (FI-UPD-001, FI-ERR-30)."""
    if mcc is not None:
        demand("mcc", desk.decisions.accepts_mcc(mcc))
    if mnc is not None:
        demand("mnc", desk.decisions.accepts_mnc(mnc))
    if locator is not None:
        demand("locator", desk.decisions.accepts_locator(locator))
    changed = desk.decisions.changed(own, mcc, mnc, locator)
    if changed == own and not desk.decisions.tells_no_news:
        raise Refusal(409, "that changes nothing: MCC, MNC and locator are so already")
    desk.tx.put(FEDERATIONS, changed)
    for partner in telling.audience(desk):
        if partner.own == own.id:
            _tell(desk, partner)
    return changed


def tell_again(desk: Desk, partner: Partner, about: str = ABOUT) -> None:
    """The partner may hold what it was told in a former federation: tell it what holds now."""
    _tell(desk, partner)


def _tell(desk: Desk, partner: Partner) -> None:
    if telling.on_its_way(desk, partner, ABOUT):
        return
    own = federation_of(desk, partner)
    telling.tell(
        desk,
        partner,
        ABOUT,
        UPDATE_PARTNER,
        lambda begin: m.UpdatePartnerRequest(
            **begin.model_dump(), MCC=own.mcc, MNC=own.mnc, locatorEndPoint=own.locator or None
        ),
    )


def told(desk: Desk, call: Call, status: int | None, body: object) -> None:
    """The partner's answer to an update; what changed since is told next, also after a refusal."""
    found = telling.decided(desk, call, status, tell_again)
    if found is None or status is None:
        return
    row, partner = found
    if desk.decisions.is_success(status):
        desk.tx.delete(TELLINGS, row.partner, row.about)
    else:
        telling.refuse(desk, row, f"the partner refuses with {status}")
    own = federation_of(desk, partner)
    said = row.body
    if isinstance(said, m.UpdatePartnerRequest) and (said.MCC, said.MNC, said.locatorEndPoint or "") != (
        own.mcc,
        own.mnc,
        own.locator,
    ):
        _tell(desk, partner)


# --- the lead: hears of it ----------------------------------------------------------------------------------------


def partner_updated(desk: Desk, request: Requested) -> Answer:
    """Store what was sent of the sender's attributes, and nothing else (FI-UPD-005 to -007, FI-AUTH-012)."""
    message = message_of(request, m.UpdatePartnerRequest)
    partner = validate_federation(desk, request, message)
    if not (message.MCC or message.MNC or message.locatorEndPoint or desk.decisions.takes_empty_update):
        raise Refusal(400, "want at least one of MCC, MNC and locatorEndPoint that is not empty")
    if message.MCC:
        demand("MCC", desk.decisions.accepts_mcc(message.MCC), 400)
    if message.MNC:
        demand("MNC", desk.decisions.accepts_mnc(message.MNC), 400)
    if message.locatorEndPoint:
        demand("locatorEndPoint", desk.decisions.accepts_locator(message.locatorEndPoint), 400)
    if repeats.is_repeat(desk, partner, UPDATE_PARTNER, message):
        return Answer()
    desk.tx.put(PARTNERS, desk.decisions.updated(partner, message))
    _hear_early(desk, partner, message)
    repeats.remember(desk, partner, UPDATE_PARTNER, message)
    return Answer()


def _hear_early(desk: Desk, partner: Partner, message: m.UpdatePartnerRequest) -> None:
    """The update overtook the answer to our add, which shall not overwrite it (FI-RACE-005)."""
    adding = own_requests.under_way(desk, partner.id, "add_partner")
    if adding is None:
        return
    if not desk.decisions.hears_early:
        raise Refusal(503, "this federation is being set up: say it again later")
    early = replace(
        adding.early,
        mcc=message.MCC or adding.early.mcc,
        mnc=message.MNC or adding.early.mnc,
        locator=message.locatorEndPoint or adding.early.locator,
    )
    desk.tx.put(OWN_REQUESTS, replace(adding, early=early))
