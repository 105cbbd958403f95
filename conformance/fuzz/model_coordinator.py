"""What a provider owes to the peer that negotiates with it: keys, placements and features (coordinator-harness, section 7).

Two connections take part, both of the target's own keys: one placed by hand, with a feature on ch1, and one of which
the key was only issued. How far the target's own machinery goes on with them meanwhile does not matter here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.fuzz.case import Sent
from conformance.fuzz.ground import CONNECTIONS, KEYS, OFFERED, PLACED
from conformance.fuzz.model import Model, Move, Outcome
from conformance.prologue import proposed

ENVIRONMENT = "env1"
INTERCONNECTS = ("ix1", "ix2")
NOBODYS = "00000000-0000-4000-8000-0000000000ff"
MBPS, ANOTHER_MBPS = 1000, 2000
CHANNELS = ("ch1", "ch2")
NUMBERS = {PLACED: 5, OFFERED: 3}
"""Numbers of ``proposed``, each with a VLAN and subnet of its own: that of the first channel, for each connection."""

TAKEN = 1
"""The number that the feature of the ground has, on ch1 of the placed connection."""


@dataclass(frozen=True, slots=True)
class Row:
    """One connection: ``at`` is its interconnect while it is placed. ``features`` maps channels to feature ids."""

    confirmed: bool = False
    at: str | None = None
    dead: bool = False
    features: tuple[tuple[str, str], ...] = ()

    def feature_of(self, channel: str) -> str | None:
        return dict(self.features).get(channel)


@dataclass(frozen=True, slots=True)
class State:
    placed: Row
    offered: Row

    def row(self, number: int) -> Row:
        return self.placed if number == PLACED else self.offered

    def having(self, number: int, row: Row) -> State:
        return replace(self, placed=row) if number == PLACED else replace(self, offered=row)


Judgement = tuple[Outcome, str, State]


def _begin(sender: str, receiver: str) -> State:
    return State(Row(confirmed=True, at="ix1", features=(("ch1", "f-ch1"),)), Row())


def _moves(state: State, sender: str, receiver: str, number: int) -> Sequence[Move[State]]:
    base = f"/providers/{sender}/environments/{ENVIRONMENT}"

    def move(
        name: str, operation: str, request: tuple[str, str, str, Any], judged: Judgement, rule: str = ""
    ) -> Move[State]:
        method, path, query, body = request
        content = json.dumps(body).encode() if body is not None else b""
        headers = {"content-type": "application/json"} if content else {}
        return Move(name, operation, Sent(method, base + path, query, headers, content), *judged, rule)

    def confirmations() -> Iterator[Move[State]]:
        for each in (PLACED, OFFERED):
            path = "/ConfirmActivationKey"
            request = ("POST", path, "", {"encodedKey": KEYS[each]})
            yield move(f"confirm {each}", "ConfirmActivationKey", request, *_confirmation(state, each))

    def creations() -> Iterator[Move[State]]:
        for at in INTERCONNECTS:
            path = f"/interconnects/{at}/connections"
            for mbps, key in ((MBPS, OFFERED), (ANOTHER_MBPS, OFFERED), (MBPS, PLACED)):
                body = {"bandwidthMbps": mbps, "activationKey": KEYS[key]}
                request = ("POST", path, f"connectionId={CONNECTIONS[OFFERED]}", body)
                told = f"create the offered one with {mbps} on {at}" + (" by another key" if key == PLACED else "")
                yield move(told, "CreateConnection", request, _creation(state, at, mbps, key))
            body = {"bandwidthMbps": MBPS, "activationKey": KEYS[OFFERED]}
            unknown = ("POST", path, f"connectionId={NOBODYS}", body)
            yield move(f"create nobody's on {at}", "CreateConnection", unknown, ("refused", "CC-CONN-004/1", state))

    def of_each() -> Iterator[Move[State]]:
        for each in (PLACED, OFFERED):
            row = state.row(each)
            for at in INTERCONNECTS:
                path = f"/interconnects/{at}/connections/{CONNECTIONS[each]}"
                there = row.at == at
                outcome: Outcome = "accepted" if there else "refused"
                yield move(
                    f"get {each} on {at}", "GetConnection", ("GET", path, "", None), (outcome, "CC-CONN-015/1", state)
                )
                gone = state.having(each, Row(dead=True))
                deletion: Judgement = ("accepted", "CC-DEL-002/1", gone) if there else ("either", "CC-DEL-005/1", state)
                if there or row.dead:  # what a deletion before the creation means is open
                    yield move(f"delete {each} on {at}", "DeleteConnection", ("DELETE", path, "", None), deletion)
                for channel in CHANNELS:
                    yield from features(each, at, channel)

    def features(each: int, at: str, channel: str) -> Iterator[Move[State]]:
        path = f"/interconnects/{at}/connections/{CONNECTIONS[each]}/features"
        for vlan in (NUMBERS[each] + CHANNELS.index(channel), TAKEN):
            body = proposed(sender, ENVIRONMENT, at, channel, vlan)
            request = ("POST", path, f"featureId=f-{each}-{channel}", body)
            told = f"feature of {each} on {at}/{channel} with VLAN {vlan}"
            yield move(told, "CreateFeature", request, _feature(state, each, at, channel, vlan))

    return (*confirmations(), *creations(), *of_each())


def _confirmation(state: State, each: int) -> tuple[Judgement, str]:
    """True for a key that is good; never for one that is used up; a second time as the target likes (CC-ERR-03)."""
    row = state.row(each)
    if row.dead:
        return ("either", "CC-DEL-004/1", state), "keys_not_confirmed"
    if row.at is not None:
        return ("either", "CC-KEY-017/1", state), "keys_not_confirmed"
    then = state.having(each, replace(row, confirmed=True))
    return ("either", "CC-KEY-014/1", then), "" if row.confirmed else "key_confirmed"


def _creation(state: State, at: str, mbps: int, key: int) -> Judgement:
    row = state.offered
    if row.dead:
        return "refused", "CC-CONN-004/1", state
    if key != OFFERED:
        return "refused", "CC-CONN-004/5", state
    if row.at is not None:
        if mbps != MBPS:
            return "refused", "CC-CONN-013/2", state
        return ("either" if row.at == at else "refused"), "CC-CONN-013/1", state
    if mbps != MBPS:
        return "refused", "CC-CONN-004/2", state
    placed = state.having(OFFERED, replace(row, confirmed=True, at=at))
    # A key that was shown in full and never confirmed may do (CC-ERR-04).
    return ("accepted", "CC-CONN-002/1", placed) if row.confirmed else ("either", "CC-CONN-004/4", placed)


def _feature(state: State, each: int, at: str, channel: str, vlan: int) -> Judgement:
    row = state.row(each)
    if row.at != at:
        return "refused", "CC-FEAT-001/3", state
    id = f"f-{each}-{channel}"
    if row.feature_of(channel) not in (None, id):
        return "refused", "CC-FEAT-015/2", state
    if row.feature_of(channel) == id:
        return "either", "CC-RACE-004/2", state
    taken = state.having(each, replace(row, features=(*row.features, (channel, id))))
    if vlan == TAKEN:
        clash = at == state.placed.at and channel == "ch1" and state.placed.feature_of("ch1") is not None
        # On another channel the VLAN is free; whether the subnet is, depends on its declared scope (CC-ERR-21).
        return ("refused" if clash else "either"), "CC-FEAT-004/1", state if clash else taken
    return "accepted", "CC-FEAT-001/1", taken


COORDINATOR = Model(_begin, _moves)
