"""Self-play as a whole: the reference passes, both transports agree, a stored trace is judged the same, vices are seen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conformance import gallery
from conformance.cli import Usage, judging
from conformance.judge import judge
from conformance.mutants import Mutant
from conformance.play import every, play
from conformance.rollup import exit_code, verdict_of_claim
from conformance.selection import NothingSelected, select
from conformance.selfplay import Run, run
from reports.report import Report
from reports.write import write_report


@pytest.fixture(scope="module")
def whole() -> Run:
    return run()


def verdicts(report: Report) -> dict[tuple[str, str], str]:
    return {(check.id, check.seat): check.verdict for each in report.requirements for check in each.checks}


def test_the_reference_fails_nothing_and_everything_built_is_executed(whole: Run) -> None:
    bad = [
        f"{check.id} @{check.seat} {check.verdict}: want {check.want}; got {check.got}"
        for each in whole.report.requirements
        for check in each.checks
        if check.verdict not in ("passed", "untested")
    ]
    assert bad == []
    assert whole.report.problems == ()
    counts = whole.report.counts
    assert counts.expected == counts.executed >= counts.judged > 600
    assert exit_code(whole.report) == 0


def test_the_whole_catalogue_is_in_the_report(whole: Run) -> None:
    assert len(whole.report.requirements) == 178 + 119
    assert len({check.id for each in whole.report.requirements for check in each.checks}) == 897


def test_what_nobody_judged_is_untested_with_a_reason(whole: Run) -> None:
    untested = [c for each in whole.report.requirements for c in each.checks if c.verdict == "untested"]
    assert untested
    assert all(check.reason for check in untested)


def test_no_secret_is_in_any_output(whole: Run, tmp_path: Path) -> None:
    """Activation keys are base64 of a JSON object that begins with the version: no such text may be anywhere."""
    for path in write_report(tmp_path, whole.report, whole.trace, verdict_of_claim(whole.judged)).values():
        text = path.read_text(encoding="utf-8")
        assert "eyJ2ZXJzaW9uIjox" not in text, path.name
        assert not re.search(r"Bearer [A-Za-z0-9_-]{20,}", text), path.name


def test_real_sockets_give_the_same_verdicts() -> None:
    chosen = ("four_milestones", "confirming_the_activation_key", "setting_up_and_adding_a_partner")
    assert verdicts(run(selectors=chosen, over="http").report) == verdicts(run(selectors=chosen).report)


def test_a_stored_trace_is_judged_the_same(whole: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write_report(tmp_path, whole.report, whole.trace, verdict_of_claim(whole.judged))
    assert judging.judge(judging.Wishes([paths["trace.jsonl"]], json=True)) == 0
    again = json.loads(capsys.readouterr().out)
    assert {
        (check["id"], check["seat"]): check["verdict"] for each in again["requirements"] for check in each["checks"]
    } == verdicts(whole.report)


def test_a_trace_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    broken = tmp_path / "trace.jsonl"
    broken.write_text('{"format": "interlock-trace/1"}\n{"type": "Nonsense"}\n', encoding="utf-8")
    with pytest.raises(Usage, match=r"trace\.jsonl:2: want one of the record types"):
        judging.judge(judging.Wishes([broken]))


def test_a_selector_that_fits_nothing_names_what_is_close() -> None:
    with pytest.raises(NothingSelected, match=r"closest: .*CC-KEY-022"):
        select(None, ["CC-KEY-0222"])


def test_a_partial_run_is_told_as_such() -> None:
    partial = run(selectors=("CC-ACT-008",)).report
    assert partial.scope == "partial"
    untested = [check for each in partial.requirements for check in each.checks if check.verdict == "untested"]
    reasons = {check.reason for check in untested if "(accepted by " not in (check.reason or "")}
    assert reasons == {"its scenarios were not selected"}


def test_a_mutant_fails_the_check_that_it_declares() -> None:
    mutant = gallery.mutants()[0]
    killing = gallery.kill(mutant.id)
    assert killing.named
    assert mutant.caught_by in killing.killed_by


def test_every_mutant_declares_a_check_that_a_scenario_judges_in_its_seat() -> None:
    declared = {(check, at) for each in select() for seat in each.seats for check, at in each.checks_for(seat)}
    for mutant in gallery.mutants():
        assert isinstance(mutant, Mutant)
        assert (mutant.caught_by, mutant.seat) in declared, mutant.id


def test_a_judged_trace_does_not_depend_on_the_judge_of_the_run(whole: Run) -> None:
    assert judge(whole.trace) == whole.judged


def test_playing_twice_leaves_the_same_records() -> None:
    """What a step finds does not depend on how fast its thread is: the session acts when nobody works."""
    pairs = every(select(None, ["four_milestones", "provision_and_activate"]))
    first, second = (
        [(type(r).__name__, r.at, getattr(r, "operation", None), getattr(r, "seat", None)) for r in played.trace]
        for played in (play(pairs, seed=7), play(pairs, seed=7))
    )
    assert first == second
