"""Who calls: a table of bearer tokens per counterpart, or the credential itself for a protocol that judges it.

Every failure looks alike, and nothing of the body is read before it (CC-SEC-002, FI-AUTH-003, FI-AUTH-008).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers

CHALLENGE = {"WWW-Authenticate": "Bearer"}
UNAUTHORIZED = "want valid credentials in the header Authorization: Bearer …"


@dataclass(frozen=True, slots=True)
class Caller:
    """The counterpart that calls; ``credential`` where the protocol's Party judges it, and then nobody is known yet."""

    counterpart: str
    credential: str | None = None


Authenticate = Callable[[Headers], Caller | None]
"""The caller by the headers of a request; None: answer 401."""


def bearer(headers: Headers) -> str | None:
    """The token of the only ``Authorization: Bearer`` header; None without one, or where several contradict each other."""
    values = headers.getlist("authorization")
    if len(values) != 1:
        return None
    scheme, _, token = values[0].partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


class Tokens:
    """Bearer tokens of the counterparts; kept as keyed hashes and compared in constant time.

    The table can be replaced while the app runs: a partner's credentials are rotated, a partner is disabled.
    """

    def __init__(self, tokens: Mapping[str, Sequence[str]]) -> None:
        self._salt = secrets.token_bytes(16)
        self._rows: tuple[tuple[bytes, str], ...] = ()
        self.replace(tokens)

    def replace(self, tokens: Mapping[str, Sequence[str]]) -> None:
        """From now on these and no other tokens count, by counterpart. ValueError where they could not tell who calls."""
        rows: dict[bytes, str] = {}
        for counterpart, accepted in tokens.items():
            for token in accepted:
                digest = self._digest(token)
                if not token or rows.setdefault(digest, counterpart) != counterpart:
                    raise ValueError(f"want a token of its own for {counterpart!r}, got an empty one or another's")
        self._rows = tuple(rows.items())

    def __call__(self, headers: Headers) -> Caller | None:
        presented = self._digest(bearer(headers) or "")
        found = None
        for digest, counterpart in self._rows:  # all of them: the time must not tell which one it was
            if hmac.compare_digest(digest, presented):
                found = Caller(counterpart)
        return found

    def _digest(self, token: str) -> bytes:
        return hashlib.blake2b(token.encode(), key=self._salt, digest_size=32).digest()


def presented_key(headers: Headers) -> Caller:
    """What a federation partner presents: a Bearer value decides, else ``x-api-key`` (FI-AUTH-002, FI-AUTH-003).

    Whether it is valid, and for whom, the Party decides. Several headers of one kind count as none.
    """
    if any(value.lower().startswith("bearer") for value in headers.getlist("authorization")):
        return Caller("", bearer(headers))
    keys = headers.getlist("x-api-key")
    return Caller("", keys[0] if len(keys) == 1 and keys[0] else None)
