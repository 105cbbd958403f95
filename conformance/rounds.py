"""Several full runs against one target: what does not come out the same each time is no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conformance import rollup
from conformance.requirements import Registry
from reports.report import CheckResult, Report
from reports.verdict import Verdict

DIFFERS = "differs between rounds"


def agreed(reports: Sequence[Report], rounds: int, registry: Registry) -> Report:
    """The first report, in which every check that came out otherwise in another round is inconclusive.

    Fewer reports than ``rounds``: the run was cut off, so it is partial.
    """
    first = reports[0] if len(reports) == rounds else replace(reports[0], scope=f"{len(reports)} of {rounds} rounds")
    if len(reports) == 1:
        return first
    verdicts = [_checks(each) for each in reports]
    requirements = tuple(
        rollup.result_of(registry.requirements[each.id], [_agreed(check, verdicts) for check in each.checks])
        for each in first.requirements
    )
    return replace(
        first,
        requirements=requirements,
        profiles=tuple(
            rollup.profile_result(registry, each.id, each.protocol, requirements) for each in first.profiles
        ),
        duration_s=round(sum(each.duration_s for each in reports), 2),
        problems=tuple(dict.fromkeys(problem for each in reports for problem in each.problems)),
    )


def _checks(report: Report) -> dict[tuple[str, str], CheckResult]:
    return {(check.id, check.seat): check for each in report.requirements for check in each.checks}


def _agreed(check: CheckResult, rounds: Sequence[dict[tuple[str, str], CheckResult]]) -> CheckResult:
    found = [each.get((check.id, check.seat)) for each in rounds]
    if all(each is not None and each.verdict == check.verdict for each in found):
        return check
    words = [each.verdict if each is not None else "nothing" for each in found]
    reason = f"{DIFFERS}: {', '.join(words)}"
    odd = next((each for each in found if each is not None and each.verdict == Verdict.FAILED), check)
    return replace(check, verdict=Verdict.INCONCLUSIVE, reason=reason, want=odd.want, got=odd.got, evidence=())
