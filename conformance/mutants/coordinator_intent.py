"""Wrong implementations of milestone 1 and what surrounds it: keys, confirmations, providers, environments, paging."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from conformance.keys import altered
from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER, Room
from reference_impl.connection_coordinator.messages import ActivationKey
from reference_impl.connection_coordinator.names import decode_key, encode_key
from reference_impl.connection_coordinator.records import Key, KeyState

ISSUER, ACCEPTOR = "csp-a", "csp-b"
LIVE = (KeyState.ISSUED, KeyState.CONFIRMED)
CHECKS = PROVIDER.sale_checks


def _mutant(id: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, **decisions),
    )


def _without(check: str) -> tuple[str, ...]:
    return tuple(each for each in CHECKS if each != check)


def _confirms(*ignored: str) -> Any:
    """The rightful verdict with some of its conditions left out."""

    def confirms(key: Key, text: str | None, members: ActivationKey | None, environment: str, caller: str) -> bool:
        presented = text if text is not None else encode_key(members) if members is not None else ""
        return (
            ("text" in ignored or presented == key.text)
            and (key.state in LIVE or key.state.value in ignored)
            and ("peer" in ignored or key.peer == caller)
            and ("environment" in ignored or key.environment == environment)
        )

    return confirms


def _any_room(room: Room, size: int) -> bool:
    return True


def _hex_key(key: ActivationKey) -> str:
    return key.model_dump_json().encode().hex()


def _key_with(**members: Any) -> Any:
    return lambda key: altered(encode_key(key), **members)


def _key_in_env1(key: ActivationKey) -> str:
    uri = key.destinationEnvironmentUri.replace("/env2", "/env1")
    return encode_key(key.model_copy(update={"destinationEnvironmentUri": uri}))


def _guessing_key(text: str) -> ActivationKey | None:
    """Fills in what a broken key lacks."""
    try:
        members = json.loads(base64.b64decode(text, validate=True))
    except ValueError:
        return None
    complete = ActivationKey(
        version=1,
        destinationEnvironmentUri="providers/csp-a/environments/env1",
        sharedConnectionUuid="00000000-0000-4000-8000-00000000000a",
        connectionSizeMbps=1000,
        destinationAccountId="X",
    )
    return decode_key(altered(encode_key(complete), **members)) if isinstance(members, dict) else None


def _exactly(account: str, acts_for: Collection[str], destination: str) -> bool:
    return account == destination


MUTANTS = (
    _mutant(
        "cc-sells-any-size",
        "issues keys for bandwidths that the environment does not offer",
        "CC-KEY-002/2",
        ISSUER,
        sale_checks=_without("tier"),
    ),
    _mutant(
        "cc-sells-without-room",
        "issues keys although nothing fits",
        "CC-KEY-003/1",
        ISSUER,
        sale_checks=_without("room"),
    ),
    _mutant(
        "cc-no-quota",
        "does not look at the customer's quota",
        "CC-KEY-003/2",
        ISSUER,
        sale_checks=_without("quota"),
    ),
    _mutant(
        "cc-sells-to-suspended",
        "sells to suspended accounts",
        "CC-KEY-003/3",
        ISSUER,
        sale_checks=_without("standing"),
    ),
    _mutant(
        "cc-private-for-all",
        "offers a private environment to everybody",
        "CC-ENV-004/1",
        ISSUER,
        sale_checks=_without("visibility"),
    ),
    _mutant(
        "cc-one-uuid",
        "gives every connection the same UUID",
        "CC-KEY-004/2",
        ISSUER,
        shared_uuid=lambda fresh: "11111111-2222-4333-8444-555555555555",
    ),
    _mutant(
        "cc-counts-up",
        "makes UUIDs that differ in the last digits only",
        "CC-KEY-008/1",
        ISSUER,
        shared_uuid=lambda fresh: f"11111111-2222-4333-8444-55555555{fresh[:4]}",
    ),
    _mutant(
        "cc-key-version",
        "writes another version into the key",
        "CC-KEY-005/1",
        ISSUER,
        writes_key=_key_with(version=2),
    ),
    _mutant(
        "cc-key-tells-place",
        "writes the interconnect into the key",
        "CC-KEY-005/2",
        ISSUER,
        writes_key=_key_with(interconnect="ix1"),
    ),
    _mutant(
        "cc-key-not-base64",
        "hands out keys in hexadecimal",
        "CC-KEY-006/1",
        ISSUER,
        writes_key=_hex_key,
    ),
    _mutant(
        "cc-key-size",
        "writes the smallest size into every key",
        "CC-KEY-002/1",
        ISSUER,
        writes_key=_key_with(connectionSizeMbps=1000),
    ),
    _mutant(
        "cc-first-environment",
        "writes the first environment into the key of the second",
        "CC-KEY-001/4",
        ISSUER,
        writes_key=_key_in_env1,
    ),
    _mutant(
        "cc-calls-ahead",
        "proposes the connection as soon as the key is issued",
        "CC-KEY-007/1",
        ISSUER,
        issuer_negotiates="at once",
    ),
    _mutant(
        "cc-issuer-negotiates",
        "negotiates itself once it has confirmed the key",
        "CC-KEY-022/2",
        ISSUER,
        issuer_negotiates="once confirmed",
    ),
    _mutant(
        "cc-guesses-keys",
        "fills in what a broken key lacks",
        "CC-KEY-009/1",
        ACCEPTOR,
        reads_key=_guessing_key,
    ),
    _mutant(
        "cc-accepts-any-size",
        "asks for confirmation of a size that is not offered",
        "CC-KEY-010/2",
        ACCEPTOR,
        sale_checks=_without("tier"),
    ),
    _mutant(
        "cc-accepts-for-anybody",
        "lets any customer accept any key",
        "CC-KEY-011/1",
        ACCEPTOR,
        may_accept=lambda account, acts_for, destination: True,
    ),
    _mutant(
        "cc-no-delegation",
        "refuses who may act for the named account",
        "CC-KEY-011/3",
        ACCEPTOR,
        may_accept=_exactly,
    ),
    _mutant(
        "cc-no-consent",
        "goes on without the customer's consent",
        "CC-KEY-012/2",
        ACCEPTOR,
        needs_consent=False,
    ),
    _mutant(
        "cc-creates-unconfirmed",
        "proposes before the key is confirmed",
        "CC-KEY-013/2",
        ACCEPTOR,
        create_waits_for_confirmation=False,
    ),
    _mutant(
        "cc-success-is-consent",
        "takes any 2xx for a confirmed key",
        "CC-KEY-020/1",
        ACCEPTOR,
        taken_for_valid=lambda status, valid: 200 <= status < 300,
    ),
    _mutant(
        "cc-absent-is-true",
        "takes an absent keyValid for true",
        "CC-KEY-020/2",
        ACCEPTOR,
        taken_for_valid=lambda status, valid: 200 <= status < 300 and valid is not False,
    ),
    _mutant(
        "cc-ignores-status",
        "takes a refusal of the question for no objection",
        "CC-KEY-020/3",
        ACCEPTOR,
        taken_for_valid=lambda status, valid: valid is True or status >= 400,
    ),
    _mutant(
        "cc-asks-once",
        "gives up when the first question is answered 503",
        "CC-KEY-020/4",
        ACCEPTOR,
        confirm_attempts=1,
    ),
    _mutant(
        "cc-asks-without-end",
        "asks for a verdict without end",
        "CC-KEY-020/5",
        ACCEPTOR,
        confirm_attempts=1_000_000,
    ),
    _mutant(
        "cc-steady-retries",
        "repeats its question every second",
        "CC-KEY-020/4",
        ACCEPTOR,
        backoff=lambda attempt: 1000,
    ),
    _mutant(
        "cc-confirms-nothing",
        "confirms no key",
        "CC-KEY-014/1",
        ISSUER,
        confirms=lambda *presented: False,
    ),
    _mutant(
        "cc-confirms-to-all",
        "confirms a key to a partner that it was not meant for",
        "CC-KEY-014/2",
        ISSUER,
        confirms=_confirms("peer"),
    ),
    _mutant(
        "cc-confirms-tampered",
        "compares the UUID of a key only",
        "CC-KEY-015/1",
        ISSUER,
        confirms=_confirms("text"),
    ),
    _mutant(
        "cc-confirms-withdrawn",
        "confirms keys of connections that the customer deleted",
        "CC-KEY-016/2",
        ISSUER,
        confirms=_confirms("void", "text"),  # a dead connection keeps no text of its key
    ),
    _mutant(
        "cc-confirms-used",
        "confirms keys that were used",
        "CC-KEY-017/1",
        ISSUER,
        confirms=_confirms("used"),
    ),
    _mutant(
        "cc-eternal-keys",
        "lets keys live for ever",
        "CC-KEY-018/1",
        ISSUER,
        key_lifetime=1 << 62,
    ),
    _mutant(
        "cc-short-lived-keys",
        "lets keys die before their time",
        "CC-KEY-018/2",
        ISSUER,
        key_lifetime=3_600_000,
    ),
    _mutant(
        "cc-confirms-anywhere",
        "confirms a key under another environment",
        "CC-KEY-019/1",
        ISSUER,
        confirms=_confirms("environment"),
    ),
    _mutant(
        "cc-takes-both",
        "takes two connections where there is room for one",
        "CC-KEY-021/2",
        ISSUER,
        fits=_any_room,
    ),
)
