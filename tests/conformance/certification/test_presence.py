"""When a target is gone: by scenarios that it was not there for, and by the doctor's word."""

from __future__ import annotations

from typing import Any

from conformance.doctor.findings import Finding, bad, ok, warn
from conformance.play import NOT_BEGUN
from conformance.presence import Presence
from reports.record import Fault, Lost, Meta, Request, Response
from reports.trace import Trace

US, IT = "csp-b", "csp-a"
DOWN = bad("east-west.tcp", "127.0.0.1:1 took no connection", "start the target")
WELL = [ok("east-west.tcp", "takes connections"), warn("clock", "no header Date", "send it")]
REFUSES = "northbound POST http://t/hooks/reset: want an answer, got 500 boom"


class Run:
    """A trace that grows by scenarios, and a doctor who says what he is told to."""

    def __init__(self, *findings: Finding) -> None:
        self.trace = Trace()
        self.asked = 0
        self.findings = list(findings)
        self.presence = Presence(self._look)

    def _look(self) -> list[Finding]:
        self.asked += 1
        return self.findings

    def after(self, *ends: str | None, fault: bool = False, **how: Any) -> tuple[bool, int]:
        """One more scenario, in which requests to the target ended so: a status, or None where there was no answer."""
        self.trace.append(Meta(mark="scenario", data={"id": "s", "seat": IT, "target": IT}))
        for end in ends:
            name = f"x{len(self.trace)}"
            about: dict[str, Any] = {"exchange": name, "operation": "ListProviders"}
            self.trace.append(Request(sender=US, receiver=IT, method="GET", path="/providers", query={}, **about))
            if fault:
                self.trace.append(Fault(fault="drop", exchange=name, seat=IT))
            if end is None:
                self.trace.append(Lost(sender=US, receiver=IT, what="unknown", **about))
            else:
                self.trace.append(Response(sender=IT, receiver=US, status=int(end), **about))
        self.trace.append(Meta(mark="end", data=how))
        return self.presence.lost(self.trace), self.asked


def test_a_target_that_answers_is_not_asked_after() -> None:
    run = Run(DOWN)
    assert [run.after("200"), run.after("500"), run.after(), run.after("200", None)] == [(False, 0)] * 4


def test_two_scenarios_without_any_answer_are_a_question_for_the_doctor() -> None:
    run = Run(DOWN)
    assert run.after("200") == (False, 0)
    assert run.after(None) == (False, 0)
    assert run.after(None, None) == (True, 1)
    assert run.presence.why == ["east-west.tcp: 127.0.0.1:1 took no connection; change start the target"]
    assert run.after("200") == (True, 1)


def test_one_operation_that_never_answers_is_no_target_that_is_gone() -> None:
    run = Run(*WELL)
    assert [run.after(None), run.after(None), run.after(None)] == [(False, 0), (False, 1), (False, 2)]
    assert run.presence.lost(run.trace) is False
    assert run.asked == 2


def test_what_we_disturbed_ourselves_says_nothing() -> None:
    run = Run(DOWN)
    assert [run.after(None, fault=True), run.after(None, fault=True)] == [(False, 0)] * 2


def test_a_northbound_side_that_cannot_be_used_is_asked_after_too() -> None:
    run = Run(DOWN)
    away: dict[str, Any] = {"problem": f"Given a key: {REFUSES}", "ours": False, "lacking": False, "away": True}
    assert [run.after("200", **away), run.after("200", **away)] == [(False, 0), (True, 1)]


def test_three_that_could_not_begin_are_enough() -> None:
    run = Run(*WELL)
    how: dict[str, Any] = {"problem": f"{NOT_BEGUN}: {REFUSES}", "ours": False, "lacking": False, "away": True}
    assert [run.after(**how), run.after(**how), run.after(**how)] == [(False, 0), (False, 1), (True, 2)]
    assert run.presence.why == [f"{NOT_BEGUN}: {REFUSES}"]
