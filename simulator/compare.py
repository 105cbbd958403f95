"""Two explorations of one race compared: what a variant makes possible, and what it makes impossible.

Both are told to their ends, whatever breaks on the way. States are compared by what every side shows, not by their
fingerprints: those of two variants never mean the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference_impl.kernel.tables import digest
from simulator.explore import Violation, explore
from simulator.faults import Faults
from simulator.race import Race
from simulator.world import Label, Moment, World

Parents = dict[int, tuple[int, Label] | None]


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that a world can come to. ``shown`` maps the digest of what every side shows to a shortest schedule
    that leads there; ``broken`` are the rules that break, each with a shortest schedule; ``whole``: no cap was hit."""

    states: int
    shown: dict[int, tuple[Label, ...]]
    broken: dict[str, Violation]
    whole: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``gained`` and ``lost`` are the schedules to what only the variant, or only the reference, comes to show, the
    shortest first. ``new`` rules break in the variant alone, ``gone`` ones in the reference alone."""

    reference: Survey
    variant: Survey
    gained: tuple[tuple[Label, ...], ...]
    lost: tuple[tuple[Label, ...], ...]
    new: tuple[Violation, ...]
    gone: tuple[Violation, ...]


def compare(
    race: Race[Any, Any],
    variant: str,
    faults: Faults,
    cap: int = 200_000,
    progress: Callable[[int, int], None] = lambda states, waiting: None,
) -> Comparison:
    """The reference and one variant, each up to ``cap`` states. KeyError: the race has no such variant."""
    before = survey(race, race.world(None, faults), cap, progress)
    after = survey(race, race.world(variant, faults), cap, progress)
    return Comparison(
        before,
        after,
        tuple(schedule for mark, schedule in after.shown.items() if mark not in before.shown),
        tuple(schedule for mark, schedule in before.shown.items() if mark not in after.shown),
        tuple(violation for name, violation in after.broken.items() if name not in before.broken),
        tuple(violation for name, violation in before.broken.items() if name not in after.broken),
    )


def survey(
    race: Race[Any, Any],
    world: World,
    cap: int,
    progress: Callable[[int, int], None] = lambda states, waiting: None,
) -> Survey:
    """Visit every state breadth first, up to ``cap`` of them; of all of them, livelocks too. The world is left as it was."""
    start = world.snapshot()
    parents: Parents = {world.fingerprint(): None}
    waiting: deque[tuple[Moment, int]] = deque([(start, world.fingerprint())])
    shown: dict[int, int] = {}
    broken: dict[str, Violation] = {}
    while waiting and len(parents) <= cap:
        moment, mark = waiting.popleft()
        world.restore(moment)
        choices = world.successors()
        views = race.views(world)
        shown.setdefault(digest(repr(views)), mark)
        for rule in race.never:
            if rule.name in broken or (rule.at_rest and choices and not world.at_rest()):
                continue
            if (finding := rule.judge(views)) is not None:
                broken[rule.name] = Violation(rule.name, finding, _schedule(parents, mark))
        for label, happens in choices:
            world.restore(moment)
            happens()
            after = world.fingerprint()
            if after not in parents:
                parents[after] = (mark, label)
                waiting.append((world.snapshot(), after))
                if len(parents) % 1000 == 0:
                    progress(len(parents), len(waiting))
    world.restore(start)
    if race.live and not waiting:
        endless = explore(world, race.views, (), live=race.live, cap=cap, progress=progress)
        broken |= {violation.invariant: violation for violation in reversed(endless.livelocks)}
    return Survey(
        len(parents),
        {each: _schedule(parents, mark) for each, mark in shown.items()},
        broken,
        not waiting,
    )


def _schedule(parents: Parents, mark: int) -> tuple[Label, ...]:
    labels: list[Label] = []
    while (step := parents[mark]) is not None:
        mark, label = step
        labels.append(label)
    return tuple(reversed(labels))
