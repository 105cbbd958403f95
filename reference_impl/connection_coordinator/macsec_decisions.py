"""The choices of a provider that rotates MACsec keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
CAK_DIGITS = (32, 64)
"""Hex digits of a CAK: 128 or 256 bits (IEEE 802.1X)."""
CKN_DIGITS = 64
"""The most hex digits of a CKN: 32 octets (IEEE 802.1X)."""
HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Situation:
    """The keys of an interconnect of ``channels`` channels when a further one comes to one of them.

    ``rotating`` names the other channels with two keys, ``baking`` those whose rotation is less than two hours ago;
    both mean this channel too where it is ``baking`` itself.
    """

    channels: int
    on_channel: int
    on_interconnect: int
    rotating: tuple[str, ...] = ()
    baking: tuple[str, ...] = ()


def over_limit(seen: Situation) -> str | None:
    """At most two keys on a channel and N+1 on an interconnect of N channels (CC-MACSEC-003)."""
    if seen.on_channel >= 2:
        return "the channel holds two keys"
    if seen.on_interconnect >= seen.channels + 1:
        return f"the interconnect holds {seen.on_interconnect} keys on {seen.channels} channels"
    return None


def in_rotation(seen: Situation) -> str | None:
    """One channel at a time; a first key is no rotation (CC-MACSEC-004, -009)."""
    return f"channel {seen.rotating[0]!r} is in rotation" if seen.rotating and seen.on_channel else None


def baking(seen: Situation) -> str | None:
    """Two hours after a rotation there is no other one; a first key is none (CC-MACSEC-005, -009)."""
    return (
        f"channel {seen.baking[0]!r} was rotated less than two hours ago" if seen.baking and seen.on_channel else None
    )


def usable(cak: str | None, ckn: str | None) -> str | None:
    """What is wrong with this key material (CC-MACSEC-002)?"""
    if not cak or not _HEX.fullmatch(cak) or len(cak) not in CAK_DIGITS:
        return "cak: want 32 or 64 hex digits"
    if not ckn or not _HEX.fullmatch(ckn) or len(ckn) > CKN_DIGITS:
        return "ckn: want 2 to 64 hex digits, an even number"
    return None


@dataclass(frozen=True, slots=True)
class MacSecDecisions:
    may_create: Callable[[str, str], bool] = str.__eq__
    """May this caller hand over a key, given the channel's manager (CC-MACSEC-001)?"""
    may_delete: Callable[[str, str], bool] = str.__eq__
    """May this caller delete a key, given the channel's manager (CC-MACSEC-001)?"""
    may_request: Callable[[str, str], bool] = lambda me, manager: me == manager
    """Is a request for a rotation ours to serve, given the channel's manager (CC-MACSEC-010)?"""
    bars: tuple[Callable[[Situation], str | None], ...] = (over_limit, in_rotation, baking)
    """What stands against a key that the peer hands over (CC-MACSEC-003 to -005, -009)."""
    holds_back: tuple[Callable[[Situation], str | None], ...] = (over_limit, in_rotation, baking)
    """What an own rotation waits for (CC-MACSEC-004, -005)."""
    unusable: Callable[[str | None, str | None], str | None] = usable
    reuses_ids: bool = False
    """Let a key replace the one whose ID it bears (CC-MACSEC-002 forbids it)."""
    started: Callable[[int, str | None], int] = lambda now, asked: now
    """The startTime of a key, given now and what the request says (CC-MACSEC-002)."""
    born_active: Callable[[bool | None], bool] = lambda asked: False
    """Is a key active before a router says so (CC-MACSEC-002)?"""
    one_active: bool = True
    """A key that becomes active makes the others of its channel inactive (CC-MACSEC-006)."""
    deletes_active: bool = False
    """Delete a key that is active (CC-MACSEC-008 forbids it)."""
    shows_cak: Callable[[str, bool], str | None] = lambda cak, to_manager: "********"
    """What a read shows of a CAK (CC-ERR-27)."""
    finds_elsewhere: bool = False
    """Serve a key under any channel of its interconnect (CC-MACSEC-007 forbids it)."""
    uses_early: bool = False
    """Use a new key before the other side has it (CC-MACSEC-002 forbids it)."""
    watches_peer: bool = True
    """The old key stays until the peer shows the new one active (CC-MACSEC-008)."""
    deletes_old: bool = True
    rolls_forward: bool = True
    """A key that the peer's router does not take is deleted for a further one (CC-MACSEC-011)."""
    serves_requests: bool = True
    """A rotation that is asked for takes place (CC-MACSEC-010)."""
    looks_after_lost: bool = True
    """A key whose handing over had no answer is looked for at the peer (coordinator-harness, 8, RACE-015)."""
    keeps_in_doubt: bool = True
    """A refused key whose first call had no answer stays on the own router: that call may still arrive (CC-RACE-015)."""
    withdraws: bool = True
    """A key that the peer refused leaves the own router (CC-RACE-015)."""
    retries: bool = True
    """A refused rotation is tried again (CC-RACE-015)."""
    pause: Callable[[int, int], int] = lambda attempt, rank: 30_000 * (rank + 1) * 4 ** (attempt - 1)
    """Milliseconds before a refused rotation is tried again, by the channel's place in the order of their IDs from 0:
    of two that crossed the smaller channel comes first (coordinator-harness, 8, RACE-015)."""
    attempts: int = 6
    """Refusals and dropped keys after which a rotation fails; their pauses exceed the bake time."""
    gives_up: bool = True
    bake_time: int = 2 * HOUR
    margin: int = 60_000
    """What an own rotation waits beyond our bake time, since the peer's begins when its own router is ready."""
    cadence: int = 24 * HOUR
    """From one rotation of an own channel to the next one (CC-MACSEC-012); 0 for none."""
    watch_pause: int = 5_000
    watch_limit: int = 12
    """How often the peer is asked for a key that is not active yet, before the key is dropped."""


MACSEC = MacSecDecisions()
