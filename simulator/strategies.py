"""How a hunt chooses what happens next: uniformly, by priorities (PCT), or with some of the faults switched off.

PCT (Burckhardt et al., 2010) gives each lane a random priority and always lets the highest lane go on; at ``depth - 1``
random moments the lane that is ahead falls back behind all others. A bug that needs ``depth`` events in one order is
found with a probability of at least 1/(lanes * steps^(depth - 1)) in each schedule. Our lanes are party x conversation
x fault, so that one conversation can overtake another, and a fault strikes early or late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from random import Random

from simulator.faults import Faults
from simulator.world import Label, World

Choice = tuple[Label, Callable[[], None]]
Chooser = Callable[[Sequence[Choice]], Choice]
Strategy = Callable[[Random, World], Chooser]
"""Makes the chooser of one schedule; may lower the fault budgets of the world, never raise them."""

_FAULTS = {each.name.replace("_", "-") for each in fields(Faults)}


def uniform(random: Random, world: World) -> Chooser:
    """Everything that is enabled is equally likely."""
    return random.choice


def swarm(random: Random, world: World) -> Chooser:
    """As ``uniform``, with each kind of fault either on or off for the whole schedule."""
    world.faults = replace(world.faults, **{each.name: 0 for each in fields(Faults) if random.random() < 0.5})
    return random.choice


def pct(depth: int) -> Strategy:
    """Priorities with ``depth - 1`` changes, spread over the length of the schedule without faults."""

    def begin(random: Random, world: World) -> Chooser:
        length = _plain_length(world)
        changes = {random.randrange(length): -number for number in range(1, depth)}
        priorities: dict[str, float] = {}
        steps = -1

        def urgency(choice: Choice) -> float:
            name = lane(choice[0])
            if name not in priorities:
                priorities[name] = random.random()
            return priorities[name]

        def choose(choices: Sequence[Choice]) -> Choice:
            nonlocal steps
            steps += 1
            chosen = max(choices, key=urgency)
            if steps in changes:
                priorities[lane(chosen[0])] = changes[steps]
                chosen = max(choices, key=urgency)
            return chosen

        return choose

    return begin


@lru_cache(maxsize=1 << 12)
def lane(label: Label) -> str:
    """Party x conversation x fault of a label: "deliver csp-a CreateConnection ix1/0001" is lane "csp-a 0001"."""
    verb, party, *about = label.removesuffix(" #2").split()
    conversation = about[-1].rpartition("/")[2] if about else ""
    return " ".join([verb if verb in _FAULTS else "", party, conversation])


def _plain_length(world: World) -> int:
    """The steps of the schedule that always takes the first choice, without a fault; the world is left as it was."""
    moment = world.snapshot()
    world.faults = Faults()
    length = 0
    while (choices := world.successors()) and length < 1_000:
        choices[0][1]()
        length += 1
    world.restore(moment)
    return max(length, 1)


def mixed_pct(random: Random, world: World) -> Chooser:
    """Depth 2 or 3, by lot."""
    return pct(random.choice((2, 3)))(random, world)


STRATEGIES: dict[str, Strategy] = {"random": uniform, "pct": mixed_pct, "swarm": swarm}
