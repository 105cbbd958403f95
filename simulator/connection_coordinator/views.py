"""What one side shows, for invariants over both sides: built from tables here, from observations in a live run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reference_impl.connection_coordinator.inventory_records import CHANNELS, INTERCONNECTS
from reference_impl.connection_coordinator.messages import L3BaseConfig
from reference_impl.connection_coordinator.records import FEATURES, KEYS, PLACEMENTS, FeatureState, Sent, Stage
from reference_impl.connection_coordinator.views import connections, dump
from reference_impl.kernel.tables import Tables
from simulator.sight import Gauge, Sight


@dataclass(frozen=True, slots=True)
class Placed:
    """One placement as a side shows it. ``settled`` is False for an own proposal under way and while it is deleted.

    ``ready``: all its features are FINAL, and these are enough; ``acked``: the peer acknowledged that it was told so;
    ``received`` is no, yes (a notification came) or confirmed (and this side read that the peer is ready). ``extra`` is
    what an own change under way reserves beyond ``mbps``.
    """

    uuid: str
    environment: str
    interconnect: str
    mbps: int
    settled: bool
    verified: bool
    ready: bool
    acked: bool
    received: str
    extra: int


@dataclass(frozen=True, slots=True)
class Configured:
    """One feature as a side shows it. ``final``: its equipment carries the configuration."""

    uuid: str
    interconnect: str
    channel: str
    id: str
    config: L3BaseConfig
    final: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer reads of a connection; ``accepted`` says that this side's customer brought the key, ``ended`` that
    it shall be no more: it failed, or somebody deletes it."""

    uuid: str
    state: str
    mbps: int
    accepted: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class View:
    """One side's view. ``rooms`` maps interconnect to (maximum, reserved) in Mbps; ``features`` are the agreed ones,
    ``keys`` maps the UUID of each key that was issued here to its state; of what was deleted there may be none."""

    seat: str
    rooms: tuple[tuple[str, int, int], ...]
    placements: tuple[Placed, ...]
    customers: tuple[Told, ...]
    features: tuple[Configured, ...]
    keys: tuple[tuple[str, str], ...]


def _view(seat: str, tables: Tables) -> View:
    features = tuple(
        Configured(row.uuid, row.interconnect, row.channel, row.id, row.config, row.state is FeatureState.FINAL)
        for row in sorted(tables.rows(FEATURES), key=lambda row: (row.uuid, row.interconnect, row.channel, row.id))
        if row.state in (FeatureState.PENDING, FeatureState.FINAL)
    )
    channels = Counter((row.peer, row.environment, row.interconnect) for row in tables.rows(CHANNELS))
    placements = tuple(
        Placed(
            row.uuid,
            row.environment,
            row.interconnect,
            row.mbps,
            row.stage in (Stage.PLACED, Stage.VERIFIED),
            row.stage is Stage.VERIFIED,
            _ready(row.uuid, row.interconnect, features, channels[row.peer, row.environment, row.interconnect]),
            row.sent is Sent.ACKED,
            row.received.value,
            row.extra,
        )
        for row in sorted(tables.rows(PLACEMENTS), key=lambda row: (row.uuid, row.interconnect))
    )
    reserved: dict[str, int] = {}
    for placed in placements:
        if placed.settled:
            reserved[placed.interconnect] = reserved.get(placed.interconnect, 0) + placed.mbps
    return View(
        seat,
        tuple((row.id, row.max_mbps, reserved.get(row.id, 0)) for row in tables.rows(INTERCONNECTS)),
        placements,
        tuple(
            Told(row.uuid, row.customer.value, row.mbps, not row.issuer, not row.living)
            for row in sorted(connections(tables), key=lambda row: row.uuid)
        ),
        features,
        tuple((row.uuid, row.state.value) for row in sorted(tables.rows(KEYS), key=lambda row: row.uuid)),
    )


def _ready(uuid: str, interconnect: str, features: tuple[Configured, ...], channels: int) -> bool:
    """Ready as the declarations of coordinator-harness, 6, have it: three of four, N-1 above four, N below."""
    own = [each.final for each in features if each.uuid == uuid and each.interconnect == interconnect]
    return all(own) and len(own) >= (channels if channels < 4 else channels - 1)


def _gauges(tables: Tables) -> tuple[Gauge, ...]:
    """Each interconnect's Mbps: placed, and reserved by proposals, deletions and updates that are under way."""
    placed: Counter[tuple[str, str, str]] = Counter()
    under_way: Counter[tuple[str, str, str]] = Counter()
    for row in tables.rows(PLACEMENTS):
        settled = row.stage in (Stage.PLACED, Stage.VERIFIED)
        place = (row.peer, row.environment, row.interconnect)
        placed[place] += row.mbps if settled else 0
        under_way[place] += row.extra + (0 if settled else row.mbps)
    places = {(row.peer, row.environment, row.id): row.max_mbps for row in tables.rows(INTERCONNECTS)}
    return tuple(
        Gauge(place[2], "Mbps", most, (("placed", placed[place]), ("under way", under_way[place])))
        for place, most in places.items()
    )


provider_view = Sight(
    view=_view,
    dump=dump,
    rows={
        "connections": ("uuid",),
        "placements": ("interconnect",),
        "features": ("channel",),
        "interconnects": ("environment", "id"),
    },
    gauges=_gauges,
)
