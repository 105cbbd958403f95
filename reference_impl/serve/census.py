"""How many things a party holds by kind and state, kept up to date change by change: asking costs nothing, however many
there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reference_impl.kernel.tables import Change, Table, Tables

Standing = tuple[str, str]
"""The kind of a thing and the state that it is in, such as ``("connections", "established")``."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of a protocol. ``states`` lists the states of each kind, those without a thing too; ``rows`` says
    for each table what one row of it counts as (None: as nothing)."""

    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[Table[Any], Callable[[Any], Standing | None]] = field(default_factory=dict)


class Census:
    """The numbers of one party; its Node tells it what changes (``node.Watch``)."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted
        self._numbers: Counter[Standing | None] = Counter()

    def begin(self, tables: Tables) -> None:
        """Count all rows: once, when they are loaded."""
        found = ((standing, row) for table, standing in self._counted.rows.items() for row in tables.rows(table))
        self._numbers = Counter(standing(row) for standing, row in found)

    def kept(self, changes: Sequence[Change]) -> None:
        for change in changes:
            standing = self._counted.rows.get(change.table)
            if standing is None:
                continue
            if change.before is not None:
                self._numbers[standing(change.before)] -= 1
            if change.after is not None:
                self._numbers[standing(change.after)] += 1

    def numbers(self) -> dict[str, dict[str, int]]:
        return {
            kind: {state: self._numbers[kind, state] for state in states}
            for kind, states in self._counted.states.items()
        }
