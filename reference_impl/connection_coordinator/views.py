"""The state of a provider in the normal form of coordinator-harness 4.1: what judges compare, the same for both sides.

``dump`` reads tables through anything that has ``rows``: a transaction or the tables themselves.
"""

from __future__ import annotations

from typing import Any

from reference_impl.connection_coordinator import moments, reads
from reference_impl.connection_coordinator.inventory_records import CHANNELS, INTERCONNECTS
from reference_impl.connection_coordinator.issue_records import COMMENTS, ISSUES
from reference_impl.connection_coordinator.macsec_records import MACSEC_KEYS
from reference_impl.connection_coordinator.maintenance_records import WINDOWS
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    FEATURES,
    KEYS,
    PLACEMENTS,
    TOMBSTONES,
    Connection,
    Customer,
    FeatureState,
    KeyState,
    Placement,
    Tombstone,
)
from reference_impl.kernel.tables import Readable


def connections(tables: Readable) -> list[Connection]:
    """The customers' connections, with what is still known of the deleted ones."""
    return [*tables.rows(CONNECTIONS), *(remains(row) for row in tables.rows(TOMBSTONES) if row.account)]


def remains(grave: Tombstone) -> Connection:
    """What a tombstone tells of its connection."""
    return Connection(
        grave.uuid,
        grave.peer,
        grave.environment,
        grave.mbps,
        grave.account,
        grave.issuer,
        key_text="",
        customer=Customer.DELETED,
        reason=grave.reason,
        living=0,
    )


def dump(tables: Readable) -> dict[str, Any]:
    """Connections, placements with their features, interconnects with their room; no secret is in it."""
    keys = {row.uuid: KeyState.VOID.value for row in tables.rows(TOMBSTONES) if row.issuer}
    keys |= {row.uuid: row.state.value for row in tables.rows(KEYS)}
    tombstones = {row.uuid for row in tables.rows(TOMBSTONES) if not row.interconnect}
    features: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in tables.rows(FEATURES):
        if row.state in (FeatureState.PENDING, FeatureState.FINAL):
            place = (row.peer, row.environment, row.interconnect, row.uuid)
            features.setdefault(place, []).append(
                {"id": row.id, "channel": row.channel, "state": row.state.name, "config": row.config.to_json()}
            )
    placements: dict[str, list[dict[str, Any]]] = {}
    for row in tables.rows(PLACEMENTS):
        placements.setdefault(row.uuid, []).append(_placement(row, features))
    return {
        "connections": [
            {
                "uuid": row.uuid,
                "peer": row.peer,
                "environment": row.environment,
                "mbps": row.mbps,
                "customer": row.customer.value,
                "issuer": row.issuer,
                "key": keys.get(row.uuid, "?"),
                "update": row.updating or None,
                "migration": "own" if row.moving else "peer" if len(placements.get(row.uuid, [])) > 1 else "none",
                "tombstone": row.uuid in tombstones,
                "placements": sorted(placements.get(row.uuid, []), key=lambda each: str(each["interconnect"])),
            }
            for row in sorted(connections(tables), key=lambda each: each.uuid)
        ],
        "interconnects": [
            {
                "peer": row.peer,
                "environment": row.environment,
                "id": row.id,
                "state": row.state.rpartition("_")[2],
                "max_mbps": row.max_mbps,
                "reserved_mbps": sum(
                    p.mbps + p.extra
                    for p in tables.rows(PLACEMENTS)
                    if (p.peer, p.environment, p.interconnect) == (row.peer, row.environment, row.id)
                ),
            }
            for row in sorted(tables.rows(INTERCONNECTS), key=lambda each: (each.peer, each.environment, each.id))
        ],
        "disabled_channels": sorted(
            f"{row.environment}/{row.interconnect}/{row.id}" for row in tables.rows(CHANNELS) if not row.enabled
        ),
        "maintenance": [
            {
                "id": row.id,
                "channels": ["/".join(place) for place in row.channels],
                "start": moments.written(row.start),
                "end": moments.written(row.end),
                "kind": "emergency" if row.emergency else "scheduled",
                "stage": row.stage.value,
            }
            for row in sorted(tables.rows(WINDOWS), key=lambda each: each.id)
        ],
        "issues": [
            {
                "peer": row.peer,
                "id": row.id,
                "state": row.state.value.removeprefix("STATE_"),
                "comments": sum((said.peer, said.issue) == (row.peer, row.id) for said in tables.rows(COMMENTS)),
            }
            for row in sorted(tables.rows(ISSUES), key=lambda each: (each.peer, each.id))
        ],
        "macsec_keys": sorted(
            f"{row.peer}/{row.environment}/{row.interconnect}/{row.channel}/{row.id}{' active' if row.active else ''}"
            for row in tables.rows(MACSEC_KEYS)
        ),
    }


def _placement(row: Placement, features: dict[tuple[str, ...], list[dict[str, Any]]]) -> dict[str, Any]:
    place = (row.peer, row.environment, row.interconnect, row.uuid)
    return {
        "interconnect": row.interconnect,
        "mbps": row.mbps,
        "stage": row.stage.value,
        "tentative": row.tentative,
        "verification": str(reads.connection(row).verificationState).rpartition("_")[2],
        "origin": "own" if row.own else "peer",
        "deferral": row.deferral.value,
        "ready": row.ready,
        "sent": row.sent.value,
        "received": row.received.value,
        "features": sorted(features.get(place, []), key=lambda each: str(each["channel"])),
    }
