"""What the stranger can do wrong on purpose, and the check that must say so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caught:
    """``check`` fails in ``seat``; ``want`` stands in what it wanted, so that it fails for the right reason."""

    vice: str
    check: str
    seat: str = "csp-a"
    want: str = ""
    verdict: str = "failed"
    """Of what only should be so it is "warned"."""


CAUGHT = (
    Caught("confirms-any-key", "CC-KEY-016/1"),
    Caught("confirms-used-key", "CC-KEY-017/1"),
    Caught("forgets-capacity", "CC-CONN-006/1"),
    Caught("knows-every-interconnect", "CC-IX-002/2"),
    Caught("leaks-keys", "CC-SEC-005/3"),
    Caught("leaks-partners", "CC-PROV-002/1"),
    Caught("verified-when-ready", "CC-ACT-005/3"),
    Caught("verified-unacknowledged", "CC-ACT-005/2"),
    Caught("ignores-mask", "CC-UPD-004/2"),
    Caught("keeps-rejected", "CC-FEAT-003/1"),
    Caught("any-vlan", "CC-FEAT-010/1"),
    Caught("changes-features", "CC-FEAT-002/1"),
    Caught("goes-on-unconfirmed", "CC-KEY-020/1", "csp-b"),
    Caught("sticks-to-one", "CC-CONN-009/1", "csp-b"),
    Caught("whole-guidance-once", "CC-FEAT-005/1", "csp-b"),
    Caught("forgets-remote-delete", "CC-DEL-001/1"),
    Caught("revives-deleted", "CC-DEL-004/2"),
    Caught("deaf-to-notifications", "CC-ACT-006/1"),
    Caught("repeats-items", "CC-PAGE-001/4"),
    Caught("tells-too-early", "CC-ACT-008/1"),
    Caught("open-doors", "CC-SEC-002/1"),
    Caught("any-key", "FI-AUTH-003/2", "op2"),
    Caught("rescued", "FI-AUTH-003/3", "op2"),
    Caught("shared-key", "FI-AUTH-004/1", "op2"),
    Caught("any-operator", "FI-AUTH-006/1", "op1"),
    Caught("tells-existence", "FI-AUTH-008/1", "op2", verdict="warned"),
    Caught("breaks", "FI-INPUT-001/1", "op1"),
    Caught("leaves-leases", "FI-REMOVE-006/1", "op2"),
    Caught("forgets-to-notify", "FI-SHARE-002/1", "op2"),
    Caught("notifies-twice", "FI-SHARE-002/1", "op2"),
    Caught("some-of-them", "FI-ZREG-009/2", "op2"),
    Caught("names-the-other", "FI-ZREG-010/3", "op2"),
    Caught("withdraws-leased", "FI-UNSHARE-002/1", "op2"),
    Caught("new-address", "FI-AUTH-012/1", "op2"),
    Caught("both-roles", "FI-PARTNER-004/1", "op2"),
    Caught("shows-keys", "FI-AUTH-009/1", "op2"),
    Caught("mends-ids", "FI-SHARE-007/2", "op1"),
    Caught("merges-mnc", "FI-UPD-006/2", "op1"),
    Caught("believes-silence", "FI-ZREG-006/2", "op1"),
    Caught("asks-for-ghosts", "FI-ZREG-001/1", "op1"),
    Caught("keeps-catalogue", "FI-REMOVE-005/1", "op1"),
    Caught("foreign-operator", "FI-ZREG-002/1", "op1"),
    Caught("forgets-refusal", "FI-ZDEREG-005/2", "op1"),
)
