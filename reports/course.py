"""The course of a replayed schedule, as data: what a picture of it draws. It knows no protocol.

Steps count from 1; 0 is the moment before the first. One thing happens in each step, and all sides are shown after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Leg:
    """A message on its way from seat to seat. ``arrived`` is None while it is under way; ``lost`` is the step in which it
    was lost, and ``why``; ``unheard``: nobody waits for it any more. ``again``: it is a copy."""

    source: str
    target: str
    kind: Literal["request", "response"]
    text: str
    sent: int
    arrived: int | None = None
    lost: int | None = None
    why: str = ""
    unheard: bool = False
    again: bool = False
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happens at one seat: the customer acts, a timer fires, equipment is done, a fault, the end of one."""

    step: int
    seat: str
    kind: Literal["action", "timer", "equipment", "fault", "relief"]
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts: a server holds its answer, a seat is down, two seats are cut off from each other."""

    kind: Literal["held", "down", "partition"]
    seats: tuple[str, ...]
    first: int
    last: int | None
    """None: to the end."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The course of one resource of one side. ``values[n]`` are its ``parts`` after step n; ``maximum`` bounds the first
    part (None: nothing does)."""

    side: str
    name: str
    unit: str
    maximum: int | None
    parts: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed in one row of one side, in words."""

    side: str
    row: str
    words: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One step: its label, whether it is a stroke of the adversary, what it changed."""

    label: str
    fault: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that broke after a step, what it wants and what there was."""

    step: int
    rule: str
    want: str
    got: str


@dataclass(frozen=True, slots=True)
class Course:
    """``cycle`` is the number of steps before those that go on for ever."""

    seats: tuple[str, ...]
    steps: tuple[Taken, ...]
    legs: tuple[Leg, ...]
    marks: tuple[Mark, ...]
    spans: tuple[Span, ...]
    lanes: tuple[Lane, ...]
    broken: Broken | None = None
    cycle: int | None = None
