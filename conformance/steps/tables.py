"""Following a documented table: the acts of its first column in their order, then the claims of every cell."""

from __future__ import annotations

from pytest_bdd import then, when

from conformance.session import Session
from conformance.tables import ACTS, table_with


@when("the operators follow the table")
def follow(session: Session, datatable: list[list[str]]) -> None:
    """Each act in turn; after it both operators are asked for their state, so that claims need no later look."""
    table = table_with(datatable)
    session.notes["table"] = table
    for row in table.rows:
        for cell in row:
            if cell.act is not None:
                ACTS[cell.act](session)
                for seat in session.stage.cast.seats[:2]:
                    session.observe(seat)


@then("every cell holds")
def holds(session: Session) -> None:
    for claim in session.notes["table"].claims():
        session.check(claim.check, claim.rule, seat=claim.seat, **claim.params)
