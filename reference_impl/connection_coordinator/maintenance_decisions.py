"""The choices of a provider that plans maintenance."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]
"""Start and end of a window, in milliseconds."""


def overlap(one: Span, other: Span) -> bool:
    """Windows that only touch do not overlap."""
    return one[0] < other[1] and other[0] < one[1]


def yields(own: tuple[int, str], other: tuple[int, str]) -> bool:
    """Of two windows (start, id) that cross, the later start yields, then the greater id (CC-ERR-35)."""
    return own > other


def acknowledged(status: int | None) -> bool:
    """Is a notification done that was answered so? Heard, or the channel is unknown there."""
    return status is not None and (200 <= status < 300 or status == 404)


@dataclass(frozen=True, slots=True)
class MaintenanceDecisions:
    overlap: Callable[[Span, Span], bool] = overlap
    asks_first: bool = True
    """A window against the peer's known events is not scheduled (CC-MAINT-001)."""
    excludes_same_device: bool = False
    """Two windows on one device may overlap (CC-MAINT-001)."""
    yields: Callable[[tuple[int, str], tuple[int, str]], bool] = yields
    yields_at_last: bool = True
    """Shortly before the start a window gives way to whatever the peer shows (coordinator-harness, 8, RACE-017)."""
    starts_only_cleared: bool = True
    """No start without an acknowledged notification and a later look at the peer's events (CC-ERR-63)."""
    gives_way_by: Literal["shift", "withdraw"] = "shift"
    """What becomes of a window that yields (CC-RACE-017)."""
    notifies: Collection[str] = ("open", "move", "close", "emergency")
    """Which changes the peer is told of (CC-MAINT-002, -005)."""
    tells: Callable[[int], int] = lambda channels: channels
    """On how many of a window's channels, given their number (CC-MAINT-002)."""
    acknowledged: Callable[[int | None], bool] = acknowledged
    reads_when_notified: bool = True
    """A notification makes this side read the sender's events at once (CC-MAINT-003)."""
    believes_the_notice: bool = False
    """Take the deprecated events of the notification for the truth (CC-MAINT-003 forbids it)."""
    shows: Callable[[int, int, int, bool], bool] = lambda start, end, now, emergency: end > now
    """Which of a channel's events are served: all that have not ended (CC-MAINT-004, -005)."""
    keeps_id: bool = True
    """A window that moves keeps its maintenanceId (CC-MAINT-004)."""
    emergency_waits: bool = False
    """Refuse an emergency that meets another window (CC-MAINT-005 forbids it)."""
    warns: bool = True
    """An operator is warned of an interconnect that shares some routers of another one, but not all (CC-MAINT-006)."""
    notice: int = 5 * 60_000
    """Milliseconds between the announcement of a window, or the last look at the peer's events, and its start."""


MAINTAINER = MaintenanceDecisions()
