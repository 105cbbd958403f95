"""What one side shows of maintenance, and what must never be of it (coordinator-harness, 7.2, I16; 8, RACE-017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from reference_impl.connection_coordinator.maintenance_records import WINDOWS
from reference_impl.connection_coordinator.views import dump
from reference_impl.kernel.tables import Tables
from reports.verdict import Finding
from simulator.invariant import Invariant, Liveness
from simulator.sight import Gauge, Sight

TAKES_PLACE = ("cleared", "running")
"""At windows that overlap in time both sides are at work at one moment, so one that is over need not be compared."""
HAD = ("running", "over")
NOT_YET = ("planned", "checking", "cleared")


@dataclass(frozen=True, slots=True)
class Planned:
    """One window: its channels as environment/interconnect/channel, its times in minutes."""

    id: str
    channels: tuple[str, ...]
    start: int
    end: int
    stage: str

    @property
    def bundles(self) -> frozenset[str]:
        return frozenset(channel.rpartition("/")[0] for channel in self.channels)


@dataclass(frozen=True, slots=True)
class Calendar:
    seat: str
    windows: tuple[Planned, ...]


def _calendar(seat: str, tables: Tables) -> Calendar:
    return Calendar(
        seat,
        tuple(
            Planned(
                row.id,
                tuple("/".join(place[1:]) for place in row.channels),
                row.start // 60_000,
                row.end // 60_000,
                row.stage.value,
            )
            for row in sorted(tables.rows(WINDOWS), key=lambda row: row.id)
        ),
    )


def _together(views: Sequence[Calendar]) -> Finding | None:
    """Windows that take place do not overlap on different routers of an interconnect. Every channel has its own router."""
    going = [(view.seat, each) for view in views for each in view.windows if each.stage in TAKES_PLACE]
    for (one, first), (other, second) in combinations(going, 2):
        apart = first.end <= second.start or second.end <= first.start
        if first.bundles & second.bundles and first.channels != second.channels and not apart:
            return Finding.failed(
                want="one router of an interconnect in maintenance at a time",
                got=f"{_told(one, first)} and {_told(other, second)}",
            )
    return None


def _none_left(views: Sequence[Calendar]) -> Finding | None:
    """Of windows that cross at least one takes place (CC-RACE-017)."""
    stages = [each.stage for view in views for each in view.windows]
    if stages and all(stage == "withdrawn" for stage in stages):
        return Finding.failed(want="at least one window", got=f"all {len(stages)} withdrawn")
    return None


def _open(views: Sequence[Calendar]) -> str:
    """Which window has not begun, in words."""
    return next(
        (_told(view.seat, each) for view in views for each in view.windows if each.stage in NOT_YET),
        "",
    )


def _told(seat: str, window: Planned) -> str:
    return f"{seat} on {window.channels[0].rpartition('/')[2]}, minutes {window.start} to {window.end}"


maintained_together = Invariant("no two routers of an interconnect are maintained together", _together)
no_window_left = Invariant("at least one window takes place", _none_left, at_rest=True)
windows_begin: Liveness[Calendar] = Liveness("every window begins", _open)


def both_take_place(views: Sequence[Calendar]) -> bool:
    """Both sides have had their windows, at different times."""
    had = [each for view in views for each in view.windows if each.stage in HAD]
    return len(had) == len(views) and len({each.start for each in had}) == len(had)


def _gauges(tables: Tables) -> tuple[Gauge, ...]:
    return ()


calendar = Sight(view=_calendar, dump=dump, rows={"maintenance": ("id",)}, gauges=_gauges)
