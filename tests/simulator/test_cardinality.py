"""A counter that never ends is named, where a cap was hit."""

from __future__ import annotations

from typing import Any

from reference_impl.kernel.party import Acted, Answer, Call, Refusal, Requested, Turn
from simulator.explore import INCOMPLETE, PROVED, explore
from simulator.world import Step, World
from tests.simulator.toys import ask, note, noted, toy


def counting(most: int) -> World:
    """``a`` asks again after each refusal, and counts; a flag goes to and fro beside it."""

    def again(turn: Turn[Any], call: Call, status: int | None, body: Any) -> None:
        if call.attempt < most:
            note(turn, "flag", "up" if call.attempt % 2 else "down")
            turn.again(call, 0)

    def never(turn: Turn[Any], event: Requested) -> Answer:
        raise Refusal(409, "never")

    def idle(turn: Turn[Any], event: Acted) -> Answer:
        return Answer()

    cast = {
        "a": toy("a", acted={"ask": ask("Ask"), "idle": idle}, responded={"Ask": again}),
        "b": toy("b", {"Ask": never}),
    }
    return World(cast, [Step("ask", "a", "ask"), Step("idle", "a", "idle")])


def shown(world: World) -> list[dict[str, str]]:
    return [noted(tables) for _, tables in world.cast.values()]


def test_the_member_that_counts_for_ever_is_named_first() -> None:
    found = explore(counting(10_000), shown, (), cap=400)
    assert (found.verdict, found.states) == (INCOMPLETE, 401)
    assert list(found.cardinality.items())[:3] == [("a calls.attempt", 101), ("steps", 4), ("a notes.text", 3)]


def test_a_sample_is_spread_over_all_of_a_long_exploration() -> None:
    found = explore(counting(10_000), shown, (), cap=5_000)
    assert next(iter(found.cardinality)) == "a calls.attempt"
    assert 500 <= found.cardinality["a calls.attempt"] <= 1_000


def test_nothing_is_named_where_the_end_was_reached() -> None:
    found = explore(counting(10), shown, (), cap=400)
    assert (found.verdict, found.cardinality) == (PROVED, {})
