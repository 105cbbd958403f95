"""What an operator platform owes to a partner that has added it, and that it has added (federation-wire, sections 6, 7).

As host: which of its zones the partner has registered, and whether the partner is admitted. As lead: which zones of the
partner it knows. Removing and registering are guarded by each other, cell by cell of the documented tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance import prologue_federation as prologue
from conformance.fuzz.bodies import bodies
from conformance.fuzz.case import Sent
from conformance.fuzz.model import Model, Move, Outcome

UNKNOWN = "ghost-zone-01"
NOTIFIED = (prologue.NEW_ZONE, "fresh-zone-02")


@dataclass(frozen=True, slots=True)
class State:
    """``admitted``: the zones of the target are shared with the partner. ``registered`` of them are its; ``known`` are the
    partner's own zones of which the target has been told by hand."""

    admitted: bool
    registered: frozenset[str]
    known: frozenset[str] = frozenset()


def _begin(sender: str, receiver: str) -> State:
    return State(True, frozenset({prologue.OPERATORS[receiver].zones[0]}))


def _moves(state: State, sender: str, receiver: str, number: int) -> Sequence[Move[State]]:
    one, two = prologue.OPERATORS[receiver].zones
    right = bodies("federation-interconnect", sender, receiver)

    def move(name: str, operation: str, outcome: Outcome, check: str, then: State, **changes: Any) -> Move[State]:
        method, path = operation.split(" ")
        body = right[operation] | {"requestId": f"move-{number}"} | changes
        content = json.dumps(body).encode()
        sent = Sent(method, path, headers={"content-type": "application/json"}, body=content)
        return Move(name, operation, sent, outcome, check, then)

    def asked() -> Iterator[Move[State]]:
        for zones in ([one], [two], [one, two], [], [UNKNOWN], [one, UNKNOWN]):
            told = " and ".join(zones) or "nothing"
            yield move(f"register {told}", prologue.REGISTER, *_registration(state, zones), zones=zones)
            yield move(f"deregister {told}", prologue.DEREGISTER, *_deregistration(state, zones), zones=zones)
        yield move("remove", prologue.REMOVE, *_removal(state))
        yield move("add", prologue.ADD, *_add(state))
        for zone in NOTIFIED:
            zone_told = {"zoneId": zone, "geoLocation": "37.5,127.0", "edgeCount": 1}
            yield move(f"notify {zone}", prologue.NOTIFY, *_notification(state, zone), partnerZone=zone_told)
        for zone in (*NOTIFIED, UNKNOWN):
            yield move(f"withdraw {zone}", prologue.WITHDRAW, *_withdrawal(state, zone), zone=zone)

    return tuple(asked())


Judgement = tuple[Outcome, str, State]


def _registration(state: State, zones: Sequence[str]) -> Judgement:
    """All or nothing, each zone at most once (FI-ZREG-003, -008, -009)."""
    if not state.admitted:
        return "refused", "FI-ZREG-003/4", state
    if not zones:
        return "refused", "FI-ZREG-009/1", state
    if UNKNOWN in zones:
        return "refused", "FI-ZREG-009/2", state
    if taken := state.registered & set(zones):
        return "refused", "FI-ZREG-008/1" if taken == set(zones) else "FI-ZREG-009/3", state
    return "accepted", "FI-ZREG-003/1", replace(state, registered=state.registered | set(zones))


def _deregistration(state: State, zones: Sequence[str]) -> Judgement:
    """Only what is registered, all or nothing (FI-ZDEREG-004, -006)."""
    if not zones:
        return "refused", "FI-ZDEREG-006/4", state
    if UNKNOWN in zones:
        return "refused", "FI-ZDEREG-006/3", state
    if missing := set(zones) - state.registered:
        return "refused", "FI-ZDEREG-006/1" if missing == set(zones) else "FI-ZDEREG-004/3", state
    return "accepted", "FI-ZDEREG-004/1", replace(state, registered=state.registered - set(zones))


def _removal(state: State) -> Judgement:
    """Not while anything is registered (FI-REMOVE-006), and not twice (FI-REMOVE-003)."""
    if not state.admitted:
        return "refused", "FI-REMOVE-003/2", state
    if state.registered:
        return "refused", "FI-REMOVE-006/1", state
    return "accepted", "FI-REMOVE-004/1", replace(state, admitted=False)


def _add(state: State) -> Judgement:
    """Not twice (FI-PARTNER-009). After a removal it depends on whether the arrangement was kept (FI-REMOVE-005/1)."""
    if state.admitted:
        return "refused", "FI-PARTNER-009/1", state
    return "either", "FI-PARTNER-009/1", replace(state, admitted=True)


def _notification(state: State, zone: str) -> Judgement:
    """A known zone may be refused or not (FI-SHARE-006)."""
    known = replace(state, known=state.known | {zone})
    return ("either", "FI-SHARE-006/1", known) if zone in state.known else ("accepted", "FI-SHARE-004/1", known)


def _withdrawal(state: State, zone: str) -> Judgement:
    if zone not in state.known:
        return "refused", "FI-UNSHARE-004/3", state
    return "accepted", "FI-UNSHARE-005/1", replace(state, known=state.known - {zone})


FEDERATION = Model(_begin, _moves)
