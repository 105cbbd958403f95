"""In which seats a target owes a check of a requirement that has several roles."""

from __future__ import annotations

import datetime

import pytest

from conformance import rollup
from conformance.requirements import load_registry
from conformance.scenarios import load_scenarios


@pytest.mark.parametrize(
    ("seats", "verdict", "reason"),
    [
        (("op2",), "not-applicable", "not claimed: it is judged in the seat op1"),
        (("op1",), "untested", rollup.NOT_BUILT),
    ],
)
def test_a_check_that_is_judged_in_one_seat_only_is_not_owed_in_the_other(
    seats: tuple[str, ...], verdict: str, reason: str
) -> None:
    """FI-RACE-012 has two roles; its third check is about the lead, so a host alone can be conformant without it."""
    report = rollup.report(
        load_registry(),
        [each for each in load_scenarios() if each.protocol == "federation-interconnect"],
        [],
        protocols=["federation-interconnect"],
        target={"name": "t"},
        seed=1,
        started=datetime.datetime(2026, 1, 1),
        duration_s=1.0,
        claimed=rollup.Claimed(seats, ("federation-apps-host", "federation-apps-lead")),
    )
    found = next(each for each in report.requirements if each.id == "FI-RACE-012")
    check = next(each for each in found.checks if each.id == "FI-RACE-012/3")
    assert (str(check.verdict), check.reason) == (verdict, reason)
