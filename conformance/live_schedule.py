"""A schedule of the simulator against the real thing: our side and the wire do what it says, step by step.

The target takes one seat of the race, a reference party of ours the other. Both begin where the race begins: with the
named inventory that fits, and after the same actions of customers. Then each label is brought about: customers act,
messages are held until it is their turn, lost, doubled, or given up. Equipment and timers go by themselves. At the end
everything goes on, and the invariants of the race judge what both sides show at rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance import recording
from conformance.cast import CASTS
from conformance.leading import Letter, Move, Post, moves
from conformance.live_stage import LiveStage
from conformance.northbound import Lacks, Northbound, NorthboundError
from conformance.observed_views import provider_view_of
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.portal import Portal
from conformance.prologue import OTHER
from conformance.session import Result, Session
from conformance.target import Target
from reference_impl.connection_coordinator.inventory_records import INTERCONNECTS
from reference_impl.kernel.party import Acted
from reports.record import Fault, Meta
from reports.redact import Redactor
from reports.trace import Trace
from simulator.inventories import PLANS, inventories
from simulator.race import Cast, Race
from simulator.schedule import Schedule
from simulator.world import Step

LIMIT = 30_000
"""Milliseconds of the run's clock that one step may take to become possible."""
BY_THEMSELVES = ("provision", "fire", "clock-jump", "slow-provisioning", "forgo")
"""What the parties do when they want: no label of this kind is brought about."""


class NotPlayable(ValueError):
    """The schedule cannot be played against this target; says why."""


@dataclass(frozen=True, slots=True)
class Done:
    """An action of the race's prologue, as it ended in the simulator."""

    seat: str
    action: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(slots=True)
class Played:
    """What came of it: ``passed``, ``failed`` (an invariant, named), ``diverged`` (from this step on) or ``untested``."""

    race: str
    seat: str
    verdict: str
    steps: int
    of: int
    told: str = ""
    invariant: str | None = None


class _Noting:
    """A party whose customers' actions are noted."""

    def __init__(self, party: Any, seat: str, done: list[Done]) -> None:
        self._party, self._seat, self._done = party, seat, done

    def handle(self, tx: Any, event: Any, ctx: Any) -> Any:
        replies = self._party.handle(tx, event, ctx)
        if isinstance(event, Acted):
            shown: dict[str, Any] = next((each.body.to_json() for each in replies if each.body is not None), {})
            outputs = {name: str(value) for name, value in shown.get("outputs", {}).items() if isinstance(value, str)}
            self._done.append(Done(self._seat, event.action, dict(event.inputs), outputs))
        return replies

    def __getattr__(self, name: str) -> Any:
        return getattr(self._party, name)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a race begins: the named inventory, what customers did, and what they may do in the schedule."""

    inventory: str
    done: tuple[Done, ...]
    steps: Mapping[str, Step]


def start_of(race: Race[Any, Any]) -> Start:
    """NotPlayable: no named inventory has the interconnects of the race."""
    cast = race.cast(race.decisions)
    inventory = _inventory(race, cast)
    done: list[Done] = []
    noting: Cast = {seat: (_Noting(party, seat, done), tables) for seat, (party, tables) in cast.items()}  # type: ignore[misc] # it has all that a party has
    steps = race.prepare(noting)
    return Start(inventory, tuple(done), {step.name: step for step in steps})


def _inventory(race: Race[Any, Any], cast: Cast) -> str:
    wanted = _rooms(cast["csp-a"][1].rows(INTERCONNECTS)) if "csp-a" in cast else None
    found = [name for name in PLANS if _rooms(inventories(name)["csp-a"].interconnects) == wanted]
    if not found:
        raise NotPlayable(f"{race.id}: want a race between two providers with a named inventory, got another one")
    return found[0]


def _rooms(rows: Sequence[Any]) -> set[tuple[str, str, str, int]]:
    return {(row.peer, row.environment, row.id, row.max_mbps) for row in rows}


def play(
    race: Race[Any, Any],
    schedule: Schedule,
    target: Target,
    seat: str,
    northbound: Northbound,
    trace: Trace,
    redactor: Redactor,
) -> Played:
    """Play a schedule with the target in ``seat``. NotPlayable; OSError where we cannot listen."""
    cast = CASTS[target.protocol]
    start = start_of(race)
    stage = LiveStage(cast, target, seat, northbound, trace, redactor)
    recording.begin(trace, target.protocol, [seat], f"{race.id} against {target.name} in {seat}")
    trace.now = stage.clock.now
    portal = Portal()
    result = Played(race.id, seat, "passed", 0, len(schedule.labels))
    try:
        portal.call(stage.open())
        session = Session(stage, portal, seat)
        portal.call(stage.reset(start.inventory))
        same = _prologue(session, start.done)
        _Leader(session, stage, race, start, schedule, same, result).lead()
        _judge(session, race, result)
    except (Untested, Lacks) as lack:
        result.verdict, result.told = "untested", str(lack)
    except (Unprepared, NorthboundError) as trouble:
        result.verdict, result.told = "diverged", str(trouble)
    finally:
        portal.call(stage.close())
        portal.close()
    recording.end(trace)
    return result


def _prologue(session: Session, done: Sequence[Done]) -> dict[str, str]:
    """Do what was done; gives the texts of the simulator with what stands for them here."""
    same: dict[str, str] = {}
    for each in done:
        result = session.finish(_act(session, each.seat, each.action, each.inputs, same))
        if result.result != "ok":
            raise Unprepared(f"{each.seat}: {each.action}: {result.answered.reason or result.result}")
        for name, value in each.outputs.items():
            if isinstance(result.outputs.get(name), str):
                same[value] = str(result.outputs[name])
    if done:
        session.settle()
    return same


def _act(session: Session, seat: str, action: str, inputs: Mapping[str, Any], same: Mapping[str, str]) -> Result:
    named = {name: same.get(value, value) if isinstance(value, str) else value for name, value in inputs.items()}
    if action == "offer":
        named.setdefault("peer", OTHER[seat])
    return session.act(seat, action, **named)


@dataclass(slots=True)
class _Leader:
    """Brings the labels about, in their order."""

    session: Session
    stage: LiveStage
    race: Race[Any, Any]
    start: Start
    schedule: Schedule
    same: dict[str, str]
    result: Played
    running: list[Result] = field(default_factory=list)

    def lead(self) -> None:
        labels = self.schedule.labels
        found = moves(labels, list(self.stage.operations))
        expected = {(move.sender, move.operation) for move in found if move is not None}
        known = {old[-12:]: new[-12:] for old, new in self.same.items()}
        post = Post(dict(self.stage.operations), expected, same=known)
        for interception in post.interceptions():
            self.stage.wire.intercept(interception)
        for number, (label, move) in enumerate(zip(labels, found, strict=True)):
            self.stage.wire.trace.append(Meta(mark="step", data={"label": label}))
            ahead = {(each.sender, each.operation) for each in found[number:] if each is not None}
            if not self._take(label, move, post):
                self.result.verdict = "diverged"
                self.result.told = self._otherwise(number, label, post)
                break
            self.result.steps = number + 1
            post.expected &= ahead
        self._in_loop(post.open)
        for asked in self.running:
            self.session.finish(asked)
        self.session.settle()

    def _take(self, label: str, move: Move | None, post: Post) -> bool:
        verb, _, about = label.partition(" ")
        if label in self.start.steps:
            step = self.start.steps[label]
            self.running.append(_act(self.session, step.seat, step.action, step.inputs, self.same))
            return True
        if move is not None:
            return self.session.portal.call(self._move(move, post))
        if verb == "restart":
            self.session.restart(about)
        elif verb in ("partition", "heal"):
            self._in_loop(lambda: post.partition(verb == "partition"))
        elif verb not in (*BY_THEMSELVES, "crash"):
            raise NotPlayable(
                f"{label}: want a label of a message, a customer, a partition or a crash, got another one"
            )
        return True

    async def _move(self, move: Move, post: Post) -> bool:
        if not await self.stage.run(lambda: post.find(move) is not None, LIMIT):
            return False
        letter = post.find(move)
        assert letter is not None
        if move.verb in ("answer", "lose-response"):
            delivery = letter.delivery
            assert delivery is not None
            if not await self.stage.run(delivery.done, LIMIT):
                return False
        self._do(move.verb, letter, post)
        await asyncio.sleep(0)
        return True

    def _do(self, verb: str, letter: Letter, post: Post) -> None:
        if verb not in ("deliver", "answer"):
            note = f"{letter.sender} {letter.operation}"
            self.stage.wire.trace.append(Fault(fault=verb, seat=letter.sender, note=note))
        match verb:
            case "deliver":
                post.deliver(letter)
            case "answer":
                post.answer(letter)
            case "drop" | "lose-response":
                letter.lost = True
            case "duplicate":
                post.copy(letter)
            case _:
                post.give_up(letter)

    def _otherwise(self, number: int, label: str, post: Post) -> str:
        open_ = [f"{each.sender} {each.operation} {'/'.join(each.ids)}".rstrip() for each in post.letters if each.waits]
        return f"step {number + 1}, {label}: did not come about; under way: {'; '.join(open_) or 'nothing'}"

    def _in_loop(self, work: Any) -> None:
        async def do() -> None:
            work()

        self.session.portal.call(do())


def _judge(session: Session, race: Race[Any, Any], result: Played) -> None:
    """The invariants of the race over what both sides show now."""
    seats = list(race.cast(race.decisions))
    views = [provider_view_of(seat, session.observe(seat).value) for seat in seats]
    for invariant in race.never:
        broken = invariant.judge(views)
        if broken is not None:
            result.verdict, result.invariant = "failed", invariant.name
            result.told = f"want {broken.want}; got {broken.got}"
            return
