"""Two proposals that cross: the bounded hold of one answer (coordinator-harness, section 8, RACE-001).

Both sides recorded an own proposal, and the last room is wanted twice. If each refused the other, both would go to
the next interconnect and might meet again there for ever. So one of the two answers waits for the outcome of the own
proposal: own 409, then 200; own 200 or unresolved, then 409. The smallest UUID is never held up.
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import guidance
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import Desk, Where, room_of
from reference_impl.connection_coordinator.inventory_records import INTERCONNECTS
from reference_impl.connection_coordinator.reads import connection as resource
from reference_impl.connection_coordinator.records import (
    HELD,
    KEYS,
    PLACEMENTS,
    Deferral,
    Held,
    Key,
    KeyState,
    Placement,
    Stage,
)
from reference_impl.kernel.party import Answer, Subject


def place_for(desk: Desk, place: Where, key: Key, mbps: int, deferral: Deferral) -> Placement:
    """The peer's proposal is taken; where it deferred, the negotiation is up to this side (CC-DEFER-003)."""
    desk.tx.put(KEYS, replace(key, state=KeyState.USED))
    row = Placement(*place, key.uuid, mbps, own=False, stage=Stage.PLACED, deferral=deferral)
    guidance.begin(desk, row)
    return desk.tx.put(PLACEMENTS, row)


def place_later(desk: Desk, held: Held) -> None:
    """The wrong way, for those who decide so: the room was checked, and is taken when a job is done."""
    place, uuid = (held.peer, held.environment, held.interconnect), held.uuid
    desk.tx.put(HELD, held)
    desk.provision("place", (*place, uuid))


def place_now(desk: Desk, subject: Subject, done: bool) -> None:
    held, key = desk.tx.get(HELD, *subject), desk.tx.get(KEYS, subject[3])
    if held is not None and key is not None:
        place = (held.peer, held.environment, held.interconnect)
        _release(desk, held, Answer(resource(place_for(desk, place, key, held.mbps, _deferral(held)))))


def _deferral(held: Held) -> Deferral:
    return Deferral.DRIVING if held.deferred else Deferral.NONE


def holds(desk: Desk, place: Where, incoming: str) -> bool:
    peer, environment, interconnect = place
    rows = desk.tx.by(PLACEMENTS, peer=peer, environment=environment, interconnect=interconnect)
    own = sorted(row.uuid for row in rows if row.tentative)
    return desk.decisions.on_crossing(own, incoming) == "hold"


def settle_held(desk: Desk, place: Where) -> None:
    """An own proposal on this interconnect has ended: answer the requests that waited for it, smallest UUID first."""
    peer, environment, interconnect = place
    waiting = desk.tx.by(HELD, peer=peer, environment=environment, interconnect=interconnect)
    for held in sorted(waiting, key=lambda row: row.uuid):
        row = desk.tx.get(INTERCONNECTS, *place)
        key = desk.tx.get(KEYS, held.uuid)
        if not held.requests:
            desk.tx.delete(HELD, *place, held.uuid)
        elif (
            row is not None
            and key is not None
            and key.state is KeyState.CONFIRMED
            and desk.decisions.fits(room_of(desk, row), held.mbps)
        ):
            _release(desk, held, Answer(resource(place_for(desk, place, key, held.mbps, _deferral(held)))))
        elif not holds(desk, place, held.uuid):
            _release(desk, held, Answer(_no_room(held), status=409))


def hold_is_over(desk: Desk, subject: Subject) -> None:
    """The bounded hold ends with a refusal: the own proposal is still unresolved (coordinator-harness, 8)."""
    held = desk.tx.get(HELD, *subject)
    if held is not None:
        _release(desk, held, Answer(_no_room(held), status=409))
        desk.tx.put(HELD, replace(held, requests=()))


def forget_held(desk: Desk) -> None:
    """After a restart nobody waits for what was held, so nothing may be placed for it any more: refused, unheard.

    Its caller has had no answer; it looks, finds nothing, and asks again (coordinator-harness, 8, RACE-001 with X).
    """
    for held in desk.tx.rows(HELD):
        _release(desk, held, Answer(_no_room(held), status=409))


def let_go(desk: Desk, uuid: str) -> None:
    """The negotiator moved on or gave up: what it asked for before is refused now (CC-ERR-10)."""
    for held in desk.tx.by(HELD, uuid=uuid):
        _release(desk, held, Answer(_no_room(held), status=409))


def _no_room(held: Held) -> m.Problem:
    return m.Problem(
        title="Conflict", status=409, detail=f"interconnect {held.interconnect!r} has no room for {held.mbps} Mbps"
    )


def _release(desk: Desk, held: Held, answer: Answer) -> None:
    place = (held.peer, held.environment, held.interconnect)
    desk.tx.delete(HELD, *place, held.uuid)
    desk.disarm("held", (*place, held.uuid))
    for request in held.requests:
        desk.reply(request, answer)
