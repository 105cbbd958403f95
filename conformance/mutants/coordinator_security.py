"""Wrong implementations of security: who is heard, what is granted, proof of the customer's act."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator import statement
from reference_impl.connection_coordinator.decisions import PROVIDER


def _mutant(id: str, vice: str, caught_by: str, seat: str = "csp-a", **choices: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, security=replace(PROVIDER.security, **choices)),
    )


def _but(fault: str) -> Any:
    """Proofs are verified, except for one thing."""

    def breach(key: str, text: str | None, account: str, operation: str, connection: str, now: int) -> str | None:
        found = statement.breach(key, text, account, operation, connection, now)
        return None if found == fault else found

    return breach


MUTANTS = (
    _mutant("cc-proof-never-right", "takes no proof for right", "CC-SEC-004/1", breach=lambda *asked: "not right"),
    _mutant("cc-proof-not-asked", "acts without any proof", "CC-SEC-004/2", proves=()),
    _mutant("cc-proof-expired", "takes a proof that has expired", "CC-SEC-004/2", "csp-b", breach=_but("expired")),
    _mutant(
        "cc-proof-replayed", "takes a proof for another connection", "CC-SEC-004/2", breach=_but("for another act")
    ),
    _mutant(
        "cc-proof-of-anybody",
        "takes the proof of any account",
        "CC-SEC-004/2",
        "csp-b",
        breach=_but("not signed by the account"),
    ),
    _mutant(
        "cc-proof-not-to-delete",
        "deletes without proof",
        "CC-DEL-002/2",
        proves=("CreateConnection", "UpdateConnection"),
    ),
    _mutant("cc-proof-kept", "keeps the customer's proof to itself", "CC-SEC-004/3", "csp-b", hands_on=False),
    _mutant("cc-grant-unheard", "does not serve what it granted", "CC-PROV-003/4", grants=False),
    _mutant("cc-grant-for-ever", "goes on to serve what was revoked", "CC-PROV-003/5", "csp-b", revokes=False),
    _mutant(
        "cc-partner-not-enabled", "serves a partner that is not enabled", "CC-SEC-002/2", admits=lambda enabled: True
    ),
)
