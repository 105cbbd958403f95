"""A schedule: what happened in a world, as a small text that can be kept, mailed, replayed and shrunk by hand.

    interlock-schedule/1
    race CC-RACE-001
    variant ignores tentative reservations
    faults drop=1,duplicate=1

    5d0c1d3a8f21 accept csp-a 0001
    91b7e4402c6d deliver csp-a ConfirmActivationKey

The head names the world; each line after the empty one is the digest of the state that follows and the label of what
happens. Labels are texts, not numbers of choices: they survive a change of the code, and where the code behaves
differently now, the digest says from which line on. Lines that begin with ``#`` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reference_impl.connection_coordinator.views import dump
from reports.record import Observation
from reports.trace import Trace
from simulator.explore import Violation
from simulator.faults import Faults
from simulator.race import Race
from simulator.world import Label, World

FORMAT = "interlock-schedule/1"
_LINE = re.compile(r"([0-9a-f]{12}|-) (\S.*)")


class ScheduleError(ValueError):
    """A schedule cannot be read; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: its label and the digest of the state after it (12 hex digits; "-" where nobody knows)."""

    label: Label
    digest: str = "-"


@dataclass(frozen=True, slots=True)
class Schedule:
    race: str
    variant: str | None
    faults: Faults
    entries: tuple[Entry, ...]

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(entry.label for entry in self.entries)

    def text(self) -> str:
        """The file; ``parse`` gives the same schedule again."""
        faults = ",".join(f"{name}={budget}" for name, budget in self.faults.named().items())
        head = [FORMAT, f"race {self.race}", f"variant {self.variant or '-'}", f"faults {faults or '-'}"]
        return "\n".join([*head, "", *(f"{entry.digest} {entry.label}" for entry in self.entries), ""])


def digest_of(world: World) -> str:
    """The state of a world in 12 hex digits."""
    return f"{world.fingerprint():032x}"[:12]


def record(race: Race[Any, Any], variant: str | None, faults: Faults, labels: Iterable[Label]) -> Schedule:
    """The schedule of these labels with the digests of today's code. KeyError: a label is not enabled."""
    world = race.world(variant, faults)
    entries = []
    for label in labels:
        world.step(label)
        entries.append(Entry(label, digest_of(world)))
    return Schedule(race.id, variant, faults, tuple(entries))


def parse(text: str, source: str = "schedule") -> Schedule:
    """Read a schedule; ScheduleError names the line that cannot be read."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != FORMAT:
        raise ScheduleError(f"{source}:1: want {FORMAT!r}, got {lines[0][:80] if lines else 'an empty file'!r}")
    head: dict[str, str] = {}
    number = 1
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            break
        name, _, value = line.partition(" ")
        if name not in ("race", "variant", "faults") or name in head or not value.strip():
            raise ScheduleError(
                f"{source}:{number}: want race, variant and faults once each, then an empty line; got {line[:80]!r}"
            )
        head[name] = value.strip()
    if "race" not in head:
        raise ScheduleError(f"{source}:{number}: the head names no race")
    try:
        faults = Faults.parse(head.get("faults", "-").removeprefix("-"))
    except ValueError as problem:
        raise ScheduleError(f"{source}: {problem}") from None
    variant = head.get("variant", "-")
    return Schedule(head["race"], None if variant == "-" else variant, faults, _entries(lines, number, source))


def _entries(lines: list[str], start: int, source: str) -> tuple[Entry, ...]:
    entries = []
    for number, line in enumerate(lines[start:], start=start + 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise ScheduleError(f"{source}:{number}: want 12 hex digits (or -) and a label, got {line[:80]!r}")
        entries.append(Entry(found[2], found[1]))
    return tuple(entries)


def write(schedule: Schedule, path: Path) -> None:
    path.write_text(schedule.text(), encoding="utf-8")


def read(path: Path) -> Schedule:
    """Read a schedule file; ScheduleError names file and line, OSError a file that cannot be opened."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError:
        raise ScheduleError(f"{path}:1: want {FORMAT!r}, got bytes that are no text") from None


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the code of today leaves the schedule. ``step`` counts from 1.

    ``got`` is the digest that came of the step; None: the label was not enabled, and ``enabled`` tells what was.
    """

    step: int
    expected: Entry
    got: str | None
    enabled: tuple[Label, ...]

    def told(self) -> str:
        """In words, for a person."""
        if self.got is None:
            choices = "; ".join(self.enabled) or "nothing"
            return f"step {self.step}: {self.expected.label!r} is not enabled; enabled: {choices}"
        return (
            f"step {self.step}: {self.expected.label!r} led to state {self.got}, the schedule says "
            f"{self.expected.digest}"
        )


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a replay. ``taken`` are the steps that happened, ``skipped`` those that were not enabled (lenient).

    ``violation`` is the first invariant that broke, with the steps up to there. ``trace`` ends with what both sides
    keep.
    """

    taken: tuple[Label, ...]
    skipped: tuple[Label, ...]
    divergence: Divergence | None
    violation: Violation | None
    trace: Trace
    enabled: tuple[Label, ...]


def replay(
    schedule: Schedule, races: Mapping[str, Race[Any, Any]], lenient: bool = False, to: int | None = None
) -> Replay:
    """Take the steps of a schedule, at most ``to`` of them.

    Strict: stop at the first label that is not enabled and at the first state that differs. Lenient: skip what is not
    enabled, whatever the states. KeyError names the races or variants there are.
    """
    if schedule.race not in races:
        raise KeyError(f"no race {schedule.race!r}; there are: {', '.join(races)}")
    race = races[schedule.race]
    world = race.world(schedule.variant, schedule.faults)
    taken: list[Label] = []
    skipped: list[Label] = []
    divergence: Divergence | None = None
    violation = _judged(race, world, taken)
    for number, entry in enumerate(schedule.entries[:to], start=1):
        enabled = world.enabled()
        if entry.label not in enabled:
            if lenient:
                skipped.append(entry.label)
                continue
            divergence = Divergence(number, entry, None, tuple(enabled))
            break
        world.step(entry.label)
        taken.append(entry.label)
        violation = violation or _judged(race, world, taken)
        state = digest_of(world)
        if not lenient and entry.digest not in ("-", state):
            divergence = Divergence(number, entry, state, tuple(world.enabled()))
            break
    for seat, (_, tables) in world.cast.items():
        world.trace.append(Observation(seat=seat, what="state", value=dump(tables)))
    return Replay(tuple(taken), tuple(skipped), divergence, violation, world.trace, tuple(world.enabled()))


def _judged(race: Race[Any, Any], world: World, taken: list[Label]) -> Violation | None:
    resting = not world.enabled() or world.at_rest()
    shown = race.views(world)
    for invariant in race.never:
        if (resting or not invariant.at_rest) and (finding := invariant.judge(shown)) is not None:
            return Violation(invariant.name, finding, tuple(taken))
    return None
