"""A lead removes its partner (federation-wire 7.3; FI-REMOVE-001 to -008).

It ends the caller's direction only: what the two have in the other direction stays, and so does a bare arrangement
(FI-ERR-09). Both sides look for registered zones first (FI-ERR-10).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import (
    artifacts,
    federation,
    hosting,
    onboarding,
    own_requests,
    repeats,
    sharing,
)
from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.desk import Desk, partner_named
from reference_impl.federation_interconnect.operations import REMOVE_PARTNER
from reference_impl.federation_interconnect.records import (
    PARTNER_ZONES,
    PARTNERS,
    REGISTRATIONS,
    OwnRequest,
    Partner,
    Roles,
)
from reference_impl.federation_interconnect.validation import message_of, validate_federation
from reference_impl.kernel.party import Answer, Call, Refusal, Requested

ACTION = "remove_partner"

# --- the lead: removes --------------------------------------------------------------------------------------------


def remove(desk: Desk, partner: str) -> OwnRequest:
    """Ask the host to let us go, once none of its zones is registered and nothing is undecided (FI-REMOVE-001).

    An add that ended in doubt can be removed as well: the host may share with us (FI-RACE-007).
    """
    found = partner_named(desk, partner)
    if not found.roles.access and own_requests.in_doubt(desk, partner, "add_partner") is None:
        raise Refusal(409, f"we have no access to the zones of {partner!r}: there is nothing to remove")
    used = [row.id for row in desk.tx.by(PARTNER_ZONES, partner=partner) if row.registered]
    if used and not desk.decisions.removes_registered:
        raise Refusal(409, f"zones {used} of {partner!r} are registered: deregister them first")
    if not desk.decisions.removes_undecided:
        own_requests.demand_settled(desk, partner, ACTION)
    return own_requests.begin(desk, found, ACTION)


def removed(desk: Desk, call: Call, status: int | None, body: object) -> None:
    """The host's answer: once it has let go, all we know of it goes (FI-REMOVE-005). Else everything stays."""
    request = own_requests.clearly_answered(desk, call, status)
    if request is None or status is None:
        return
    partner = desk.tx.get(PARTNERS, request.partner)
    if partner is None:
        own_requests.fail(desk, request, "the partner was removed meanwhile", doubt=False)
        return
    doubt = request.doubt or not partner.roles.access
    if not (desk.decisions.is_success(status) or desk.decisions.absence_confirms(status, doubt)):
        own_requests.refused(desk, request, status)
        return
    for zone in desk.tx.by(PARTNER_ZONES, partner=partner.id):
        desk.tx.delete(PARTNER_ZONES, zone.partner, zone.id)
    onboarding.forget(desk, partner.id)
    desk.tx.put(PARTNERS, _without_details(partner, desk.decisions.roles_after_removing(partner.roles)))
    own_requests.settle(desk, partner.id, "add_partner")
    own_requests.succeed(desk, request)


def _without_details(partner: Partner, roles: Roles) -> Partner:
    return replace(partner, roles=roles, mcc="", mnc=(), locator="")


# --- the host: is removed -----------------------------------------------------------------------------------------


def remove_partner(desk: Desk, request: Requested) -> Answer:
    """End the role ``share`` of a caller that has no zone registered (FI-REMOVE-003, -004, -006, -007)."""
    message = message_of(request, m.RemovePartnerRequest)
    partner = validate_federation(desk, request, message)
    if repeats.is_repeat(desk, partner, REMOVE_PARTNER, message):
        return Answer()
    if not partner.roles.share:
        raise Refusal(409, "nothing is shared with this federation")
    if desk.tx.by(REGISTRATIONS, partner=partner.id) and not desk.decisions.lets_go_registered:
        raise Refusal(desk.decisions.in_use, "you have zones registered: deregister them first")
    desk.tx.put(PARTNERS, replace(partner, roles=desk.decisions.roles_after_removal(partner.roles)))
    hosting.forget(desk, partner)
    artifacts.forget(desk, partner)
    sharing.forget(desk, partner)
    repeats.remember(desk, partner, REMOVE_PARTNER, message)
    return Answer()


# --- either: the second, local step -------------------------------------------------------------------------------


def delete_partner(desk: Desk, partner: str) -> None:
    """Forget a bare arrangement; what never was or is gone already is no mistake (FI-ERR-09)."""
    found = desk.tx.get(PARTNERS, partner)
    if found is None:
        return
    if found.roles.any:
        raise Refusal(409, f"partner {partner!r} has a role: the federation has to be removed first")
    own_requests.demand_settled(desk, partner, "")
    federation.forget_partner(desk, partner)
