"""Wrong implementations of deferral, in the deferring provider and in the driving one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER

DRIVER, DEFERRING = "csp-a", "csp-b"


def _mutant(id: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, **decisions),
    )


MUTANTS = (
    _mutant(
        "cc-never-defers",
        "negotiates itself where the environment prescribes deferral",
        "CC-DEFER-001/1",
        DEFERRING,
        defers=lambda prescribed: False,
    ),
    _mutant(
        "cc-defers-and-proposes",
        "proposes features although it deferred",
        "CC-DEFER-001/1",
        DEFERRING,
        hands_over=False,
    ),
    _mutant(
        "cc-defers-everywhere",
        "defers where nothing prescribes it",
        "CC-DEFER-001/2",
        DEFERRING,
        defers=lambda prescribed: True,
    ),
    _mutant(
        "cc-defers-first",
        "shows its own connection only once the peer took the duty over",
        "CC-DEFER-002/1",
        DEFERRING,
        records_first=False,
    ),
    _mutant(
        "cc-drives-unwillingly",
        "takes the duty over although its operator does not want to",
        "CC-DEFER-003/2",
        DRIVER,
        drives=lambda willing: True,
    ),
    _mutant(
        "cc-never-drives",
        "refuses every deferral",
        "CC-DEFER-003/1",
        DRIVER,
        drives=lambda willing: False,
    ),
    _mutant(
        "cc-drives-without-room",
        "takes a deferred connection for which there is no room",
        "CC-DEFER-003/3",
        DRIVER,
        fits=lambda room, size: True,
    ),
    _mutant(
        "cc-drives-one-channel-less",
        "drives only the channels up to the third",
        "CC-DEFER-004/1",
        DRIVER,
        configures=lambda channel: channel != "ch4",
    ),
    _mutant(
        "cc-deferring-takes-anything",
        "takes from its driver what leaves its guidance",
        "CC-DEFER-004/2",
        DEFERRING,
        breach=lambda *anything: None,
    ),
    _mutant(
        "cc-silent-driver",
        "drives, and does not announce that it is ready",
        "CC-DEFER-004/3",
        DRIVER,
        announces=lambda ready, announced, notified: False,
    ),
    _mutant(
        "cc-defers-next-door-too",
        "defers in an environment that does not prescribe it, as in the one that does",
        "CC-DEFER-005/1",
        DEFERRING,
        defers=lambda prescribed: True,
    ),
    _mutant(
        "cc-deferral-without-hours",
        "does not tell how long the driver has",
        "CC-DEFER-005/2",
        DEFERRING,
        presents=lambda environment: environment.model_copy(update={"deferralTimeoutHours": None}),
    ),
    _mutant(
        "cc-deaf-to-its-driver",
        "rolls back although the driver has notified in time",
        "CC-DEFER-006/1",
        DEFERRING,
        trusts_driver=False,
    ),
    _mutant(
        "cc-impatient-deferral",
        "gives its driver one hour, whatever was agreed",
        "CC-DEFER-006/2",
        DEFERRING,
        deferral_hours=lambda agreed: 1,
    ),
    _mutant(
        "cc-rolls-back-here-only",
        "rolls back without a word to the driver",
        "CC-DEFER-007/1",
        DEFERRING,
        rolls_back=("here", "customer"),
    ),
    _mutant(
        "cc-rolls-back-silently",
        "rolls back and tells its customer nothing",
        "CC-DEFER-007/1",
        DEFERRING,
        rolls_back=("peer", "here"),
    ),
    _mutant(
        "cc-rolls-back-for-ever",
        "repeats the deletion at a driver that knows nothing of it any more",
        "CC-DEFER-007/2",
        DEFERRING,
        deletion_done=lambda status: status is not None and 200 <= status < 300,
    ),
    _mutant(
        "cc-rolls-back-there-only",
        "cancels at the driver and keeps its own connection",
        "CC-DEFER-007/2",
        DEFERRING,
        rolls_back=("peer", "customer"),
    ),
    _mutant(
        "cc-drives-on",
        "acknowledges the deletion of what it drives, and goes on",
        "CC-DEFER-008/1",
        DRIVER,
        driver_stops=False,
    ),
    _mutant(
        "cc-stays-when-cancelled",
        "acknowledges the cancellation of what it drives, and keeps notifying whatever it is told",
        "CC-RACE-016/1",
        DRIVER,
        driver_stops=False,
        told_again=lambda status: status is None or not 200 <= status < 300,
    ),
    _mutant(
        "cc-revived-by-a-late-feature",
        "has rolled back, and begins anew when its driver proposes a feature late",
        "CC-DEFER-007/3",
        DEFERRING,
        revives=("feature",),
    ),
    _mutant(
        "cc-revived-by-a-crossing-feature",
        "has rolled back, and takes a feature that was on its way",
        "CC-RACE-016/2",
        DEFERRING,
        revives=("feature",),
    ),
)
