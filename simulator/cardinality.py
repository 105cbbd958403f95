"""Which part of a state blew up: how many values each part of the fingerprint has in some states.

A member that counts for ever makes every state new, and no cap is high enough. It shows as the part that has nearly
as many values as states were looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from simulator.world import Moment, World

SAMPLE = 500
"""Moments that are kept at least, once there were as many."""


class Sample:
    """Some moments of an exploration, evenly spread over all of it: a counter that grows with every step has few values
    among the states that happen to wait at its end."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._offered = 0
        self._stride = 1

    def offer(self, moment: Moment) -> None:
        if self._offered % self._stride == 0:
            self._moments.append(moment)
            if len(self._moments) == 2 * SAMPLE:
                self._moments = self._moments[::2]
                self._stride *= 2
        self._offered += 1

    def cardinalities(self, world: World) -> dict[str, int]:
        """The parts that have more than one value, the most varied first: ``{"csp-a calls.attempt": 480, …}``.

        The world is left at one of the moments.
        """
        values: defaultdict[str, set[str]] = defaultdict(set)
        for moment in self._moments:
            world.restore(moment)
            for part, value in _parts(world):
                values[part].add(value)
        counts = {part: len(seen) for part, seen in values.items() if len(seen) > 1}
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _parts(world: World) -> Iterator[tuple[str, str]]:
    """Everything that the fingerprint is made of, by name; of tables each member of their records."""
    yield "steps", repr([step.name for step in world.steps])
    yield "faults", repr(world.faults)
    yield "down", repr(world.down)
    yield "cut", repr(world.cut)
    yield "exchanges", repr(sorted((each.letter.digest, each.stage, each.status) for each in world.exchanges))
    for seat, (_, tables) in world.cast.items():
        for table in tables.schema:
            rows = tables.rows(table)
            for member in table.known:
                yield f"{seat} {table.name}.{member}", repr(sorted(repr(getattr(row, member)) for row in rows))
