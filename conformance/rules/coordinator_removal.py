"""Rules of removing one feature: nothing else changes, and the channel's owner brings it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_l3_proposals import config_of
from conformance.rules.coordinator_static import body_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting

A_FLOOD = 4
"""So many proposals for a channel of somebody else are no coincidence (CC-ERR-28 tolerates a restoration by either)."""


def _config(exchange: Exchange) -> Any:
    body = body_of(exchange)
    return body.get("channel"), config_of(body)


@rule
def one_feature_gone(
    view: TraceView, before: Mapping[str, str], after: Mapping[str, str], removed: str, connection: str
) -> Finding | Waiting:
    """GetFeature of the removed one: 404; of each other one what it was; the connection is there."""
    gone, there = exchange_of(view, after[removed]), exchange_of(view, connection)
    if gone.status != 404 or not there.succeeded:
        odd = gone if gone.status != 404 else there
        return Finding.failed(want="404 for it, 2xx for the connection", got=odd.told(), evidence=odd.evidence)
    for feature, exchange in after.items():
        seen = exchange_of(view, exchange)
        if feature != removed and (not seen.succeeded or _config(seen) != _config(exchange_of(view, before[feature]))):
            return Finding.failed(want=f"{feature} as it was", got=seen.told(), evidence=seen.evidence)
    return Finding.passed(f"{len(after) - 1} others unchanged", evidence=(*gone.evidence, *there.evidence))


@rule
def feature_restored(
    view: TraceView, sender: str, uuid: str, channel: str, after: int, guided: bool = False, by_other: str = ""
) -> Finding | Waiting:
    """Since the operator's action the sender proposed the channel anew and was granted it, after fresh guidance if that is
    judged, while ``by_other`` made no flood of proposals for it."""
    calls = [each for each in view.exchanges(ours=False, about=uuid) if each.request.seq > after]
    proposals = [
        each
        for each in calls
        if each.request.operation == "CreateFeature"
        and str((each.request.body or {}).get("channel", "")).endswith(f"/channels/{channel}")
    ]
    flood = [each for each in proposals if by_other and each.request.sender == by_other]
    if len(flood) >= A_FLOOD:
        evidence = [each.request.seq for each in flood]
        return Finding.failed(want="no flood of proposals", got=f"{len(flood)} from {by_other}", evidence=evidence)
    granted = [each for each in proposals if each.succeeded and each.request.sender == sender]
    if not granted:
        return Waiting(f"CreateFeature of {sender} for {channel}, granted", f"{len(proposals)} proposals")
    asked = [
        each
        for each in calls
        if each.request.operation == "GenerateFeatureGuidance"
        and each.request.sender == sender
        and each.succeeded
        and each.evidence[-1] < granted[0].request.seq
    ]
    if guided and not asked:
        return Finding.failed(want="guidance before the proposal", got="none", evidence=granted[0].evidence)
    return Finding.passed(granted[0].told(), evidence=granted[0].evidence)


@rule
def features_whole(view: TraceView, lists: Sequence[str], channel: str) -> Finding | Waiting:
    """Both lists of features hold the channel, each channel once, with the same configurations."""
    shown = []
    for each in lists:
        seen = exchange_of(view, each)
        rows = body_of(seen).get("features") or []
        channels = [str(row.get("channel", "")).rpartition("/")[2] for row in rows]
        if not seen.succeeded or channel not in channels or len(set(channels)) < len(channels):
            want = f"one feature on each channel, {channel} too"
            return Finding.failed(
                want=want, got=f"{seen.told()}: {', '.join(sorted(channels))}", evidence=seen.evidence
            )
        shown.append({name: config_of(row) for name, row in zip(channels, rows, strict=True)})
    evidence = [exchange_of(view, each).evidence[-1] for each in lists]
    if shown[0] != shown[1]:
        return Finding.failed(want="the same on both sides", got="different configurations", evidence=evidence)
    return Finding.passed(f"{len(shown[0])} channels", evidence=evidence)
