"""Replay a schedule: take its steps one by one in the world that its head names, and look at each state on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference_impl.kernel.tables import Tables
from reports.record import Meta, Observation
from reports.redact import Redactor
from reports.trace import Trace
from reports.verdict import Finding
from simulator.changes import Change, changes
from simulator.configuration import decisions_of, digest_of, start_of
from simulator.explore import Violation
from simulator.faults import Faults, fault_of
from simulator.journey import Journey
from simulator.race import Race
from simulator.schedule import UNKNOWN, Entry, Schedule
from simulator.sight import Gauge
from simulator.world import Label, World

Dumps = Mapping[str, Mapping[str, Any]]
"""What each side's operator reads, by seat."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the code of today leaves the schedule. ``step`` counts from 1.

    ``got`` is the digest that came of the step; None: the label was not enabled, and ``enabled`` tells what was.
    """

    step: int
    expected: Entry
    got: str | None
    enabled: tuple[Label, ...]

    def told(self) -> str:
        """In words, for a person."""
        if self.got is None:
            choices = "; ".join(self.enabled) or "nothing"
            return f"step {self.step}: {self.expected.label!r} is not enabled; enabled: {choices}"
        return (
            f"step {self.step}: {self.expected.label!r} led to state {self.got}, the schedule says "
            f"{self.expected.digest}"
        )


@dataclass(frozen=True, slots=True)
class Instant:
    """The world after one step that was taken: what it changed on each side, and where each side's gauges stand."""

    label: Label
    changes: tuple[Change, ...]
    gauges: Mapping[str, tuple[Gauge, ...]]


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a replay. ``instants`` are the steps that happened, ``skipped`` those that were not enabled (lenient).

    ``violation`` is the first rule that broke, with the steps up to there. ``trace`` begins with the head of the
    schedule and ends with what both sides keep. ``start`` are the gauges before any step.
    """

    start: Mapping[str, tuple[Gauge, ...]]
    instants: tuple[Instant, ...]
    skipped: tuple[Label, ...]
    divergence: Divergence | None
    violation: Violation | None
    trace: Trace
    journeys: tuple[Journey, ...]
    enabled: tuple[Label, ...]

    @property
    def taken(self) -> tuple[Label, ...]:
        return tuple(instant.label for instant in self.instants)


def record(
    race: Race[Any, Any],
    variant: str | None,
    faults: Faults,
    labels: Sequence[Label],
    for_ever: Sequence[Label] = (),
) -> Schedule:
    """The schedule of these labels, and of a cycle after them, with the digests of today's code.

    KeyError: a label is not enabled.
    """
    world = race.world(variant, faults)
    decisions, start = decisions_of(world), start_of(world)
    entries = []
    for label in (*labels, *for_ever):
        world.step(label)
        entries.append(Entry(label, digest_of(world)))
    cycle = len(labels) if for_ever else None
    return Schedule(race.id, variant, faults, tuple(entries), cycle, decisions, start)


def replay(
    schedule: Schedule, races: Mapping[str, Race[Any, Any]], lenient: bool = False, to: int | None = None
) -> Replay:
    """Take the steps of a schedule, at most ``to`` of them.

    Strict: ScheduleError if the world is configured otherwise than the head says; stop at the first label that is not
    enabled and at the first state that differs. Lenient: skip what is not enabled, whatever the configuration and the
    states. KeyError names the races or variants there are.
    """
    if schedule.race not in races:
        raise KeyError(f"no race {schedule.race!r}; there are: {', '.join(races)}")
    race = races[schedule.race]
    world = race.world(schedule.variant, schedule.faults)
    if not lenient:
        _same_configuration(schedule, world)
    world.trace.append(Meta(mark="run", data=_head(schedule)))
    playing = _Playing(race, world, schedule)
    skipped: list[Label] = []
    divergence: Divergence | None = None
    for number, entry in enumerate(schedule.entries[:to], start=1):
        enabled = world.enabled()
        if entry.label not in enabled:
            if lenient:
                skipped.append(entry.label)
                continue
            divergence = Divergence(number, entry, None, tuple(enabled))
            break
        playing.take(entry.label)
        state = digest_of(world)
        if not lenient and entry.digest not in (UNKNOWN, state):
            divergence = Divergence(number, entry, state, tuple(world.enabled()))
            break
    for seat, value in playing.dumps.items():
        world.trace.append(Observation(seat=seat, what="state", value=value))
    return Replay(
        playing.start,
        tuple(playing.instants),
        tuple(skipped),
        divergence,
        playing.violation or playing.livelock(len(schedule.entries)),
        world.trace,
        tuple(world.journeys),
        tuple(world.enabled()),
    )


def _same_configuration(schedule: Schedule, world: World) -> None:
    anyway = "replay it leniently to see how far it goes all the same"
    if schedule.decisions not in (UNKNOWN, decisions := decisions_of(world)):
        raise schedule.problem("decisions", f"want {decisions!r}, got {schedule.decisions!r}; {anyway}")
    if schedule.start not in (UNKNOWN, start := start_of(world)):
        raise schedule.problem(
            "start",
            f"want {start}, the state in which {schedule.race} starts now, got {schedule.start}: the inventory, the "
            f"prologue or the story has changed since; {anyway}",
        )


def _head(schedule: Schedule) -> dict[str, Any]:
    head = {"race": schedule.race, "variant": schedule.variant, "faults": schedule.faults.named()}
    return head if schedule.cycle is None else {**head, "cycle": schedule.cycle}


@dataclass(frozen=True, slots=True)
class _Look:
    """A state of the cycle: its digest, what may happen without a fault, and what every side shows."""

    digest: str
    free: tuple[Label, ...]
    shown: Sequence[Any]


class _Playing:
    """A world that is looked at after each step."""

    def __init__(self, race: Race[Any, Any], world: World, schedule: Schedule) -> None:
        self._race, self._world, self._cycle = race, world, schedule.cycle
        self._redactor = Redactor(b"interlock-schedule")  # as the trace's, so that equal secrets have equal marks
        self.instants: list[Instant] = []
        self.dumps = self._dumped()
        self.start = self._gauges()
        self.violation = self._judged()
        self._round = [self._looked()] if self._cycle == 0 else []

    def take(self, label: Label) -> None:
        self._world.step(label)
        before, self.dumps = self.dumps, self._dumped()
        changed = tuple(
            change
            for seat, after in self.dumps.items()
            for change in changes(seat, before[seat], after, self._race.view.rows)
        )
        self.instants.append(Instant(label, changed, self._gauges()))
        self.violation = self.violation or self._judged()
        if self._cycle is not None and len(self.instants) >= self._cycle:
            self._round.append(self._looked())

    def livelock(self, steps: int) -> Violation | None:
        """The rule that the cycle breaks, if all ``steps`` were taken and its end is its beginning: it is fair, since
        what can happen throughout does happen, and all the while somebody waits."""
        if self._cycle is None or len(self.instants) < steps or self._round[0].digest != self._round[-1].digest:
            return None
        labels = tuple(instant.label for instant in self.instants)
        always = set.intersection(*(set(look.free) for look in self._round))
        if not always <= set(labels[self._cycle :]):
            return None
        for rule in self._race.live:
            if all(waits := [rule.open(look.shown) for look in self._round]):
                finding = Finding.failed(want="an end under every fair schedule", got=f"for ever: {waits[0]}")
                return Violation(rule.name, finding, labels[: self._cycle], labels[self._cycle :])
        return None

    def _looked(self) -> _Look:
        free = tuple(label for label in self._world.enabled() if not fault_of(label))
        return _Look(digest_of(self._world), free, self._race.views(self._world))

    def _dumped(self) -> Dumps:
        return {seat: self._redactor.json(self._race.view.dump(tables)) for seat, tables in self._tables()}

    def _gauges(self) -> dict[str, tuple[Gauge, ...]]:
        return {seat: self._race.view.gauges(tables) for seat, tables in self._tables()}

    def _tables(self) -> list[tuple[str, Tables]]:
        return [(seat, tables) for seat, (_, tables) in self._world.cast.items()]

    def _judged(self) -> Violation | None:
        resting = not self._world.enabled() or self._world.at_rest()
        shown = self._race.views(self._world)
        for invariant in self._race.never:
            if (resting or not invariant.at_rest) and (finding := invariant.judge(shown)) is not None:
                return Violation(invariant.name, finding, tuple(instant.label for instant in self.instants))
        return None
