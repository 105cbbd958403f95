"""The first screen: what a user sees of a report on the terminal, within 100 columns."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from reports.digest import (
    Entry,
    changes_line,
    counts_line,
    failures,
    headline,
    met,
    reach,
    shortened,
    shortfall,
    to_mend,
)
from reports.report import ProfileResult, Report
from reports.verdict import Verdict

WIDTH = 100
MOST = 20
"""Failed checks told; the rest is counted."""
_STYLES = {"conformant": "green", "not conformant": "bold red", "incomplete": "yellow"}


def summary(report: Report, report_path: Path | None) -> Text:
    """Profiles with their verdict, each failed check on one line, the counts and where the report lies.

    ``console.print(summary(…), soft_wrap=True)``: in colour on a terminal, plain elsewhere, and no line broken or cut.
    """
    text = Text()
    failed = failures(report)
    wide = max((len(profile.id) for profile in report.profiles), default=0)
    by_protocol = max((len(headline(profile.protocol)) for profile in report.profiles), default=0)
    for protocol in dict.fromkeys(profile.protocol for profile in report.profiles):
        name = headline(protocol).ljust(by_protocol)
        for profile in report.profiles:
            if profile.protocol == protocol:
                _profile(text, report, profile, name, wide)
                name = " " * by_protocol
        mine = [entry for entry in failed if entry.requirement.protocol == protocol]
        _failures(text, mine)
    told = {profile.protocol for profile in report.profiles}
    _failures(text, [entry for entry in failed if entry.requirement.protocol not in told])
    for waiver in to_mend(report):
        name = f"{waiver.id} {waiver.seat or ''}".rstrip()
        text.append(shortened(f"  the waiver of {name} is {waiver.state}: {waiver.told}", WIDTH) + "\n", "red")
    _changes(text, report)
    for problem in report.problems[:MOST]:
        text.append(shortened(f"  our own fault: {problem}", WIDTH) + "\n", "magenta")
    _last_line(text, report, report_path)
    return text


def _profile(text: Text, report: Report, profile: ProfileResult, name: str, wide: int) -> None:
    held, total = met(profile.must)
    verdict = profile.verdict.upper() if profile.verdict == "not conformant" else profile.verdict
    text.append(f"{name}  {profile.id.ljust(wide)}  ")
    text.append(verdict.ljust(14), _STYLES.get(profile.verdict, ""))
    count = f"  {held} of {total} MUST"
    text.append(count)
    if why := shortfall(report, profile):
        column = len(name) + 2
        begun = column + wide + 2 + 14 + len(count)
        gap = " " * max(19 - len(count), 2)
        fits = begun + len(gap) + len(why) <= WIDTH
        before = gap if fits else "\n" + " " * column
        text.append(before + shortened(why, WIDTH - (begun + len(gap) if fits else column)), "dim")
    text.append("\n")
    if beyond := reach(profile):
        column = len(name) + 2
        text.append(" " * column + shortened(beyond, WIDTH - column) + "\n", "dim")


def _failures(text: Text, entries: list[Entry]) -> None:
    for entry in entries[:MOST]:
        _failure(text, entry)
    if len(entries) > MOST:
        text.append(f"  … and {len(entries) - MOST} more failed checks\n", "dim")


def _failure(text: Text, entry: Entry) -> None:
    """``id seat  title  want …  got …``: title, want and got share the columns that the id leaves."""
    check = entry.check
    head = f"  {check.id} {check.seat}".rstrip().ljust(22) + "  "
    text.append(head, "red" if check.verdict == Verdict.FAILED else "magenta")
    got = check.got or check.reason or ""
    spare = WIDTH - len(head) - len(f"want {check.want}  got {got}  ")
    title = shortened(entry.requirement.title, min(max(spare, 16), 40))
    text.append(title + "  ", "dim")
    room = WIDTH - len(head) - len(title) - 2
    if check.want:
        want = shortened(check.want, max(room // 2 - 6, room - len(got) - 11))
        text.append(f"want {want}  ")
        room -= len(want) + 7
        text.append(f"got {shortened(got, room - 4)}\n")
    else:
        text.append(f"{shortened(got, room)}\n")


def _changes(text: Text, report: Report) -> None:
    """What is otherwise than in the report that this one is compared with; what got worse is named."""
    if report.compared_with is None:
        return
    text.append(shortened(f"  since {report.compared_with}: {changes_line(report)}", WIDTH) + "\n")
    worse = [change for change in report.changes if change.what == "worse"]
    for change in worse[:MOST]:
        text.append(f"  worse  {change.id} {change.seat}  {change.before} -> {change.now}\n", "red")
    if len(worse) > MOST:
        text.append(f"  … and {len(worse) - MOST} more got worse\n", "dim")


def _last_line(text: Text, report: Report, report_path: Path | None) -> None:
    counts = counts_line(report)
    where = f"report: {report_path}" if report_path else ""
    gap = "    " if where else ""
    short = len(counts) + len(gap) + len(where) <= WIDTH
    text.append(counts + (gap if short else "\n" if where else "") + where)
