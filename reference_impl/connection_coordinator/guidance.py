"""Asking the responder for guidance: where every negotiation of the L3 parameters begins (CC-GUIDE-001)."""

from __future__ import annotations

from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import Desk, path_at_peer, subject_of, where
from reference_impl.connection_coordinator.records import Deferral, Placement


def begin(desk: Desk, row: Placement) -> None:
    """The connection is placed: ask guidance for all channels, if the negotiation is up to this side (CC-DEFER-004)."""
    if row.negotiated_here or (row.deferral is Deferral.DEFERRING and not desk.decisions.hands_over):
        ask(desk, row)


def ask(desk: Desk, row: Placement, channel: str | None = None, after: int = 0) -> None:
    """For one channel the form with channelId and featureType is used (CC-FEAT-005, CC-ERR-01)."""
    query = {"channelId": channel, "featureType": m.FeatureType.L3_BASE.value} if channel else {}
    desk.call(
        row.peer,
        "GenerateFeatureGuidance",
        path_at_peer(desk, where(row), connection=row.uuid),
        query=query,
        body=m.GenerateFeatureGuidanceRequest(),
        subject=(*subject_of(row), *((channel,) if channel else ())),
        after=after,
    )
