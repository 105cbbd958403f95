"""Partners on real sockets that know each other, and the files that describe them."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from conformance.portal import Portal
from conformance.served_inventories import inventories_for
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.provider import provider
from reference_impl.serve.config import read_config
from reference_impl.serve.party import party_served
from reference_impl.serve.protocols import SERVED

CC, FI = "connection-coordinator", "federation-interconnect"
SEATS = {CC: ["csp-a", "csp-b"], FI: ["op1", "op2"]}

PARTY = """\
[party]
protocol = "{protocol}"
id = "{me}"
listen = "127.0.0.1:{east_west}"
northbound = "127.0.0.1:{northbound}"
northbound_token = "operator-1"
{partners}
[provisioning]
seconds = 0
"""

PARTNER = """
[[partners]]
id = "{other}"
url = "{door}"
token_out = "{me}-to-{other}"
token_in = "{other}-to-{me}"
"""

TARGET = """\
[target]
name = "{title}"
protocol = "{protocol}"
seats = {seats}
base_url = "http://127.0.0.1:{east_west}"

[identity]
target = {{ id = "{me}" }}
{counterpart}
[northbound]
kind = "http"
style = "interlock"
base_url = "http://127.0.0.1:{northbound}"
auth = {{ kind = "bearer", token_env = "OPERATOR" }}
"""


def inventory(me: str, others: Sequence[str]) -> str:
    """One interconnect of two channels with each other provider; the first in the alphabet manages MACsec."""
    rows = ['accounts = [{ id = "X" }]']
    place = 'environment = "env1"'
    for name, row in (
        ("environments", '{ id = "env1", peer = "$" }'),
        ("interconnects", f'{{ id = "ix1", peer = "$", {place}, max_mbps = 20000 }}'),
    ):
        rows.append(f"{name} = [{', '.join(row.replace('$', other) for other in others)}]")
    channels = [
        f'{{ id = "ch{number}", peer = "{other}", {place}, interconnect = "ix1", macsec_manager = "{min(me, other)}" }}'
        for other in others
        for number in (1, 2)
    ]
    ranges = 'asn_ranges = [[64600, 64600]]\nipv4 = [{ include = "169.254.0.0/16" }]\nipv4_lengths = [30]'
    return (
        "\n[inventory]\n" + "\n".join(rows) + f"\nchannels = [{', '.join(channels)}]\n[inventory.guidance]\n{ranges}\n"
    )


def free_ports(number: int, above: int = 20_000) -> list[int]:
    """Ports that are free and follow each other."""
    for first in range(above + 1, above + 10_000, number):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for each in range(number):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", first + each))
            return list(range(first, first + number))
    raise OSError("no free ports")


def _party(vice: Any, me: str) -> Any:
    return provider(me, vice)


def _end(portal: Portal, serving: AbstractAsyncContextManager[Any]) -> None:
    portal.call(_left(serving))


async def _left(serving: AbstractAsyncContextManager[Any]) -> None:
    await serving.__aexit__(None, None, None)


@contextlib.contextmanager
def partners(
    directory: Path,
    protocol: str,
    doors: Mapping[tuple[str, str], int],
    decisions: Mapping[str, Any] | None = None,
    seats: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[dict[str, Path]]:
    """``doors`` holds the ports at which one partner reaches another one. Gives the target files, by id."""
    ids = list(dict.fromkeys(one for one, _ in doors))
    ports = free_ports(2 * len(ids), above=max(doors.values()))
    portal, files = Portal(), {}
    with contextlib.ExitStack() as stack:
        stack.callback(portal.close)
        for number, me in enumerate(ids):
            others = [other for one, other in doors if one == me]
            at = {"east_west": ports[2 * number], "northbound": ports[2 * number + 1], "me": me, "protocol": protocol}
            known = [
                PARTNER.format(me=me, other=other, door=f"http://127.0.0.1:{doors[me, other]}") for other in others
            ]
            if protocol == FI:
                known = []
            text = PARTY.format(partners="".join(known), **at) + (inventory(me, others) if protocol == CC else "")
            party = directory / f"{me}-party.toml"
            party.write_text(text, encoding="utf-8")
            vice = (decisions or {}).get(me, PROVIDER)
            served = SERVED[protocol]
            if protocol == CC:
                served = replace(served, party=partial(_party, vice))
            config = read_config(party, served)
            serving = party_served(config, served, inventories=inventories_for(config) if protocol == FI else {})
            portal.call(serving.__aenter__())
            stack.callback(_end, portal, serving)
            counterpart = ""
            if len(others) == 1:
                place = f"127.0.0.1:{doors[me, others[0]]}"
                counterpart = f'counterpart = {{ id = "{others[0]}" }}\n[counterpart]\nlisten = "{place}"\n'
            chosen = str(list((seats or {}).get(me, SEATS[protocol]))).replace("'", '"')
            file = directory / f"{me}.toml"
            title = me.title()
            file.write_text(TARGET.format(title=title, seats=chosen, counterpart=counterpart, **at), encoding="utf-8")
            files[me] = file
        yield files
