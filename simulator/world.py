"""A world: a cast of parties, the messages between them, and an adversary who chooses what happens next.

What a world is at one moment is in ``state``, what may happen in ``choosing``, what then happens in ``happening``.
"""

from __future__ import annotations

from reports.record import AnyRecord
from reports.trace import Trace
from simulator.choosing import Choice, choices
from simulator.recording import Recorder
from simulator.state import Label as Label
from simulator.state import Moment as Moment
from simulator.state import State
from simulator.state import Step as Step


class World(State):
    """A state, with what may happen next: by label for people and schedules, by choices for explorers."""

    _recorder: Recorder | None = None

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
        before = len(self.trace)
        self.watcher = self._recorder
        happens()
        self.watcher = None
        return self.trace[before:]

    @property
    def trace(self) -> Trace:
        """What was seen of all steps taken by ``step``."""
        if self._recorder is None:
            self._recorder = Recorder()
        return self._recorder.trace
