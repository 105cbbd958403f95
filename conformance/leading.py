"""Messages between two real parties, led by the labels of a schedule: each waits until its turn comes.

A letter is one request on its way. Its sender waits for ``answer``; meanwhile the letter may be delivered, once or twice,
or lost. What no label will ever name goes through at once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import httpx

from conformance.wire import Deliver, Interception, Lead
from reference_impl.kernel.operation import Operation, Recognizer

VERBS = ("deliver", "answer", "drop", "lose-response", "duplicate", "late", "time-out")
"""Labels about a letter; a world's own names."""


@dataclass(frozen=True, slots=True)
class Move:
    """A label about a letter: ``deliver csp-a CreateConnection ix1/…#2`` is the second one that is alike."""

    verb: str
    sender: str
    operation: str
    ids: tuple[str, ...]
    number: int


def moves(labels: Sequence[str], operations: Sequence[str]) -> list[Move | None]:
    """The labels about letters, None for all others."""
    return [_move(label, sorted(operations, key=len, reverse=True)) for label in labels]


def _move(label: str, operations: Sequence[str]) -> Move | None:
    verb, _, rest = label.partition(" ")
    sender, _, about = rest.partition(" ")
    operation = next((each for each in operations if about == each or about.startswith(f"{each} ")), None)
    if verb not in VERBS or operation is None:
        return None
    found = re.fullmatch(r"(.*?)(?: #(\d+))?", about.removeprefix(operation).strip())
    assert found is not None
    ids = tuple(part for part in found[1].split("/") if part)
    return Move(verb, sender, operation, ids, int(found[2] or 1))


@dataclass(slots=True, eq=False)
class Letter:
    """``answered`` is what its sender waits for, None of a copy; ``delivery`` is under way or done once it was delivered."""

    sender: str
    operation: str
    ids: tuple[str, ...]
    deliver: Deliver
    answered: asyncio.Future[httpx.Response] | None
    delivery: asyncio.Task[httpx.Response] | None = None
    lost: bool = False

    @property
    def waits(self) -> bool:
        """Does somebody wait for its answer?"""
        return self.answered is not None and not self.answered.done()

    def may(self, verb: str) -> bool:
        match verb:
            case "deliver" | "drop":
                return self.delivery is None and not self.lost
            case "duplicate":
                return not self.lost
            case "answer" | "lose-response":
                return self.delivery is not None and not self.lost and self.answered is not None
            case _:
                return self.waits


@dataclass(slots=True)
class Post:
    """All letters of a run. ``expected`` names (sender, operation) of which labels are still to come."""

    operations: dict[str, Operation]
    expected: set[tuple[str, str]]
    letters: list[Letter] = field(default_factory=list)
    same: dict[str, str] = field(default_factory=dict)
    """Ids of the schedule and what they are called here."""
    cut: bool = False

    def interceptions(self) -> list[Interception]:
        names = sorted({operation for _, operation in self.expected})
        return [Interception("lead", name, times=-1, lead=self._leader(name)) for name in names]

    def _leader(self, operation: str) -> Lead:
        recognizer = Recognizer([self.operations[operation]])

        async def lead(sender: str, request: httpx.Request, deliver: Deliver) -> httpx.Response:
            if (sender, operation) not in self.expected:
                return await deliver()
            answered: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
            letter = Letter(sender, operation, _ids(recognizer, request), deliver, answered, lost=self.cut)
            self.letters.append(letter)
            return await answered

        return lead

    def find(self, move: Move) -> Letter | None:
        """The letter that a label means: one that is alike as far as ids are known here, the first ones first."""
        able = [each for each in self.letters if (each.sender, each.operation) == (move.sender, move.operation)]
        able = sorted((each for each in able if each.may(move.verb)), key=lambda each: not each.waits)
        wanted = [self.same.get(each, each) for each in move.ids]
        best = max((_alike(wanted, each.ids) for each in able), default=0)
        fitting = [each for each in able if _alike(wanted, each.ids) == best]
        return fitting[min(move.number, len(fitting)) - 1] if fitting else None

    def deliver(self, letter: Letter) -> None:
        letter.delivery = asyncio.create_task(_at_rest(letter.deliver))

    def answer(self, letter: Letter) -> None:
        """Its delivery has ended; whoever still waits is told."""
        assert letter.answered is not None
        assert letter.delivery is not None
        waits, letter.lost = letter.waits, True  # it is on its way no more
        if not waits:
            return
        problem = letter.delivery.exception()
        if problem is not None:
            letter.answered.set_exception(problem)
        else:
            letter.answered.set_result(letter.delivery.result())

    def give_up(self, letter: Letter) -> None:
        """Its sender waits no longer."""
        assert letter.answered is not None
        letter.answered.set_exception(httpx.ReadTimeout("given up, by the schedule"))

    def copy(self, letter: Letter) -> None:
        self.letters.append(Letter(letter.sender, letter.operation, letter.ids, letter.deliver, None))

    def partition(self, cut: bool) -> None:
        self.cut = cut
        for letter in self.letters:
            letter.lost = letter.lost or (cut and letter.waits)

    def open(self) -> None:
        """The schedule is over: what was not lost goes on as it would have by itself."""
        self.expected.clear()
        for letter in list(self.letters):
            if letter.waits and letter.lost:
                self.give_up(letter)
            elif letter.waits:
                if letter.delivery is None:
                    self.deliver(letter)
                assert letter.delivery is not None
                letter.delivery.add_done_callback(partial(self._answer_late, letter))

    def _answer_late(self, letter: Letter, delivery: asyncio.Task[httpx.Response]) -> None:
        if letter.waits and not delivery.cancelled():
            self.answer(letter)


async def _at_rest(deliver: Deliver) -> httpx.Response:
    return await deliver()


def _ids(recognizer: Recognizer, request: httpx.Request) -> tuple[str, ...]:
    """The ids below the environment, and those of the query, as labels have them: their last twelve characters."""
    path = request.url.raw_path.decode().partition("?")[0]
    found = None
    while path and found is None:  # the prefix of the server's own paths is not known here
        found = recognizer.find(request.method, path)
        path = "/" + path[1:].partition("/")[2] if "/" in path[1:] else ""
    ids = [value for name, value in (found[1].items() if found else ()) if name not in ("provider", "environment")]
    return tuple(value[-12:] for value in (*ids, *request.url.params.values()))


def _alike(wanted: Sequence[str], ids: Sequence[str]) -> int:
    return sum(each == other for each, other in zip(wanted, ids, strict=False))
