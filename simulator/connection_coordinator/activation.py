"""When a connection may be VERIFIED, and that it will be (coordinator-harness, 7.2, I6)."""

from __future__ import annotations

from collections.abc import Sequence

from reports.verdict import Finding
from simulator.connection_coordinator.views import Placed, View
from simulator.invariant import Invariant, Liveness


def _verified_early(views: Sequence[View]) -> Finding | None:
    """VERIFIED: ready here, the own notification acknowledged, the peer's received, and the peer ready (CC-ACT-005, -006).

    For a first activation, without updates: a connection stays VERIFIED while it is provisioned anew (CC-ERR-51).
    """
    for view in views:
        for placed in view.placements:
            others = [each for other in views if other is not view for each in other.placements]
            if placed.verified and (missing := _missing(placed, others)):
                got = f"{view.seat} set {placed.uuid[-4:]} VERIFIED without: {', '.join(missing)}"
                return Finding.failed(want="VERIFIED once all conditions hold", got=got)
    return None


def _missing(placed: Placed, others: Sequence[Placed]) -> list[str]:
    conditions = {
        "its own features FINAL": placed.ready,
        "an acknowledged notification": placed.acked,
        "a notification of the peer's": placed.received != "no",
        "the peer's features FINAL": all(each.ready for each in others if each.uuid == placed.uuid and each.settled),
    }
    return [name for name, holds in conditions.items() if not holds]


def _unverified(views: Sequence[View]) -> Finding | None:
    """At rest every connection that was not deleted is VERIFIED on both sides (CC-ACT-005, CC-RACE-012, CC-RACE-013)."""
    if told := open_activation(views):
        return Finding.failed(want="VERIFIED on both sides", got=told)
    return None


def open_activation(views: Sequence[View]) -> str:
    """Which side still waits to be VERIFIED, in words."""
    for view in views:
        for placed in view.placements:
            if not placed.verified:
                return f"{view.seat} shows {placed.uuid[-4:]} UNVERIFIED"
    return ""


def _behind(views: Sequence[View]) -> Finding | None:
    """At rest each side knows the last state of the other one, however its refreshes crossed (CC-RACE-013)."""
    for view in views:
        for placed in view.placements:
            ready = all(each.ready for other in views if other is not view for each in other.placements)
            if (placed.received == "confirmed") != ready:
                told = f"{view.seat} holds {placed.received!r}, the other one is {'' if ready else 'not '}ready"
                return Finding.failed(want="the last state of the other side known", got=told)
    return None


verified_early = Invariant("VERIFIED only once all conditions hold", _verified_early)
unverified_at_rest = Invariant("every connection is VERIFIED at rest", _unverified, at_rest=True)
behind_at_rest = Invariant("each side knows the other's last state at rest", _behind, at_rest=True)

activations_end: Liveness[View] = Liveness("every connection becomes VERIFIED", open_activation)
