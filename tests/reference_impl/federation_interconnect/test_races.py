"""Repeats, lost answers and crossing adds: FI-RACE-004, -005, -007, -008, -010, FI-INPUT-005."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions
from reference_impl.federation_interconnect.records import OWN_REQUESTS, PARTNERS, REGISTRATIONS, SEEN_REQUESTS, Roles
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    Side,
    Wire,
    arrangement,
    deciding,
    federated,
    known,
    pair,
    registered,
    roles,
)

ADD, REGISTER, NOTIFY = "POST /operator/partner", "POST /operator/zone", "POST /operator/notify/zone"
BOTH_ZONES = [(OP2, "zone-east-01", False), (OP2, "zone-east-02", False)]
PAUSES = (1000, 2000, 4000, 8000)


def test_an_add_without_answer_is_repeated_with_growing_pauses_and_the_same_request() -> None:
    op1, _, _ = pair()
    started = op1.act("add_partner", partner=OP2)
    first = op1.only_call()
    for attempt, pause in enumerate(PAUSES, start=1):
        op1.say_nothing(op1.only_call())
        call = op1.only_call()
        assert (call.attempt, call.due, call.body, call.credential) == (attempt, pause, first.body, first.credential)
        assert op1.poll(started) == ("running", None)
        assert roles(op1) == []
    op1.answer(op1.only_call(), 502)
    assert op1.calls() == []
    assert op1.poll(started) == (
        "failed",
        "5 attempts, the last one answered with 502; whether the partner did it is not known",
    )
    assert (roles(op1), known(op1)) == ([], [])


def test_throttling_is_waited_for_and_leaves_no_doubt() -> None:
    op1, _, _ = pair()
    started = op1.act("add_partner", partner=OP2)
    for _ in range(5):
        op1.answer(op1.only_call(), 429)
    assert op1.poll(started) == ("failed", "5 attempts, the last one answered with 429")
    op1.act("add_partner", partner=OP2)
    body = op1.only_call().body
    assert isinstance(body, m.AddPartnerRequest)
    assert body.requestId == "request-2-of-op1"


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_after_a_lost_add_the_repeat_brings_both_to_the_same_view(lost: str) -> None:
    op1, op2, wire = pair()
    started = op1.act("add_partner", partner=OP2)
    if lost == "answer":
        wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    wire.until_quiet()
    assert op1.poll(started) == ("ok", None)
    assert (roles(op1), roles(op2)) == ([(OP2, True, False)], [(OP1, False, True)])
    assert known(op1) == BOTH_ZONES


def test_the_operator_may_go_on_with_an_add_that_ended_in_doubt() -> None:
    op1, op2, wire = pair(lead=replace(OPERATOR, pauses=()))
    first = op1.act("add_partner", partner=OP2)
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    assert op1.poll(first)[0] == "failed"
    second = op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert op1.poll(second) == ("ok", None)
    assert wire.seen == [("op1", ADD, 0, 200), ("op1", ADD, 0, 200)]
    assert (roles(op2), known(op1)) == ([(OP1, False, True)], BOTH_ZONES)


def test_a_host_that_answers_the_repeat_with_a_conflict_is_reported_clearly() -> None:
    op1, op2, wire = pair(host=replace(OPERATOR, on_repeat="conflict"))
    started = op1.act("add_partner", partner=OP2)
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    wire.until_quiet()
    result, reason = op1.poll(started)
    assert result == "failed"
    assert reason is not None
    assert "it shares with us already" in reason
    assert (roles(op1), roles(op2)) == ([], [(OP1, False, True)])


def test_a_new_request_id_for_every_repeat_never_gets_through() -> None:
    """The vice: the host takes the repeat for a second add."""
    op1, _, wire = pair(lead=replace(OPERATOR, keeps_request_id=False))
    started = op1.act("add_partner", partner=OP2)
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    wire.until_quiet()
    assert op1.poll(started)[0] == "failed"


def test_a_repeat_has_no_second_effect_and_gets_the_zones_of_today() -> None:
    op1, op2, _ = pair()
    op1.act("add_partner", partner=OP2)
    body = op1.only_call().body
    assert isinstance(body, m.AddPartnerRequest)
    first = op2.ask(ADD, body, op2.keys[OP1])
    before = op2.tables.fingerprint()
    assert op2.ask(ADD, body, op2.keys[OP1]) == first
    assert op2.tables.fingerprint() == before
    op2.outputs("create_zone", zone="zone-east-03", cloudlets=["cloudlet-1-op2"], geo_location="1,1")
    again = op2.ask(ADD, body, op2.keys[OP1])
    assert isinstance(again.body, m.AddPartnerResponse)
    assert [zone.zoneId for zone in again.body.partnerZone or ()] == ["zone-east-01", "zone-east-02", "zone-east-03"]


def test_a_known_request_id_with_other_content_is_a_conflict() -> None:
    op1, op2, _ = pair()
    op1.act("add_partner", partner=OP2)
    body = op1.only_call().body
    assert isinstance(body, m.AddPartnerRequest)
    assert op2.ask(ADD, body, op2.keys[OP1]).status == 200
    before = op2.tables.fingerprint()
    other = body.model_copy(update={"origFederationAddr": "https://third.example"})
    assert op2.ask(ADD, other, op2.keys[OP1]).status == 409
    assert op2.tables.fingerprint() == before
    naive = deciding(op2, same_request=lambda first, now: True)
    assert naive.ask(ADD, other, op2.keys[OP1]).status == 200


def test_a_request_is_forgotten_in_the_end() -> None:
    op1, op2, wire = federated()
    op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    body = op1.only_call().body
    wire.until_quiet()
    op2.now = OPERATOR.memory
    assert op2.ask(REGISTER, body, op2.keys[OP1]).status == 409
    assert registered(op2) == [("zone-east-01", OP1)]
    op2.now += OPERATOR.refusal_memory
    op1.act("register_zone", partner=OP2, zones=["zone-east-02"])
    wire.until_quiet()
    assert [row.id for row in op2.tables.rows(SEEN_REQUESTS)] == ["request-3-of-op1"]


def test_a_straggler_does_not_revive_what_ended_since() -> None:
    """The add and the registration were carried out and undone; their copies come late (FI-RACE-013)."""
    op1, op2, wire = pair()
    late = []
    for action, inputs in (("add_partner", {}), ("register_zone", {"zones": ["zone-east-01"]})):
        op1.act(action, partner=OP2, **inputs)
        late.append((op1.only_call().operation, op1.only_call().body))
        wire.until_quiet()
    with op2.tables.begin() as tx:
        tx.delete(REGISTRATIONS, "zone-east-01", OP1)
    assert op2.ask(*late[1], op2.keys[OP1]).status == 409
    with op2.tables.begin() as tx:
        row = tx.get(PARTNERS, OP1)
        assert row is not None
        tx.put(PARTNERS, replace(row, roles=Roles()))
    before = op2.tables.fingerprint()
    assert op2.ask(*late[0], op2.keys[OP1]).status == 409
    assert op2.tables.fingerprint() == before


def test_ten_adds_at_once_admit_one() -> None:
    op1, op2, _ = pair()
    op1.act("add_partner", partner=OP2)
    body = op1.only_call().body
    assert isinstance(body, m.AddPartnerRequest)
    statuses = [
        op2.ask(ADD, body.model_copy(update={"requestId": f"r-{number}"}), op2.keys[OP1]).status for number in range(10)
    ]
    assert statuses == [200] + [409] * 9
    assert roles(op2) == [(OP1, False, True)]


def test_a_second_add_is_refused_while_the_first_is_open() -> None:
    op1, _, _ = pair()
    op1.act("add_partner", partner=OP2)
    before = op1.tables.fingerprint()
    assert op1.act("add_partner", partner=OP2).status == 409
    assert op1.tables.fingerprint() == before


def test_of_two_adds_the_failing_one_does_not_undo_the_winner() -> None:
    """FI-RACE-004/3, for a lead that lets two adds run."""
    op1, op2, wire = pair(lead=replace(OPERATOR, adds_again=True))
    first, second = op1.act("add_partner", partner=OP2), op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert (op1.poll(first), op1.poll(second)) == (("ok", None), ("failed", "the partner refuses with 409"))
    assert (roles(op1), known(op1)) == ([(OP2, True, False)], BOTH_ZONES)
    assert roles(op2) == [(OP1, False, True)]


def _cross(op1: Side, op2: Side, wire: Wire, order: str) -> None:
    """Both adds are under way; deliver and answer in one of the orders."""
    one, two = op1.only_call(), op2.only_call()
    if order == "both delivered, then both answered":
        at_op2, at_op1 = wire.carry(op1, one), wire.carry(op2, two)
        wire.bring(op1, one, at_op2)
        wire.bring(op2, two, at_op1)
    elif order == "op2's add inside op1's":
        at_op2 = wire.carry(op1, one)
        wire.exchange(op2)
        wire.bring(op1, one, at_op2)
    elif order == "op2's add after op1's":
        wire.exchange(op1)
        wire.exchange(op2)
    else:
        at_op1 = wire.carry(op2, two)
        wire.exchange(op1)
        wire.bring(op2, two, at_op1)


@pytest.mark.parametrize(
    "order",
    [
        "both delivered, then both answered",
        "op2's add inside op1's",
        "op1's add inside op2's",
        "op2's add after op1's",
    ],
)
def test_crossing_adds_end_with_one_record_and_both_roles(order: str) -> None:
    op1, op2, wire = pair()
    started = op1.act("add_partner", partner=OP2), op2.act("add_partner", partner=OP1)
    _cross(op1, op2, wire, order)
    assert (op1.poll(started[0]), op2.poll(started[1])) == (("ok", None), ("ok", None))
    assert (roles(op1), roles(op2)) == ([(OP2, True, True)], [(OP1, True, True)])
    assert known(op2) == [(OP1, "zone-west-01", False)]
    assert known(op1) == BOTH_ZONES
    op2.act("register_zone", partner=OP1, zones=["zone-west-01"])
    wire.until_quiet()
    assert registered(op1) == [("zone-west-01", OP2)]


@pytest.mark.parametrize(
    ("vice", "order", "seen"),
    [
        (
            replace(OPERATOR, roles_of_answerer=lambda before: Roles(access=True, share=False)),
            "op2's add inside op1's",
            (OP2, True, False),
        ),
        (
            replace(OPERATOR, roles_of_caller=lambda before: Roles(access=False, share=True)),
            "op2's add after op1's",
            (OP2, False, True),
        ),
    ],
)
def test_a_role_that_is_overwritten_is_seen(vice: Decisions, order: str, seen: tuple[str, bool, bool]) -> None:
    op1, op2, wire = pair(lead=vice)
    op1.act("add_partner", partner=OP2)
    op2.act("add_partner", partner=OP1)
    _cross(op1, op2, wire, order)
    assert roles(op1) == [seen]


def test_an_add_in_the_opposite_direction_completes_the_record() -> None:
    """FI-PARTNER-012: registrations, zones and attributes stay."""
    op1, op2, wire = federated()
    op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.until_quiet()
    again = {**arrangement(OP1), "api_key": op1.keys[OP2]}
    assert op2.act("add_partner", **{**again, "operator": "operator-new"}).status == 409
    op2.act("add_partner", **again)
    assert roles(op2) == [(OP1, False, True)]
    wire.until_quiet()
    assert (roles(op1), roles(op2)) == ([(OP2, True, True)], [(OP1, True, True)])
    assert known(op1) == [(OP2, "zone-east-01", True), (OP2, "zone-east-02", False)]
    assert registered(op2) == [("zone-east-01", OP1)]


def _zone(name: str, place: str = "1,1") -> m.ZoneInfo:
    return m.ZoneInfo(zoneId=name, geoLocation=place, edgeCount=1)


def _told(zone: m.ZoneInfo, request: str = "r-n") -> m.ZoneSharedRequest:
    return m.ZoneSharedRequest(
        requestId=request,
        origFederationId=OP2,
        destFederationId=OP1,
        operator="operator-two",
        country="KR",
        partnerZone=zone,
    )


@pytest.mark.parametrize("name", ["zone-east-02", "zone-east-09"])
def test_a_notification_that_overtakes_the_answer_is_not_lost(name: str) -> None:
    op1, _, wire = pair()
    started = op1.act("add_partner", partner=OP2)
    call = op1.only_call()
    reply = wire.carry(op1, call)
    assert op1.ask(NOTIFY, _told(_zone(name)), op1.keys[OP2]).status == 200
    assert (known(op1), roles(op1)) == ([], [])
    wire.bring(op1, call, reply)
    assert op1.poll(started) == ("ok", None)
    assert known(op1) == [(OP2, each, False) for each in sorted({"zone-east-01", "zone-east-02", name})]
    assert {row["zone"]: row["geo_location"] for row in op1.dump()["partner_zones"]}[name] == "1,1"


def test_an_early_notification_may_be_put_off() -> None:
    op1, _, wire = pair(lead=replace(OPERATOR, hears_early=False))
    op1.act("add_partner", partner=OP2)
    before = op1.tables.fingerprint()
    assert op1.ask(NOTIFY, _told(_zone("zone-east-09")), op1.keys[OP2]).status == 503
    assert op1.tables.fingerprint() == before
    wire.until_quiet()
    assert op1.ask(NOTIFY, _told(_zone("zone-east-09")), op1.keys[OP2]).status == 200
    assert known(op1) == [*BOTH_ZONES, (OP2, "zone-east-09", False)]


def test_what_was_notified_during_an_add_that_fails_is_forgotten() -> None:
    op1, _, wire = pair()
    op1.act("add_partner", partner=OP2)
    op1.ask(NOTIFY, _told(_zone("zone-east-09")), op1.keys[OP2])
    for _ in range(5):
        op1.say_nothing(op1.only_call())
    assert (known(op1), roles(op1)) == ([], [])
    assert op1.ask(NOTIFY, _told(_zone("zone-east-08"), "r-m"), op1.keys[OP2]).status == 403
    op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert known(op1) == BOTH_ZONES


@pytest.mark.parametrize("on_repeat", ["replay", "conflict"])
def test_after_a_lost_registration_the_repeat_converges(on_repeat: str) -> None:
    op1, op2, wire = federated(host=replace(OPERATOR, on_repeat="replay" if on_repeat == "replay" else "conflict"))
    started = op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    wire.until_quiet()
    assert op1.poll(started) == ("ok", None)
    assert known(op1)[0] == (OP2, "zone-east-01", True)
    assert registered(op2) == [("zone-east-01", OP1)]


def test_a_registration_in_doubt_is_confirmed_by_the_conflict_of_the_operators_repeat() -> None:
    """FI-RACE-008/1; other zones together with it would blur what the conflict says."""
    op1, op2, wire = federated(lead=replace(OPERATOR, pauses=()), host=replace(OPERATOR, on_repeat="conflict"))
    first = op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.carry(op1, op1.only_call())
    op1.say_nothing(op1.only_call())
    assert op1.poll(first)[0] == "failed"
    assert op1.act("register_zone", partner=OP2, zones=["zone-east-01", "zone-east-02"]).status == 409
    second = op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.until_quiet()
    assert op1.poll(second) == ("ok", None)
    assert registered(op2) == [("zone-east-01", OP1)]


def test_a_conflict_without_an_earlier_attempt_confirms_nothing() -> None:
    op1, _, _ = federated()
    started = op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    op1.answer(op1.only_call(), 409)
    assert op1.poll(started) == ("failed", "the partner refuses with 409")
    assert known(op1) == BOTH_ZONES


def test_ten_requests_have_ten_ids() -> None:
    op1, _, _ = federated()
    ids = []
    for _ in range(10):
        op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
        body = op1.only_call().body
        assert isinstance(body, m.RegisterZonesRequest)
        ids.append(body.requestId)
        op1.answer(op1.only_call(), 404)
    assert ids == [f"request-{number}-of-op1" for number in range(2, 12)]
    assert [row.id for row in op1.tables.rows(OWN_REQUESTS)] == ["request-1-of-op1", "request-11-of-op1"]


def test_doubt_stays_until_the_end_of_a_request() -> None:
    """No answer, then throttled, then a conflict: it is our own effect that the third attempt met."""
    op1, _, _ = federated()
    started = op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    op1.say_nothing(op1.only_call())
    op1.answer(op1.only_call(), 429)
    op1.answer(op1.only_call(), 409)
    assert op1.poll(started) == ("ok", None)


def test_an_unreadable_success_is_asked_for_again_with_the_same_request() -> None:
    op1, _, wire = pair()
    first = op1.act("add_partner", partner=OP2)
    wire.carry(op1, op1.only_call())
    op1.answer(op1.only_call(), 200)
    assert op1.poll(first) == ("failed", "the partner's answer is not readable")
    second = op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert op1.poll(second) == ("ok", None)


def test_a_second_answer_does_not_reset_what_was_registered() -> None:
    op1, _, wire = pair(lead=replace(OPERATOR, adds_again=True), host=replace(OPERATOR, admits_again=True))
    for action, inputs in (("add_partner", {}), ("register_zone", {"zones": ["zone-east-01"]}), ("add_partner", {})):
        op1.act(action, partner=OP2, **inputs)
        wire.until_quiet()
    assert known(op1) == [(OP2, "zone-east-01", True), (OP2, "zone-east-02", False)]
