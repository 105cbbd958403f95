"""How a hunt chooses what happens next: uniformly, by priorities (PCT), or with some of the faults switched off.

PCT (Burckhardt et al., 2010) gives each lane a random priority and always lets the highest lane go on; at ``depth - 1``
random moments the lane that is ahead falls back behind all others. A bug that needs ``depth`` events in one order is
found with a probability of at least 1/(lanes * steps^(depth - 1)) in each schedule. Our lanes are party x conversation
x fault: one conversation overtakes another, and a fault sleeps until its moment, when it is ahead of everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from random import Random

from simulator.choosing import Choice
from simulator.faults import Faults, fault_of
from simulator.world import Label, World

Chooser = Callable[[Sequence[Choice]], Choice]
Strategy = Callable[[Random, World, int], Chooser]
"""Makes the chooser of one schedule, of which the length without faults is known; may lower the world's fault budgets."""


def uniform(random: Random, world: World, length: int) -> Chooser:
    """Everything that is enabled is equally likely."""
    return random.choice


def swarm(random: Random, world: World, length: int) -> Chooser:
    """As ``uniform``, with each kind of fault either on or off for the whole schedule."""
    world.faults = replace(world.faults, **{each.name: 0 for each in fields(Faults) if random.random() < 0.5})
    return random.choice


def pct(random: Random, world: World, length: int) -> Chooser:
    """Priorities that change once or twice (depth 2 or 3); each fault is on or off, and has its own moment."""
    changes = {random.randrange(length): -number for number in range(random.choice((1, 2)))}
    moments = {each.name: random.randrange(length) for each in fields(Faults) if random.random() < 0.5}
    return _Priorities(random, changes, moments)


class _Priorities:
    """Lanes are between 0 and 1, those that fell back below; of the faults, the sleeping ones are at the very bottom."""

    def __init__(self, random: Random, changes: Mapping[int, float], moments: Mapping[str, int]) -> None:
        self._random = random
        self._changes = changes
        self._moments = moments
        self._lanes: dict[str, float] = {}
        self._steps = 0

    def __call__(self, choices: Sequence[Choice]) -> Choice:
        chosen = max(choices, key=self._urgency)
        if self._steps in self._changes:
            self._lanes[lane(chosen[0])] = self._changes[self._steps]
            chosen = max(choices, key=self._urgency)
        self._steps += 1
        return chosen

    def _urgency(self, choice: Choice) -> float:
        name = lane(choice[0])
        if name not in self._lanes:
            self._lanes[name] = self._random.random()
        fault = fault_of(choice[0])
        if fault is None:
            return self._lanes[name]
        return self._lanes[name] + (1 if self._steps >= self._moments.get(fault, self._steps + 1) else -100)


@lru_cache(maxsize=1 << 12)
def lane(label: Label) -> str:
    """Party x conversation x fault. The party is who handles what happens: a request is delivered to the peer of the
    caller that its label names, so "deliver csp-a CreateConnection ix1/000000000001" is in lane "peer of csp-a 0001".
    """
    verb, party, *about = label.partition(" #")[0].split()
    handler = [f"peer of {party}"] if verb == "deliver" else [party]
    return " ".join([verb, *handler] if fault_of(label) else handler) + (f" {about[-1][-4:]}" if about else "")


STRATEGIES: dict[str, Strategy] = {"random": uniform, "pct": pct, "swarm": swarm}
