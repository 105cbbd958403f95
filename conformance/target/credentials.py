"""Reading ``[auth]`` and the credentials of the northbound side. No secret stands in the file: only where it is."""

from __future__ import annotations

from conformance.target.records import Auth, Inbound, Outbound, SigV4
from reference_impl.serve.config import bound_at, try_tls
from reference_impl.serve.tls import Tls
from reference_impl.serve.tomlfile import Section

TOKEN = ("token_env", "token_file")
SIGV4 = ("access_key_env", "access_key_file", "secret_key_env", "secret_key_file")
SESSION = ("session_token_env", "session_token_file")
CERTIFICATE = ("certificate", "key")
BOUND = ("certificate_sha256", "certificate_subject")

OUTBOUND_KEYS = {
    "none": CERTIFICATE,
    "bearer": (*TOKEN, *CERTIFICATE),
    "header": (*TOKEN, "header", *CERTIFICATE),
    "mtls": CERTIFICATE,
    "sigv4": (*SIGV4, *SESSION, "region", "service", *CERTIFICATE),
    "arranged": CERTIFICATE,
}
"""The keys that each kind of outbound credential may have, beside ``kind``."""

INBOUND_KEYS = {
    "none": (),
    "bearer": (*TOKEN, *BOUND),
    "header": (*TOKEN, "header", *BOUND),
    "mtls": BOUND,
    "arranged": BOUND,
}


def read_auth(document: Section, federation: bool) -> Auth:
    """``[auth]``. In a federation keys are arranged northbound unless the file says otherwise (FI-AUTH-004)."""
    section = document.section("auth")
    default = "arranged" if federation else "none"
    if section is None:
        return Auth(_sent(default), _taken(default), _sent(default), _taken(default))
    section.only("outbound", "inbound", "third", "trust")
    third = section.section("third") or Section(section.source, (*section.place, "third"), {})
    third.only("outbound", "inbound")
    auth = Auth(
        outbound_at(section, "outbound", default, federation),
        _inbound_at(section, default, federation),
        outbound_at(third, "outbound", default, federation),
        _inbound_at(third, default, federation),
        section.file("trust"),
    )
    try_tls(section, Tls(trust=auth.trust))
    return auth


def _sent(kind: str) -> Outbound:
    return Outbound("arranged" if kind == "arranged" else "none")


def outbound_at(section: Section, key: str, default: str = "none", federation: bool = False) -> Outbound:
    """What we send, by the table that stands at a key."""
    table = section.section(key)
    if table is None:
        return _sent(default)
    kind = _kind(table, tuple(OUTBOUND_KEYS), federation)
    _only(table, OUTBOUND_KEYS[kind])
    tls = Tls(table.file("certificate"), table.file("key"))
    if (tls.certificate is None) != (tls.key is None) or (kind == "mtls" and tls.certificate is None):
        missing = "key" if tls.certificate is not None else "certificate"
        raise table.error(missing, "a certificate and its key", "one of them" if kind != "mtls" else "nothing")
    try_tls(table, tls)
    return Outbound(
        kind,  # type: ignore[arg-type] # _kind has compared it with the keys of the table
        secret(table, "token") if kind in ("bearer", "header") else "",
        table.text("header", "x-api-key"),
        tls.certificate,
        tls.key,
        _sigv4(table) if kind == "sigv4" else None,
    )


def _inbound_at(section: Section, default: str, federation: bool) -> Inbound:
    table = section.section("inbound")
    if table is None:
        return _taken(default)
    kind = _kind(table, tuple(INBOUND_KEYS), federation)
    _only(table, INBOUND_KEYS[kind])
    bound = bound_at(table)
    if kind == "mtls" and not bound:
        raise table.error("certificate_sha256", "it or certificate_subject: which certificate is the target's", "none")
    return Inbound(
        kind,  # type: ignore[arg-type] # _kind has compared it with the keys of the table
        secrets(table, "token") if kind in ("bearer", "header") else (),
        table.text("header", "x-api-key"),
        bound,
    )


def _taken(kind: str) -> Inbound:
    return Inbound("arranged" if kind == "arranged" else "none")


def _kind(table: Section, kinds: tuple[str, ...], federation: bool) -> str:
    offered = [kind for kind in kinds if kind != "arranged" or federation]
    want = f"one of {', '.join(offered)}"
    kind = table.text("kind", want=want)
    if kind not in offered:
        raise table.wrong("kind", want)
    return kind


def _only(table: Section, keys: tuple[str, ...]) -> None:
    for name in ("token", "access_key", "secret_key", "session_token"):
        if name in table.data:
            want = f"{name}_env or {name}_file: no secret stands in a target file"
            raise table.error(name, want, "the secret itself")
    table.only("kind", *keys)


def _sigv4(table: Section) -> SigV4:
    session = any(key in table.data for key in SESSION)
    return SigV4(
        secret(table, "access_key"),
        secret(table, "secret_key"),
        secret(table, "session_token") if session else "",
        table.text("region", "us-east-1"),
        table.text("service", "execute-api"),
    )


def secret(table: Section, name: str) -> str:
    """One secret, from the environment or a file."""
    _named(table, name)
    return table.secret(name)


def secrets(table: Section, name: str) -> tuple[str, ...]:
    """All secrets that are good, from the environment or a file."""
    _named(table, name)
    return table.secrets(name)


def _named(table: Section, name: str) -> None:
    if f"{name}_env" not in table.data and f"{name}_file" not in table.data:
        raise table.error(f"{name}_env", f"it or {name}_file: where the secret is", "neither")
