"""Wrong implementations of MACsec keys: who may do what, the rotation rules, the switch-over and what is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.macsec_decisions import HOUR, baking, in_rotation, over_limit


def _mutant(id: str, vice: str, caught_by: str, seat: str = "csp-a", **choices: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, macsec=replace(PROVIDER.macsec, **choices)),
    )


MUTANTS = (
    _mutant(
        "cc-macsec-anyones-key",
        "takes a key from who does not manage the channel",
        "CC-MACSEC-001/1",
        may_create=lambda caller, manager: True,
    ),
    _mutant(
        "cc-macsec-anyones-deletion",
        "deletes a key for who does not manage the channel",
        "CC-MACSEC-001/2",
        may_delete=lambda caller, manager: True,
        deletes_active=True,
    ),
    _mutant("cc-macsec-own-keys-only", "takes no key at all", "CC-MACSEC-001/3", may_create=lambda *who: False),
    _mutant(
        "cc-macsec-hasty",
        "uses its new key before it hands it over",
        "CC-MACSEC-002/1",
        "csp-b",
        uses_early=True,
    ),
    _mutant("cc-macsec-any-text", "takes any text for a CAK", "CC-MACSEC-002/3", unusable=lambda cak, ckn: None),
    _mutant("cc-macsec-overwrites", "lets a key replace another", "CC-MACSEC-002/3", "csp-b", reuses_ids=True, bars=()),
    _mutant(
        "cc-macsec-obeys-active",
        "believes that a key is active because the request says so",
        "CC-MACSEC-002/4",
        born_active=bool,
    ),
    _mutant("cc-macsec-undated", "gives all keys one startTime", "CC-MACSEC-002/5", started=lambda now, asked: 0),
    _mutant("cc-macsec-hoards", "takes any number of keys", "CC-MACSEC-003/1", "csp-b", bars=()),
    _mutant("cc-macsec-six", "takes six keys on four channels", "CC-MACSEC-003/2", bars=(baking,)),
    _mutant("cc-macsec-full", "is full for a day after a rotation", "CC-MACSEC-003/3", bake_time=24 * HOUR),
    _mutant(
        "cc-macsec-all-at-once",
        "takes a key while another channel is in rotation",
        "CC-MACSEC-004/1",
        "csp-b",
        bars=(baking,),
    ),
    _mutant("cc-macsec-rotates-all-at-once", "rotates all its channels together", "CC-MACSEC-004/3", holds_back=()),
    _mutant(
        "cc-macsec-no-bake-time",
        "takes the next key right after a rotation",
        "CC-MACSEC-005/1",
        bars=(over_limit, in_rotation),
    ),
    _mutant("cc-macsec-slow-baker", "refuses for a day", "CC-MACSEC-005/2", "csp-b", bake_time=24 * HOUR),
    _mutant("cc-macsec-two-active", "leaves the old key active", "CC-MACSEC-006/1", one_active=False),
    _mutant(
        "cc-macsec-wishful",
        "calls a key active before its router does",
        "CC-MACSEC-006/2",
        born_active=lambda asked: True,
    ),
    _mutant("cc-macsec-finds-elsewhere", "serves a key under another channel", "CC-MACSEC-007/2", finds_elsewhere=True),
    _mutant("cc-macsec-tells-all", "tells everybody the CAK", "CC-MACSEC-007/3", shows_cak=lambda cak, to_manager: cak),
    _mutant("cc-macsec-deletes-active", "deletes the active key", "CC-MACSEC-008/1", deletes_active=True),
    _mutant(
        "cc-macsec-does-not-wait",
        "deletes the old key before the other side uses the new one",
        "CC-MACSEC-008/3",
        "csp-b",
        watches_peer=False,
    ),
    _mutant("cc-macsec-keeps-old", "never deletes an old key", "CC-MACSEC-008/3", deletes_old=False),
    _mutant(
        "cc-macsec-one-first-key",
        "allows one first key at a time",
        "CC-MACSEC-009/1",
        bars=(over_limit, lambda seen: "another channel has a key" if seen.on_interconnect else None),
    ),
    _mutant("cc-macsec-deaf", "acknowledges requests and does nothing", "CC-MACSEC-010/1", serves_requests=False),
    _mutant(
        "cc-macsec-bakes-itself",
        "rotates on request within the bake time",
        "CC-MACSEC-010/2",
        bake_time=HOUR,
        holds_back=(over_limit, in_rotation),
    ),
    _mutant(
        "cc-macsec-serves-any-request",
        "takes requests for channels that it does not manage",
        "CC-MACSEC-010/3",
        "csp-b",
        may_request=lambda me, manager: True,
    ),
    _mutant("cc-macsec-waits-for-ever", "never drops a key that nobody uses", "CC-MACSEC-011/2", rolls_forward=False),
    _mutant("cc-macsec-no-cadence", "never rotates of its own accord", "CC-MACSEC-012/2", "csp-b", cadence=0),
    _mutant("cc-macsec-race-both", "takes two keys at once", "CC-RACE-015/1", bars=()),
    _mutant(
        "cc-macsec-race-stubborn",
        "keeps the key that was refused, and never tries again",
        "CC-RACE-015/2",
        withdraws=False,
        retries=False,
    ),
    _mutant("cc-macsec-race-zero", "leaves a channel without a key", "CC-RACE-015/4", "csp-b", deletes_active=True),
)
