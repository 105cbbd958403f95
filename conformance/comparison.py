"""What stands otherwise than in an earlier report: better, worse, new, gone. A function of two reports and nothing else.

Verdicts are compared check by check and seat by seat. What neither report judged is no news.
"""

from __future__ import annotations

from dataclasses import replace

from reports.report import Change, Report
from reports.verdict import Verdict

_RANK = {
    Verdict.PASSED: 4,
    Verdict.WARNED: 3,
    Verdict.REVIEW: 2,
    Verdict.INCONCLUSIVE: 1,
    Verdict.ERROR: 1,
    Verdict.FAILED: 0,
}
"""Verdicts of what was played, the better ones higher; of anything else there is no verdict."""


def compared(old: Report, new: Report) -> Report:
    """The new report with its changes since the old one."""
    before, now = _verdicts(old), _verdicts(new)
    changes = [
        change
        for place in dict.fromkeys((*now, *before))
        if (change := _change(place, before.get(place), now.get(place))) is not None
    ]
    return replace(new, compared_with=f"{old.started}, {old.target.get('name', '?')}", changes=tuple(changes))


def _verdicts(report: Report) -> dict[tuple[str, str], str]:
    return {
        (check.id, check.seat): check.verdict
        for requirement in report.requirements
        for check in requirement.checks
        if check.verdict in _RANK
    }


def _change(place: tuple[str, str], before: str | None, now: str | None) -> Change | None:
    if before is None or now is None:
        return Change(*place, "new" if before is None else "gone", before, now)
    step = _RANK[Verdict(now)] - _RANK[Verdict(before)]
    return Change(*place, "better" if step > 0 else "worse", before, now) if step else None
