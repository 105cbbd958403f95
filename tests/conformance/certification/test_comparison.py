"""Two reports beside each other, and several rounds of one run."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from conformance.comparison import compared
from conformance.requirements import load_registry
from conformance.rounds import agreed
from reports.console import summary
from reports.markdown import to_markdown
from reports.report import Report
from tests.conformance.certification.test_waivers import report, requirement


def with_verdicts(*verdicts: str) -> Report:
    rows = [(str(number), "csp-a", verdict) for number, verdict in enumerate(verdicts, start=1)]
    return report(requirement("CC-KEY-017", *rows))


def changes(old: Report, new: Report) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.id, each.what, each.before, each.now) for each in compared(old, new).changes]


def test_what_got_better_and_what_got_worse() -> None:
    old, new = with_verdicts("failed", "passed", "passed"), with_verdicts("passed", "inconclusive", "passed")
    assert changes(old, new) == [
        ("CC-KEY-017/1", "better", "failed", "passed"),
        ("CC-KEY-017/2", "worse", "passed", "inconclusive"),
    ]


def test_what_was_not_judged_before_is_new_and_what_is_no_more_is_gone() -> None:
    old, new = with_verdicts("untested", "passed", "untested"), with_verdicts("failed", "untested", "untested")
    assert changes(old, new) == [
        ("CC-KEY-017/1", "new", None, "failed"),
        ("CC-KEY-017/2", "gone", "passed", None),
    ]


def test_the_changes_are_told_in_the_console_and_in_the_job_summary() -> None:
    found = compared(with_verdicts("passed", "passed", "failed"), with_verdicts("failed", "passed", "passed"))
    console = Console(record=True, width=200, file=io.StringIO())
    console.print(summary(found, None), soft_wrap=True)
    told = console.export_text()
    assert "since 2026-12-01, t: 1 worse, 1 better" in told
    assert "worse  CC-KEY-017/1 csp-a  passed -> failed" in told
    markdown = to_markdown(found)
    assert "Since 2026-12-01, t: 1 worse, 1 better." in markdown
    assert "- worse: **CC-KEY-017/1** csp-a passed → failed" in markdown


def test_nothing_changed() -> None:
    found = compared(with_verdicts("passed"), with_verdicts("passed"))
    assert found.changes == ()
    assert "nothing changed" in to_markdown(found)
    assert "Since" not in to_markdown(with_verdicts("passed"))


def test_what_differs_between_rounds_is_inconclusive() -> None:
    one, two = with_verdicts("passed", "passed", "passed"), with_verdicts("passed", "failed", "passed")
    found = agreed([one, two, one], 3, load_registry())
    assert [each.verdict for each in found.requirements[0].checks] == ["passed", "inconclusive", "passed"]
    assert found.requirements[0].checks[1].reason == "differs between rounds: passed, failed, passed"
    assert (found.requirements[0].verdict, found.profiles[0].verdict) == ("inconclusive", "incomplete")
    assert found.duration_s == 3.0


def test_rounds_that_agree_are_as_one() -> None:
    one = with_verdicts("passed", "failed", "passed")
    assert agreed([one, one], 2, load_registry()) == replace(one, duration_s=2.0)


def test_rounds_that_were_cut_off_certify_nothing() -> None:
    one = with_verdicts("passed", "passed", "passed")
    assert agreed([one, one], 3, load_registry()).scope == "2 of 3 rounds"
