"""A party of a two-party protocol, without I/O: events in, replies and rows out.

The same Party object serves HTTP (``kernel.node``) and is explored by the simulator. It has no clock, no socket and
no randomness: ``Ctx`` hands in the time and fresh ids. One event is handled in one transaction. What shall happen
outside, that is outgoing calls, timers and provisioning jobs, are rows in the tables (the outbox, ``CALLS``,
``TIMERS``, ``JOBS``), so that a crash at any point loses nothing committed; only the Reply is ephemeral.

A handler refuses by raising ``Refusal``. The transaction is then rolled back to its beginning: a refused request has
no effect by construction (CC-CONN-006, FI-AUTH-007).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from reference_impl.kernel.message import Message as Message
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.tables import Table, Tx

D = TypeVar("D")
Subject = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ctx:
    """What an event is given from outside: the time in milliseconds and a source of fresh ids by kind."""

    now: int
    fresh: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Acted:
    """A customer or operator asks for an action, northbound. ``to`` names the open request to be answered."""

    to: str
    action: str
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Requested:
    """The peer asks for an operation.

    ``caller`` is the authenticated counterpart, ``credential`` what it presented where the protocol itself binds
    keys to federations (FI-AUTH-004). ``path`` and ``query`` hold decoded strings, ``body`` the typed message.
    """

    to: str
    caller: str
    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Message | None = None
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class Responded:
    """The peer answered an outgoing call. ``body`` is None for an error, and for a success that does not fit its schema."""

    call: int
    status: int
    body: Message | None = None


@dataclass(frozen=True, slots=True)
class NoResponse:
    """Nobody knows what became of an outgoing call: time-out, lost connection and restart are this one event."""

    call: int


@dataclass(frozen=True, slots=True)
class TimerFired:
    kind: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class Provisioned:
    """The provider's own equipment finished a job, or failed it."""

    kind: str
    subject: Subject
    done: bool = True


@dataclass(frozen=True, slots=True)
class Restarted:
    """The party is there again, with what its store kept: whoever waited for an answer does so no longer."""


Event = Acted | Requested | Responded | NoResponse | TimerFired | Provisioned | Restarted


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers: an HTTP status and a message (None: an empty object)."""

    body: Message | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way to the open request ``to``, which may be an earlier one that was held."""

    to: str
    status: int
    body: Message | None


class Refusal(Exception):
    """The request is refused; nothing of it stays. ``detail`` tells a person what was expected and what came."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Call:
    """An outgoing call. ``id`` is the lowest number free when it was made, so that no counter grows for ever.

    ``subject`` says what it is about, for the handler of its answer; ``due`` in milliseconds; ``attempt`` counts
    from 0; ``sent`` is set when it leaves, so that a restart knows whose fate is open. ``credential`` is what the
    peer asks of us where the protocol itself binds keys to federations (FI-AUTH-001): in no log and no fingerprint.
    """

    id: int
    peer: str
    operation: str
    path: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...] = ()
    body: Message | None = None
    subject: Subject = ()
    attempt: int = 0
    due: int = 0
    sent: bool = False
    credential: str = field(default="", repr=False)

    def leaving(self) -> Call:
        """The same call, sent. Each event that calls ends in this, hence no ``replace``, which takes five times as long."""
        return Call(
            self.id,
            self.peer,
            self.operation,
            self.path,
            self.query,
            self.body,
            self.subject,
            self.attempt,
            self.due,
            True,
            self.credential,
        )


@dataclass(frozen=True, slots=True)
class Timer:
    kind: str
    subject: Subject
    due: int


@dataclass(frozen=True, slots=True)
class Job:
    """Work for the provider's own equipment, to be reported by ``Provisioned``. ``content`` is what it is to work on."""

    kind: str
    subject: Subject
    content: str = ""


CALLS: Table[Call] = Table("calls", Call, ("id",), anonymous=("id", "credential"))
TIMERS: Table[Timer] = Table("timers", Timer, ("kind", "subject"))
JOBS: Table[Job] = Table("jobs", Job, ("kind", "subject"))
OUTBOX: tuple[Table[Any], ...] = (CALLS, TIMERS, JOBS)


@dataclass(slots=True)
class Turn(Generic[D]):
    """One event's turn: the transaction, the context, the decisions, and what leaves by the outbox."""

    tx: Tx
    ctx: Ctx
    me: str
    decisions: D
    replies: list[Reply] = field(default_factory=list)

    def reply(self, to: str, answer: Answer) -> None:
        """Answer an earlier request that was held."""
        self.replies.append(Reply(to, answer.status, answer.body))

    def call(
        self,
        peer: str,
        operation: str,
        path: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: Message | None = None,
        subject: Subject = (),
        attempt: int = 0,
        after: int = 0,
        credential: str = "",
    ) -> Call:
        """Put a call into the outbox, due ``after`` milliseconds from now."""
        number = 1
        while self.tx.get(CALLS, number) is not None:
            number += 1
        row = Call(
            number,
            peer,
            operation,
            tuple(path.items()),
            tuple((query or {}).items()),
            body,
            subject,
            attempt,
            self.ctx.now + after,
            credential=credential,
        )
        return self.tx.put(CALLS, row)

    def again(self, call: Call, after: int) -> Call:
        """Put a call that had no answer into the outbox once more, unchanged but for its attempt."""
        return self.call(
            call.peer,
            call.operation,
            dict(call.path),
            query=dict(call.query),
            body=call.body,
            subject=call.subject,
            attempt=call.attempt + 1,
            after=after,
            credential=call.credential,
        )

    def open_calls(self, operation: str, subject: Subject) -> list[Call]:
        return [row for row in self.tx.rows(CALLS) if row.operation == operation and row.subject == subject]

    def arm(self, kind: str, subject: Subject, after: int) -> None:
        self.tx.put(TIMERS, Timer(kind, subject, self.ctx.now + after))

    def disarm(self, kind: str, subject: Subject) -> None:
        self.tx.delete(TIMERS, kind, subject)

    def provision(self, kind: str, subject: Subject, content: str = "") -> None:
        self.tx.put(JOBS, Job(kind, subject, content))


@dataclass(frozen=True, slots=True)
class Handlers(Generic[D]):
    """What a party does on each kind of event, by name.

    ``requested`` and ``acted`` return an Answer, or None when they hold the request for a later event.
    ``responded`` gets the call, the status (None: no response) and the body.
    """

    requested: Mapping[str, Callable[[Turn[D], Requested], Answer | None]]
    acted: Mapping[str, Callable[[Turn[D], Acted], Answer | None]]
    responded: Mapping[str, Callable[[Turn[D], Call, int | None, Any], None]]
    fired: Mapping[str, Callable[[Turn[D], Subject], None]]
    provisioned: Mapping[str, Callable[[Turn[D], Subject, bool], None]]
    restarted: Callable[[Turn[D]], None] = lambda turn: None
    patient: Collection[str] = ()
    """Timers that do not count as something under way: a party at rest may have them (coordinator-harness, section 1)."""


@dataclass(frozen=True, slots=True)
class Party(Generic[D]):
    """One side of a protocol: its name, the operations it serves and calls, its handlers and its decisions.

    ``refuse`` makes the protocol's own error document of a Refusal.
    """

    me: str
    operations: Mapping[str, Operation]
    tables: tuple[Table[Any], ...]
    handlers: Handlers[D]
    decisions: D
    refuse: Callable[[Refusal], Message]

    @property
    def schema(self) -> tuple[Table[Any], ...]:
        return (*self.tables, *OUTBOX)

    def deciding(self, decisions: D) -> Party[D]:
        """The same party with other decisions: a variant or a mutant."""
        return replace(self, decisions=decisions)

    def handle(self, tx: Tx, event: Event, ctx: Ctx) -> tuple[Reply, ...]:
        """Handle one event in one transaction; what leaves is in the returned replies and in the outbox."""
        turn = Turn(tx, ctx, self.me, self.decisions)
        match event:
            case Requested() | Acted():
                return self._asked(turn, event)
            case Responded() | NoResponse():
                self._answered(turn, event)
            case TimerFired():
                if tx.delete(TIMERS, event.kind, event.subject) is not None:
                    self.handlers.fired[event.kind](turn, event.subject)
            case Provisioned():
                if tx.delete(JOBS, event.kind, event.subject) is not None:
                    self.handlers.provisioned[event.kind](turn, event.subject, event.done)
            case Restarted():
                self.handlers.restarted(turn)
        return tuple(turn.replies)

    def _asked(self, turn: Turn[D], event: Requested | Acted) -> tuple[Reply, ...]:
        try:
            if isinstance(event, Requested):
                answer = self.handlers.requested[event.operation](turn, event)
            else:
                answer = self.handlers.acted[event.action](turn, event)
        except Refusal as refusal:
            turn.tx.rollback()
            return (Reply(event.to, refusal.status, self.refuse(refusal)),)
        if answer is not None:
            turn.reply(event.to, answer)
        return tuple(turn.replies)

    def _answered(self, turn: Turn[D], event: Responded | NoResponse) -> None:
        call = turn.tx.delete(CALLS, event.call)
        if call is None:  # the party no longer waits for it
            return
        status, body = (event.status, event.body) if isinstance(event, Responded) else (None, None)
        self.handlers.responded[call.operation](turn, call, status, body)
