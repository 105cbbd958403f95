"""A world: a cast of parties, the messages between them, and an adversary who chooses what happens next.

What a world is at one moment is in ``state``, what may happen in ``choosing``, what then happens in ``happening``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from reports.record import AnyRecord
from reports.trace import Trace
from simulator.choosing import Choice, choices
from simulator.journey import Journey
from simulator.recording import Recorder
from simulator.state import Label as Label
from simulator.state import Moment as Moment
from simulator.state import State
from simulator.state import Step as Step


class World(State):
    """A state, with what may happen next: by label for people and schedules, by choices for explorers."""

    @cached_property
    def recorder(self) -> Recorder:
        """Who sees all steps taken by ``step``."""
        return Recorder()

    @property
    def trace(self) -> Trace:
        """What was seen of them."""
        return self.recorder.trace

    @property
    def journeys(self) -> Sequence[Journey]:
        """What became of each copy of a call that left in them, in the order of their leaving."""
        return self.recorder.journeys

    def enabled(self) -> list[Label]:
        """Everything that may happen now, in the order of the labels."""
        return [label for label, _ in choices(self)]

    def successors(self) -> list[Choice]:
        """The same with what does it, for an explorer that restores a snapshot before each."""
        return choices(self)

    def step(self, label: Label) -> list[AnyRecord]:
        """Let one enabled thing happen; returns what was seen of it. KeyError names a label that is not enabled."""
        happens = dict(choices(self)).get(label)
        if happens is None:
            raise KeyError(f"{label!r} is not enabled; enabled are {self.enabled()}")
        self.recorder.step(label)
        before = len(self.trace)
        self.watcher = self.recorder
        happens()
        self.watcher = None
        return self.trace[before:]
