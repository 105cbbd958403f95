from __future__ import annotations

from dataclasses import replace

import pytest

from reports.markdown import LIMIT, to_markdown
from reports.report import Report
from tests.reports.fake_report import FAILED, check, fake_run, small_report


def test_the_whole_of_a_small_report() -> None:
    assert to_markdown(small_report(FAILED, check("untested", 3, reason="no clock"))) == (
        "## Interlock: Acme Cloud — not conformant\n"
        "\n"
        "| Protocol | Profile | Verdict | MUST | Not held |\n"
        "|---|---|---|---|---|\n"
        "| Federation Interconnect | federation-host | **NOT CONFORMANT** | 0 of 1 | 1 failed |\n"
        "\n"
        "### Failed (1)\n"
        "\n"
        "- **FI-ZREG-009/2** op2 all or none<br>want no zone registered<br>got op2 keeps \\['zone-east-01'\\] (r17)\n"
        "\n"
        "2 checks expected, 2 executed, 2 judged, in 41 s. Requirements: 1 failed. Scope: full.\n"
    )


def test_the_order_of_the_parts() -> None:
    text = to_markdown(replace(fake_run(300, 0).report, problems=("a check was not emitted",)))
    parts = [
        "## Interlock: Acme Cloud — error",
        "| Connection Coordinator | core-issuer | **NOT CONFORMANT** | 40 of 45 |",
        "### Faults of the harness\n\n- a check was not emitted\n",
        "### Failed (2)",
        "<details><summary>Waived (5)</summary>",
        "<details><summary>Inconclusive or to be reviewed (10)</summary>",
        "750 checks expected",
        "<details><summary>Untested (55)</summary>\n\n- 50 × profile macsec is not claimed\n",
    ]
    assert [text.count(part) for part in parts] == [1] * len(parts)
    assert sorted(parts, key=text.index) == parts


def test_only_so_many_failures_are_told() -> None:
    report = small_report(*(check("failed", n, want="a", got="b") for n in range(100)))
    text = to_markdown(report)
    assert text.count("\n- **FI-ZREG-009/") == 40
    assert "- … and 60 more in report.html\n" in text


def test_nothing_that_a_target_says_is_acted_upon() -> None:
    hostile = check("failed", want="<img src=x>", got="| a | `b` *c*\n# d @somebody [x](y)")
    text = to_markdown(small_report(hostile))
    assert "<img" not in text
    assert "got \\| a \\| \\`b\\` \\*c\\* \\# d &#64;somebody \\[x\\](y)" in text


def vast() -> Report:
    """A report that is too large in every part."""
    report = small_report(*(check("failed", n, want="ü<" * 500, got="ü&" * 500) for n in range(2000)))
    return replace(
        report,
        target={"name": "n" * 100_000},
        profiles=tuple(replace(report.profiles[0], id=f"{'p' * 400}{n}") for n in range(500)),
        problems=tuple("\ud800&" * 9000 for _ in range(500)),
        scope="s" * 100_000,
    )


def vast_fold() -> Report:
    """A report whose fold of inconclusive checks is too large."""
    return small_report(*(check("inconclusive", n, want="&" * 300, got="<" * 300) for n in range(100)))


@pytest.mark.parametrize("report", [vast(), vast_fold(), fake_run(3000, 0).report])
def test_the_text_stays_below_the_limit_whatever_the_report_holds(report: Report) -> None:
    text = to_markdown(report)
    assert len(text.encode("utf-8", "backslashreplace")) < LIMIT
    assert text.count("<details>") == text.count("</details>")


def test_what_is_cut_says_so() -> None:
    assert to_markdown(vast_fold()).endswith("\n</details>\n\n… cut here; everything is in report.html\n")
