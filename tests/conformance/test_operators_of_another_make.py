"""What the documents let an operator do, and the reference does not: nothing of it is held against anybody."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.monitors.schemas import FederationContract
from conformance.rules.federation_refusals import answers_alike
from conformance.view import TraceView
from reports.record import AnyRecord, Request, Response
from reports.verdict import Finding

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


def _alike(known: list[object], unknown: list[object]) -> str:
    """The verdict on refusals to an id that there is, and to one that there is not, by their bodies."""
    records: list[AnyRecord] = []
    for number, body in enumerate([*known, *unknown]):
        ends: dict[str, Any] = {"exchange": f"x{number}", "operation": REGISTER}
        records.append(
            Request(**ends, sender="op1", receiver="op2", method="POST", path="/operator/zone", seq=2 * number)
        )
        records.append(Response(**ends, sender="op2", receiver="op1", status=401, body=body, seq=2 * number + 1))
    names = [f"x{number}" for number in range(len(records) // 2)]
    found = answers_alike(TraceView(records), names[: len(known)], names[len(known) :])
    assert isinstance(found, Finding)
    return str(found.verdict)


def test_a_number_of_its_own_in_every_error_tells_nothing() -> None:
    def told(*numbers: int, **more: str) -> list[object]:
        return [{"message": "no", "trace": each, **more} for each in numbers]

    assert _alike(told(1, 2), told(3, 4)) == "passed"
    assert _alike(told(1, 2), told(3, 4, hint="who?")) == "failed"
    assert _alike(told(1, 1), told(2, 2)) == "failed"  # one number for each kind tells which it is
    assert _alike(told(1, 2), told(3, 3)) == "failed"
    assert _alike([{"message": "a"}, {"message": "b"}], [{"message": "c"}, {"message": "d"}]) == "failed"
