"""MACsec keys as both sides have them, and what a rotation must never do to them (coordinator-harness, I15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reference_impl.connection_coordinator.inventory_records import CHANNELS
from reference_impl.connection_coordinator.macsec_records import BAKES, MACSEC_KEYS, ROTATIONS, RotationStage
from reference_impl.connection_coordinator.views import dump
from reference_impl.kernel.tables import Tables
from reports.verdict import Finding
from simulator.invariant import Invariant, Liveness
from simulator.sight import Sight


@dataclass(frozen=True, slots=True)
class KeyView:
    """One side's keys: (channel, key, active), of one interconnect of ``channels`` channels; ``rotations`` are those
    that it manages: (channel, wanted | under way | done | failed). ``baking``: a rotation was less than two hours ago."""

    seat: str
    channels: int
    keys: tuple[tuple[str, str, bool], ...]
    rotations: tuple[tuple[str, str], ...]
    baking: bool

    def on(self, channel: str) -> list[tuple[str, bool]]:
        return [(key, active) for place, key, active in self.keys if place == channel]

    @property
    def per_channel(self) -> Mapping[str, int]:
        return Counter(channel for channel, _, _ in self.keys)


_WORDS = {stage: stage.value for stage in (RotationStage.WANTED, RotationStage.DONE, RotationStage.FAILED)}


def _keys(seat: str, tables: Tables) -> KeyView:
    """What a provider shows of the MACsec keys on ix1."""
    return KeyView(
        seat,
        sum(row.interconnect == "ix1" for row in tables.rows(CHANNELS)),
        tuple(
            sorted((row.channel, row.id, row.active) for row in tables.rows(MACSEC_KEYS) if row.interconnect == "ix1")
        ),
        tuple(sorted((row.channel, _WORDS.get(row.stage, "under way")) for row in tables.rows(ROTATIONS))),
        any(True for _ in tables.rows(BAKES)),
    )


key_view = Sight(view=_keys, dump=dump, rows={}, gauges=lambda tables: ())
"""The keys of both sides."""


def _per_side(rule: Callable[[KeyView], str]) -> Callable[[Sequence[KeyView]], Finding | None]:
    def judge(views: Sequence[KeyView]) -> Finding | None:
        for view in views:
            if told := rule(view):
                return Finding.failed(want="the key limits and rotation rules (I15)", got=f"{view.seat} has {told}")
        return None

    return judge


def _limits(view: KeyView) -> str:
    """At most two keys on a channel, N+1 on an interconnect (CC-MACSEC-003)."""
    for channel, count in view.per_channel.items():
        if count > 2:
            return f"{count} keys on {channel}"
    return f"{len(view.keys)} keys on {view.channels} channels" if len(view.keys) > view.channels + 1 else ""


def _rotating(view: KeyView) -> str:
    """One channel in rotation at a time (CC-MACSEC-004)."""
    rotating = sorted(channel for channel, count in view.per_channel.items() if count > 1)
    return f"{' and '.join(rotating)} in rotation" if len(rotating) > 1 else ""


def _active(view: KeyView) -> str:
    """Exactly one active key on each channel, all the time (CC-MACSEC-006, -008)."""
    for channel in sorted(view.per_channel):
        active = sum(active for _, active in view.on(channel))
        if active != 1:
            return f"{active} active keys on {channel}"
    return ""


def _unusable(views: Sequence[KeyView]) -> Finding | None:
    """A key in use on one side is there on the other one: else nothing can be sent (CC-RACE-015)."""
    for one, other in (views, views[::-1]):
        for channel, key, active in one.keys:
            if active and key not in [there for there, _ in other.on(channel)]:
                got = f"{one.seat} uses {key[-4:]} on {channel}, {other.seat} does not have it"
                return Finding.failed(want="a key that both sides have", got=got)
    return None


def _differs(views: Sequence[KeyView]) -> Finding | None:
    one, other = views
    if one.keys == other.keys:
        return None
    told = [", ".join(f"{channel} {key[-4:]}" for channel, key, _ in view.keys) for view in views]
    return Finding.failed(want="the same keys on both sides", got=f"{one.seat}: {told[0]}; {other.seat}: {told[1]}")


def _unfinished(views: Sequence[KeyView]) -> Finding | None:
    if told := open_rotation(views):
        return Finding.failed(want="every rotation done", got=told)
    return None


def open_rotation(views: Sequence[KeyView]) -> str:
    """Which rotation has not come to its end, in words."""
    for view in views:
        for channel, stage in view.rotations:
            if stage != "done":
                return f"the rotation of {channel} by {view.seat} is {stage}"
    return ""


ROTATION = (
    Invariant("the key limits", _per_side(_limits)),
    Invariant("one channel in rotation", _per_side(_rotating)),
    Invariant("one active key on each channel", _per_side(_active)),
    Invariant("a key in use is on both sides", _unusable),
    Invariant("the same keys on both sides at rest", _differs, at_rest=True),
    Invariant("every rotation is done at rest", _unfinished, at_rest=True),
)
"""I15, whole."""


def _in_vain(views: Sequence[KeyView]) -> str:
    """As above; while a side's bake time runs there is something to wait for, which the clock brings to an end, and no
    call tells the other side of it."""
    return "" if any(view.baking for view in views) else open_rotation(views)


rotations_end: Liveness[KeyView] = Liveness("every rotation ends", _in_vain)
