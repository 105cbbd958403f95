"""Milestone 1, establish customer intent: offer, accept, and the confirmation of the activation key between the two.

The issuer stays silent toward the peer until the key comes back (CC-KEY-007). The acceptor asks before it places
anything (CC-KEY-013), and a confirmed key makes it the negotiator (CC-KEY-022).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reference_impl.connection_coordinator import deletion, names, placement, tombstones
from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.desk import Desk, environment_at, own_id, room_of
from reference_impl.connection_coordinator.inventory_records import (
    ACCOUNTS,
    ENVIRONMENTS,
    INTERCONNECTS,
    PARTNERS,
    Account,
    Environment,
)
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    KEYS,
    TOMBSTONES,
    Connection,
    Customer,
    Key,
    KeyState,
)
from reference_impl.kernel.party import Answer, Call, Refusal, Requested

ACTIVE = "INTERCONNECT_STATE_ACTIVE"


def offer(desk: Desk, account: Account, remote_account: str, environment: Environment, mbps: int) -> Key:
    """CSP A: check, assign a fresh shared UUID, keep a pending connection and return its key (CC-KEY-001 to 005, 008)."""
    check_sale(desk, account, environment, mbps)
    uuid = desk.decisions.shared_uuid(desk.ctx.fresh("uuid"))
    key = m.ActivationKey(
        version=names.API_VERSION,
        destinationEnvironmentUri=names.environment_name(own_id(desk, environment.peer), environment.id),
        sharedConnectionUuid=uuid,
        connectionSizeMbps=mbps,
        destinationAccountId=remote_account,
    )
    text = desk.decisions.writes_key(key)
    connection = desk.tx.put(
        CONNECTIONS, Connection(uuid, environment.peer, environment.id, mbps, account.id, issuer=True, key_text=text)
    )
    if desk.decisions.issuer_negotiates == "at once":
        placement.begin(desk, connection)
    return desk.tx.put(
        KEYS, Key(uuid, environment.peer, environment.id, mbps, remote_account, text, KeyState.ISSUED, desk.ctx.now)
    )


def check_sale(desk: Desk, account: Account, environment: Environment, mbps: int) -> None:
    """What a provider verifies before it sells: tier, visibility, standing, quota and room (CC-KEY-002, -003, ENV-004)."""
    checks = desk.decisions.sale_checks
    if "visibility" in checks and environment.private and account.id not in environment.admitted:
        raise Refusal(404, f"environment {environment.id!r} is not offered to account {account.id!r}")
    if "tier" in checks and mbps not in environment.sizes:
        raise Refusal(422, f"bandwidth: want one of {list(environment.sizes)} Mbps in {environment.id}, got {mbps}")
    if "standing" in checks and not account.good_standing:
        raise Refusal(422, f"account {account.id!r} is suspended")
    if "quota" in checks and desk.tx.total(CONNECTIONS, "living", account.id) >= account.quota:
        raise Refusal(422, f"account {account.id!r} has reached its quota of {account.quota} connections")
    _check_partner(desk, environment.peer)
    candidates = desk.tx.by(INTERCONNECTS, peer=environment.peer, environment=environment.id)
    if "room" in checks and not any(
        row.state == ACTIVE and desk.decisions.fits(room_of(desk, row), mbps) for row in candidates
    ):
        raise Refusal(422, f"no interconnect of {environment.id!r} has room for {mbps} Mbps at present")


def _check_partner(desk: Desk, peer: str) -> None:
    """Whatever the customers' quotas allow together: a partner's share of this platform is bounded."""
    if desk.tx.total(CONNECTIONS, "pending with", peer) >= desk.decisions.pending_limit:
        raise Refusal(422, f"want fewer than {desk.decisions.pending_limit} pending connections with {peer!r}")
    if desk.tx.total(CONNECTIONS, "with", peer) >= desk.decisions.living_limit:
        raise Refusal(422, f"want fewer than {desk.decisions.living_limit} connections with {peer!r}")


@dataclass(frozen=True, slots=True)
class Presented:
    """A key that a customer brings, resolved against our own inventory; ``environment`` names the peer as well."""

    key: m.ActivationKey
    text: str
    environment: Environment


def inspect(desk: Desk, text: str) -> Presented:
    """Read a key and check its syntax, its environment and its tier, without asking anybody (CC-KEY-009, -010).

    Which partner issued it follows from our inventory: only a configured partner is ever called, whatever host or
    provider a forged key names.
    """
    key = desk.decisions.reads_key(text)
    if key is None:
        raise Refusal(422, "activation key: want base64 of a JSON object with the five members of an ActivationKey")
    if key.version != names.API_VERSION:
        raise Refusal(422, f"activation key: want version {names.API_VERSION}, got {key.version}")
    found = names.environment_of_uri(key.destinationEnvironmentUri)
    if found is None:
        raise Refusal(422, "activation key: want a destinationEnvironmentUri providers/{id}/environments/{id}")
    candidates = [
        row
        for row in desk.tx.by(ENVIRONMENTS, id=found[1])
        if desk.decisions.names_environment(key.destinationEnvironmentUri, own_id(desk, row.peer), row.peer, row.id)
    ]
    exact = [row for row in candidates if row.peer == found[0]]
    if not candidates or (len(candidates) > 1 and len(exact) != 1):
        raise Refusal(422, f"activation key: {key.destinationEnvironmentUri!r} is no environment shared with a partner")
    environment = exact[0] if exact else candidates[0]
    if "tier" in desk.decisions.sale_checks and key.connectionSizeMbps not in environment.sizes:
        raise Refusal(422, f"activation key: {key.connectionSizeMbps} Mbps is not offered in {environment.id!r}")
    return Presented(key, text, environment)


def accept(desk: Desk, account: Account, text: str) -> Connection:
    """CSP B: hold a tentative connection and ask the issuer to confirm the key (CC-KEY-011 to 013)."""
    presented = inspect(desk, text)
    key, environment = presented.key, presented.environment
    if not desk.decisions.may_accept(account.id, account.acts_for, key.destinationAccountId):
        raise Refusal(403, f"account {account.id!r} may not accept a key for account {key.destinationAccountId!r}")
    uuid = key.sharedConnectionUuid
    known = desk.tx.get(CONNECTIONS, uuid)
    if known is not None and (known.issuer or known.customer is not Customer.FAILED or known.tried):
        raise Refusal(409, f"connection {uuid} exists here already: a key is good for one connection")
    if desk.tx.get(TOMBSTONES, uuid, "") is not None:
        raise Refusal(409, f"connection {uuid} was deleted: its key is void")
    check_sale(desk, account, environment, key.connectionSizeMbps)
    connection = desk.tx.put(
        CONNECTIONS,
        Connection(
            uuid, environment.peer, environment.id, key.connectionSizeMbps, account.id, issuer=False, key_text=text
        ),
    )
    desk.call(
        environment.peer,
        "ConfirmActivationKey",
        {"provider": own_id(desk, environment.peer), "environment": environment.id},
        body=m.ConfirmActivationKeyRequest(encodedKey=text),
        subject=(uuid,),
    )
    if not desk.decisions.create_waits_for_confirmation:
        placement.begin(desk, connection)
    return connection


def confirm_activation_key(desk: Desk, request: Requested) -> Answer:
    """The issuer's answer: a question answered, nothing reserved, nothing used up (CC-KEY-014 to 021, CC-ERR-03)."""
    environment = environment_at(desk, request)
    body = request.body
    if not isinstance(body, m.ConfirmActivationKeyRequest) or (body.encodedKey is None and body.key is None):
        raise Refusal(400, "want encodedKey, the activation key in base64")
    members = names.decode_key(body.encodedKey) if body.encodedKey is not None else body.key
    differ = body.key is not None and members != body.key
    uuid = members.sharedConnectionUuid if members is not None else ""
    key = desk.tx.get(KEYS, uuid) or tombstones.void_key(desk, uuid)
    if key is not None and key.state in (KeyState.ISSUED, KeyState.CONFIRMED) and _is_over(desk, key):
        key = desk.tx.put(KEYS, replace(key, state=KeyState.EXPIRED))
    valid = (
        key is not None
        and not differ
        and desk.decisions.confirms(key, body.encodedKey, members, environment.id, request.caller)
    )
    if valid and key is not None and key.state is KeyState.ISSUED:
        desk.tx.put(KEYS, replace(key, state=KeyState.CONFIRMED))
        connection = desk.tx.get(CONNECTIONS, key.uuid)
        if desk.decisions.issuer_negotiates == "once confirmed" and connection is not None:
            placement.begin(desk, connection)
    return Answer(m.ConfirmActivationKeyResponse(keyValid=valid))


def _is_over(desk: Desk, key: Key) -> bool:
    """A key lives for the declared lifetime (CC-KEY-018, CC-ERR-20)."""
    return desk.ctx.now - key.issued_at >= desk.decisions.key_lifetime


def confirmed(desk: Desk, call: Call, status: int | None, body: m.ConfirmActivationKeyResponse | None) -> None:
    """The issuer's verdict, or none: a time-out or a 5xx is no verdict and is asked again for a while (CC-KEY-020)."""
    connection = desk.tx.get(CONNECTIONS, call.subject[0])
    if connection is None or not connection.living:
        return
    if status is None or status >= 500:
        if call.attempt + 1 < desk.decisions.confirm_attempts:
            desk.again(call, desk.decisions.backoff(call.attempt + 1))
        else:
            deletion.abandon(desk, connection, "the issuer gave no verdict on the activation key")
        return
    if not desk.decisions.taken_for_valid(status, body.keyValid if body else None):
        deletion.abandon(desk, connection, "the issuer does not confirm the activation key")
        return
    if desk.decisions.create_waits_for_confirmation:
        placement.begin(desk, connection)


def partner_offers(desk: Desk, account: Account) -> list[Environment]:
    """The environments this customer may choose from (CC-ENV-003, CC-ENV-004)."""
    peers = {partner.id for partner in desk.tx.rows(PARTNERS)}
    hides = "visibility" in desk.decisions.sale_checks
    return [
        row
        for row in desk.tx.rows(ENVIRONMENTS)
        if row.peer in peers and (not hides or not row.private or account.id in row.admitted)
    ]


def account_of(desk: Desk, account: object) -> Account:
    """The customer who asks; nobody is nobody's customer (CC-KEY-001)."""
    found = desk.tx.get(ACCOUNTS, account) if isinstance(account, str) else None
    if found is None:
        raise Refusal(401, f"want an account of this provider, got {account!r}")
    return found
