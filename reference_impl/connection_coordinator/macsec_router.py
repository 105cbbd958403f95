"""What our own router reports of MACsec keys. Each side marks a key active when its own router says so (CC-MACSEC-006)."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator import macsec_rotation as rotation
from reference_impl.connection_coordinator.desk import Desk
from reference_impl.connection_coordinator.macsec_records import BAKES, MACSEC_KEYS, Bake, MacSecKey
from reference_impl.connection_coordinator.macsec_rules import INSTALL, STANDBY, keys_on
from reference_impl.kernel.party import Subject

BAKE = "macsec bake"


def installed(desk: Desk, subject: Subject, done: bool) -> None:
    """The router did what it was asked for, or not; then it is asked again."""
    row = desk.tx.get(MACSEC_KEYS, *subject[:5])
    if row is None:
        return
    if not done:
        desk.arm(INSTALL, subject, desk.decisions.backoff(4))
    elif subject[5] == STANDBY:
        rotation.stands_by(desk, row)
    elif not row.active:
        _activate(desk, row)


def install_again(desk: Desk, subject: Subject) -> None:
    if desk.tx.get(MACSEC_KEYS, *subject[:5]) is not None:
        desk.provision(INSTALL, subject)


def _activate(desk: Desk, row: MacSecKey) -> None:
    """The key is active: the others of its channel no longer are, and the bake time begins (CC-MACSEC-005, -006, -009)."""
    place = (row.peer, row.environment, row.interconnect, row.channel)
    others = [key for key in keys_on(desk, place) if key.id != row.id]
    desk.tx.put(MACSEC_KEYS, replace(row, active=True))
    for key in others:
        if key.active and desk.decisions.macsec.one_active:
            desk.tx.put(MACSEC_KEYS, replace(key, active=False))
    desk.tx.put(BAKES, Bake(*place, initial=not others))
    desk.arm(BAKE, place, desk.decisions.macsec.bake_time)
    rotation.activated(desk, row)


def baked(desk: Desk, subject: Subject) -> None:
    """Two hours are over: what waits may begin."""
    desk.tx.delete(BAKES, *subject)
    rotation.baked(desk, (subject[0], subject[1], subject[2]))


PROVISIONED = {INSTALL: installed}
FIRED = {INSTALL: install_again, BAKE: baked}
