"""Customer-impacting calls need proof of the customer's act (CC-SEC-004): what is demanded, and what is handed on.

Proof is asked where the registered account has agreed on a key, and then of every such call but those that no customer
causes: migrations at an unchanged bandwidth, and the deletion of what was never verified or is placed twice (CC-ERR-29,
CC-ERR-47).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator.desk import Desk
from reference_impl.connection_coordinator.inventory_records import ACCOUNTS
from reference_impl.connection_coordinator.records import CONNECTIONS, Connection
from reference_impl.kernel.action import may
from reference_impl.kernel.party import Acted, Refusal, Requested

INPUT = may("proof", summary="the customer's statement, for the other provider", secret=True)


def demand(desk: Desk, request: Requested, uuid: str) -> None:
    """Refuse with 403 what the registered account did not cause."""
    connection = desk.tx.get(CONNECTIONS, uuid)
    account = desk.tx.get(ACCOUNTS, connection.account) if connection is not None else None
    if account is None or not account.proof_key or request.operation not in desk.decisions.security.proves:
        return
    asked = (account.proof_key, request.credential, account.id, request.operation, uuid, desk.ctx.now)
    problem = desk.decisions.security.breach(*asked)
    if problem is not None:
        raise Refusal(403, f"want the customer's proof of {request.operation}, got one that is {problem}")


def given(desk: Desk, asked: Acted, connection: Connection) -> Connection:
    """The customer's statement comes with its act; it accompanies the calls that follow."""
    text = asked.inputs.get("proof")
    if not text or not desk.decisions.security.hands_on:
        return connection
    return desk.tx.put(CONNECTIONS, replace(connection, proof=str(text)))
