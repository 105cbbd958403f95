"""Milestone 2, second half, the responder: guidance is given, a proposal accepted in full or refused in full.

One transaction per request serialises the reservations (CC-FEAT-018).
"""

from __future__ import annotations

from reference_impl.connection_coordinator import activation, names, placement, reads, tombstones
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import Desk, channels_of, placement_at, where
from reference_impl.connection_coordinator.inventory_records import Channel
from reference_impl.connection_coordinator.records import FEATURES, Feature, FeatureState, Placement, Stage
from reference_impl.connection_coordinator.reservations import features_of, features_on, reserved
from reference_impl.kernel.party import Answer, Refusal, Requested


def generate_feature_guidance(desk: Desk, request: Requested) -> Answer:
    """One guidance object for each channel, or for the one that is asked for (CC-GUIDE-002 to 004, CC-ERR-01)."""
    row = placement.driven(desk, placement_at(desk, request))
    kind = request.query.get("featureType")
    if request.query and not desk.decisions.narrows_guidance:
        raise Refusal(400, "GenerateFeatureGuidance has no query parameters")
    if kind and kind != m.FeatureType.L3_BASE:
        raise Refusal(400, f"featureType: want {m.FeatureType.L3_BASE.value}, got {kind!r}")
    channels = channels_of(desk, where(row))
    if wanted := request.query.get("channelId"):
        channels = [channel for channel in channels if channel.id == _short(row, wanted)]
        if not channels:
            raise Refusal(400, f"channelId: interconnect {row.interconnect!r} has no channel {wanted!r}")
    return Answer(
        m.GenerateFeatureGuidanceResponse(featureGuidance=tuple(_guidance(desk, channel) for channel in channels))
    )


def _short(row: Placement, channel: str) -> str:
    """A channelId in either form: short, or the channel's URI under this interconnect (CC-ERR-01)."""
    return channel.removeprefix(names.interconnect_name(*where(row)) + "/channels/")


def _guidance(desk: Desk, channel: Channel) -> m.FeatureGuidance:
    """What is served of a channel; a preferred subnet that is in use by now is not preferred any more (CC-GUIDE-006)."""
    place = channel.peer, channel.environment, channel.interconnect
    return m.FeatureGuidance(
        featureType=m.FeatureType.L3_BASE,
        channel=names.channel_name(*place, channel.id),
        channelAdminState=reads.admin_state(channel.enabled),
        l3BaseGuidance=desk.decisions.served(channel.guidance, reserved(desk, features_on(desk, place, channel.id))),
    )


def create_feature(desk: Desk, request: Requested) -> Answer:
    """Accept the proposal in full and reserve its values, or refuse it in full (CC-FEAT-002 to 004)."""
    if "feature" in desk.decisions.revives:
        tombstones.revive_named(desk, request)
    row = placement.driven(desk, placement_at(desk, request))
    id = request.query.get("featureId", "")
    body = request.body
    if not id or not isinstance(body, m.Feature):
        raise Refusal(400, "want featureId in the query and a whole feature in the body")
    if row.stage is Stage.DELETING:
        raise Refusal(409, f"connection {row.uuid} is being deleted")
    place = where(row)
    prefix = names.interconnect_name(*place) + "/channels/"
    channels = {channel.id: channel for channel in channels_of(desk, place)}
    channel = channels.get(body.channel.removeprefix(prefix)) if body.channel.startswith(prefix) else None
    if channel is None:
        raise Refusal(400, f"channel: want one of {[prefix + known for known in channels]}, got {body.channel!r}")
    config = body.featureConfig.l3BaseConfig
    known = desk.tx.get(FEATURES, *place, row.uuid, id)
    if known is not None and known.channel == channel.id and known.config == config:
        return Answer(reads.feature(known))  # the same proposal once more (CC-RACE-004)
    if known is not None:
        raise Refusal(409, f"feature {id!r} exists already")
    server, caller = names.provider_name(desk.me), names.provider_name(request.caller)
    if reason := desk.decisions.breach(config, channel.guidance, server, caller):
        raise Refusal(400, reason)
    mine = features_of(desk, row)
    if desk.decisions.one_feature_per_channel and any(other.channel == channel.id for other in mine):
        raise Refusal(409, f"connection {row.uuid} has a feature on channel {channel.id!r} already")
    siblings = [other.model_copy(update={"vlanId": 0}) for other in reserved(desk, mine)]
    if reason := desk.decisions.clash(config, [*reserved(desk, features_on(desk, place, channel.id)), *siblings]):
        raise Refusal(409, reason)
    feature = desk.tx.put(
        FEATURES, Feature(*place, row.uuid, id, channel.id, config.vlanId, config, FeatureState.PENDING)
    )
    activation.provision(desk, row)
    return Answer(reads.feature(feature))
