from __future__ import annotations

from itertools import combinations

import pytest

from reports.verdict import PRECEDENCE, Finding, Verdict, Waiting, roll_up

P, F, W, Q, N, U, R, E = (
    Verdict.PASSED,
    Verdict.FAILED,
    Verdict.WARNED,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_APPLICABLE,
    Verdict.UNTESTED,
    Verdict.REVIEW,
    Verdict.ERROR,
)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], U),
        ([N], U),
        ([N, P], P),
        ([P, P], P),
        ([P, W], W),
        ([P, U], U),
        ([W, U], U),
        ([U, R], R),
        ([R, Q], Q),
        ([Q, F], F),
        ([F, E], E),
        ([P, W, U, R, Q, F, E, N], E),
    ],
)
def test_roll_up(parts: list[Verdict], whole: Verdict) -> None:
    assert roll_up(parts) is whole
    assert roll_up(reversed(parts)) is whole


def test_the_first_of_the_precedence_wins_in_every_pair() -> None:
    assert PRECEDENCE == (E, F, Q, R, U, W, P)
    for first, second in combinations(PRECEDENCE, 2):
        assert roll_up([second, first]) is first


def test_a_rule_that_waited_too_long_has_failed() -> None:
    waiting = Waiting("a notification", "two of three", (4, 5))
    assert waiting.given_up() == Finding(F, "a notification", "two of three", (4, 5))


def test_findings_by_name() -> None:
    assert Finding.passed("seen", evidence=[3], errata=["CC-ERR-02"]) == Finding(P, "", "seen", (3,), ("CC-ERR-02",))
    assert Finding.failed(want="a", got="b", evidence=[1]) == Finding(F, "a", "b", (1,))
    assert Finding.inconclusive("late", evidence=[2]) == Finding(Q, "", "late", (2,))
    assert Finding.untested("no clock") == Finding(U, "", "no clock")
