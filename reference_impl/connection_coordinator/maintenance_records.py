"""What a provider keeps of maintenance: the windows of its own routers, and what it has read of its partners' events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reference_impl.kernel.tables import Table

Place = tuple[str, str, str, str]
"""A channel: (peer, environment, interconnect, channel)."""


class WindowStage(StrEnum):
    PLANNED = "planned"
    CHECKING = "checking"
    """Its start is near: the peers' events are read once more."""
    CLEARED = "cleared"
    """Every peer acknowledged it, and none showed anything against it afterwards: it may start."""
    RUNNING = "running"
    WITHDRAWN = "withdrawn"
    """It did not take place. Like one that is over it is the operator's to read; the peer does not see it any more."""
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Window:
    """A maintenance of an own router, or of one channel on it, in milliseconds; an event of each of its ``channels``.

    ``unheard`` are the channels whose peer has not acknowledged the last change, ``unread`` those whose events are
    still to be read before it may start. An ``emergency`` asks nobody (CC-MAINT-005).
    """

    id: str
    device: str
    channels: tuple[Place, ...]
    start: int
    end: int
    emergency: bool = False
    stage: WindowStage = WindowStage.PLANNED
    unheard: tuple[Place, ...] = ()
    unread: tuple[Place, ...] = ()

    @property
    def standing(self) -> bool:
        """Is it scheduled or running?"""
        return self.stage not in (WindowStage.WITHDRAWN, WindowStage.OVER)

    def on(self, place: tuple[str, ...]) -> bool:
        """Does it touch this channel, or a channel of this interconnect?"""
        return any(channel[: len(place)] == place for channel in self.channels)


@dataclass(frozen=True, slots=True)
class PeerEvent:
    """A maintenance event as the peer served it last."""

    peer: str
    environment: str
    interconnect: str
    channel: str
    id: str
    start: int
    end: int


WINDOWS = Table("windows", Window, ("id",))
PEER_EVENTS = Table(
    "peer_events",
    PeerEvent,
    ("peer", "environment", "interconnect", "channel", "id"),
    (("peer", "environment", "interconnect"), ("peer", "environment", "interconnect", "channel")),
)

MAINTENANCE_TABLES = (WINDOWS, PEER_EVENTS)
