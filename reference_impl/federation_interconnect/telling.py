"""What a host has to tell its share partners: repeated until each of them has acknowledged or refused it.

A partner that is down delays, and loses nothing (FI-RACE-009). Of one subject, a zone or our attributes, a partner is
told one thing at a time: while one is on its way the next one waits, and a copy that comes late meets a requestId that
the partner has seen (FI-RACE-013, FI-ERR-24).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reference_impl.federation_interconnect.desk import Desk, federation_of
from reference_impl.federation_interconnect.messages import FederationMessage
from reference_impl.federation_interconnect.records import PARTNERS, TELLINGS, Partner, Telling
from reference_impl.kernel.party import CALLS, Call

Compose = Callable[[FederationMessage], FederationMessage]
"""Makes the message of its beginning: who sends to whom."""


def audience(desk: Desk) -> list[Partner]:
    """The partners that are told of our zones and attributes (FI-UPD-003, FI-SHARE-002, FI-UNSHARE-003)."""
    return [partner for partner in desk.tx.rows(PARTNERS) if desk.decisions.tells(partner.roles)]


def on_its_way(desk: Desk, partner: Partner, about: str) -> bool:
    """Is the partner being told something about this, so that the next thing has to wait?"""
    row = desk.tx.get(TELLINGS, partner.id, about)
    return row is not None and not row.refused and desk.decisions.tells_one_at_a_time


def tell(desk: Desk, partner: Partner, about: str, operation: str, compose: Compose) -> None:
    """Tell a partner, from now on until it knows. What it had refused about this before is past."""
    own = federation_of(desk, partner)
    operator, country = desk.decisions.names_sender(own, partner)
    body = compose(
        FederationMessage(
            requestId=desk.ctx.fresh("request"),
            origFederationId=own.id,
            destFederationId=partner.id,
            operator=operator,
            country=country,
        )
    )
    _send(desk, Telling(partner.id, about, operation, body.requestId or "", body), partner, attempt=0, after=0)


def decided(desk: Desk, call: Call, status: int | None) -> tuple[Telling, Partner] | None:
    """What this answer decides, and with whom; None where nobody waits for it, or where it is repeated by this."""
    row, partner = desk.tx.get(TELLINGS, call.peer, call.subject[1]), desk.tx.get(PARTNERS, call.peer)
    if row is None or row.id != call.subject[0] or partner is None:
        return None
    unclear = desk.decisions.is_unclear(status)
    if not unclear and status != 429:
        return row, partner
    row = replace(row, doubt=row.doubt or unclear)
    pauses = desk.decisions.telling_pauses
    if pauses:
        attempt = min(call.attempt + 1, len(pauses))  # it does not grow for ever
        _send(desk, row, partner, attempt, pauses[attempt - 1])
    else:
        refuse(desk, row, "without an answer" if status is None else f"answered with {status}")
    return None


def refuse(desk: Desk, row: Telling, reason: str) -> None:
    """The partner did not take it: the operator sees that, and may have it repeated."""
    desk.tx.put(TELLINGS, replace(row, refused=reason))


def again(desk: Desk, row: Telling) -> None:
    """On order: say now what was refused, or waits for its next attempt."""
    partner = desk.tx.get(PARTNERS, row.partner)
    if partner is not None and row.refused:
        _send(desk, replace(row, refused=""), partner, attempt=0, after=0)
        return
    for call in desk.tx.rows(CALLS):
        if (call.peer, call.subject) == (row.partner, (row.id, row.about)) and not call.sent:
            desk.tx.put(CALLS, replace(call, due=desk.ctx.now))


def again_to(desk: Desk, partner: str) -> None:
    """On order: everything that this partner still has to know."""
    for row in desk.tx.by(TELLINGS, partner=partner):
        again(desk, row)


def _send(desk: Desk, row: Telling, partner: Partner, attempt: int, after: int) -> None:
    if not partner.key and not desk.decisions.sends_without_key:
        refuse(desk, row, f"there is no key to use towards {partner.id}: set it first")
        return
    desk.tx.put(TELLINGS, row)
    subject = (row.id, row.about)
    credential = partner.key
    desk.call(
        partner.id,
        row.operation,
        {},
        body=row.body,
        subject=subject,
        attempt=attempt,
        after=after,
        credential=credential,
    )
