"""Wrong implementations of migration, in the one who moves a connection and in the other one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER

ISSUER, ACCEPTOR = "csp-a", "csp-b"


def _mutant(id: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, **decisions),
    )


MUTANTS = (
    _mutant(
        "cc-sedentary",
        "takes no second placement of a verified connection",
        "CC-MIG-001/1",
        ISSUER,
        takes_migrations=False,
    ),
    _mutant(
        "cc-moves-into-full-places",
        "takes a second placement where there is no room",
        "CC-MIG-001/2",
        ACCEPTOR,
        fits=lambda room, size: True,
    ),
    _mutant(
        "cc-moves-into-closed-places",
        "takes a second placement on a closed interconnect",
        "CC-MIG-001/2",
        ISSUER,
        takes_connections=lambda state: True,
    ),
    _mutant(
        "cc-breaks-before-make",
        "deletes the old placement as soon as the new one is granted",
        "CC-MIG-002/1",
        ACCEPTOR,
        breaks_when="placed",
    ),
    _mutant(
        "cc-counts-one-place",
        "has given up the old placement while the new one is made",
        "CC-MIG-002/2",
        ISSUER,
        breaks_when="placed",
    ),
    _mutant(
        "cc-never-turns-back",
        "keeps a second placement that never becomes ready",
        "CC-MIG-002/3",
        ISSUER,
        migration_limit=7 * 24 * 3_600_000,
    ),
    _mutant(
        "cc-deletes-by-uuid",
        "deletes both placements when the old one is deleted",
        "CC-MIG-003/1",
        ISSUER,
        tells_placements_apart=False,
    ),
    _mutant(
        "cc-rolls-back-by-uuid",
        "deletes both placements when the new one is taken back",
        "CC-MIG-003/2",
        ISSUER,
        tells_placements_apart=False,
    ),
    _mutant(
        "cc-tells-of-the-move",
        "shows its customer a pending connection while it is moved",
        "CC-MIG-004/1",
        ACCEPTOR,
        tells_customer=lambda view, places: {**view, "state": "pending"} if len(places) > 1 else view,
    ),
    _mutant(
        "cc-gives-up-both-places",
        "deletes the connection when its migration cannot be made",
        "CC-MIG-005/1",
        ACCEPTOR,
        gives_up_the_new_only=False,
    ),
    _mutant(
        "cc-stays-too-small",
        "refuses a bandwidth for which there is room on another interconnect only",
        "CC-UPD-001/2",
        ISSUER,
        moves_to_upgrade=False,
    ),
    _mutant(
        "cc-key-outlives-the-move",
        "leaves the key good when a connection is deleted while it is moved",
        "CC-RACE-018/1",
        ISSUER,
        voids_keys=False,
    ),
    _mutant(
        "cc-lost-between-two-moves",
        "loses the connection when its peer's migration has won over its own",
        "CC-RACE-018/2",
        ISSUER,
        tells_placements_apart=False,
    ),
    _mutant(
        "cc-changed-while-moved",
        "grants another bandwidth at the old place while the connection is moved",
        "CC-RACE-018/3",
        ISSUER,
        one_migration_at_a_time=False,
    ),
)
