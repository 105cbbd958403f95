"""The adapter that a target file chooses."""

from __future__ import annotations

import ssl
from contextlib import AsyncExitStack

import httpx

from conformance.northbound.answered import Northbound
from conformance.northbound.http import MappedNorthbound
from conformance.northbound.interlock import HttpNorthbound
from conformance.northbound.manual import Answering, ManualNorthbound
from conformance.northbound.none import NoNorthbound
from conformance.northbound.people import Terminal, read_script
from conformance.northbound.python import python_northbound
from conformance.target.limited import Limited
from conformance.target.records import Target
from conformance.target.sending import auth_of, tls_of


def northbound_of(target: Target, closing: AsyncExitStack, answering: Answering | None = None) -> Northbound:
    """The target's customer and operator side, to be used in the running event loop; ``closing`` closes its clients.

    ``answering`` answers the prompts of a manual one in place of the terminal and of the script. Raises NorthboundError and
    MissingExtra.
    """
    choice = target.northbound
    if choice.http is not None and choice.http.style == "interlock":
        http = choice.http
        client = httpx.AsyncClient(
            base_url=http.base_url,
            auth=auth_of(http.credential),
            headers=dict(http.headers),
            transport=Limited(tls_of(http.credential, http.trust, least=ssl.TLSVersion.TLSv1_2)),
            timeout=http.timeout_ms / 1000,
            trust_env=False,
        )
        closing.push_async_callback(client.aclose)
        return HttpNorthbound(client)
    if choice.http is not None:
        mapped = MappedNorthbound(choice.http, target.protocol, target.identity.accounts)
        closing.push_async_callback(mapped.aclose)
        return mapped
    if choice.python is not None:
        return python_northbound(choice.python, target.protocol)
    if choice.manual is not None:
        manual = choice.manual
        answers = answering or (read_script(manual.script) if manual.script is not None else Terminal())
        return ManualNorthbound(manual, target.protocol, answers)
    return NoNorthbound()
