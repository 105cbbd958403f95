"""Livelocks: schedules that are fair and go on for ever, while somebody waits.

Fairness is weak: what can happen throughout does happen. An action that is enabled in every state of a cycle is taken
in it; faults need not happen. If there is a fair cycle within a strongly connected component, then the one through all
its states, with all its transitions, is fair as well: fewer actions are enabled in every state of it, and more are
taken. So each component has one simple question to answer, and no cycles need to be searched through (Lichtenstein and
Pnueli, 1985). What is then shown is a short one that is fair by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.faults import fault_of
from simulator.graph import Graph
from simulator.state import Label

_ENTRIES = 50
"""How many states of a component are tried as the beginning of its cycle, for a short one."""


@dataclass(frozen=True, slots=True)
class Lasso:
    """A state, and a fair cycle that leads from it back to it."""

    entry: int
    cycle: tuple[Label, ...]


def livelocks(graph: Graph, open_: Sequence[bool]) -> Iterator[Lasso]:
    """One lasso for each component of states in which something is open and in which a fair schedule can stay."""
    for component in components(graph, open_):
        inside = set(component)
        if _is_fair(graph, inside):
            tours = [(entry, _tour(graph, inside, entry)) for entry in sorted(component)[:_ENTRIES]]
            entry, tour = min(tours, key=lambda found: (len(found[1]), found[0]))
            yield Lasso(entry, tuple(graph.labels[action] for action in tour))


def components(graph: Graph, inside: Sequence[bool]) -> Iterator[list[int]]:
    """The strongly connected components, of the states ``inside``, in which one can go on for ever (Tarjan, 1972)."""
    index = [0] * len(graph)  # 0: not met yet
    lowest = [0] * len(graph)
    stacked = [False] * len(graph)
    stack: list[int] = []
    met = 0
    for root in range(len(graph)):
        if index[root] or not inside[root]:
            continue
        path = [(root, graph.successors(root))]
        met += 1
        index[root] = lowest[root] = met
        stack.append(root)
        stacked[root] = True
        while path:
            state, ahead = path[-1]
            for _, target in ahead:
                if not inside[target]:
                    continue
                if not index[target]:
                    met += 1
                    index[target] = lowest[target] = met
                    stack.append(target)
                    stacked[target] = True
                    path.append((target, graph.successors(target)))
                    break
                if stacked[target]:
                    lowest[state] = min(lowest[state], index[target])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[state])
                if lowest[state] == index[state]:
                    component = _popped(stack, stacked, state)
                    if len(component) > 1 or any(target == state for _, target in graph.successors(state)):
                        yield component


def _popped(stack: list[int], stacked: list[bool], root: int) -> list[int]:
    component = []
    while True:
        state = stack.pop()
        stacked[state] = False
        component.append(state)
        if state == root:
            return component


def _is_fair(graph: Graph, inside: set[int]) -> bool:
    """Is each action that is enabled in all these states taken between some of them?"""
    throughout = set.intersection(*(_owed(graph, state) for state in inside))
    taken = {action for state in inside for action, target in graph.successors(state) if target in inside}
    return throughout <= taken


def _owed(graph: Graph, state: int) -> set[int]:
    """What may happen in a state without a fault: a fair schedule does not pass over it for ever."""
    return {action for action in graph.enabled(state) if fault_of(graph.labels[action]) is None}


def _tour(graph: Graph, inside: set[int], entry: int) -> list[int]:
    """Actions that lead from ``entry`` back to it and are fair: what is owed there is taken, or not enabled somewhere
    on the way. Always to the nearest place where one of the debts ends."""
    owed = _owed(graph, entry)
    tour: list[int] = []
    here = entry
    while owed or here != entry or not tour:
        leg = _leg(graph, inside, here, owed, entry)
        for action, state in leg:
            tour.append(action)
            owed.discard(action)
            owed &= graph.enabled(state)
        here = leg[-1][1]
    return tour


def _leg(graph: Graph, inside: set[int], start: int, owed: set[int], entry: int) -> list[tuple[int, int]]:
    """The shortest way to where something owed ends; to the entry, if nothing is owed any more."""
    came: dict[int, tuple[int, int]] = {}
    waiting = deque([start])
    while True:
        state = waiting.popleft()
        for action, target in graph.successors(state):
            if target not in inside:
                continue
            if (action in owed or not owed <= graph.enabled(target)) if owed else target == entry:
                leg = [(action, target)]
                while state != start:
                    action, before = came[state]
                    leg.append((action, state))
                    state = before
                return leg[::-1]
            if target not in came and target != start:
                came[target] = (action, state)
                waiting.append(target)
