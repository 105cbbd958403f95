"""One copy of a call on its way between two parties.

An exploration meets the same few exchanges in thousands of states. So each is made once (the module remembers them)
and its label and digest are worked out once; that is why these records have no slots.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Literal

from reference_impl.kernel.party import Call, Message, Requested
from reference_impl.kernel.tables import digest

Stage = Literal["sent", "held", "replied", "lost"]
Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Letter:
    """What a request says: the same for all copies of a call, and for all that becomes of them."""

    caller: str
    server: str
    operation: str
    path: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    body: Message | None
    credential: str = field(default="", repr=False)
    """What the caller shows where the protocol itself binds keys to federations (FI-AUTH-001)."""
    errand: tuple[object, ...] = ()
    """What the call is to its caller beyond what it says: with two calls that say the same, it matters which is answered."""

    @cached_property
    def pair(self) -> Pair:
        """The two ends, in the order of their names."""
        first, second = sorted((self.caller, self.server))
        return first, second

    @cached_property
    def about(self) -> str:
        """For labels: who asks for what, and the ids below the environment."""
        ids = [value for name, value in (*self.path, *self.query) if name not in ("provider", "environment")]
        return " ".join([self.caller, self.operation, "/".join(value[-12:] for value in ids)]).rstrip()

    @property
    def told(self) -> str:
        """For pictures: the same without the caller, and of the ends of UUIDs their ends."""
        words = self.about.removeprefix(f"{self.caller} ")
        return re.sub(r"\b[0-9a-f]{8}([0-9a-f]{4})\b", r"…\1", words)

    @cached_property
    def digest(self) -> int:
        return digest((self.caller, self.server, self.operation, self.path, self.query, self.body, self.credential))


@dataclass(frozen=True, eq=False)
class Exchange:
    """``call`` is the number of the caller's call, None once the caller gave up: the answer interests nobody then.

    ``stage``: ``sent`` (the request is in flight), ``held`` (the server has not answered yet), ``replied`` (the answer
    is in flight), ``lost`` (nothing is in flight and the caller does not know). ``slot`` is the lowest number free.
    """

    slot: int
    call: int | None
    letter: Letter
    stage: Stage
    status: int
    answer: Message | None

    @property
    def caller(self) -> str:
        return self.letter.caller

    @property
    def server(self) -> str:
        return self.letter.server

    @property
    def operation(self) -> str:
        return self.letter.operation

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        return self.letter.path

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        return self.letter.query

    @property
    def body(self) -> Message | None:
        return self.letter.body

    @property
    def about(self) -> str:
        return self.letter.about

    @property
    def flying(self) -> bool:
        """Is there a message in flight?"""
        return self.stage in ("sent", "replied")

    @property
    def under_way(self) -> bool:
        """Is there a message in flight that the caller waits for? While there is, no timer fires of itself."""
        return self.call is not None and self.stage in ("sent", "replied")

    @cached_property
    def digest(self) -> int:
        """The same for exchanges that differ only in their handles, the slot and the number of an open call."""
        errand = None if self.call is None else self.letter.errand
        return digest((self.letter.digest, errand, self.stage, self.status, self.answer))

    # --- what becomes of it -----------------------------------------------------------------------------------

    def at(self, stage: Stage) -> Exchange:
        return _exchange(self.slot, self.call, self.letter, stage, self.status, self.answer)

    def replied(self, status: int, answer: Message | None) -> Exchange:
        return _exchange(self.slot, self.call, self.letter, "replied", status, answer)

    def given_up(self) -> Exchange:
        """The caller waits no longer."""
        return _exchange(self.slot, None, self.letter, self.stage, self.status, self.answer)

    def copy(self, slot: int) -> Exchange:
        return _exchange(slot, self.call, self.letter, self.stage, self.status, self.answer)


_letter = lru_cache(maxsize=1 << 14)(Letter)
_exchange = lru_cache(maxsize=1 << 16)(Exchange)


def leaving(caller: str, call: Call, slot: int) -> Exchange:
    """A call that leaves its caller."""
    errand = (call.subject, call.attempt, call.due)
    says = _letter(caller, call.peer, call.operation, call.path, call.query, call.body, call.credential, errand)
    return _exchange(slot, call.id, says, "sent", 0, None)


@lru_cache(maxsize=1 << 14)
def arriving(exchange: Exchange, handle: str) -> Requested:
    """The request as its server meets it, to be answered to ``handle``. It is shared, so its mappings are read-only."""
    return Requested(
        handle,
        exchange.caller,
        exchange.operation,
        MappingProxyType(dict(exchange.path)),
        MappingProxyType(dict(exchange.query)),
        exchange.body,
        exchange.letter.credential or None,
    )
