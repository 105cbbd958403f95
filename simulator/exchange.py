"""One copy of a call on its way between two parties."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reference_impl.kernel.party import Message
from reference_impl.kernel.tables import digest


@dataclass(frozen=True, slots=True)
class Exchange:
    """``call`` is the number of the caller's call, None once the caller gave up: the answer interests nobody then.

    ``stage``: ``sent`` (the request is in flight), ``held`` (the server has not answered yet), ``replied`` (the answer
    is in flight), ``lost`` (nothing is in flight and the caller does not know). ``slot`` is the lowest number free.
    """

    slot: int
    caller: str
    server: str
    call: int | None
    operation: str
    path: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    body: Message | None
    stage: Literal["sent", "held", "replied", "lost"] = "sent"
    status: int = 0
    answer: Message | None = None
    credential: str = field(default="", repr=False)
    """What the caller shows where the protocol itself binds keys to federations (FI-AUTH-001)."""

    @property
    def under_way(self) -> bool:
        """Is there a message in flight that the caller waits for? While there is, no timer fires of itself."""
        return self.call is not None and self.stage in ("sent", "replied")

    def about(self) -> str:
        """What the exchange is about, for its label: the operation and the ids below the environment."""
        ids = [value for name, value in (*self.path, *self.query) if name not in ("provider", "environment")]
        return " ".join([self.caller, self.operation, "/".join(value[-12:] for value in ids)]).rstrip()

    def digest(self) -> int:
        """The same for exchanges that differ only in their handles, the slot and the number of an open call."""
        way = (
            self.caller,
            self.server,
            self.call is None,
            self.operation,
            self.path,
            self.query,
            self.body,
            self.credential,
        )
        return digest((*way, self.stage, self.status, self.answer))
