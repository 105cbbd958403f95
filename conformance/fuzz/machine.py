"""Random sequences of a model's moves against a target, by a Hypothesis state machine; what fails is shrunk.

The machine only chooses: every request goes through the courier, every answer is judged by a rule over the trace, and what
it leaves is a case like any other finding's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from conformance.fuzz.contract import Wishes
from conformance.fuzz.courier import Courier
from conformance.fuzz.model import Model, Move
from conformance.fuzz.model_coordinator import COORDINATOR
from conformance.fuzz.model_federation import FEDERATION
from conformance.prologue import OTHER
from conformance.rules import evaluate
from conformance.view import TraceView
from reports.record import Claim
from reports.verdict import Finding, Verdict

MODELS: Mapping[str, Model[Any]] = {"connection-coordinator": COORDINATOR, "federation-interconnect": FEDERATION}

LONGEST = 12
"""Moves in one sequence."""


class Broken(AssertionError):
    """A move did not end as the model says."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A sequence of moves on fresh ground: ``names`` of them, and whether the last one broke something."""

    names: tuple[str, ...]
    courier: Courier
    broken: bool


def walks(fresh: Any, protocol: str, wishes: Wishes) -> list[Walk]:
    """Walk over the model as often as ``wishes.examples`` says; ``fresh`` lays ground and gives a courier on it.

    The last walk is the shortest one found that breaks something, if any does.
    """
    model = MODELS[protocol]
    walked: list[Walk] = []

    class Walker(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.courier: Courier = fresh()
            self.courier.strangers = 0
            self.receiver = self.courier.session.target
            self.sender = OTHER[self.receiver]
            self.state = model.begin(self.sender, self.receiver)
            self.names: list[str] = []
            self.broken = False

        @rule(data=st.data())
        def move(self, data: st.DataObject) -> None:
            possible = model.moves(self.state, self.sender, self.receiver, len(self.names))
            operation = data.draw(st.sampled_from(sorted({each.operation for each in possible})), label="operation")
            named = {each.name: each for each in possible if each.operation == operation}
            move = named[data.draw(st.sampled_from(list(named)), label="move")]
            self.names.append(move.name)
            status = self.courier.carry(move.sent).status_code
            if problem := _judged(self.courier, move):
                self.broken = True
                raise Broken(f"{move.name}: want {problem.want}, got {problem.got}")
            if 200 <= status < 300:
                self.state = move.then

        def teardown(self) -> None:
            walked.append(Walk(tuple(self.names), self.courier, self.broken))

    settings = hypothesis.settings(
        max_examples=wishes.examples,
        stateful_step_count=LONGEST,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        report_multiple_bugs=False,
        verbosity=hypothesis.Verbosity.quiet,
    )
    with contextlib.suppress(Broken):
        run_state_machine_as_test(hypothesis.seed(wishes.seed)(Walker), settings=settings)
    return walked


def _judged(courier: Courier, move: Move[Any]) -> Finding | None:
    """Claim what the move breaks, if it breaks something."""
    if (claim := move.claim(courier.carried)) is None:
        return None
    session, (name, params) = courier.session, claim
    trace = session.stage.wire.trace
    said = evaluate(name, TraceView(trace[session.since :]), params)
    if not isinstance(said, Finding) or said.verdict is not Verdict.FAILED:
        return None
    trace.append(Claim(check=move.check, seat=session.target, rule=name, params=params, since=session.since))
    return said
