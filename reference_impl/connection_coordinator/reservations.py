"""What is reserved of the channels' values, and by which features (CC-FEAT-018)."""

from __future__ import annotations

from collections.abc import Iterable

from reference_impl.connection_coordinator.desk import Desk, Where, where
from reference_impl.connection_coordinator.messages import L3BaseConfig
from reference_impl.connection_coordinator.records import FEATURES, Feature, FeatureState, Placement


def features_of(desk: Desk, row: Placement) -> list[Feature]:
    """The features of a connection, own proposals under way included."""
    peer, environment, interconnect = where(row)
    return desk.tx.by(FEATURES, peer=peer, environment=environment, interconnect=interconnect, uuid=row.uuid)


def features_on(desk: Desk, place: Where, channel: str) -> list[Feature]:
    """All connections' features on a channel, own proposals under way included."""
    peer, environment, interconnect = place
    return desk.tx.by(FEATURES, peer=peer, environment=environment, interconnect=interconnect, channel=channel)


def reserved(desk: Desk, features: Iterable[Feature]) -> list[L3BaseConfig]:
    """What these features reserve. Own open proposals count (coordinator-harness, 8, RACE-005)."""
    states = [FeatureState.PENDING, FeatureState.FINAL]
    if desk.decisions.counts_open_proposals:
        states.append(FeatureState.PROPOSED)
    return [feature.config for feature in features if feature.state in states]
