"""What the operator settles with a partner out of band: is it heard, and which provider IDs does it reach?

A partner that is known but not enabled gets 403 for every operation (CC-SEC-002). Beside its own provider ID it reaches
those that were granted to it (CC-PROV-003).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from reference_impl.connection_coordinator.desk import Desk
from reference_impl.connection_coordinator.inventory_records import PARTNERS, Partner
from reference_impl.kernel.action import Action, Value, ok, text
from reference_impl.kernel.party import Acted, Answer, Refusal, Requested

_PEER = Value("peer", summary="the partner's provider ID")
_PROVIDER = Value("provider", summary="a further provider ID, beside the partner's own")

ROWS = (
    Action(
        "grant_provider", "operator", "A partner reaches the resources of a further provider ID", (_PEER, _PROVIDER)
    ),
    Action("revoke_provider", "operator", "It does not any more", (_PEER, _PROVIDER)),
    Action("enable_partner", "operator", "A partner is heard", (_PEER,)),
    Action("disable_partner", "operator", "A partner is known, but not heard: 403 to whatever it asks", (_PEER,)),
)

Handler = Callable[[Desk, Requested], Answer | None]


def admitted(handler: Handler) -> Handler:
    """The handler, for partners that are enabled."""

    def handle(desk: Desk, request: Requested) -> Answer | None:
        partner = desk.tx.get(PARTNERS, request.caller)
        if partner is not None and not desk.decisions.security.admits(partner.enabled):
            raise Refusal(403, f"{request.caller!r} is not enabled here")
        return handler(desk, request)

    return handle


def _partner(desk: Desk, asked: Acted) -> Partner:
    found = desk.tx.get(PARTNERS, text(asked, "peer"))
    if found is None:
        known = ", ".join(row.id for row in desk.tx.rows(PARTNERS))
        raise Refusal(422, f"peer: want one of {known}, got {asked.inputs['peer']!r}")
    return found


def grant(desk: Desk, asked: Acted) -> Answer:
    partner, provider = _partner(desk, asked), text(asked, "provider")
    if provider not in partner.granted:
        desk.tx.put(PARTNERS, replace(partner, granted=(*partner.granted, provider)))
    return ok()


def revoke(desk: Desk, asked: Acted) -> Answer:
    partner, provider = _partner(desk, asked), text(asked, "provider")
    if desk.decisions.security.revokes:
        left = tuple(each for each in partner.granted if each != provider)
        desk.tx.put(PARTNERS, replace(partner, granted=left))
    return ok()


def enable(desk: Desk, asked: Acted) -> Answer:
    desk.tx.put(PARTNERS, replace(_partner(desk, asked), enabled=True))
    return ok()


def disable(desk: Desk, asked: Acted) -> Answer:
    desk.tx.put(PARTNERS, replace(_partner(desk, asked), enabled=False))
    return ok()


ACTED: Mapping[str, Callable[[Desk, Acted], Answer | None]] = {
    "grant_provider": grant,
    "revoke_provider": revoke,
    "enable_partner": enable,
    "disable_partner": disable,
}
