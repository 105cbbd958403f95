"""API keys as their issuer keeps them: only a salted hash (federation-wire, section 3; FI-AUTH-009).

A key that is issued here is a fresh id that nobody can guess, so one round of SHA-256 keeps it as safe as many would.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seal:
    """What remains of a key after it was handed over."""

    salt: str
    digest: str


NO_KEY = Seal("", "")
"""Opened by nothing; compared where no key was issued, so that a refusal takes the same time (FI-AUTH-008)."""


def seal(key: str, salt: str) -> Seal:
    return Seal(salt, hashlib.sha256(f"{salt}:{key}".encode()).hexdigest())


def opens(key: str | None, sealed: Seal) -> bool:
    """Is this the key? An absent or empty one never is (FI-AUTH-003)."""
    same = hmac.compare_digest(seal(key or "", sealed.salt).digest, sealed.digest)
    return same and bool(key)
