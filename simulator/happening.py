"""What happens: one event that a party handles, or one stroke of the adversary, each a function of a state.

Every event is handled in one transaction; what it puts into the outbox leaves at once and is from then on in flight.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from reference_impl.kernel.party import (
    CALLS,
    JOBS,
    Acted,
    Call,
    Event,
    Job,
    NoResponse,
    Provisioned,
    Reply,
    Responded,
    Restarted,
    Timer,
    TimerFired,
)
from simulator import flight
from simulator.exchange import Exchange, Pair, arriving, leaving
from simulator.memory import Deed
from simulator.state import State, Step


def take(state: State, step: Step) -> None:
    """A customer or operator acts."""
    state.steps = tuple(other for other in state.steps if other is not step)
    if state.watcher:
        state.watcher.action(step.seat, step.action, step.inputs)
    _handle(state, step.seat, Acted("customer", step.action, step.inputs), step)


# --- equipment and clocks -------------------------------------------------------------------------------------------


def provision(state: State, seat: str, job: Job) -> None:
    """The equipment has done its job."""
    _handle(state, seat, Provisioned(job.kind, job.subject))


def fail_provisioning(state: State, seat: str, job: Job) -> None:
    _spend(state, "fail-provisioning", seat, f"{job.kind} {short(job.subject)}")
    _handle(state, seat, Provisioned(job.kind, job.subject, done=False))


def fire(state: State, seat: str, timer: Timer) -> None:
    _handle(state, seat, TimerFired(timer.kind, timer.subject))


def fire_early(state: State, fault: str, seat: str, timer: Timer) -> None:
    """The timer is quicker than a message that is under way, or than the equipment."""
    _spend(state, fault, seat, f"{timer.kind} {short(timer.subject)}")
    fire(state, seat, timer)


# --- messages -------------------------------------------------------------------------------------------------------


def deliver(state: State, exchange: Exchange) -> None:
    """The request reaches its server, which answers now or holds it."""
    if state.watcher:
        state.watcher.delivered(exchange)
    state.exchanges = flight.put(state.exchanges, exchange.at("held"))
    handle = state.handle_of(exchange)
    _handle(state, exchange.server, arriving(exchange, handle), (exchange.letter.digest, handle))


def answer(state: State, exchange: Exchange) -> None:
    """The answer reaches its caller."""
    if state.watcher:
        state.watcher.response(exchange)
    state.exchanges = flight.without(state.exchanges, exchange)
    if exchange.call is not None:
        state.exchanges = flight.ended(state.exchanges, exchange.caller, exchange.call)
        body = exchange.answer if 200 <= exchange.status < 300 else None
        _handle(state, exchange.caller, Responded(exchange.call, exchange.status, body), exchange)


def drop(state: State, exchange: Exchange) -> None:
    _fault(state, "drop", exchange)
    _vanish(state, exchange, "drop")


def lose_response(state: State, exchange: Exchange) -> None:
    _fault(state, "lose-response", exchange)
    _vanish(state, exchange, "lose-response")


def duplicate(state: State, exchange: Exchange) -> None:
    _fault(state, "duplicate", exchange)
    copy = exchange.copy(flight.free_slot(state.exchanges))
    state.exchanges = (*state.exchanges, copy)
    if state.watcher:
        state.watcher.request(copy, state.cast[copy.caller][0].operations[copy.operation], exchange)


def late(state: State, exchange: Exchange) -> None:
    """The caller gives up although its request, or the answer, is still on its way."""
    _fault(state, "late", exchange)
    time_out(state, exchange)


def time_out(state: State, exchange: Exchange) -> None:
    """The caller gives up."""
    assert exchange.call is not None, "nobody waits for this exchange any more"
    if state.watcher:
        state.watcher.lost(exchange, "unknown", "time-out")
    state.exchanges = flight.ended(state.exchanges, exchange.caller, exchange.call)
    _handle(state, exchange.caller, NoResponse(exchange.call))


def _vanish(state: State, exchange: Exchange, why: str) -> None:
    """Nothing of it is in flight any more; its caller, if it still waits, does not know."""
    if state.watcher:
        state.watcher.lost(exchange, "request" if exchange.stage == "sent" else "response", why)
    state.exchanges = flight.put(state.exchanges, exchange.at("lost"))


# --- networks and hosts ---------------------------------------------------------------------------------------------


def partition(state: State, pair: Pair) -> None:
    _spend(state, "partition", pair[0], pair[1])
    state.cut = tuple(sorted((*state.cut, pair)))
    for exchange in state.exchanges:
        if exchange.flying and exchange.letter.pair == pair:
            _vanish(state, exchange, "partition")


def heal(state: State, pair: Pair) -> None:
    state.cut = tuple(other for other in state.cut if other != pair)


def crash(state: State, seat: str) -> None:
    """What is in the tables stays. Whoever waits for an answer that the party held will not get it."""
    _spend(state, "crash", seat, "")
    state.down = (*state.down, seat)
    state.crashes = (*state.crashes, seat)
    for exchange in state.exchanges:
        if exchange.server == seat and exchange.stage == "held":
            state.exchanges = flight.put(state.exchanges, exchange.at("lost"))
        elif exchange.caller == seat and exchange.call is not None:
            state.exchanges = flight.ended(state.exchanges, seat, exchange.call)


def restart(state: State, seat: str) -> None:
    """As a Node does: the fate of every call that had been sent is open (architecture, one event for all three)."""
    state.down = tuple(other for other in state.down if other != seat)
    _, tables = state.cast[seat]
    _handle(state, seat, Restarted())
    for call in tables.rows(CALLS):
        if call in tables.rows(CALLS):  # else the fate of an earlier one has changed that
            _handle(state, seat, NoResponse(call.id))


# --- a party's turn -------------------------------------------------------------------------------------------------


def _handle(state: State, seat: str, event: Event, about: Hashable = None) -> None:
    """One event in one transaction; its replies and calls leave.

    ``about`` is something small that tells this event from all others, where the event itself does not.
    """
    party, tables = state.cast[seat]
    key = (id(party), tables.snapshot(), state.given[seat], event if about is None else about)
    deed = state.deeds.recall(key, partial(_deed, state, seat, event))
    tables.restore(deed.after)
    if deed.given != state.given[seat]:
        state.given = {**state.given, seat: deed.given}
    for reply in deed.replies:
        _reply(state, seat, event, reply)
    reads = []
    for call in deed.calls:
        if call.operation in state.folded:
            reads.append(call)
        elif state.operations is None or call.operation in state.operations:
            _send(state, seat, call)
    for call in reads:
        if call in tables.rows(CALLS):  # else the answer to an earlier one has ended it
            _fold(state, _send(state, seat, call))
    if state.folded:
        for job in tables.rows(JOBS):
            if job.kind in state.folded:
                _handle(state, seat, Provisioned(job.kind, job.subject))


def _deed(state: State, seat: str, event: Event) -> Deed:
    """What the party does, worked out."""
    party, tables = state.cast[seat]
    tables.fingerprint()
    with tables.begin() as tx:
        replies = party.handle(tx, event, state.contexts[seat])
        calls = [tx.put(CALLS, call.leaving()) for call in tx.rows(CALLS) if not call.sent]
    return Deed(party, state.snapshots[seat].first(tables.snapshot()), state.given[seat], replies, tuple(calls))


def _reply(state: State, seat: str, event: Event, reply: Reply) -> None:
    """An answer leaves, to whoever still waits for it."""
    if reply.to == "customer":
        if state.watcher and isinstance(event, Acted):
            state.watcher.outcome(seat, event.action, reply.status, reply.body.to_json() if reply.body else {})
        return
    for held in state.exchanges:
        if held.stage == "held" and state.handle_of(held) == reply.to:
            break
    else:
        return  # nobody waits for it any more
    replied = held.replied(reply.status, reply.body)
    if state.watcher:
        state.watcher.replied(replied)
    state.exchanges = flight.put(state.exchanges, replied)
    if replied.call is not None and replied.letter.pair in state.cut:
        _vanish(state, replied, "partition")


def _send(state: State, seat: str, call: Call) -> Exchange:
    """A call leaves; a partition swallows it."""
    sent = leaving(seat, call, flight.free_slot(state.exchanges))
    state.exchanges = (*state.exchanges, sent)
    if state.watcher:
        state.watcher.request(sent, state.cast[seat][0].operations[call.operation])
    if sent.letter.pair in state.cut:
        _vanish(state, sent, "partition")
    return sent


def _fold(state: State, exchange: Exchange) -> None:
    """A read and its answer in one; where the server is not there, or holds the answer, it goes on like any other."""
    if exchange.server in state.down or exchange.letter.pair in state.cut:
        return
    deliver(state, exchange)
    replied = next((each for each in state.exchanges if each.slot == exchange.slot), None)
    if replied is not None and replied.stage == "replied":
        answer(state, replied)


# --- faults ---------------------------------------------------------------------------------------------------------


def _fault(state: State, name: str, exchange: Exchange) -> None:
    _spend(state, name, exchange.caller, exchange.about, exchange)


def _spend(state: State, name: str, seat: str, note: str, exchange: Exchange | None = None) -> None:
    state.faults = state.faults.less(name.replace("-", "_"))
    if state.watcher:
        state.watcher.fault(name, seat, note, exchange)


def short(subject: tuple[str, ...]) -> str:
    """What a timer or job is about, below provider and environment."""
    return "/".join(part[-12:] for part in subject[2:])
