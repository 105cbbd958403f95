"""Northbound: what customers and operators ask of a provider (coordinator-harness, section 2).

A long action returns an ``operation`` at once; ``poll`` tells how it stands, from the state itself, so the handle
answers after a restart too. ``refused`` means that nothing was attempted at the peer and nothing kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reference_impl.connection_coordinator import deletion, intent, migration, proof
from reference_impl.connection_coordinator import macsec_actions as rotating
from reference_impl.connection_coordinator import update as updating
from reference_impl.connection_coordinator.desk import Desk
from reference_impl.connection_coordinator.inventory_records import (
    ACCOUNTS,
    CHANNELS,
    ENVIRONMENTS,
    INTERCONNECTS,
    Environment,
)
from reference_impl.connection_coordinator.records import CONNECTIONS, PLACEMENTS, TOMBSTONES, Connection, Customer
from reference_impl.connection_coordinator.views import dump, remains
from reference_impl.kernel.action import ActionResult, ok, running, text, whole_number
from reference_impl.kernel.party import Acted, Answer, Refusal


def offers(desk: Desk, asked: Acted) -> Answer:
    account = intent.account_of(desk, asked.inputs.get("account"))
    rows = intent.partner_offers(desk, account)
    return ok(environments=[{"id": row.id, "peer": row.peer, "sizes": list(row.sizes)} for row in rows])


def offer(desk: Desk, asked: Acted) -> Answer:
    """Create Connection at CSP A. Members beyond the three are ignored: a customer chooses no interconnect (CC-IX-006)."""
    account = intent.account_of(desk, asked.inputs.get("account"))
    remote = text(asked, "remote_account")
    environment = _environment(desk, asked)
    key = intent.offer(desk, account, remote, environment, whole_number(asked, "mbps"))
    return ok(uuid=key.uuid, activation_key=key.text, state=Customer.PENDING.value)


def preview(desk: Desk, asked: Acted) -> Answer:
    """Show the customer what the key says; nothing comes into being (CC-KEY-012)."""
    intent.account_of(desk, asked.inputs.get("account"))
    presented = intent.inspect(desk, text(asked, "activation_key"))
    key = presented.key
    return ok(environment=presented.environment.id, mbps=key.connectionSizeMbps, account=key.destinationAccountId)


def accept(desk: Desk, asked: Acted) -> Answer:
    """Accept Connection at CSP B, with the customer's consent."""
    account = intent.account_of(desk, asked.inputs.get("account"))
    if asked.inputs.get("consent") is not True and desk.decisions.needs_consent:
        raise Refusal(422, "want consent: true; without it nothing is created")
    connection = proof.given(desk, asked, intent.accept(desk, account, text(asked, "activation_key")))
    return running(f"accept:{connection.uuid}", uuid=connection.uuid)


def read(desk: Desk, asked: Acted) -> Answer:
    return ok(**_told(desk, _connection(desk, asked)))


def _told(desk: Desk, row: Connection) -> Mapping[str, Any]:
    interconnects = [placement.interconnect for placement in desk.tx.by(PLACEMENTS, uuid=row.uuid)]
    return desk.decisions.tells_customer(customer_view(row), interconnects)


def list_connections(desk: Desk, asked: Acted) -> Answer:
    account = intent.account_of(desk, asked.inputs.get("account"))
    deleted = [remains(grave) for grave in desk.tx.rows(TOMBSTONES) if grave.account == account.id]
    return ok(connections=[_told(desk, row) for row in [*desk.tx.by(CONNECTIONS, account=account.id), *deleted]])


def customer_view(row: Connection) -> dict[str, Any]:
    """What the customer sees: no interconnect, channel or L3 value is in it (CC-IX-006)."""
    return {
        "uuid": row.uuid,
        "environment": row.environment,
        "mbps": row.mbps,
        "state": row.customer.value,
        "reason": row.reason,
    }


def update(desk: Desk, asked: Acted) -> Answer:
    row = proof.given(desk, asked, _connection(desk, asked))
    connection = updating.update(desk, row, whole_number(asked, "mbps"))
    return running(f"update:{connection.uuid}", uuid=connection.uuid)


def migrate(desk: Desk, asked: Acted) -> Answer:
    """The operator moves a connection, whoever's it is (CC-MIG-001)."""
    row = _known(desk, text(asked, "uuid"))
    if row is None:
        raise Refusal(404, f"no connection {asked.inputs.get('uuid')!r}")
    connection = migration.migrate(desk, row, text(asked, "interconnect"))
    return running(f"migrate:{connection.uuid}", uuid=connection.uuid)


def delete(desk: Desk, asked: Acted) -> Answer:
    connection = _connection(desk, asked)
    if not connection.living:
        raise Refusal(409, f"connection {connection.uuid} is {connection.customer.value} already")
    deletion.delete(desk, proof.given(desk, asked, connection))
    return running(f"delete:{connection.uuid}", uuid=connection.uuid)


def poll(desk: Desk, asked: Acted) -> Answer:
    """How does a long action stand? The handle names the action and the connection."""
    kind, _, uuid = text(asked, "operation").partition(":")
    if kind == rotating.ROTATE:
        return rotating.poll(desk, text(asked, "operation"))
    row = _known(desk, uuid)
    if row is None or kind not in _POLLS:
        raise Refusal(404, f"no operation {asked.inputs.get('operation')!r}")
    result = _POLLS[kind](row)
    reason = row.reason if result == "failed" else None
    return Answer(
        ActionResult(result=result, reason=reason, operation=f"{kind}:{uuid}", outputs=customer_view(row)),
        status=202 if result == "running" else 200,
    )


def _accepted(row: Connection) -> str:
    if row.customer in (Customer.FAILED, Customer.DELETED):
        return "failed"
    return "running" if row.customer is Customer.PENDING else "ok"


def _updated(row: Connection) -> str:
    if row.update_result == "failed" or row.customer is Customer.DELETED:
        return "failed"
    return "running" if row.updating or row.customer is Customer.UPDATING else "ok"


def _migrated(row: Connection) -> str:
    if row.moving:
        return "running"
    return "ok" if row.move_result == "ok" else "failed"


def _deleted(row: Connection) -> str:
    return "ok" if row.customer is Customer.DELETED else "running"


_POLLS: Mapping[str, Callable[[Connection], str]] = {
    "accept": _accepted,
    "update": _updated,
    "migrate": _migrated,
    "delete": _deleted,
}


def show(desk: Desk, asked: Acted) -> Answer:
    """The operator's state dump in the normal form (coordinator-harness, 4.1)."""
    return ok(**dump(desk.tx))


def set_interconnect_state(desk: Desk, asked: Acted) -> Answer:
    environment, interconnect = text(asked, "environment"), text(asked, "interconnect")
    state = "INTERCONNECT_STATE_" + text(asked, "state")
    rows = [row for row in desk.tx.rows(INTERCONNECTS) if (row.environment, row.id) == (environment, interconnect)]
    if state.rpartition("_")[2] not in ("PENDING", "ACTIVE", "CLOSED") or not rows:
        raise Refusal(422, "want an interconnect of ours and a state PENDING, ACTIVE or CLOSED")
    for row in rows:
        desk.tx.put(INTERCONNECTS, replace(row, state=state))
    return ok()


def set_channel_state(desk: Desk, asked: Acted) -> Answer:
    place = text(asked, "environment"), text(asked, "interconnect"), text(asked, "channel")
    rows = [row for row in desk.tx.rows(CHANNELS) if (row.environment, row.interconnect, row.id) == place]
    if not rows or asked.inputs.get("state") not in ("enabled", "disabled"):
        raise Refusal(422, "want a channel of ours and a state enabled or disabled")
    for row in rows:
        desk.tx.put(CHANNELS, replace(row, enabled=asked.inputs["state"] == "enabled"))
    return ok()


def set_deferral(desk: Desk, asked: Acted) -> Answer:
    """Who provisions in an environment, and for how long the other side has time (CC-DEFER-003, -005)."""
    row, given = _environment(desk, asked), asked.inputs
    hours = row.deferral_hours if given.get("hours") is None else whole_number(asked, "hours")
    if not 0 <= hours <= 168:
        raise Refusal(422, f"hours: want 0 (none agreed) to 168, got {hours}")
    defers, drives = given.get("defer"), given.get("drive")
    desk.tx.put(
        ENVIRONMENTS,
        replace(
            row,
            defers=row.defers if defers is None else bool(defers),
            drives=row.drives if drives is None else bool(drives),
            deferral_hours=hours,
        ),
    )
    return ok()


def set_quota(desk: Desk, asked: Acted) -> Answer:
    """The operator limits how many living connections an account may have (CC-KEY-003)."""
    account = intent.account_of(desk, asked.inputs.get("account"))
    desk.tx.put(ACCOUNTS, replace(account, quota=whole_number(asked, "connections")))
    return ok()


def _environment(desk: Desk, asked: Acted) -> Environment:
    wanted = text(asked, "environment")
    peer = asked.inputs.get("peer")
    rows = [row for row in desk.tx.by(ENVIRONMENTS, id=wanted) if peer in (None, row.peer)]
    if len(rows) != 1:
        raise Refusal(
            422, f"environment: want one that is offered, got {wanted!r} ({len(rows)} found; peer tells them apart)"
        )
    return rows[0]


def _connection(desk: Desk, asked: Acted) -> Connection:
    """A connection of the customer who asks; another's looks like none."""
    account = intent.account_of(desk, asked.inputs.get("account"))
    row = _known(desk, text(asked, "uuid"))
    if row is None or row.account != account.id:
        raise Refusal(404, f"account {account.id!r} has no connection {asked.inputs.get('uuid')!r}")
    return row


def _known(desk: Desk, uuid: str) -> Connection | None:
    """A connection, or what is still known of a deleted one."""
    row = desk.tx.get(CONNECTIONS, uuid)
    if row is None and (grave := desk.tx.get(TOMBSTONES, uuid, "")) is not None and grave.account:
        return remains(grave)
    return row


ACTIONS: Mapping[str, Callable[[Desk, Acted], Answer | None]] = {
    "offers": offers,
    "offer": offer,
    "preview": preview,
    "accept": accept,
    "read": read,
    "list": list_connections,
    "update": update,
    "delete": delete,
    "poll": poll,
    "dump": show,
    "set_interconnect_state": set_interconnect_state,
    "set_channel_state": set_channel_state,
    "migrate": migrate,
    "set_deferral": set_deferral,
    "set_quota": set_quota,
}
