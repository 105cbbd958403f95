"""Several rules as one claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.rules import evaluate, rule
from conformance.view import TraceView
from reports.verdict import Finding, Verdict, Waiting


@rule
def all_of(view: TraceView, claims: Sequence[tuple[str, dict[str, Any]]]) -> Finding | Waiting:
    """Every one of these rules (name, params) passes; else the first that does not, says why."""
    passed = []
    for name, params in claims:
        said = evaluate(name, view, params)
        if isinstance(said, Waiting) or said.verdict is not Verdict.PASSED:
            return said
        passed.append(said)
    return Finding.passed(
        "; ".join(dict.fromkeys(each.got for each in passed if each.got)),
        evidence=dict.fromkeys(seq for each in passed for seq in each.evidence),
        errata=dict.fromkeys(erratum for each in passed for erratum in each.errata),
    )
