"""Who calls us in a run against a target: the target by what its file says it sends, our own parties by their tokens."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from starlette.datastructures import Headers

from conformance.target import Inbound, Outbound
from conformance.target.sending import SIGN_HERE
from reference_impl.serve.authentication import Caller, Tokens, bearer, presented_key


class TargetAndOurs:
    """An ``Authenticate``: ``target`` is the target's id, ``ours`` the tokens by which we know who speaks in this process:
    our own parties, and the harness in anybody's name."""

    def __init__(self, target: str, inbound: Inbound, ours: Mapping[str, str]) -> None:
        self._target = target
        self._inbound = inbound
        self._ours = Tokens({id_: (token,) for id_, token in ours.items()})

    def __call__(self, headers: Headers) -> Caller | None:
        ours = self._ours(headers)
        if ours is not None:
            return ours
        return Caller(self._target) if self._is_target(headers) else None

    def presented(self, headers: Headers) -> Caller:
        """Where the protocol's party judges the key itself (FI-AUTH-004)."""
        return presented_key(headers)

    def _is_target(self, headers: Headers) -> bool:
        match self._inbound.kind:
            case "none" | "mtls" | "arranged":  # a certificate was looked at when the connection was made
                return True
            case "bearer":
                shown = bearer(headers) or ""
            case "header":
                values = headers.getlist(self._inbound.header)
                shown = values[0] if len(values) == 1 else ""
        return any(hmac.compare_digest(shown.encode(), secret.encode()) for secret in self._inbound.secrets if secret)


def outbound_headers(out: Outbound) -> dict[str, str]:
    """What we send the target as credentials, as far as headers carry them (a signature is made for each request)."""
    match out.kind:
        case "bearer":
            return {"authorization": f"Bearer {out.secret}"}
        case "header":
            return {out.header.lower(): out.secret}
        case "sigv4":
            return {"authorization": SIGN_HERE}
        case _:
            return {}
