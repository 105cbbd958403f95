"""Milestone 2, second half: the L3 parameters, channel by channel.

The negotiator asks guidance once for all channels and proposes a whole feature for each (CC-GUIDE-001, CC-FEAT-001).
A 409 sends only that channel back to guidance (CC-FEAT-005). The responder accepts in full or refuses in full; one
transaction per request serialises the reservations (CC-FEAT-018).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import activation, deletion, names, reads
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import (
    Desk,
    channels_of,
    connection_of,
    insist,
    own_id,
    path_at_peer,
    placement_at,
    placement_of,
    subject_of,
    where,
)
from reference_impl.connection_coordinator.records import (
    FEATURES,
    Channel,
    Feature,
    FeatureState,
    Placement,
    Stage,
)
from reference_impl.kernel.party import Answer, Call, Refusal, Requested

RESERVING = (FeatureState.PROPOSED, FeatureState.PENDING, FeatureState.FINAL)
OPEN = (FeatureState.PROPOSED, FeatureState.RESTARTING)
REFUSED = "refused"
"""Marks a look, in its call's subject, at whether the proposal before the refused one had taken effect."""


# --- the negotiator ---------------------------------------------------------------------------------------------


def begin(desk: Desk, row: Placement) -> None:
    """Ask guidance for all channels (CC-GUIDE-001)."""
    _ask_guidance(desk, row, channel=None, after=0)


def _ask_guidance(desk: Desk, row: Placement, channel: str | None, after: int) -> None:
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


def guided(desk: Desk, call: Call, status: int | None, body: m.GenerateFeatureGuidanceResponse | None) -> None:
    """Guidance came, or not: propose for each channel it covers; never without guidance (CC-GUIDE-001)."""
    row = placement_of(desk, call.subject)
    if row is None or row.stage is Stage.DELETING:
        return
    if status is not None and 400 <= status < 500:
        deletion.abandon(desk, connection_of(desk, row.uuid), f"the peer refuses guidance with {status}")
        return
    if status is None or status >= 500 or body is None:
        insist(desk, call)
        return
    wanted = call.subject[4] if len(call.subject) > 4 else None
    for guidance in body.featureGuidance:
        channel = guidance.channel.rpartition("/")[2]
        if wanted in (None, channel) and desk.decisions.configures(channel):
            _propose(desk, row, channel, guidance.l3BaseGuidance)
    _conclude(desk, row)


def _propose(desk: Desk, row: Placement, channel: str, guidance: m.L3BaseGuidance) -> None:
    """Reserve a complete configuration here, then propose it (CC-FEAT-001, CC-FEAT-010)."""
    peer, environment, interconnect = place = where(row)
    id = f"l3-{channel}"
    known = desk.tx.get(FEATURES, *place, row.uuid, id)
    if known is not None and known.state is not FeatureState.RESTARTING:
        return
    refused = known.refused if known else ()
    reserved = [
        feature.config
        for feature in desk.tx.by(
            FEATURES, peer=peer, environment=environment, interconnect=interconnect, channel=channel
        )
        if feature.state in RESERVING
    ]
    siblings = [
        feature.config
        for feature in desk.tx.by(
            FEATURES, peer=peer, environment=environment, interconnect=interconnect, uuid=row.uuid
        )
        if feature.state in RESERVING
    ]
    own = next((c.guidance for c in channels_of(desk, place) if c.id == channel), m.L3BaseGuidance())
    config = desk.decisions.propose(
        guidance,
        own,
        (*reserved, *refused),
        siblings,
        names.provider_name(peer),
        names.provider_name(own_id(desk, peer)),
    )
    if config is None:  # nothing left to propose on this channel
        desk.tx.delete(FEATURES, *place, row.uuid, id)
        return
    attempts = known.attempts if known else 0
    feature = Feature(*place, row.uuid, id, channel, config.vlanId, config, FeatureState.PROPOSED, attempts, refused)
    desk.tx.put(FEATURES, feature)
    desk.call(
        peer,
        "CreateFeature",
        path_at_peer(desk, place, connection=row.uuid),
        query={"featureId": id},
        body=m.Feature(
            channel=names.channel_name(own_id(desk, peer), environment, interconnect, channel),
            featureConfig=m.FeatureConfig(featureType=m.FeatureType.L3_BASE, l3BaseConfig=config),
        ),
        subject=(*subject_of(row), id),
    )


def answered(desk: Desk, call: Call, status: int | None, body: m.Feature | None) -> None:
    """The answer to our CreateFeature, or none: then look whether it took effect before anything is repeated (CC-FEAT-020)."""
    row = placement_of(desk, call.subject)
    feature = desk.tx.get(FEATURES, *call.subject)
    if row is None or feature is None or row.stage is Stage.DELETING:
        return
    if status is not None and 200 <= status < 300:
        _agreed(desk, row, feature)
    elif desk.decisions.looks_for_features and (
        status is None or status >= 500 or (status == 409 and call.attempt > 0)
    ):
        unknown = status is None or status >= 500
        desk.call(
            row.peer,
            "GetFeature",
            path_at_peer(desk, where(row), connection=row.uuid, feature=feature.id),
            subject=call.subject if unknown else (*call.subject, REFUSED),
            attempt=call.attempt,
            after=desk.decisions.backoff(call.attempt + 1) if unknown else 0,
        )
    else:
        _restart(desk, row, feature)


def looked(desk: Desk, call: Call, status: int | None, body: m.Feature | None) -> None:
    """Found: adopted with the peer's configuration. Not found: the same proposal again, unless it was refused meanwhile
    (coordinator-harness, RACE-004)."""
    row = placement_of(desk, call.subject)
    feature = desk.tx.get(FEATURES, *call.subject[:5])
    if row is None or feature is None or row.stage is Stage.DELETING:
        return
    if status is None or status >= 500:
        insist(desk, call)
    elif body is not None and 200 <= status < 300:
        config = body.featureConfig.l3BaseConfig
        _agreed(desk, row, replace(feature, config=config, vlan=config.vlanId))
    elif REFUSED in call.subject:
        _restart(desk, row, feature)
    else:
        desk.call(
            row.peer,
            "CreateFeature",
            path_at_peer(desk, where(row), connection=row.uuid),
            query={"featureId": feature.id},
            body=m.Feature(
                channel=names.channel_name(own_id(desk, row.peer), row.environment, row.interconnect, feature.channel),
                featureConfig=m.FeatureConfig(featureType=m.FeatureType.L3_BASE, l3BaseConfig=feature.config),
            ),
            subject=call.subject,
            attempt=call.attempt + 1,
        )


def _agreed(desk: Desk, row: Placement, feature: Feature) -> None:
    desk.tx.put(FEATURES, replace(feature, state=FeatureState.PENDING))
    activation.provision(desk, row)
    _conclude(desk, row)


def _restart(desk: Desk, row: Placement, feature: Feature) -> None:
    """Back to guidance, this channel only; bounded, so that one stubborn channel holds nothing up (CC-FEAT-005, -017)."""
    attempts = feature.attempts + 1
    again = replace(
        feature, state=FeatureState.RESTARTING, attempts=attempts, refused=(*feature.refused, feature.config)
    )
    if attempts >= desk.decisions.feature_attempts:
        desk.tx.delete(FEATURES, *subject_of(row), feature.id)
        _conclude(desk, row)
        return
    desk.tx.put(FEATURES, again)
    rows = _features(desk, row)
    for channel in desk.decisions.restart_channels(feature.channel, [other.channel for other in rows]):
        other = next(other for other in rows if other.channel == channel)
        desk.tx.put(FEATURES, replace(other, state=FeatureState.RESTARTING))
        _ask_guidance(desk, row, channel, after=0 if attempts == 1 else desk.decisions.backoff(attempts - 1))


def _conclude(desk: Desk, row: Placement) -> None:
    """Nothing is open any more: with too few features the connection cannot be (CC-FEAT-017)."""
    rows = _features(desk, row)
    if any(feature.state in OPEN for feature in rows) or row.stage is not Stage.PLACED:
        return
    if len(rows) < desk.decisions.threshold(len(channels_of(desk, where(row)))):
        reason = f"the L3 parameters could be agreed on {len(rows)} channels only"
        deletion.abandon(desk, connection_of(desk, row.uuid), reason)
    else:
        activation.progress(desk, row)


def _features(desk: Desk, row: Placement) -> list[Feature]:
    peer, environment, interconnect = where(row)
    return desk.tx.by(FEATURES, peer=peer, environment=environment, interconnect=interconnect, uuid=row.uuid)


# --- the responder ----------------------------------------------------------------------------------------------


def generate_feature_guidance(desk: Desk, request: Requested) -> Answer:
    """One guidance object for each channel, or for the one that is asked for (CC-GUIDE-002 to 004, CC-ERR-01)."""
    row = placement_at(desk, request)
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
    peer, environment, interconnect = place = channel.peer, channel.environment, channel.interconnect
    on_channel = desk.tx.by(FEATURES, peer=peer, environment=environment, interconnect=interconnect, channel=channel.id)
    reserved = [feature.config for feature in on_channel if feature.state in RESERVING]
    return m.FeatureGuidance(
        featureType=m.FeatureType.L3_BASE,
        channel=names.channel_name(*place, channel.id),
        channelAdminState=reads.admin_state(channel.enabled),
        l3BaseGuidance=desk.decisions.served(channel.guidance, reserved),
    )


def create_feature(desk: Desk, request: Requested) -> Answer:
    """Accept the proposal in full and reserve its values, or refuse it in full (CC-FEAT-002 to 004)."""
    row = placement_at(desk, request)
    id = request.query.get("featureId", "")
    body = request.body
    if not id or not isinstance(body, m.Feature):
        raise Refusal(400, "want featureId in the query and a whole feature in the body")
    if row.stage is Stage.DELETING:
        raise Refusal(409, f"connection {row.uuid} is being deleted")
    peer, environment, interconnect = place = where(row)
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
    mine = _features(desk, row)
    if desk.decisions.one_feature_per_channel and any(other.channel == channel.id for other in mine):
        raise Refusal(409, f"connection {row.uuid} has a feature on channel {channel.id!r} already")
    on_channel = desk.tx.by(FEATURES, peer=peer, environment=environment, interconnect=interconnect, channel=channel.id)
    reserved = [other.config for other in on_channel if other.state in RESERVING]
    siblings = [other.config.model_copy(update={"vlanId": 0}) for other in mine if other.state in RESERVING]
    if reason := desk.decisions.clash(config, [*reserved, *siblings]):
        raise Refusal(409, reason)
    feature = desk.tx.put(
        FEATURES, Feature(*place, row.uuid, id, channel.id, config.vlanId, config, FeatureState.PENDING)
    )
    activation.provision(desk, row)
    return Answer(reads.feature(feature))
