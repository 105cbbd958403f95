"""Traces that are judged again, joined, gone on with; and what they tell of things left behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.choice import Choice
from conformance.cleanup import left
from conformance.judge import judge
from conformance.play import NOT_BEGUN
from conformance.resume import UNFINISHED, CannotResume, Recorder, resumed
from conformance.rules import RULES
from conformance.stored import NotOfOneRun, again, joined, judge_all, played_in
from conformance.target import Target
from conformance.target.file import read_target
from conformance.view import TraceView
from reports import trace as traces
from reports.record import Action, Claim, Meta, Outcome, Request, Response
from reports.trace import Trace
from reports.verdict import Finding
from tests.conformance.certification.acme import SECRETS, ports, target_file

CC = "connection-coordinator"
SCENARIOS = (
    "create_connection_at_csp_a: a customer names all three",
    "create_connection_at_csp_a: a suspended account",
)


@pytest.fixture
def _place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that looks at the record of a given place, as rules do that hold the place of an action."""

    def at_place(view: TraceView, place: int) -> Finding:
        found = next((each for each in view.records if each.seq == place), None)
        if isinstance(found, Action):
            return Finding.passed(evidence=[place])
        return Finding.failed(want="an action", got=str(found), evidence=[place])

    judge([])  # registers the rules that there are
    monkeypatch.setitem(RULES, "at place", at_place)


def run(*scenarios: str, shard: tuple[int, int] = (1, 1), extra: int = 0, capabilities: tuple[str, ...] = ()) -> Trace:
    """A trace of these scenarios against a target in csp-a; each claims that an action stands where it stood."""
    trace = Trace()
    claimed = {"seats": ["csp-a"], "capabilities": list(capabilities)}
    choice = Choice(("create_connection_at_csp_a",), (), shard)
    declared = {"defers": False, "macsec_cadence": 0}
    head = {"claimed": claimed, "name": "t", "version": "", "declared": declared, "choice": choice.as_json()}
    trace.append(Meta(mark="run", data=head))
    trace.append(Meta(mark="run", data={"protocols": [CC], "seed": 1}))
    for name in scenarios:
        about = {"id": name, "name": name, "protocol": CC, "seat": "csp-a", "target": "csp-a"}
        begun = trace.append(Meta(mark="scenario", data=about))
        for _ in range(extra):
            trace.append(Action(seat="csp-b", action="read"))
        asked = trace.append(Action(seat="csp-a", action="offer"))
        trace.append(
            Outcome(of=asked.seq, seat="csp-a", action="offer", result="ok", outputs={"uuid": f"u{asked.seq}"})
        )
        params = {"place": asked.seq}
        trace.append(Claim(check="CC-KEY-001/1", seat="csp-a", rule="at place", params=params, since=begun.seq))
        trace.append(Meta(mark="end"))
    return trace


@pytest.mark.usefixtures("_place")
def test_each_run_of_a_joined_trace_is_judged_in_its_own_numbering() -> None:
    one, two = run(SCENARIOS[0], shard=(1, 2)), run(SCENARIOS[1], shard=(2, 2), extra=5)
    whole = joined([one, two])
    assert [each.seq for each in whole] == list(range(1, len(one) + len(two) + 3))
    findings = judge_all(whole)
    assert [str(each.finding.verdict) for each in findings] == ["passed", "passed"]
    for each in findings:  # the evidence and the claim stand where they stand in the whole
        (place,) = each.finding.evidence
        found, claim = whole[place - 1], whole[each.claim - 1]
        assert isinstance(found, Action)
        assert (found.seat, found.action) == ("csp-a", "offer")
        assert isinstance(claim, Claim)
        begun = whole[claim.since - 1]
        assert isinstance(begun, Meta)
        assert begun.mark == "scenario"
    outcomes = [each for each in whole if isinstance(each, Outcome)]
    assert [type(whole[each.of - 1]) for each in outcomes] == [Action, Action]


@pytest.mark.usefixtures("_place")
def test_a_joined_trace_is_one_run(tmp_path: Path) -> None:
    whole = joined([run(SCENARIOS[0], shard=(1, 2)), run(SCENARIOS[1], shard=(2, 2))])
    traces.write(whole, tmp_path / "t.jsonl")
    found = again(traces.read(tmp_path / "t.jsonl"), "t")
    assert found.certified
    assert [(each.id, each.verdict) for each in found.report.scenarios] == [(name, "passed") for name in SCENARIOS]
    (check,) = (each for row in found.report.requirements for each in row.checks if each.id == "CC-KEY-001/1")
    assert (check.verdict, check.reason) == ("untested", "not played: the run ended before")


def test_traces_of_different_targets_are_not_joined() -> None:
    with pytest.raises(NotOfOneRun, match="want traces of runs against one target as it was"):
        joined([run(SCENARIOS[0]), run(SCENARIOS[0], capabilities=("delete",))])


# --- going on -----------------------------------------------------------------------------------------------------


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return replace(read_target(target_file(tmp_path, ports())), name="t")


CHOICE = Choice(("create_connection_at_csp_a",))


def scenarios_of(trace: Trace) -> list[str]:
    return [each.scenario.id for _, each in played_in(trace)]


def test_a_run_that_was_killed_goes_on_before_its_last_scenario(tmp_path: Path, target: Target) -> None:
    trace = Trace()
    recorder = Recorder(tmp_path, trace)
    for record in run(*SCENARIOS, SCENARIOS[0]):
        trace.append(record)
    recorder._out.flush()
    file = tmp_path / UNFINISHED
    file.write_text(file.read_text(encoding="utf-8")[:-30], encoding="utf-8")  # a line without an end
    assert scenarios_of(resumed(tmp_path, target, CHOICE)) == list(SCENARIOS)
    recorder.finish()
    assert not file.exists()


def test_all_examples_of_the_last_outline_are_played_again(tmp_path: Path, target: Target) -> None:
    traces.write(run(SCENARIOS[0], SCENARIOS[1], SCENARIOS[1]), tmp_path / "trace.jsonl")
    assert scenarios_of(resumed(tmp_path, target, CHOICE)) == [SCENARIOS[0]]


def test_nothing_played_is_gone_on_with_from_its_head(tmp_path: Path, target: Target) -> None:
    traces.write(run(), tmp_path / "trace.jsonl")
    assert [each.seq for each in resumed(tmp_path, target, CHOICE)] == [1]


def test_what_a_target_that_was_gone_could_not_begin_is_played_again(tmp_path: Path, target: Target) -> None:
    trace = run(*SCENARIOS, SCENARIOS[0], SCENARIOS[1])
    for number in range(3):
        about = {"id": f"{SCENARIOS[0]}{number}", "protocol": CC, "seat": "csp-a", "target": "csp-a"}
        trace.append(Meta(mark="scenario", data=about))
        trace.append(Meta(mark="end", data={"problem": f"{NOT_BEGUN}: ConnectError", "ours": False, "lacking": False}))
    traces.write(trace, tmp_path / "trace.jsonl")
    assert scenarios_of(resumed(tmp_path, target, CHOICE)) == [*SCENARIOS, SCENARIOS[0]]


@pytest.mark.parametrize(
    ("choice", "change", "told"),
    [
        (Choice(), {}, "with choice "),
        (CHOICE, {"capabilities": ("delete",)}, "with claimed "),
        (CHOICE, {"name": "other"}, "with name t; got name other"),
    ],
)
def test_another_run_is_not_gone_on_with(
    choice: Choice, change: dict[str, Any], told: str, tmp_path: Path, target: Target
) -> None:
    traces.write(run(*SCENARIOS), tmp_path / "trace.jsonl")
    with pytest.raises(CannotResume) as refused:
        resumed(tmp_path, replace(target, **change), choice)
    assert told in str(refused.value)


def test_there_is_nothing_to_go_on_with(tmp_path: Path, target: Target) -> None:
    with pytest.raises(CannotResume, match="want a directory in which a run was broken off"):
        resumed(tmp_path, target, CHOICE)


# --- what is left -------------------------------------------------------------------------------------------------


def exchange(trace: Trace, number: int, operation: str, path: str, status: int, **query: str) -> None:
    name, us, it = f"x{number}", "csp-b", "csp-a"
    method = "POST"
    asked = Request(exchange=name, sender=us, receiver=it, operation=operation, method=method, path=path, query=query)
    trace.append(asked)
    trace.append(Response(exchange=name, sender=it, receiver=us, operation=operation, status=status))


def test_what_is_left_at_a_target() -> None:
    trace = run(SCENARIOS[0])  # one key
    exchange(trace, 1, "CreateConnection", "/c", 200, connectionId="u1")
    exchange(trace, 2, "CreateConnection", "/c", 200, connectionId="u2")
    exchange(trace, 3, "CreateConnection", "/c", 409, connectionId="u3")
    exchange(trace, 4, "DeleteConnection", "/c/u1", 200)
    exchange(trace, 5, "DeleteConnection", "/c/u2", 404)
    assert left(trace) == {"connections": 2}
    asked = trace.append(Action(seat="csp-a", action="delete", inputs={"uuid": "u2"}))
    trace.append(Outcome(of=asked.seq, seat="csp-a", action="delete", result="running"))
    assert left(trace) == {"connections": 2}
    trace.append(Outcome(of=asked.seq, seat="csp-a", action="delete", result="ok"))
    assert left(trace) == {"connections": 1}


def test_what_others_made_is_not_counted() -> None:
    trace = Trace()
    trace.append(Meta(mark="scenario", data={"target": "op2"}))
    asked = trace.append(Action(seat="op1", action="create_zone", inputs={"zone": "z"}))
    trace.append(Outcome(of=asked.seq, seat="op1", action="create_zone", result="ok"))
    assert left(trace) == {}
    asked = trace.append(Action(seat="op2", action="create_zone", inputs={"zone": "z"}))
    trace.append(Outcome(of=asked.seq, seat="op2", action="create_zone", result="ok"))
    assert left(trace) == {"zones": 1}
