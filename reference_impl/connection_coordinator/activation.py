"""Milestones 3 and 4: provision the agreed features, tell the peer, and become VERIFIED.

Each side provisions at its own pace and announces its readiness until it is acknowledged (CC-ACT-001, -003). A
notification carries no state: the receiver reads the sender's connection and features at once, and once more when a
notification came meanwhile (CC-ACT-006, CC-RACE-013). VERIFIED needs all three: local readiness, the own notification
acknowledged, the peer's received and confirmed by the refresh (CC-ACT-005, CC-ERR-11).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import deferral, deletion, migration, tombstones
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.decisions import Progress
from reference_impl.connection_coordinator.desk import (
    Desk,
    channels_of,
    connection_of,
    insist,
    path_at_peer,
    placement_at,
    placement_of,
    subject_of,
    where,
)
from reference_impl.connection_coordinator.reads import agreed_features
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    FEATURES,
    PLACEMENTS,
    Customer,
    FeatureState,
    Placement,
    Received,
    Sent,
    Stage,
)
from reference_impl.kernel.party import CALLS, Answer, Call, Requested, Subject


def provision(desk: Desk, row: Placement) -> None:
    """Once enough features are agreed, the equipment is set up for every agreed one (CC-FEAT-017)."""
    agreed = agreed_features(desk, row)
    if len(agreed) < _enough(desk, row):
        return
    for feature in agreed:
        if feature.state is FeatureState.PENDING:
            desk.provision("feature", (*subject_of(row), feature.id))
    progress(desk, row)


def _enough(desk: Desk, row: Placement) -> int:
    return desk.decisions.threshold(len(channels_of(desk, where(row))))


def provisioned(desk: Desk, subject: Subject, done: bool) -> None:
    """The equipment carries a feature's configuration now: FINAL, not before (CC-ACT-002). A failed job is tried again."""
    row = placement_of(desk, subject)
    feature = desk.tx.get(FEATURES, *subject)
    if row is None or feature is None:
        return
    if not done:
        desk.arm("provision", subject, desk.decisions.backoff(4))
        return
    desk.tx.put(FEATURES, replace(feature, state=FeatureState.FINAL))
    progress(desk, row)


def provision_again(desk: Desk, subject: Subject) -> None:
    if desk.tx.get(FEATURES, *subject) is not None:
        desk.provision("feature", subject)


def progress(desk: Desk, row: Placement) -> None:
    """Readiness follows the features; each change of it is announced (CC-ACT-003, CC-ACT-007)."""
    final = [feature.state is FeatureState.FINAL for feature in agreed_features(desk, row)]
    ready = desk.decisions.ready(final, _enough(desk, row))
    if ready != row.ready:
        announces = desk.decisions.announces(ready, row.sent is not Sent.NO, row.received is not Received.NO)
        row = desk.tx.put(PLACEMENTS, replace(row, ready=ready, sent=Sent.SENT if announces else row.sent))
        if announces:
            notify(desk, row)
        if ready and row.received is Received.YES:
            refresh(desk, row)
    verify(desk, row)


def notify(desk: Desk, row: Placement) -> None:
    """Tell this change, whatever is under way: an earlier call may have been heard and looked into before it."""
    desk.call(
        row.peer,
        "NotifyConnectionStatus",
        path_at_peer(desk, where(row), connection=row.uuid),
        body=m.NotifyConnectionStatusRequest(),
        subject=(*subject_of(row), "ready" if row.ready else "pending"),
    )


def notified(desk: Desk, call: Call, status: int | None, body: m.Empty | None) -> None:
    """Acknowledged, or to be repeated; a 404 tells that the connection is gone (CC-ACT-003)."""
    row = placement_of(desk, call.subject)
    if row is None or row.stage is Stage.DELETING:
        return
    told = call.subject[4]
    if status is not None and 200 <= status < 300:
        if row.ready and told == "ready":
            row = desk.tx.put(PLACEMENTS, replace(row, sent=Sent.ACKED))
            verify(desk, row)
    elif status == 404 and not desk.decisions.told_again(status):
        gone_at_peer(desk, row)
    elif desk.decisions.told_again(status):
        insist(desk, call)


def notify_connection_status(desk: Desk, request: Requested) -> Answer:
    """The peer's state changed: keep the receipt, answer at once, read it afterwards (CC-ACT-004, CC-RACE-012)."""
    if "notification" in desk.decisions.revives:
        tombstones.revive_named(desk, request)
    row = placement_at(desk, request)
    if row.stage is not Stage.DELETING and (row.ready or desk.decisions.remembers_early_notifications):
        deferral.heard(desk, row)
        if row.received is Received.NO:
            row = desk.tx.put(PLACEMENTS, replace(row, received=Received.YES))
        if desk.decisions.refreshes:
            refresh(desk, row)
        else:
            verify(desk, desk.tx.put(PLACEMENTS, replace(row, received=Received.CONFIRMED)))
    return Answer(m.Empty())


def refresh(desk: Desk, row: Placement) -> None:
    """Read the peer's connection and features; one refresh at a time (coordinator-harness, 8, RACE-013)."""
    if not overtaken(desk, row):
        path = path_at_peer(desk, where(row), connection=row.uuid)
        desk.call(row.peer, "GetConnection", path, subject=("refresh", *subject_of(row)))


def overtaken(desk: Desk, row: Placement) -> bool:
    """Is a refresh under way? What it shows may be the past by now, so one more is due."""
    subject = ("refresh", *subject_of(row))
    if not any(call.subject[:5] == subject for call in desk.tx.rows(CALLS)):  # a later page has more in its subject
        return False
    desk.tx.put(PLACEMENTS, replace(row, stale=desk.decisions.refreshes_once_more))
    return True


def refreshed(desk: Desk, call: Call, status: int | None, body: m.Connection | None) -> None:
    """First half of the refresh: the connection; then its features."""
    row = placement_of(desk, call.subject[1:])
    if row is None or row.stage is Stage.DELETING:
        return
    if status is not None and 200 <= status < 300:
        if body is None or desk.decisions.believes(body):
            path = path_at_peer(desk, where(row), connection=row.uuid)
            desk.call(row.peer, "ListFeatures", path, subject=call.subject)
    elif status == 404:
        gone_at_peer(desk, row)
    else:
        insist(desk, call)


def features_read(desk: Desk, call: Call, status: int | None, body: m.ListFeaturesResponse | None) -> None:
    """Second half: the peer is ready when enough of its features are FINAL and none is PENDING (CC-ERR-11).

    ``call.subject`` ends with the states counted on earlier pages, one ``F`` or ``P`` for each feature.
    """
    row = placement_of(desk, call.subject[1:])
    if row is None or row.stage is Stage.DELETING:
        return
    if status is None or not 200 <= status < 300 or body is None:
        if status == 404:
            gone_at_peer(desk, row)
        else:
            insist(desk, call)
        return
    seen = "".join(call.subject[5:]) + "".join(
        "F" if feature.provisioningState is m.ProvisioningState.FINAL else "P" for feature in body.features
    )
    path = path_at_peer(desk, where(row), connection=row.uuid)
    if body.nextPageToken:
        query = {"pageToken": body.nextPageToken}
        desk.call(row.peer, "ListFeatures", path, query=query, subject=(*call.subject[:5], seen))
        return
    if row.stale:
        row = desk.tx.put(PLACEMENTS, replace(row, stale=False))
        desk.call(row.peer, "GetConnection", path, subject=call.subject[:5])
        return
    ready = desk.decisions.peer_ready([state == "F" for state in seen], _enough(desk, row))
    row = desk.tx.put(PLACEMENTS, replace(row, received=Received.CONFIRMED if ready else Received.YES))
    verify(desk, row)


def verify(desk: Desk, row: Placement) -> None:
    """Set VERIFIED when the three conditions hold, and tell the customer only then (CC-ACT-005, CC-ACT-008)."""
    state = Progress(row.ready, row.sent is Sent.ACKED, row.received is Received.CONFIRMED)
    if row.stage is not Stage.PLACED or not desk.decisions.verified(state):
        _update_is_in_place(desk, row)
        return
    row = desk.tx.put(PLACEMENTS, replace(row, stage=Stage.VERIFIED))
    connection = connection_of(desk, row.uuid)
    if connection.customer is Customer.PENDING:
        desk.tx.put(CONNECTIONS, replace(connection, customer=Customer.ESTABLISHED, reason=""))
    migration.verified(desk, row)


def _update_is_in_place(desk: Desk, row: Placement) -> None:
    """The customer sees a new bandwidth once the equipment carries it and the peer was told (CC-UPD-006)."""
    connection = connection_of(desk, row.uuid)
    if (
        row.stage is Stage.VERIFIED
        and row.ready
        and row.sent is Sent.ACKED
        and connection.customer is Customer.UPDATING
        and not connection.updating
    ):
        desk.tx.put(CONNECTIONS, replace(connection, customer=Customer.ESTABLISHED, mbps=row.mbps))


def gone_at_peer(desk: Desk, row: Placement) -> None:
    """The peer does not hold it any more: nothing to verify, nothing to keep (CC-RACE-011)."""
    connection = connection_of(desk, row.uuid)
    if connection.living and len(desk.tx.by(PLACEMENTS, uuid=row.uuid)) == 1:
        desk.tx.put(CONNECTIONS, replace(connection, living=0, reason="the other provider no longer holds it"))
    deletion.remove(desk, row)
