"""From what was judged to the report: checks, requirements, profiles, tables, counts (architecture note, "Verdicts").

Traceability comes from what a real run emitted: a check that a scenario declared and no step claimed is our error, a
requirement that nobody claims is ``untested`` with its reason, and nothing that was not judged ever counts as passed.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from conformance.judge import Judged
from conformance.play import Play, Played
from conformance.requirements import Check, Level, Registry, Requirement, seats_of
from conformance.scenarios import Scenario
from conformance.tables import DocumentedTable, tables
from conformance.target.excluding import NOTHING, Excluded
from reports.digest import overall
from reports.report import (
    Cell,
    CheckResult,
    Counts,
    ProfileResult,
    Report,
    RequirementResult,
    ScenarioResult,
    TableResult,
)
from reports.verdict import Verdict, roll_up

Pair = tuple[str, str]
"""(check id, seat)"""

BEYOND_REACH = ("adapter lacks", "no clock", "needs both seats", "not claimed", "declared ")
"""How the reasons begin for which a target cannot show something: excluded, counted and told, never passed."""

NOT_BUILT = "no scenario judges it yet"
NOT_SELECTED = "its scenarios were not selected"
NOT_CHOSEN = "its profile was not chosen"


@dataclass(slots=True)
class _Found:
    """All that is known of one check in one seat."""

    judged: list[Judged] = field(default_factory=list)
    scenarios: list[str] = field(default_factory=list)
    unfinished: list[Played] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    unplayed: str = ""
    deselected: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One play and what was judged of it. ``selected``: the (scenario id, judged seat) pairs that were to be played, out
    of ``everything``. ``seat``: where the target sat, and only that is judged; None: every seat is. ``unplayed`` says why
    not all that was selected was played; without it that is our own fault."""

    selected: frozenset[Pair]
    everything: frozenset[Pair]
    play: Play
    judged: tuple[Judged, ...]
    seat: str | None = None
    unplayed: str = ""
    deselected: str = NOT_SELECTED

    def with_judged(self, judged: Sequence[Judged]) -> Part:
        """With those of the findings that are about this part."""
        return replace(self, judged=tuple(each for each in judged if each.target == self.seat))


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a target claims: its seats and its extended profiles; and what its declarations exclude."""

    seats: tuple[str, ...]
    capabilities: tuple[str, ...]
    excluded: Excluded = NOTHING


def report(
    registry: Registry,
    scenarios: Sequence[Scenario],
    parts: Sequence[Part],
    *,
    protocols: Sequence[str],
    target: Mapping[str, Any],
    seed: int,
    started: datetime.datetime,
    duration_s: float,
    claimed: Claimed | None = None,
    profiles: Collection[str] = (),
) -> Report:
    """The report of a run, which may have several parts over one trace. ``claimed`` None: everything is. ``profiles`` are
    those that the run is about; none: all."""
    found: dict[Pair, _Found] = defaultdict(_Found)
    for part in parts:
        _collect(found, scenarios, part)
    judging = _judging_seats(scenarios)
    results = tuple(
        _requirement(registry, requirement, found, claimed, profiles, judging)
        for protocol in protocols
        for requirement in registry.select(protocol)
    )
    plays = [part.play for part in parts]
    played = [each for play in plays for each in play.played]
    judged = [each for part in parts for each in part.judged]
    problems = tuple(problem for play in plays for problem in (*play.problems, *_broken(play)))
    return Report(
        suite={"version": suite_version(), "registry": registry.digest, "spec": {}},
        target=dict(target),
        scope="full" if all(part.selected >= part.everything for part in parts) else "partial",
        seed=seed,
        started=started.isoformat(timespec="seconds"),
        duration_s=round(duration_s, 2),
        counts=_counts(found, results),
        profiles=tuple(
            profile_result(registry, profile.id, protocol, results)
            for protocol in protocols
            for profile in registry.profiles(protocol)
            if not profiles or profile.id in profiles
        ),
        requirements=results,
        tables=tuple(_table(each, results) for each in tables() if each.protocol in protocols),
        scenarios=tuple(_scenario(each, judged) for each in played),
        slowest=tuple(
            {"scenario": f"{each.scenario.id} [{each.seat}]", "seconds": round(each.seconds, 3)}
            for each in sorted(played, key=lambda each: -each.seconds)[:10]
        ),
        problems=problems,
    )


def _collect(found: dict[Pair, _Found], scenarios: Sequence[Scenario], part: Part) -> None:
    """What is known of each check that a scenario declares. The examples of an outline are several runs of it."""
    played: dict[Pair, list[Played]] = defaultdict(list)
    for run in part.play.played:
        played[run.scenario.id, run.seat].append(run)
    for each in part.judged:
        found[each.check, each.seat].judged.append(each)
    claims = _claims_by_scenario(part.play, {each.first: each for each in part.play.played})
    for scenario in scenarios:
        for seat in scenario.seats:
            for check, at in scenario.checks_for(seat):
                if part.seat not in (None, at):
                    continue
                entry = found[check, at]
                runs = played.get((scenario.id, seat))
                if runs is None:
                    if (scenario.id, seat) not in part.selected:
                        entry.deselected = part.deselected
                    elif part.unplayed:
                        entry.unplayed = part.unplayed
                    else:
                        entry.silent.append(f"{scenario.id}: was not run")
                    continue
                entry.scenarios.append(scenario.id)
                without = [run for run in runs if (check, at) not in claims[run.first]]
                entry.unfinished += [run for run in without if run.problem is not None]
                if len(without) == len(runs) and not any(run.problem for run in runs):
                    entry.silent.append(f"{scenario.id}: declared, but no step claimed it")


def _claims_by_scenario(play: Play, spans: Mapping[int, Played]) -> dict[int, set[Pair]]:
    from reports.record import Claim

    claims: dict[int, set[Pair]] = {}
    for first, run in spans.items():
        records = play.trace[first - 1 : run.last]
        claims[first] = {(record.check, record.seat) for record in records if isinstance(record, Claim)}
    return claims


def _check(check: Check, seat: str, level: Level, entry: _Found | None) -> CheckResult:
    """One check in one seat: the worst of what its scenarios and the monitors found."""
    if check.untestable is not None:
        reason = f"{check.untestable.reason} (accepted by {check.untestable.accepted_by})"
        return CheckResult(check.id, seat, (), Verdict.UNTESTED, reason=reason)
    if entry is None or not (entry.judged or entry.unfinished or entry.silent or entry.unplayed):
        reason = (entry.deselected if entry is not None else "") or NOT_BUILT
        return CheckResult(check.id, seat, (), Verdict.UNTESTED, reason=reason)
    scenarios = tuple(dict.fromkeys(entry.scenarios))
    if entry.silent:
        return CheckResult(check.id, seat, scenarios, Verdict.ERROR, reason=entry.silent[0], got=entry.silent[0])
    if any(run.ours for run in entry.unfinished):
        run = next(run for run in entry.unfinished if run.ours)
        return CheckResult(check.id, seat, scenarios, Verdict.ERROR, reason=run.problem, got=run.problem or "")
    verdicts = {_graded(each.finding.verdict, level) for each in entry.judged}
    open_ = {Verdict.UNTESTED: entry.unplayed} if entry.unplayed else {}
    open_ |= {Verdict.UNTESTED if run.lacking else Verdict.INCONCLUSIVE: run.problem or "" for run in entry.unfinished}
    verdict = roll_up(verdicts | open_.keys())
    if verdict in open_:
        return CheckResult(check.id, seat, scenarios, verdict, reason=open_[verdict])
    worst = next(each for each in entry.judged if _graded(each.finding.verdict, level) is verdict)
    finding = worst.finding
    return CheckResult(
        check.id,
        seat,
        scenarios or (worst.scenario,),
        verdict,
        finding.want,
        finding.got,
        finding.got if verdict in (Verdict.UNTESTED, Verdict.INCONCLUSIVE, Verdict.ERROR) else None,
        finding.errata,
        tuple(f"r{seq}" for seq in finding.evidence),
    )


def _graded(verdict: Verdict, level: Level) -> Verdict:
    """A SHOULD or a MAY that does not hold is a warning."""
    return Verdict.WARNED if verdict is Verdict.FAILED and level is not Level.MUST else verdict


def _judging_seats(scenarios: Sequence[Scenario]) -> dict[str, set[str]]:
    """The seats in which each check is judged by some scenario."""
    seats: dict[str, set[str]] = defaultdict(set)
    for scenario in scenarios:
        for judged in scenario.seats:
            for check, at in scenario.checks_for(judged):
                seats[check].add(at)
    return seats


def _requirement(
    registry: Registry,
    requirement: Requirement,
    found: Mapping[Pair, _Found],
    claimed: Claimed | None,
    profiles: Collection[str],
    judging: Mapping[str, Collection[str]],
) -> RequirementResult:
    """A requirement of role ``either`` owes every seat; any other each of its checks in a seat where it is judged.

    Of a target each check is owed in the seats it claims; where it claims none of them, or not the profile, the check
    is not applicable. A check of several roles that the scenarios judge in some seats only (``judging``) is owed there.
    """
    results: list[CheckResult] = []
    if profiles and requirement.profile not in profiles:
        results = [
            CheckResult(check.id, seats_of(requirement)[0], (), Verdict.UNTESTED, reason=NOT_CHOSEN)
            for check in requirement.checks
        ]
        return result_of(requirement, results)
    extended = any(each.extended and each.id == requirement.profile for each in registry.profiles(requirement.protocol))
    if claimed is not None and extended and requirement.profile not in claimed.capabilities:
        why = f"not claimed: the profile {requirement.profile}"
        results = [
            CheckResult(check.id, seats_of(requirement)[0], (), Verdict.NOT_APPLICABLE, reason=why)
            for check in requirement.checks
        ]
        return result_of(requirement, results)
    for check in requirement.checks:
        seen = [seat for (id_, seat) in found if id_ == check.id]
        owed = seats_of(requirement)
        if claimed is not None and "either" not in requirement.roles:
            owed = tuple(seat for seat in owed if seat in judging.get(check.id, owed)) or owed
        seats = dict.fromkeys((*owed, *seen) if "either" in requirement.roles else seen or owed[:1])
        if claimed is not None:
            mine = [seat for seat in dict.fromkeys((*owed, *seats)) if seat in claimed.seats]
            if not mine:
                why = f"not claimed: it is judged in the seat {' or '.join(owed)}"
                results.append(CheckResult(check.id, owed[0], (), Verdict.NOT_APPLICABLE, reason=why))
            seats = dict.fromkeys([seat for seat in mine if seat in seats] or mine[:1])
        for seat in sorted(seats):
            declared = claimed.excluded.reason(check.id, seat) if claimed is not None else None
            if declared is not None:
                results.append(CheckResult(check.id, seat, (), Verdict.UNTESTED, reason=declared))
            else:
                results.append(_check(check, seat, requirement.level, found.get((check.id, seat))))
    return result_of(requirement, results)


def result_of(requirement: Requirement, results: Sequence[CheckResult]) -> RequirementResult:
    """A requirement's verdict from those of its checks; what is excluded does not count."""
    counted = [result for result in results if not _excluded(requirement, result)]
    verdict = roll_up(Verdict(result.verdict) for result in counted)
    if counted and all(result.verdict == Verdict.NOT_APPLICABLE for result in counted):
        verdict = Verdict.NOT_APPLICABLE
    reasons = [result.reason for result in counted if result.verdict == verdict and result.reason]
    return RequirementResult(
        requirement.id,
        requirement.protocol,
        requirement.level,
        requirement.profile,
        requirement.title,
        requirement.statement,
        verdict,
        reasons[0] if reasons else None,
        None,
        tuple(results),
    )


def _excluded(requirement: Requirement, result: CheckResult) -> bool:
    """Untestable by the registry, or not to be seen through what this target's adapter offers."""
    check = next(check for check in requirement.checks if check.id == result.id)
    return check.untestable is not None or _beyond_reach(result)


def _beyond_reach(result: CheckResult) -> bool:
    return result.verdict == Verdict.UNTESTED and (result.reason or "").startswith(BEYOND_REACH)


def _why_excluded(result: CheckResult) -> str:
    reason = result.reason or ""
    return reason if reason.startswith(BEYOND_REACH) else "untestable"


def profile_result(
    registry: Registry, profile: str, protocol: str, results: Iterable[RequirementResult]
) -> ProfileResult:
    """Conformant when every MUST check that is not excluded passed or failed under a waiver; not conformant when another
    one failed; else incomplete. Without any such check a profile is not applicable.
    """
    own = [each for each in results if (each.profile, each.protocol) == (profile, protocol)]
    must = [each for each in own if each.level == Level.MUST]
    checks = [(registry.requirements[each.id], check) for each in must for check in each.checks]
    waived = {each.id for each in must if each.waiver is not None}
    counted = {
        Verdict.PASSED if check.verdict == Verdict.FAILED and requirement.id in waived else check.verdict
        for requirement, check in checks
        if not _excluded(requirement, check)
    }
    if Verdict.FAILED in counted:
        verdict = "not conformant"
    elif counted <= {Verdict.NOT_APPLICABLE}:
        verdict = "not applicable"
    elif counted <= {Verdict.PASSED, Verdict.NOT_APPLICABLE}:
        verdict = "conformant"
    else:
        verdict = "incomplete"
    excluded = Counter(_why_excluded(check) for requirement, check in checks if _excluded(requirement, check))
    untested = Counter(
        check.reason or "untested"
        for requirement, check in checks
        if check.verdict == Verdict.UNTESTED and not _excluded(requirement, check)
    )
    decided = (Verdict.PASSED, Verdict.FAILED, Verdict.WARNED)
    return ProfileResult(
        profile,
        protocol,
        verdict,
        dict(Counter(each.verdict for each in must)),
        dict(Counter(each.verdict for each in own if each.level != Level.MUST)),
        {
            "judged": sum(check.verdict in decided for _, check in checks),
            "excluded": dict(excluded),
            "untested": dict(untested),
        },
    )


def _counts(found: Mapping[Pair, _Found], results: Sequence[RequirementResult]) -> Counts:
    """What the run is not about, and what lies beyond the target's reach, is not expected."""
    about = {each.id for each in results if each.verdict != Verdict.NOT_APPLICABLE and each.reason != NOT_CHOSEN}
    checks = {(check.id, check.seat): check for result in results for check in result.checks}
    expected = [
        pair
        for pair, entry in found.items()
        if (entry.scenarios or entry.silent or entry.unplayed)
        and pair[0].partition("/")[0] in about
        and not (pair in checks and _beyond_reach(checks[pair]))
    ]
    executed = [pair for pair in expected if not (found[pair].silent or found[pair].unfinished or found[pair].unplayed)]
    decided = (Verdict.PASSED, Verdict.FAILED, Verdict.WARNED)
    judged = [pair for pair in expected if pair in checks and checks[pair].verdict in decided]
    return Counts(len(expected), len(executed), len(judged))


def _table(table: DocumentedTable, results: Iterable[RequirementResult]) -> TableResult:
    """A cell is coloured by the checks that it claims; those judged elsewhere are named with it."""
    verdicts = {(check.id, check.seat): Verdict(check.verdict) for result in results for check in result.checks}
    header = tuple(Cell(text) for text in table.header)
    rows = [
        tuple(
            Cell(
                cell.text,
                roll_up(verdicts.get((claim.check, claim.seat), Verdict.UNTESTED) for claim in cell.claims).value
                if cell.claims
                else None,
                cell.checks,
            )
            for cell in row
        )
        for row in table.rows
    ]
    return TableResult(table.id, table.protocol, table.title, (header, *rows))


def _scenario(run: Played, judged: Sequence[Judged]) -> ScenarioResult:
    own = [each for each in judged if run.first <= each.claim <= run.last]
    verdict = roll_up(each.finding.verdict for each in own)
    if run.problem is not None:
        cut_short = Verdict.UNTESTED if run.lacking else Verdict.INCONCLUSIVE
        verdict = roll_up([verdict, Verdict.ERROR if run.ours else cut_short])
    return ScenarioResult(
        run.scenario.id,
        run.scenario.feature,
        run.scenario.name,
        run.scenario.protocol,
        run.seat,
        verdict,
        round(run.seconds, 3),
        run.first,
        run.last,
        tuple(dict.fromkeys(each.check for each in own)),
        run.problem,
    )


def _broken(play: Play) -> list[str]:
    return [f"{each.scenario.id} [{each.seat}]: {each.problem}" for each in play.played if each.ours]


def suite_version() -> str:
    try:
        return version("interlock-harness")
    except PackageNotFoundError:
        return "0"


def verdict_of_claim(judged: Sequence[Judged]) -> dict[int, str]:
    """The verdict of each claim, by its place in the trace, for the drawings."""
    return {each.claim: each.finding.verdict.value for each in judged if each.claim}


def exit_code(result: Report) -> int:
    """0: nothing failed, is inconclusive or an error, and everything built was executed; 3 > 1 > 4 > 0 (interface)."""
    verdicts = {check.verdict for each in result.requirements if each.waiver is None for check in each.checks}
    if result.problems or Verdict.ERROR in verdicts:
        return 3
    if Verdict.FAILED in verdicts:
        return 1
    if Verdict.INCONCLUSIVE in verdicts or result.counts.executed < result.counts.expected:
        return 4
    return 0


def certificate_code(result: Report) -> int:
    """0: conformant in every profile that the run is about; 1: not; 4: incomplete; 3: our own fault (interface)."""
    return {"error": 3, "not conformant": 1, "waivers to mend": 1, "incomplete": 4, "conformant": 0}[overall(result)]
