"""What is known of a channel's keys, and whether a further one may come now: the same questions for both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reference_impl.connection_coordinator.desk import Desk, Where, channels_of
from reference_impl.connection_coordinator.inventory_records import Channel
from reference_impl.connection_coordinator.macsec_decisions import Situation
from reference_impl.connection_coordinator.macsec_records import BAKES, MACSEC_KEYS, MacSecKey
from reference_impl.kernel.party import Subject

Place = tuple[str, str, str, str]
"""A channel: (peer, environment, interconnect, channel)."""

INSTALL = "macsec"
STANDBY, ACTIVE = "standby", "active"
"""What a router is to do with a key: keep it ready, or take it into use."""


def place_of(row: Channel) -> Place:
    return row.peer, row.environment, row.interconnect, row.id


def subject_of(row: MacSecKey) -> Subject:
    return row.peer, row.environment, row.interconnect, row.channel, row.id


def keys_on(desk: Desk, place: Place) -> list[MacSecKey]:
    peer, environment, interconnect, channel = place
    return desk.tx.by(MACSEC_KEYS, peer=peer, environment=environment, interconnect=interconnect, channel=channel)


def install(desk: Desk, row: MacSecKey, step: str) -> None:
    """A job for our own router."""
    desk.provision(INSTALL, (*subject_of(row), step))


def barred(desk: Desk, place: Place, bars: Iterable[Callable[[Situation], str | None]]) -> str | None:
    """Why no further key may come to this channel now; None: it may."""
    seen = _situation(desk, place[:3], place[3])
    return next((reason for bar in bars if (reason := bar(seen))), None)


def _situation(desk: Desk, where: Where, channel: str) -> Situation:
    peer, environment, interconnect = where
    keys = [
        row.channel for row in desk.tx.by(MACSEC_KEYS, peer=peer, environment=environment, interconnect=interconnect)
    ]
    bakes = desk.tx.by(BAKES, peer=peer, environment=environment, interconnect=interconnect)
    return Situation(
        channels=len(channels_of(desk, where)),
        on_channel=keys.count(channel),
        on_interconnect=len(keys),
        rotating=tuple(sorted({each for each in keys if each != channel and keys.count(each) > 1})),
        baking=tuple(sorted(row.channel for row in bakes if not row.initial or row.channel == channel)),
    )
