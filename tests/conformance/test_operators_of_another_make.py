"""What the documents let an operator do, and the reference does not: nothing of it is held against anybody."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.monitors.schemas import FederationContract
from reports.record import Response

NOTIFY, REGISTER = "POST /operator/notify/zone", "POST /operator/zone"


def _found(operation: str, status: int, body: object) -> list[str]:
    ends: dict[str, Any] = {"exchange": "x1", "operation": operation, "sender": "op1", "receiver": "op2", "seq": 1}
    return [check for check, _, _ in FederationContract().on(Response(**ends, status=status, body=body))]


@pytest.mark.parametrize(
    ("operation", "status", "body", "checks"),
    [
        (NOTIFY, 503, {"message": "later"}, []),  # an own add is open (federation-wire 7.4)
        (NOTIFY, 500, {"message": "no"}, ["FI-INPUT-001/1"]),
        (REGISTER, 503, {"message": "later"}, ["FI-INPUT-001/1"]),
        (REGISTER, 201, {"zone": {"zoneId": "zone-east-01"}}, []),  # a bare object: the early edition (FI-ERR-15)
        (REGISTER, 201, {"zone": [{"zoneId": "zone-east-01"}]}, []),
        (REGISTER, 201, {"zone": "zone-east-01"}, ["FI-PARTNER-006/1"]),
    ],
)
def test_what_an_answer_may_be(operation: str, status: int, body: object, checks: list[str]) -> None:
    assert _found(operation, status, body) == checks
