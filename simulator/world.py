"""A world: a cast of parties, the messages between them, and an adversary who chooses what happens next.

Every source of choice goes through one ``enabled()``. A label is a line of text that says what happens
("deliver csp-b CreateConnection ix1/…"), so that a schedule of labels survives a change of the code. Time stands
still while a message is under way: a timer fires once none is, and before that only by a fault (``clock-jump``). The
order of deliveries, and the moment at which a caller gives up what was lost, are free choices. Handles that only count
(call numbers, exchange slots) are reused as soon as they are free and left out of the fingerprint, because a counter
that only grows would make every state new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import Any

from reference_impl.kernel.party import (
    CALLS,
    JOBS,
    TIMERS,
    Acted,
    Call,
    Ctx,
    Event,
    Job,
    Message,
    NoResponse,
    Party,
    Provisioned,
    Requested,
    Responded,
    Restarted,
    Timer,
    TimerFired,
)
from reference_impl.kernel.tables import Snapshot, Tables, digest
from reports.record import AnyRecord
from reports.trace import Trace
from simulator.exchange import Exchange
from simulator.faults import NO_FAULTS, Faults
from simulator.recording import Recorder

Label = str


@dataclass(frozen=True, slots=True)
class Step:
    """An action that a customer or operator takes at some moment: ``name`` is its label, and unique in its world."""

    name: str
    seat: str
    action: str
    inputs: Mapping[str, Any] = field(default_factory=dict, hash=False)
    after: str = ""
    """The name of a step that has to be taken before; empty: none has to."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A snapshot of a whole world."""

    tables: tuple[Snapshot, ...]
    steps: tuple[Step, ...]
    exchanges: tuple[Exchange, ...]
    faults: Faults
    down: tuple[str, ...]
    crashes: tuple[str, ...]
    cut: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, int], ...]


class World:
    """Parties by seat, their tables, the steps still to be taken, the exchanges in flight and the fault budgets.

    ``operations`` bounds the story: calls of other operations are made but never leave (None: all of them leave).
    ``folded`` are reads of what does not change in this story: they are answered in the step that makes them.
    """

    def __init__(
        self,
        cast: Mapping[str, tuple[Party[Any], Tables]],
        steps: Sequence[Step],
        faults: Faults = NO_FAULTS,
        operations: Collection[str] | None = None,
        folded: Collection[str] = (),
    ) -> None:
        self.cast = dict(cast)
        self.steps = tuple(steps)
        self.exchanges: tuple[Exchange, ...] = ()
        self.faults = faults
        self.down: tuple[str, ...] = ()
        """The seats that crashed and have not restarted."""
        self.crashes: tuple[str, ...] = ()
        """The seat of every crash so far."""
        self.cut: tuple[tuple[str, str], ...] = ()
        """The pairs of seats between which nothing passes."""
        self.operations = operations
        self.folded = folded
        self._given: dict[str, int] = {}
        self._ctx = {seat: Ctx(0, partial(self._fresh, seat)) for seat in cast}
        self._recorder = Recorder()
        self._seen: Recorder | None = None

    # --- choice -----------------------------------------------------------------------------------------------

    def enabled(self) -> list[Label]:
        """Everything that may happen now, in a fixed order."""
        return [label for label, _ in self._choices()]

    def _choices(self) -> list[tuple[Label, Callable[[], None]]]:
        """Labels with what they do. Exchanges that are alike are numbered in the order of their slots."""
        choices: list[tuple[Label, Callable[[], None]]] = []
        under_way = any(exchange.under_way for exchange in self.exchanges)
        working = any(tables.rows(JOBS) for seat, (_, tables) in self.cast.items() if seat not in self.down)
        for step in self.steps:
            if step.seat not in self.down and not any(other.name == step.after for other in self.steps):
                choices.append((step.name, partial(self._take, step)))
        for seat, (_, tables) in self.cast.items():
            if seat in self.down:
                choices.append((f"restart {seat}", partial(self._restart, seat)))
                continue
            if self.faults.crash and self._has_to_lose(seat):
                choices.append((f"crash {seat}", partial(self._crash, seat)))
            for timer in tables.rows(TIMERS):
                about = f"{seat} {timer.kind} {_short(timer.subject)}"
                if under_way:
                    if self.faults.clock_jump:
                        choices.append((f"clock-jump {about}", partial(self._early, "clock-jump", seat, timer)))
                elif working:
                    if self.faults.slow_provisioning:
                        early = partial(self._early, "slow-provisioning", seat, timer)
                        choices.append((f"slow-provisioning {about}", early))
                else:
                    choices.append((f"fire {about}", partial(self._fire, seat, timer)))
            for job in tables.rows(JOBS):
                about = f"{seat} {job.kind} {_short(job.subject)}"
                choices.append((f"provision {about}", partial(self._provision, seat, job)))
                if self.faults.fail_provisioning:
                    choices.append((f"fail-provisioning {about}", partial(self._fail, seat, job)))
        choices += self._partitions()
        seen: dict[str, int] = {}
        for exchange in self.exchanges:
            about = exchange.about()
            seen[about] = seen.get(about, 0) + 1
            number = f" #{seen[about]}" if seen[about] > 1 else ""
            for verb, act in self._moves(exchange):
                choices.append((f"{verb} {about}{number}", partial(act, exchange)))
        return sorted(choices, key=itemgetter(0))

    def _partitions(self) -> list[tuple[str, Callable[[], None]]]:
        """A partition that meets nothing in flight is a mere delay, and delays are free anyway."""
        choices: list[tuple[str, Callable[[], None]]] = [
            (f"heal {pair[0]} {pair[1]}", partial(self._heal, pair)) for pair in self.cut
        ]
        if self.faults.partition:
            flying = {_pair(each) for each in self.exchanges if each.stage in ("sent", "replied")}
            choices += [
                (f"partition {pair[0]} {pair[1]}", partial(self._partition, pair))
                for pair in sorted(flying - set(self.cut))
            ]
        return choices

    def _moves(self, exchange: Exchange) -> list[tuple[str, Callable[[Exchange], None]]]:
        siblings = [
            other
            for other in self.exchanges
            if other.caller == exchange.caller and other.call == exchange.call is not None and other != exchange
        ]
        moves: list[tuple[str, Callable[[Exchange], None]]] = []
        if exchange.stage == "sent":
            if exchange.server not in self.down:
                moves.append(("deliver", self._deliver))
            if exchange.call is not None:
                if self.faults.drop:
                    moves.append(("drop", self._drop))
                if self.faults.duplicate and not siblings:
                    moves.append(("duplicate", self._duplicate))
        elif exchange.stage == "replied":
            if not any(other.stage == "sent" for other in siblings):  # a copy handled later would be "late"
                moves.append(("answer", self._answer))
            if self.faults.lose_response and exchange.call is not None:
                moves.append(("lose-response", self._lose_response))
        if exchange.call is not None and all(other.stage == "lost" for other in siblings):
            if exchange.stage == "lost":
                if not siblings or exchange.slot < min(other.slot for other in siblings):
                    moves.append(("time-out", self._time_out))
            elif self.faults.late and not siblings:
                moves.append(("late", self._late))
        return moves

    def step(self, label: Label) -> list[AnyRecord]:
        """Let one enabled thing happen; returns what was seen of it. KeyError names a label that is not enabled."""
        chosen = next((act for name, act in self._choices() if name == label), None)
        if chosen is None:
            raise KeyError(f"{label!r} is not enabled; enabled are {self.enabled()}")
        before = len(self._recorder.trace)
        self._seen = self._recorder
        chosen()
        self._seen = None
        return self._recorder.trace[before:]

    @property
    def trace(self) -> Trace:
        """What was seen of all steps taken by ``step``."""
        return self._recorder.trace

    def successors(self) -> list[tuple[Label, Callable[[], None]]]:
        """The choices with what they do, for an explorer that restores a snapshot before each."""
        return self._choices()

    # --- what happens -----------------------------------------------------------------------------------------

    def _take(self, step: Step) -> None:
        self.steps = tuple(other for other in self.steps if other is not step)
        if self._seen:
            self._seen.action(step.seat, step.action, step.inputs)
        self._handle(step.seat, Acted("customer", step.action, step.inputs))

    def _provision(self, seat: str, job: Job) -> None:
        self._handle(seat, Provisioned(job.kind, job.subject))

    def _fail(self, seat: str, job: Job) -> None:
        self._spend("fail-provisioning", seat, f"{job.kind} {_short(job.subject)}")
        self._handle(seat, Provisioned(job.kind, job.subject, done=False))

    def _fire(self, seat: str, timer: Timer) -> None:
        self._handle(seat, TimerFired(timer.kind, timer.subject))

    def _early(self, fault: str, seat: str, timer: Timer) -> None:
        """The timer is quicker than a message that is under way, or than the equipment."""
        self._spend(fault, seat, f"{timer.kind} {_short(timer.subject)}")
        self._fire(seat, timer)

    def _partition(self, pair: tuple[str, str]) -> None:
        self._spend("partition", pair[0], pair[1])
        self.cut = tuple(sorted((*self.cut, pair)))
        for exchange in self.exchanges:
            if _pair(exchange) == pair and exchange.stage in ("sent", "replied"):
                self._vanish(exchange, "partition")

    def _heal(self, pair: tuple[str, str]) -> None:
        self.cut = tuple(other for other in self.cut if other != pair)

    def _vanish(self, exchange: Exchange, why: str) -> None:
        """Nothing of it is in flight any more; its caller, if it still waits, does not know."""
        if self._seen:
            self._seen.lost(exchange, "request" if exchange.stage == "sent" else "response", why)
        self._put(replace(exchange, stage="lost"))

    def _has_to_lose(self, seat: str) -> bool:
        """Without an open call and a held request a crash is a mere delay, and delays are free anyway."""
        return any(
            (each.caller == seat and each.call is not None) or (each.server == seat and each.stage == "held")
            for each in self.exchanges
        )

    def _crash(self, seat: str) -> None:
        """What is in the tables stays. Whoever waits for an answer that the party held will not get it."""
        self._spend("crash", seat, "")
        self.down = (*self.down, seat)
        self.crashes = (*self.crashes, seat)
        for exchange in self.exchanges:
            if exchange.server == seat and exchange.stage == "held":
                self._put(replace(exchange, stage="lost"))
            elif exchange.caller == seat and exchange.call is not None:
                self._orphan(exchange)

    def _restart(self, seat: str) -> None:
        """As a Node does: the fate of every call that had been sent is open (architecture, one event for all three)."""
        self.down = tuple(other for other in self.down if other != seat)
        _, tables = self.cast[seat]
        self._handle(seat, Restarted())
        for call in tables.rows(CALLS):
            if call in tables.rows(CALLS):  # else the fate of an earlier one has changed that
                self._handle(seat, NoResponse(call.id))

    def _deliver(self, exchange: Exchange) -> None:
        self._put(replace(exchange, stage="held"))
        request = Requested(
            self._open(exchange),
            exchange.caller,
            exchange.operation,
            dict(exchange.path),
            dict(exchange.query),
            exchange.body,
            exchange.credential or None,
        )
        self._handle(exchange.server, request)

    def _answer(self, exchange: Exchange) -> None:
        if self._seen:
            self._seen.response(exchange)
        self._remove(exchange)
        if exchange.call is not None:
            self._orphan(exchange)
            body = exchange.answer if 200 <= exchange.status < 300 else None
            self._handle(exchange.caller, Responded(exchange.call, exchange.status, body))

    def _drop(self, exchange: Exchange) -> None:
        self._fault("drop", exchange)
        self._vanish(exchange, "drop")

    def _lose_response(self, exchange: Exchange) -> None:
        self._fault("lose-response", exchange)
        self._vanish(exchange, "lose-response")

    def _duplicate(self, exchange: Exchange) -> None:
        self._fault("duplicate", exchange)
        copy = replace(exchange, slot=self._free_slot())
        self.exchanges = (*self.exchanges, copy)
        if self._seen:
            self._seen.request(copy, self.cast[exchange.caller][0].operations[exchange.operation], exchange)

    def _late(self, exchange: Exchange) -> None:
        """The caller gives up although its request, or the answer, is still on its way."""
        self._fault("late", exchange)
        self._no_response(exchange)

    def _time_out(self, exchange: Exchange) -> None:
        self._no_response(exchange)

    def _no_response(self, exchange: Exchange) -> None:
        assert exchange.call is not None
        if self._seen:
            self._seen.lost(exchange, "unknown", "time-out")
        self._orphan(exchange)
        self._handle(exchange.caller, NoResponse(exchange.call))

    def _handle(self, seat: str, event: Event) -> None:
        party, tables = self.cast[seat]
        with tables.begin() as tx:
            replies = party.handle(tx, event, self._ctx[seat])
            due = [call for call in tx.rows(CALLS) if not call.sent]
            for call in due:
                tx.put(CALLS, replace(call, sent=True))
        for reply in replies:
            if reply.to == "customer":
                self._outcome(seat, event, reply.status, reply.body)
                continue
            held = next((each for each in self.exchanges if self._open(each) == reply.to), None)
            if held is not None:
                answered = replace(held, stage="replied", status=reply.status, answer=reply.body)
                self._put(answered)
                if answered.call is not None and _pair(answered) in self.cut:
                    self._vanish(answered, "partition")
        for call in sorted(due, key=lambda call: call.operation in self.folded):
            if call.operation in self.folded:
                if replace(call, sent=True) in tables.rows(CALLS):  # else the answer to another has ended it
                    self._fold(self._send(seat, call))
            elif self.operations is None or call.operation in self.operations:
                self._send(seat, call)

    def _outcome(self, seat: str, event: Event, status: int, body: Message | None) -> None:
        if self._seen and isinstance(event, Acted):
            self._seen.outcome(seat, event.action, status, body.to_json() if body else {})

    def _fold(self, exchange: Exchange) -> None:
        if exchange.server in self.down or _pair(exchange) in self.cut:
            return
        self._deliver(exchange)
        replied = next(each for each in self.exchanges if each.slot == exchange.slot)
        if replied.stage == "replied":
            self._answer(replied)

    def _send(self, seat: str, call: Call) -> Exchange:
        exchange = Exchange(
            self._free_slot(),
            seat,
            call.peer,
            call.id,
            call.operation,
            call.path,
            call.query,
            call.body,
            credential=call.credential,
        )
        self.exchanges = (*self.exchanges, exchange)
        if self._seen:
            self._seen.request(exchange, self.cast[seat][0].operations[call.operation])
        if _pair(exchange) in self.cut:
            self._vanish(exchange, "partition")
        return exchange

    def _fresh(self, seat: str, kind: str) -> str:
        """An id that nobody has had in this world. How many were given is left out of the fingerprint: states that
        differ in nothing else go on alike."""
        number = self._given[f"{seat} {kind}"] = self._given.get(f"{seat} {kind}", 0) + 1
        if kind == "uuid":
            return f"{list(self.cast).index(seat) + 1:08}-0000-4000-8000-{number:012}"
        return f"{kind}-{seat}-{number}"

    # --- bookkeeping ------------------------------------------------------------------------------------------

    def _free_slot(self) -> int:
        taken = {exchange.slot for exchange in self.exchanges}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def _open(self, exchange: Exchange) -> str:
        """The handle of a request at its server; a crash makes those that were open mean nobody."""
        return f"x{exchange.slot}" + "'" * self.crashes.count(exchange.server)

    def _put(self, exchange: Exchange) -> None:
        if exchange.call is None and exchange.stage in ("replied", "lost"):
            return self._remove(exchange)  # nobody waits for it
        self.exchanges = tuple(exchange if other.slot == exchange.slot else other for other in self.exchanges)
        return None

    def _remove(self, exchange: Exchange) -> None:
        self.exchanges = tuple(other for other in self.exchanges if other.slot != exchange.slot)

    def _orphan(self, exchange: Exchange) -> None:
        """The call has ended for its caller: its copies go on, but their answers interest nobody."""
        self.exchanges = tuple(
            replace(other, call=None) if (other.caller, other.call) == (exchange.caller, exchange.call) else other
            for other in self.exchanges
            if (other.caller, other.call) != (exchange.caller, exchange.call) or other.stage in ("sent", "held")
        )

    def _fault(self, name: str, exchange: Exchange) -> None:
        self._spend(name, exchange.caller, exchange.about(), exchange)

    def _spend(self, name: str, seat: str, note: str, exchange: Exchange | None = None) -> None:
        self.faults = self.faults.less(name.replace("-", "_"))
        if self._seen:
            self._seen.fault(name, seat, note, exchange)

    # --- the whole state --------------------------------------------------------------------------------------

    def at_rest(self) -> bool:
        """Nothing to be done, nothing in flight, no timer armed, no job running."""
        return (
            not self.steps
            and not self.exchanges
            and not self.down
            and not self.cut
            and not any(tables.rows(TIMERS) or tables.rows(JOBS) for _, tables in self.cast.values())
        )

    def snapshot(self) -> Moment:
        return Moment(
            tuple(tables.snapshot() for _, tables in self.cast.values()),
            self.steps,
            self.exchanges,
            self.faults,
            self.down,
            self.crashes,
            self.cut,
            tuple(self._given.items()),
        )

    def restore(self, moment: Moment) -> None:
        for (_, tables), snapshot in zip(self.cast.values(), moment.tables, strict=True):
            tables.restore(snapshot)
        self.steps, self.exchanges, self.faults = moment.steps, moment.exchanges, moment.faults
        self.down, self.crashes = moment.down, moment.crashes
        self.cut, self._given = moment.cut, dict(moment.given)

    def fingerprint(self) -> int:
        """Equal for equal states: the tables, what is in flight, what is still to come, what may still go wrong."""
        mixed = digest((tuple([step.name for step in self.steps]), self.faults, self.down, self.cut))
        mixed += sum(exchange.digest() for exchange in self.exchanges)
        for _, tables in self.cast.values():
            mixed = mixed * 1_000_003 + tables.fingerprint()
        return mixed % (1 << 128)


def _pair(exchange: Exchange) -> tuple[str, str]:
    first, second = sorted((exchange.caller, exchange.server))
    return first, second


def _short(subject: tuple[str, ...]) -> str:
    return "/".join(part[-12:] for part in subject[2:])
