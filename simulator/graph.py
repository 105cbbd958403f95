"""The transitions of an exploration, between states that are numbered in the order in which they were found.

Arrays of numbers, because an exploration has many of them: the transitions of state ``n`` are those from ``first[n]``
to ``first[n + 1]``. States are left in the order of their numbers, as breadth-first search does.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from simulator.state import Label


class Graph:
    def __init__(self) -> None:
        self.labels: list[Label] = []
        """By the number of the action."""
        self.first = array("Q", [0])
        self.actions = array("Q")
        self.targets = array("Q")
        self._numbers: dict[Label, int] = {}

    def add(self, label: Label, target: int) -> None:
        """A transition of the state that is being left."""
        action = self._numbers.get(label)
        if action is None:
            action = self._numbers[label] = len(self.labels)
            self.labels.append(label)
        self.actions.append(action)
        self.targets.append(target)

    def leave(self) -> None:
        """The state being left has no more transitions; it is the next one's turn."""
        self.first.append(len(self.targets))

    def __len__(self) -> int:
        """The number of states whose transitions are known."""
        return len(self.first) - 1

    def successors(self, state: int) -> Iterator[tuple[int, int]]:
        """Numbers of actions, with the states that they lead to."""
        start, end = self.first[state], self.first[state + 1]
        return zip(self.actions[start:end], self.targets[start:end], strict=True)

    def enabled(self, state: int) -> set[int]:
        return set(self.actions[self.first[state] : self.first[state + 1]])
