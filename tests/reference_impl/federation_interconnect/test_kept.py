"""What a platform keeps survives a store: every row, with what is to be told and what came early."""

from __future__ import annotations

from reference_impl.federation_interconnect.operations import OPERATIONS
from reference_impl.federation_interconnect.records import OWN_REQUESTS, SEEN_REQUESTS, TELLINGS
from reference_impl.kernel.store.codec import Codec
from tests.reference_impl.federation_interconnect.pair import OP2, pair
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
    codec = Codec(each.request for each in OPERATIONS.values())
    for side in (op1, op2):
        for table in side.party.schema:
            for row in side.tables.rows(table):
                assert codec.decode(table.record, codec.encode(row)) == row
