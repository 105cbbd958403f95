"""A world led along a live trace: whatever was seen has to happen in it, in the same order and with the same answers.

The customers of the world act when those of the trace did, and each message that was seen has to be one that its parties
send there. What no record shows is searched for, depth first: the moment at which a request arrived (as early as the rest
allows), timers, equipment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import Any

from reports.record import Action, AnyRecord, Fault, Lost, Request, Response
from reports.wording import called
from simulator.exchange import Exchange
from simulator.faults import Faults, fault_of
from simulator.race import Race
from simulator.world import Label

Ids = tuple[tuple[str, str], ...]
Way = tuple[Label, ...]
LONGEST_GAP = 8
"""Unseen steps between two records of a live trace."""
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_FAULTS = {"drop": "drop", "lose": "lose-response", "lose-response": "lose-response", "duplicate": "duplicate"}
"""The faults of live runs that a world has as well, by their names there."""
_FORGED = ("answer", "replace-answer", "hold-then-answer")


class NoSchedule(ValueError):
    """A trace cannot be brought into the form of a schedule; the message names the record and what may happen there."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Which exchange of the trace is which of the world, by slot, until the caller has its answer or gives up; copies
    share the name. Which ids of the trace are which of the world."""

    slots: tuple[tuple[str, int], ...]
    ids: Ids

    def with_slot(self, name: str, slot: int, ids: Ids) -> _Known:
        return _Known((*self.slots, (name, slot)), ids)

    def without(self, name: str) -> _Known:
        return _Known(tuple(each for each in self.slots if each[0] != name), self.ids)


class Leading:
    """A world that is led along a trace, depth first; a state that failed once is not tried again."""

    def __init__(self, race: Race[Any, Any], variant: str | None, trace: Sequence[AnyRecord]) -> None:
        self._race = race
        self._world = race.world(variant, Faults(**{each.name: len(trace) for each in fields(Faults)}))
        self._asked = {(step.seat, step.action) for step in self._world.steps}
        self._seats = _seats(trace, list(self._world.cast))
        self._records = [each for each in trace if self._concerns(each)]
        self._failed: set[tuple[int, int, int, _Known]] = set()
        self._furthest = -1
        self._best: tuple[Label, ...] = ()
        self.stopped = ""

    def lead(self) -> tuple[Label, ...]:
        """The steps of the world along the trace, or along the longest part of it; then ``stopped`` says why."""
        if self._from(0, _Known((), ()), 0, ()):
            self.stopped = ""
        return self._best

    def _reached(self, place: int, taken: tuple[Label, ...]) -> None:
        """The search has come further than before."""
        self._furthest, self._best = place, taken
        if place < len(self._records):
            at = self._records[place]
            choices = [label for label in self._world.enabled() if not fault_of(label)]
            self.stopped = (
                f"record {at.seq}, {_told(at)}: the world of {self._race.id} does not come to that; there may happen "
                f"then, without a fault: {'; '.join(choices) or 'nothing'}"
            )

    def _concerns(self, each: AnyRecord) -> bool:
        """Does the record belong to the story of this race?"""
        match each:
            case Action():
                return (self._seats[each.seat], each.action) in self._asked
            case Request() | Response() | Lost():
                return not getattr(each, "ours", False) and self._in_story(each.operation)
            case Fault():
                if each.fault in _FORGED:
                    raise NoSchedule(
                        f"record {each.seq}: the harness gave an answer of its own; no party of a world does"
                    )
                return each.fault in _FAULTS
        return False

    def _in_story(self, operation: str | None) -> bool:
        bound = self._race.operations
        return operation not in self._race.folded and (bound is None or operation in bound)

    def _from(self, place: int, known: _Known, gap: int, taken: tuple[Label, ...]) -> bool:
        """Go on from this record; False: there is no way to the end."""
        if place > self._furthest:
            self._reached(place, taken)
        if place == len(self._records):
            return True
        world = self._world
        tried = (place, gap, world.fingerprint(), known)
        if tried in self._failed:
            return False
        self._failed.add(tried)
        moment = world.snapshot()
        unseen = self._unseen(known) if gap < LONGEST_GAP else []
        arrivals = [label for label in unseen if label.startswith("deliver ")]
        ways: list[tuple[Way, int, _Known, int]] = [((label,), place, known, gap + 1) for label in arrivals]
        ways += [(labels, place + 1, then, 0) for labels, then in self._ways(self._records[place], known)]
        ways += [((label,), place, known, gap + 1) for label in unseen if label not in arrivals]
        for labels, following, then, unseen_steps in ways:
            world.restore(moment)
            if self._take(labels) and self._from(following, then, unseen_steps, (*taken, *labels)):
                return True
        return False

    def _take(self, labels: Sequence[Label]) -> bool:
        for label in labels:
            happens = dict(self._world.successors()).get(label)
            if happens is None:
                return False
            happens()
        return True

    def _unseen(self, known: _Known) -> list[Label]:
        """What may happen without a record of it: a request that was seen arrives, a timer fires, equipment is done."""
        seen = {slot for _, slot in known.slots}
        arriving = [each for each in self._world.exchanges if each.slot in seen or each.call is None]
        arrivals = {f"deliver {self._name(each)}" for each in arriving}
        return [each for each in self._world.enabled() if each in arrivals or each.startswith(("fire ", "provision "))]

    def _ways(self, at: AnyRecord, known: _Known) -> list[tuple[Way, _Known]]:
        """The steps that a record stands for, and what is known after them."""
        match at:
            case Action():
                asked = self._seats[at.seat], at.action
                steps = [step.name for step in self._world.steps if (step.seat, step.action) == asked]
                return [((name,), known) for name in steps]
            case Request():
                return self._requested(at, known)
            case Response() | Lost() | Fault():
                return self._travelled(at, at.exchange or "", known)
        return []

    def _requested(self, at: Request, known: _Known) -> list[tuple[Way, _Known]]:
        """The exchanges of the world that a request may be."""
        taken = {slot for _, slot in known.slots}
        ways: list[tuple[Way, _Known]] = []
        for each in self._world.exchanges:
            letter = each.letter
            free = each.slot not in taken and each.call is not None
            if not free or (letter.caller, letter.operation) != (self._seats[at.sender], at.operation):
                continue
            path = self._world.cast[letter.caller][0].operations[letter.operation].url(dict(letter.path))
            ids = _same(at.path, path, known.ids)
            for name, value in letter.query:
                ids = ids if ids is None else _same(at.query.get(name, ""), value, ids)
            if ids is not None:
                ways.append(((), known.with_slot(at.exchange, each.slot, ids)))
        return ways

    def _travelled(self, at: Response | Lost | Fault, name: str, known: _Known) -> list[tuple[Way, _Known]]:
        """What may have happened to a message of an exchange."""
        slots = [slot for exchange, slot in known.slots if exchange == name]
        if not slots:
            return [((), known)] if isinstance(at, Lost) else []  # who waited has given up before
        ways: list[tuple[Way, _Known]] = []
        for own in (each for each in self._world.exchanges if each.slot in slots):
            for verbs in _verbs(at, own):
                ended = verbs and verbs[-1] in ("answer", "time-out", "late")
                then = known.without(name) if ended else known
                ways.append((tuple(f"{verb} {self._name(own)}" for verb in verbs), then))
        return ways

    def _name(self, own: Exchange) -> str:
        """As labels name it: exchanges that are alike are numbered in the order of their slots."""
        alike = [each.slot for each in self._world.exchanges if each.about == own.about]
        number = alike.index(own.slot) + 1
        return own.about if number == 1 else f"{own.about} #{number}"


def _seats(trace: Sequence[AnyRecord], own: Sequence[str]) -> dict[str, str]:
    """Which seat of the trace is which of the world: by name, else in their order."""
    seen: set[str] = set()
    for each in trace:
        match each:
            case Action():
                seen.add(each.seat)
            case Request() | Response() | Lost():
                seen |= {each.sender, each.receiver}
    if seen <= set(own):
        return {seat: seat for seat in own}
    if len(seen) > len(own):
        raise NoSchedule(f"want at most {len(own)} seats, such as {', '.join(own)}, got {', '.join(sorted(seen))}")
    return dict(zip(sorted(seen), own, strict=False))


def _verbs(at: AnyRecord, own: Exchange) -> list[tuple[str, ...]]:
    """What may have happened to an exchange, in the verbs of labels."""
    match at:
        case Response():
            return [("answer",)] if own.stage == "replied" and own.status == at.status else []
        case Fault():
            return [(_FAULTS[at.fault],)]
        case Lost() if own.stage == "lost":
            return [(), ("time-out",)]
        case Lost(what="request" | "response"):
            loss = "drop" if at.what == "request" else "lose-response"
            return [(loss,), (loss, "time-out")]
    return [("late",), ("drop", "time-out"), ("lose-response", "time-out")]


def _same(live: str, own: str, ids: Ids) -> Ids | None:
    """Are two paths the same but for their UUIDs, and those one to one? Then with what that says of the ids."""
    known = dict(ids)
    pairs = list(zip_longest(reversed(live.strip("/").split("/")), reversed(own.strip("/").split("/")), fillvalue=""))
    for theirs, ours in pairs:
        if not ours:  # a prefix of the live server's own
            break
        if _UUID.fullmatch(theirs) and _UUID.fullmatch(ours):
            if known.setdefault(theirs, ours) != ours:
                return None
        elif theirs != ours:
            return None
    return tuple(known.items()) if len(set(known.values())) == len(known) else None


def _told(at: AnyRecord) -> str:
    match at:
        case Action():
            return f"{at.seat} is asked to {at.action}"
        case Request():
            return f"{at.sender} sends {called(at)}"
        case Response():
            return f"{at.sender} answers {at.operation} with {at.status}"
        case Lost():
            return f"{at.sender} has no answer to {at.operation}"
        case Fault():
            return f"the fault {at.fault}"
    return type(at).__name__
