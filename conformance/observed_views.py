"""What one provider shows, for invariants over both sides: from the operator's dump (coordinator-harness, section 4).

The simulator makes the same views from tables; the invariants are the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reference_impl.connection_coordinator.messages import L3BaseConfig
from simulator.connection_coordinator.views import Configured, Placed, Told, View

SETTLED = ("placed", "verified")
ENDED = ("failed", "deleted")


def provider_view_of(seat: str, dump: Mapping[str, Any]) -> View:
    """The view of a dump in the normal form. What an own update reserves is not in it (``extra`` is 0)."""
    placements: list[Placed] = []
    features: list[Configured] = []
    for connection in dump.get("connections", ()):
        for row in connection.get("placements", ()):
            placements.append(_placed(connection, row))
            features += [_configured(connection["uuid"], row["interconnect"], each) for each in row.get("features", ())]
    reserved: dict[str, int] = {}
    for placed in placements:
        if placed.settled:
            reserved[placed.interconnect] = reserved.get(placed.interconnect, 0) + placed.mbps
    return View(
        seat,
        tuple((row["id"], row["max_mbps"], reserved.get(row["id"], 0)) for row in dump.get("interconnects", ())),
        tuple(sorted(placements, key=lambda each: (each.uuid, each.interconnect))),
        tuple(_told(row) for row in dump.get("connections", ())),
        tuple(sorted(features, key=lambda each: (each.uuid, each.interconnect, each.channel, each.id))),
        tuple((row["uuid"], row["key"]) for row in dump.get("connections", ()) if _has_key(row)),
    )


def _placed(connection: Mapping[str, Any], row: Mapping[str, Any]) -> Placed:
    return Placed(
        connection["uuid"],
        connection["environment"],
        row["interconnect"],
        row["mbps"],
        row["stage"] in SETTLED,
        row["stage"] == "verified",
        bool(row.get("ready")),
        row.get("sent") == "acked",
        str(row.get("received", "no")),
        0,
    )


def _configured(uuid: str, interconnect: str, row: Mapping[str, Any]) -> Configured:
    config = L3BaseConfig.model_validate_json(json.dumps(row["config"]))
    return Configured(uuid, interconnect, row["channel"], row["id"], config, row["state"] == "FINAL")


def _has_key(row: Mapping[str, Any]) -> bool:
    """Of what was deleted the dump still tells that its key is void; the key itself is gone."""
    return bool(row.get("issuer")) and not row.get("tombstone")


def _told(row: Mapping[str, Any]) -> Told:
    return Told(row["uuid"], row["customer"], row["mbps"], not row.get("issuer"), row["customer"] in ENDED)
