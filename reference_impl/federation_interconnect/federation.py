"""An operator sets up its federation, arranges partners out of band and looks after the keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect import onboarding, syntax, telling
from reference_impl.federation_interconnect.desk import Desk, checked, demand
from reference_impl.federation_interconnect.keys import Seal, seal
from reference_impl.federation_interconnect.own_requests import under_way
from reference_impl.federation_interconnect.records import (
    FEDERATIONS,
    MARKS,
    OWN_REQUESTS,
    PARTNERS,
    SEEN_REQUESTS,
    TELLINGS,
    Federation,
    Partner,
)
from reference_impl.kernel.party import Refusal


def issue_key(desk: Desk) -> tuple[str, Seal]:
    """A fresh key to hand over, and what is kept of it: it is shown this once (FI-AUTH-009)."""
    key = desk.ctx.fresh("key")
    return key, seal(key, desk.ctx.fresh("salt"))


def create_self_federation(
    desk: Desk,
    *,
    federation: str | None,
    operator: str,
    country: str,
    mcc: str,
    mnc: Sequence[str],
    locator: str,
    address: str,
) -> tuple[Federation, str]:
    """Create and store a federation with a new id, or the one chosen (FI-FED-001 to -003); with the key issued."""
    checked("operator", operator, syntax.operator_id)
    checked("country", country, desk.decisions.accepts_country_code)
    checked("mcc", mcc, syntax.mcc)
    demand("mnc", syntax.mnc(mnc))
    checked("address", address, syntax.address)
    if locator:
        checked("locator", locator, syntax.locator)
    chosen = federation if federation is not None else desk.ctx.fresh("federation")
    checked("federation", chosen, syntax.federation_id)
    if desk.tx.get(FEDERATIONS, chosen) is not None or desk.tx.get(PARTNERS, chosen) is not None:
        raise Refusal(409, f"federation {chosen!r} is there already: an id names one operator")
    key, kept = issue_key(desk)
    row = Federation(chosen, operator, country, mcc, tuple(mnc), locator, address.rstrip("/"), kept)
    return desk.tx.put(FEDERATIONS, desk.decisions.kept(row)), key


def delete_self_federation(desk: Desk, own: Federation) -> None:
    """Drop an own federation on which no partner hangs; bare arrangements go with it (FI-FED-004)."""
    partners = desk.tx.by(PARTNERS, own=own.id)
    hanging = [row.id for row in partners if row.roles.any or under_way(desk, row.id, "add_partner")]
    if hanging and not desk.decisions.deletes_under_partners:
        raise Refusal(409, f"federation {own.id} has partners: remove {hanging} first")
    for partner in partners:
        forget_partner(desk, partner.id)
    desk.tx.delete(FEDERATIONS, own.id)


def forget_partner(desk: Desk, partner: str) -> None:
    """Drop the record of a partner with all that hangs on it."""
    desk.tx.delete(PARTNERS, partner)
    for seen in desk.tx.by(SEEN_REQUESTS, partner=partner):
        desk.tx.delete(SEEN_REQUESTS, seen.partner, seen.operation, seen.id)
    for request in desk.tx.by(OWN_REQUESTS, partner=partner):
        desk.tx.delete(OWN_REQUESTS, request.id)
    for mark in desk.tx.by(MARKS, partner=partner):
        desk.tx.delete(MARKS, mark.zone, mark.partner)
    for row in desk.tx.by(TELLINGS, partner=partner):
        desk.tx.delete(TELLINGS, row.partner, row.about)
    onboarding.forget(desk, partner)


def arrangement(
    desk: Desk, own: Federation, *, partner: str, operator: str, country: str, address: str, key: str
) -> Partner:
    """The record of a partner as two operators agreed it out of band, checked but not stored (FI-PARTNER-010).

    ``key`` may be empty, for as long as the partner has not told it.
    """
    checked("partner", partner, syntax.federation_id)
    checked("operator", operator, syntax.operator_id)
    checked("country", country, syntax.country)
    checked("address", address, syntax.address)
    if key:
        checked("api_key", key, syntax.api_key)
    if desk.tx.get(FEDERATIONS, partner) is not None:
        raise Refusal(409, f"partner: {partner!r} is a federation of our own")
    return Partner(partner, own.id, operator, country, address.rstrip("/"), key=key)


def expect_partner(desk: Desk, partner: Partner) -> str:
    """Store an arrangement; returns the key that the partner must use towards us (FI-ERR-08)."""
    if desk.tx.get(PARTNERS, partner.id) is not None:
        raise Refusal(409, f"partner {partner.id!r} is arranged already; its keys can be replaced")
    key, kept = issue_key(desk)
    desk.tx.put(PARTNERS, replace(partner, issued=kept))
    return key


def rotate_own_key(desk: Desk, own: Federation) -> str:
    """A new key for the partners that were given none of their own; the old one is void at once (FI-AUTH-010)."""
    key, kept = issue_key(desk)
    desk.tx.put(FEDERATIONS, replace(own, key=kept))
    return key


def rotate_partner_key(desk: Desk, partner: Partner) -> str:
    """A new key for one partner to use towards us; the old one is void at once (FI-AUTH-010)."""
    key, kept = issue_key(desk)
    desk.tx.put(PARTNERS, replace(partner, issued=kept))
    return key


def set_partner_api_key(desk: Desk, partner: Partner, key: str) -> None:
    """Store the key that a partner issued to us; calls under way go on with the one they left with.

    What the partner has refused to hear is told again.
    """
    checked("api_key", key, syntax.api_key)
    desk.tx.put(PARTNERS, replace(partner, key=key))
    for row in desk.tx.by(TELLINGS, partner=partner.id):
        if row.refused:
            telling.again(desk, row)
