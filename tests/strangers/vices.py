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
    Caught("endless-pages", "CC-PAGE-001/4"),
    Caught("tells-too-early", "CC-ACT-008/1"),
    Caught("open-doors", "CC-SEC-002/1"),
)
