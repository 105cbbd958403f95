"""Cloudlets, zones, own federations: FI-CLOUDLET-001, -002, FI-AZ-001 to -005, FI-FED-001 to -004."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.federation_interconnect import syntax
from reference_impl.federation_interconnect.operator_platform import address_of, operator, stock
from reference_impl.federation_interconnect.records import CLOUDLETS, Cloudlet, Inventory, Zone
from reference_impl.kernel.tables import Tables
from tests.reference_impl.federation_interconnect.pair import (
    OP1,
    OP2,
    OP3,
    Side,
    arrangement,
    deciding,
    federated,
    set_up,
    side,
)

PLACE = {"lat": 31, "long": -91.5}


def equipped() -> Side:
    who = side(OP2)
    for name in ("c1", "c2"):
        who.outputs("onboard_cloudlet", name=name, location=PLACE)
    return who


def create(who: Side, **changes: Any) -> int:
    usual: dict[str, Any] = {"zone": "zone-0001", "cloudlets": ["c1"], "geo_location": "31,-91", "country": "US"}
    return who.act("create_zone", **{**usual, **changes}).status


def refused(who: Side, action: str, **inputs: Any) -> int:
    """The status of a refusal that had no effect."""
    before = who.tables.fingerprint()
    status = who.act(action, **inputs).status
    assert who.tables.fingerprint() == before
    assert who.calls() == []
    return status


def test_a_cloudlet_is_kept_once_and_nobody_hears_of_it() -> None:
    op1, op2, _ = federated()
    for who in (op1, op2):
        who.outputs("onboard_cloudlet", name="c1", location=PLACE, capacity={"cpu": 16, "ram": 64, "disk": 500})
        assert refused(who, "onboard_cloudlet", name="c1", location=PLACE) == 409
        assert [each for each in who.outputs("show_cloudlets")["cloudlets"] if each["name"] == "c1"] == [
            {"name": "c1", "location": {"lat": 31.0, "long": -91.5}, "capacity": {"cpu": 16, "ram": 64, "disk": 500}}
        ]
        assert who.calls() == []


@pytest.mark.parametrize(
    "inputs",
    [
        {"name": "", "location": PLACE},
        {"name": "c1"},
        {"name": "c1", "location": {"lat": 1}},
        {"name": "c1", "location": {"lat": 90.1, "long": 0}},
        {"name": "c1", "location": {"lat": float("nan"), "long": 0}},
        {"name": "c1", "location": {"lat": True, "long": 0}},
        {"name": "c1", "location": PLACE, "capacity": {"cpu": -1}},
        {"name": "c1", "location": PLACE, "capacity": {"cpu": "8"}},
    ],
)
def test_a_cloudlet_needs_a_name_and_a_place(inputs: dict[str, Any]) -> None:
    assert refused(side(OP1), "onboard_cloudlet", **inputs) == 422


def test_a_zone_is_a_collection_of_own_cloudlets() -> None:
    who = equipped()
    assert create(who, cloudlets=["c1", "c2", "c1"], city="Austin", state="TX", locality="urban") == 200
    assert who.outputs("show_zones") == {
        "zones": [
            {
                "zone": "zone-0001",
                "cloudlets": ["c1", "c2"],
                "geo_location": "31,-91",
                "country": "US",
                "city": "Austin",
                "state": "TX",
                "locality": "urban",
                "withdrawn": False,
                "shared_with": [],
                "undelivered": [],
            }
        ]
    }
    assert who.outputs("show_zones", partner=OP1) == {"zones": []}
    assert who.calls() == []


@pytest.mark.parametrize("zone", ["zone-0001", "z" * 32, "Zone_0-1"])
def test_zone_ids_that_are_right(zone: str) -> None:
    assert create(equipped(), zone=zone) == 200


BAD_ZONES = [
    "zone-01",
    "z" * 33,
    "",
    " " * 9,
    "-zone0001",
    "zone0001_",
    "zone.0001",
    "zone 0001",
    "zone/0001",
    "zoné0001",
]


@pytest.mark.parametrize("zone", [*BAD_ZONES, "zone0001\n", 12345678, None])
def test_zone_ids_that_are_wrong(zone: object) -> None:
    inputs = {"zone": zone, "cloudlets": ["c1"], "geo_location": "31,-91"}
    assert refused(equipped(), "create_zone", **inputs) == 422


def test_a_platform_that_takes_any_zone_id_is_seen() -> None:
    who = equipped()
    naive = deciding(who, accepts_zone_id=lambda value: None)
    assert create(naive, zone="zone-01") == 200


@pytest.mark.parametrize("place", ["31,-91", "31.5, -91.25", "-90,180", " 1 , 2 "])
def test_places_that_are_right(place: str) -> None:
    assert create(equipped(), geo_location=place) == 200


@pytest.mark.parametrize("place", ["", "9.9", "1,2,3", "abc,1", "1,abc", "90.1,0", "0,-180.1", "nan,1", "1e1,1", "٣,1"])
def test_places_that_are_wrong(place: str) -> None:
    inputs = {"zone": "zone-0001", "cloudlets": ["c1"], "geo_location": place}
    assert refused(equipped(), "create_zone", **inputs) == 422


@pytest.mark.parametrize("members", [[], ["ghost"], ["c1", "ghost"], "c1", None])
def test_members_must_be_own_cloudlets(members: object) -> None:
    inputs = {"zone": "zone-0001", "cloudlets": members, "geo_location": "1,1"}
    assert refused(equipped(), "create_zone", **inputs) == 422


def test_a_zone_id_is_not_reused_and_a_country_is_a_country() -> None:
    who = equipped()
    assert create(who) == 200
    assert refused(who, "create_zone", zone="zone-0001", cloudlets=["c2"], geo_location="2,2") == 409
    assert refused(who, "create_zone", zone="zone-0002", cloudlets=["c2"], geo_location="2,2", country="ZZ") == 422


def test_an_own_federation_is_created_stored_and_shown() -> None:
    who = side(OP1)
    assert who.outputs("show_self") == {}
    made = set_up(who, federation=None)
    assert made.body is not None
    assert made.body.to_json()["outputs"] == {
        "federation": "federation-1-of-op1",
        "address": "https://op1.example",
        "api_key": "key-1-of-op1",
    }
    assert who.outputs("show_self") == {
        "federation": "federation-1-of-op1",
        "operator": "operator-one",
        "country": "DE",
        "mcc": "262",
        "mnc": ["01", "02"],
        "locator": "locator.example:443",
        "address": "https://op1.example",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"federation": "short-1"},
        {"federation": "f" * 129},
        {"federation": "_bad-id-0001"},
        {"federation": "bad id 0001"},
        {"country": "USA"},
        {"country": "ZZ"},
        {"country": "us1"},
        {"country": None},
        {"operator": None},
        {"operator": ""},
        {"mcc": None},
        {"mcc": "26"},
        {"mcc": "2620"},
        {"mnc": []},
        {"mnc": None},
        {"mnc": ["1"]},
        {"mnc": "01"},
    ],
)
def test_a_federation_that_is_not_well_described_is_refused(changes: dict[str, Any]) -> None:
    who = side(OP1)
    before = who.tables.fingerprint()
    assert set_up(who, **changes).status == 422
    assert who.tables.fingerprint() == before
    assert who.outputs("show_self") == {}


def test_federation_ids_are_unique() -> None:
    who = side(OP1)
    assert [set_up(who).status, set_up(who).status] == [200, 409]
    who.outputs("expect_partner", **arrangement(OP2))
    assert set_up(who, federation=OP2).status == 409
    assert set_up(who, federation=None).status == 200
    assert refused(who, "expect_partner", **arrangement(OP3)) == 422  # of which of the two federations?
    assert refused(who, "show_self") == 422
    assert who.outputs("show_self", federation=OP1)["operator"] == "operator-one"


def test_a_partner_is_arranged_once() -> None:
    who = side(OP1)
    set_up(who)
    who.outputs("expect_partner", **arrangement(OP2))
    assert refused(who, "expect_partner", **arrangement(OP2)) == 409
    assert who.outputs("show_partners") == {"partners": []}


def test_a_federation_with_partners_cannot_be_dropped() -> None:
    op1, op2, _ = federated()
    assert refused(op1, "delete_self_federation", federation=OP1) == 409
    assert refused(op2, "delete_self_federation", federation=OP2) == 409


def test_a_federation_without_partners_goes_with_its_arrangements() -> None:
    who = side(OP1)
    set_up(who)
    who.outputs("expect_partner", **arrangement(OP2))
    who.outputs("delete_self_federation", federation=OP1)
    assert who.dump() == side(OP1).dump()
    assert who.tables.fingerprint() == side(OP1).tables.fingerprint()
    assert address_of(who.tables, OP2) is None


def test_a_federation_is_not_dropped_while_it_adds_somebody() -> None:
    who = side(OP1)
    set_up(who)
    who.act("add_partner", **arrangement(OP2), api_key="key-of-op2")
    assert who.act("delete_self_federation", federation=OP1).status == 409
    who.answer(who.only_call(), 401)
    assert who.act("delete_self_federation", federation=OP1).status == 200
    assert who.tables.fingerprint() == side(OP1).tables.fingerprint()


def test_unknown_handles_are_refused() -> None:
    op1, _, _ = federated()
    assert op1.act("poll", operation="register_zone:request-1-of-op1").status == 404
    assert op1.act("poll", operation="add_partner:request-1-of-op1").status == 200


def test_a_party_can_be_stocked() -> None:
    party = operator("op1")
    tables = Tables(party.schema)
    stock(tables, Inventory(cloudlets=(Cloudlet("c1", 1, 2),), zones=(Zone("zone-0001", ("c1",), "1,1"),)))
    assert tables.rows(CLOUDLETS) == [Cloudlet("c1", 1, 2)]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("op2.example:8443", True),
        ("https://op2.example/base/", True),
        ("http://127.0.0.1:80", True),
        ("[2001:db8::1]:443", True),
        ("ftp://op2.example", False),
        ("op2.example:65536", False),
        ("https://", False),
        ("two words", False),
    ],
)
def test_addresses(address: str, good: bool) -> None:
    assert (syntax.address(address) is None) is good


@pytest.mark.parametrize(("port", "good"), [("1", True), ("65535", True), ("65536", False), ("", False), ("٣", False)])
def test_ports(port: str, good: bool) -> None:
    assert (syntax.port(port) is None) is good
