"""Wrong implementations of interconnects, placement, update and deletion."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER, Room

RESPONDER, NEGOTIATOR = "csp-a", "csp-b"


def _mutant(id: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, **decisions),
    )


def _first_by_name(candidates: Sequence[Room], size: int, refused: Collection[str]) -> str | None:
    return min((room.id for room in candidates if room.free >= size and room.id not in refused), default=None)


def _the_same_again(candidates: Sequence[Room], size: int, refused: Collection[str]) -> str | None:
    return max((room.id for room in candidates if room.free >= size), default=None)


def _only_the_first(candidates: Sequence[Room], size: int, refused: Collection[str]) -> str | None:
    return max((room.id for room in candidates if room.id not in refused), default=None) if not refused else None


MUTANTS = (
    _mutant(
        "cc-device-names",
        "shows the raw names of its devices",
        "CC-CH-004/1",
        RESPONDER,
        device_id=lambda device: device,
    ),
    _mutant(
        "cc-one-device",
        "shows one device id for all channels",
        "CC-CH-004/2",
        NEGOTIATOR,
        device_id=lambda device: "device",
    ),
    _mutant(
        "cc-numbered-channels",
        "configures only channels that are called ch and a number up to four",
        "CC-CH-006/1",
        NEGOTIATOR,
        configures=lambda channel: channel in ("ch1", "ch2", "ch3", "ch4"),
    ),
    _mutant(
        "cc-oversells",
        "grants whatever is proposed",
        "CC-IX-004/2",
        RESPONDER,
        fits=lambda room, size: True,
    ),
    _mutant(
        "cc-keeps-reserve",
        "refuses what would leave less than half of a large interconnect free",
        "CC-CONN-007/1",
        RESPONDER,
        fits=lambda room, size: room.free >= size and (room.max_mbps <= 1000 or room.free - size >= room.max_mbps // 2),
    ),
    _mutant(
        "cc-takes-on-closed",
        "places connections on closed interconnects",
        "CC-IX-005/1",
        RESPONDER,
        takes_connections=lambda state: not state.endswith("PENDING"),
    ),
    _mutant(
        "cc-takes-on-pending",
        "places connections on pending interconnects",
        "CC-IX-005/2",
        RESPONDER,
        takes_connections=lambda state: not state.endswith("CLOSED"),
    ),
    _mutant(
        "cc-proposes-closed",
        "proposes interconnects whatever their state",
        "CC-IX-005/3",
        NEGOTIATOR,
        takes_connections=lambda state: True,
    ),
    _mutant(
        "cc-any-size",
        "takes sizes that the interconnect does not support",
        "CC-CONN-008/2",
        NEGOTIATOR,
        supports=lambda sizes, mbps: True,
    ),
    _mutant(
        "cc-grants-repeats",
        "creates a connection anew that is placed already",
        "CC-CONN-013/1",
        RESPONDER,
        knows_what_exists=False,
        single_unverified_placement=False,
    ),
    _mutant(
        "cc-asks-before-recording",
        "has no copy of its own while it asks",
        "CC-CONN-001/1",
        NEGOTIATOR,
        records_first=False,
    ),
    _mutant(
        "cc-first-by-name",
        "proposes the first interconnect by name",
        "CC-CONN-008/1",
        NEGOTIATOR,
        choose_interconnect=_first_by_name,
    ),
    _mutant(
        "cc-insists",
        "proposes the refused interconnect again",
        "CC-CONN-009/1",
        NEGOTIATOR,
        choose_interconnect=_the_same_again,
    ),
    _mutant(
        "cc-hammers",
        "repeats its attempts every half second",
        "CC-CONN-010/1",
        NEGOTIATOR,
        backoff=lambda attempt: 500,
    ),
    _mutant(
        "cc-never-refreshes",
        "goes on without reading the peer's interconnects again",
        "CC-CONN-010/3",
        NEGOTIATOR,
        refreshes_before_retry=False,
        looks_before_retry=False,
        choose_interconnect=_the_same_again,
    ),
    _mutant(
        "cc-never-gives-up",
        "proposes for hours",
        "CC-CONN-011/1",
        NEGOTIATOR,
        placement_attempts=100_000,
        placement_rounds=100_000,
        placement_span=10_000_000,
    ),
    _mutant(
        "cc-elsewhere-at-once",
        "tries the next interconnect without looking for what became of the last",
        "CC-RACE-003/1",
        NEGOTIATOR,
        looks_before_retry=False,
    ),
    _mutant(
        "cc-own-proposal-free",
        "reads any 409 as a sign that its proposal was stored, and does not count open ones as reserved",
        "CC-RACE-001/2",
        NEGOTIATOR,
        fits=lambda room, size: room.max_mbps - room.placed >= size,
        takes_409_for_existing=True,
    ),
    _mutant(
        "cc-loser-insists",
        "proposes the same interconnect again after it lost the race for it",
        "CC-RACE-001/2",
        NEGOTIATOR,
        choose_interconnect=_only_the_first,
    ),
    _mutant(
        "cc-update-any-room",
        "grants every increase",
        "CC-UPD-003/4",
        RESPONDER,
        room_for_update=lambda room, old, new: True,
    ),
    _mutant(
        "cc-increase-races",
        "grants every increase whatever was placed meanwhile",
        "CC-RACE-007/1",
        RESPONDER,
        room_for_update=lambda room, old, new: True,
    ),
    _mutant(
        "cc-any-mask",
        "takes any field for the bandwidth",
        "CC-UPD-004/2",
        RESPONDER,
        changeable=("bandwidthMbps", "name", "activationKey", "adminState", "verificationState", "colour"),
    ),
    _mutant(
        "cc-many-updates",
        "grants an update while another one is under way",
        "CC-UPD-005/1",
        NEGOTIATOR,
        one_update_at_a_time=False,
    ),
    _mutant(
        "cc-keeps-refused-update",
        "keeps the new bandwidth although the peer refused it",
        "CC-UPD-002/2",
        RESPONDER,
        restores_after_refusal=False,
    ),
    _mutant(
        "cc-forgets-lost-update",
        "takes an update without an answer for refused",
        "CC-UPD-002/4",
        RESPONDER,
        looks_after_lost_update=False,
    ),
    _mutant(
        "cc-silent-after-update",
        "announces only the first readiness, no completed update",
        "CC-UPD-006/1",
        RESPONDER,
        announces=lambda is_ready, announced, notified: is_ready and not announced,
    ),
    _mutant(
        "cc-changed-too-early",
        "tells its customer of the new bandwidth before the equipment carries it",
        "CC-UPD-006/2",
        NEGOTIATOR,
        changed_when_granted=True,
    ),
    _mutant(
        "cc-deletes-once",
        "takes any answer to its deletion for done",
        "CC-DEL-001/2",
        RESPONDER,
        deletion_done=lambda status: True,
    ),
    _mutant(
        "cc-deletion-404",
        "takes 404 to its deletion for a failure",
        "CC-DEL-005/2",
        NEGOTIATOR,
        deletion_done=lambda status: status is not None and 200 <= status < 300,
    ),
    _mutant(
        "cc-keeps-features",
        "keeps the VLANs and subnets of deleted connections",
        "CC-DEL-003/4",
        RESPONDER,
        frees_features=False,
    ),
    _mutant(
        "cc-vlans-survive",
        "keeps what was agreed while a deletion crossed",
        "CC-RACE-009/1",
        NEGOTIATOR,
        frees_features=False,
    ),
    _mutant(
        "cc-immortal-keys",
        "confirms the keys of deleted connections",
        "CC-DEL-004/1",
        RESPONDER,
        voids_keys=False,
    ),
    _mutant(
        "cc-resurrects",
        "creates a deleted connection again",
        "CC-DEL-004/2",
        RESPONDER,
        voids_keys=False,
    ),
)
