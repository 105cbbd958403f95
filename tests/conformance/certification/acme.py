"""The provider Acme on real sockets: a reference party under names of its own, with the file that describes it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from conformance.portal import Portal
from conformance.served_inventories import inventories_for
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.provider import provider
from reference_impl.serve.config import read_config
from reference_impl.serve.party import party_served
from reference_impl.serve.protocols import SERVED

PARTY = """\
[party]
protocol = "connection-coordinator"
id = "acme"
listen = "127.0.0.1:{east_west}"
northbound = "127.0.0.1:{northbound}"
northbound_token = "operator-1"

[[partners]]
id = "interlock"
url = "http://127.0.0.1:{here}"
token_out = "of-acme"
token_in = "to-acme"

[[partners]]
id = "interlock-3"
url = "http://127.0.0.1:{third}"
token_out = "of-acme-3"
token_in = "to-acme-3"

[provisioning]
seconds = 0

[limits]
per_second = 100000
burst = 100000

[inventory]
"""

TARGET = """\
[target]
name = "Acme Cloud"
protocol = "connection-coordinator"
seats = ["csp-a"]
base_url = "http://127.0.0.1:{east_west}"

[identity]
target = {{ id = "acme" }}
counterpart = {{ id = "interlock" }}
third = {{ id = "interlock-3" }}

[auth]
outbound = {{ kind = "bearer", token_env = "TO_ACME" }}
inbound = {{ kind = "bearer", token_env = "OF_ACME" }}
[auth.third]
outbound = {{ kind = "bearer", token_env = "TO_ACME_3" }}
inbound = {{ kind = "bearer", token_env = "OF_ACME_3" }}

[counterpart]
listen = "127.0.0.1:{here}"
[counterpart.third]
listen = "127.0.0.1:{third}"

[northbound]
kind = "http"
style = "interlock"
base_url = "http://127.0.0.1:{northbound}"
auth = {{ kind = "bearer", token_env = "OPERATOR" }}

[clock]
kind = "northbound"
"""

SECRETS = {
    "TO_ACME": "to-acme",
    "OF_ACME": "of-acme",
    "TO_ACME_3": "to-acme-3",
    "OF_ACME_3": "of-acme-3",
    "OPERATOR": "operator-1",
}


def ports() -> dict[str, int]:
    names = ("east_west", "northbound", "here", "third")
    with contextlib.ExitStack() as stack:
        found = {name: stack.enter_context(socket.socket()) for name in names}
        for each in found.values():
            each.bind(("127.0.0.1", 0))
        return {name: each.getsockname()[1] for name, each in found.items()}


def target_file(directory: Path, at: dict[str, int]) -> Path:
    file = directory / "target.toml"
    file.write_text(TARGET.format(**at), encoding="utf-8")
    return file


@contextlib.contextmanager
def acme(directory: Path, decisions: Any = PROVIDER) -> Iterator[Path]:
    """Serve it in a thread, with a vice where its decisions have one; gives the target file. Its secrets are to be in the
    environment (``SECRETS``)."""
    at = ports()
    file = directory / "party.toml"
    file.write_text(PARTY.format(**at), encoding="utf-8")
    served = replace(SERVED["connection-coordinator"], party=lambda me: provider(me, decisions))
    config = read_config(file, served)
    portal = Portal()
    serving = party_served(config, served, inventories=inventories_for(config))
    running = portal.call(serving.__aenter__())
    try:
        standard = {"inventory": "standard", "seat": "csp-a"}
        operator = {"authorization": f"Bearer {SECRETS['OPERATOR']}"}
        reset = httpx.post(f"{running.northbound}/hooks/reset", json=standard, headers=operator, trust_env=False)
        assert reset.status_code == 200, reset.text
        yield target_file(directory, at)
    finally:
        portal.call(serving.__aexit__(None, None, None))
        portal.close()
