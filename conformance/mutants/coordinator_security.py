"""Wrong implementations of security: who is heard, what is granted, proof of the customer's act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator import statement
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.messages import L3BaseConfig
from reference_impl.kernel.tls import TlsChoice

DAY = 24 * 3600 * 1000


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


def _with(id: str, vice: str, caught_by: str, seat: str = "csp-a", **decisions: Any) -> Mutant:
    return Mutant(id, vice, caught_by, "connection-coordinator", seat, replace(PROVIDER, **decisions))


def _breach_with_password(config: L3BaseConfig, *others: Any) -> str | None:
    found = PROVIDER.breach(config, *others)
    return found and f"{found} (password {config.md5BgpPassword})"


def _fails_at_large(wanted: int) -> int:
    """Falls over what no page is large enough for."""
    return PROVIDER.page_size(wanted) if wanted < 10_000 else wanted // 0


def _clash_with_password(config: L3BaseConfig, others: Sequence[L3BaseConfig]) -> str | None:
    found = PROVIDER.clash(config, others)
    return found and f"{found} (password {config.md5BgpPassword})"


def _not_limited(*asked: Any) -> L3BaseConfig | None:
    """A limit of prefixes is taken for a refusal."""
    return None if asked[0].maxReceivedBgpRoutePrefixes is not None else PROVIDER.propose(*asked)


MUTANTS = (
    _with(
        "cc-error-with-password", "repeats BGP passwords in its errors", "CC-SEC-005/1", breach=_breach_with_password
    ),
    _with("cc-clash-with-password", "tells of a clash with the password", "CC-FEAT-013/4", clash=_clash_with_password),
    _with(
        "cc-falls-over",
        "fails where a page size is very large",
        "CC-SEC-006/2",
        "csp-b",
        page_size=_fails_at_large,
    ),
    _with(
        "cc-limit-taken-for-no",
        "negotiates nothing where a limit of prefixes is told",
        "CC-GUIDE-009/1",
        "csp-b",
        propose=_not_limited,
    ),
    _with(
        "cc-forgets-its-proposal",
        "forgets what it had proposed when it is started again",
        "CC-CONN-001/2",
        "csp-b",
        resumes=False,
    ),
    _with("cc-one-place-only", "shows a connection under any interconnect", "CC-CONN-015/2", reads_by_place=False),
    _with("cc-sweeps-early", "removes what is two days old", "CC-CONN-017/1", sweeps_after=2 * DAY),
    _with(
        "cc-sweeps-half",
        "removes the stale and keeps their VLANs",
        "CC-CONN-017/2",
        sweeps_after=8 * DAY,
        frees_features=False,
    ),
    _with(
        "cc-sweeps-verified",
        "removes what was verified",
        "CC-CONN-017/3",
        "csp-b",
        sweeps_after=8 * DAY,
        sweeps=lambda stage: True,
    ),
    _with(
        "cc-names-of-others",
        "takes issues about other partners' resources",
        "CC-SEC-003/3",
        issues=replace(PROVIDER.issues, may_name=lambda name, caller: True),
    ),
    _with("cc-one-endpoint", "calls at one place for all environments", "CC-ENV-006/2", calls_at_environment=False),
    _mutant("cc-tls-12-served", "speaks TLS 1.2 with who calls", "CC-SEC-001/1", tls=TlsChoice(lowest="1.2")),
    _mutant("cc-answers-plainly", "answers without TLS", "CC-SEC-001/2", "csp-b", tls=TlsChoice(in_the_clear=True)),
    _mutant("cc-tls-12-called", "calls over TLS 1.2", "CC-SEC-001/3", "csp-b", tls=TlsChoice(lowest="1.2")),
    _mutant("cc-trusts-everybody", "verifies no certificate", "CC-SEC-001/3", tls=TlsChoice(verifies=False)),
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
