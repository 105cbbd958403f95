"""The customer's statement: proof that the registered account itself caused a call (CC-SEC-004).

No document names the carrier of the proof; it is agreed per pair (CC-ERR-29). Here a customer who has agreed on a key
with a provider signs what it wants, and whoever calls there for it hands the text on in the header ``Customer-Proof``.
The text is ``BODY.SIGNATURE``, both base64url without padding: the body a JSON object with ``account``, ``operation``,
``connection`` and ``expires`` (RFC 3339), the signature HMAC-SHA-256 over BODY.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

from reference_impl.connection_coordinator import moments

HEADER = "customer-proof"
LONGEST = 4096
"""Characters of a statement; a longer one is not read."""


def written(key: str, account: str, operation: str, connection: str, expires: int) -> str:
    """A statement of this account, good for one operation on one connection until ``expires`` (ms)."""
    members = {
        "account": account,
        "operation": operation,
        "connection": connection,
        "expires": moments.written(expires),
    }
    body = _text(json.dumps(members, sort_keys=True).encode())
    return f"{body}.{_signature(key, body)}"


def breach(key: str, text: str | None, account: str, operation: str, connection: str, now: int) -> str | None:
    """What is wrong with a statement for this call; None: nothing."""
    if not text:
        return "absent"
    body, _, signature = text.partition(".")
    if len(text) > LONGEST or not hmac.compare_digest(signature.encode(), _signature(key, body).encode()):
        return "not signed by the account"
    try:
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return "not readable"
    if not isinstance(said, dict) or said.get("account") != account:
        return "of another account"
    if (said.get("operation"), said.get("connection")) != (operation, connection):
        return "for another act"
    expires = moments.read(said["expires"]) if isinstance(said.get("expires"), str) else None
    return None if expires is not None and now < expires else "expired"


def _signature(key: str, body: str) -> str:
    return _text(hmac.new(key.encode(), body.encode(), hashlib.sha256).digest())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
