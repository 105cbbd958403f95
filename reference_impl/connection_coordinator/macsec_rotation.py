"""A rotation by the channel's MACsec manager (Protocols, MACsec Key Rotation; coordinator-harness, 8, RACE-015).

The new key goes onto our own router in standby, then to the peer, and is watched there; once both routers use it, the
old one is deleted. From the standby key on the channel is in rotation, so that of two managers who begin at once each
refuses the other: both withdraw, and the one of the smaller channel comes again first. When a call had no answer, the
peer's list of keys tells what became of it. A rotation that the rules forbid now waits until they allow it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reference_impl.connection_coordinator import macsec_messages as m
from reference_impl.connection_coordinator.desk import Desk, Where, channels_of, insist, path_at_peer
from reference_impl.connection_coordinator.macsec_records import (
    MACSEC_KEYS,
    ROTATIONS,
    KeyStage,
    MacSecKey,
    Rotation,
    RotationStage,
)
from reference_impl.connection_coordinator.macsec_rules import (
    ACTIVE,
    STANDBY,
    Place,
    barred,
    install,
    keys_on,
    subject_of,
)
from reference_impl.connection_coordinator.messages import Empty
from reference_impl.kernel.party import TIMERS, Call, Subject

RETRY, WATCH, CADENCE = "macsec retry", "macsec watch", "macsec cadence"


def want(desk: Desk, place: Place) -> Rotation:
    """A new key for an own channel, now or as soon as the rules allow it; one that is under way is the one."""
    row = desk.tx.get(ROTATIONS, *place)
    if row is None or row.over:
        desk.tx.put(ROTATIONS, Rotation(*place, RotationStage.WANTED))
        proceed(desk, place[:3])
    found = desk.tx.get(ROTATIONS, *place)
    assert found is not None, "it was put there"
    return found


def proceed(desk: Desk, where: Where) -> None:
    """Begin what waits on this interconnect, the smallest channel first, as far as the rules allow."""
    peer, environment, interconnect = where
    rows = desk.tx.by(ROTATIONS, peer=peer, environment=environment, interconnect=interconnect)
    for row in sorted(rows, key=lambda each: each.channel):
        place = _place(row)
        pausing = desk.tx.get(TIMERS, RETRY, place) is not None
        if row.stage is not RotationStage.WANTED or pausing:
            continue
        if barred(desk, place, desk.decisions.macsec.holds_back) is None:
            _begin(desk, row)


def _place(row: Rotation | MacSecKey) -> Place:
    return row.peer, row.environment, row.interconnect, row.channel


def _begin(desk: Desk, row: Rotation) -> None:
    if not row.key:
        id, *secrets = (desk.ctx.fresh(kind) for kind in ("macsec-key", "secret", "secret", "secret", "secret"))
        cak, ckn = (hashlib.sha256("".join(part).encode()).hexdigest() for part in (secrets[:2], secrets[2:]))
        row = replace(row, key=id, cak=cak, ckn=ckn)
    row = desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.STANDBY, looks=0))
    early = desk.decisions.macsec.uses_early
    key = MacSecKey(*_place(row), row.key, row.cak, row.ckn, desk.ctx.now, early, KeyStage.STANDBY)
    install(desk, desk.tx.put(MACSEC_KEYS, key), STANDBY)


def _of(desk: Desk, subject: Subject, *stages: RotationStage) -> tuple[Rotation, MacSecKey] | None:
    """The rotation whose new key this subject names, in one of these stages."""
    row, key = desk.tx.get(ROTATIONS, *subject[:4]), desk.tx.get(MACSEC_KEYS, *subject[:5])
    return (row, key) if row and key and row.key == key.id and row.stage in stages else None


def stands_by(desk: Desk, key: MacSecKey) -> None:
    """Our router keeps the key ready: hand it over (CC-MACSEC-002)."""
    if found := _of(desk, subject_of(key), RotationStage.STANDBY):
        _offer(desk, found[0])


def _offer(desk: Desk, row: Rotation) -> None:
    desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.OFFERED))
    _create(desk, row)


def _create(desk: Desk, row: Rotation, attempt: int = 0) -> None:
    desk.call(
        row.peer,
        "CreateMacSecKey",
        path_at_peer(desk, _place(row)[:3], channel=row.channel),
        query={"macSecKeyId": row.key},
        body=m.MacSecKey(cak=row.cak, ckn=row.ckn),
        subject=(*_place(row), row.key),
        attempt=attempt,
        after=desk.decisions.backoff(min(attempt, desk.decisions.patience)) if attempt else 0,
    )


def created(desk: Desk, call: Call, status: int | None, body: m.MacSecKey | None) -> None:
    found = _of(desk, call.subject, RotationStage.OFFERED)
    if found is None:
        return
    row, key = found
    if status is not None and 200 <= status < 300:
        _shared(desk, row, key)
    elif status is None or status >= 500:
        if desk.decisions.macsec.looks_after_lost:
            _list(desk, desk.tx.put(ROTATIONS, replace(row, doubt=True)), "lost", call.attempt)
        else:
            _withdraw(desk, replace(row, key=""), key)
    elif status == 409:
        _list(desk, row, "refused", call.attempt)
    else:
        _withdraw(desk, row, key)
        desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.FAILED, reason=f"the peer answered {status}"))


def _list(desk: Desk, row: Rotation, why: str, attempt: int) -> None:
    """What keys does the peer have? ``why``: the call was lost, or refused."""
    path = path_at_peer(desk, _place(row)[:3], channel=row.channel)
    desk.call(row.peer, "ListMacSecKeys", path, subject=(*_place(row), row.key, why, str(attempt)))


def listed(desk: Desk, call: Call, status: int | None, body: m.ListMacSecKeysResponse | None) -> None:
    found = _of(desk, call.subject, RotationStage.OFFERED)
    if found is None:
        return
    row, key = found
    if status is None or status >= 500 or (200 <= status < 300 and body is None):
        insist(desk, call)
        return
    there = {each.name.rpartition("/")[2]: each.active for each in (body.macSecKeys if body else ()) if each.name}
    why, attempt = call.subject[5], int(call.subject[6])
    if row.key in there:
        _shared(desk, row, key)
    elif why == "lost":
        _create(desk, row, min(attempt + 1, desk.decisions.patience))
    elif row.doubt and desk.decisions.macsec.keeps_in_doubt:
        desk.arm(RETRY, _place(row), _pause(desk, row, 1))
    else:
        ours = {each.id for each in keys_on(desk, _place(row))}
        for stray in sorted(id for id, active in there.items() if not active and id not in ours):
            _delete(desk, row, stray, "stray")
        _withdraw(desk, row, key)


def _withdraw(desk: Desk, row: Rotation, key: MacSecKey) -> None:
    """The peer does not take the key now: it leaves our router, and comes again after a pause (CC-RACE-015)."""
    choices = desk.decisions.macsec
    if choices.withdraws:
        desk.tx.delete(MACSEC_KEYS, *subject_of(key))
    attempts = min(row.attempts + 1, choices.attempts)
    if (attempts == choices.attempts and choices.gives_up) or not choices.retries:
        reason = "the peer does not take a new key"
        desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.FAILED, attempts=attempts, reason=reason))
    else:
        desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.WANTED, attempts=attempts))
        desk.arm(RETRY, _place(row), _pause(desk, row, attempts))
    proceed(desk, _place(row)[:3])


def _pause(desk: Desk, row: Rotation, attempt: int) -> int:
    order = sorted(channel.id for channel in channels_of(desk, _place(row)[:3]))
    return desk.decisions.macsec.pause(attempt, order.index(row.channel))


def baked(desk: Desk, where: Where) -> None:
    """Our bake time is over, the peer's may be a moment later: what waits begins after a margin."""
    peer, environment, interconnect = where
    for row in desk.tx.by(ROTATIONS, peer=peer, environment=environment, interconnect=interconnect):
        if row.stage is RotationStage.WANTED and desk.tx.get(TIMERS, RETRY, _place(row)) is None:
            desk.arm(RETRY, _place(row), desk.decisions.macsec.margin)


def retry(desk: Desk, subject: Subject) -> None:
    row = desk.tx.get(ROTATIONS, *subject)
    if row is not None and row.stage is RotationStage.OFFERED:
        _create(desk, row)
    proceed(desk, (subject[0], subject[1], subject[2]))


# --- the peer has it -------------------------------------------------------------------------------------------------


def _shared(desk: Desk, row: Rotation, key: MacSecKey) -> None:
    desk.tx.put(MACSEC_KEYS, replace(key, stage=KeyStage.SHARED))
    row = desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.WATCHED, looks=0))
    if desk.decisions.macsec.watches_peer:
        _watch(desk, row)
    else:
        install(desk, key, ACTIVE)


def _watch(desk: Desk, row: Rotation) -> None:
    path = path_at_peer(desk, _place(row)[:3], channel=row.channel, macSecKey=row.key)
    desk.call(row.peer, "GetMacSecKey", path, subject=(*_place(row), row.key))


def watch_again(desk: Desk, subject: Subject) -> None:
    row = desk.tx.get(ROTATIONS, *subject)
    if row is not None and row.stage is RotationStage.WATCHED:
        _watch(desk, row)


def shown(desk: Desk, call: Call, status: int | None, body: m.MacSecKey | None) -> None:
    """Is the new key active at the peer? A peer that does not let us read is taken at our own router's word (CC-ERR-25)."""
    found = _of(desk, call.subject, RotationStage.WATCHED)
    if found is None:
        return
    row, key = found
    if status == 404:
        _withdraw(desk, replace(row, key=""), key)
    elif status is None or status >= 500 or (body is None and status < 300):
        desk.arm(WATCH, _place(row), desk.decisions.macsec.watch_pause)
    elif status >= 400 or (body is not None and body.active):
        install(desk, key, ACTIVE)
    else:
        _not_yet(desk, row, key)


def _not_yet(desk: Desk, row: Rotation, key: MacSecKey) -> None:
    choices = desk.decisions.macsec
    looks = row.looks + 1
    if looks < choices.watch_limit or not choices.rolls_forward:
        desk.tx.put(ROTATIONS, replace(row, looks=min(looks, choices.watch_limit)))
        desk.arm(WATCH, _place(row), choices.watch_pause)
        return
    desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.DROPPING))
    desk.tx.put(MACSEC_KEYS, replace(key, stage=KeyStage.LEAVING))
    _delete(desk, row, key.id, "drop")


def activated(desk: Desk, key: MacSecKey) -> None:
    """Both routers use the new key: the old one goes (CC-MACSEC-008)."""
    found = _of(desk, subject_of(key), RotationStage.WATCHED)
    if found is None:
        return
    row = desk.tx.put(ROTATIONS, replace(found[0], stage=RotationStage.CLEARING))
    for old in keys_on(desk, _place(row)):
        if old.id != row.key and desk.decisions.macsec.deletes_old:
            desk.tx.put(MACSEC_KEYS, replace(old, stage=KeyStage.LEAVING))
            _delete(desk, row, old.id, "old")
    _finish(desk, row)


def _delete(desk: Desk, row: Rotation, id: str, why: str) -> None:
    path = path_at_peer(desk, _place(row)[:3], channel=row.channel, macSecKey=id)
    desk.call(row.peer, "DeleteMacSecKey", path, subject=(*_place(row), id, why))


def deleted(desk: Desk, call: Call, status: int | None, body: Empty | None) -> None:
    row, key, why = (
        desk.tx.get(ROTATIONS, *call.subject[:4]),
        desk.tx.get(MACSEC_KEYS, *call.subject[:5]),
        call.subject[5],
    )
    gone = status is not None and (200 <= status < 300 or status == 404)
    if why == "stray" and status is not None and status < 500:
        return
    if row is None or key is None or (why != "drop" and not gone):
        if not gone:  # an old key that is still active there: its turn comes
            insist(desk, call)
    elif why == "old":
        desk.tx.delete(MACSEC_KEYS, *subject_of(key))
        _finish(desk, row)
    elif gone:
        _next_key(desk, row, key)
    elif status is not None and status < 500:  # it became active meanwhile
        desk.tx.put(MACSEC_KEYS, replace(key, stage=KeyStage.SHARED))
        _watch(desk, desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.WATCHED, looks=0)))
    else:
        insist(desk, call)


def _next_key(desk: Desk, row: Rotation, key: MacSecKey) -> None:
    """The dropped key is gone: another one, at once (CC-MACSEC-011)."""
    desk.tx.delete(MACSEC_KEYS, *subject_of(key))
    attempts, stage, reason = row.attempts + 1, RotationStage.WANTED, ""
    if attempts >= desk.decisions.macsec.attempts:
        stage, reason = RotationStage.FAILED, "the peer's router does not take a new key"
    desk.tx.put(ROTATIONS, Rotation(*_place(row), stage, attempts=attempts, reason=reason))
    proceed(desk, _place(row)[:3])


def _finish(desk: Desk, row: Rotation) -> None:
    """Once no other key is left the rotation is over, and the next one of the cadence is due in its time (CC-MACSEC-012)."""
    if len(keys_on(desk, _place(row))) > 1:
        return
    desk.tx.put(ROTATIONS, replace(row, stage=RotationStage.DONE, cak="", ckn=""))
    if desk.decisions.macsec.cadence:
        desk.arm(CADENCE, _place(row), desk.decisions.macsec.cadence)
    proceed(desk, _place(row)[:3])


def due(desk: Desk, subject: Subject) -> None:
    want(desk, (subject[0], subject[1], subject[2], subject[3]))


RESPONDED: Mapping[str, Callable[[Desk, Call, int | None, Any], None]] = {
    "CreateMacSecKey": created,
    "ListMacSecKeys": listed,
    "GetMacSecKey": shown,
    "DeleteMacSecKey": deleted,
}
FIRED = {RETRY: retry, WATCH: watch_again, CADENCE: due}
