"""Which part of a state blew up: how many values each part of the fingerprint has in some states.

A member that counts for ever makes every state new, and no cap is high enough. It shows as the part that has nearly
as many values as states were looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from simulator.world import Moment, World

SAMPLE = 500
"""States that are looked at, evenly spread."""


def cardinalities(world: World, moments: Sequence[Moment]) -> dict[str, int]:
    """The parts that have more than one value, the most varied first: ``{"csp-a calls.attempt": 480, …}``.

    The world is left at one of the moments.
    """
    values: defaultdict[str, set[str]] = defaultdict(set)
    for moment in moments[:: max(1, len(moments) // SAMPLE)]:
        world.restore(moment)
        values["steps"].add(repr([step.name for step in world.steps]))
        values["faults"].add(repr(world.faults))
        values["down"].add(repr(world.down))
        values["cut"].add(repr(world.cut))
        values["exchanges"].add(repr(sorted(exchange.digest for exchange in world.exchanges)))
        for seat, (_, tables) in world.cast.items():
            for table in tables.schema:
                rows = tables.rows(table)
                for member in table.known:
                    column = sorted(repr(getattr(row, member)) for row in rows)
                    values[f"{seat} {table.name}.{member}"].add(repr(column))
    counts = {part: len(seen) for part, seen in values.items() if len(seen) > 1}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
