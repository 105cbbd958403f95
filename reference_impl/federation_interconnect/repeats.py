"""Requests that a partner repeats: requestId is the idempotence key (federation-wire 5.2, FI-ERR-24).

A refusal is remembered as well: a copy of the request that comes late shall not be carried out when it has become
possible meanwhile, because its sender has taken the refusal for the end of it (FI-RACE-009). Only the refusals of an
authenticated partner are, not for long, and nothing of that is shown (FI-AUTH-007).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from reference_impl.federation_interconnect.desk import Desk
from reference_impl.federation_interconnect.messages import ErrorMessage, PartnerMessage
from reference_impl.federation_interconnect.records import PARTNERS, SEEN_REQUESTS, Partner, SeenRequest
from reference_impl.kernel.party import Answer, Refusal, Requested

_LONG = 1 << 12

Handler = Callable[[Desk, Requested], Answer | None]


def is_repeat(desk: Desk, partner: Partner, operation: str, message: PartnerMessage) -> bool:
    """Was this very request carried out before, so that its answer is due again? 409 where the id means another one."""
    seen = desk.tx.get(SEEN_REQUESTS, partner.id, operation, message.requestId)
    if seen is None or _is_past(desk, seen):
        return False
    same = desk.decisions.same_request(seen.content, _content(message))
    if seen.refused and same:
        raise Refusal(seen.refused, seen.reason)
    if seen.refused:  # it came to nothing: the id is free for another request
        return False
    if not same:
        raise Refusal(409, "requestId: it belongs to a request with other content")
    if desk.decisions.on_repeat == "conflict":
        raise Refusal(409, "requestId: this request was carried out already")
    return True


def _is_past(desk: Desk, seen: SeenRequest) -> bool:
    memory = desk.decisions.refusal_memory if seen.refused else desk.decisions.memory
    return desk.ctx.now - seen.at >= memory


def _is_other_refused(seen: SeenRequest, message: PartnerMessage) -> bool:
    """Did this id belong to another request, which came to nothing?"""
    return bool(seen.refused) and seen.content != _content(message)


def remember(
    desk: Desk, partner: Partner, operation: str, message: PartnerMessage, refused: int = 0, reason: str = ""
) -> None:
    """Remember a request that was decided, and forget the old ones of this partner."""
    for row in desk.tx.by(SEEN_REQUESTS, partner=partner.id):
        if _is_past(desk, row):
            desk.tx.delete(SEEN_REQUESTS, row.partner, row.operation, row.id)
    if message.requestId is not None:
        content = _content(message)
        seen = SeenRequest(partner.id, operation, message.requestId, content, desk.ctx.now, refused, reason)
        desk.tx.put(SEEN_REQUESTS, seen)


def message_in(request: Requested) -> PartnerMessage | None:
    """What a request says, where it says it in its body."""
    return request.body if isinstance(request.body, PartnerMessage) else None


def remembering_refusals(handler: Handler, read: Callable[[Requested], PartnerMessage | None] = message_in) -> Handler:
    """The handler, whose refusals of what was asked (404, 409, 423) are remembered for the copies that may come."""

    def handle(desk: Desk, request: Requested) -> Answer | None:
        try:
            return handler(desk, request)
        except Refusal as refusal:
            message = read(request) if refusal.status in (404, 409, 423) else None
            if message is None:
                raise
            desk.tx.rollback()
            partner = desk.tx.get(PARTNERS, message.sender_id)
            known = desk.tx.get(SEEN_REQUESTS, message.sender_id, request.operation, message.requestId)
            if partner is not None and (known is None or _is_past(desk, known) or _is_other_refused(known, message)):
                remember(desk, partner, request.operation, message, refusal.status, refusal.detail)
            return Answer(ErrorMessage(message=refusal.detail), refusal.status)

    return handle


def _content(message: PartnerMessage) -> str:
    """All members but the id, in the order of their declaration; of a long text its digest."""
    content = message.model_dump_json(exclude={"requestId"}, exclude_none=True)
    return content if len(content) <= _LONG else hashlib.sha256(content.encode()).hexdigest()
