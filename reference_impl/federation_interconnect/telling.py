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
Restate = Callable[[Desk, Partner, str], None]
"""Tells a partner what holds now about this subject."""


def audience(desk: Desk) -> list[Partner]:
    """The partners that are told of our zones and attributes (FI-UPD-003, FI-SHARE-002, FI-UNSHARE-003)."""
    return [partner for partner in desk.tx.rows(PARTNERS) if desk.decisions.tells(partner.roles)]


def on_its_way(desk: Desk, partner: Partner, about: str) -> bool:
    """Is the partner being told something about this, so that the next thing has to wait?"""
    row = desk.tx.get(TELLINGS, partner.id, about)
    if row is None or row.refused or not desk.decisions.tells_one_at_a_time:
        return False
    return not row.former or bool(_calls(desk, row))


def _calls(desk: Desk, row: Telling) -> list[Call]:
    """The open call of a telling, or none."""
    return [call for call in desk.tx.rows(CALLS) if (call.peer, call.subject) == (row.partner, (row.id, row.about))]


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
    send(desk, Telling(partner.id, about, operation, body.requestId or "", body), partner, attempt=0, after=0)


def decided(desk: Desk, call: Call, status: int | None, restate: Restate) -> tuple[Telling, Partner] | None:
    """What this answer decides, and with whom; None where nobody waits for it, or where it is repeated by this."""
    row, partner = desk.tx.get(TELLINGS, call.peer, call.subject[1]), desk.tx.get(PARTNERS, call.peer)
    if row is None or row.id != call.subject[0] or partner is None:
        return None
    unclear = desk.decisions.is_unclear(status)
    if row.former and not desk.decisions.tells(partner.roles):  # it is away, and may come back
        return None
    clear = not unclear and status != 429
    if row.former == 1 and clear and status in (401, 403):  # said while it was away: that settles no copy
        send(desk, replace(row, former=2), partner, attempt=0, after=0)
        return None
    if clear and row.former:
        desk.tx.delete(TELLINGS, row.partner, row.about)
        restate(desk, partner, row.about)
        return None
    if clear:
        return row, partner
    row = replace(row, doubt=row.doubt or unclear)
    pauses = desk.decisions.telling_pauses
    if pauses:
        attempt = min(call.attempt + 1, len(pauses))  # it does not grow for ever
        send(desk, row, partner, attempt, pauses[attempt - 1])
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
        if not row.doubt and isinstance(row.body, FederationMessage):  # it was decided: this is another request
            fresh = desk.ctx.fresh("request")
            row = replace(row, id=fresh, body=row.body.model_copy(update={"requestId": fresh}))
        send(desk, replace(row, refused=""), partner, attempt=0, after=0)
        return
    for call in _calls(desk, row):
        if not call.sent:
            desk.tx.put(CALLS, replace(call, due=desk.ctx.now))


def leave(desk: Desk, partner: Partner) -> list[str]:
    """The partner has left and is told nothing more; what is on its way is kept in mind. Returns what was to be told
    about (FI-REMOVE-007)."""
    rows = desk.tx.by(TELLINGS, partner=partner.id)
    for row in rows:
        waiting = [call for call in _calls(desk, row) if not call.sent]
        for call in waiting:
            desk.tx.delete(CALLS, call.id)
        if row.refused or (waiting and not row.doubt):
            desk.tx.delete(TELLINGS, row.partner, row.about)
        else:
            desk.tx.put(TELLINGS, replace(row, former=1))
    return [row.about for row in rows]


def come_back(desk: Desk, partner: Partner) -> None:
    """The partner is admitted and has just been told all. What it had refused is past. What was on its way when it left
    the last time is repeated until it is decided, so that no copy of it can come later than what holds now, which is
    told next (FI-RACE-013)."""
    for row in desk.tx.by(TELLINGS, partner=partner.id):
        if row.refused:
            desk.tx.delete(TELLINGS, row.partner, row.about)
        elif row.former and not _calls(desk, row):
            send(desk, replace(row, former=2), partner, attempt=0, after=0)


def send(desk: Desk, row: Telling, partner: Partner, attempt: int, after: int) -> None:
    """One attempt to tell it, ``after`` milliseconds from now."""
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
        query=dict(row.query),
        body=row.body,
        subject=subject,
        attempt=attempt,
        after=after,
        credential=credential,
    )
