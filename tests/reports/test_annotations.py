from __future__ import annotations

from dataclasses import replace

from reports.annotations import github
from reports.report import WaiverResult
from tests.reports.fake_report import FAILED, check, small_report


def test_each_failure_is_a_line_for_the_target_file() -> None:
    assert github(small_report(FAILED, check("passed", 1)), "ci/target.toml") == [
        "::error file=ci/target.toml,title=FI-ZREG-009/2 op2 failed::all or none: "
        "want no zone registered, got op2 keeps ['zone-east-01']",
        "::notice file=ci/target.toml,title=Interlock::Acme Cloud: not conformant",
    ]


def test_what_is_undecided_or_warned_is_a_warning() -> None:
    rows = github(small_report(check("inconclusive", 1, reason="time-out"), check("warned", 2)))
    assert [row.partition("::")[2].partition(" ")[0] for row in rows] == ["warning", "warning", "notice"]
    assert rows[0].startswith("::warning title=FI-ZREG-009/1 op2 inconclusive::")


def test_texts_of_others_end_no_command() -> None:
    rows = github(small_report(check("failed", 1, want="100%\n::error::x", got="a")), "a:b,c.toml")
    assert rows[0].startswith("::error file=a%3Ab%2Cc.toml,title=")
    assert "want 100%25 ::error::x, got a" in rows[0]
    assert all("\n" not in row for row in rows)


def test_many_failures_are_counted() -> None:
    rows = github(small_report(*(check("failed", number) for number in range(60))))
    assert len(rows) == 52
    assert rows[50] == "::error title=Interlock::10 more, see the report"


def test_faults_of_the_harness_and_waivers_to_mend_are_errors() -> None:
    waiver = WaiverResult("CC-KEY-001/1", "csp-a", "4.2", "r", "o", "2026-01-01", "expired", "it ended on 2026-01-01")
    report = replace(small_report(check("passed")), problems=("broken",), waivers=(waiver,))
    assert github(report)[:2] == [
        "::error title=Interlock::fault of the harness: broken",
        "::error title=waiver CC-KEY-001/1 csp-a::expired: it ended on 2026-01-01",
    ]
