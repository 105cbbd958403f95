"""Zones that are shared with some partners only: FI-PARTNER-005/4, FI-ZREG-007/2, FI-ERR-07."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import messages as m
from reference_impl.federation_interconnect.decisions import OPERATOR
from reference_impl.federation_interconnect.records import MARKS
from tests.reference_impl.federation_interconnect.pair import OP1, OP2, federated, known, pair, registered

NOTIFY, WITHDRAW = "POST /operator/notify/zone", "DELETE /operator/notify/zone"
ZONE = "zone-east-01"


def test_an_unmarked_zone_is_withdrawn_and_a_marked_one_notified_again() -> None:
    op1, op2, wire = federated()
    assert op2.outputs("unshare_zone", zone=ZONE, partner=OP1)["undelivered"] == [
        {"partner": OP1, "about": ZONE, "what": WITHDRAW, "delivery": "pending", "reason": ""}
    ]
    wire.until_quiet()
    assert (OP2, ZONE, False) not in known(op1)
    assert [each["shared_with"] for each in op2.dump()["zones"] if each["zone"] == ZONE] == [[]]
    op2.act("share_zone", zone=ZONE, partner=OP1)
    wire.until_quiet()
    assert (OP2, ZONE, False) in known(op1)


def test_a_zone_taken_before_the_add_is_not_offered() -> None:
    op1, op2, wire = pair()
    op2.act("unshare_zone", zone=ZONE, partner=OP1)
    op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert (OP2, ZONE, False) not in known(op1)


def test_an_unmarked_zone_looks_like_none_to_a_registration() -> None:
    _, op2, wire = federated()
    op2.act("unshare_zone", zone=ZONE, partner=OP1)
    wire.until_quiet()
    asked = {"origFederationId": OP1, "destFederationId": OP2, "operator": "operator-one", "country": "DE"}
    replies = [
        op2.ask("POST /operator/zone", m.RegisterZonesRequest(requestId=zone, zones=(zone,), **asked), op2.keys[OP1])
        for zone in (ZONE, "zone-nowhere")
    ]
    assert [each.status for each in replies] == [404, 404]
    assert registered(op2) == []


def test_a_registered_zone_is_not_taken() -> None:
    op1, op2, wire = federated()
    op1.act("register_zone", partner=OP2, zones=[ZONE])
    wire.until_quiet()
    refused = op2.act("unshare_zone", zone=ZONE, partner=OP1)
    assert (refused.status, list(op2.tables.rows(MARKS))) == (409, [])


def test_a_partner_that_has_it_registered_keeps_it() -> None:
    """The host does not look, and the lead says 409."""
    op1, op2, wire = federated(host=replace(OPERATOR, withdraws_registered=True))
    op1.act("register_zone", partner=OP2, zones=[ZONE])
    wire.until_quiet()
    op2.act("unshare_zone", zone=ZONE, partner=OP1)
    wire.until_quiet()
    assert [(row.zone, row.partner, row.shared) for row in op2.tables.rows(MARKS)] == [(ZONE, OP1, True)]
    assert (OP2, ZONE, True) in known(op1)


def test_marks_go_with_the_zone() -> None:
    _, op2, wire = federated()
    op2.act("unshare_zone", zone=ZONE, partner=OP1)
    wire.until_quiet()
    op2.act("delete_zone", zone=ZONE)
    wire.until_quiet()
    assert list(op2.tables.rows(MARKS)) == []
    assert op2.act("unshare_zone", zone=ZONE, partner=OP1).status == 404
