"""CC-RACE-015: two managers rotate the MACsec keys of channels of one interconnect at once.

csp-a manages ch1, csp-b manages ch3, each with one active key. Both operators rotate, each at any moment. A side counts
its own rotation from the standby key on, so it answers 409 to the other's while its own is under way; when each has
refused the other, both withdraw, and the smaller channel comes again first. The other one comes after the bake time. A
hand-over without an answer is looked for in the peer's list of keys, and repeated with the same key: what arrives late
is then found, not doubled. At no time are two channels of the interconnect in rotation on either side, or a key in use
that the other side does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.macsec_decisions import MACSEC, baking
from simulator.connection_coordinator.macsec import ROTATION, KeyView, key_view, rotations_end
from simulator.connection_coordinator.providers import two_providers
from simulator.faults import Faults
from simulator.race import Cast, Race
from simulator.world import Step


def prepare(cast: Cast) -> Sequence[Step]:
    """Each operator rotates a channel of its own."""
    return tuple(
        Step(
            f"rotate {channel}", seat, "rotate_key", {"environment": "env1", "interconnect": "ix1", "channel": channel}
        )
        for seat, channel in (("csp-a", "ch1"), ("csp-b", "ch3"))
    )


def both(views: Sequence[KeyView]) -> bool:
    return all(view.rotations and all(stage == "done" for _, stage in view.rotations) for view in views)


KEYS = replace(MACSEC, cadence=0, rolls_forward=False, watch_limit=1, attempts=1, gives_up=False)
REFERENCE = replace(PROVIDER, macsec=KEYS, patience=1)
"""A refused rotation is tried again for as long as it takes, none begins of its own accord, and the pause before a
repetition is always the same, so that the state space closes."""

race = Race(
    id="CC-RACE-015",
    title="Rotation against rotation",
    story=(__doc__ or "").partition("\n\n")[2].strip(),
    cast=two_providers("macsec-split", channels=3),
    prepare=prepare,
    view=key_view,
    decisions=REFERENCE,
    faults=Faults(duplicate=1),
    never=ROTATION,
    live=(rotations_end,),
    sometimes={"both channels are rotated": both},
    variants={
        "takes a key while its own rotation is under way": replace(REFERENCE, macsec=replace(KEYS, bars=(baking,))),
        "deletes the old key before the other side uses the new one": replace(
            REFERENCE, macsec=replace(KEYS, watches_peer=False, deletes_active=True)
        ),
        "keeps a key that was refused": replace(REFERENCE, macsec=replace(KEYS, withdraws=False)),
        "gives up when it is refused": replace(REFERENCE, macsec=replace(KEYS, retries=False)),
        "hands over another key when there was no answer": replace(
            REFERENCE, macsec=replace(KEYS, looks_after_lost=False)
        ),
    },
    operations=("CreateMacSecKey", "GetMacSecKey", "ListMacSecKeys", "DeleteMacSecKey"),
    boundary="three channels; routers take each key in the end; timers in any order, so that bake times differ: where a call "
    "is lost, liveness is not claimed, since one side's pauses may then end again and again before the other's does",
    errata=("CC-ERR-26", "CC-ERR-27"),
)
