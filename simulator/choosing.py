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

from reference_impl.kernel.party import JOBS, TIMERS
from simulator import flight, happening
from simulator.exchange import Exchange
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
    there = [(seat, tables) for seat, (_, tables) in state.cast.items() if seat not in state.down]
    found += [(f"restart {seat}", partial(happening.restart, state, seat)) for seat in state.down]
    jobs = [(seat, job) for seat, tables in there for job in tables.rows(JOBS)]
    timers = [(seat, timer) for seat, tables in there for timer in tables.rows(TIMERS)]
    for seat, job in jobs:
        about = _about(seat, job.kind, job.subject)
        found.append((f"provision {about}", partial(happening.provision, state, seat, job)))
        if state.faults.fail_provisioning:
            found.append((f"fail-provisioning {about}", partial(happening.fail_provisioning, state, seat, job)))
    if timers:
        fault = _what_timers_wait_for(state, working=bool(jobs))
        for seat, timer in timers:
            about = _about(seat, timer.kind, timer.subject)
            if fault is None:
                found.append((f"fire {about}", partial(happening.fire, state, seat, timer)))
            elif getattr(state.faults, fault.replace("-", "_")):
                found.append((f"{fault} {about}", partial(happening.fire_early, state, fault, seat, timer)))
    if state.faults.crash:
        crashing = [seat for seat, _ in there if _has_to_lose(state, seat)]
        found += [(f"crash {seat}", partial(happening.crash, state, seat)) for seat in crashing]


def _what_timers_wait_for(state: State, working: bool) -> str | None:
    """The fault by which a timer can be quicker; None: it waits for nothing."""
    if any(exchange.under_way for exchange in state.exchanges):
        return "clock-jump"
    return "slow-provisioning" if working else None


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
    """Exchanges that are alike are numbered in the order of their slots."""
    seen: dict[str, int] = {}
    for exchange in state.exchanges:
        about = exchange.about
        number = seen[about] = seen.get(about, 0) + 1
        if number > 1:
            about = f"{about} #{number}"
        copies = flight.copies(state.exchanges, exchange)
        if exchange.stage == "sent":
            _of_a_request(state, exchange, copies, about, found)
        elif exchange.stage == "replied":
            _of_an_answer(state, exchange, copies, about, found)
        if exchange.call is not None and all(other.stage == "lost" for other in copies):
            _of_a_caller(state, exchange, copies, about, found)


def _of_a_request(state: State, sent: Exchange, copies: list[Exchange], about: str, found: list[Choice]) -> None:
    if sent.server not in state.down:
        found.append((f"deliver {about}", partial(happening.deliver, state, sent)))
    if sent.call is not None:
        if state.faults.drop:
            found.append((f"drop {about}", partial(happening.drop, state, sent)))
        if state.faults.duplicate and not copies:
            found.append((f"duplicate {about}", partial(happening.duplicate, state, sent)))


def _of_an_answer(state: State, replied: Exchange, copies: list[Exchange], about: str, found: list[Choice]) -> None:
    if not any(other.stage == "sent" for other in copies):  # a copy handled later would be "late"
        found.append((f"answer {about}", partial(happening.answer, state, replied)))
    if state.faults.lose_response and replied.call is not None:
        found.append((f"lose-response {about}", partial(happening.lose_response, state, replied)))


def _of_a_caller(state: State, exchange: Exchange, copies: list[Exchange], about: str, found: list[Choice]) -> None:
    """The caller of an open call, of which every other copy is lost, may give up."""
    if exchange.stage == "lost":
        if all(exchange.slot < other.slot for other in copies):
            found.append((f"time-out {about}", partial(happening.time_out, state, exchange)))
    elif state.faults.late and not copies:
        found.append((f"late {about}", partial(happening.late, state, exchange)))


@lru_cache(maxsize=1 << 12)
def _about(seat: str, kind: str, subject: tuple[str, ...]) -> str:
    return f"{seat} {kind} {happening.short(subject)}"
