from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reports.json_report import ReportError, from_json, to_json
from reports.report import Cell, TableResult
from tests.reports.fake_report import FAILED, check, fake_run, small_report


def test_the_layout_is_the_contract() -> None:
    report = small_report(
        FAILED,
        tables=(
            TableResult("register-zone", "federation-interconnect", "t", ((Cell("a", "passed", ("FI-X-001/1",)),),)),
        ),
        slowest=({"scenario": "s1", "seconds": 0.4},),
    )
    assert json.loads(to_json(report)) == {
        "format": "interlock-report/1",
        "suite": {"version": "0.1.0", "registry": "sha256:0", "spec": {}},
        "target": {"name": "Acme Cloud", "protocols": ["federation-interconnect"], "seats": ["op2"]},
        "scope": "full",
        "seed": 1,
        "started": "2026-11-21T18:00:00Z",
        "duration_s": 41.4,
        "counts": {"expected": 1, "executed": 1, "judged": 1},
        "profiles": [
            {
                "id": "federation-host",
                "protocol": "federation-interconnect",
                "verdict": "not conformant",
                "must": {"failed": 1},
                "should": {},
                "reach": {"judged": 1, "excluded": {}},
            }
        ],
        "requirements": [
            {
                "id": "FI-ZREG-009",
                "protocol": "federation-interconnect",
                "level": "MUST",
                "profile": "federation-host",
                "title": "all or none",
                "statement": "Several zones are registered all or none.",
                "verdict": "failed",
                "reason": None,
                "waiver": None,
                "checks": [
                    {
                        "id": "FI-ZREG-009/2",
                        "seat": "op2",
                        "scenarios": ["s1"],
                        "verdict": "failed",
                        "want": "no zone registered",
                        "got": "op2 keeps ['zone-east-01']",
                        "reason": None,
                        "errata": [],
                        "evidence": ["r17"],
                    }
                ],
            }
        ],
        "tables": [
            {
                "id": "register-zone",
                "protocol": "federation-interconnect",
                "title": "t",
                "rows": [[{"text": "a", "verdict": "passed", "checks": ["FI-X-001/1"]}]],
            }
        ],
        "scenarios": [],
        "slowest": [{"scenario": "s1", "seconds": 0.4}],
        "problems": [],
        "waivers": [],
        "compared_with": None,
        "changes": [],
    }


def test_the_format_comes_first() -> None:
    assert to_json(small_report(FAILED)).startswith('{\n "format": "interlock-report/1",\n "suite"')


def test_a_report_comes_back() -> None:
    report = fake_run(60, 6).report
    report = replace(report, problems=("FI-ZREG-009/3 was declared and not emitted",))
    assert from_json(to_json(report)) == report
    assert to_json(from_json(to_json(report))) == to_json(report)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON: "),
        ("[]", 'want an object with "format": "interlock-report/1", got \'list\''),
        ('{"format": "interlock-report/2"}', "got 'interlock-report/2'"),
        ("{}", "got None"),
        ('{"format": "interlock-report/1"}', "the document: 'suite' is a required property"),
        (
            to_json(small_report(check("passed"))).replace('"judged": 1\n', '"judged": "all"\n'),
            "counts.judged: 'all' is not of type 'integer'",
        ),
        (
            to_json(small_report(check("passed"))).replace('"op2",\n', "7,\n"),
            r"requirements\[0\].checks\[0\].seat: 7 is not of type 'string'",
        ),
    ],
)
def test_what_is_no_report_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        from_json(text)
