"""A report as annotations of a CI system: one line for each failure, in the notation of GitHub's workflow commands."""

from __future__ import annotations

from reports.digest import failures, overall, shortened, to_mend, undecided, warnings
from reports.report import Report

MOST = 50
"""Lines of one kind; a job shows few of them, and the report holds them all."""


def github(report: Report, file: str = "") -> list[str]:
    """``::error file=…,title=…::want … got …`` for each failure, ``::warning`` for what is inconclusive or warned."""
    rows = [_row("error", file, "Interlock", f"fault of the harness: {problem}") for problem in report.problems]
    for level, entries in (("error", failures(report)), ("warning", undecided(report)), ("warning", warnings(report))):
        for entry in entries[:MOST]:
            check = entry.check
            title = f"{check.id} {check.seat} {check.verdict}".replace("  ", " ")
            told = f"want {check.want}, got {check.got}" if check.want else check.got or check.reason or ""
            rows.append(_row(level, file, title, f"{entry.requirement.title}: {told}"))
        if len(entries) > MOST:
            rows.append(_row(level, file, "Interlock", f"{len(entries) - MOST} more, see the report"))
    for waiver in to_mend(report)[:MOST]:
        title = f"waiver {waiver.id} {waiver.seat or ''}".rstrip()
        rows.append(_row("error", file, title, f"{waiver.state}: {waiver.told}"))
    rows.append(_row("notice", file, "Interlock", f"{report.target.get('name', '?')}: {overall(report)}"))
    return rows


def _row(level: str, file: str, title: str, message: str) -> str:
    where = f"file={_property(file)}," if file else ""
    return f"::{level} {where}title={_property(title)}::{_data(shortened(message, 400))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
