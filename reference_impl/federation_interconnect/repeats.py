"""Requests that a partner repeats: requestId is the idempotence key (federation-wire 5.2, FI-ERR-24).

Only what was carried out is remembered: a refusal left nothing, so its repeat is judged anew.
"""

from __future__ import annotations

from reference_impl.federation_interconnect.desk import Desk
from reference_impl.federation_interconnect.messages import FederationMessage
from reference_impl.federation_interconnect.records import SEEN_REQUESTS, Partner, SeenRequest
from reference_impl.kernel.party import Refusal


def is_repeat(desk: Desk, partner: Partner, operation: str, message: FederationMessage) -> bool:
    """Was this very request carried out before, so that its answer is due again? 409 where the id means another one."""
    seen = desk.tx.get(SEEN_REQUESTS, partner.id, operation, message.requestId)
    if seen is None or desk.ctx.now - seen.at >= desk.decisions.memory:
        return False
    if not desk.decisions.same_request(seen.content, _content(message)):
        raise Refusal(409, "requestId: it belongs to a request with other content")
    if desk.decisions.on_repeat == "conflict":
        raise Refusal(409, "requestId: this request was carried out already")
    return True


def remember(desk: Desk, partner: Partner, operation: str, message: FederationMessage) -> None:
    """Remember a request that was carried out, and forget the old ones of this partner."""
    for row in desk.tx.by(SEEN_REQUESTS, partner=partner.id):
        if desk.ctx.now - row.at >= desk.decisions.memory:
            desk.tx.delete(SEEN_REQUESTS, row.partner, row.operation, row.id)
    if message.requestId is not None:
        seen = SeenRequest(partner.id, operation, message.requestId, _content(message), desk.ctx.now)
        desk.tx.put(SEEN_REQUESTS, seen)


def _content(message: FederationMessage) -> str:
    """All members but the id, in the order of their declaration."""
    return message.model_dump_json(exclude={"requestId"}, exclude_none=True)
