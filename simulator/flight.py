"""All that is in flight: a tuple of exchanges, so that a snapshot of it costs nothing, and what becomes of it."""

from __future__ import annotations

from simulator.exchange import Exchange

Flight = tuple[Exchange, ...]
"""All exchanges of a world, in the order in which they began; their slots differ."""


def free_slot(flight: Flight) -> int:
    """The lowest number that no exchange has: a counter that only grows would make every state new."""
    taken = {exchange.slot for exchange in flight}
    number = 1
    while number in taken:
        number += 1
    return number


def put(flight: Flight, exchange: Exchange) -> Flight:
    """With the exchange in its place; without it, where nothing is left of it that anybody waits for."""
    if exchange.call is None and exchange.stage in ("replied", "lost"):
        return without(flight, exchange)
    return tuple([exchange if other.slot == exchange.slot else other for other in flight])


def without(flight: Flight, exchange: Exchange) -> Flight:
    return tuple([other for other in flight if other.slot != exchange.slot])


def copies(flight: Flight, exchange: Exchange) -> list[Exchange]:
    """The other copies of an open call."""
    if exchange.call is None:
        return []
    return [
        other
        for other in flight
        if other.call == exchange.call and other is not exchange and other.caller == exchange.caller
    ]


def ended(flight: Flight, caller: str, call: int) -> Flight:
    """A call has ended for its caller: its copies go on, but their answers interest nobody."""
    kept = []
    for other in flight:
        if other.call != call or other.caller != caller:
            kept.append(other)
        elif other.stage in ("sent", "held"):
            kept.append(other.given_up())
    return tuple(kept)
