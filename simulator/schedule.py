"""A schedule: what happened in a world, as a small text that can be kept, mailed, replayed and shrunk by hand.

    interlock-schedule/2
    race CC-RACE-001
    variant ignores tentative reservations
    faults drop=1,duplicate=1
    decisions placement_attempts=3, fits=counts_no_tentative
    start 7b3aa2ce01f4

    5d0c1d3a8f21 accept csp-a 0001
    91b7e4402c6d deliver csp-a ConfirmActivationKey
    end 2 steps

The head names the world: ``decisions`` are those that are not the protocol's own defaults, ``start`` is the digest of
the state before any step. Each line after the empty one is the digest of the state that follows and the label of what
happens. Labels are texts, not numbers of choices: they survive a change of the code, and where the code behaves
differently now, the digest says from which line on. A line ``for ever`` stands before the cycle of a livelock. Lines
that begin with ``#`` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simulator.faults import Faults
from simulator.world import Label

FORMAT = "interlock-schedule/2"
UNKNOWN = "-"
"""Where nobody knows: no digest is compared."""
_HEAD = ("race", "variant", "faults", "decisions", "start")
_STEP = re.compile(r"([0-9a-f]{12}|-) (\S.*)")
_END = re.compile(r"end (\d+) steps?")
_FOR_EVER = "for ever"


class ScheduleError(ValueError):
    """A schedule cannot be read or does not belong here; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: its label and the digest of the state after it (12 hex digits; "-" where nobody knows)."""

    label: Label
    digest: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Schedule:
    """``cycle`` is the number of steps before the cycle that goes on for ever; None: the schedule ends.

    ``decisions`` and ``start`` tell the configuration (``-``: unknown). ``source`` and ``lines`` say where each line of
    the head was read.
    """

    race: str
    variant: str | None
    faults: Faults
    entries: tuple[Entry, ...]
    cycle: int | None = None
    decisions: str = UNKNOWN
    start: str = UNKNOWN
    source: str = field(default="schedule", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(entry.label for entry in self.entries)

    def text(self) -> str:
        """The file; ``parse`` gives the same schedule again."""
        faults = ",".join(f"{name}={budget}" for name, budget in self.faults.named().items())
        values = (self.race, self.variant or UNKNOWN, faults or UNKNOWN, self.decisions, self.start)
        steps = [f"{entry.digest} {entry.label}" for entry in self.entries]
        if self.cycle is not None:
            steps.insert(self.cycle, _FOR_EVER)
        head = [FORMAT, *(f"{name} {value}" for name, value in zip(_HEAD, values, strict=True))]
        return "\n".join([*head, "", *steps, f"end {len(self.entries)} steps", ""])

    def problem(self, name: str, words: str) -> ScheduleError:
        """What is wrong with a line of the head, by its name."""
        return ScheduleError(f"{self.source}:{self.lines.get(name, 1)}: {words}")


def parse(text: str, source: str = "schedule") -> Schedule:
    """Read a schedule; ScheduleError names the line that cannot be read."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != FORMAT:
        raise ScheduleError(f"{source}:1: want {FORMAT!r}, got {lines[0][:80] if lines else 'an empty file'!r}")
    head: dict[str, str] = {}
    where: dict[str, int] = {}
    number = 1
    for number, line in enumerate(lines[1:], start=2):
        if line.startswith("#"):
            continue
        if not line.strip():
            break
        name, _, value = line.partition(" ")
        if name not in _HEAD or name in head or not value.strip():
            raise ScheduleError(
                f"{source}:{number}: want {', '.join(_HEAD)} once each, then an empty line; got {line[:80]!r}"
            )
        head[name], where[name] = value.strip(), number
    if "race" not in head:
        raise ScheduleError(f"{source}:{number}: the head names no race")
    try:
        faults = Faults.parse(head.get("faults", UNKNOWN).removeprefix(UNKNOWN))
    except ValueError as problem:
        raise ScheduleError(f"{source}:{where['faults']}: {problem}") from None
    variant = head.get("variant", UNKNOWN)
    entries, cycle = _steps(lines, number, source)
    return Schedule(
        head["race"],
        None if variant == UNKNOWN else variant,
        faults,
        entries,
        cycle,
        head.get("decisions", UNKNOWN),
        head.get("start", UNKNOWN),
        source,
        where,
    )


def _steps(lines: Sequence[str], start: int, source: str) -> tuple[tuple[Entry, ...], int | None]:
    """The steps and where their cycle begins."""
    entries: list[Entry] = []
    cycle: int | None = None
    for number, line in enumerate(map(str.strip, lines[start:]), start=start + 1):
        if not line or line.startswith("#"):
            continue
        if line == _FOR_EVER and cycle is None:
            cycle = len(entries)
        elif (end := _END.fullmatch(line)) is not None:
            if int(end[1]) != len(entries):
                raise ScheduleError(
                    f"{source}:{number}: want 'end {len(entries)} steps' after that many, got {line!r}; steps are "
                    "missing, or were left out by hand: then mend this number"
                )
            if cycle == len(entries):
                raise ScheduleError(f"{source}:{number}: want steps after {_FOR_EVER!r}, got none")
            return tuple(entries), cycle
        elif (found := _STEP.fullmatch(line)) is not None:
            entries.append(Entry(found[2], found[1]))
        else:
            raise ScheduleError(f"{source}:{number}: want 12 hex digits (or -) and a label, got {line[:80]!r}")
    raise ScheduleError(
        f"{source}:{max(len(lines), 1)}: want 'end {len(entries)} steps' as the last line; the file was cut here"
    )


def write(schedule: Schedule, path: Path) -> None:
    path.write_text(schedule.text(), encoding="utf-8")


def read(path: Path) -> Schedule:
    """Read a schedule file; ScheduleError names file and line, OSError a file that cannot be opened."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError:
        raise ScheduleError(f"{path}:1: want {FORMAT!r}, got bytes that are no text") from None
