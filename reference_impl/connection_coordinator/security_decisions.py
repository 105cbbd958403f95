"""The choices of a provider about who may do what: granted provider IDs, partners, proof of the customer's act."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from reference_impl.connection_coordinator import statement
from reference_impl.kernel.tls import STRICT, TlsChoice


@dataclass(frozen=True, slots=True)
class SecurityDecisions:
    """``breach`` tells what is wrong with a statement, given the account's key, the text, and the account, operation and
    connection that it must name, and the moment (CC-SEC-004)."""

    breach: Callable[[str, str | None, str, str, str, int], str | None] = statement.breach
    proves: Collection[str] = ("CreateConnection", "UpdateConnection", "DeleteConnection")
    """Which calls are acted on only with proof, where the account has agreed on a key (CC-SEC-004)."""
    hands_on: bool = True
    """What the customer gives as proof accompanies the call (CC-SEC-004)."""
    grants: bool = True
    """A provider ID that was granted to a partner is served to it (CC-PROV-003)."""
    revokes: bool = True
    """A grant that is revoked is over (CC-PROV-003)."""
    tls: TlsChoice = STRICT
    """TLS 1.3 at least, and certificates are verified (CC-SEC-001)."""
    admits: Callable[[bool], bool] = lambda enabled: enabled
    """Is a partner heard, given whether it is enabled (CC-SEC-002)?"""


GUARDED = SecurityDecisions()
