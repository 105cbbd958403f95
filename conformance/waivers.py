"""Waivers: failures that somebody has agreed to live with, for a reason, under a name, and until a day.

A file of waivers holds one table each::

    [[waiver]]
    id = "CC-KEY-008/1"        # a requirement or one of its checks
    seat = "csp-a"             # left out: in every seat
    reason = "fixed in 2.1"
    owner = "a.n.other@acme.example"
    expires = 2027-01-31       # the last day on which it holds
    clause = "…"               # what is departed from; left out: the source that the registry names

A profile is conformant with a waived failure, and the report shows it. A waiver that met no failure (stale) or that has
run out (expired) is a failure of its own: known failures must not outlive their reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conformance import rollup
from conformance.requirements import Registry, UnknownId
from reference_impl.serve.tomlfile import Section, read_toml
from reports.report import CheckResult, Report, RequirementResult, WaiverResult
from reports.verdict import Verdict

KEYS = ("id", "seat", "reason", "owner", "expires", "clause")
DECIDED = (Verdict.PASSED, Verdict.WARNED, Verdict.NOT_APPLICABLE)
"""Verdicts of checks in which nothing is left to waive."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """``id`` is a requirement or a check; ``seat`` None: every seat. It holds until the end of the day ``expires``."""

    id: str
    seat: str | None
    reason: str
    owner: str
    expires: datetime.date
    clause: str

    @property
    def name(self) -> str:
        return f"{self.id} {self.seat or ''}".rstrip()

    def fits(self, check: CheckResult) -> bool:
        return self.id in (check.id, check.id.partition("/")[0]) and self.seat in (None, check.seat)


def read_waivers(file: Path, registry: Registry, seats: Collection[str]) -> list[Waiver]:
    """The waivers of a file; ``seats`` are those that there are. Raises ConfigError, with the line."""
    document = read_toml(file)
    document.only("waiver")
    rows = document.data.get("waiver", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise document.error("waiver", "tables [[waiver]]", "none" if not rows else "something else")
    found: list[Waiver] = []
    for number, row in enumerate(rows):
        section = Section(document.source, ("waiver", number), row)
        waiver = _waiver(section, registry, seats)
        if any((waiver.id, waiver.seat) == (each.id, each.seat) for each in found):
            raise section.error("id", "one waiver for each place", f"a second one for {waiver.name}")
        found.append(waiver)
    return found


def _waiver(section: Section, registry: Registry, seats: Collection[str]) -> Waiver:
    section.only(*KEYS)
    id_ = section.text("id", want="a requirement or a check, such as CC-KEY-008/1")
    try:
        check = registry.check(id_ if "/" in id_ else f"{id_}/1")
    except UnknownId as unknown:
        raise section.error("id", "a requirement or a check that there is", str(unknown)) from None
    requirement = registry.requirements[check.requirement]
    seat = section.text("seat") if "seat" in section.data else None
    if seat is not None and seat not in seats:
        raise section.error("seat", f"a seat of the target, {' or '.join(seats)}", repr(seat))
    expires: Any = section.data.get("expires")
    if not isinstance(expires, datetime.date) or isinstance(expires, datetime.datetime):
        raise section.error("expires", "a date without quotes, such as 2027-01-31", repr(expires))
    clause = section.text("clause", "; ".join(f"{each.document} {each.section}" for each in requirement.source))
    return Waiver(id_, seat, section.text("reason"), section.text("owner"), expires, clause)


def waived(report: Report, waivers: Sequence[Waiver], registry: Registry, today: datetime.date) -> Report:
    """The report with its failures waived where every failed check of a requirement is covered, and what became of each
    waiver."""
    results = tuple(_result(report, waiver, today) for waiver in waivers)
    holding = [waiver for waiver, result in zip(waivers, results, strict=True) if result.state == "used"]
    requirements = tuple(_requirement(each, holding) for each in report.requirements)
    profiles = tuple(
        rollup.profile_result(registry, profile.id, profile.protocol, requirements) for profile in report.profiles
    )
    return replace(report, requirements=requirements, profiles=profiles, waivers=results)


def _requirement(result: RequirementResult, holding: Sequence[Waiver]) -> RequirementResult:
    failed = [check for check in result.checks if check.verdict == Verdict.FAILED]
    used = [waiver for waiver in holding if any(waiver.fits(check) for check in failed)]
    if not failed or not all(any(waiver.fits(check) for waiver in used) for check in failed):
        return result
    words = {
        "clause": _together(waiver.clause for waiver in used),
        "reason": _together(waiver.reason for waiver in used),
        "owner": _together(waiver.owner for waiver in used),
        "expires": min(waiver.expires for waiver in used).isoformat(),
    }
    return replace(result, waiver=words)


def _together(words: Any) -> str:
    return "; ".join(dict.fromkeys(words))


def _result(report: Report, waiver: Waiver, today: datetime.date) -> WaiverResult:
    checks = [check for each in report.requirements for check in each.checks if waiver.fits(check)]
    failed = tuple(f"{check.id} {check.seat}" for check in checks if check.verdict == Verdict.FAILED)
    if waiver.expires < today:
        still = f"; {', '.join(failed)} still failed" if failed else "; nothing failed there: remove it"
        state, told = "expired", f"it ended on {waiver.expires}{still}"
    elif failed:
        state, told = "used", f"waives {', '.join(failed)}"
    elif all(check.verdict in DECIDED for check in checks):
        state, told = "stale", "nothing failed there: remove it"
    else:
        state, told = "unjudged", "not everything there was judged in this run"
    return WaiverResult(
        waiver.id,
        waiver.seat,
        waiver.clause,
        waiver.reason,
        waiver.owner,
        waiver.expires.isoformat(),
        state,
        told,
        failed if state == "used" else (),
    )
