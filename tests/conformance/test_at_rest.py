"""Is a target at rest, by what the wire shows? What is not known is owed."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.at_rest import owed
from reports.record import Action, AnyRecord, Lost, Outcome, Request, Response
from reports.trace import Trace

CREATED = "/providers/csp-b/environments/env1/interconnects/ix1/connections"
HERE = "/providers/csp-a/environments/env1/interconnects/ix1/connections"
NOTHING: dict[str, Any] = {"connections": []}


def state(verification: str = "VERIFIED", *features: str) -> dict[str, Any]:
    rows = [{"channel": f"ch{number}", "state": each} for number, each in enumerate(features)]
    placement = {"interconnect": "ix1", "verification": verification, "features": rows}
    return {"connections": [{"uuid": "u1", "placements": [placement]}]}


class Story:
    """What happened so far; the target sits in csp-b."""

    def __init__(self) -> None:
        self.trace = Trace()

    def acted(self, action: str, *results: Any) -> Story:
        asked = self.trace.append(Action(seat="csp-b", action=action)).seq
        for each in results:
            self.trace.append(Outcome(of=asked, seat="csp-b", action=action, result=each))
        return self

    def said(self, sender: str, operation: str, path: str, status: int | None, body: Any = None) -> Story:
        receiver = "csp-a" if sender == "csp-b" else "csp-b"
        name = f"x{len(self.trace)}"
        method = "GET" if operation.startswith(("Get", "List")) else "POST"
        both: dict[str, Any] = {"exchange": name, "operation": operation}
        self.trace.append(Request(**both, sender=sender, receiver=receiver, method=method, path=path, body=body))
        end: AnyRecord = Lost(**both, sender=sender, receiver=receiver, what="response")
        if status is not None:
            end = Response(**both, sender=receiver, receiver=sender, status=status)
        self.trace.append(end)
        return self

    def owed(self, shown: dict[str, Any] = NOTHING) -> str | None:
        return owed(list(self.trace), "csp-b", "csp-a", shown)


def test_nothing_happened() -> None:
    assert Story().owed() is None


def test_an_established_connection_owes_nothing() -> None:
    story = Story().acted("accept", "running", "ok").said("csp-b", "CreateConnection", CREATED, 200)
    assert story.owed(state("VERIFIED", "FINAL", "FINAL")) is None
    assert story.owed(state("VERIFIED", "FINAL", "PENDING")) == "features of u1"
    assert story.owed(state("UNVERIFIED", "FINAL", "FINAL")) == "the activation of u1"
    assert story.owed(state("UNVERIFIED")) == "the activation of u1"


def test_an_operation_that_runs() -> None:
    assert Story().acted("accept", "running").owed() == "the end of accept"
    assert Story().acted("accept", "running", "failed").owed() is None


def test_what_an_operator_asked_for_may_take_its_time() -> None:
    assert Story().acted("open_maintenance", "ok").owed() == "what follows open_maintenance"


@pytest.mark.parametrize("status", [None, 500, 503, 429, 408])
def test_a_call_that_failed_is_repeated(status: int | None) -> None:
    story = Story().said("csp-b", "DeleteConnection", f"{CREATED}/u1", status)
    assert story.owed() == "a repeat of DeleteConnection"
    assert story.said("csp-b", "DeleteConnection", f"{CREATED}/u1", 200).owed() is None


@pytest.mark.parametrize("status", [200, 204, 400, 404, 409])
def test_a_call_that_was_answered_is_not(status: int) -> None:
    assert Story().said("csp-b", "DeleteConnection", f"{CREATED}/u1", status).owed() is None


def test_a_notification_is_followed_by_a_look() -> None:
    story = Story().said("csp-a", "NotifyConnectionStatus", f"{HERE}/u1/NotifyConnectionStatus", 200)
    assert story.owed(state("VERIFIED", "FINAL")) == "GetConnection after NotifyConnectionStatus"
    assert story.said("csp-b", "GetConnection", f"{CREATED}/u1", 200).owed(state("VERIFIED", "FINAL")) is None


def test_a_granted_update_is_followed_by_a_notification() -> None:
    story = Story().said("csp-a", "UpdateConnection", f"{HERE}/u1", 200)
    assert story.owed(state("VERIFIED", "FINAL")) == "NotifyConnectionStatus after UpdateConnection"
    refused = Story().said("csp-a", "UpdateConnection", f"{HERE}/u1", 409)
    assert refused.owed(state("VERIFIED", "FINAL")) is None


def test_what_the_peer_placed_and_drives_is_its_own_turn() -> None:
    mine = Story().said("csp-a", "CreateConnection", f"{HERE}/u1", 200, {"bandwidthMbps": 1000})
    assert mine.owed(state("UNVERIFIED")) is None
    deferred = Story().said("csp-a", "CreateConnection", f"{HERE}/u1", 200, {"deferProvisioning": True})
    assert deferred.owed(state("UNVERIFIED")) == "the activation of u1"


def test_what_is_not_known_is_owed() -> None:
    assert Story().said("csp-a", "DeleteFeature", f"{HERE}/u1/features/f1", 200).owed() == "what follows DeleteFeature"
    assert Story().said("csp-c", "ConfirmActivationKey", "/x", 200).owed() is None
    asked = Story().said("csp-c", "NotifyConnectionStatus", f"{HERE}/u1/NotifyConnectionStatus", 200)
    assert asked.owed() == "what follows NotifyConnectionStatus"
