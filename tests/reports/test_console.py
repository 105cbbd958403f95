from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reports.console import WIDTH, summary
from tests.reports.fake_report import FAILED, check, fake_run, small_report


def test_the_first_screen_of_a_small_report() -> None:
    assert summary(small_report(FAILED, check("passed", 1)), Path("interlock-report/report.html")).plain == (
        "Federation Interconnect  federation-host  NOT CONFORMANT  0 of 1 MUST      1 failed\n"
        "  FI-ZREG-009/2 op2     all or none  want no zone registered  got op2 keeps ['zone-east-01']\n"
        "2 checks expected, 2 executed, 2 judged, in 41 s    report: interlock-report/report.html"
    )


def test_the_first_screen_of_a_run() -> None:
    lines = summary(fake_run(300, 0).report, Path("interlock-report/report.html")).plain.splitlines()
    assert lines[:2] == [
        "Connection Coordinator   core-issuer      NOT CONFORMANT  40 of 45 MUST",
        "                         2 failed (1 waived), 1 inconclusive, 1 review, 1 untested (no clock: the t…",
    ]
    assert lines[4] == "                         135 checks judged, 2 out of reach: 2 data plane"
    assert lines[7:10] == [
        "                         macsec           incomplete      0 of 45 MUST",
        "                         45 untested (profile macsec is not claimed)",
        "  CC-KEY-002/2 csp-a    The issuer make…  want no zone registered  got op2 keeps ['zone-east-01', '…",
    ]
    assert lines[-1] == "750 checks expected, 750 executed, 745 judged, in 41 s    report: interlock-report/report.html"
    assert max(map(len, lines)) <= WIDTH


def test_every_line_fits_whatever_is_told() -> None:
    report = small_report(
        *(check("failed", n, want="w" * 200, got="g" * 200) for n in range(30)),
        check("error", 31, reason="r" * 300),
        problems=("p" * 300,),
    )
    lines = summary(report, None).plain.splitlines()
    assert max(map(len, lines)) == WIDTH
    assert "  … and 11 more failed checks" in lines
    assert sum("w…  got g" in line for line in lines) == 19


def test_a_failure_of_a_profile_that_is_not_told_is_told() -> None:
    report = replace(small_report(FAILED), profiles=())
    assert summary(report, None).plain.splitlines()[0].startswith("  FI-ZREG-009/2 op2")


def test_plain_where_there_is_no_terminal_and_in_colour_where_there_is_one() -> None:
    for is_terminal in (False, True):
        out = io.StringIO()
        told = summary(fake_run(300, 0).report, Path("r" * 90))
        Console(file=out, force_terminal=is_terminal, width=40).print(told, soft_wrap=True)
        assert ("\x1b[" in out.getvalue()) is is_terminal
        if not is_terminal:
            assert out.getvalue() == told.plain + "\n"
        else:
            assert Text.from_ansi(out.getvalue()).plain == told.plain + "\n"
