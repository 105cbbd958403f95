"""``junit.xml``: a test suite per profile, a test case per check and seat, as CI systems read them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from reports.report import CheckResult, Report, RequirementResult, WaiverResult
from reports.verdict import Verdict
from reports.wording import legible

_SKIPPED = (Verdict.UNTESTED, Verdict.NOT_APPLICABLE, Verdict.REVIEW)


def to_junit(report: Report) -> str:
    """The report as JUnit XML.

    ``failed`` is a failure unless a waiver covers it (then skipped, with the waiver's words); ``inconclusive`` and our
    own ``error`` are errors, told apart by their ``type``; ``untested``, ``not-applicable`` and ``review`` are skipped
    with their reason; ``warned`` passes and says so in ``system-out``. A requirement without checks is a case of its own.
    """
    root = ET.Element("testsuites", name="interlock", time=f"{report.duration_s:.3f}")
    for (protocol, profile), requirements in _by_profile(report).items():
        suite = ET.SubElement(
            root, "testsuite", name=f"{protocol} {profile}".strip(), timestamp=legible(report.started)
        )
        for requirement in requirements:
            for check in requirement.checks or (_alone(requirement),):
                suite.append(_case(requirement, check))
        _count(suite, [suite])
    if report.waivers:
        suite = ET.SubElement(root, "testsuite", name="waivers", timestamp=legible(report.started))
        suite.extend(_waiver(each) for each in report.waivers)
        _count(suite, [suite])
    _count(root, root.findall("testsuite"))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _by_profile(report: Report) -> dict[tuple[str, str], list[RequirementResult]]:
    """Requirements by protocol and profile: the claimed profiles in their order, then any others."""
    suites: dict[tuple[str, str], list[RequirementResult]] = {(p.protocol, p.id): [] for p in report.profiles}
    for requirement in report.requirements:
        suites.setdefault((requirement.protocol, requirement.profile), []).append(requirement)
    return suites


def _waiver(waiver: WaiverResult) -> ET.Element:
    """A waiver is a test of its own: that something fails there, and that its time is not over."""
    name = legible(f"{waiver.id} {waiver.seat or ''}".strip())
    case = ET.Element("testcase", classname="waivers", name=name, time="0")
    if waiver.state in ("stale", "expired"):
        message = legible(f"{waiver.state}: {waiver.told}")
        case.append(
            _told(ET.Element("failure", type=waiver.state, message=message), f"{waiver.owner}: {waiver.reason}")
        )
    return case


def _alone(requirement: RequirementResult) -> CheckResult:
    return CheckResult(requirement.id, "", (), requirement.verdict, reason=requirement.reason)


def _case(requirement: RequirementResult, check: CheckResult) -> ET.Element:
    case = ET.Element("testcase", classname=requirement.id, name=f"{check.id} {check.seat}".strip(), time="0")
    properties = ET.SubElement(case, "properties")
    for name, value in (
        ("requirement", requirement.id),
        ("title", requirement.title),
        ("level", requirement.level),
        ("verdict", check.verdict),
        ("scenarios", "; ".join(check.scenarios)),
        ("evidence", " ".join(check.evidence)),
        ("errata", " ".join(check.errata)),
    ):
        if value:
            ET.SubElement(properties, "property", name=name, value=legible(value))
    outcome = _outcome(requirement, check)
    if outcome is not None:
        case.append(outcome)
    return case


def _outcome(requirement: RequirementResult, check: CheckResult) -> ET.Element | None:
    reason = check.reason or check.got or requirement.reason or ""
    if check.verdict == Verdict.PASSED:
        return None
    if check.verdict == Verdict.WARNED:
        return _told(ET.Element("system-out"), f"warned: {_difference(check) or reason}")
    if check.verdict in _SKIPPED:
        return ET.Element("skipped", message=legible(f"{check.verdict}: {reason or 'no reason given'}"))
    if check.verdict == Verdict.FAILED and requirement.waiver is not None:
        words = "; ".join(f"{name} {value}" for name, value in requirement.waiver.items())
        return ET.Element("skipped", message=legible(f"waived: {words}"))
    message = f"want {check.want}, got {check.got}" if check.want else reason
    kind = "failure" if check.verdict == Verdict.FAILED else "error"
    return _told(ET.Element(kind, type=check.verdict, message=legible(message)), _explained(requirement, check))


def _explained(requirement: RequirementResult, check: CheckResult) -> str:
    lines = [f"{requirement.level} {requirement.statement}", _difference(check), check.reason or ""]
    if check.evidence:
        lines.append(f"evidence: {' '.join(check.evidence)} in trace.jsonl")
    return "\n".join(line for line in lines if line)


def _difference(check: CheckResult) -> str:
    return f"want: {check.want}\ngot:  {check.got}" if check.want else ""


def _told(element: ET.Element, text: str) -> ET.Element:
    element.text = legible(text)
    return element


def _count(total: ET.Element, suites: Sequence[ET.Element]) -> None:
    """The numbers of test cases by outcome, as attributes."""
    cases = [case for suite in suites for case in suite.findall("testcase")]
    total.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        total.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
