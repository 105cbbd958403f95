"""What a declaration excludes (coordinator-harness, section 6; federation-wire, section 10): checks that a target cannot be
held to. They are counted and told with the declaration as their reason, and never pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.target.declared import CC, FI
from conformance.target.records import Target


@dataclass(frozen=True, slots=True)
class Excludes:
    """A value of a declaration, and the checks that fall with it. A check ends with the seat where it falls in that one
    only; ``CC-MACSEC-003/*`` is all of a requirement, ``CC-MACSEC-*`` all of a chapter."""

    protocol: str
    name: str
    value: Any
    checks: tuple[str, ...]


_HANDED_OVER = (
    *("CC-MACSEC-001/3", "CC-MACSEC-002/2", "CC-MACSEC-002/3", "CC-MACSEC-002/4", "CC-MACSEC-002/5", "CC-MACSEC-003/*"),
    *("CC-MACSEC-004/1", "CC-MACSEC-004/2", "CC-MACSEC-005/1", "CC-MACSEC-005/2", "CC-MACSEC-006/*"),
    *("CC-MACSEC-008/1", "CC-MACSEC-008/2", "CC-MACSEC-009/1", "CC-MACSEC-009/2"),
)
"""Where the peer hands over a key."""

TABLE = (
    Excludes(
        CC,
        "defers",
        False,
        (
            *("CC-DEFER-001/1", "CC-DEFER-002/*", "CC-DEFER-004/2", "CC-DEFER-004/3 csp-b", "CC-DEFER-005/*"),
            *("CC-DEFER-006/*", "CC-DEFER-007/*", "CC-RACE-016/* csp-b"),
        ),
    ),
    Excludes(
        CC,
        "drives_deferred",
        False,
        (
            *("CC-DEFER-003/1", "CC-DEFER-003/3", "CC-DEFER-004/1", "CC-DEFER-004/3 csp-a", "CC-DEFER-008/*"),
            "CC-RACE-016/* csp-a",
        ),
    ),
    Excludes(CC, "merged_preview", True, ("CC-KEY-009/2", "CC-KEY-012/1", "CC-KEY-012/2")),
    Excludes(CC, "macsec_agreed", False, ("CC-MACSEC-*", "CC-RACE-015/*")),
    Excludes(CC, "macsec_accepts_keys", False, _HANDED_OVER),
    Excludes(CC, "macsec_cadence", 0, ("CC-MACSEC-012/2",)),
    Excludes(CC, "readiness_threshold", 4, ("CC-FEAT-017/1",)),
    *(Excludes(CC, "readiness_threshold", few, ("CC-FEAT-017/2", "CC-ACT-003/2")) for few in (1, 2)),
    Excludes(FI, "multi_cloudlet_zone", False, ("FI-AZ-002/3",)),
    Excludes(FI, "multi_zone_request", False, ("FI-ZREG-005/1",)),
    Excludes(FI, "admission", "open", ("FI-PARTNER-002/4",)),
    Excludes(
        FI,
        "credentials",
        "none",
        ("FI-AUTH-001/*", "FI-AUTH-002/*", "FI-AUTH-003/*", "FI-AUTH-004/*", "FI-AUTH-010/*"),
    ),
)
"""FI-AUTH-001 to -004 and -010 fall by FI-ERR-13. An interconnect has four channels (standard inventory)."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """By pattern of a check and seat, the reason; "" is every seat."""

    rows: Mapping[tuple[str, str], str]

    def reason(self, check: str, seat: str) -> str | None:
        """Why this check is not judged in this seat; None where it is."""
        chapter = check.rpartition("-")[0] + "-*"
        for pattern in (check, check.partition("/")[0] + "/*", chapter):
            for at in (seat, ""):
                if (pattern, at) in self.rows:
                    return self.rows[pattern, at]
        return None


NOTHING = Excluded({})


def declared_by(target: Target) -> dict[str, Any]:
    """Those of the target's declarations that exclude anything."""
    rows = [each for each in TABLE if each.protocol == target.protocol]
    return {each.name: each.value for each in rows if target.declares.values.get(each.name) == each.value}


def excluded_by(protocol: str, declared: Mapping[str, Any]) -> Excluded:
    """All that these declarations exclude."""
    rows: dict[tuple[str, str], str] = {}
    for each in TABLE:
        if each.protocol == protocol and each.name in declared and declared[each.name] == each.value:
            said = str(each.value).lower() if isinstance(each.value, bool) else repr(each.value)
            for check in each.checks:
                pattern, _, seat = check.partition(" ")
                rows[pattern, seat] = f"declared {each.name} = {said}"
    return Excluded(rows)
