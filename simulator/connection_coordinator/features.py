"""What must never be of the channels' L3 parameters (coordinator-harness, 7.2: I4 and I5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby

from reference_impl.connection_coordinator.l3 import subnets_clash
from reports.verdict import Finding
from simulator.connection_coordinator.views import Configured, View
from simulator.invariant import Invariant


def _configured_differently(views: Sequence[View]) -> Finding | None:
    """I4: both sides keep the same features with the same configuration; a refused proposal leaves nothing."""
    kept = [[(each.uuid, each.interconnect, each.channel, each.id, each.config) for each in v.features] for v in views]
    if all(each == kept[0] for each in kept):
        return None
    return Finding.failed(
        want="the same configuration of every channel on both sides",
        got="; ".join(f"{view.seat} {', '.join(map(_told, view.features)) or 'none'}" for view in views),
    )


def _told(feature: Configured) -> str:
    config = feature.config
    return f"{feature.uuid[-4:]} {feature.channel} VLAN {config.vlanId} {config.ipv4Subnet}"


def _channel_taken_twice(views: Sequence[View]) -> Finding | None:
    """I4: at most one L3 feature of a connection on a channel (CC-FEAT-015). A view lists them by channel."""
    for view in views:
        for one, other in zip(view.features, view.features[1:], strict=False):
            if (one.uuid, one.interconnect, one.channel) == (other.uuid, other.interconnect, other.channel):
                got = f"{view.seat} has {one.id} and {other.id} on {one.channel}"
                return Finding.failed(want="one feature of a connection on a channel", got=got)
    return None


def _value_booked_twice(views: Sequence[View]) -> Finding | None:
    """I5: on each side no VLAN of a channel belongs to two features, and no subnets overlap (CC-FEAT-004, -018)."""
    for view in views:
        by_channel = sorted(view.features, key=lambda each: (each.interconnect, each.channel))
        for _, group in groupby(by_channel, key=lambda each: (each.interconnect, each.channel)):
            for one, other in combinations(group, 2):
                if one.config.vlanId == other.config.vlanId or subnets_clash(one.config, other.config):
                    got = f"{view.seat} has booked {_told(one)} and {_told(other)}"
                    return Finding.failed(want="no VLAN and no subnet of a channel booked twice", got=got)
    return None


configured_differently_at_rest = Invariant("every channel is configured alike", _configured_differently, at_rest=True)
channel_taken_twice = Invariant("one feature of a connection on a channel", _channel_taken_twice)
value_booked_twice = Invariant("no VLAN and no subnet booked twice", _value_booked_twice)
