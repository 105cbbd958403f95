"""What a platform keeps survives a store: every row, with what is to be told and what came early."""

from __future__ import annotations

from reference_impl.federation_interconnect.application_records import ARTIFACTS, HOSTED, ONBOARDINGS
from reference_impl.federation_interconnect.operations import OPERATIONS
from reference_impl.federation_interconnect.records import OWN_REQUESTS, SEEN_REQUESTS, TELLINGS
from reference_impl.kernel.store.codec import Codec
from tests.reference_impl.federation_interconnect.applications import UPLOAD, ZONE, onboard, onboarded, uploading
from tests.reference_impl.federation_interconnect.pair import OP1, OP2, Side, pair
from tests.reference_impl.federation_interconnect.test_sharing import EAST, create


def test_every_row_is_written_and_read_as_it_is() -> None:
    op1, op2, wire = pair()
    op1.act("add_partner", partner=OP2)
    add = op1.only_call()
    wire.carry(op1, add)
    wire.carry(op1, add)
    create(op2)
    op2.outputs("update_attributes", mcc="451")
    op2.act("delete_zone", zone=EAST)
    for call in op2.calls():
        wire.carry(op2, call)
    op2.say_nothing(op2.calls()[0])
    (adding,) = op1.tables.rows(OWN_REQUESTS)
    assert (adding.early.mcc, adding.early.gone, len(adding.early.zones)) == ("451", (EAST,), 1)
    assert [row.doubt for row in op2.tables.rows(TELLINGS)] == [True, False, False]
    assert len(op1.tables.rows(SEEN_REQUESTS)) == 3
    _demand_kept(op1, op2)


def test_applications_are_too() -> None:
    op1, op2, _ = onboarded()
    assert onboard(op1, zone=ZONE, application="another-app").status == 202
    assert op2.ask(UPLOAD, uploading(), op2.keys[OP1]).status == 200
    counts = len(op1.tables.rows(ONBOARDINGS)), len(op2.tables.rows(ARTIFACTS)), len(op2.tables.rows(HOSTED))
    assert (counts, [job.content != "" for job in op2.jobs()]) == ((2, 2, 1), [True])
    _demand_kept(op1, op2)


def _demand_kept(*sides: Side) -> None:
    codec = Codec(each.request for each in OPERATIONS.values())
    for side in sides:
        for table in side.party.schema:
            for row in side.tables.rows(table):
                assert codec.decode(table.record, codec.encode(row)) == row
