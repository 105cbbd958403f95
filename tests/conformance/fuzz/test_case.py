from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance.fuzz.case import Case, CaseError, Sent, read, shell, shortened, write

CASE = Case(
    "connection-coordinator",
    "csp-a",
    "CC-SEC-003/1",
    (
        Sent("POST", "/a", "x=1", {"content-type": "application/json"}, b'{"it\'s": 1}'),
        Sent("GET", "/b", body=b"\xff\x00", authenticated=False),
    ),
)


def test_a_case_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(CASE, tmp_path / "case.json")
    assert read(tmp_path / "case.json") == CASE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no JSON", "want a case as `interlock fuzz --report` leaves it"),
        ("[]", "want a case"),
        (json.dumps({"format": "interlock-case/9"}), "want the format interlock-case/1, got 'interlock-case/9'"),
        (json.dumps({"format": "interlock-case/1", "requests": [{}]}), "KeyError('body')"),
    ],
)
def test_a_file_that_is_no_case_is_refused_with_its_name(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "case.json"
    file.write_text(text)
    with pytest.raises(CaseError) as refused:
        read(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert told in str(refused.value)


def test_a_curl_line_can_be_pasted_and_tells_no_credential() -> None:
    assert shell(CASE.requests[0], "http://csp-a.test") == (
        "curl -i -X POST 'http://csp-a.test/a?x=1' -H \"Authorization: Bearer $CREDENTIAL\" "
        "-H 'content-type: application/json' --data-binary '{\"it'\"'\"'s\": 1}'"
    )
    assert "CREDENTIAL" not in shell(CASE.requests[1], "http://csp-a.test")


def _numbered(*numbers: int) -> tuple[Sent, ...]:
    return tuple(Sent("GET", f"/{number}") for number in numbers)


@pytest.mark.parametrize(
    ("needed", "left"), [({9}, _numbered(9)), ({3, 9}, _numbered(3, 9)), ({0, 4, 9}, _numbered(0, 4, 9))]
)
def test_a_case_is_shortened_to_what_is_needed(needed: set[int], left: tuple[Sent, ...]) -> None:
    def still(requests: Sequence[Sent]) -> bool:
        return {f"/{number}" for number in needed} <= {each.path for each in requests}

    whole = Case("federation-interconnect", "op1", "FI-AUTH-003/1", _numbered(*range(10)))
    assert shortened(whole, still).requests == left


def test_a_case_that_cannot_be_shortened_stays_whole() -> None:
    whole = Case("federation-interconnect", "op1", "FI-AUTH-003/1", _numbered(*range(5)))
    assert shortened(whole, lambda requests: len(requests) == 5) == whole
