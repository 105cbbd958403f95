"""MCC, MNC and locator change: FI-UPD-001 to -007, FI-AUTH-012, FI-RACE-005, -006, -013."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    OP3,
    Side,
    deciding,
    federated,
    kept,
    known,
    pair,
    roles,
)
from tests.reference_impl.federation_interconnect.test_sharing import waiting, with_a_third

UPDATE = "PUT /operator/partner"
LOCATOR = "locator.example:443"


def stored(who: Side, partner: str = OP2) -> tuple[str, list[str], str]:
    (row,) = [row for row in who.dump()["partners"] if row["partner"] == partner]
    return row["mcc"], row["mnc"], row["locator"]


def own(who: Side) -> tuple[str, list[str], str]:
    (row,) = who.dump()["federations"]
    return row["mcc"], row["mnc"], row["locator"]


def told(**changes: Any) -> m.UpdatePartnerRequest:
    usual = {
        "requestId": "u-1",
        "origFederationId": OP2,
        "destFederationId": OP1,
        "operator": "operator-two",
        "country": "KR",
    }
    return m.UpdatePartnerRequest(**{**usual, **changes})


@pytest.mark.parametrize(
    "change",
    [
        {"mcc": "26A"},
        {"mcc": "2"},
        {"mcc": "99999"},
        {"mnc": ["x"]},
        {"mnc": []},
        {"mcc": "263", "mnc": ["1"]},
        {"locator": " "},
        {"locator": "not a locator"},
        {"mcc": 263},
        {},
        {"mcc": "262"},
        {"mnc": ["01", "02"], "locator": LOCATOR},
    ],
)
def test_a_change_that_is_none_or_not_well_formed_is_refused_as_a_whole(change: dict[str, Any]) -> None:
    _, op2, _ = federated()
    before = op2.tables.fingerprint()
    assert op2.act("update_attributes", **change).status in (409, 422)
    assert op2.tables.fingerprint() == before


def test_a_change_is_stored_and_told_to_every_share_partner() -> None:
    op1, op2, op3, wire = with_a_third()
    outcome = op2.outputs("update_attributes", mcc="263")
    assert [row["partner"] for row in outcome["undelivered"]] == [OP1, OP3]
    assert own(op2) == ("263", ["01", "02"], LOCATOR)
    call = op2.calls()[0]
    assert (call.peer, call.operation, call.credential) == (OP1, UPDATE, op1.keys[OP2])
    assert call.body == told(requestId="request-2-of-op2", MCC="263", MNC=("01", "02"), locatorEndPoint=LOCATOR)
    wire.until_quiet()
    assert wire.seen == [("op2", UPDATE, 0, 200)] * 2
    assert (stored(op1), stored(op3), waiting(op2)) == (own(op2), own(op2), [])


def test_a_partner_that_refuses_or_is_down_does_not_keep_the_others_uninformed() -> None:
    """FI-UPD-004; the refused one is told the next change."""
    op1, op2, op3, wire = with_a_third()
    op2.outputs("update_attributes", mcc="264")
    to_op1, to_op3 = op2.calls()
    op2.answer(to_op1, 400)
    wire.bring(op2, to_op3, wire.carry(op2, to_op3))
    assert (own(op2)[0], stored(op1)[0], stored(op3)[0]) == ("264", "262", "264")
    assert waiting(op2) == [(OP1, "attributes", "refused")]
    op2.outputs("update_attributes", mcc="265")
    wire.until_quiet()
    assert (stored(op1)[0], stored(op3)[0], waiting(op2)) == ("265", "265", [])


def test_changes_are_told_one_after_the_other_and_the_last_one_is_stored_last() -> None:
    """FI-RACE-013/1 and /3: three changes while the partner is down make two PUTs."""
    op1, op2, wire = federated()
    wire.seen.clear()
    for mcc in ("301", "302", "303"):
        op2.outputs("update_attributes", mcc=mcc)
    first = op2.only_call()
    assert isinstance(first.body, m.UpdatePartnerRequest)
    assert first.body.MCC == "301"
    op2.say_nothing(first)
    assert op2.only_call().body == first.body
    wire.exchange(op2)
    assert stored(op1)[0] == "301"
    wire.until_quiet()
    assert (stored(op1)[0], waiting(op2)) == ("303", [])
    assert wire.seen == [("op2", UPDATE, 1, 200), ("op2", UPDATE, 0, 200)]


def test_changes_that_do_not_wait_for_each_other_can_be_stored_in_the_wrong_order() -> None:
    """The vice; and a copy of the first that comes late is harmless where the partner knows its requestId."""
    op1, op2, wire = federated(host=replace(OPERATOR, tells_one_at_a_time=False))
    for mcc in ("301", "302"):
        op2.outputs("update_attributes", mcc=mcc)
    first, second = op2.calls()
    wire.carry(op2, second)
    wire.carry(op2, first)
    assert stored(op1)[0] == "301"
    wire.carry(op2, second)
    assert stored(op1)[0] == "301"


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ({"MCC": "451"}, ("451", ["01", "02"], LOCATOR)),
        ({"MNC": ("06", "08")}, ("262", ["06", "08"], LOCATOR)),
        ({"locatorEndPoint": "other.example:1"}, ("262", ["01", "02"], "other.example:1")),
        ({"MCC": "451", "MNC": (), "locatorEndPoint": ""}, ("451", ["01", "02"], LOCATOR)),
    ],
)
def test_exactly_what_was_sent_is_replaced(sent: dict[str, Any], after: tuple[str, list[str], str]) -> None:
    op1, _, wire = federated()
    op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.until_quiet()
    before = op1.dump()
    assert op1.ask(UPDATE, told(**sent), op1.keys[OP2]).status == 200
    assert stored(op1) == after
    changed = op1.dump()
    assert {name for name in changed if changed[name] != before[name]} == {"partners"}
    assert roles(op1) == [(OP2, True, False)]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 400),
        ({"MCC": "", "MNC": (), "locatorEndPoint": ""}, 400),
        ({"MCC": "26A"}, 400),
        ({"MNC": ("1",)}, 400),
        ({"MCC": "451", "operator": "operator-six"}, 403),
        ({"MCC": "451", "origFederationId": "nobody-knows-0001"}, 401),
        ({"MCC": "451", "destFederationId": "nobody-knows-0001"}, 401),
    ],
)
def test_an_update_that_says_nothing_or_is_not_the_partners_is_refused(change: dict[str, Any], status: int) -> None:
    op1, _, _ = federated()
    before = op1.tables.fingerprint()
    assert op1.ask(UPDATE, told(**change), op1.keys[OP2]).status == status
    assert op1.tables.fingerprint() == before


def test_who_has_no_role_updates_nothing() -> None:
    op1, _, _ = pair()
    assert op1.ask(UPDATE, told(MCC="451"), op1.keys[OP2]).status == 403
    op1, op2, _ = federated()
    back = told(origFederationId=OP1, destFederationId=OP2, operator="operator-one", country="DE", MCC="451")
    assert op2.ask(UPDATE, back, op2.keys[OP1]).status == 200


def test_an_update_that_overtakes_the_answer_to_the_add_is_not_overwritten() -> None:
    """FI-RACE-005; the rest is taken from the answer."""
    op1, op2, wire = pair()
    started = op1.act("add_partner", partner=OP2)
    call = op1.only_call()
    reply = wire.carry(op1, call)
    op2.outputs("update_attributes", mcc="451")
    wire.exchange(op2)
    assert roles(op1) == []
    wire.bring(op1, call, reply)
    assert op1.poll(started) == ("ok", None)
    assert stored(op1) == own(op2) == ("451", ["01", "02"], LOCATOR)
    late = deciding(op1, hears_early=False)
    op2.outputs("update_attributes", mcc="452")
    wire.exchange(op2)
    assert stored(late)[0] == "452"


def test_a_second_federation_is_told_of_its_own_changes_only() -> None:
    op1, op2, _ = federated()
    more = {"operator": "operator-two", "country": "KR", "mcc": "450", "mnc": ["05"], "address": "https://op2.example"}
    op2.outputs("create_self_federation", federation="second-of-op2", **more)
    op2.outputs("update_attributes", federation="second-of-op2", mcc="451")
    assert op2.calls() == []
    assert op2.act("update_attributes", mcc="451").status == 422
    before = kept(op1)
    op2.outputs("update_attributes", federation=OP2, mcc="451")
    assert op2.only_call().peer == OP1
    assert (kept(op1), len(known(op1))) == (before, 2)
