"""Play the selected scenarios: one pytest process, one item per scenario and judged seat, one trace.

pytest runs the steps; it decides nothing. What the steps did and claimed is on the trace, and the judge and the
roll-up make verdicts of it. A failed Given leaves the checks of its scenario inconclusive; a step that breaks for any
other reason is our own fault.
"""

from __future__ import annotations

import contextlib
import io
import os
import pkgutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest

from conformance import step_lookup, steps
from conformance.cast import CASTS
from conformance.closing import Later, closed
from conformance.northbound import Lacks, NorthboundError
from conformance.players import Untested
from conformance.portal import Portal
from conformance.scenarios import Scenario, load_scenarios
from conformance.self_play_stage import SelfPlayStage
from conformance.session import Session
from conformance.stage import Stage
from conformance.twist import Twist
from reports.record import Claim, Meta
from reports.redact import Redactor
from reports.trace import Trace


class Unprepared(Exception):
    """A Given or a When could not bring about what the scenario needs: nothing can be said about the target."""


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario as it was played for one judged seat.

    ``problem``: None, or why it did not reach its end. ``ours``: it is our own fault; ``lacking``: the target's adapter
    does not offer what the scenario needs.
    """

    scenario: Scenario
    seat: str
    first: int
    last: int
    seconds: float
    problem: str | None = None
    ours: bool = False
    lacking: bool = False


@dataclass(slots=True)
class Play:
    """What a run left behind."""

    trace: Trace
    played: list[Played] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


NOT_BEGUN = "before its first step"
"""How the problem of a scenario begins for which the target could not even be prepared."""

Progress = Callable[[int, int, str], None]


Open = Callable[[str, Trace, Redactor], Stage]
"""Makes the stage of a protocol, over this trace."""


def self_play(
    over: str,
    seed: int,
    decisions: Mapping[str, Mapping[str, Any]] | None = None,
    twists: Mapping[str, Mapping[str, Twist]] | None = None,
) -> Open:
    """Reference parties in every seat; ``decisions`` replaces those of some seats, by protocol, ``twists`` what they say."""
    return lambda protocol, trace, redactor: SelfPlayStage(
        CASTS[protocol],
        over,
        seed,
        (decisions or {}).get(protocol),
        trace,
        redactor,
        twists=(twists or {}).get(protocol),
    )


def play(
    selected: Collection[tuple[str, str]],
    *,
    over: str = "asgi",
    seed: int = 1,
    protocols: Sequence[str] = (),
    decisions: Mapping[str, Mapping[str, Any]] | None = None,
    twists: Mapping[str, Mapping[str, Twist]] | None = None,
    on: Open | None = None,
    trace: Trace | None = None,
    target: str | None = None,
    enough: Callable[[], bool] = lambda: False,
    progress: Progress = lambda done, all_, name: None,
) -> Play:
    """Play the selected (scenario id, seat) pairs, ``on`` other stages than those of a self-play where given.

    ``trace`` goes on an earlier one; ``target`` is the seat that is not ours. Before each scenario ``enough`` is asked
    whether to leave out this one and all others.
    ``protocols`` are those that the run is about; they stand at the head of the trace.
    """
    stages = on or self_play(over, seed, decisions, twists)
    portal = Portal(background=on is not None or over != "asgi")
    director = _Director(set(selected), stages, portal, progress, enough, trace, target)
    director.result.trace.append(Meta(mark="run", data={"protocols": list(protocols), "seed": seed}))
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            codes = [_session(protocol, director) for protocol in director.protocols()]
            director.close_window()
    finally:
        director.close()
    if pytest.ExitCode.INTERRUPTED in codes:
        raise KeyboardInterrupt
    if any(code not in _FINISHED for code in codes):
        director.result.problems.append(f"the scenarios could not be collected:\n{told.getvalue()[-4000:]}")
    return director.result


_FINISHED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
_VOCABULARY = {"connection-coordinator": "coordinator", "federation-interconnect": "federation"}
"""How the step modules of a protocol begin; the others belong to all."""


def _session(protocol: str, director: _Director) -> int:
    """One pytest session plays one protocol, with the step definitions of that protocol."""
    with step_lookup.remembered():
        return pytest.main(_arguments(protocol), plugins=[director])


def _arguments(protocol: str) -> list[str]:
    others = tuple(prefix for name, prefix in _VOCABULARY.items() if name != protocol)
    modules = [
        f"-p{steps.__name__}.{module.name}"
        for module in pkgutil.iter_modules(steps.__path__)
        if not module.name.startswith(others)
    ]
    suite = str(files("conformance") / "suite" / "test_scenarios.py")
    quiet = [f"-pno:{plugin}" for plugin in ("interlock", "schemathesis", "cacheprovider", "xdist", "hypothesispytest")]
    place = ["-c", os.devnull, "--rootdir", os.path.dirname(suite)]
    return ["-q", "-s", *quiet, *modules, *place, "--no-header", "--tb=native", suite]


class _Director:
    """The pytest plugin: gives each item its session and keeps what became of it."""

    def __init__(
        self,
        selected: set[tuple[str, str]],
        open_: Open,
        portal: Portal,
        progress: Progress,
        enough: Callable[[], bool],
        trace: Trace | None,
        target: str | None,
    ) -> None:
        self._selected = selected
        self._open = open_
        self._progress = progress
        self._enough = enough
        self._portal = portal
        self._stages: dict[str, Stage] = {}
        self._current: Stage | None = None
        self._redactor = Redactor(os.urandom(16))
        self._scenarios = {each.id: each for each in load_scenarios()}
        self._begun: set[tuple[str, str]] = set()
        self._all = len(selected)
        self._protocol = ""
        self._failure: BaseException | None = None
        self._where = ""
        self._target = target
        self._later: list[Later] = []
        self.result = Play(trace if trace is not None else Trace())
        self.result.trace.now = lambda: self._current.clock.now() if self._current else 0

    def protocols(self) -> Iterator[str]:
        """The protocols of what is selected, one after the other; the hooks below play the one at hand."""
        for protocol in _VOCABULARY:
            if any(self._scenarios[id].protocol == protocol for id, _ in self._selected if id in self._scenarios):
                self._protocol = protocol
                yield protocol

    def close_window(self) -> None:
        """One quiet window for all claims that were kept open (``conformance.closing``)."""
        if not self._later or self._current is None:
            return
        stage, trace = self._current, self.result.trace
        self._portal.call(stage.pass_time(stage.quiet))
        for later, (first, last) in zip(self._later, closed(trace, self._later), strict=True):
            scenario = self._scenarios[str(later.begun.data["id"])]
            self.result.played.append(Played(scenario, str(later.begun.data["seat"]), first, last, 0))

    def close(self) -> None:
        for stage in self._stages.values():
            self._portal.call(stage.close())
        self.result.problems.extend(self._portal.problems)
        self._portal.close()

    # --- pytest hooks -------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_apply_tag(self, tag: str, function: Any) -> bool:
        """Tags are ids and seats, not marks."""
        return True

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        scenario = self._scenario_of(metafunc.function)
        if scenario is not None:
            metafunc.parametrize("judged_seat", scenario.seats, indirect=True)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self._key(item) in self._selected]

    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """True: this item is dealt with, by leaving it out. The examples of one outline are played all or not at all."""
        key = self._key(item)
        if key not in self._begun and self._enough():
            return True
        self._begun.add(key)
        return None

    def pytest_bdd_step_error(self, step: Any, exception: BaseException) -> None:
        self._failure, self._where = exception, f"{step.keyword} {step.name}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A scenario that could not even begin (its stage did not open) is our own fault."""
        if report.failed and report.when == "setup":
            why = f"a scenario could not begin: {str(report.longrepr).strip().splitlines()[-1]}"
            if why not in self.result.problems:
                self.result.problems.append(why)

    @pytest.fixture(autouse=True)
    def judged_seat(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def session(self, request: pytest.FixtureRequest, judged_seat: str) -> Iterator[Session]:
        scenario = self._scenario_of(request.function)
        assert scenario is not None
        stage = self._stage(scenario.protocol)
        self._current = stage
        self._failure = None
        trace = self.result.trace
        started = time.perf_counter()
        lack = self._begin(stage, judged_seat)
        first = trace.append(
            Meta(
                mark="scenario",
                data={"id": scenario.id, "name": scenario.name, "protocol": scenario.protocol, "seat": judged_seat}
                | ({"target": self._target} if self._target else {}),
            )
        ).seq
        if lack is not None:
            self._failure = lack
            self._end(scenario, judged_seat, first, started)
            pytest.skip(str(lack))
        session = Session(stage, self._portal, judged_seat, since=first)
        yield session
        left: list[Claim] = []
        if self._failure is None:
            try:
                left = session.close()
            except Exception as broken:
                self._failure, self._where = broken, "closing"
        self._end(scenario, judged_seat, first, started, left)

    def _begin(self, stage: Stage, judged_seat: str) -> Exception | None:
        """Why this scenario cannot begin: its adapter does not offer what it needs, cannot be used, or we are at fault."""
        self._where = NOT_BEGUN
        try:
            self._portal.call(stage.begin(judged_seat))
        except Exception as problem:
            return problem
        return None

    def _end(
        self, scenario: Scenario, judged_seat: str, first: int, started: float, left: Sequence[Claim] = ()
    ) -> None:
        problem, ours, lacking = self._problem()
        problem = self._redactor.text(problem) if problem else None  # an adapter may quote what it was told
        trace = self.result.trace
        how = {"problem": problem, "ours": ours, "lacking": lacking} if problem else {"open": True} if left else {}
        away = {"away": True} if isinstance(self._failure, NorthboundError) else {}
        last = trace.append(Meta(mark="end", data=how | away)).seq
        if left:
            begun = trace[first - 1]
            assert isinstance(begun, Meta)
            self._later.append(Later(begun, last, tuple(left)))
        seconds = time.perf_counter() - started
        self.result.played.append(Played(scenario, judged_seat, first, last, seconds, problem, ours, lacking))
        self._progress(len(self._begun), self._all, scenario.name)

    def _problem(self) -> tuple[str | None, bool, bool]:
        """Why the scenario at hand did not reach its end, if so; whether that is our own fault, or the adapter's lack."""
        match self._failure:
            case None:
                return None, False, False
            case Untested() | Lacks() as lack:
                return str(lack), False, True
            case NorthboundError() as trouble:
                return f"{self._where}: {trouble}", False, False
            case Unprepared() as reason:
                return f"{self._where}: {reason}" if str(reason) else self._where, False, False
            case fault:
                told = f"{self._where}: {fault}" if str(fault) else self._where
                return f"{told} ({type(fault).__name__})", True, False

    # --- helpers ------------------------------------------------------------------------------------------------

    def _stage(self, protocol: str) -> Stage:
        if protocol not in self._stages:
            stage = self._open(protocol, self.result.trace, self._redactor)
            self._portal.call(stage.open())
            self._stages[protocol] = stage
        return self._stages[protocol]

    def _scenario_of(self, function: Any) -> Scenario | None:
        return self._scenarios.get(getattr(function, "interlock_scenario", ""))

    def _key(self, item: pytest.Item) -> tuple[str, str]:
        scenario = self._scenario_of(getattr(item, "function", None))
        seat = getattr(item, "callspec", None)
        if scenario is None or scenario.protocol != self._protocol:
            return "", ""
        return (scenario.id, str(seat.params["judged_seat"]) if seat else "")


def every(scenarios: Sequence[Scenario]) -> list[tuple[str, str]]:
    """All (scenario id, seat) pairs of these scenarios."""
    return [(scenario.id, seat) for scenario in scenarios for seat in scenario.seats]
