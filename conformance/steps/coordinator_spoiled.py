"""Steps of the bounded fuzz run: each operation with spoiled parameters and bodies, by a fixed seed (CC-SEC-006)."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from conformance import prologue
from conformance.session import Session
from conformance.spoiling import spoiled
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_security import QUERIES, body_of, call
from reference_impl.connection_coordinator.operations import OPERATIONS

SEED = 1


@when(
    parsers.re(r"its peer sends each operation to the target (?P<number>\d+) times, its parameters and bodies spoiled")
)
def sends_spoiled(session: Session, number: str) -> None:
    """Deletions last. What the target reads at its peer meanwhile is not answered: the connection exists at the target only."""
    for operation in ("ListFeatures", "GetConnection"):
        session.disturb("answer", operation, sender=session.target, status=503, body={}, times=-1)
    peer = prologue.OTHER[session.target]
    sent = []
    for operation, declared in sorted(OPERATIONS.items(), key=lambda row: row[1].method == "DELETE"):
        known = tuple(each.name for each in declared.query)
        body, query = body_of(session, operation), QUERIES.get(operation, {})
        for each in spoiled(operation, body, query, known, int(number), SEED):
            how = {"json": body} if each.raw is None else {"json": None, "raw": each.raw}
            sent.append(call(session, operation, peer, query=each.query, **how))
    session.notes["spoiled"] = [each.request.exchange for each in sent]
    session.notes["alive"] = call(session, "GetProvider", peer).request.exchange


@then(parsers.re(rf"the target answers each of them without a failure of its own, and goes on {CHECK}"))
def goes_on(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "withstands", exchanges=session.notes["spoiled"], alive=session.notes["alive"])
