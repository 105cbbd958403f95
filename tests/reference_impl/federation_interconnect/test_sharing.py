"""Zones created and deleted while federated: FI-SHARE-001 to -003, FI-UNSHARE-001 to -006, FI-RACE-001, -002, -009, -010."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR
from reference_impl.federation_interconnect.records import PARTNERS
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    OP3,
    Side,
    Wire,
    deciding,
    federated,
    introduce,
    kept,
    known,
    pair,
    registered,
    set_up,
    side,
)

NOTIFY, WITHDRAW, REGISTER, ADD = (
    "POST /operator/notify/zone",
    "DELETE /operator/notify/zone",
    "POST /operator/zone",
    "POST /operator/partner",
)
EAST = "zone-east-01"
NEW = "zone-east-03"


def create(host: Side, zone: str = NEW) -> Any:
    return host.act("create_zone", zone=zone, cloudlets=["cloudlet-1-op2"], geo_location="1,1", city="Jeju")


def waiting(host: Side) -> list[tuple[str, str, str]]:
    return [(row["partner"], row["about"], row["delivery"]) for row in host.dump()["undelivered"]]


def withdrawal(zone: str, request: str = "w-1") -> m.ZoneWithdrawnRequest:
    return m.ZoneWithdrawnRequest(
        requestId=request,
        origFederationId=OP2,
        destFederationId=OP1,
        operator="operator-two",
        country="KR",
        zone=zone,
    )


def with_a_third() -> tuple[Side, Side, Side, Wire]:
    """OP1 and OP3 have added OP2, and OP2 has added OP3: OP2 shares with both and has access to OP3."""
    op1, op2, wire = federated()
    op3 = side(OP3)
    set_up(op3)
    introduce(op2, op3)
    wire.sides[OP3] = op3
    for lead, host in ((op3, OP2), (op2, OP3)):
        started = lead.act("add_partner", partner=host)
        wire.until_quiet()
        assert lead.poll(started) == ("ok", None)
    wire.seen.clear()
    return op1, op2, op3, wire


# --- sharing --------------------------------------------------------------------------------------------------------


def test_a_new_zone_is_told_to_each_share_partner_once() -> None:
    op1, op2, op3, wire = with_a_third()
    assert create(op2).body.outputs["undelivered"] == [
        {"partner": each, "about": NEW, "what": NOTIFY, "delivery": "pending", "reason": ""} for each in (OP1, OP3)
    ]
    bodies = [call.body for call in op2.calls()]
    assert [(call.peer, call.operation, call.credential) for call in op2.calls()] == [
        (OP1, NOTIFY, op1.keys[OP2]),
        (OP3, NOTIFY, op3.keys[OP2]),
    ]
    assert bodies[0] == m.ZoneSharedRequest(
        requestId="request-2-of-op2",
        origFederationId=OP2,
        destFederationId=OP1,
        operator="operator-two",
        country="KR",
        partnerZone=m.ZoneInfo(zoneId=NEW, geoLocation="1,1", city="Jeju", edgeCount=1),
    )
    wire.until_quiet()
    assert wire.seen == [("op2", NOTIFY, 0, 200), ("op2", NOTIFY, 0, 200)]
    assert waiting(op2) == []
    assert [known(each)[-1] for each in (op1, op3)] == [(OP2, NEW, False)] * 2
    assert [row["shared_with"] for row in op2.dump()["zones"]] == [[OP1, OP3]] * 3


def test_whom_we_only_have_access_to_hears_nothing() -> None:
    op1, _, _ = federated()
    op1.outputs("create_zone", zone="zone-west-02", cloudlets=["cloudlet-1-op1"], geo_location="1,1")
    op1.outputs("update_attributes", mcc="263")
    op1.outputs("delete_zone", zone="zone-west-02")
    assert op1.calls() == []
    naive = deciding(op1, tells=lambda roles: roles.any)
    naive.outputs("create_zone", zone="zone-west-02", cloudlets=["cloudlet-1-op1"], geo_location="1,1")
    assert [call.peer for call in op1.calls()] == [OP2]


def test_a_partner_that_is_down_is_told_for_ever_and_keeps_nobody_else_uninformed() -> None:
    op1, op2, op3, wire = with_a_third()
    create(op2)
    first = next(call for call in op2.calls() if call.peer == OP1)
    wire.bring(op2, op2.calls()[1], wire.carry(op2, op2.calls()[1]))
    assert known(op3) == [(OP2, each, False) for each in (EAST, "zone-east-02", NEW)]
    due = []
    for _ in range(9):
        op2.say_nothing(op2.only_call())
        call = op2.only_call()
        due.append((call.attempt, call.due))
        assert (call.body, call.credential) == (first.body, first.credential)
    pauses = (1000, 2000, 4000, 8000, 16000, 32000, 60000)
    assert due == [*enumerate(pauses, start=1), (7, 60000), (7, 60000)]
    assert waiting(op2) == [(OP1, NEW, "pending")]
    wire.until_quiet()
    assert waiting(op2) == []
    assert known(op1)[-1] == (OP2, NEW, False)


def test_a_conflict_that_meets_a_repeat_counts_as_delivered() -> None:
    """FI-RACE-009/2; without a repeat it does not."""
    _, op2, _ = federated()
    create(op2)
    op2.say_nothing(op2.only_call())
    op2.answer(op2.only_call(), 409)
    assert (waiting(op2), op2.calls()) == ([], [])
    create(op2, "zone-east-04")
    op2.answer(op2.only_call(), 409)
    assert op2.dump()["undelivered"] == [
        {
            "partner": OP1,
            "about": "zone-east-04",
            "what": NOTIFY,
            "delivery": "refused",
            "reason": "the partner refuses with 409",
        }
    ]


def test_what_was_refused_is_told_again_on_order_as_another_request() -> None:
    op1, op2, wire = federated()
    create(op2)
    refused = op2.only_call().body
    op2.answer(op2.only_call(), 403)
    assert op2.calls() == []
    op2.outputs("retry_pending")
    again = op2.only_call().body
    assert isinstance(refused, m.ZoneSharedRequest)
    assert again == refused.model_copy(update={"requestId": "request-2-of-op2"})
    wire.until_quiet()
    assert (waiting(op2), known(op1)[-1]) == ([], (OP2, NEW, False))


def test_what_waits_for_its_next_attempt_is_told_now_on_order() -> None:
    _, op2, _ = federated()
    create(op2)
    for _ in range(4):
        op2.say_nothing(op2.only_call())
    assert op2.only_call().due == 8000
    op2.now = 10
    assert op2.outputs("retry_pending")["undelivered"][0]["delivery"] == "pending"
    assert op2.only_call().due == 10


def test_without_a_key_nothing_is_sent_until_there_is_one() -> None:
    op1, op2, wire = federated()
    op2.act("delete_zone", zone="zone-east-02")
    wire.until_quiet()
    with op2.tables.begin() as tx:
        partner = tx.get(PARTNERS, OP1)
        assert partner is not None
        tx.put(PARTNERS, replace(partner, key=""))
    create(op2)
    assert op2.calls() == []
    assert op2.dump()["undelivered"][0]["reason"] == f"there is no key to use towards {OP1}: set it first"
    op2.outputs("set_partner_api_key", partner=OP1, api_key=op1.keys[OP2])
    wire.until_quiet()
    assert known(op1) == [(OP2, EAST, False), (OP2, NEW, False)]


# --- withdrawing ----------------------------------------------------------------------------------------------------


def test_a_zone_is_withdrawn_when_every_share_partner_has_heard_of_it() -> None:
    op1, op2, op3, wire = with_a_third()
    started = op2.act("delete_zone", zone=EAST)
    assert op2.poll(started) == ("running", None)
    assert [(call.peer, call.operation) for call in op2.calls()] == [(OP1, WITHDRAW), (OP3, WITHDRAW)]
    body = op2.calls()[0].body
    assert isinstance(body, m.ZoneWithdrawnRequest)
    assert (body.zone, body.origFederationId, body.destFederationId, body.operator) == (EAST, OP2, OP1, "operator-two")
    assert [row["shared_with"] for row in op2.dump()["zones"] if row["zone"] == EAST] == [[]]
    wire.until_quiet()
    assert op2.poll(started) == ("ok", None)
    assert [row["zone"] for row in op2.dump()["zones"]] == ["zone-east-02"]
    assert [known(each) for each in (op1, op3)] == [[(OP2, "zone-east-02", False)]] * 2


def test_a_zone_that_somebody_has_registered_stays_and_nobody_hears() -> None:
    op1, op2, _, wire = with_a_third()
    op1.act("register_zone", partner=OP2, zones=[EAST])
    wire.until_quiet()
    before = op2.tables.fingerprint()
    assert op2.act("delete_zone", zone=EAST).status == 409
    assert op2.act("delete_zone", zone="ghost-0001").status == 404
    assert op2.tables.fingerprint() == before
    naive = deciding(op2, withdraws_registered=True)
    assert naive.act("delete_zone", zone=EAST).status == 202


def test_a_zone_that_is_being_withdrawn_is_offered_to_nobody() -> None:
    """FI-RACE-009/4: neither registered, nor told in an add, nor is its id given away, until all have heard."""
    op1, op2, wire = federated()
    op2.act("delete_zone", zone=EAST)
    op2.say_nothing(op2.only_call())
    op1.act("register_zone", partner=OP2, zones=[EAST])
    wire.exchange(op1)
    assert wire.seen[-1] == ("op1", REGISTER, 0, 404)
    assert op2.act("delete_zone", zone=EAST).status == 409
    assert create(op2, EAST).status == 409
    wire.until_quiet()
    assert create(op2, EAST).status == 200
    wire.until_quiet()
    assert known(op1) == [(OP2, EAST, False), (OP2, "zone-east-02", False)]


def test_that_the_partner_does_not_know_the_zone_counts_as_delivered() -> None:
    _, op2, _ = federated()
    started = op2.act("delete_zone", zone=EAST)
    op2.say_nothing(op2.only_call())
    op2.answer(op2.only_call(), 404)
    assert (op2.poll(started), op2.calls()) == (("ok", None), [])


def test_a_refused_withdrawal_is_undone_with_everybody() -> None:
    """FI-RACE-001/2: OP3 has forgotten the zone when OP1 refuses, and is told of it again."""
    _, op2, op3, wire = with_a_third()
    started = op2.act("delete_zone", zone=EAST)
    to_op1, to_op3 = op2.calls()
    wire.bring(op2, to_op3, wire.carry(op2, to_op3))
    assert (OP2, EAST, False) not in known(op3)
    op2.answer(to_op1, 409)
    assert op2.poll(started) == ("failed", f"{OP1} refuses with 409: it has the zone registered")
    wire.until_quiet()
    assert (OP2, EAST, False) in known(op3)
    assert [(row["zone"], row["withdrawn"], row["shared_with"]) for row in op2.dump()["zones"]] == [
        (EAST, False, [OP1, OP3]),
        ("zone-east-02", False, [OP1, OP3]),
    ]


def test_a_refusal_before_the_other_has_answered_is_undone_after_its_answer() -> None:
    _, op2, op3, wire = with_a_third()
    op2.act("delete_zone", zone=EAST)
    to_op1, to_op3 = op2.calls()
    reply = wire.carry(op2, to_op3)
    op2.answer(to_op1, 409)
    assert op2.calls() == [to_op3]
    wire.bring(op2, to_op3, reply)
    assert [(call.peer, call.operation) for call in op2.calls()] == [(OP3, NOTIFY)]
    wire.until_quiet()
    assert (OP2, EAST, False) in known(op3)


def test_a_zone_deleted_before_it_was_acknowledged_is_withdrawn_after_the_acknowledgement() -> None:
    op1, op2, wire = federated()
    create(op2)
    started = op2.act("delete_zone", zone=NEW)
    assert [call.operation for call in op2.calls()] == [NOTIFY]
    wire.exchange(op2)
    assert [call.operation for call in op2.calls()] == [WITHDRAW]
    wire.exchange(op2)
    assert (op2.poll(started), known(op1)) == (("ok", None), [(OP2, EAST, False), (OP2, "zone-east-02", False)])


def test_a_zone_deleted_that_a_partner_has_refused_is_gone_without_a_word() -> None:
    _, op2, _ = federated()
    create(op2)
    started = op2.act("delete_zone", zone=NEW)
    op2.answer(op2.only_call(), 403)
    assert (op2.poll(started), op2.calls(), waiting(op2)) == (("ok", None), [], [])


# --- the lead -------------------------------------------------------------------------------------------------------


def test_the_lead_forgets_exactly_the_zone_withdrawn() -> None:
    op1, _, _ = federated()
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 200
    assert known(op1) == [(OP2, "zone-east-02", False)]
    assert op1.act("register_zone", partner=OP2, zones=[EAST]).status == 404
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 200
    assert op1.ask(WITHDRAW, withdrawal(EAST, "w-2"), op1.keys[OP2]).status == 404


@pytest.mark.parametrize(("zone", "status"), [("", 400), ("a b", 400), ("zone-west-01", 404), ("ghost-0001", 404)])
def test_a_zone_that_is_not_the_senders_is_not_withdrawn(zone: str, status: int) -> None:
    op1, _, _ = federated()
    before = kept(op1)
    assert op1.ask(WITHDRAW, withdrawal(zone), op1.keys[OP2]).status == status
    assert kept(op1) == before


def test_a_registered_zone_is_not_forgotten() -> None:
    op1, _, wire = federated()
    op1.act("register_zone", partner=OP2, zones=[EAST])
    wire.until_quiet()
    before = kept(op1)
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 409
    assert kept(op1) == before
    naive = deciding(op1, on_withdrawal=lambda known, registering, deregistering: "forget")
    assert naive.ask(WITHDRAW, withdrawal(EAST, "w-2"), op1.keys[OP2]).status == 200


def test_a_withdrawal_during_the_own_registration_is_heard() -> None:
    """FI-RACE-002/1 and /4: the DELETE is answered although the POST is open."""
    op1, _, _ = federated()
    started = op1.act("register_zone", partner=OP2, zones=[EAST])
    call = op1.only_call()
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 200
    op1.answer(call, 404)
    assert op1.poll(started) == ("failed", "the partner refuses with 404")
    assert known(op1) == [(OP2, "zone-east-02", False)]


def test_what_an_inconsistent_host_registers_is_taken_back() -> None:
    """FI-RACE-002/3."""
    op1, op2, wire = federated()
    started = op1.act("register_zone", partner=OP2, zones=[EAST])
    call = op1.only_call()
    reply = wire.carry(op1, call)
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 200
    wire.bring(op1, call, reply)
    assert op1.poll(started) == ("failed", f"the partner registered ['{EAST}'], which it has withdrawn")
    assert (op1.only_call().operation, registered(op2)) == ("DELETE /operator/zone", [(EAST, OP1)])
    wire.until_quiet()
    assert (registered(op2), known(op1)) == ([], [(OP2, "zone-east-02", False)])


def test_a_withdrawal_that_overtakes_the_answer_to_the_add_is_kept() -> None:
    """FI-RACE-010/3; a zone shared again after that is there."""
    for again in (False, True):
        op1, op2, wire = pair()
        started = op1.act("add_partner", partner=OP2)
        call = op1.only_call()
        reply = wire.carry(op1, call)
        op2.act("delete_zone", zone=EAST)
        wire.exchange(op2)
        if again:
            create(op2, EAST)
            wire.exchange(op2)
        wire.bring(op1, call, reply)
        assert op1.poll(started) == ("ok", None)
        zones = [zone for _, zone, _ in known(op1)]
        assert zones == ([EAST, "zone-east-02"] if again else ["zone-east-02"])


def test_a_withdrawal_during_the_own_add_may_be_put_off() -> None:
    op1, _, wire = pair(lead=replace(OPERATOR, hears_early=False))
    op1.act("add_partner", partner=OP2)
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 503
    wire.until_quiet()
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 200


def test_a_withdrawal_after_an_add_that_ended_in_doubt_is_answered() -> None:
    """The host shares, and must be able to delete its zone: the lead does not know it."""
    op1, _, wire = pair(lead=replace(OPERATOR, pauses=()))
    op1.act("add_partner", partner=OP2)
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    assert op1.ask(WITHDRAW, withdrawal(EAST), op1.keys[OP2]).status == 404


def test_a_copy_of_a_refused_request_is_refused_for_a_while_whatever_has_changed() -> None:
    """FI-RACE-009: the sender has taken the refusal for the end of it."""
    for later, status in ((0, 404), (OPERATOR.refusal_memory, 200)):
        op1, op2, wire = federated()
        op1.act("register_zone", partner=OP2, zones=[EAST])
        call = op1.only_call()
        op2.act("delete_zone", zone=EAST)
        wire.exchange(op2)
        assert wire.carry(op1, call).status == 404
        create(op2, EAST)
        op2.now = OPERATOR.refusal_memory - 1
        assert wire.carry(op1, call).status == 404  # which does not prolong it
        op2.now = later
        assert wire.carry(op1, call).status == status
        assert registered(op2) == ([] if status == 404 else [(EAST, OP1)])


def test_the_id_of_a_refused_request_is_free_for_another_one() -> None:
    _, op2, _ = federated()
    body = m.RegisterZonesRequest(
        requestId="z-1",
        origFederationId=OP1,
        destFederationId=OP2,
        operator="operator-one",
        country="DE",
        zones=("ghost-0001",),
    )
    assert op2.ask(REGISTER, body, op2.keys[OP1]).status == 404
    other = body.model_copy(update={"zones": (EAST,)})
    assert [op2.ask(REGISTER, other, op2.keys[OP1]).status for _ in range(2)] == [200, 200]
    assert op2.ask(REGISTER, body, op2.keys[OP1]).status == 409
    assert registered(op2) == [(EAST, OP1)]
