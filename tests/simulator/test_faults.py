"""What is enabled under each of the rarer faults, and what a world does for a story's boundary: with toys."""

from __future__ import annotations

from typing import Any

from reference_impl.kernel.party import Acted, Answer, Requested, Turn
from reports.record import Action, Outcome, Request, Response
from simulator.faults import NO_FAULTS, Faults
from simulator.race import Cast
from simulator.world import Step, World
from tests.simulator.toys import NOTES, ask, note, noted, remember, toy, two_equal_calls, world


def served(turn: Turn[Any], event: Requested) -> Answer:
    return Answer()


def asking(operation: str = "Ask") -> Cast:
    """``a`` asks ``b``, which answers at once."""
    return {
        "a": toy("a", acted={"ask": ask(operation)}, responded={operation: remember}),
        "b": toy("b", requested={operation: served}),
    }


# --- partitions -----------------------------------------------------------------------------------------------------


def test_a_partition_meets_what_is_in_flight() -> None:
    one = world(asking(), ["ask"], Faults(partition=1))
    assert one.enabled() == ["ask"]  # nothing is in flight: a partition would be a mere delay
    one.step("ask")
    assert one.enabled() == ["deliver a Ask 1", "partition a b"]
    one.step("partition a b")
    assert one.enabled() == ["heal a b", "time-out a Ask 1"]
    assert (one.cut, one.faults) == ((("a", "b"),), NO_FAULTS)
    assert not one.at_rest()
    one.step("time-out a Ask 1")
    assert noted(one.cast["a"][1]) == {"1": "None"}
    assert one.enabled() == ["heal a b"]
    one.step("heal a b")
    assert (one.enabled(), one.cut, one.at_rest()) == ([], (), True)


def test_a_partition_meets_an_answer_after_its_effect() -> None:
    one = world(asking(), ["ask"], Faults(partition=1))
    one.step("ask")
    one.step("deliver a Ask 1")
    assert one.enabled() == ["answer a Ask 1", "partition a b"]
    one.step("partition a b")
    assert one.enabled() == ["heal a b", "time-out a Ask 1"]


def test_what_is_sent_into_a_partition_is_lost_and_what_is_sent_after_it_arrives() -> None:
    one = World(asking(), [Step("first", "a", "ask"), Step("second", "a", "ask", {"id": "2"})], Faults(partition=1))
    one.step("first")
    one.step("partition a b")
    one.step("second")
    assert one.enabled() == ["heal a b", "time-out a Ask 1", "time-out a Ask 2"]
    one.step("heal a b")
    assert one.enabled() == ["time-out a Ask 1", "time-out a Ask 2"]  # what is lost stays lost


def hold(turn: Turn[Any], event: Requested) -> None:
    """``b`` answers when its timer fires."""
    note(turn, "held", event.to)
    turn.arm("held", ("b", "env", "1"), 1)


def let_go(turn: Turn[Any], subject: tuple[str, ...]) -> None:
    held = turn.tx.get(NOTES, "held")
    assert held is not None
    turn.reply(held.text, Answer())


def holding(operation: str = "Ask") -> Cast:
    return asking(operation) | {"b": toy("b", requested={operation: hold}, fired={"held": let_go})}


def test_an_answer_that_leaves_into_a_partition_is_lost() -> None:
    one = World(holding(), [Step("first", "a", "ask"), Step("second", "a", "ask", {"id": "2"})], Faults(partition=1))
    one.step("first")
    one.step("deliver a Ask 1")
    one.step("second")
    one.step("partition a b")  # the first request is held, the second is in flight
    assert one.enabled() == ["fire b held 1", "heal a b", "time-out a Ask 2"]
    one.step("fire b held 1")
    assert one.enabled() == ["heal a b", "time-out a Ask 1", "time-out a Ask 2"]


# --- equipment ------------------------------------------------------------------------------------------------------


def equipped() -> Cast:
    """``a`` lets its equipment work, and a timer beside it; both are noted."""

    def begin(turn: Turn[Any], event: Acted) -> Answer:
        turn.provision("port", ("a", "env", "ix1"))
        turn.arm("patience", ("a", "env", "ix1"), 1)
        return Answer(status=202)

    def done(turn: Turn[Any], subject: tuple[str, ...], well: bool) -> None:
        note(turn, "port", "up" if well else "failed")

    def over(turn: Turn[Any], subject: tuple[str, ...]) -> None:
        note(turn, "patience", "over")

    return {"a": toy("a", acted={"begin": begin}, provisioned={"port": done}, fired={"patience": over})}


def test_a_timer_waits_for_the_equipment() -> None:
    one = world(equipped(), ["begin"])
    one.step("begin")
    assert one.enabled() == ["provision a port ix1"]
    one.step("provision a port ix1")
    assert one.enabled() == ["fire a patience ix1"]
    one.step("fire a patience ix1")
    assert noted(one.cast["a"][1]) == {"port": "up", "patience": "over"}
    assert one.at_rest()


def test_equipment_that_does_not_matter_is_done_at_once() -> None:
    one = world(equipped(), ["begin"], Faults(slow_provisioning=1), folded=("port",))
    one.step("begin")
    assert noted(one.cast["a"][1]) == {"port": "up"}
    assert one.enabled() == ["fire a patience ix1"]


def test_slow_equipment() -> None:
    one = world(equipped(), ["begin"], Faults(slow_provisioning=1))
    one.step("begin")
    assert one.enabled() == ["provision a port ix1", "slow-provisioning a patience ix1"]
    one.step("slow-provisioning a patience ix1")
    assert (one.enabled(), one.faults) == (["provision a port ix1"], NO_FAULTS)
    assert noted(one.cast["a"][1]) == {"patience": "over"}


def test_failing_equipment() -> None:
    one = world(equipped(), ["begin"], Faults(fail_provisioning=1))
    one.step("begin")
    assert one.enabled() == ["fail-provisioning a port ix1", "provision a port ix1"]
    one.step("fail-provisioning a port ix1")
    assert (one.enabled(), one.faults) == (["fire a patience ix1"], NO_FAULTS)
    assert noted(one.cast["a"][1]) == {"port": "failed"}


# --- steps ----------------------------------------------------------------------------------------------------------


def test_a_step_after_another() -> None:
    one = World(asking(), [Step("later", "a", "ask", {"id": "2"}, after="sooner"), Step("sooner", "a", "ask")])
    assert one.enabled() == ["sooner"]
    one.step("sooner")
    assert one.enabled() == ["deliver a Ask 1", "later"]


# --- folded reads ---------------------------------------------------------------------------------------------------


def test_a_folded_read_is_answered_in_the_step_that_makes_it() -> None:
    one = world(asking("Read"), ["ask"], folded=("Read",))
    assert one.enabled() == ["ask"]
    seen = [type(record) for record in one.step("ask")]
    assert seen[-4:] == [Action, Outcome, Request, Response]
    assert noted(one.cast["a"][1]) == {"1": "200"}
    assert (one.enabled(), one.exchanges) == ([], ())


def test_a_folded_read_that_is_held_goes_on_like_any_other() -> None:
    one = world(holding("Read"), ["ask"], Faults(late=1), folded=("Read",))
    one.step("ask")
    assert [(each.operation, each.stage) for each in one.exchanges] == [("Read", "held")]
    assert one.enabled() == ["fire b held 1", "late a Read 1"]
    one.step("fire b held 1")
    assert one.enabled() == ["answer a Read 1", "late a Read 1"]
    one.step("answer a Read 1")
    assert noted(one.cast["a"][1]) == {"1": "200"}


def test_a_folded_read_of_a_host_that_is_down_waits_for_it() -> None:
    cast = asking("Read") | {
        "b": toy("b", {"Read": served}, {"ask": ask("Ask", "a")}, {"Ask": remember}),
    }
    one = World(cast, [Step("ask b", "b", "ask"), Step("ask a", "a", "ask")], Faults(crash=1), folded=("Read",))
    one.step("ask b")
    one.step("crash b")
    one.step("ask a")
    assert one.enabled() == ["deliver b Ask 1", "restart b"]
    one.step("restart b")
    assert one.enabled() == ["deliver a Read 1", "deliver b Ask 1"]


def test_a_folded_read_into_a_partition_is_lost() -> None:
    cast = asking() | {"a": toy("a", acted={"ask": ask("Ask"), "read": ask("Read")}, responded={"Read": remember})}
    one = World(cast, [Step("ask", "a", "ask"), Step("read", "a", "read")], Faults(partition=1), folded=("Read",))
    one.step("ask")
    one.step("partition a b")
    one.step("read")
    assert one.enabled() == ["heal a b", "time-out a Ask 1", "time-out a Read 1"]


# --- ids ------------------------------------------------------------------------------------------------------------


def test_fresh_ids_are_new_for_each_party_and_no_part_of_the_fingerprint() -> None:
    def draw(turn: Turn[Any], event: Acted) -> Answer:
        note(turn, "drawn", " ".join([turn.ctx.fresh("uuid"), turn.ctx.fresh("uuid"), turn.ctx.fresh("token")]))
        return Answer()

    def forget(turn: Turn[Any], event: Acted) -> Answer:
        turn.tx.delete(NOTES, "drawn")
        return Answer()

    cast = {seat: toy(seat, acted={"draw": draw, "forget": forget}) for seat in ("a", "b")}
    steps = [Step(f"{action} {seat}", seat, action) for seat in ("a", "b") for action in ("draw", "forget")]
    one = World(cast, steps)
    start = one.snapshot()
    one.step("draw a")
    one.step("draw b")
    assert [noted(tables)["drawn"] for _, tables in one.cast.values()] == [
        "00000001-0000-4000-8000-000000000001 00000001-0000-4000-8000-000000000002 token-a-1",
        "00000002-0000-4000-8000-000000000001 00000002-0000-4000-8000-000000000002 token-b-1",
    ]
    one.step("forget a")
    one.step("forget b")
    drawn = one.fingerprint()
    one.restore(start)
    for label in ("forget a", "forget b"):
        one.step(label)
    one.steps = ()
    assert one.fingerprint() == drawn  # nothing is left of what was drawn
    one.restore(start)
    one.step("draw a")
    assert noted(one.cast["a"][1])["drawn"].endswith(" token-a-1")  # a snapshot brings the numbers back, too


def test_it_matters_which_of_two_equal_calls_is_answered() -> None:
    one = two_equal_calls()
    one.step("x")
    one.step("y")
    moment = one.snapshot()
    ends = []
    for label in ("deliver a Ask 1", "deliver a Ask 1 #2"):
        one.restore(moment)
        one.step(label)
        mark = one.fingerprint()
        one.step(label.replace("deliver", "answer"))
        ends.append((mark, set(noted(one.cast["a"][1]))))
    assert [each for _, each in ends] == [{"x"}, {"y"}]
    assert ends[0][0] != ends[1][0]
