"""A flow of the kill table: how it begins, which exchanges it has, and when it has ended well."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.durability.pair import Pair, Seat

Story = dict[str, Any]
"""What was acknowledged northbound while a flow was prepared and begun: keys, ids, handles."""


@dataclass(frozen=True, slots=True)
class Flow:
    """``prepare`` brings both parties to where the flow begins; ``begin`` returns once its order is acknowledged.

    ``missing`` says what is missing to a good end, or "". ``exchanges`` are those that every run has.
    """

    name: str
    protocol: str
    seats: tuple[str, str]
    exchanges: tuple[str, ...]
    prepare: Callable[[Pair, Story], Awaitable[None]]
    begin: Callable[[Pair, Story], Awaitable[None]]
    missing: Callable[[Pair, Story], Awaitable[str]]


LIMIT = 30
"""Seconds until a flow must have ended."""


async def ended(pair: Pair, story: Story, missing: Callable[[Pair, Story], Awaitable[str]]) -> None:
    """Return once nothing is missing and nothing under way any more; TimeoutError tells what is."""
    limit = time.monotonic() + LIMIT
    lacks = "something is still under way"
    while time.monotonic() < limit:
        lacks = await missing(pair, story)
        if not lacks and await pair.settled(1_000) and not await missing(pair, story):
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(lacks or "something is still under way")


def sides(pair: Pair) -> tuple[Seat, Seat]:
    one, two = pair.seats.values()
    return one, two
