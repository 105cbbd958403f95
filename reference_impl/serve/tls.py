"""TLS: what a party shows, whom it trusts, and which certificate belongs to which counterpart.

TLS 1.3 is the least in both directions and certificates are verified (CC-SEC-001, FI-AUTH-011). A counterpart whose
certificate is bound must show it beside its token; a certificate that is bound to one counterpart serves no other.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SHORT = {
    "commonName": "CN",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "countryName": "C",
    "domainComponent": "DC",
}
_ESCAPED = str.maketrans({each: f"\\{each}" for each in ',+"\\<>;='})


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files. ``certificate`` (with its chain) and ``key`` are shown to clients and, where they ask, to servers;
    ``client_ca`` vouches for the certificates of clients, ``trust`` for those of servers (None: the system's)."""

    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    trust: Path | None = None

    @property
    def serves(self) -> bool:
        return self.certificate is not None


NO_TLS = Tls()


def server_context(tls: Tls, clients: bool) -> ssl.SSLContext:
    """For a served side; ``clients``: ask for a client certificate, and refuse one that ``client_ca`` did not sign.

    Raises OSError (ssl.SSLError among them) where a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["http/1.1"])
    show(context, tls)
    if clients and tls.client_ca is not None:
        context.load_verify_locations(tls.client_ca)
        context.verify_mode = ssl.CERT_OPTIONAL  # who must show one is told by a 401 that a person can read
    return context


def client_context(tls: Tls, ca: Path | None = None) -> ssl.SSLContext:
    """For calls: verifies by ``ca``, else by ``trust``, else by the system's authorities, and shows our certificate."""
    context = ssl.create_default_context(cafile=ca or tls.trust)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    show(context, tls)
    return context


def show(context: ssl.SSLContext, tls: Tls) -> None:
    """From the next handshake on, show the certificate that is in the file now."""
    if tls.certificate is not None:
        context.load_cert_chain(tls.certificate, tls.key)


@dataclass(frozen=True, slots=True)
class PeerCertificate:
    """A verified client certificate: SHA-256 over its DER form in hex, and its subject as RFC 4514 writes it."""

    sha256: str
    subject: str


def extension(tls: ssl.SSLObject) -> dict[str, Any]:
    """``scope["extensions"]["tls"]`` as the ASGI TLS extension describes it, as far as Python tells."""
    der = tls.getpeercert(binary_form=True)
    return {
        "server_cert": None,
        "client_cert_chain": (ssl.DER_cert_to_PEM_cert(der),) if der else (),
        "client_cert_name": subject(tls.getpeercert() or {}) if der else None,
        "client_cert_error": None,
        "tls_version": 0x0304 if tls.version() == "TLSv1.3" else None,
        "cipher_suite": None,
    }


def subject(certificate: Mapping[str, Any]) -> str:
    """``CN=csp-b,O=Example`` of what ``getpeercert`` gives: the most special part first (RFC 4514)."""
    parts = [
        "+".join(f"{_SHORT.get(kind, kind)}={value.translate(_ESCAPED)}" for kind, value in part)
        for part in certificate.get("subject", ())
    ]
    return ",".join(reversed(parts))


def peer_certificate(scope: Mapping[str, Any]) -> PeerCertificate | None:
    """The certificate that the client of a request has shown."""
    shown = scope.get("extensions", {}).get("tls", {})
    if not (chain := shown.get("client_cert_chain")):
        return None
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(chain[0])).hexdigest()
    return PeerCertificate(digest, shown.get("client_cert_name") or "")


@dataclass(frozen=True, slots=True)
class Bound:
    """Which certificates belong to a counterpart: by their digests (old and new, while one is replaced) or by subject."""

    sha256: Sequence[str] = ()
    subject: str = ""

    def __bool__(self) -> bool:
        return bool(self.sha256 or self.subject)

    def fits(self, shown: PeerCertificate) -> bool:
        return shown.sha256 in self.sha256 or (self.subject != "" and shown.subject == self.subject)


class Certificates:
    """The bindings of all counterparts; they can be replaced while the app runs."""

    def __init__(self, bound: Mapping[str, Bound] | None = None) -> None:
        self._bound: Mapping[str, Bound] = {}
        self.replace(bound or {})

    def replace(self, bound: Mapping[str, Bound]) -> None:
        self._bound = {counterpart: each for counterpart, each in bound.items() if each}

    def admit(self, counterpart: str, shown: PeerCertificate | None) -> bool:
        """May this counterpart have shown this? Its own where it is bound to one, and never another's."""
        if counterpart in self._bound:
            return shown is not None and self._bound[counterpart].fits(shown)
        return shown is None or not any(each.fits(shown) for each in self._bound.values())
