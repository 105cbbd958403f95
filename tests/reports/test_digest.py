from __future__ import annotations

from dataclasses import replace

import pytest

from reports import digest
from reports.report import Counts, Report
from tests.reports.fake_report import FAILED, check, fake_run, small_report


@pytest.mark.parametrize(
    ("report", "word"),
    [
        (small_report(check("passed")), "conformant"),
        (small_report(FAILED), "not conformant"),
        (small_report(check("inconclusive")), "incomplete"),
        (small_report(check("error")), "error"),
        (small_report(FAILED, problems=("broken",)), "error"),
        (small_report(check("passed"), scope="partial"), "incomplete"),
        (small_report(FAILED, scope="partial"), "not conformant"),
        (small_report(check("passed"), counts=Counts(2, 1, 1)), "incomplete"),
        (small_report(check("passed"), profiles=()), "incomplete"),
    ],
)
def test_the_whole_is_as_bad_as_its_worst_profile(report: Report, word: str) -> None:
    assert digest.overall(report) == word


def test_failures_are_what_no_waiver_covers_our_own_errors_first() -> None:
    report = small_report(FAILED, check("error", 3), check("passed", 1))
    assert [entry.check.id for entry in digest.failures(report)] == ["FI-ZREG-009/3", "FI-ZREG-009/2"]
    assert digest.waived(report) == []
    covered = replace(report, requirements=(replace(report.requirements[0], waiver={"reason": "known"}),))
    assert digest.failures(covered) == []
    assert [entry.check.id for entry in digest.waived(covered)] == ["FI-ZREG-009/2", "FI-ZREG-009/3"]


def test_a_requirement_that_failed_as_a_whole_is_an_entry() -> None:
    report = small_report()
    whole = replace(report.requirements[0], verdict="error", reason="a check was declared and not emitted")
    (entry,) = digest.failures(replace(report, requirements=(whole,)))
    assert (entry.check.id, entry.check.seat, entry.check.reason) == (
        "FI-ZREG-009",
        "",
        "a check was declared and not emitted",
    )


def test_what_is_not_applicable_does_not_count() -> None:
    assert digest.met({"passed": 3, "warned": 1, "failed": 2, "untested": 1, "not-applicable": 9}) == (4, 7)


def test_the_shortfall_names_the_main_reason_and_the_waivers() -> None:
    run = fake_run(300, 0)
    issuer, macsec = run.report.profiles[0], run.report.profiles[3]
    assert digest.shortfall(run.report, issuer) == (
        "2 failed (1 waived), 1 inconclusive, 1 review, 1 untested (no clock: the target's time cannot be advanced)"
    )
    assert digest.shortfall(run.report, macsec) == "45 untested (profile macsec is not claimed)"
    assert digest.shortfall(small_report(check("passed")), small_report(check("passed")).profiles[0]) == ""


def test_untested_reasons_by_frequency() -> None:
    assert digest.untested_reasons(fake_run(300, 0).report) == [
        ("profile macsec is not claimed", 50),
        ("no clock: the target's time cannot be advanced", 5),
    ]


def test_tally_in_order() -> None:
    assert list(digest.tally(fake_run(300, 0).report).items()) == [
        ("failed", 7),
        ("inconclusive", 5),
        ("review", 5),
        ("untested", 55),
        ("warned", 5),
        ("passed", 223),
    ]


def test_words() -> None:
    assert digest.counts_line(small_report(FAILED)) == "1 checks expected, 1 executed, 1 judged, in 41 s"
    assert digest.headline("connection-coordinator") == "Connection Coordinator"
    assert digest.shortened("one\ntwo  three", 13) == "one two three"
    assert digest.shortened("one two three", 9) == "one two…"
    assert digest.shortened("one", 0) == "…"


def test_the_reach_of_a_profile_groups_its_reasons() -> None:
    reasons = {
        "adapter lacks the inventory 'one-left': its file has standard": 2,
        "adapter lacks the inventory 'five-of-each': its file has standard": 3,
        "no clock: the target's time cannot be moved by 60 s": 1,
        "untestable": 4,
    }
    profile = small_report(FAILED).profiles[0]
    told = digest.reach(replace(profile, reach={"judged": 7, "excluded": reasons}))
    assert told == "7 checks judged, 10 out of reach: 5 adapter lacks the inventory, 4 untestable, 1 no clock"
    assert digest.reach(replace(profile, reach={"judged": 7, "excluded": {"untestable": 4}})) == ""
    assert digest.reach(replace(profile, verdict="not applicable", reach={"judged": 0, "excluded": reasons})) == ""


def test_the_shortfall_tells_what_is_out_of_reach_from_what_nobody_judges() -> None:
    run = fake_run(300, 0)
    macsec = run.report.profiles[3]
    mine = [each for each in run.report.requirements if each.profile == macsec.id and each.level == "MUST"]
    why = {each.id: "adapter lacks reset" if place < 40 else "no scenario yet" for place, each in enumerate(mine)}
    changed = tuple(replace(each, reason=why.get(each.id, each.reason)) for each in run.report.requirements)
    reaching = replace(macsec, reach={"excluded": {"adapter lacks reset": 40}})
    told = digest.shortfall(replace(run.report, requirements=changed), reaching)
    assert told == "45 untested (40 out of reach, 5 no scenario yet)"
