from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from reports.junit import to_junit
from reports.report import Report
from tests.reports.fake_report import FAILED, check, fake_run, small_report


def case(report: Report) -> ET.Element:
    (found,) = ET.fromstring(to_junit(report)).iter("testcase")
    return found


def test_a_suite_per_profile_and_a_case_per_check_and_seat() -> None:
    run = fake_run(300, 0)
    root = ET.fromstring(to_junit(run.report))
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [
        ("connection-coordinator core-issuer", "150"),
        ("connection-coordinator core-responder", "150"),
        ("connection-coordinator core-negotiator", "150"),
        ("connection-coordinator macsec", "50"),
        ("federation-interconnect federation-host", "150"),
        ("federation-interconnect federation-lead", "150"),
    ]
    first = next(root.iter("testcase"))
    assert (first.get("classname"), first.get("name")) == ("CC-KEY-001", "CC-KEY-001/1 csp-a")


def test_the_numbers_add_up() -> None:
    root = ET.fromstring(to_junit(fake_run(300, 0).report))
    numbers = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert numbers == {"tests": "800", "failures": "2", "errors": "5", "skipped": "65"}
    for name in numbers:
        assert sum(int(suite.get(name, "0")) for suite in root) == int(root.get(name, "0"))


def test_a_failure_has_want_got_and_evidence() -> None:
    (failure,) = case(small_report(FAILED)).findall("failure")
    assert failure.get("message") == "want no zone registered, got op2 keeps ['zone-east-01']"
    assert failure.text == (
        "MUST Several zones are registered all or none.\n"
        "want: no zone registered\ngot:  op2 keeps ['zone-east-01']\n"
        "evidence: r17 in trace.jsonl"
    )


def test_the_properties_name_requirement_and_level() -> None:
    properties = {it.get("name"): it.get("value") for it in case(small_report(FAILED)).iter("property")}
    assert properties == {
        "requirement": "FI-ZREG-009",
        "title": "all or none",
        "level": "MUST",
        "verdict": "failed",
        "scenarios": "s1",
        "evidence": "r17",
    }


@pytest.mark.parametrize(
    ("verdict", "tag", "attributes"),
    [
        ("inconclusive", "error", {"type": "inconclusive", "message": "why"}),
        ("error", "error", {"type": "error", "message": "why"}),
        ("untested", "skipped", {"message": "untested: why"}),
        ("not-applicable", "skipped", {"message": "not-applicable: why"}),
        ("review", "skipped", {"message": "review: why"}),
    ],
)
def test_what_is_neither_passed_nor_failed(verdict: str, tag: str, attributes: dict[str, str]) -> None:
    found = [child for child in case(small_report(check(verdict, reason="why"))) if child.tag != "properties"]
    assert [(child.tag, child.attrib) for child in found] == [(tag, attributes)]


def test_a_passed_case_is_empty_and_a_warned_one_says_so() -> None:
    assert [child.tag for child in case(small_report(check("passed")))] == ["properties"]
    warned = case(small_report(check("warned", want="404", got="403")))
    assert warned.findtext("system-out") == "warned: want: 404\ngot:  403"


def test_a_waived_failure_is_skipped_with_the_words_of_the_waiver() -> None:
    report = small_report(FAILED)
    waiver = {"reason": "fixed in 2.1", "owner": "a.n.other", "expires": "2027-01-31"}
    report = replace(report, requirements=(replace(report.requirements[0], waiver=waiver),))
    skipped = case(report).find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "waived: reason fixed in 2.1; owner a.n.other; expires 2027-01-31"


def test_a_requirement_without_checks_is_a_case() -> None:
    report = small_report()
    report = replace(report, requirements=(replace(report.requirements[0], reason="no clock"),))
    found = case(report)
    skipped = found.find("skipped")
    assert found.get("name") == "FI-ZREG-009"
    assert skipped is not None
    assert skipped.get("message") == "untested: no clock"


def test_what_xml_cannot_carry_is_marked() -> None:
    hostile = check("failed", want="a\x00b", got="<\ud800>&\x1b[31m")
    (failure,) = case(small_report(hostile)).findall("failure")
    assert failure.get("message") == "want a\ufffdb, got <\ufffd>&\ufffd[31m"
