"""The world: what is enabled when, and the hashed explorer against one without hashing or snapshots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reference_impl.kernel.party import CALLS
from reports.record import Fault
from simulator.explore import explore
from simulator.faults import NO_FAULTS, Faults
from simulator.races.cc_race_001 import race
from simulator.world import World

CONFIRMED = (
    "accept csp-a 0001",
    "accept csp-b 0002",
    "deliver csp-a ConfirmActivationKey",
    "answer csp-a ConfirmActivationKey",
    "deliver csp-b ConfirmActivationKey",
    "answer csp-b ConfirmActivationKey",
)
CREATE_A = "csp-a CreateConnection ix2/000000000001"
CREATE_B = "csp-b CreateConnection ix2/000000000002"


def after(*labels: str, faults: Faults = NO_FAULTS) -> World:
    world = race.world(faults=faults)
    for label in labels:
        world.step(label)
    return world


def test_each_fault_is_a_choice_while_its_budget_lasts() -> None:
    world = after(*CONFIRMED[:1], faults=Faults(drop=1, duplicate=1, late=1))
    about = "csp-a ConfirmActivationKey"
    assert world.enabled() == [
        "accept csp-b 0002",
        f"deliver {about}",
        f"drop {about}",
        f"duplicate {about}",
        f"late {about}",
    ]
    world.step(f"drop {about}")
    assert world.enabled() == ["accept csp-b 0002", f"time-out {about}"]
    assert world.faults == Faults(duplicate=1, late=1)


def test_an_answer_can_be_lost_only_after_the_effect() -> None:
    world = after(*CONFIRMED[:1], faults=Faults(lose_response=1))
    assert world.enabled() == ["accept csp-b 0002", "deliver csp-a ConfirmActivationKey"]
    world.step("deliver csp-a ConfirmActivationKey")
    assert "lose-response csp-a ConfirmActivationKey" in world.enabled()


def test_a_timer_fires_when_no_message_is_under_way() -> None:
    world = after(*CONFIRMED, f"deliver {CREATE_A}", faults=Faults(drop=1))  # csp-b holds the answer, a timer runs
    assert world.enabled() == [f"deliver {CREATE_B}", f"drop {CREATE_B}"]
    world.step(f"drop {CREATE_B}")
    assert world.enabled() == ["fire csp-b held ix2/000000000001", f"time-out {CREATE_B}"]


def test_a_timer_is_quicker_than_a_message_only_by_a_fault() -> None:
    world = after(*CONFIRMED, f"deliver {CREATE_A}", faults=Faults(clock_jump=1))
    assert world.enabled() == ["clock-jump csp-b held ix2/000000000001", f"deliver {CREATE_B}"]
    world.step("clock-jump csp-b held ix2/000000000001")
    assert world.faults == NO_FAULTS
    assert world.enabled() == [f"answer {CREATE_A}", f"deliver {CREATE_B}"]


def test_a_late_copy_holds_no_timer_up() -> None:
    world = after(*CONFIRMED, f"deliver {CREATE_A}", f"late {CREATE_B}", faults=Faults(late=1))
    world.step("deliver csp-b GetConnection ix2/000000000002")
    assert f"deliver {CREATE_B}" in world.enabled()  # the copy may still be handled
    assert "fire csp-b held ix2/000000000001" not in world.enabled()  # an answer is under way
    assert [each.under_way for each in world.exchanges] == [False, False, True]


def test_a_label_that_is_not_enabled() -> None:
    with pytest.raises(KeyError, match="'fly' is not enabled; enabled are"):
        race.world().step("fly")


def test_restoring_gives_the_same_choices_and_fingerprint() -> None:
    world = after(*CONFIRMED)
    moment, mark, enabled = world.snapshot(), world.fingerprint(), world.enabled()
    world.step(f"deliver {CREATE_A}")
    assert world.fingerprint() != mark
    world.restore(moment)
    assert (world.fingerprint(), world.enabled()) == (mark, enabled)
    other = after("accept csp-b 0002", "accept csp-a 0001", *CONFIRMED[2:])
    assert other.fingerprint() == mark  # the order in which it came about does not matter


def test_the_hashed_explorer_agrees_with_a_plain_walk() -> None:
    """Every schedule from the confirmed keys on, each run afresh: the same states, at the same shortest distance."""
    reached: dict[int, int] = {}
    schedules = 0
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        labels = waiting.pop()
        world = after(*CONFIRMED, *labels)
        mark = world.fingerprint()
        reached[mark] = min(reached.get(mark, len(labels)), len(labels))
        enabled = world.enabled()
        schedules += not enabled
        waiting += [(*labels, label) for label in enabled]
    found = explore(after(*CONFIRMED), race.views, race.never)
    assert (len(reached), max(reached.values())) == (found.states, found.deepest)
    assert (found.states, schedules) == (23, 35)


def test_a_crash_loses_what_is_volatile_and_a_restart_tells_the_fate_of_calls() -> None:
    world = race.world(faults=Faults(crash=1))
    assert "crash csp-a" not in world.enabled()  # it has nothing to lose
    world.step("accept csp-a 0001")
    before = world.snapshot()
    assert [type(record) for record in world.step("crash csp-a")] == [Fault]
    assert world.enabled() == ["accept csp-b 0002", "deliver csp-a ConfirmActivationKey", "restart csp-a"]
    assert not world.at_rest()
    world.step("restart csp-a")
    (call,) = world.cast["csp-a"][1].rows(CALLS)
    assert (call.operation, call.attempt, call.sent) == ("ConfirmActivationKey", 1, True)
    assert world.enabled() == [
        "accept csp-b 0002",
        "deliver csp-a ConfirmActivationKey",  # of before the crash: its answer interests nobody
        "deliver csp-a ConfirmActivationKey #2",
    ]
    world.restore(before)
    assert (world.down, world.crashes, world.faults.crash) == ((), (), 1)


def test_what_a_customer_need_not_do_can_be_forgone() -> None:
    first, second = race.world().steps
    cast = race.cast(race.decisions)
    world = World(cast, (replace(first, optional=True), replace(second, after=first.name)))
    assert world.enabled() == ["accept csp-a 0001", "forgo accept csp-a 0001"]
    before = [tables.fingerprint() for _, tables in cast.values()]
    assert world.step("forgo accept csp-a 0001") == []
    assert [tables.fingerprint() for _, tables in cast.values()] == before
    assert world.enabled() == ["accept csp-b 0002"]
