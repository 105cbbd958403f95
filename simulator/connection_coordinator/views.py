"""What one side shows, for invariants over both sides: built from tables here, from observations in a live run."""

from __future__ import annotations

from dataclasses import dataclass

from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    INTERCONNECTS,
    PLACEMENTS,
    Stage,
)
from reference_impl.kernel.tables import Tables


@dataclass(frozen=True, slots=True)
class Placed:
    """One placement as a side shows it. ``settled`` is False for an own proposal under way."""

    uuid: str
    environment: str
    interconnect: str
    mbps: int
    settled: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class View:
    """One side's view. ``rooms`` maps interconnect to (maximum, reserved) in Mbps; ``customers`` are
    (UUID, state, accepted here)."""

    seat: str
    rooms: tuple[tuple[str, int, int], ...]
    placements: tuple[Placed, ...]
    customers: tuple[tuple[str, str, bool], ...]


def provider_view(seat: str, tables: Tables) -> View:
    placements = tuple(
        Placed(
            row.uuid,
            row.environment,
            row.interconnect,
            row.mbps,
            row.stage in (Stage.PLACED, Stage.VERIFIED),
            row.stage is Stage.VERIFIED,
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
            (row.uuid, row.customer.value, not row.issuer)
            for row in sorted(tables.rows(CONNECTIONS), key=lambda row: row.uuid)
        ),
    )
