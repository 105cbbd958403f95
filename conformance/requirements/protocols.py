"""The protocols that have a catalogue: their ids, their profiles, and the seats in which each role is judged.

A third protocol is one more entry here and one more `<id>.yaml` beside this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the catalogue of one protocol may refer to.

    `prefix` begins every id. `profiles` maps a profile to whether it is extended, `roles` a role to its seats; both
    in the order in which people read them. `seats` are the two sides of every scenario, in order.
    """

    id: str
    title: str
    prefix: str
    seats: tuple[str, str]
    profiles: Mapping[str, bool]
    roles: Mapping[str, tuple[str, ...]]


_CSP_BOTH = ("csp-a", "csp-b")
_OP_BOTH = ("op1", "op2")

CONNECTION_COORDINATOR = Protocol(
    id="connection-coordinator",
    title="Connection Coordinator",
    prefix="CC",
    seats=_CSP_BOTH,
    # coordinator-harness.md, section 9
    profiles=MappingProxyType(
        {
            "core-issuer": False,
            "core-negotiator": False,
            "core-responder": False,
            "update": True,
            "delete": True,
            "migration": True,
            "deferral": True,
            "maintenance": True,
            "macsec": True,
            "issues": True,
            "security": False,
        }
    ),
    # coordinator-harness.md, section 1. Negotiator and responder change seats after a deferral, a migration or an
    # update; what counts here is the seat in which a scenario starts. MACsec roles and owners belong to channels,
    # and the inventories give each side some.
    roles=MappingProxyType(
        {
            "issuer": ("csp-a",),
            "acceptor": ("csp-b",),
            "negotiator": ("csp-b",),
            "responder": ("csp-a",),
            "either": _CSP_BOTH,
            "update-initiator": _CSP_BOTH,
            "delete-initiator": _CSP_BOTH,
            "migration-initiator": _CSP_BOTH,
            "deferring-provider": ("csp-b",),
            "driving-provider": ("csp-a",),
            "initiator-of-maintenance": _CSP_BOTH,
            "macsec-manager": _CSP_BOTH,
            "macsec-peer": _CSP_BOTH,
            "channel-owner": _CSP_BOTH,
            "issue-handler": _CSP_BOTH,
        }
    ),
)

FEDERATION_INTERCONNECT = Protocol(
    id="federation-interconnect",
    title="Federation Interconnect",
    prefix="FI",
    seats=_OP_BOTH,
    # The application table is unfinished in one edition and gone from the next (FI-ERR-12): claimed separately.
    profiles=MappingProxyType(
        {
            "federation-lead": False,
            "federation-host": False,
            "federation-apps-lead": True,
            "federation-apps-host": True,
            "security": False,
        }
    ),
    # federation-wire.md, sections 1 and 10: OP1 leads (uses zones), OP2 hosts (shares them)
    roles=MappingProxyType(
        {
            "lead": ("op1",),
            "host": ("op2",),
            "apps-lead": ("op1",),
            "apps-host": ("op2",),
            "either": _OP_BOTH,
        }
    ),
)

PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {protocol.id: protocol for protocol in (CONNECTION_COORDINATOR, FEDERATION_INTERCONNECT)}
)
