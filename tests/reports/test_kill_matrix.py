from __future__ import annotations

import json
from dataclasses import replace

from reports.kill_matrix import KillMatrix, KillRow, render, to_json

ROW = KillRow(
    "cc-open-prefix",
    "serves <everybody>",
    "connection-coordinator",
    "csp-a",
    "CC-SEC-003/1",
    "named",
    ("CC-SEC-003/1",),
)
MATRIX = KillMatrix(
    (
        ROW,
        replace(ROW, mutant="fi-quiet", protocol="federation-interconnect", verdict="survived", killed_by=()),
        replace(ROW, mutant="cc-odd", verdict="other", killed_by=("CC-SEC-001/1", "CC-SEC-002/1")),
    ),
    (("correct-slow", "CC-ACT-003/4 csp-b"),),
    12,
)
FUZZED = replace(
    MATRIX, rows=tuple(replace(row, alone=(), fuzz=("CC-SEC-003/1",) if row is ROW else ()) for row in MATRIX.rows)
)


def test_the_matrix_in_one_sentence() -> None:
    assert MATRIX.told() == (
        "3 mutants: 2 killed, 1 for the named reason; survivors: fi-quiet; 12 correct variants: 1 false kills"
    )
    assert FUZZED.told().endswith("; schemathesis alone would have caught 0, our fuzz 1")
    assert "correct" not in replace(MATRIX, correct=0, false_kills=()).told()


def test_the_json_counts_the_wrong_ones_only_and_names_false_kills_apart() -> None:
    found = json.loads(to_json(MATRIX))
    assert (found["total"], found["killed"], found["killed_for_named_reason"]) == (3, 2, 1)
    assert found["survivors"] == ["fi-quiet"]
    assert found["false_kills"] == [{"variant": "correct-slow", "check": "CC-ACT-003/4 csp-b"}]
    assert "caught_by_fuzz" not in found
    fuzzed = json.loads(to_json(FUZZED))
    assert (fuzzed["caught_by_schemathesis"], fuzzed["caught_by_fuzz"]) == (0, 1)
    assert fuzzed["matrix"][0]["fuzz"] == ["CC-SEC-003/1"]


def test_the_page_tells_each_verdict_once_and_escapes_what_vices_say() -> None:
    page = render(MATRIX)
    assert "serves &lt;everybody&gt;" in page
    assert "<everybody>" not in page
    assert page.count(">SURVIVED") == page.count(">killed for another reason") == 1
    assert "correct-slow: CC-ACT-003/4 csp-b" in page
    assert "schemathesis" not in page
    assert render(FUZZED).count('class="yes"') == 1
