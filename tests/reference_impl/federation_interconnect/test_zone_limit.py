"""A partner cannot fill this operator's store with zones: so many are kept, one more is refused or left out."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect.decisions import OPERATOR
from tests.reference_impl.federation_interconnect.pair import OP2, deciding, federated, kept, known, pair
from tests.reference_impl.federation_interconnect.test_zones import NOTIFY, ZONE, told


def test_a_zone_too_many_is_refused_and_a_known_one_is_not() -> None:
    op1, _, _ = federated()
    number = len(known(op1))
    narrow = deciding(op1, zone_limit=number + 1)
    assert narrow.ask(NOTIFY, told(), op1.keys[OP2]).status == 200
    before = kept(narrow)
    more = told(ZONE.model_copy(update={"zoneId": "zone-east-10"}), requestId="n-2")
    refused = narrow.ask(NOTIFY, more, op1.keys[OP2])
    assert (refused.status, refused.body and refused.body.to_json()) == (
        409,
        {"message": f"partnerZone: want at most {number + 1} zones of one partner"},
    )
    assert kept(narrow) == before
    assert narrow.ask(NOTIFY, told(requestId="n-3"), op1.keys[OP2]).status == 200


def test_an_answer_with_too_many_zones_is_taken_over_in_part() -> None:
    op1, _, wire = pair(replace(OPERATOR, zone_limit=1))
    started = op1.act("add_partner", partner=OP2)
    wire.until_quiet()
    assert op1.poll(started) == ("ok", None)
    assert [zone for _, zone, _ in known(op1)] == ["zone-east-01"]
    everything, _, _ = federated()
    assert len(known(everything)) > 1


def test_zones_that_come_early_are_counted_too() -> None:
    op1, _, _ = pair(replace(OPERATOR, zone_limit=1))
    op1.act("add_partner", partner=OP2)
    statuses = []
    for number, zone in enumerate(("zone-east-08", "zone-east-09", "zone-east-08")):
        early = told(ZONE.model_copy(update={"zoneId": zone}), requestId=f"n-{number}")
        statuses.append(op1.ask(NOTIFY, early, op1.keys[OP2]).status)
    assert statuses == [200, 409, 200]
