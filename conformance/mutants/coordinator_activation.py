"""Wrong implementations of provisioning and activation; each differs from the reference in one decision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER


def _either(id: str, vice: str, caught_by: str, **spoiled: Any) -> tuple[Mutant, Mutant]:
    """The same vice in both seats: activation is judged in either."""
    decisions = replace(PROVIDER, **spoiled)
    return (
        Mutant(f"cc-act-{id}-a", vice, caught_by, "connection-coordinator", "csp-a", decisions),
        Mutant(f"cc-act-{id}-b", vice, caught_by, "connection-coordinator", "csp-b", decisions),
    )


MUTANTS = (
    *_either(
        "without-ready", "believes the peer and is VERIFIED itself", "CC-ACT-005/1", verified=lambda p: p.confirmed
    ),
    *_either(
        "without-ack",
        "does not wait for the acknowledgement",
        "CC-ACT-005/2",
        verified=lambda p: p.ready and p.confirmed,
    ),
    *_either("without-receipt", "does not wait for the peer", "CC-ACT-005/3", verified=lambda p: p.ready and p.acked),
    *_either("never", "is never VERIFIED", "CC-ACT-005/4", verified=lambda p: False),
    *_either("early", "is VERIFIED when it was notified early", "CC-RACE-012/1", verified=lambda p: p.confirmed),
    *_either("tells-early", "tells its customer too early", "CC-ACT-008/1", verified=lambda p: p.ready and p.acked),
    *_either(
        "half-ready",
        "is ready with any feature FINAL",
        "CC-ACT-003/2",
        ready=lambda final, enough: any(final) and len(final) >= enough,
    ),
    *_either(
        "waits-to-tell",
        "announces only when the peer did",
        "CC-ACT-003/1",
        announces=lambda ready, announced, notified: ready and notified,
    ),
    *_either(
        "only-good-news",
        "announces FINAL, never PENDING",
        "CC-ACT-007/1",
        announces=lambda ready, announced, notified: ready,
    ),
    *_either("tells-once", "announces once and never again", "CC-ACT-003/4", told_again=lambda status: False),
    *_either("steady", "repeats at one pace", "CC-ACT-003/4", backoff=lambda attempt: 1000),
    *_either(
        "never-stops",
        "announces to whom does not know the connection",
        "CC-ACT-003/5",
        told_again=lambda status: status is None or not 200 <= status < 300,
    ),
    *_either("forgets-early", "forgets an early notification", "CC-ACT-004/1", remembers_early_notifications=False),
    *_either(
        "forgets-early-once-more", "needs a second notification", "CC-RACE-012/1", remembers_early_notifications=False
    ),
    *_either("takes-for-proof", "takes a notification for a proof", "CC-ACT-006/2", refreshes=False),
    *_either("does-not-look", "does not read its peer", "CC-ACT-006/1", refreshes=False),
    *_either("verifies-alone", "verifies what its peer does not know", "CC-RACE-011/2", refreshes=False),
    *_either(
        "any-features",
        "takes PENDING features of its peer for FINAL",
        "CC-ACT-006/2",
        peer_ready=lambda final, enough: len(final) >= enough,
    ),
)
