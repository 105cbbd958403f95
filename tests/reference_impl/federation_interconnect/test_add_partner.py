"""Adding a partner, the second table: FI-PARTNER-001 to -013, FI-AUTH-012."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR, Decisions, admits_anybody
from reference_impl.federation_interconnect.operator_platform import address_of
from reference_impl.federation_interconnect.records import Roles
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    OP3,
    Side,
    arrangement,
    federated,
    introduce,
    kept,
    known,
    pair,
    roles,
    set_up,
    side,
)

ADD = "POST /operator/partner"


def request(**changes: Any) -> m.AddPartnerRequest:
    """OP1's add as OP2 receives it."""
    usual: Mapping[str, Any] = {
        "requestId": "r-1",
        "origFederationId": OP1,
        "destFederationId": OP2,
        "operator": "operator-one",
        "country": "DE",
        "origFederationAddr": "https://op1.example",
    }
    return m.AddPartnerRequest(**{**usual, **changes})


def test_lead_sends_one_request_with_its_own_identity() -> None:
    op1, _, _ = pair()
    started = op1.act("add_partner", partner=OP2)
    call = op1.only_call()
    assert started.status == 202
    assert op1.poll(started) == ("running", None)
    assert (call.peer, call.operation, call.credential) == (OP2, ADD, "key-2-of-op2")
    assert call.body is not None
    assert call.body.to_json() == {
        "requestId": "request-1-of-op1",
        "origFederationId": OP1,
        "destFederationId": OP2,
        "operator": "operator-one",
        "country": "DE",
        "origFederationAddr": "https://op1.example",
    }
    assert call.credential not in repr(call)


def test_answer_identifies_the_host_and_offers_its_zones() -> None:
    _, op2, _ = pair()
    reply = op2.ask(ADD, request(), op2.keys[OP1])
    assert reply.status == 200
    assert reply.body is not None
    assert reply.body.to_json() == {
        "requestId": "r-1",
        "origOperatorId": "operator-two",
        "origFederationId": OP2,
        "partnerOperatorId": "operator-one",
        "destFederationId": OP1,
        "MCC": "262",
        "MNC": ["01", "02"],
        "locatorEndPoint": "locator.example:443",
        "partnerZone": [
            {
                "zoneId": "zone-east-01",
                "geoLocation": "37.5, 127",
                "city": "Seoul, Busan",
                "state": "Gyeonggi",
                "locality": "urban",
                "edgeCount": 1,
            },
            {"zoneId": "zone-east-02", "geoLocation": "31,-91", "edgeCount": 2},
        ],
    }
    assert "cloudlet" not in str(reply.body.to_json())


def test_both_sides_store_the_other_and_its_role() -> None:
    op1, op2, wire = federated()
    assert wire.seen == [("op1", ADD, 0, 200)]
    assert op1.dump()["partners"] == [
        {
            "partner": OP2,
            "operator": "operator-two",
            "country": "KR",
            "address": "https://op2.example",
            "mcc": "262",
            "mnc": ["01", "02"],
            "locator": "locator.example:443",
            "access": True,
            "share": False,
        }
    ]
    assert op2.dump()["partners"] == [
        {
            "partner": OP1,
            "operator": "operator-one",
            "country": "DE",
            "address": "https://op1.example",
            "mcc": "",
            "mnc": [],
            "locator": "",
            "access": False,
            "share": True,
        }
    ]
    assert op1.dump()["partner_zones"] == [
        {
            "partner": OP2,
            "zone": "zone-east-01",
            "geo_location": "37.5, 127",
            "city": "Seoul, Busan",
            "state": "Gyeonggi",
            "locality": "urban",
            "edge_count": 1,
            "registered": False,
            "quota": None,
        },
        {
            "partner": OP2,
            "zone": "zone-east-02",
            "geo_location": "31,-91",
            "city": "",
            "state": "",
            "locality": "",
            "edge_count": 2,
            "registered": False,
            "quota": None,
        },
    ]
    assert op2.dump()["partner_zones"] == []
    assert op2.calls() == []


def test_a_host_without_zones_is_a_partner_too() -> None:
    _, op2, _ = pair()
    op3 = side(OP3)
    set_up(op3)
    introduce(op3, op2)
    reply = op3.ask(
        ADD,
        request(origFederationId=OP2, destFederationId=OP3, operator="operator-two", country="KR"),
        op3.keys[OP2],
    )
    assert isinstance(reply.body, m.AddPartnerResponse)
    assert (reply.status, reply.body.partnerZone) == (200, ())


@pytest.mark.parametrize("zones", [None, ()])
def test_an_answer_without_zones_is_a_success(zones: tuple[m.ZoneInfo, ...] | None) -> None:
    op1, _, _ = pair()
    started = op1.act("add_partner", partner=OP2)
    op1.answer(op1.only_call(), 200, answer(op1, partnerZone=zones))
    assert op1.poll(started) == ("ok", None)
    assert known(op1) == []


def answer(lead: Side, **changes: Any) -> m.AddPartnerResponse:
    """OP2's answer to the open add of a lead."""
    body = lead.only_call().body
    assert isinstance(body, m.AddPartnerRequest)
    usual: Mapping[str, Any] = {
        "requestId": body.requestId,
        "origOperatorId": "operator-two",
        "origFederationId": OP2,
        "partnerOperatorId": "operator-one",
        "destFederationId": OP1,
        "MCC": "450",
        "MNC": ("05",),
        "partnerZone": (m.ZoneInfo(zoneId="zone-east-01", geoLocation="9.9", edgeCount=1),),
    }
    return m.AddPartnerResponse(**{**usual, **changes})


def test_a_zone_named_twice_is_listed_once_and_an_unusable_id_not_at_all() -> None:
    op1, _, _ = pair()
    op1.act("add_partner", partner=OP2)
    zone = m.ZoneInfo(zoneId="zone-east-01", geoLocation="9.9", edgeCount=1)
    bad = m.ZoneInfo(zoneId="../etc", geoLocation="9.9", edgeCount=1)
    op1.answer(op1.only_call(), 200, answer(op1, partnerZone=(zone, bad, zone)))
    assert known(op1) == [(OP2, "zone-east-01", False)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"origFederationId": OP3}, f"origFederationId: want '{OP2}', got '{OP3}'"),
        ({"destFederationId": OP3}, f"destFederationId: want '{OP1}', got '{OP3}'"),
        ({"origOperatorId": "operator-six"}, "origOperatorId: want 'operator-two', got 'operator-six'"),
        ({"partnerOperatorId": "operator-six"}, "partnerOperatorId: want 'operator-one', got 'operator-six'"),
        ({"requestId": "r-other"}, "requestId: want 'request-1-of-op1', got 'r-other'"),
    ],
)
def test_an_implausible_answer_leaves_nothing(changes: dict[str, str], reason: str) -> None:
    op1, _, _ = pair()
    started = op1.act("add_partner", partner=OP2)
    before = op1.dump()
    op1.answer(op1.only_call(), 200, answer(op1, **changes))
    assert op1.poll(started) == ("failed", f"the answer is not the partner's: {reason}")
    assert op1.dump() == before


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, "the partner's answer is not readable"),
        (400, "the partner refuses with 400"),
        (401, "the partner refuses with 401"),
        (409, "the partner refuses with 409"),
    ],
)
def test_a_failed_add_leaves_no_partner_and_can_be_asked_again(status: int, reason: str) -> None:
    op1, op2, wire = pair()
    started = op1.act("add_partner", partner=OP2)
    before = op1.dump()
    op1.answer(op1.only_call(), status)
    assert op1.poll(started) == ("failed", reason)
    assert op1.dump() == before
    again = op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert op1.poll(again) == ("ok", None)
    assert (roles(op1), roles(op2)) == ([(OP2, True, False)], [(OP1, False, True)])


def test_a_lead_that_believes_any_answer_stores_what_a_stranger_says() -> None:
    """The vice that the test above catches."""
    op1, _, _ = pair(replace(OPERATOR, is_plausible=lambda answer, asked, operator: None))
    started = op1.act("add_partner", partner=OP2)
    op1.answer(op1.only_call(), 200, answer(op1, origFederationId=OP3))
    assert op1.poll(started) == ("ok", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"partner": None},
        {"partner": "short"},
        {"partner": OP1},
        {"operator": None},
        {"operator": " "},
        {"country": None},
        {"country": "USA"},
        {"country": "EU"},
        {"address": None},
        {"address": "two words"},
        {"api_key": None},
        {"api_key": "short"},
    ],
)
def test_an_add_that_cannot_succeed_is_refused_northbound(changes: dict[str, str | None]) -> None:
    op1 = side(OP1)
    set_up(op1)
    before = op1.tables.fingerprint()
    reply = op1.act("add_partner", **{**arrangement(OP2), "api_key": "key-of-op2", **changes})
    assert reply.status in (409, 422)
    assert op1.tables.fingerprint() == before
    assert op1.calls() == []


def test_an_add_needs_no_arrangement_before_it() -> None:
    """The positive twin of the refusals."""
    op1 = side(OP1)
    set_up(op1)
    assert op1.act("add_partner", **arrangement(OP2), api_key="key-of-op2").status == 202
    assert op1.only_call().credential == "key-of-op2"
    assert address_of(op1.tables, OP2) == "https://op2.example"
    assert address_of(op1.tables, OP3) is None


def test_nothing_is_sent_without_a_key_or_without_a_federation() -> None:
    op1 = side(OP1)
    assert op1.act("add_partner", **arrangement(OP2), api_key="key-of-op2").status == 409
    set_up(op1)
    op1.outputs("expect_partner", **arrangement(OP2))
    before = op1.tables.fingerprint()
    assert op1.act("add_partner", partner=OP2).status == 409
    assert op1.tables.fingerprint() == before
    assert op1.calls() == []


def test_a_partner_is_not_added_twice_by_the_lead() -> None:
    op1, _, _ = federated()
    before = op1.tables.fingerprint()
    assert op1.act("add_partner", partner=OP2).status == 409
    assert op1.tables.fingerprint() == before


def test_a_corrected_arrangement_replaces_a_bare_one_but_no_federation() -> None:
    op1, _, _ = federated()
    other = {**arrangement(OP2), "operator": "operator-new", "api_key": "key-of-op2"}
    assert op1.act("add_partner", **other).status == 409
    op3 = side(OP3)
    set_up(op3)
    op3.outputs("expect_partner", **arrangement(OP2))
    assert op3.act("add_partner", **other).status == 202


@pytest.mark.parametrize("change", [{}, {"origFederationAddr": "https://third.example"}, {"country": "KR"}])
def test_a_partner_is_not_admitted_twice(change: dict[str, str]) -> None:
    _, op2, _ = federated()
    before = kept(op2)
    reply = op2.ask(ADD, request(requestId="r-2", **change), op2.keys[OP1])
    assert reply.status == (403 if "country" in change else 409)
    assert kept(op2) == before
    assert address_of(op2.tables, OP1) == "https://op1.example"


def test_the_wish_for_endorsement_decides_nothing() -> None:
    answers = []
    for wish in (True, False, None):
        _, op2, _ = pair()
        reply = op2.ask(ADD, request(applicationAnchormentReq=wish), op2.keys[OP1])
        answers.append((reply, roles(op2)))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][1] == [(OP1, False, True)]


def test_the_address_in_the_message_is_ignored_where_admission_is_prearranged() -> None:
    _, op2, _ = pair()
    assert op2.ask(ADD, request(origFederationAddr="https://third.example"), op2.keys[OP1]).status == 200
    assert address_of(op2.tables, OP1) == "https://op1.example"


def test_open_admission_lets_a_stranger_in_and_honours_its_address_once() -> None:
    op2 = side(OP2, replace(OPERATOR, admits=admits_anybody))
    body = set_up(op2).body
    key = body.to_json()["outputs"]["api_key"] if body else ""
    assert op2.ask(ADD, request(), "another-key").status == 401
    assert op2.ask(ADD, request(origFederationAddr="no address"), key).status == 400
    assert op2.ask(ADD, request(), key).status == 200
    assert roles(op2) == [(OP1, False, True)]
    assert op2.ask(ADD, request(requestId="r-2", origFederationAddr="https://third.example"), key).status == 409
    assert address_of(op2.tables, OP1) == "https://op1.example"
    own = request(origFederationId=OP2, operator="operator-two", country="KR")
    assert op2.ask(ADD, own, key).status == 409
    new = op2.outputs("rotate_api_key")["api_key"]
    other = request(origFederationId=OP3, operator="operator-six", country="FR")
    assert op2.ask(ADD, other, key).status == 401
    assert op2.ask(ADD, other, new).status == 200


def test_prearranged_admission_refuses_the_same_stranger() -> None:
    op2 = side(OP2)
    body = set_up(op2).body
    key = body.to_json()["outputs"]["api_key"] if body else ""
    assert op2.ask(ADD, request(), key).status == 401
    assert roles(op2) == []


@pytest.mark.parametrize(
    ("vice", "shown"),
    [
        ({"roles_of_caller": lambda before: Roles(access=True, share=True)}, [(OP1, True, True)]),
        ({"roles_of_caller": lambda before: before}, []),
    ],
)
def test_wrong_roles_at_the_host_are_seen(vice: dict[str, Any], shown: list[tuple[str, bool, bool]]) -> None:
    decisions: Decisions = replace(OPERATOR, **vice)
    _, op2, _ = federated(host=decisions)
    assert roles(op2) == shown


def test_zones_learnt_from_others_are_not_offered() -> None:
    """OP2 leads OP3 and hosts OP1: OP1 sees no zone of OP3 (FI-PARTNER-005/3)."""
    for decisions, offered in (
        (OPERATOR, ["zone-east-01", "zone-east-02"]),
        (
            replace(OPERATOR, zones_offered=lambda own, learnt: (*own, *learnt)),
            ["zone-east-01", "zone-east-02", "zone-of-op3"],
        ),
    ):
        _, op2, _ = pair(host=decisions)
        op2.act("add_partner", **arrangement(OP3), api_key="key-of-op3")
        zone = m.ZoneInfo(zoneId="zone-of-op3", geoLocation="1,1", edgeCount=1)
        body = m.AddPartnerResponse(
            origOperatorId="operator-six",
            origFederationId=OP3,
            partnerOperatorId="operator-two",
            destFederationId=OP2,
            MCC="208",
            MNC=("10",),
            partnerZone=(zone,),
        )
        op2.answer(op2.only_call(), 200, body)
        reply = op2.ask(ADD, request(), op2.keys[OP1])
        assert isinstance(reply.body, m.AddPartnerResponse)
        assert [each.zoneId for each in reply.body.partnerZone or ()] == offered


def test_explicit_sharing_offers_only_what_is_shared() -> None:
    _, op2, _ = pair(host=replace(OPERATOR, is_shared=lambda zone, partner: zone == "zone-east-02"))
    reply = op2.ask(ADD, request(), op2.keys[OP1])
    assert isinstance(reply.body, m.AddPartnerResponse)
    assert [each.zoneId for each in reply.body.partnerZone or ()] == ["zone-east-02"]
