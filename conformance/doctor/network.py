"""The way to a server: its URL, its name, its port, its TLS and its certificate."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conformance.doctor.findings import Finding, bad, ok, warn
from conformance.target import Outbound
from conformance.target.sending import tls_of
from reference_impl.serve.tls import subject

SOON_DAYS = 14
DAY = 86_400


async def reach(
    what: str, key: str, url: str, outbound: Outbound, trust: Path | None, seconds: float, now: Callable[[], float]
) -> list[Finding]:
    """``what`` names the server in the findings ("east-west"), ``key`` the key of the target file that holds its URL."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80)
    findings: list[Finding] = []
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as problem:
        why = problem.strerror or str(problem)
        return [bad(f"{what}.dns", f"{host} has no address: {why}", f"{key}: a host name that is known here")]
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    findings.append(ok(f"{what}.dns", f"{host} is {', '.join(addresses)}"))
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), seconds)
        writer.close()
    except TimeoutError:
        change = f"{key}: the host and port where it listens; a firewall may swallow the connection"
        return [*findings, bad(f"{what}.tcp", f"{host}:{port} took no connection in {seconds:g} s", change)]
    except OSError as problem:
        why = os.strerror(problem.errno) if problem.errno else type(problem).__name__
        change = f"start the target, or {key}: the host and port where it listens"
        return [*findings, bad(f"{what}.tcp", f"{host}:{port} took no connection: {why}", change)]
    findings.append(ok(f"{what}.tcp", f"{host}:{port} takes connections"))
    if parts.scheme == "https":
        return findings + await _tls(what, key, host, port, outbound, trust, seconds, now)
    if all(ipaddress.ip_address(each).is_loopback for each in addresses):
        return [*findings, ok(f"{what}.tls", "cleartext, on this machine only")]
    change = f"{key}: an https URL, for TLS 1.3 is owed (CC-SEC-001, FI-AUTH-011)"
    return [*findings, warn(f"{what}.tls", "cleartext to another machine", change)]


async def _tls(
    what: str,
    key: str,
    host: str,
    port: int,
    outbound: Outbound,
    trust: Path | None,
    seconds: float,
    now: Callable[[], float],
) -> list[Finding]:
    check, named = f"{what}.tls", f"{what}.certificate"
    least = ssl.TLSVersion.TLSv1_3 if what == "east-west" else ssl.TLSVersion.TLSv1_2
    trusted = "northbound.trust" if what == "northbound" else "auth.trust"
    try:
        version, shown = await _handshake(host, port, tls_of(outbound, trust, least=least), seconds)
    except ssl.SSLCertVerificationError as problem:
        why = problem.verify_message.rstrip(".")
        if "mismatch" in why:
            return [bad(named, why, f"{key}: a host name that the certificate holds, or another certificate there")]
        if "expired" in why or "not yet valid" in why:
            return [bad(named, why, "a certificate of the target that is valid now")]
        return [bad(named, why, f"{trusted}: the PEM file of the authority that signed the target's certificate")]
    except (OSError, TimeoutError) as problem:
        return [await _no_tls(check, key, host, port, problem, seconds)]
    left = (ssl.cert_time_to_seconds(str(shown["notAfter"])) - now()) / DAY
    told = f"{subject(shown) or 'without a subject'}, by {subject({'subject': shown.get('issuer', ())}) or 'nobody'}"
    findings = [ok(check, version)]
    if left < SOON_DAYS:
        return [*findings, warn(named, f"{told}, ends in {left:.0f} days", "a certificate that lasts longer")]
    return [*findings, ok(named, f"{told}, verified, {left:.0f} days left")]


async def _handshake(host: str, port: int, context: ssl.SSLContext, seconds: float) -> tuple[str, dict[str, Any]]:
    _, writer = await asyncio.wait_for(asyncio.open_connection(host, port, ssl=context, server_hostname=host), seconds)
    tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
    shown: Any = tls.getpeercert() or {}
    version = str(tls.version())
    writer.close()
    return version, shown


async def _no_tls(check: str, key: str, host: str, port: int, problem: Exception, seconds: float) -> Finding:
    """Why was there no handshake? An older version is tried, so that it can be named."""
    older = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    older.check_hostname = False
    older.verify_mode = ssl.CERT_NONE
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        version, _ = await _handshake(host, port, older, seconds)
    except (OSError, TimeoutError):
        pass
    else:
        return bad(check, f"{version} at most", "let the target speak TLS 1.3 (CC-SEC-001, FI-AUTH-011)")
    if isinstance(problem, ssl.SSLError) and problem.reason == "WRONG_VERSION_NUMBER":
        return bad(check, "no TLS: it answers in cleartext", f"{key}: http, or TLS at the target")
    came = getattr(problem, "reason", None) or str(problem) or type(problem).__name__
    change = "let the target speak TLS 1.3; where it wants our certificate, certificate and key in auth.outbound"
    return bad(check, f"no handshake: {came}", change)
