"""CC-RACE-017: announcements of maintenance cross.

The operators of csp-a and csp-b plan maintenance of different channels of ix1, csp-a from hour 2 to 3, csp-b half an
hour later or at the same time. Neither knows of the other's window when it writes down and announces its own. Each side
writes first, announces, waits for the acknowledgement and only then reads the peer's events: so it sees the other's
window unless that one was written down later, and then the other side sees this one. Of two that exclude each other the
later start yields, then the greater ID (CC-ERR-35), by moving behind what is in its way; a moved window is announced and
checked anew. Shortly before its start the events are read once more, and whatever the peer then still shows makes it
give way. What was not acknowledged, or not looked at again, by its start is withdrawn. So no two
windows take place together, and one takes place at least (coordinator-harness, section 8).

A party's clock is not part of the world: its timers fire in any order once no message is under way, also while the
caller of a lost one still waits. Under a partition both may be withdrawn (CC-ERR-63): only the first holds then, and it
is not explored to its end, because of the many reads that are then under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator import moments
from reference_impl.connection_coordinator.decisions import PROVIDER
from simulator.connection_coordinator.maintenance import (
    both_take_place,
    calendar,
    maintained_together,
    no_window_left,
    windows_begin,
)
from simulator.connection_coordinator.providers import two_providers
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step

HOUR = 3_600_000


def plan(seat: str, channel: str, start: int, end: int) -> Step:
    """The operator plans maintenance of a channel of ix1; times in milliseconds."""
    place = {"environment": "env1", "interconnect": "ix1", "channel": channel}
    times = {"start": moments.written(start), "end": moments.written(end), "shift": True}
    return Step(f"plan {seat} {channel}", seat, "open_maintenance", {**place, **times})


def prepare(cast: Cast) -> Sequence[Step]:
    """Two windows of an hour; csp-b's has the greater ID, so it is the one to yield."""
    return (plan("csp-a", "ch1", 2 * HOUR, 3 * HOUR), plan("csp-b", "ch2", 2 * HOUR, 3 * HOUR))


REFERENCE = replace(PROVIDER, patience=1)
"""The pause before a repetition is always the same, so that the state space closes."""

_NEVER_YIELDS = replace(REFERENCE.maintenance, yields=lambda own, other: False, yields_at_last=False)
_WITHDRAWS = replace(REFERENCE.maintenance, yields=lambda own, other: True, gives_way_by="withdraw")
_STARTS = replace(REFERENCE.maintenance, starts_only_cleared=False)

race = Race(
    id="CC-RACE-017",
    title="Crossing maintenance announcements",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("standard", channels=2),
    prepare=prepare,
    view=calendar,
    decisions=REFERENCE,
    faults=Faults(drop=1),
    never=(maintained_together, no_window_left),
    live=(windows_begin,),
    sometimes={"both windows take place": both_take_place},
    variants={
        "keeps its window": replace(REFERENCE, maintenance=_NEVER_YIELDS),
        "withdraws instead of moving": replace(REFERENCE, maintenance=_WITHDRAWS),
        "starts without a last look": replace(REFERENCE, maintenance=_STARTS),
    },
    boundary="two channels, one window at each side, of the same times",
    errata=("CC-ERR-35", "CC-ERR-63"),
)
