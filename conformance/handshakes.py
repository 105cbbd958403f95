"""Handshakes and plain requests, beside the protocol: how a place answers who comes with less than TLS 1.3 (CC-SEC-001).

What is found out this way is no exchange; it becomes an observation. Nothing secret is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import warnings
from importlib.resources import as_file, files
from typing import Any, Literal
from urllib.parse import urlsplit

from reference_impl.serve.tls import Tls, show

PATIENCE = 3.0
"""Seconds of real time for a place to answer."""

VERSIONS = {
    "TLS 1.0": ssl.TLSVersion.TLSv1,
    "TLS 1.1": ssl.TLSVersion.TLSv1_1,
    "TLS 1.2": ssl.TLSVersion.TLSv1_2,
    "TLS 1.3": ssl.TLSVersion.TLSv1_3,
}

Guard = Literal["TLS 1.3", "TLS 1.2", "a certificate that nobody vouches for"]
"""What the harness offers to who calls it."""


async def shake(url: str, version: str, shown: Tls) -> dict[str, Any]:
    """One handshake that offers this version alone. ``reached``: somebody listens there; ``established``: it came about;
    ``able``: we can offer this version at all."""
    place = urlsplit(url)
    said: dict[str, Any] = {"offered": version, "able": True, "reached": False, "established": False}
    try:
        context = _only(VERSIONS[version], shown)
    except (ssl.SSLError, ValueError):
        return said | {"able": False}
    with contextlib.suppress(OSError, TimeoutError, EOFError):  # ssl.SSLError among them
        async with asyncio.timeout(PATIENCE):
            _, plain = await asyncio.open_connection(place.hostname, place.port or 443)
            said["reached"] = True
            plain.close()
            _, writer = await asyncio.open_connection(
                place.hostname, place.port or 443, ssl=context, server_hostname=place.hostname
            )
            said["established"] = True
            writer.close()
    return said


async def plainly(url: str, path: str) -> dict[str, Any]:
    """A GET without TLS and without a credential; ``status`` of an HTTP answer, None: there is none."""
    place = urlsplit(url)
    said: dict[str, Any] = {"reached": False, "status": None}
    with contextlib.suppress(OSError, TimeoutError, ValueError, IndexError):
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(place.hostname, place.port or 443)
            said["reached"] = True
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
            line = await reader.readline()
            writer.close()
            if line.startswith(b"HTTP/"):
                said["status"] = int(line.split()[1])
    return said


def _only(version: ssl.TLSVersion, shown: Tls) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is about versions here
    if version is not ssl.TLSVersion.TLSv1_3:
        context.set_ciphers("ALL:@SECLEVEL=0")  # nothing of ours shall be in the way of an old version
    between(context, version, version)
    show(context, shown)
    return context


def between(context: ssl.SSLContext, lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> None:
    """From the next handshake on, these versions; some of them are only here to be refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = highest
        context.minimum_version = lowest


def guarded(context: ssl.SSLContext, guard: Guard, own: Tls) -> None:
    """Let the context of a listening side offer this from its next handshake on; ``own``: what it shows otherwise."""
    show(context, own)
    highest = ssl.TLSVersion.TLSv1_2 if guard == "TLS 1.2" else ssl.TLSVersion.TLSv1_3
    between(context, min(highest, ssl.TLSVersion.TLSv1_3), highest)
    if guard == "a certificate that nobody vouches for":
        with as_file(files("conformance") / "nobody.pem") as pem:
            context.load_cert_chain(pem)
