"""Milestone 2, second half, the negotiator: the L3 parameters, channel by channel.

It asks guidance once for all channels and proposes a whole feature for each (CC-GUIDE-001, CC-FEAT-001). A 409 sends
only that channel back to guidance (CC-FEAT-005).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import activation, deletion, names
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import (
    Desk,
    channels_of,
    insist,
    own_id,
    path_at_peer,
    placement_of,
    subject_of,
    where,
)
from reference_impl.connection_coordinator.guidance import ask
from reference_impl.connection_coordinator.records import (
    FEATURES,
    PLACEMENTS,
    Feature,
    FeatureState,
    Placement,
    Stage,
)
from reference_impl.connection_coordinator.reservations import features_of, features_on, reserved
from reference_impl.kernel.party import Call, Subject

OPEN = (FeatureState.PROPOSED, FeatureState.RESTARTING)
REFUSED = "refused"
"""Marks a look, in its call's subject, that follows a 409."""


def guided(desk: Desk, call: Call, status: int | None, body: m.GenerateFeatureGuidanceResponse | None) -> None:
    """Guidance came, or not: propose for each channel it covers; never without guidance (CC-GUIDE-001)."""
    row = placement_of(desk, call.subject)
    if row is None or row.stage is Stage.DELETING:
        return
    if status is not None and 400 <= status < 500:
        if row.stage is not Stage.VERIFIED:  # else it was asked for a feature to be restored
            deletion.give_up(desk, row, f"the peer refuses guidance with {status}")
        return
    if status is None or status >= 500 or body is None:
        if desk.decisions.proposes_unguided:
            for each in channels_of(desk, where(row)):
                _propose(desk, row, each.id, m.L3BaseGuidance())
        else:
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
    place = where(row)
    features = features_of(desk, row)
    known = next((feature for feature in features if feature.channel == channel), None)
    if known is not None and known.state is not FeatureState.RESTARTING:
        return
    attempts, refused = (known.attempts, known.refused) if known else (0, ())
    own = next((c.guidance for c in channels_of(desk, place) if c.id == channel), m.L3BaseGuidance())
    taken, siblings = reserved(desk, features_on(desk, place, channel)), reserved(desk, features)
    ends = names.provider_name(row.peer), names.provider_name(own_id(desk, row.peer))
    config = desk.decisions.propose(guidance, own, (*taken, *refused), siblings, *ends)
    if config is None and known is not None and refused:  # after a pause what was refused may be free again
        desk.tx.put(FEATURES, replace(known, refused=()))
        desk.arm("restart", (*subject_of(row), channel), desk.decisions.backoff(attempts))
        return
    if known is not None:
        desk.tx.delete(FEATURES, *place, row.uuid, known.id)
    if config is None:  # nothing left to propose on this channel
        return
    id = desk.decisions.feature_id(channel, attempts)
    feature = Feature(*place, row.uuid, id, channel, config.vlanId, config, FeatureState.PROPOSED, attempts, refused)
    _create(desk, row, desk.tx.put(FEATURES, feature))


def _create(desk: Desk, row: Placement, feature: Feature, attempt: int = 0) -> None:
    desk.call(
        row.peer,
        "CreateFeature",
        path_at_peer(desk, where(row), connection=row.uuid),
        query={"featureId": feature.id},
        body=m.Feature(
            channel=names.channel_name(own_id(desk, row.peer), row.environment, row.interconnect, feature.channel),
            featureConfig=m.FeatureConfig(featureType=m.FeatureType.L3_BASE, l3BaseConfig=feature.config),
        ),
        subject=(*subject_of(row), feature.id),
        attempt=attempt,
    )


def answered(desk: Desk, call: Call, status: int | None, body: m.Feature | None) -> None:
    """The answer to our CreateFeature, or none: then look whether it took effect before anything else (CC-FEAT-020)."""
    row = placement_of(desk, call.subject)
    feature = desk.tx.get(FEATURES, *call.subject)
    if row is None or feature is None or row.stage is Stage.DELETING:
        return
    unknown = status is None or status >= 500
    if status is not None and 200 <= status < 300:
        _agreed(desk, row, feature)
    elif desk.decisions.looks_for_features and (unknown or status == 409):
        _look(desk, row, feature, call, *(() if unknown else (REFUSED,)))
    else:
        _restart(desk, row, feature)


def _look(desk: Desk, row: Placement, feature: Feature, call: Call, *reason: str) -> None:
    """Is our feature at the peer after all? A 409 means a clash, or that another copy was taken (CC-ERR-06)."""
    desk.call(
        row.peer,
        "GetFeature",
        path_at_peer(desk, where(row), connection=row.uuid, feature=feature.id),
        subject=(*subject_of(row), feature.id, *reason),
        attempt=call.attempt,
        after=0 if reason else desk.decisions.backoff(call.attempt + 1),
    )


def looked(desk: Desk, call: Call, status: int | None, body: m.Feature | None) -> None:
    """Found: adopted with the peer's configuration. Not found: the same proposal again, or another one after a 409."""
    row = placement_of(desk, call.subject)
    feature = desk.tx.get(FEATURES, *call.subject[:5])
    if row is None or feature is None or row.stage is Stage.DELETING:
        return
    if status is None or status >= 500:
        insist(desk, call)
    elif body is not None and 200 <= status < 300:
        _adopt(desk, row, feature, body.featureConfig.l3BaseConfig)
    elif REFUSED in call.subject[5:]:
        _restart(desk, row, feature)
    else:
        _create(desk, row, feature, call.attempt + 1)


def _adopt(desk: Desk, row: Placement, feature: Feature, config: m.L3BaseConfig) -> None:
    """The peer holds this configuration for us. If its values were given away here meanwhile, the connection cannot
    stay, because a feature alone cannot be taken back (CC-FEAT-018)."""
    others = [other for other in features_on(desk, where(row), feature.channel) if other.uuid != row.uuid]
    if reason := desk.decisions.clash(config, reserved(desk, others)):
        deletion.give_up(desk, row, f"the peer took a proposal that was given up: {reason}")
    else:
        _agreed(desk, row, replace(feature, config=config, vlan=config.vlanId))


def _agreed(desk: Desk, row: Placement, feature: Feature) -> None:
    desk.tx.put(FEATURES, replace(feature, state=FeatureState.PENDING))
    activation.provision(desk, row)
    _conclude(desk, row)


def _restart(desk: Desk, row: Placement, feature: Feature) -> None:
    """Back to guidance, this channel only; bounded, so that one stubborn channel holds nothing up (CC-FEAT-005, -017)."""
    attempts = feature.attempts + 1
    if attempts >= desk.decisions.feature_attempts:
        desk.tx.delete(FEATURES, *subject_of(row), feature.id)
        _conclude(desk, row)
        return
    pauses = not desk.decisions.gives_way(row.uuid, _rivals(desk, row, feature.channel))
    refused = feature.refused if pauses and attempts == 1 else (*feature.refused, feature.config)
    desk.tx.put(FEATURES, replace(feature, state=FeatureState.RESTARTING, attempts=attempts, refused=refused))
    rows = features_of(desk, row)
    for channel in desk.decisions.restart_channels(feature.channel, [other.channel for other in rows]):
        other = next(other for other in rows if other.channel == channel)
        desk.tx.put(FEATURES, replace(other, state=FeatureState.RESTARTING))
        if pauses:
            desk.arm("restart", (*subject_of(row), channel), desk.decisions.backoff(attempts))
        else:
            ask(desk, row, channel, after=0 if attempts == 1 else desk.decisions.backoff(attempts - 1))


def _rivals(desk: Desk, row: Placement, channel: str) -> list[str]:
    """The peer's connections on this interconnect that have nothing on this channel yet: theirs may be what ours met."""
    peer, environment, interconnect = place = where(row)
    settled = {feature.uuid for feature in features_on(desk, place, channel)}
    rows = desk.tx.by(PLACEMENTS, peer=peer, environment=environment, interconnect=interconnect)
    theirs = [other.uuid for other in rows if other.stage is Stage.PLACED and not other.negotiated_here]
    return [uuid for uuid in theirs if uuid not in settled]


def restart(desk: Desk, subject: Subject) -> None:
    """The pause is over; if nothing went wrong, the proposal that ours met has come to its end."""
    row = placement_of(desk, subject)
    if row is not None and row.stage is not Stage.DELETING:
        ask(desk, row, subject[4])


def _conclude(desk: Desk, row: Placement) -> None:
    """Nothing is open any more: with too few features the connection cannot be (CC-FEAT-017)."""
    rows = features_of(desk, row)
    if any(feature.state in OPEN for feature in rows) or row.stage is not Stage.PLACED:
        return
    if len(rows) < desk.decisions.threshold(len(channels_of(desk, where(row)))):
        reason = f"the L3 parameters could be agreed on {len(rows)} channels only"
        deletion.give_up(desk, row, reason)
    else:
        activation.progress(desk, row)
