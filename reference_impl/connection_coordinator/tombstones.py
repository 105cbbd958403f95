"""What stays of a deleted connection: a tombstone, so that its key is void and its UUID cannot come back (CC-DEL-004)."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.connection_coordinator.desk import (
    Desk,
    interconnect_at,
)
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    KEYS,
    PLACEMENTS,
    TOMBSTONES,
    Connection,
    Customer,
    Key,
    KeyState,
    Placement,
    Stage,
    Tombstone,
)
from reference_impl.kernel.party import Requested, Subject


def bury(desk: Desk, uuid: str) -> None:
    """The key is void and the UUID cannot come back; a failed connection stays failed for its customer.

    Of a deleted one nothing but the tombstone is kept: thousands of them may lie here for a key's lifetime.
    """
    _forget_the_oldest(desk)
    connection = desk.tx.get(CONNECTIONS, uuid)
    if not desk.decisions.voids_keys:
        _leave_the_key(desk, uuid, connection)
        return
    grave = desk.tx.get(TOMBSTONES, uuid, "") or Tombstone(uuid, "", desk.ctx.now)
    if connection is not None and connection.customer is Customer.FAILED:
        key = desk.tx.get(KEYS, uuid)
        if key is not None:
            desk.tx.put(KEYS, replace(key, state=KeyState.VOID, text=""))
        desk.tx.put(CONNECTIONS, replace(connection, key_text=""))
    elif connection is not None:
        desk.tx.delete(CONNECTIONS, uuid)
        desk.tx.delete(KEYS, uuid)
        grave = replace(
            grave,
            peer=connection.peer,
            environment=connection.environment,
            mbps=connection.mbps,
            account=connection.account,
            issuer=connection.issuer,
            reason=connection.reason,
        )
    desk.tx.put(TOMBSTONES, grave)


def _leave_the_key(desk: Desk, uuid: str, connection: Connection | None) -> None:
    """The wrong way, for those who decide so: the key is good for another connection."""
    key = desk.tx.get(KEYS, uuid)
    if key is not None:
        desk.tx.put(KEYS, replace(key, state=KeyState.CONFIRMED))
    if connection is not None and connection.customer is not Customer.FAILED:
        desk.tx.put(CONNECTIONS, replace(connection, customer=Customer.DELETED, key_text=""))


def void_key(desk: Desk, uuid: str) -> Key | None:
    """The key of a deleted connection that this party had issued, as far as it is still known."""
    grave = desk.tx.get(TOMBSTONES, uuid, "")
    if grave is None or not grave.issuer:
        return None
    return Key(uuid, grave.peer, grave.environment, grave.mbps, "", "", KeyState.VOID, grave.buried_at)


def revive(desk: Desk, subject: Subject) -> None:
    """The wrong way, for those who decide so: what is heard of a deleted connection is written down as if it lived."""
    peer, environment, interconnect, uuid = subject
    grave = desk.tx.get(TOMBSTONES, uuid, "")
    if grave is not None:
        row = Placement(peer, environment, interconnect, uuid, grave.mbps, own=False, stage=Stage.PLACED)
        desk.tx.put(PLACEMENTS, row)


def revive_named(desk: Desk, request: Requested) -> None:
    """The same, for the connection in the path of a request."""
    interconnect = interconnect_at(desk, request)
    place = (interconnect.peer, interconnect.environment, interconnect.id)
    revive(desk, (*place, request.path["connection"]))


def _forget_the_oldest(desk: Desk) -> None:
    """Who was buried longer ago than a key lives need not be remembered: no key could bring it back (CC-KEY-018)."""
    while (grave := desk.tx.oldest(TOMBSTONES)) and desk.ctx.now - grave.buried_at > desk.decisions.key_lifetime:
        desk.tx.delete(TOMBSTONES, grave.uuid, grave.interconnect)
        connection = desk.tx.get(CONNECTIONS, grave.uuid)
        if connection is not None and not connection.living and not desk.tx.by(PLACEMENTS, uuid=grave.uuid):
            desk.tx.delete(CONNECTIONS, grave.uuid)
            desk.tx.delete(KEYS, grave.uuid)
