"""The models walk clean over the reference, and say of wrong ones what they are wrong in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.fuzz.contract import Wishes
from conformance.fuzz.course import field_on, fuzz
from conformance.fuzz.model_coordinator import COORDINATOR, Row
from conformance.fuzz.model_federation import FEDERATION, State
from conformance.gallery import mutants
from conformance.play import self_play

WALKS = Wishes(examples=12, phases=("model",))


def verdicts(state: State) -> dict[str, tuple[str, str]]:
    return {move.name: (move.outcome, move.check) for move in FEDERATION.moves(state, "op1", "op2", 1)}


def test_what_a_host_owes_where_one_zone_is_registered() -> None:
    told = verdicts(FEDERATION.begin("op1", "op2"))
    one, two = "east-zone-01", "east-zone-02"
    assert told[f"register {one}"] == ("refused", "FI-ZREG-008/1")
    assert told[f"register {two}"] == ("accepted", "FI-ZREG-003/1")
    assert told[f"register {one} and {two}"] == ("refused", "FI-ZREG-009/3")
    assert told[f"deregister {one}"] == ("accepted", "FI-ZDEREG-004/1")
    assert told[f"deregister {one} and {two}"] == ("refused", "FI-ZDEREG-004/3")
    assert told["remove"] == ("refused", "FI-REMOVE-006/1")
    assert told["add"] == ("refused", "FI-PARTNER-009/1")
    assert len(told) == 19


def test_what_a_host_owes_to_a_partner_that_left() -> None:
    told = verdicts(State(False, frozenset()))
    assert {told[name] for name in told if name.startswith("register")} == {("refused", "FI-ZREG-003/4")}
    assert told["remove"] == ("refused", "FI-REMOVE-003/2")
    assert told["add"][0] == "either"


def test_what_an_issuer_owes_as_its_key_goes_on() -> None:
    begin = COORDINATOR.begin("csp-b", "csp-a")
    create, other = "create the offered one with 1000 on ix1", "create the offered one with 2000 on ix1"

    def told(row: Row) -> dict[str, tuple[str, str]]:
        moves = COORDINATOR.moves(replace(begin, offered=row), "csp-b", "csp-a", 1)
        return {move.name: (move.outcome, move.check) for move in moves}

    assert told(Row())[create] == ("either", "CC-CONN-004/4")
    assert told(Row(confirmed=True))[create] == ("accepted", "CC-CONN-002/1")
    assert told(Row(confirmed=True))[other] == ("refused", "CC-CONN-004/2")
    assert told(Row(confirmed=True, at="ix1"))[create] == ("either", "CC-CONN-013/1")
    assert told(Row(confirmed=True, at="ix2"))[create] == ("refused", "CC-CONN-013/1")
    assert told(Row(dead=True))[create] == ("refused", "CC-CONN-004/1")


@pytest.mark.parametrize(
    ("protocol", "seat"),
    [
        ("connection-coordinator", "csp-a"),
        ("connection-coordinator", "csp-b"),
        ("federation-interconnect", "op1"),
        ("federation-interconnect", "op2"),
    ],
)
def test_the_reference_does_what_the_model_says(protocol: str, seat: str) -> None:
    with field_on(self_play("asgi", 1), protocol, seat) as field:
        done = fuzz(field, WALKS)
    assert done.findings == ()
    assert done.answers["2xx"] > 10
    assert done.answers["4xx"] > 10


@pytest.mark.parametrize(
    ("id", "check", "requests"),
    [
        ("cc-confirms-used", "CC-KEY-017/1", 1),
        ("cc-l3-two-on-a-channel", "CC-FEAT-015/2", 1),
        ("fi-registers-again", "FI-ZREG-008/1", 1),
        ("fi-lets-users-go", "FI-REMOVE-006/1", 1),
        ("fi-keeps-withdrawn", "FI-UNSHARE-005/1", 4),
    ],
)
def test_a_vice_that_needs_a_history_is_found_by_the_shortest_one(id: str, check: str, requests: int) -> None:
    mutant = next(each for each in mutants() if each.id == id)
    decisions = {mutant.protocol: {mutant.seat: mutant.decisions}}
    with field_on(self_play("asgi", 1, decisions), mutant.protocol, mutant.seat) as field:
        done = fuzz(field, replace(WALKS, examples=40))
    found = {each.check: len(each.case.requests) for each in done.findings}
    assert found.get(check) == requests
