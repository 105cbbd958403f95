"""A report that looks like that of a real run: several hundred requirements, a few failures, every verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from reports.record import Claim
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
from reports.trace import Trace
from reports.verdict import Verdict, roll_up
from tests.reports.fake_trace import Stage, place_connection

COORDINATOR, FEDERATION = "connection-coordinator", "federation-interconnect"
TOPICS = (
    ("CC-KEY", COORDINATOR, "core-issuer", "csp-a", "The issuer makes local checks before it issues a key",
     "Before returning a key the issuer verifies that the environment currently has the bandwidth, that the account is"
     " in good standing and that its quotas are not exceeded."),
    ("CC-CONN", COORDINATOR, "core-responder", "csp-a", "409 when the proposed interconnect cannot take the connection",
     "If the bandwidth does not fit on the proposed interconnect at the time of the call, the responder fails"
     " CreateConnection with 409 and leaves no trace of it."),
    ("CC-RACE", COORDINATOR, "core-negotiator", "csp-b", "Two placements never share the last capacity",
     "However the calls of both sides interleave, the sum of what is reserved on an interconnect stays within its"
     " bandwidth on both sides."),
    ("CC-MACSEC", COORDINATOR, "macsec", "csp-a", "A new key is used only after its bake time",
     "A rotated key becomes the transmit key at the earliest two hours after both sides hold it."),
    ("FI-ZREG", FEDERATION, "federation-host", "op2", "Several zones are registered all or none",
     "If one of the zones of a registration does not exist, none of them is registered."),
    ("FI-PART", FEDERATION, "federation-lead", "op1", "All zones of the partner are stored",
     "OP1 stores what it received of the zones of OP2, and shows them to its own operator."),
)  # fmt: skip


@dataclass(frozen=True)
class FakeRun:
    report: Report
    trace: Trace
    verdict_of_claim: dict[int, str]


def fake_run(requirements: int = 300, scenarios: int = 40) -> FakeRun:
    """A run with so many requirements and scenarios. Number 7 of each topic failed, 11 is untested, and so on."""
    results = [_requirement(place, scenarios) for place in range(requirements)]
    by_check = {check.id: check.verdict for result in results for check in result.checks}
    stage = Stage()
    stories = [_scenario(stage, place, results) for place in range(scenarios)]
    claims = {it.seq: by_check.get(it.check, "untested") for it in stage.trace if isinstance(it, Claim)}
    checks = [check for result in results for check in result.checks]
    report = Report(
        suite={"version": "0.1.0", "registry": "sha256:5f0c…", "spec": {"connection-coordinator": "2026-05-18"}},
        target={
            "name": "Acme Cloud",
            "protocols": [COORDINATOR, FEDERATION],
            "seats": ["csp-a", "csp-b", "op1", "op2"],
        },
        scope="full",
        seed=1,
        started="2026-11-21T18:00:00Z",
        duration_s=41.2,
        counts=Counts(len(checks), len(checks), sum(check.verdict != Verdict.UNTESTED for check in checks)),
        profiles=tuple(_profiles(results)),
        requirements=tuple(results),
        tables=(_table(),),
        scenarios=tuple(stories),
        slowest=({"scenario": "CC-RACE-001 one-left", "seconds": 4.21}, {"scenario": "FI-ZREG-001", "seconds": 0.4}),
    )
    return FakeRun(report, stage.trace, claims)


def _requirement(place: int, scenarios: int) -> RequirementResult:
    prefix, protocol, profile, seat, title, statement = TOPICS[place % len(TOPICS)]
    number = place // len(TOPICS) + 1
    name = f"{prefix}-{number:03}"
    scenario = f"{name}-table" if not scenarios else f"s{place % scenarios}"
    checks = tuple(_check(name, n, number, place, seat, scenario) for n in (1, 2, 3))
    if profile == "macsec":
        checks = ()
    verdict = roll_up(Verdict(check.verdict) for check in checks)
    return RequirementResult(
        id=name,
        protocol=protocol,
        level="SHOULD" if number % 9 == 0 else "MUST",
        profile=profile,
        title=title if number == 1 else f"{title} ({number})",
        statement=statement,
        verdict=verdict,
        reason="profile macsec is not claimed" if profile == "macsec" else None,
        waiver={"reason": "fixed in 2.1", "owner": "a.n.other", "expires": "2027-01-31"} if number == 17 else None,
        checks=checks,
    )


def _check(requirement: str, n: int, number: int, place: int, seat: str, scenario: str) -> CheckResult:
    verdict, want, got, reason = Verdict.PASSED, "", "", None
    if n == 2 and (place in (6, 10) or number == 17):
        verdict, want, got = Verdict.FAILED, "no zone registered", "op2 keeps ['zone-east-01', 'zone-<west>-02']"
    elif n == 3 and number == 8:
        verdict, reason = Verdict.INCONCLUSIVE, "the operator did not settle within 30 s (timeouts.settle)"
    elif n == 1 and number == 13:
        verdict, want, got = Verdict.WARNED, "403 and 404 are told apart by nobody", "403 for csp-c, 404 for csp-x"
    elif n == 3 and number == 11:
        verdict, reason = Verdict.UNTESTED, "no clock: the target's time cannot be advanced"
    elif n == 3 and number == 19:
        verdict, reason = Verdict.REVIEW, "a person compares the customer's screen with the attached text"
    first = 1 + 40 * (place % 20)
    evidence = () if verdict in (Verdict.UNTESTED, Verdict.REVIEW) else (f"r{first + 4}", f"r{first + 5}")
    errata = ("CC-ERR-02",) if number % 12 == 0 else ()
    return CheckResult(f"{requirement}/{n}", seat, (scenario,), verdict, want, got, reason, errata, evidence)


def _scenario(stage: Stage, place: int, results: list[RequirementResult]) -> ScenarioResult:
    mine = [check for result in results for check in result.checks if check.scenarios == (f"s{place}",)]
    verdict = roll_up(Verdict(check.verdict) for check in mine)
    name = "the customer's connection is placed and verified on both sides" + (f", variant {place}" if place else "")
    unlucky = place % 4 == 2
    first, last = place_connection(stage, name, place, tuple(check.id for check in mine[:8]), unlucky=unlucky)
    return ScenarioResult(
        id=f"s{place}",
        feature="Milestone 2: negotiate the interconnect" if place < 25 else "Operator registers a zone",
        name=name,
        protocol=COORDINATOR if place < 25 else FEDERATION,
        seat=(("csp-a", "csp-b") if place < 25 else ("op1", "op2"))[place % 2],
        verdict=verdict,
        seconds=0.02 * (place % 7) + 0.11,
        first=first,
        last=last,
        checks=tuple(check.id for check in mine),
        reason=None,
    )


def _profiles(results: list[RequirementResult]) -> list[ProfileResult]:
    profiles = []
    for _, protocol, profile, *_ in TOPICS:
        mine = [it for it in results if it.profile == profile]
        must = Counter(str(it.verdict) for it in mine if it.level == "MUST")
        should = Counter(str(it.verdict) for it in mine if it.level == "SHOULD")
        failed = any(it.verdict == Verdict.FAILED and it.waiver is None for it in mine)
        verdict = "not conformant" if failed else "conformant" if set(must) <= {"passed", "warned"} else "incomplete"
        reach = {"judged": 3 * sum(must.values()), "excluded": {"data plane": 2} if profile == "core-responder" else {}}
        profiles.append(ProfileResult(profile, protocol, verdict, dict(must), dict(should), reach))
    return profiles


def _table() -> TableResult:
    rows = (
        ("User Action", "OP1", "OP2"),
        ("Operator1 registers OP2 zone", "- check if zone exists", ""),
        ("", "- calls **POST** `/operator/zone`", ""),
        ("", "", "- validate federation"),
        ("", "", "- store registering OP details along with zone"),
        ("", "- store OP details along with zone", ""),
    )
    verdicts = iter(("passed", "passed", "passed", "failed", "untested"))

    def cell(row: int, column: int, text: str) -> Cell:
        if row == 0 or column == 0 or not text:
            return Cell(text)
        return Cell(text, next(verdicts), (f"FI-ZREG-00{row}/1", f"FI-ZREG-00{row}/2"))

    return TableResult(
        id="register-zone",
        protocol=FEDERATION,
        title="Operator registers a zone after federation is setup",
        rows=tuple(tuple(cell(r, c, text) for c, text in enumerate(row)) for r, row in enumerate(rows)),
    )


def small_report(*checks: CheckResult, **changes: Any) -> Report:
    """One requirement of one profile with these checks; ``changes`` replace members of the report."""
    verdict = roll_up(Verdict(check.verdict) for check in checks)
    requirement = RequirementResult(
        id="FI-ZREG-009",
        protocol=FEDERATION,
        level="MUST",
        profile="federation-host",
        title="all or none",
        statement="Several zones are registered all or none.",
        verdict=verdict,
        reason=None,
        waiver=None,
        checks=checks,
    )
    standing = {Verdict.PASSED: "conformant", Verdict.FAILED: "not conformant"}.get(verdict, "incomplete")
    reach = {"judged": len(checks), "excluded": {}}
    report = Report(
        suite={"version": "0.1.0", "registry": "sha256:0", "spec": {}},
        target={"name": "Acme Cloud", "protocols": [FEDERATION], "seats": ["op2"]},
        scope="full",
        seed=1,
        started="2026-11-21T18:00:00Z",
        duration_s=41.4,
        counts=Counts(len(checks), len(checks), len(checks)),
        profiles=(ProfileResult("federation-host", FEDERATION, standing, {str(verdict): 1}, {}, reach),),
        requirements=(requirement,),
    )
    return replace(report, **changes)


def check(verdict: str, n: int = 2, **members: Any) -> CheckResult:
    """Check n of the small report's requirement."""
    return CheckResult(f"FI-ZREG-009/{n}", "op2", ("s1",), verdict, **members)


FAILED = check("failed", want="no zone registered", got="op2 keeps ['zone-east-01']", evidence=("r17",))
