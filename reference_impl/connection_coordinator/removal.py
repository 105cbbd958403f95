"""One feature of a living connection is removed, by either side, and negotiated again by the channel's owner.

Everything else of the connection goes on (CC-DEL-006). The owner is the channel's MACsec manager (CC-ERR-28): it asks
guidance and proposes anew, whoever removed the feature; the other side waits for that (CC-DEL-008).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reference_impl.connection_coordinator import activation, guidance
from reference_impl.connection_coordinator.desk import (
    Desk,
    channels_of,
    insist,
    own_id,
    path_at_peer,
    placement_at,
    placement_of,
    subject_of,
    where,
)
from reference_impl.connection_coordinator.messages import Empty
from reference_impl.connection_coordinator.reads import agreed_features
from reference_impl.connection_coordinator.records import FEATURES, PLACEMENTS, Feature, Placement, Stage
from reference_impl.kernel.action import Action, Value, ok, text
from reference_impl.kernel.party import JOBS, Acted, Answer, Call, Refusal, Requested

ROWS = (
    Action(
        "remove_feature",
        "operator",
        "Remove the feature of one channel; the channel's owner negotiates it again",
        (Value("uuid", summary="the connection"), Value("channel")),
    ),
)


def delete_feature(desk: Desk, request: Requested) -> Answer:
    """The peer removes one feature (CC-DEL-006)."""
    row = placement_at(desk, request)
    wanted = request.path["feature"]
    found = next((feature for feature in agreed_features(desk, row) if feature.id == wanted), None)
    if found is None:
        raise Refusal(404, f"connection {row.uuid!r} has no feature {wanted!r}")
    gone = [found] if desk.decisions.removal.only_one else agreed_features(desk, row)
    for feature in gone:
        _remove(desk, row, feature)
    return Answer(Empty())


def _remove(desk: Desk, row: Placement, feature: Feature) -> None:
    """The feature, its reservations and its job are gone; readiness follows; the owner sees to a new one."""
    subject = (*subject_of(row), feature.id)
    if desk.decisions.removal.removes:
        desk.tx.delete(FEATURES, *subject)
        desk.tx.delete(JOBS, "feature", subject)
        desk.disarm("provision", subject)
    activation.progress(desk, row)
    if row.stage is Stage.VERIFIED and desk.decisions.removal.restores(_owned(desk, row, feature.channel)):
        guidance.ask(desk, row, feature.channel)


def _owned(desk: Desk, row: Placement, channel: str) -> bool:
    managers = [each.macsec_manager for each in channels_of(desk, where(row)) if each.id == channel]
    return any(manager in (desk.me, own_id(desk, row.peer)) for manager in managers)


def remove_feature(desk: Desk, asked: Acted) -> Answer:
    """Here at once, so that a new proposal of the owner is welcome; at the peer until it is done there."""
    uuid, channel = text(asked, "uuid"), text(asked, "channel")
    rows = [row for row in desk.tx.by(PLACEMENTS, uuid=uuid) if row.stage in (Stage.PLACED, Stage.VERIFIED)]
    found = [(row, each) for row in rows for each in agreed_features(desk, row) if each.channel == channel]
    if not found:
        raise Refusal(404, f"connection {uuid!r} has no feature on channel {channel!r}")
    for row, feature in found:
        path = path_at_peer(desk, where(row), connection=row.uuid, feature=feature.id)
        desk.call(row.peer, "DeleteFeature", path, subject=(*subject_of(row), feature.id, channel))
        desk.tx.delete(FEATURES, *subject_of(row), feature.id)
        desk.tx.delete(JOBS, "feature", (*subject_of(row), feature.id))
        activation.progress(desk, row)
    return ok()


def removed(desk: Desk, call: Call, status: int | None, body: Empty | None) -> None:
    """Success and 404 are the end (CC-DEL-005). What is there anew is not removed by a repetition."""
    row, channel = placement_of(desk, call.subject), call.subject[5]
    if row is None or row.stage is Stage.DELETING:
        return
    anew = any(feature.channel == channel for feature in agreed_features(desk, row))
    if status is None or status >= 500:
        if not anew:
            insist(desk, call)
    elif not anew and row.stage is Stage.VERIFIED and desk.decisions.removal.restores(_owned(desk, row, channel)):
        guidance.ask(desk, row, channel)


REQUESTED: Mapping[str, Callable[[Desk, Requested], Answer]] = {"DeleteFeature": delete_feature}
RESPONDED: Mapping[str, Callable[[Desk, Call, int | None, Any], None]] = {"DeleteFeature": removed}
ACTED: Mapping[str, Callable[[Desk, Acted], Answer]] = {"remove_feature": remove_feature}
