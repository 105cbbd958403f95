from __future__ import annotations

import json

from reports.matrix import Matrix, MatrixCell, render, to_json

MATRIX = Matrix(
    "connection-coordinator",
    ("csp-a", "csp-b"),
    "They meet.",
    "2026-11-22T04:00:00+00:00",
    ("A<b>", "B"),
    (
        MatrixCell("A<b>", "B", "failed", "no & never", ("CC-KEY-001/1 csp-a",), "a--b/report.html"),
        MatrixCell("B", "A<b>", "passed"),
    ),
)


def test_the_page_has_a_cell_for_each_pairing_and_escapes_what_others_say() -> None:
    page = render(MATRIX)
    assert page.count('<td class="failed">') == page.count('<td class="passed">') == 1
    assert page.count("<td>–</td>") == 2
    assert "A&lt;b&gt;" in page
    assert "A<b>" not in page
    assert "no &amp; never" in page
    assert 'href="a--b/report.html"' in page
    assert "1 of 2 pairings passed" in page


def test_the_json_holds_it_all() -> None:
    found = json.loads(to_json(MATRIX))
    assert (found["format"], found["seats"]) == ("interlock-matrix/1", ["csp-a", "csp-b"])
    assert found["cells"][0] == {
        "one": "A<b>",
        "other": "B",
        "verdict": "failed",
        "told": "no & never",
        "failed": ["CC-KEY-001/1 csp-a"],
        "report": "a--b/report.html",
    }
