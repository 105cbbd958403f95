"""Small parties for tests of the simulator: ``a`` and ``b``, which ask each other and count what they learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import CALLS, Acted, Answer, Call, Handlers, Message, Party, Refusal, Requested, Turn
from reference_impl.kernel.tables import Table, Tables
from simulator.faults import NO_FAULTS, Faults
from simulator.invariant import Liveness
from simulator.race import Cast, Race
from simulator.sight import Sight
from simulator.world import Step, World


@dataclass(frozen=True, slots=True)
class Note:
    """What a toy remembers."""

    name: str
    text: str = ""


NOTES: Table[Note] = Table("notes", Note, ("name",))
OPERATIONS = {name: Operation(name, "GET", f"/{name.lower()}/{{id}}") for name in ("Ask", "Read")}


class Told(Message):
    text: str = ""


def toy(
    me: str,
    requested: Mapping[str, Callable[[Turn[None], Requested], Answer | None]] | None = None,
    acted: Mapping[str, Callable[[Turn[None], Acted], Answer | None]] | None = None,
    responded: Mapping[str, Callable[[Turn[None], Call, int | None, Any], None]] | None = None,
    fired: Mapping[str, Callable[[Turn[None], tuple[str, ...]], None]] | None = None,
    provisioned: Mapping[str, Callable[[Turn[None], tuple[str, ...], bool], None]] | None = None,
) -> tuple[Party[None], Tables]:
    """A party with these handlers, and its empty tables."""
    handlers = Handlers(requested or {}, acted or {}, responded or {}, fired or {}, provisioned or {})
    party = Party(me, OPERATIONS, (NOTES,), handlers, None, _refuse)
    return party, Tables(party.schema)


def _refuse(refusal: Refusal) -> Message:
    return Told(text=refusal.detail)


def note(turn: Turn[Any], name: str, text: str = "") -> None:
    turn.tx.put(NOTES, Note(name, text))


def noted(tables: Tables) -> dict[str, str]:
    return {row.name: row.text for row in tables.rows(NOTES)}


def ask(operation: str, peer: str = "b") -> Callable[[Turn[Any], Acted], Answer]:
    """An action that asks the peer and tells the customer that it is under way."""

    def acted(turn: Turn[Any], event: Acted) -> Answer:
        turn.call(peer, operation, {"id": event.inputs.get("id", "1")})
        return Answer(status=202)

    return acted


def remember(turn: Turn[Any], call: Call, status: int | None, body: Any) -> None:
    """Note the status that an answer had."""
    note(turn, dict(call.path)["id"], str(status))


def world(
    cast: Cast, actions: Sequence[str], faults: Faults = NO_FAULTS, folded: tuple[str, ...] = (), after: str = ""
) -> World:
    """A world where the customer of ``a`` takes these actions, each called by its own name."""
    return World(cast, [Step(action, "a", action, {}, after) for action in actions], faults, None, folded)


def again(turn: Turn[Any], call: Call, status: int | None, body: object) -> None:
    """The vice: refused, it asks again at once."""
    turn.call("b", "Ask", {"id": "1"})


def refuse(turn: Turn[Any], event: Requested) -> Answer:
    raise Refusal(409, "no")


LOOP: Race[Any, bool] = Race(
    id="LOOP",
    title="a asks for ever",
    story="",
    cast=lambda decisions: {
        "a": toy("a", acted={"begin": ask("Ask")}, responded={"Ask": again}),
        "b": toy("b", {"Ask": refuse}),
    },
    prepare=lambda cast: [Step("begin", "a", "begin", {})],
    view=Sight(lambda seat, tables: bool(tables.rows(CALLS)), lambda tables: {}, {}, lambda tables: ()),
    decisions=None,
    faults=NO_FAULTS,
    never=(),
    live=(Liveness("a's request ends", lambda views: "a asks" if any(views) else ""),),
)
"""A race that is lost by a livelock: b refuses, and a asks again."""


def two_equal_calls() -> World:
    """``a`` makes two calls for different ends that say the same on the wire; it notes which end was answered."""

    def ask_for(turn: Turn[Any], event: Acted) -> Answer:
        turn.call("b", "Ask", {"id": "1"}, subject=(event.inputs["end"],))
        return Answer()

    def remember_end(turn: Turn[Any], call: Call, status: int | None, body: Any) -> None:
        note(turn, call.subject[0])

    cast = {
        "a": toy("a", acted={"ask": ask_for}, responded={"Ask": remember_end}),
        "b": toy("b", requested={"Ask": lambda turn, event: Answer()}),
    }
    return World(cast, [Step(end, "a", "ask", {"end": end}) for end in ("x", "y")])
