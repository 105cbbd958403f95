"""What may happen now: the one source of choice of a world.

A label is a line of text that says what happens ("deliver csp-b CreateConnection ix1/…"), so that a schedule of labels
survives a change of the code. Time stands still while a message is under way: a timer fires once none is, and before
that only by a fault (``clock-jump``, ``slow-provisioning``). The order of deliveries, and the moment at which a caller
gives up what was lost, are free choices.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from operator import itemgetter

from reference_impl.kernel.party import JOBS, TIMERS, Timer
from simulator import flight, happening
from simulator.exchange import Exchange
from simulator.faults import Faults
from simulator.flight import Flight
from simulator.state import Label, State

Choice = tuple[Label, Callable[[], None]]
"""A label with what does it, to be called while the state is the one that it was made for."""

_by_label = itemgetter(0)


def choices(state: State) -> list[Choice]:
    """Everything that may happen now, in the order of the labels."""
    found: list[Choice] = []
    _steps(state, found)
    _parties(state, found)
    _partitions(state, found)
    _exchanges(state, found)
    found.sort(key=_by_label)
    return found


def _steps(state: State, found: list[Choice]) -> None:
    for step in state.steps:
        if step.seat not in state.down and not any(other.name == step.after for other in state.steps):
            found.append((step.name, partial(happening.take, state, step)))
            if step.optional:
                found.append((f"forgo {step.name}", partial(state.leave, step)))


def _parties(state: State, found: list[Choice]) -> None:
    """What a party does of itself: its timers and jobs, a crash and the restart."""
    timers: list[tuple[str, Timer]] = []
    working = False
    for seat, (_, tables) in state.cast.items():
        if seat in state.down:
            found.append((f"restart {seat}", partial(happening.restart, state, seat)))
            continue
        if state.faults.crash and _has_to_lose(state, seat):
            found.append((f"crash {seat}", partial(happening.crash, state, seat)))
        for job in tables.rows(JOBS):
            working = True
            about = _about(seat, job.kind, job.subject)
            found.append((f"provision {about}", partial(happening.provision, state, seat, job)))
            if state.faults.fail_provisioning:
                found.append((f"fail-provisioning {about}", partial(happening.fail_provisioning, state, seat, job)))
        for timer in tables.rows(TIMERS):
            timers.append((seat, timer))
    if timers:
        _timers(state, timers, working, found)


def _timers(state: State, timers: list[tuple[str, Timer]], working: bool, found: list[Choice]) -> None:
    """A timer fires while nothing that it may be waiting for is under way; earlier only by a fault."""
    if any(exchange.under_way for exchange in state.exchanges):
        fault, budget = "clock-jump", state.faults.clock_jump
    elif working:
        fault, budget = "slow-provisioning", state.faults.slow_provisioning
    else:
        for seat, timer in timers:
            label = f"fire {_about(seat, timer.kind, timer.subject)}"
            found.append((label, partial(happening.fire, state, seat, timer)))
        return
    if budget:
        for seat, timer in timers:
            label = f"{fault} {_about(seat, timer.kind, timer.subject)}"
            found.append((label, partial(happening.fire_early, state, fault, seat, timer)))


def _has_to_lose(state: State, seat: str) -> bool:
    """Without an open call and a held request a crash is a mere delay, and delays are free anyway."""
    return any(
        (each.caller == seat and each.call is not None) or (each.server == seat and each.stage == "held")
        for each in state.exchanges
    )


def _partitions(state: State, found: list[Choice]) -> None:
    """A partition that meets nothing in flight is a mere delay, and delays are free anyway."""
    for pair in state.cut:
        found.append((f"heal {pair[0]} {pair[1]}", partial(happening.heal, state, pair)))
    if state.faults.partition:
        flying = {each.letter.pair for each in state.exchanges if each.flying}
        for pair in sorted(flying - set(state.cut)):
            found.append((f"partition {pair[0]} {pair[1]}", partial(happening.partition, state, pair)))


def _exchanges(state: State, found: list[Choice]) -> None:
    for label, act, exchange in _moves(state.exchanges, state.faults, state.down):
        found.append((label, partial(act, state, exchange)))


Move = tuple[Label, Callable[[State, Exchange], None], Exchange]


@lru_cache(maxsize=1 << 14)
def _moves(exchanges: Flight, faults: Faults, down: tuple[str, ...]) -> list[Move]:
    """What may become of the exchanges: the same in the many states that differ elsewhere.

    Exchanges that are alike are numbered in the order of their slots.
    """
    found: list[Move] = []
    seen: dict[str, int] = {}
    for exchange in exchanges:
        about = exchange.about
        number = seen[about] = seen.get(about, 0) + 1
        if number > 1:
            about = f"{about} #{number}"
        copies = flight.copies(exchanges, exchange)
        if exchange.stage == "sent":
            verbs = _of_a_request(exchange, copies, faults, down)
        elif exchange.stage == "replied":
            verbs = _of_an_answer(exchange, copies, faults)
        else:
            verbs = []
        verbs += _of_a_caller(exchange, copies, faults)
        found += [(f"{verb} {about}", act, exchange) for verb, act in verbs]
    return found


Verbs = list[tuple[str, Callable[[State, Exchange], None]]]


def _of_a_request(sent: Exchange, copies: list[Exchange], faults: Faults, down: tuple[str, ...]) -> Verbs:
    verbs: Verbs = []
    if sent.server not in down:
        verbs.append(("deliver", happening.deliver))
    if sent.call is not None:
        if faults.drop:
            verbs.append(("drop", happening.drop))
        if faults.duplicate and not copies:
            verbs.append(("duplicate", happening.duplicate))
    return verbs


def _of_an_answer(replied: Exchange, copies: list[Exchange], faults: Faults) -> Verbs:
    verbs: Verbs = []
    if not any(other.stage == "sent" for other in copies):  # a copy handled later would be "late"
        verbs.append(("answer", happening.answer))
    if faults.lose_response and replied.call is not None:
        verbs.append(("lose-response", happening.lose_response))
    return verbs


def _of_a_caller(exchange: Exchange, copies: list[Exchange], faults: Faults) -> Verbs:
    """The caller of an open call, of which every other copy is lost, may give up."""
    if exchange.call is None or any(other.stage != "lost" for other in copies):
        return []
    if exchange.stage != "lost":
        return [("late", happening.late)] if faults.late and not copies else []
    first = all(exchange.slot < other.slot for other in copies)
    return [("time-out", happening.time_out)] if first else []


@lru_cache(maxsize=1 << 12)
def _about(seat: str, kind: str, subject: tuple[str, ...]) -> str:
    return f"{seat} {kind} {happening.short(subject)}"
