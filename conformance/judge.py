"""The judge: turns a trace into findings, check by check, from its claims and from the monitors.

Live and stored traces are judged by the same code: a claim is evaluated over the records between its ``since`` and its
own place. A rule that still waits there has waited in vain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conformance.monitors import Monitor, monitors
from conformance.rules import evaluate
from conformance.view import view_of
from reports.record import AnyRecord, Claim, Meta
from reports.verdict import Finding, Verdict, Waiting


@dataclass(frozen=True, slots=True)
class Judged:
    """A check in a seat as judged in one scenario. ``claim`` is the claim's seq; 0: a monitor found it. ``target`` is the
    seat that was not ours; None: all were.
    """

    check: str
    seat: str
    scenario: str
    finding: Finding
    claim: int = 0
    target: str | None = None


def judge(trace: Sequence[AnyRecord], protocol: str | None = None) -> list[Judged]:
    """Judge every claim of a trace, and what the monitors find in it, in the order of the trace."""
    judged: list[Judged] = []
    scenario, target = "", None
    watching: list[Monitor] = []
    for place, record in enumerate(trace):
        if isinstance(record, Meta) and record.mark == "scenario":
            scenario, target = str(record.data.get("id", "")), record.data.get("target")
            watching = monitors(str(record.data.get("protocol", protocol or "")))
        if isinstance(record, Claim):
            finding = _evaluate(trace, place, record)
            judged.append(Judged(record.check, record.seat, scenario, finding, record.seq, target))
        for monitor in watching:
            judged.extend(_found(monitor.on(record), scenario, target))
        if isinstance(record, Meta) and record.mark == "end":
            for monitor in watching:
                judged.extend(_found(monitor.end(), scenario, target))
            watching = []
    return judged


def _found(findings: Iterable[tuple[str, str, Finding]], scenario: str, target: str | None) -> list[Judged]:
    return [Judged(check, seat, scenario, finding, target=target) for check, seat, finding in findings]


def _evaluate(trace: Sequence[AnyRecord], place: int, claim: Claim) -> Finding:
    try:
        said = evaluate(claim.rule, view_of(trace, claim, place), claim.params)
    except Exception as problem:
        return Finding(Verdict.ERROR, got=f"rule {claim.rule}: {type(problem).__name__}: {problem}")
    return said.given_up() if isinstance(said, Waiting) else said
