"""Wrong implementations of maintenance: who asks nobody, tells nobody, believes anybody, or never yields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.maintenance_decisions import Span

HOUR = 3_600_000


def _mutant(id: str, vice: str, caught_by: str, seat: str = "csp-a", **choices: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, maintenance=replace(PROVIDER.maintenance, **choices)),
    )


def _touching(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _never(own: tuple[int, str], other: tuple[int, str]) -> bool:
    return False


MUTANTS = (
    _mutant("cc-maint-asks-nobody", "plans without a look at the peer's windows", "CC-MAINT-001/1", asks_first=False),
    _mutant(
        "cc-maint-blind",
        "sees no overlap of windows that do not begin together",
        "CC-MAINT-001/3",
        "csp-b",
        overlap=lambda one, other: one[0] == other[0],
    ),
    _mutant("cc-maint-touching", "takes windows that touch for overlapping", "CC-MAINT-001/2", overlap=_touching),
    _mutant(
        "cc-maint-same-device",
        "refuses the same channel at the same time",
        "CC-MAINT-001/2",
        "csp-b",
        excludes_same_device=True,
    ),
    _mutant(
        "cc-maint-moves-in-silence", "tells nobody of a moved window", "CC-MAINT-002/1", notifies=("open", "close")
    ),
    _mutant(
        "cc-maint-cancels-in-silence",
        "tells nobody of a cancelled window",
        "CC-MAINT-002/1",
        "csp-b",
        notifies=("open", "move", "emergency"),
    ),
    _mutant("cc-maint-tells-one-channel", "tells of one channel of a router only", "CC-MAINT-002/2", tells=lambda n: 1),
    _mutant(
        "cc-maint-tells-once",
        "tells once, whatever the answer",
        "CC-MAINT-002/3",
        "csp-b",
        acknowledged=lambda status: True,
    ),
    _mutant(
        "cc-maint-reads-nothing", "hears a notification and reads nothing", "CC-MAINT-003/1", reads_when_notified=False
    ),
    _mutant(
        "cc-maint-believes-body",
        "believes the notification's body",
        "CC-MAINT-003/2",
        "csp-b",
        believes_the_notice=True,
    ),
    _mutant(
        "cc-maint-hides-running",
        "shows no event that has begun",
        "CC-MAINT-004/1",
        shows=lambda start, end, now, emergency: start > now,
    ),
    _mutant("cc-maint-new-id", "gives a moved window another ID", "CC-MAINT-004/2", "csp-b", keeps_id=False),
    _mutant(
        "cc-maint-hides-emergencies",
        "shows emergencies to nobody",
        "CC-MAINT-005/1",
        shows=lambda start, end, now, emergency: end > now and not emergency,
    ),
    _mutant("cc-maint-emergency-waits", "refuses an emergency", "CC-MAINT-005/1", "csp-b", emergency_waits=True),
    _mutant("cc-maint-warns-nobody", "provisions mixed groups of routers in silence", "CC-MAINT-006/2", warns=False),
    _mutant(
        "cc-maint-never-yields",
        "keeps its window when announcements cross",
        "CC-RACE-017/2",
        "csp-b",
        yields=_never,
        yields_at_last=False,
    ),
    _mutant(
        "cc-maint-insists", "keeps its window against a peer that keeps its own", "CC-RACE-017/2", yields_at_last=False
    ),
)
