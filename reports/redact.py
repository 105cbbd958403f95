"""Secrets are replaced when a record is captured, never later (architecture note, "Rules that keep it beautiful").

A secret becomes ``secret:<kind>:<16 hex digits>``, the digits an HMAC under a key of this run: equal secrets stay
equal, so "byte for byte the customer's key" stays judgeable, and nothing leaks. An activation key also tells how
it was encoded and its non-secret members, decoded before they are hidden:
``secret:activation-key:<hex>;{"encoding": "base64", "members": {…}}``. It stays a string, as the schema wants it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SECRET_MEMBERS: Mapping[str, str] = {
    "encodedKey": "activation-key",
    "activationKey": "activation-key",
    "activation_key": "activation-key",
    "cak": "cak",
    "md5BgpPassword": "bgp-password",
    "api_key": "api-key",
    "key_towards": "api-key",
    "key_from": "api-key",
    "password": "password",
    "authorization": "token",
    "x-api-key": "api-key",
    "token": "token",
    "proof": "proof",
    "proof_key": "proof",
}
"""JSON members and headers whose string value is a secret, by the kind of secret."""

KEY_MEMBERS = (
    "version",
    "destinationEnvironmentUri",
    "sharedConnectionUuid",
    "connectionSizeMbps",
    "destinationAccountId",
)
SHORTEST = 8
"""A shorter secret is hidden where it stands as one, and not looked for inside other texts."""
_SECRET = re.compile(r"secret:([a-z-]+):([0-9a-f]{16})(?:;(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a redacted activation key still tells: ``encoding`` is ``base64``, ``base64url``, ``unpadded`` or ``none``.

    ``members`` is the decoded JSON object (unknown members by name only, their values hidden), or None.
    """

    digest: str
    encoding: str
    members: dict[str, Any] | None


class Redactor:
    """Replaces secrets under a key of its own; one per run."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._by_beginning: dict[str, list[str]] = {}

    def secret(self, kind: str, value: str) -> str:
        """The replacement of one secret; the value is remembered so that it is also found inside longer texts."""
        digest = hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()[:16]
        replaced = f"secret:{kind}:{digest}"
        if kind == "activation-key":
            encoding, members = _decode_key(value)
            shown = None if members is None else {k: v if k in KEY_MEMBERS else "hidden" for k, v in members.items()}
            replaced += ";" + json.dumps({"encoding": encoding, "members": shown}, sort_keys=True)
        # A short one that is all letters may be a word elsewhere: "provider".
        if len(value) >= 16 or (len(value) >= SHORTEST and not value.isalpha()):
            if value not in self._known:
                self._by_beginning.setdefault(value[:SHORTEST], []).append(value)
            self._known[value] = replaced
        return replaced

    def text(self, value: str) -> str:
        """A text with every secret seen so far replaced, the longest first: a secret may lie inside another one.

        They are looked up by how they begin: a run knows thousands, and nearly every text has none in it.
        """
        found = {
            secret: None
            for start in range(len(value) - SHORTEST + 1)
            for secret in self._by_beginning.get(value[start : start + SHORTEST], ())
            if value.startswith(secret, start)
        }
        for secret in sorted(found, key=len, reverse=True):
            value = value.replace(secret, self._known[secret])
        return value

    def json(self, value: Any) -> Any:
        """A JSON value with its secret members replaced, and every secret seen so far in any other string."""
        if isinstance(value, dict):
            return {
                self.text(name): self.secret(SECRET_MEMBERS[name], item)
                if name in SECRET_MEMBERS and isinstance(item, str) and item and not is_secret(item)
                else self.json(item)
                for name, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.json(item) for item in value]
        return self.text(value) if isinstance(value, str) else value


def is_secret(value: object) -> bool:
    return isinstance(value, str) and _SECRET.fullmatch(value) is not None


def key_facts(value: object) -> KeyFacts | None:
    """The facts left of a redacted activation key; None for anything else."""
    found = _SECRET.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[1] != "activation-key" or found[3] is None:
        return None
    try:
        facts = json.loads(found[3])
        return KeyFacts(found[2], facts["encoding"], facts["members"])
    except (ValueError, KeyError, TypeError):  # a peer may send a text of this shape that no Redactor made
        return None


def _decode_key(text: str) -> tuple[str, dict[str, Any] | None]:
    """How the text is encoded (CC-ERR-02 tolerates the URL-safe alphabet and missing padding) and its JSON object."""
    for encoding, padded, alphabet in (
        ("base64", text, None),
        ("base64url", text, b"-_"),
        ("unpadded", text + "=" * (-len(text) % 4), b"-_"),
    ):
        try:
            decoded = json.loads(base64.b64decode(padded, altchars=alphabet, validate=True))
        except (binascii.Error, ValueError, RecursionError):  # a hostile key may be nested ten thousand deep
            continue
        return encoding, decoded if isinstance(decoded, dict) else None
    return "none", None
