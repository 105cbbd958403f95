"""Is the target still there? During a run it may go down, or answer nothing any more: then nothing can be judged.

A scenario for which the target was not there could not begin, or its northbound side could not be used, or nothing that
was sent to its east/west side was answered. A few in a row are a suspicion; that the target is gone is the doctor's word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.doctor import Finding
from conformance.play import NOT_BEGUN
from reports.record import AnyRecord, Fault, Lost, Meta, Request, Response

NOT_PREPARED, SUSPICIOUS = 3, 2
"""So many scenarios in a row that could not begin are enough; so many others are a reason to ask the doctor."""


@dataclass(slots=True)
class Scene:
    """A scenario of a trace: the place of its first record, which it is, whether it could not begin, and whether the target
    was not there for it."""

    place: int
    about: tuple[str, str]
    not_begun: bool = False
    absent: bool = False
    problem: str = ""


def scenes(trace: Sequence[AnyRecord]) -> list[Scene]:
    found: list[Scene] = []
    for place, record in enumerate(trace):
        if isinstance(record, Meta) and record.mark == "scenario":
            found.append(Scene(place, (str(record.data.get("id")), str(record.data.get("target")))))
        elif isinstance(record, Meta) and record.mark == "end" and found:
            scene = found[-1]
            scene.problem = str(record.data.get("problem", ""))
            scene.not_begun = scene.problem.startswith(f"{NOT_BEGUN}: ")
            unanswered = _unanswered(trace[scene.place : place], scene.about[1])
            scene.absent = scene.not_begun or bool(record.data.get("away")) or unanswered
    return found


def _last(trace: Sequence[AnyRecord], number: int) -> list[Scene]:
    place, left = len(trace), number
    while place > 0 and left:
        place -= 1
        record = trace[place]
        left -= isinstance(record, Meta) and record.mark == "scenario"
    return scenes(trace[place:])


def _unanswered(records: Sequence[AnyRecord], target: str) -> bool:
    """Was something sent to the target, and nothing of it answered, without a disturbance of ours?"""
    sent = {each.exchange for each in records if isinstance(each, Request) and each.receiver == target}
    disturbed = {each.exchange for each in records if isinstance(each, Fault)}
    answered = {each.exchange for each in records if isinstance(each, Response)}
    lost = {each.exchange for each in records if isinstance(each, Lost)}
    return bool(sent & lost - disturbed) and not sent & answered


class Presence:
    """``look`` asks the doctor, without making the target call us. Once it is ``gone``, ``why`` says why, in lines."""

    def __init__(self, look: Callable[[], list[Finding]]) -> None:
        self._look = look
        self._doubted = 0
        self.gone = False
        self.why: list[str] = []

    def lost(self, trace: Sequence[AnyRecord]) -> bool:
        """Is it gone, by what the run has left behind so far? To be asked before each scenario."""
        if self.gone:
            return True
        seen = _last(trace, NOT_PREPARED)
        absent = len(seen) >= SUSPICIOUS and all(each.absent for each in seen[-SUSPICIOUS:])
        if not absent or len(trace) == self._doubted:
            return False
        self._doubted = len(trace)
        self.why = [f"{each.check}: {each.found}; change {each.change}" for each in self._look() if each.level == "bad"]
        unprepared = len(seen) == NOT_PREPARED and all(each.not_begun for each in seen)
        self.gone = bool(self.why) or unprepared
        if not self.why:
            self.why = [seen[-1].problem]
        return self.gone
