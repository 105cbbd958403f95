"""``report.md``: what a CI job summary shows. The verdict first; never more than a job summary can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reports.digest import (
    Entry,
    changes_line,
    counts_line,
    failures,
    headline,
    met,
    overall,
    reach,
    shortened,
    shortfall,
    tally,
    to_mend,
    undecided,
    untested_reasons,
    waived,
)
from reports.report import Report

LIMIT = 60_000
"""Bytes; whatever the report holds, the text stays below."""
_FEW = 40
"""Lines of one list; the rest is counted."""


def to_markdown(report: Report) -> str:
    """The report for a CI job summary: verdicts by profile, failures with want and got, counts, untested reasons."""
    return _bounded([line for part in _parts(report) for line in (*part, "")])


def _parts(report: Report) -> Iterator[list[str]]:
    name = _plain(str(report.target.get("name", "?")), 100)
    yield [f"## Interlock: {name} — {overall(report)}"]
    yield _profiles(report)
    if report.problems:
        yield ["### Faults of the harness", "", *_few([f"- {_plain(problem, 300)}" for problem in report.problems])]
    if mend := to_mend(report):
        lines = [
            f"- **{_plain(each.id, 40)}** {_plain(each.seat or '', 20)} {each.state}: {_plain(each.told, 200)}"
            for each in mend
        ]
        yield [f"### Waivers to mend ({len(mend)})", "", *_few(lines)]
    if report.compared_with is not None:
        yield _changes(report, report.compared_with)
    if failed := failures(report):
        yield [f"### Failed ({len(failed)})", "", *_entries(failed)]
    if covered := waived(report):
        yield _folded(f"Waived ({len(covered)})", _entries(covered))
    if open_ := undecided(report):
        yield _folded(f"Inconclusive or to be reviewed ({len(open_)})", _entries(open_))
    numbers = ", ".join(f"{number} {verdict}" for verdict, number in tally(report).items())
    yield [f"{counts_line(report)}. Requirements: {numbers or 'none'}. Scope: {_plain(report.scope, 100)}."]
    if beyond := [f"- {profile.id}: {_plain(told, 400)}" for profile in report.profiles if (told := reach(profile))]:
        yield _folded("Out of reach", _few(beyond))
    if reasons := untested_reasons(report):
        total = sum(number for _, number in reasons)
        yield _folded(
            f"Untested ({total})", _few([f"- {number} × {_plain(reason, 200)}" for reason, number in reasons])
        )


def _profiles(report: Report) -> list[str]:
    lines = ["| Protocol | Profile | Verdict | MUST | Not held |", "|---|---|---|---|---|"]
    rows = []
    for profile in report.profiles:
        held, total = met(profile.must)
        verdict = "**NOT CONFORMANT**" if profile.verdict == "not conformant" else profile.verdict
        cells = (headline(profile.protocol), profile.id, verdict, f"{held} of {total}", shortfall(report, profile))
        rows.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return lines + _few(rows, "| … | {} more profiles | | | |")


def _changes(report: Report, earlier: str) -> list[str]:
    lines = [f"Since {_plain(earlier, 100)}: {changes_line(report)}."]
    for what in ("worse", "better"):
        rows = [each for each in report.changes if each.what == what]
        told = [
            f"- {what}: **{_plain(each.id, 40)}** {_plain(each.seat, 20)} {each.before} → {each.now}" for each in rows
        ]
        lines += ["", *_few(told)] if told else []
    return lines


def _entries(entries: Iterable[Entry]) -> list[str]:
    lines = []
    for entry in entries:
        check = entry.check
        told = f"- **{_plain(check.id, 40)}** {_plain(check.seat, 20)} {_plain(entry.requirement.title, 120)}"
        if check.want:
            told += f"<br>want {_plain(check.want, 240)}"
        if got := check.got or check.reason:
            told += f"<br>{'got ' if check.want else ''}{_plain(got, 240)}"
        if check.evidence:
            told += f" ({', '.join(check.evidence[:6])})"
        lines.append(told)
    return _few(lines)


def _few(lines: list[str], rest: str = "- … and {} more in report.html") -> list[str]:
    return lines if len(lines) <= _FEW else [*lines[:_FEW], rest.format(len(lines) - _FEW)]


def _folded(summary: str, lines: list[str]) -> list[str]:
    return [f"<details><summary>{summary}</summary>", "", *lines, "", "</details>"]


def _plain(text: str, limit: int) -> str:
    """A text of somebody else on one line, shortened, with nothing left that Markdown or HTML would act upon."""
    return re.sub(r"([\\`*_\[\]<>&|~#@!])", _escaped, shortened(text, limit))


def _escaped(found: re.Match[str]) -> str:
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;"}.get(found[0], f"\\{found[0]}")


def _cell(text: str) -> str:
    return text if text.startswith("**") else _plain(text, 120)


def _bounded(lines: list[str]) -> str:
    """The lines up to the limit, an open fold closed."""
    last = "\n… cut here; everything is in report.html"
    kept: list[str] = []
    size = len(last.encode()) + len("</details>\n") + 2
    for line in lines:
        size += len(line.encode("utf-8", "backslashreplace")) + 1
        if size > LIMIT:
            folds = sum(line.startswith("<details>") for line in kept) - kept.count("</details>")
            return "\n".join([*kept, *["</details>"] * folds, last]) + "\n"
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
