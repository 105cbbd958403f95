"""What every rendering says of a report: the verdict in one word, the failures, the reasons. One definition each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.report import CheckResult, ProfileResult, Report, RequirementResult, WaiverResult
from reports.verdict import PRECEDENCE, Verdict

FAULTY = (Verdict.ERROR, Verdict.FAILED)
UNDECIDED = (Verdict.INCONCLUSIVE, Verdict.REVIEW)
HELD = (Verdict.PASSED, Verdict.WARNED)
ORDER = (*PRECEDENCE, Verdict.NOT_APPLICABLE)
"""Verdicts with the ones to act on first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One check to look at, with its requirement. A requirement that failed as a whole is its own check."""

    requirement: RequirementResult
    check: CheckResult


def overall(report: Report) -> str:
    """``error``, ``not conformant``, ``waivers to mend``, ``incomplete`` or ``conformant``: the worst of the profiles.

    Green means executed: a partial scope, a check that was declared and not executed, or no profile at all leaves
    the run incomplete. A waiver that is stale or expired is a failure of its own.
    """
    verdicts = {profile.verdict for profile in report.profiles} - {"not applicable"}
    if report.problems or any(requirement.verdict == Verdict.ERROR for requirement in report.requirements):
        return "error"
    if "not conformant" in verdicts:
        return "not conformant"
    if to_mend(report):
        return "waivers to mend"
    partial = report.scope != "full" or report.counts.executed < report.counts.expected
    return "conformant" if verdicts == {"conformant"} and not partial else "incomplete"


def failures(report: Report) -> list[Entry]:
    """Every failed check that no waiver covers, in the order of the requirements; our own errors first."""
    open_ = _entries((req for req in report.requirements if req.waiver is None), FAULTY)
    return sorted(open_, key=lambda entry: entry.check.verdict != Verdict.ERROR)


def waived(report: Report) -> list[Entry]:
    """Every failed check that a waiver covers."""
    return _entries((req for req in report.requirements if req.waiver is not None), FAULTY)


def to_mend(report: Report) -> list[WaiverResult]:
    """Waivers that are stale or expired."""
    return [waiver for waiver in report.waivers if waiver.state in ("stale", "expired")]


def undecided(report: Report) -> list[Entry]:
    """Every check that came to no verdict although it ran: inconclusive, or a human has to look."""
    return _entries(report.requirements, UNDECIDED)


def warnings(report: Report) -> list[Entry]:
    return _entries(report.requirements, (Verdict.WARNED,))


def _entries(requirements: Iterable[RequirementResult], wanted: tuple[Verdict, ...]) -> list[Entry]:
    found = []
    for requirement in requirements:
        checks = [check for check in requirement.checks if check.verdict in wanted]
        if not checks and requirement.verdict in wanted:
            whole = CheckResult(requirement.id, "", (), requirement.verdict, reason=requirement.reason)
            checks = [whole]
        found += [Entry(requirement, check) for check in checks]
    return found


def met(counts: Mapping[str, int]) -> tuple[int, int]:
    """How many requirements hold, and of how many; those declared not applicable do not count."""
    total = sum(number for verdict, number in counts.items() if verdict != Verdict.NOT_APPLICABLE)
    return sum(counts.get(verdict, 0) for verdict in HELD), total


def shortfall(report: Report, profile: ProfileResult) -> str:
    """Why a profile's MUST count is not full: ``1 failed, 3 untested (no clock)``; empty if it is."""
    parts = []
    for verdict in ORDER:
        number = profile.must.get(verdict, 0)
        if not number or verdict in (*HELD, Verdict.NOT_APPLICABLE):
            continue
        remark = ""
        if verdict == Verdict.FAILED and (covered := waived_in(report, profile)):
            remark = f" ({covered} waived)"
        elif verdict == Verdict.UNTESTED:
            remark = f" ({_untested(report, profile)})"
        parts.append(f"{number} {verdict}{remark}")
    return ", ".join(parts)


def _untested(report: Report, profile: ProfileResult) -> str:
    """Why MUST requirements of a profile are untested: the reason that they share, or how many are out of reach, and why the
    others are."""
    reasons = Counter(
        reason_of(each) or "no reason given"
        for each in _of(report, profile)
        if (each.verdict, each.level) == (Verdict.UNTESTED, "MUST")
    )
    if len(reasons) == 1:
        return next(iter(reasons))
    kinds: Counter[str] = Counter()
    for reason, number in reasons.items():
        kinds["out of reach" if reason in profile.reach.get("excluded", {}) else reason] += number
    return ", ".join(f"{number} {kind}" for kind, number in kinds.most_common(3))


def reach(profile: ProfileResult) -> str:
    """``112 checks judged, 75 out of reach: 60 adapter lacks reset, 15 no clock``; empty if the target can show all that
    anybody can show."""
    excluded: Counter[str] = Counter()
    for reason, number in profile.reach.get("excluded", {}).items():
        excluded[reason.partition(":")[0].partition(" '")[0]] += number  # what kind of reason; the checks tell the rest
    if profile.verdict == "not applicable" or not excluded.keys() - {"untestable"}:
        return ""
    reasons = ", ".join(f"{number} {reason}" for reason, number in excluded.most_common())
    return f"{profile.reach.get('judged', 0)} checks judged, {sum(excluded.values())} out of reach: {reasons}"


def waived_in(report: Report, profile: ProfileResult) -> int:
    """How many failed MUST requirements of a profile a waiver covers."""
    return sum(
        requirement.waiver is not None and requirement.verdict == Verdict.FAILED and requirement.level == "MUST"
        for requirement in _of(report, profile)
    )


def untested_reasons(report: Report, profile: ProfileResult | None = None) -> list[tuple[str, int]]:
    """Why requirements are untested, with their number, the most frequent reason first."""
    reasons = Counter(
        reason_of(requirement) or "no reason given"
        for requirement in (report.requirements if profile is None else _of(report, profile))
        if requirement.verdict == Verdict.UNTESTED
    )
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


def _of(report: Report, profile: ProfileResult) -> Iterable[RequirementResult]:
    return (it for it in report.requirements if (it.profile, it.protocol) == (profile.id, profile.protocol))


def reason_of(requirement: RequirementResult) -> str | None:
    """A requirement's own reason, else that of the first check which has one."""
    return requirement.reason or next((check.reason for check in requirement.checks if check.reason), None)


def tally(report: Report) -> dict[str, int]:
    """Requirements by verdict, in the order of ``ORDER``."""
    numbers = Counter(requirement.verdict for requirement in report.requirements)
    return {verdict: numbers[verdict] for verdict in ORDER if numbers[verdict]}


def counts_line(report: Report) -> str:
    counts = report.counts
    return (
        f"{counts.expected} checks expected, {counts.executed} executed, {counts.judged} judged,"
        f" in {report.duration_s:.0f} s"
    )


def changes_line(report: Report) -> str:
    """``2 better, 1 worse, 3 new``: how this report differs from the one that it is compared with."""
    numbers = Counter(change.what for change in report.changes)
    told = [f"{numbers[what]} {what}" for what in ("worse", "better", "new", "gone") if numbers[what]]
    return ", ".join(told) or "nothing changed"


def headline(protocol: str) -> str:
    """A protocol's id as a name: ``connection-coordinator`` is the Connection Coordinator."""
    return protocol.replace("-", " ").replace("_", " ").title()


def shortened(text: str, limit: int) -> str:
    """The text on one line, at most ``limit`` characters long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: max(limit - 1, 0)].rstrip() + "…"
