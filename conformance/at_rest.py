"""Is a target at rest, whose adapter has no hook ``settle``? By what the wire shows, so that not every look at it costs a
quiet window (coordinator-harness, sections 1 and 6).

``owed`` looks for anything that the target still has to do. Where nothing is found the scenario goes on after a short
silence; where anything is, or may be, the whole quiet window of the target file is waited for. It errs on the side of
waiting: what it does not know is owed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.view import Exchange, TraceView
from reports.record import Action, AnyRecord, Outcome

LOOKED_AFTER = frozenset({"offers", "offer", "preview", "accept", "read", "list", "update", "delete"})
"""Actions of customers: what the target owes after them is seen, or has ended with their operation."""

ANSWERED = frozenset({"ConfirmActivationKey", "GenerateFeatureGuidance", "CreateConnection", "CreateFeature"})
"""What a peer may ask of the target without its owing more than what features and connections show."""

NOTIFY = "NotifyConnectionStatus"
UPDATE = "UpdateConnection"
DELETE = "DeleteConnection"


def owed(records: Sequence[AnyRecord], target: str, peer: str, state: Mapping[str, Any]) -> str | None:
    """What the target still has to do, or may have to; None where there is nothing.

    ``records`` are those of the scenario so far, ``state`` is what the peer sees now (``outside.seen_from_outside``).
    """
    view = TraceView(records)
    return (
        _acted(records, target)
        or _unanswered(view.exchanges(sender=target, ours=False))
        or _asked(view, target, peer)
        or next((why for each in state["connections"] if (why := _unfinished(view, each, target, peer))), None)
    )


def _acted(records: Sequence[AnyRecord], target: str) -> str | None:
    ended = {each.of: each.result for each in records if isinstance(each, Outcome)}
    for each in records:
        if isinstance(each, Action) and each.seat == target:
            if each.action not in LOOKED_AFTER:
                return f"what follows {each.action}"
            if ended.get(each.seq, "running") == "running":
                return f"the end of {each.action}"
    return None


def _unanswered(made: Sequence[Exchange]) -> str | None:
    """The newest call of each kind decides: a server error or silence is followed by a repeat."""
    newest = {(each.request.operation, each.request.path, str(each.request.query)): each for each in made}
    for each in newest.values():
        if each.status is None or each.status >= 500 or each.status in (408, 425, 429):
            return f"a repeat of {each.request.operation}"
    return None


def _asked(view: TraceView, target: str, peer: str) -> str | None:
    for each in view.exchanges(receiver=target):
        operation = each.request.operation or "an unknown call"
        if each.request.method == "GET" or operation in ANSWERED or not each.succeeded:
            continue
        follows = {NOTIFY: "GetConnection", UPDATE: NOTIFY}.get(operation)
        if operation == DELETE:
            continue
        if follows is None or each.request.sender != peer:
            return f"what follows {operation}"
        uuid = each.segment("connections")
        after = [e for e in view.exchanges(follows, sender=target, ours=False, about=uuid) if e.succeeded]
        if not any(e.request.seq > each.request.seq for e in after):
            return f"{follows} after {operation}"
    return None


def _unfinished(view: TraceView, row: Any, target: str, peer: str) -> str | None:
    if not isinstance(row, dict):  # there may be more, without a place: their customer's operation is looked after
        return None
    for placement in row["placements"]:
        features = placement["features"]
        if any(each["state"] != "FINAL" for each in features):
            return f"features of {row['uuid']}"
        if placement["verification"] != "VERIFIED" and not (
            not features and _untouched(view, row["uuid"], target, peer)
        ):
            return f"the activation of {row['uuid']}"
    return None


def _untouched(view: TraceView, uuid: str, target: str, peer: str) -> bool:
    """The peer placed it here, drives it itself, and has proposed nothing yet: then it is the peer's turn."""
    made = [
        each for each in view.exchanges("CreateConnection", sender=peer, receiver=target, about=uuid) if each.succeeded
    ]
    return bool(made) and not any((each.request.body or {}).get("deferProvisioning") for each in made)
