"""From findings to verdicts: what was not judged is never passed, and silence is our own fault."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from conformance import rollup
from conformance.judge import judge
from conformance.play import Play, Played, every
from conformance.requirements import load_registry
from conformance.rules import RULES
from conformance.scenarios import Declared, Scenario
from conformance.view import TraceView
from reports.record import Claim, Meta
from reports.report import Report, RequirementResult
from reports.trace import Trace
from reports.verdict import Finding, Verdict, Waiting

CC = "connection-coordinator"


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that says what it is told to say."""

    def says(view: TraceView, word: str) -> Finding | Waiting:
        if word == "waiting":
            return Waiting("a miracle")
        if word == "broken":
            raise ZeroDivisionError("as told")
        return Finding(Verdict(word), want="w", got="g")

    judge([])  # registers the rules that there are
    monkeypatch.setitem(RULES, "says", says)


def scenario(*checks: str, seats: tuple[str, ...] = ("csp-a",), name: str = "one") -> Scenario:
    declared = tuple(Declared(check, None) for check in checks)
    return Scenario(f"file: {name}", CC, "feature", "file.feature", 1, name, frozenset(), seats, declared, (), None)


def reported(
    scenarios: list[Scenario],
    claims: dict[tuple[str, str], list[tuple[str, str]]],
    problem: str | None = None,
    ours: bool = False,
    skip: tuple[str, ...] = (),
) -> Report:
    """A report of made-up runs: ``claims`` gives (check, word) by scenario name and seat."""
    trace, played = Trace(), []
    for each in scenarios:
        for seat in each.seats:
            if each.name in skip:
                continue
            first = trace.append(Meta(mark="scenario", data={"id": each.id, "protocol": CC})).seq
            for check, word in claims.get((each.name, seat), []):
                trace.append(Claim(check=check, seat=seat, rule="says", params={"word": word}))
            last = trace.append(Meta(mark="end")).seq
            played.append(Played(each, seat, first, last, 0.1, problem, ours))
    pairs = {(each.id, seat) for each in scenarios for seat in each.seats if each.name not in skip}
    play = Play(trace, played)
    return rollup.report(
        load_registry(),
        scenarios,
        [rollup.Part(frozenset(pairs), frozenset(every(scenarios)), play, tuple(judge(trace)))],
        protocols=[CC],
        target={"name": "t"},
        seed=1,
        started=datetime.datetime(2026, 1, 1),
        duration_s=1.0,
    )


def of(report: Report, requirement: str) -> RequirementResult:
    return next(each for each in report.requirements if each.id == requirement)


def shown(report: Report, requirement: str) -> dict[tuple[str, str], str]:
    return {(check.id, check.seat): str(check.verdict) for check in of(report, requirement).checks}


def test_a_requirement_passes_only_when_each_of_its_checks_passed() -> None:
    one = scenario("CC-KEY-017/1", "CC-KEY-017/2", "CC-KEY-017/3")
    words = [("CC-KEY-017/1", "passed"), ("CC-KEY-017/2", "passed"), ("CC-KEY-017/3", "passed")]
    report = reported([one], {("one", "csp-a"): words})
    assert of(report, "CC-KEY-017").verdict == "passed"
    assert report.counts.expected == report.counts.executed == report.counts.judged == 3
    assert rollup.exit_code(report) == 0


def test_an_unclaimed_check_of_a_requirement_leaves_it_untested() -> None:
    report = reported([scenario("CC-KEY-017/1")], {("one", "csp-a"): [("CC-KEY-017/1", "passed")]})
    assert shown(report, "CC-KEY-017") == {
        ("CC-KEY-017/1", "csp-a"): "passed",
        ("CC-KEY-017/2", "csp-a"): "untested",
        ("CC-KEY-017/3", "csp-a"): "untested",
    }
    assert of(report, "CC-KEY-017").verdict == "untested"
    assert of(report, "CC-KEY-017").reason == rollup.NOT_BUILT


def test_a_requirement_of_either_provider_owes_both_seats() -> None:
    """CC-SEC-001 has the role either: judged at csp-a alone it is not passed."""
    checks = [("CC-SEC-001/1", "passed"), ("CC-SEC-001/2", "passed"), ("CC-SEC-001/3", "passed")]
    names = [check for check, _ in checks]
    alone = reported([scenario(*names)], {("one", "csp-a"): checks})
    both = reported([scenario(*names, seats=("csp-a", "csp-b"))], {("one", "csp-a"): checks, ("one", "csp-b"): checks})
    assert of(alone, "CC-SEC-001").verdict == "untested"
    assert of(both, "CC-SEC-001").verdict == "passed"


def test_the_worst_of_several_scenarios_counts() -> None:
    scenarios = [scenario("CC-KEY-017/1", name="one"), scenario("CC-KEY-017/1", name="two")]
    claims = {("one", "csp-a"): [("CC-KEY-017/1", "passed")], ("two", "csp-a"): [("CC-KEY-017/1", "failed")]}
    report = reported(scenarios, claims)
    assert shown(report, "CC-KEY-017")["CC-KEY-017/1", "csp-a"] == "failed"
    assert rollup.exit_code(report) == 1
    profile = next(each for each in report.profiles if each.id == "core-issuer")
    assert profile.verdict == "not conformant"


def test_a_should_that_does_not_hold_is_a_warning() -> None:
    report = reported([scenario("CC-KEY-021/1")], {("one", "csp-a"): [("CC-KEY-021/1", "failed")]})
    assert shown(report, "CC-KEY-021")["CC-KEY-021/1", "csp-a"] == "warned"
    assert rollup.exit_code(report) == 0


def test_a_rule_that_waited_in_vain_failed() -> None:
    report = reported([scenario("CC-KEY-017/1")], {("one", "csp-a"): [("CC-KEY-017/1", "waiting")]})
    result = of(report, "CC-KEY-017").checks[0]
    assert (result.verdict, result.want, result.got) == ("failed", "a miracle", "nothing yet")


def test_a_rule_that_breaks_is_our_error() -> None:
    report = reported([scenario("CC-KEY-017/1")], {("one", "csp-a"): [("CC-KEY-017/1", "broken")]})
    assert of(report, "CC-KEY-017").checks[0].got == "rule says: ZeroDivisionError: as told"
    assert rollup.exit_code(report) == 3


def test_a_declared_check_that_nobody_claims_is_our_error() -> None:
    report = reported([scenario("CC-KEY-017/1", "CC-KEY-017/2")], {("one", "csp-a"): [("CC-KEY-017/1", "passed")]})
    result = of(report, "CC-KEY-017").checks[1]
    assert (result.verdict, result.got) == ("error", "file: one: declared, but no step claimed it")
    assert rollup.exit_code(report) == 3


@pytest.mark.parametrize(("ours", "verdict", "code"), [(False, "inconclusive", 4), (True, "error", 3)])
def test_a_scenario_that_stops_half_way(ours: bool, verdict: str, code: int) -> None:
    report = reported([scenario("CC-KEY-017/1")], {}, problem="Given x: it does not", ours=ours)
    result = of(report, "CC-KEY-017").checks[0]
    assert (result.verdict, result.reason) == (verdict, "Given x: it does not")
    assert rollup.exit_code(report) == code
    assert report.counts.executed == 0


def test_a_selected_scenario_that_did_not_run_is_our_error() -> None:
    one = scenario("CC-KEY-017/1")
    report: Any = rollup.report(
        load_registry(),
        [one],
        [rollup.Part(frozenset({(one.id, "csp-a")}), frozenset(every([one])), Play(Trace()), ())],
        protocols=[CC],
        target={},
        seed=1,
        started=datetime.datetime(2026, 1, 1),
        duration_s=1.0,
    )
    assert shown(report, "CC-KEY-017")["CC-KEY-017/1", "csp-a"] == "error"


def test_a_deselected_scenario_is_untested_for_that_reason() -> None:
    report = reported(
        [scenario("CC-KEY-017/1"), scenario("CC-KEY-017/2", name="two")],
        {("one", "csp-a"): [("CC-KEY-017/1", "passed")]},
        skip=("two",),
    )
    assert of(report, "CC-KEY-017").checks[1].reason == rollup.NOT_SELECTED
    assert report.scope == "partial"


def test_what_lies_beyond_the_targets_reach_is_not_expected() -> None:
    """It is excluded and counted in the reach; the rest may be conformant (architecture note, "Verdicts")."""
    trace, played = Trace(), []
    checks = ("CC-KEY-017/1", "CC-KEY-017/2", "CC-KEY-017/3")
    scenarios = [scenario(*checks[:2], name="one"), scenario(checks[2], name="two")]
    for each, lacks in zip(scenarios, (None, "adapter lacks reset"), strict=True):
        first = trace.append(Meta(mark="scenario", data={"id": each.id, "protocol": CC})).seq
        for declared in each.declared if lacks is None else ():
            trace.append(Claim(check=declared.check, seat="csp-a", rule="says", params={"word": "passed"}))
        last = trace.append(Meta(mark="end")).seq
        played.append(Played(each, "csp-a", first, last, 0.1, lacks, lacking=lacks is not None))
    pairs = frozenset(every(scenarios))
    report = rollup.report(
        load_registry(),
        scenarios,
        [rollup.Part(pairs, pairs, Play(trace, played), tuple(judge(trace)))],
        protocols=[CC],
        target={},
        seed=1,
        started=datetime.datetime(2026, 1, 1),
        duration_s=1.0,
    )
    assert (report.counts.expected, report.counts.executed, report.counts.judged) == (2, 2, 2)
    assert of(report, "CC-KEY-017").verdict == "passed"
    assert [(each.id, each.verdict) for each in report.scenarios] == [
        ("file: one", "passed"),
        ("file: two", "untested"),
    ]
    profile = next(each for each in report.profiles if each.id == "core-issuer")
    assert profile.reach["excluded"]["adapter lacks reset"] == 1


def test_an_example_of_an_outline_that_stops_half_way_is_not_hidden_by_the_last_one() -> None:
    trace, played, one = Trace(), [], scenario("CC-KEY-017/1")
    for problem in ("When x: it does not", None):
        first = trace.append(Meta(mark="scenario", data={"id": one.id, "protocol": CC})).seq
        if problem is None:
            trace.append(Claim(check="CC-KEY-017/1", seat="csp-a", rule="says", params={"word": "passed"}))
        played.append(Played(one, "csp-a", first, trace.append(Meta(mark="end")).seq, 0.1, problem))
    pairs = frozenset(every([one]))
    report = rollup.report(
        load_registry(),
        [one],
        [rollup.Part(pairs, pairs, Play(trace, played), tuple(judge(trace)))],
        protocols=[CC],
        target={},
        seed=1,
        started=datetime.datetime(2026, 1, 1),
        duration_s=1.0,
    )
    assert shown(report, "CC-KEY-017")["CC-KEY-017/1", "csp-a"] == "inconclusive"
