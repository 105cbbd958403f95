from __future__ import annotations

import copy
import dataclasses
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reports.json_report import as_json as report_as_json
from reports.record import RECORD_TYPES
from reports.report import (
    Cell,
    Change,
    CheckResult,
    Counts,
    ProfileResult,
    Report,
    RequirementResult,
    ScenarioResult,
    TableResult,
    WaiverResult,
)
from reports.schemas import Name, problem, schema
from reports.trace import FORMAT, as_json
from reports.verdict import Verdict
from tests.reports.fake_report import fake_run
from tests.reports.test_trace import filled

RUN = fake_run(60, 6)
REPORT: dict[str, Any] = json.loads(json.dumps(report_as_json(RUN.report)))


@pytest.mark.parametrize("name", ["report", "trace"])
def test_the_schemas_are_schemas(name: Name) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_a_schema_is_a_fresh_copy() -> None:
    schema("trace").clear()
    assert schema("trace")["title"] == "trace.jsonl, one line"


@pytest.mark.parametrize("record", [*filled(), *RUN.trace][:120])
def test_every_record_validates(record: Any) -> None:
    assert problem("trace", json.loads(json.dumps(as_json(record)))) is None


def test_the_first_line_of_a_trace_validates() -> None:
    assert problem("trace", {"format": FORMAT}) is None
    assert problem("trace", {"format": "interlock-trace/0"}) is not None


def test_the_trace_schema_has_the_members_of_the_records() -> None:
    definitions = schema("trace")["$defs"]
    assert set(definitions) - {"head", "seat"} == set(RECORD_TYPES)
    for name, cls in RECORD_TYPES.items():
        members = {member.name: member for member in dataclasses.fields(cls)}
        assert set(definitions[name]["properties"]) == {"type", *members}
        free = {dataclasses.MISSING}
        required = {it.name for it in members.values() if {it.default, it.default_factory} == free}
        assert set(definitions[name]["required"]) == {"type", "seq", "at", *required}


def test_the_report_schema_has_the_members_of_the_model() -> None:
    whole = schema("report")
    for cls, part in (
        (Report, whole),
        *(
            (cls, whole["$defs"][name])
            for cls, name in (
                (Counts, "counts"),
                (ProfileResult, "profile"),
                (RequirementResult, "requirement"),
                (CheckResult, "check"),
                (TableResult, "table"),
                (Cell, "cell"),
                (ScenarioResult, "scenario"),
                (WaiverResult, "waiver"),
                (Change, "change"),
            )
        ),
    ):
        names = {member.name for member in dataclasses.fields(cls)}
        assert set(part["properties"]) == set(part["required"]) == names
    assert whole["$defs"]["verdict"]["enum"] == [str(verdict) for verdict in Verdict]


def test_a_report_of_a_run_validates() -> None:
    assert problem("report", REPORT) is None


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"type": "ClockMoved", "seq": 1, "at": 0}, "'by' is a required property"),
        ({"type": "ClockMoved", "seq": 1, "at": 0, "by": "soon"}, "by: 'soon' is not of type 'integer'"),
        ({"type": "ClockMoved", "seq": 1, "at": 0, "by": 1, "to": 2}, "'to' was unexpected"),
        ({"type": "Meta", "seq": 1, "at": 0, "mark": "begin"}, "mark: 'begin' is not one of"),
        ({"type": "ClockMoved", "seq": 0, "at": 0, "by": 1}, "seq: 0 is less than the minimum of 1"),
    ],
)
def test_a_broken_record_does_not(record: dict[str, Any], words: str) -> None:
    assert words in (problem("trace", record) or "")


def broken(*path: str | int, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(REPORT)
    inner: Any = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("requirements", 3, "checks"), {}, "requirements[3].checks: {} is not of type 'array'"),
        (
            ("requirements", 0, "checks", 1, "verdict"),
            "fine",
            "requirements[0].checks[1].verdict: 'fine' is not one of",
        ),
        (("requirements", 0, "checks", 1, "evidence"), ["17"], "requirements[0].checks[1].evidence[0]: '17' does not"),
        (("profiles", 0, "must", "splendid"), 1, "'splendid' is not one of"),
        (("counts", "judged"), -1, "counts.judged: -1 is less than the minimum of 0"),
        (("tables", 0, "rows", 0, 0, "colour"), "red", "'colour' was unexpected"),
        (("extra",), 1, "'extra' was unexpected"),
    ],
)
def test_a_broken_report_does_not(path: tuple[str | int, ...], value: object, words: str) -> None:
    assert words in (problem("report", broken(*path, value=value)) or "")
