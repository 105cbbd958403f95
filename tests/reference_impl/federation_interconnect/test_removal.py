"""Deregistering zones and removing partners: FI-ZDEREG-001 to -006, FI-REMOVE-001 to -008, FI-RACE-003, -006, -007, -013."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    Side,
    Wire,
    arrangement,
    deciding,
    federated,
    kept,
    known,
    registered,
    roles,
)
from tests.reference_impl.federation_interconnect.test_attributes import stored
from tests.reference_impl.federation_interconnect.test_sharing import EAST, create, waiting, with_a_third

DEREGISTER, REMOVE, UPDATE, REGISTER = (
    "DELETE /operator/zone",
    "DELETE /operator/partner",
    "PUT /operator/partner",
    "POST /operator/zone",
)
WEST = "zone-east-02"


def with_registration(*zones: str, **decisions: Any) -> tuple[Side, Side, Wire]:
    """OP1 has added OP2 and registered these zones."""
    op1, op2, wire = federated(**decisions)
    op1.act("register_zone", partner=OP2, zones=list(zones or (EAST,)))
    wire.until_quiet()
    return op1, op2, wire


def end_of(*zones: str, request: str = "d-1") -> m.DeregisterZonesRequest:
    return m.DeregisterZonesRequest(
        requestId=request,
        origFederationId=OP1,
        destFederationId=OP2,
        operator="operator-one",
        country="DE",
        zones=zones,
    )


def goodbye(request: str = "g-1", **changes: str) -> m.RemovePartnerRequest:
    usual = {"origFederationId": OP1, "destFederationId": OP2, "operator": "operator-one", "country": "DE"}
    return m.RemovePartnerRequest(requestId=request, **{**usual, **changes})


def done(who: Side, wire: Wire, action: str, **inputs: Any) -> tuple[str, str | None]:
    started = who.act(action, **inputs)
    wire.until_quiet()
    return who.poll(started)


# --- deregistering --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zones", "status"),
    [([WEST], 409), (["ghost-0001"], 404), (["zone-west-01"], 404), ([EAST, WEST], 409), ([], 422)],
)
def test_only_what_is_registered_is_deregistered(zones: list[str], status: int) -> None:
    op1, _, _ = with_registration()
    before = op1.tables.fingerprint()
    assert op1.act("deregister_zone", partner=OP2, zones=zones).status == status
    assert op1.tables.fingerprint() == before


def test_a_deregistration_ends_it_on_both_sides_and_the_zone_stays() -> None:
    op1, op2, wire = with_registration(EAST, WEST)
    started = op1.act("deregister_zone", partner=OP2, zones=[EAST])
    call = op1.only_call()
    assert (call.peer, call.operation, call.credential) == (OP2, DEREGISTER, op2.keys[OP1])
    assert call.body == end_of(EAST, request="request-3-of-op1")
    assert op1.act("deregister_zone", partner=OP2, zones=[EAST]).status == 409
    wire.until_quiet()
    assert op1.poll(started) == ("ok", None)
    assert known(op1) == [(OP2, EAST, False), (OP2, WEST, True)]
    assert [row["quota"] is None for row in op1.dump()["partner_zones"]] == [True, False]
    assert registered(op2) == [(WEST, OP1)]
    assert done(op1, wire, "register_zone", partner=OP2, zones=[EAST]) == ("ok", None)
    assert done(op1, wire, "deregister_zone", partner=OP2, zones=[EAST, WEST]) == ("ok", None)
    assert registered(op2) == []
    op2.act("delete_zone", zone=EAST)
    wire.until_quiet()
    assert [row["zone"] for row in op2.dump()["zones"]] == [WEST]


@pytest.mark.parametrize("status", [401, 403, 404, 409])
def test_a_refused_deregistration_keeps_the_registration(status: int) -> None:
    op1, _, _ = with_registration()
    started = op1.act("deregister_zone", partner=OP2, zones=[EAST])
    op1.answer(op1.only_call(), status)
    assert op1.poll(started) == ("failed", f"the partner refuses with {status}")
    assert known(op1)[0] == (OP2, EAST, True)
    assert op1.act("remove_partner", partner=OP2).status == 409


@pytest.mark.parametrize("status", [200, 404, 409])
def test_after_a_lost_answer_that_it_is_not_registered_confirms(status: int) -> None:
    """FI-RACE-008/2."""
    op1, _, _ = with_registration()
    started = op1.act("deregister_zone", partner=OP2, zones=[EAST])
    op1.say_nothing(op1.only_call())
    op1.answer(op1.only_call(), status)
    assert (op1.poll(started), known(op1)[0]) == (("ok", None), (OP2, EAST, False))
    assert op1.act("remove_partner", partner=OP2).status == 202


def test_a_deregistration_in_doubt_blocks_the_removal_until_it_is_repeated() -> None:
    op1, op2, wire = with_registration(lead=replace(OPERATOR, pauses=()))
    first = op1.act("deregister_zone", partner=OP2, zones=[EAST])
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    assert op1.poll(first)[0] == "failed"
    assert known(op1)[0] == (OP2, EAST, True)
    assert op1.act("remove_partner", partner=OP2).status == 409
    assert done(op1, wire, "deregister_zone", partner=OP2, zones=[EAST]) == ("ok", None)
    assert (known(op1)[0], registered(op2)) == ((OP2, EAST, False), [])


@pytest.mark.parametrize(
    ("zones", "status"), [((WEST,), 409), (("ghost-0001",), 404), ((EAST, WEST), 409), ((), 400), (("a b",), 400)]
)
def test_the_host_deregisters_all_or_none(zones: tuple[str, ...], status: int) -> None:
    _, op2, _ = with_registration()
    before = kept(op2)
    assert op2.ask(DEREGISTER, end_of(*zones), op2.keys[OP1]).status == status
    assert kept(op2) == before


def test_a_zone_that_another_has_registered_looks_as_if_nobody_had() -> None:
    op1, op2, op3, wire = with_a_third()
    assert done(op3, wire, "register_zone", partner=OP2, zones=[EAST]) == ("ok", None)
    refusal = op2.ask(DEREGISTER, end_of(EAST), op2.keys[OP1])
    assert (refusal.status, refusal.body and refusal.body.to_json()) == (
        409,
        {"message": "zones: not every one of these zones is registered by you"},
    )
    assert registered(op2) == [(EAST, "federation-of-op3")]
    assert done(op1, wire, "register_zone", partner=OP2, zones=[EAST]) == ("ok", None)
    assert op2.ask(DEREGISTER, end_of(EAST), op2.keys[OP1]).status == 409  # what was refused stays refused
    assert op2.ask(DEREGISTER, end_of(EAST, request="d-2"), op2.keys[OP1]).status == 200
    assert registered(op2) == [(EAST, "federation-of-op3")]


def test_a_straggler_does_not_end_a_later_registration() -> None:
    """FI-RACE-013/2."""
    op1, op2, wire = with_registration()
    op1.act("deregister_zone", partner=OP2, zones=[EAST])
    old = op1.only_call()
    wire.until_quiet()
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)
    assert done(op1, wire, "add_partner", partner=OP2) == ("ok", None)
    assert done(op1, wire, "register_zone", partner=OP2, zones=[EAST]) == ("ok", None)
    assert wire.carry(op1, old).status == 200
    assert registered(op2) == [(EAST, OP1)]


# --- removing -------------------------------------------------------------------------------------------------------


def test_a_partner_with_registered_zones_is_not_removed() -> None:
    op1, op2, wire = with_registration()
    before = op1.tables.fingerprint()
    assert op1.act("remove_partner", partner=OP2).status == 409
    assert op1.act("remove_partner", partner="nobody-knows-0001").status == 404
    assert op1.tables.fingerprint() == before
    guarded = kept(op2)
    assert op2.ask(REMOVE, goodbye(), op2.keys[OP1]).status == 423
    assert kept(op2) == guarded
    careless = deciding(op1, removes_registered=True)
    assert done(careless, wire, "remove_partner", partner=OP2) == ("failed", "the partner refuses with 423")


def test_a_removal_ends_the_federation_on_both_sides() -> None:
    op1, op2, _, wire = with_a_third()
    started = op1.act("remove_partner", partner=OP2)
    call = op1.only_call()
    assert (call.peer, call.operation, call.body) == (OP2, REMOVE, goodbye("request-2-of-op1"))
    wire.until_quiet()
    assert op1.poll(started) == ("ok", None)
    assert (roles(op1), known(op1)) == ([], [])
    assert roles(op2) == [("federation-of-op3", True, True)]
    assert [row["shared_with"] for row in op2.dump()["zones"]] == [["federation-of-op3"]] * 2
    assert op1.act("remove_partner", partner=OP2).status == 409
    assert op1.act("register_zone", partner=OP2, zones=[EAST]).status == 409


def test_a_removed_partner_is_a_stranger_to_both() -> None:
    """FI-REMOVE-007, -008."""
    op1, op2, wire = federated()
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)
    registration = m.RegisterZonesRequest(**goodbye("r-1").model_dump(), zones=(EAST,))
    assert op2.ask(REGISTER, registration, op2.keys[OP1]).status == 403
    assert op2.ask(DEREGISTER, end_of(EAST), op2.keys[OP1]).status == 403
    assert op2.ask(REMOVE, goodbye(), op2.keys[OP1]).status == 409
    create(op2)
    op2.outputs("update_attributes", mcc="777")
    op2.outputs("delete_zone", zone=EAST)
    assert (op2.calls(), waiting(op2)) == ([], [])
    back = {"origFederationId": OP2, "destFederationId": OP1, "operator": "operator-two", "country": "KR"}
    news = m.UpdatePartnerRequest(**goodbye("u-1", **back).model_dump(), MCC="777")
    assert op1.ask(UPDATE, news, op1.keys[OP2]).status == 403
    assert (roles(op1), known(op1)) == ([], [])


@pytest.mark.parametrize("status", [403, 409, 401])
def test_a_refused_removal_keeps_everything(status: int) -> None:
    op1, _, wire = federated()
    before = op1.dump()
    started = op1.act("remove_partner", partner=OP2)
    op1.answer(op1.only_call(), status)
    assert op1.poll(started) == ("failed", f"the partner refuses with {status}")
    assert op1.dump() == before
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)


@pytest.mark.parametrize("status", [200, 404, 409])
def test_after_a_lost_answer_that_nothing_is_shared_confirms(status: int) -> None:
    """FI-RACE-007."""
    op1, _, _ = federated()
    started = op1.act("remove_partner", partner=OP2)
    op1.say_nothing(op1.only_call())
    op1.answer(op1.only_call(), status)
    assert (op1.poll(started), roles(op1)) == (("ok", None), [])


def test_a_repeated_removal_has_one_effect_also_after_a_new_add() -> None:
    op1, op2, wire = federated()
    op1.act("remove_partner", partner=OP2)
    old = op1.only_call()
    assert wire.carry(op1, old).status == 200
    op1.say_nothing(old)
    wire.until_quiet()
    assert done(op1, wire, "add_partner", partner=OP2) == ("ok", None)
    assert wire.carry(op1, old).status == 200
    assert (roles(op1), roles(op2)) == ([(OP2, True, False)], [(OP1, False, True)])


def test_a_removal_ends_one_direction_only() -> None:
    """FI-REMOVE-004/3, -005/3: the other direction's registrations stay."""
    op1, op2, wire = federated()
    op2.act("add_partner", **arrangement(OP1), api_key=op1.keys[OP2])
    wire.until_quiet()
    assert done(op2, wire, "register_zone", partner=OP1, zones=["zone-west-01"]) == ("ok", None)
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)
    assert (roles(op1), roles(op2)) == ([(OP2, False, True)], [(OP1, True, False)])
    assert (registered(op1), known(op2)) == ([("zone-west-01", OP2)], [(OP1, "zone-west-01", True)])
    assert (known(op1), stored(op1)) == ([], ("", [], ""))
    assert stored(op2, OP1)[0] == "262"


def test_nothing_is_removed_while_something_is_undecided() -> None:
    """FI-RACE-003/3."""
    op1, _, wire = federated()
    op1.act("register_zone", partner=OP2, zones=[EAST])
    assert op1.act("remove_partner", partner=OP2).status == 409
    op1.answer(op1.only_call(), 404)
    op1.act("remove_partner", partner=OP2)
    assert op1.act("register_zone", partner=OP2, zones=[EAST]).status == 409
    assert op1.act("add_partner", partner=OP2).status == 409
    assert op1.act("delete_partner", partner=OP2).status == 409
    wire.until_quiet()
    assert roles(op1) == []


def test_an_add_that_a_host_answers_with_a_conflict_is_reset_by_a_removal() -> None:
    """FI-RACE-007/3: never stuck for ever."""
    op1, op2, wire = federated(host=replace(OPERATOR, on_repeat="conflict"))
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)
    started = op1.act("add_partner", partner=OP2)
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    wire.until_quiet()
    assert op1.poll(started)[0] == "failed"
    assert (roles(op1), roles(op2)) == ([], [(OP1, False, True)])
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)
    assert done(op1, wire, "add_partner", partner=OP2) == ("ok", None)
    assert (roles(op1), roles(op2)) == ([(OP2, True, False)], [(OP1, False, True)])


def test_what_waits_to_be_repeated_is_not_said_to_who_has_left() -> None:
    op1, op2, wire = federated()
    op2.outputs("update_attributes", mcc="451")
    op2.say_nothing(op2.only_call())
    started = op2.act("delete_zone", zone=EAST)
    op2.send(op2.calls()[-1])
    op1.act("remove_partner", partner=OP2)
    wire.exchange(op1)
    assert [call.operation for call in op2.calls()] == ["DELETE /operator/notify/zone"]  # it was on its way
    assert (op2.poll(started), waiting(op2)) == (("ok", None), [])


def test_what_was_on_its_way_is_settled_when_the_partner_is_back() -> None:
    """FI-RACE-013: the old request is repeated first, so that a copy of it is known; then what holds now is told."""
    op1, op2, wire = federated()
    op2.outputs("update_attributes", mcc="451")
    old = op2.send(op2.only_call())
    op1.act("remove_partner", partner=OP2)
    wire.exchange(op1)
    op2.say_nothing(old)
    assert (op2.calls(), waiting(op2)) == ([], [])
    op2.outputs("update_attributes", mcc="452")
    assert done(op1, wire, "add_partner", partner=OP2) == ("ok", None)
    assert wire.seen[-3:] == [
        ("op1", "POST /operator/partner", 0, 200),
        ("op2", UPDATE, 0, 200),
        ("op2", UPDATE, 0, 200),
    ]
    assert (stored(op1)[0], waiting(op2)) == ("452", [])
    assert wire.carry(op2, old).status == 200
    assert stored(op1)[0] == "452"


def test_a_bare_arrangement_can_be_forgotten() -> None:
    """FI-ERR-09: the second step of the removal; a no-op where nothing is left."""
    op1, _, wire = federated()
    assert op1.act("delete_partner", partner=OP2).status == 409
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)
    assert op1.act("add_partner", partner=OP2).status == 202
    wire.until_quiet()
    assert done(op1, wire, "remove_partner", partner=OP2) == ("ok", None)
    assert [op1.act("delete_partner", partner=OP2).status for _ in range(2)] == [200, 200]
    assert op1.act("add_partner", partner=OP2).status == 404
