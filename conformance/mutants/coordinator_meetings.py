"""Wrong implementations of what meets: placements, updates, deletions and notifications that cross each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from conformance.twist import answering
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.messages import Connection, VerificationState
from reference_impl.connection_coordinator.records import KeyState

ONE, OTHER = "csp-a", "csp-b"


def _mutant(id: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(id, vice, caught_by, "connection-coordinator", seat, replace(PROVIDER, **decisions))


def _only_verified(connection: Connection) -> bool:
    return connection.verificationState is VerificationState.VERIFIED


MUTANTS = (
    _mutant(
        "cc-one-too-many",
        "takes one connection more than fits",
        "CC-RACE-002/1",
        ONE,
        fits=lambda room, size: room.free > 0 or room.free + size > 0,
    ),
    Mutant(
        "cc-deletes-under-protest",
        "answers a deletion with 409 and carries it out",
        "CC-RACE-008/1",
        "connection-coordinator",
        ONE,
        PROVIDER,
        answering("DeleteConnection", lambda asked, answer: (409, {}) if answer[0] == 200 else answer),
    ),
    Mutant(
        "cc-conflict-once-deleted",
        "answers a deletion of what is gone with 409",
        "CC-RACE-010/2",
        "connection-coordinator",
        ONE,
        PROVIDER,
        answering("DeleteConnection", lambda asked, answer: (409, {}) if answer[0] == 404 else answer),
    ),
    _mutant(
        "cc-confirms-once",
        "takes a key for used when it was confirmed",
        "CC-RACE-014/2",
        ONE,
        confirms=lambda key, *given: key.state is KeyState.ISSUED and PROVIDER.confirms(key, *given),
    ),
    _mutant(
        "cc-proposes-unguided",
        "proposes without guidance when it gets none at once",
        "CC-GUIDE-001/3",
        OTHER,
        proposes_unguided=True,
    ),
    _mutant(
        "cc-never-believes",
        "does not take the peer's word that it is ready",
        "CC-ACT-001/2",
        ONE,
        believes=lambda connection: False,
    ),
    _mutant(
        "cc-updates-cross",
        "takes the peer's update while its own is under way",
        "CC-RACE-006/1",
        OTHER,
        one_update_at_a_time=False,
    ),
    _mutant(
        "cc-notification-revives",
        "brings a connection back when it hears of it",
        "CC-RACE-011/1",
        ONE,
        revives=("notification",),
    ),
    _mutant(
        "cc-waits-for-verified",
        "is ready only when the peer shows VERIFIED",
        "CC-RACE-013/2",
        ONE,
        believes=_only_verified,
    ),
)
