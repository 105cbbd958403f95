"""What a provider keeps of MACsec: the keys of each channel as its own router has them, and the rotations it manages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reference_impl.kernel.tables import Table


class KeyStage(StrEnum):
    STANDBY = "standby"
    """Own key: going onto our router, or there, and the peer does not have it (CC-MACSEC-002)."""
    SHARED = "shared"
    """Both sides have it."""
    LEAVING = "leaving"
    """The peer is asked to delete it; it goes here when it is gone there."""


@dataclass(frozen=True, slots=True)
class MacSecKey:
    """A key of a channel. ``active`` as our own router reports it; ``started_at`` is the moment of acceptance."""

    peer: str
    environment: str
    interconnect: str
    channel: str
    id: str
    cak: str = field(repr=False)
    ckn: str
    started_at: int
    active: bool = False
    stage: KeyStage = KeyStage.SHARED


class RotationStage(StrEnum):
    WANTED = "wanted"
    """It begins when the rotation rules allow it."""
    STANDBY = "standby"
    OFFERED = "offered"
    WATCHED = "watched"
    """The peer took the key; both routers have to take it into use."""
    DROPPING = "dropping"
    """The peer's router did not take the new key: it is deleted for another one (CC-MACSEC-011)."""
    CLEARING = "clearing"
    """The new key is active on both sides, the old one is deleted."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rotation:
    """The newest rotation of a channel that this side manages.

    ``key``, ``cak`` and ``ckn`` are kept when the peer refuses: a repetition hands over the same key, so that a lost
    call which arrives after all is found again (coordinator-harness, 8, RACE-015). ``attempts`` counts refusals and
    keys that were dropped, ``looks`` how often the peer's key was not active yet. ``doubt``: a call had no answer and may
    still arrive, so the key must stay where it stands by.
    """

    peer: str
    environment: str
    interconnect: str
    channel: str
    stage: RotationStage
    key: str = ""
    cak: str = field(default="", repr=False)
    ckn: str = ""
    attempts: int = 0
    looks: int = 0
    doubt: bool = False
    reason: str = ""

    @property
    def over(self) -> bool:
        return self.stage in (RotationStage.DONE, RotationStage.FAILED)


@dataclass(frozen=True, slots=True)
class Bake:
    """A key of this channel became active less than two hours ago. An ``initial`` key bars this channel only."""

    peer: str
    environment: str
    interconnect: str
    channel: str
    initial: bool


_CHANNEL = ("peer", "environment", "interconnect", "channel")
_INTERCONNECT = ("peer", "environment", "interconnect")

MACSEC_KEYS = Table("macsec_keys", MacSecKey, (*_CHANNEL, "id"), (_INTERCONNECT, _CHANNEL))
ROTATIONS = Table("rotations", Rotation, _CHANNEL, (_INTERCONNECT,))
BAKES = Table("bakes", Bake, _CHANNEL, (_INTERCONNECT,))

MACSEC_TABLES = (MACSEC_KEYS, ROTATIONS, BAKES)
