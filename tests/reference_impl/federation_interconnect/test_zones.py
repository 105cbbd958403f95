"""Notified and registered zones: FI-SHARE-004 to -007, FI-ZREG-001 to -010, FI-AZ-001/2, FI-PARTNER-004/4."""

from __future__ import annotations

from collections.abc import Mapping
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

REGISTER, NOTIFY = "POST /operator/zone", "POST /operator/notify/zone"
ZONE = m.ZoneInfo(zoneId="zone-east-09", geoLocation="9.9", city="Jeju", state="Jeju", locality="rural", edgeCount=3)


def told(zone: m.ZoneInfo = ZONE, **changes: Any) -> m.ZoneSharedRequest:
    usual: Mapping[str, Any] = {
        "requestId": "n-1",
        "origFederationId": OP2,
        "destFederationId": OP1,
        "operator": "operator-two",
        "country": "KR",
        "partnerZone": zone,
    }
    return m.ZoneSharedRequest(**{**usual, **changes})


def wanted(*zones: str, **changes: Any) -> m.RegisterZonesRequest:
    usual: Mapping[str, Any] = {
        "requestId": "z-1",
        "origFederationId": OP1,
        "destFederationId": OP2,
        "operator": "operator-one",
        "country": "DE",
        "zones": zones,
    }
    return m.RegisterZonesRequest(**{**usual, **changes})


def test_a_notified_zone_is_stored_with_all_attributes_and_can_be_registered_at_once() -> None:
    op1, _, _ = federated()
    assert op1.ask(NOTIFY, told(), op1.keys[OP2]).status == 200
    assert op1.dump()["partner_zones"][-1] == {
        "partner": OP2,
        "zone": "zone-east-09",
        "geo_location": "9.9",
        "city": "Jeju",
        "state": "Jeju",
        "locality": "rural",
        "edge_count": 3,
        "registered": False,
        "quota": None,
    }
    op1.act("register_zone", partner=OP2, zones=["zone-east-09"])
    assert op1.only_call().operation == REGISTER


def test_a_second_notification_neither_duplicates_nor_resets() -> None:
    op1, _, wire = federated()
    op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    wire.until_quiet()
    same = m.ZoneInfo(
        zoneId="zone-east-01",
        geoLocation="37.5, 127",
        city="Seoul, Busan",
        state="Gyeonggi",
        locality="urban",
        edgeCount=1,
    )
    before = op1.dump()
    assert op1.ask(NOTIFY, told(same), op1.keys[OP2]).status == 200
    assert op1.ask(NOTIFY, told(same), op1.keys[OP2]).status == 200
    assert op1.ask(NOTIFY, told(same, requestId="n-2"), op1.keys[OP2]).status == 200
    other = same.model_copy(update={"city": "Jeju"})
    assert op1.ask(NOTIFY, told(other, requestId="n-3"), op1.keys[OP2]).status == 409
    assert op1.dump() == before


def test_a_request_id_that_meant_another_zone_is_a_conflict() -> None:
    op1, _, _ = federated()
    assert op1.ask(NOTIFY, told(), op1.keys[OP2]).status == 200
    before = op1.tables.fingerprint()
    assert op1.ask(NOTIFY, told(ZONE.model_copy(update={"zoneId": "zone-east-08"})), op1.keys[OP2]).status == 409
    assert op1.ask(NOTIFY, told(), op1.keys[OP2]).status == 200
    assert op1.tables.fingerprint() == before
    strict = deciding(op1, on_known_zone=lambda known, told: "refuse")
    assert strict.ask(NOTIFY, told(), op1.keys[OP2]).status == 200
    assert strict.ask(NOTIFY, told(requestId="n-2"), op1.keys[OP2]).status == 409


@pytest.mark.parametrize("zone", ["", "../etc", "a b", "z" * 33, "_zone-001"])
def test_a_notification_without_a_usable_zone_is_refused(zone: str) -> None:
    op1, _, _ = federated()
    before = op1.tables.fingerprint()
    assert op1.ask(NOTIFY, told(ZONE.model_copy(update={"zoneId": zone})), op1.keys[OP2]).status == 400
    assert op1.tables.fingerprint() == before


def three() -> tuple[Side, Side, Side, Wire]:
    """OP1 leads OP2 and OP3; both have announced ``zone-same``; OP3 leads OP2 as well."""
    op1, op2, wire = federated()
    op3 = side(OP3)
    op3.keys[""] = "-"
    set_up(op3)
    op3.outputs("onboard_cloudlet", name="cloudlet-1-op3", location={"lat": 1, "long": 2})
    op3.outputs("create_zone", zone="zone-same", cloudlets=["cloudlet-1-op3"], geo_location="1,1")
    op2.outputs("create_zone", zone="zone-same", cloudlets=["cloudlet-1-op2"], geo_location="1,1")
    introduce(op1, op3)
    introduce(op2, op3)
    wire.sides[OP3] = op3
    assert (
        op1.ask(NOTIFY, told(m.ZoneInfo(zoneId="zone-same", geoLocation="1,1", edgeCount=1)), op1.keys[OP2]).status
        == 200
    )
    for lead, host in ((op1, OP3), (op3, OP2)):
        started = lead.act("add_partner", partner=host)
        wire.until_quiet()
        assert lead.poll(started) == ("ok", None)
    return op1, op2, op3, wire


def test_equal_zone_ids_of_two_partners_are_two_zones() -> None:
    op1, op2, op3, wire = three()
    op1.act("register_zone", partner=OP2, zones=["zone-same"])
    assert op1.only_call().peer == OP2
    wire.until_quiet()
    assert [each for each in known(op1) if each[1] == "zone-same"] == [
        (OP2, "zone-same", True),
        (OP3, "zone-same", False),
    ]
    assert (registered(op2), registered(op3)) == ([("zone-same", OP1)], [])


def test_registrations_of_several_partners_do_not_disturb_each_other() -> None:
    op1, op2, op3, wire = three()
    for lead in (op1, op3):
        lead.act("register_zone", partner=OP2, zones=["zone-same"])
        wire.until_quiet()
    assert registered(op2) == [("zone-same", OP1), ("zone-same", OP3)]
    refused = op2.ask(REGISTER, wanted("zone-same", requestId="z-2"), op2.keys[OP1])
    assert refused.status == 409
    assert OP3 not in str(refused.body)
    assert "operator-six" not in str(refused.body)


def test_a_zone_of_a_third_operator_cannot_be_registered() -> None:
    """FI-ZREG-007/3: OP1, as a host, knows zones of others and does not register them."""
    op1, _, wire = federated()
    op2 = wire.sides[OP2]
    op2.act("add_partner", partner=OP1)
    wire.until_quiet()
    message = m.RegisterZonesRequest(
        origFederationId=OP2, destFederationId=OP1, operator="operator-two", country="KR", zones=("zone-east-01",)
    )
    assert op1.ask(REGISTER, message, op1.keys[OP2]).status == 404


def test_registering_zones_on_both_sides() -> None:
    op1, op2, wire = federated()
    started = op1.act("register_zone", partner=OP2, zones=["zone-east-01", "zone-east-02"])
    call = op1.only_call()
    assert call.body is not None
    assert call.body.to_json() == {
        "requestId": "request-2-of-op1",
        "origFederationId": OP1,
        "destFederationId": OP2,
        "operator": "operator-one",
        "country": "DE",
        "zones": ["zone-east-01", "zone-east-02"],
    }
    reply = wire.carry(op1, call)
    assert reply.body is not None
    assert reply.body.to_json() == {
        "requestId": "request-2-of-op1",
        "leadOperatorId": "operator-one",
        "partnerOperatorId": "operator-two",
        "federationId": OP2,
        "zone": [
            {
                "zoneId": "zone-east-01",
                "guaranteedResources": {"cpu": 8, "ram": 32},
                "upperLimitQuota": {"cpu": 8, "ram": 32},
            },
            {
                "zoneId": "zone-east-02",
                "guaranteedResources": {"cpu": 24, "ram": 64},
                "upperLimitQuota": {"cpu": 24, "ram": 64},
            },
        ],
    }
    assert op2.dump()["registrations"] == [
        {"zone": "zone-east-01", "partner": OP1, "operator": "operator-one", "country": "DE"},
        {"zone": "zone-east-02", "partner": OP1, "operator": "operator-one", "country": "DE"},
    ]
    assert known(op1) == [(OP2, "zone-east-01", False), (OP2, "zone-east-02", False)]
    wire.bring(op1, call, reply)
    assert op1.poll(started) == ("ok", None)
    assert known(op1) == [(OP2, "zone-east-01", True), (OP2, "zone-east-02", True)]
    assert op1.dump()["partner_zones"][1]["quota"] == {"cpu": 24, "ram": 64}


@pytest.mark.parametrize(
    ("partner", "zones", "status"),
    [
        (OP2, ["ghost-0001"], 404),
        (OP2, ["zone-west-01"], 404),  # our own
        (OP2, ["zone-east-01", "ghost-0001"], 404),
        (OP2, [], 422),
        (OP2, "zone-east-01", 422),
        (OP3, ["zone-east-01"], 404),
    ],
)
def test_the_lead_checks_first_and_calls_nobody(partner: str, zones: Any, status: int) -> None:
    op1, _, _ = federated()
    before = op1.tables.fingerprint()
    assert op1.act("register_zone", partner=partner, zones=zones).status == status
    assert op1.tables.fingerprint() == before
    assert op1.calls() == []


def test_nothing_is_registered_at_a_partner_without_access() -> None:
    op1, op2, wire = federated()
    assert op2.act("register_zone", partner=OP1, zones=["zone-west-01"]).status == 409
    assert op2.calls() == []
    op1.act("register_zone", partner=OP2, zones=["zone-east-01"])
    assert op1.act("register_zone", partner=OP2, zones=["zone-east-01"]).status == 409
    wire.until_quiet()
    assert op1.act("register_zone", partner=OP2, zones=["zone-east-01"]).status == 409
    fresh, _, _ = pair()
    assert fresh.act("register_zone", partner=OP2, zones=["zone-east-01"]).status == 409


@pytest.mark.parametrize(
    ("zones", "status"),
    [
        ([], 400),
        ([""], 400),
        (["_zone-001"], 400),
        (["z" * 200], 400),
        (["ghost-0001"], 404),
        (["zone-east-01", "zone-nowhere"], 404),
        (["zone-east-02", "zone-east-01"], 409),
    ],
)
def test_the_host_registers_all_or_none(zones: list[str], status: int) -> None:
    _, op2, _ = federated()
    assert op2.ask(REGISTER, wanted("zone-east-01", requestId="z-0"), op2.keys[OP1]).status == 200
    before = kept(op2)
    assert op2.ask(REGISTER, wanted(*zones), op2.keys[OP1]).status == status
    assert kept(op2) == before
    assert registered(op2) == [("zone-east-01", OP1)]


def test_a_host_that_registers_what_it_can_is_seen() -> None:
    vice = replace(OPERATOR, to_register=lambda asked, shared, mine: [zone for zone in asked if zone in shared])
    _, op2, _ = federated(host=vice)
    op2.ask(REGISTER, wanted("zone-east-01", "zone-nowhere"), op2.keys[OP1])
    assert registered(op2) == [("zone-east-01", OP1)]


def test_a_zone_named_twice_counts_once() -> None:
    _, op2, _ = federated()
    reply = op2.ask(REGISTER, wanted("zone-east-01", "zone-east-01"), op2.keys[OP1])
    assert isinstance(reply.body, m.RegisterZonesResponse)
    assert [entry.zoneId for entry in reply.body.zone] == ["zone-east-01"]
    assert registered(op2) == [("zone-east-01", OP1)]


def test_zones_shared_with_others_only_look_like_none() -> None:
    _, op2, _ = federated(host=replace(OPERATOR, is_shared=lambda zone, partner: zone == "zone-east-02"))
    assert op2.ask(REGISTER, wanted("zone-east-01"), op2.keys[OP1]).status == 404
    assert op2.ask(REGISTER, wanted("zone-east-02"), op2.keys[OP1]).status == 200


def test_the_same_registration_twice_has_one_effect_and_one_answer() -> None:
    _, op2, _ = federated()
    first = op2.ask(REGISTER, wanted("zone-east-01"), op2.keys[OP1])
    before = op2.tables.fingerprint()
    assert op2.ask(REGISTER, wanted("zone-east-01"), op2.keys[OP1]) == first
    assert op2.tables.fingerprint() == before
    assert op2.ask(REGISTER, wanted("zone-east-01", requestId="z-2"), op2.keys[OP1]).status == 409
    assert op2.ask(REGISTER, wanted("zone-east-01", requestId=None), op2.keys[OP1]).status == 409


@pytest.mark.parametrize(
    ("status", "body", "reason", "now_known"),
    [
        (404, None, "the partner refuses with 404", (False, False)),
        (200, None, "the partner's answer is not readable", (False, False)),
        (
            200,
            m.RegisterZonesResponse(zone=(m.ZoneRegisterDetails(zoneId="zone-east-02"),)),
            "the partner's answer leaves ['zone-east-01'] not registered",
            (False, True),
        ),
    ],
)
def test_only_what_the_host_accounts_for_is_registered(
    status: int, body: m.RegisterZonesResponse | None, reason: str, now_known: tuple[bool, bool]
) -> None:
    op1, _, _ = federated()
    started = op1.act("register_zone", partner=OP2, zones=["zone-east-01", "zone-east-02"])
    op1.answer(op1.only_call(), status, body)
    assert op1.poll(started) == ("failed", reason)
    assert tuple(each[2] for each in known(op1)) == now_known
    expected = 202 if body is not None or status == 404 else 409  # an unreadable success leaves the whole in doubt
    assert op1.act("register_zone", partner=OP2, zones=["zone-east-01"]).status == expected


def test_an_early_host_names_a_single_zone_without_a_list() -> None:
    """FI-ERR-15"""
    (zone,) = m.RegisterZonesResponse.model_validate_json('{"zone": {"zoneId": "zone-east-01"}}').zone
    assert zone == m.ZoneRegisterDetails(zoneId="zone-east-01")
    both = '{"zone": [{"zoneId": "zone-east-01", "upperLimitQuota": {"cpu": 1}}, {"zoneId": "zone-east-02"}]}'
    assert [each.zoneId for each in m.RegisterZonesResponse.model_validate_json(both).zone] == [
        "zone-east-01",
        "zone-east-02",
    ]
