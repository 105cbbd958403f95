"""What a session needs of a stage: all seats of one protocol with their players, over a watched wire, on one clock.

``self_play_stage`` puts reference parties into all seats; ``live_stage`` a target into one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from conformance.cast import Cast
from conformance.handshakes import Guard
from conformance.names import Names
from conformance.northbound import Northbound
from conformance.players import Player
from conformance.proof import CustomerProof
from conformance.wire import Wire
from reference_impl.kernel.clock import Clock
from reference_impl.kernel.operation import Operation
from reference_impl.serve.tls import Tls

QUIET = 10_000
"""The quiet window where no target declares another, in milliseconds (coordinator-harness, section 6)."""


@dataclass(slots=True)
class Seat:
    """One seat: who plays it, where it listens, and the client with which the harness speaks in its name. ``people``: its
    northbound side is people, who are not asked what the scenario does not ask."""

    name: str
    player: Player
    client: httpx.AsyncClient
    origin: str = ""
    people: bool = False

    @property
    def northbound(self) -> Northbound:
        return self.player.northbound


class StageClock(Clock, Protocol):
    """A clock that knows whether anybody works."""

    async def quiet(self) -> None: ...

    def busy(self) -> AbstractContextManager[None]: ...


class Stage(Protocol):
    """Use its coroutines in the portal's loop only."""

    cast: Cast
    names: Names
    wire: Wire
    seats: dict[str, Seat]
    operations: Mapping[str, Operation]

    @property
    def clock(self) -> StageClock: ...

    def declared(self, name: str) -> Any:
        """What whoever is judged declares of itself, by the names of ``target.declared.DECLARATIONS``."""
        ...

    def limit(self, name: str) -> int:
        """A time limit in milliseconds, by the names of ``target.declared.TIMEOUTS``."""
        ...

    @property
    def quiet(self) -> int:
        """The quiet window in milliseconds: so long a silence shows that nothing comes (coordinator-harness, section 6)."""
        ...

    @property
    def brief(self) -> bool:
        """Did the last look for rest in this scenario end before the quiet window was over?"""
        ...

    @property
    def shares(self) -> bool:
        """Is the target the same through all scenarios, never emptied, and its time only that on the wall? Then what
        rests on silence may be judged at the end of the run (``conformance.closing``)."""
        ...

    def offers(self, profile: str) -> bool:
        """Does whoever is judged claim this profile?"""
        ...

    async def protected(self, seat: str) -> tuple[str, Tls]:
        """Where a seat is reached behind TLS, and what we show there. Untested: it is not."""
        ...

    async def guard(self, seat: str, caller: str, guard: Guard) -> None:
        """From now on the seat, which the harness plays, offers this to the caller. Untested: it listens without TLS."""
        ...

    @property
    def proof(self) -> CustomerProof | None:
        """How customers of whoever is judged prove their acts; None: nothing was agreed (CC-SEC-004)."""
        ...

    @property
    def outside(self) -> tuple[str, str]:
        """Where the harness listens beside its seats: the host to bind, and the one by which players reach it."""
        ...

    async def open(self) -> None: ...

    async def begin(self, judged: str) -> None:
        """A scenario begins for this judged seat: every seat has its player, empty and with the usual inventory."""
        ...

    async def reset(self, inventory: str | None = None) -> None:
        """Every seat empty, with its copy of the inventory; no disturbance is left on the wire."""
        ...

    def origin(self, seat: str) -> str:
        """Where this seat is reached by its counterparts."""
        ...

    def credentials(self, sender: str, receiver: str) -> dict[str, str]:
        """The headers by which the receiver knows the sender; where the protocol binds keys itself, the steps know."""
        ...

    async def tick(self, limit: int) -> None:
        """Let a little time pass, at most ``limit`` ms: on to the next thing that happens."""
        ...

    async def pass_time(self, milliseconds: int) -> None:
        """Let time pass; whatever falls due happens. Untested: the target's clock cannot be moved."""
        ...

    async def settle(self, within: int) -> bool:
        """Let time pass until nobody has anything under way, at most ``within`` ms; says whether that was reached."""
        ...

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        """Let time pass until the condition holds, at most ``limit`` ms; says whether it holds."""
        ...

    async def close(self) -> None: ...
