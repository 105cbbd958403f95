"""In which seats a requirement is judged (coordinator-harness.md, section 1; federation-wire.md, section 1)."""

from __future__ import annotations

from conformance.requirements.model import Requirement
from conformance.requirements.protocols import PROTOCOLS


def seats_of(requirement: Requirement) -> tuple[str, ...]:
    """The seats of all its roles together, in the protocol's order: ("csp-a",) for an issuer, both for either."""
    protocol = PROTOCOLS[requirement.protocol]
    taken = {seat for role in requirement.roles for seat in protocol.roles[role]}
    return tuple(seat for seat in protocol.seats if seat in taken)
