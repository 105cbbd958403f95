"""Parties on real sockets, and the command that serves one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from conformance.cli.serve import serve
from reference_impl.federation_interconnect import records as fi_records
from reference_impl.kernel import transport
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Acted, Call, Party, Reply, Requested
from reference_impl.kernel.store.sql import SqlStore
from reference_impl.kernel.tables import Tables
from reference_impl.kernel.transport import Endpoint, HttpTransport, http_client
from reference_impl.serve.answers import json_response
from reference_impl.serve.authentication import Caller
from reference_impl.serve.config import Address, PartyConfig, read_config
from reference_impl.serve.eastwest import east_west_app
from reference_impl.serve.limits import DEFAULT_LIMITS
from reference_impl.serve.party import Running, party_served, run_party
from reference_impl.serve.protocol import Served
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.server import serving

EXAMPLES = Path(__file__).parents[3] / "examples"
COORDINATOR, FEDERATION = SERVED["connection-coordinator"], SERVED["federation-interconnect"]
ANY = Address("127.0.0.1", 0)


def _example(name: str, served: Served) -> PartyConfig:
    return replace(read_config(EXAMPLES / name, served), listen=ANY, northbound=ANY, provisioning_ms=0)


class _Operator:
    """The operator of a served party."""

    def __init__(self, client: httpx.AsyncClient, running: Running, config: PartyConfig) -> None:
        self._client = client
        self._url = running.northbound
        self._headers = {"authorization": f"Bearer {config.northbound_token}"}

    async def post(self, path: str, **inputs: Any) -> dict[str, Any]:
        answer = await self._client.post(f"{self._url}/{path}", json=inputs, headers=self._headers)
        assert answer.status_code < 300, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def settled_poll(self, operation: str) -> dict[str, Any]:
        await self.post("hooks/settle", limit_ms=10_000)
        answer = await self._client.get(f"{self._url}/operations/{operation}", headers=self._headers)
        shown: dict[str, Any] = answer.json()
        return shown

    async def state(self) -> dict[str, Any]:
        shown: dict[str, Any] = (await self._client.get(f"{self._url}/state", headers=self._headers)).json()["outputs"]
        return shown


@contextlib.asynccontextmanager
async def _pair(served: Served, names: tuple[str, str]) -> AsyncIterator[tuple[_Operator, _Operator, list[Running]]]:
    """Two parties that know each other's real ports: the second is told where the first listens, and then reversed."""
    configs = [_example(name, served) for name in names]
    with contextlib.ExitStack() as ports:
        chosen = []
        for _ in configs:  # a port each, known before either starts
            probe = ports.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            chosen.append(probe.getsockname()[1])
    configs = [
        replace(
            config,
            listen=Address("127.0.0.1", chosen[mine]),
            partners=tuple(replace(each, url=f"http://127.0.0.1:{chosen[1 - mine]}") for each in config.partners),
        )
        for mine, config in enumerate(configs)
    ]
    async with (
        party_served(configs[0], served) as one,
        party_served(configs[1], served) as two,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        yield _Operator(client, one, configs[0]), _Operator(client, two, configs[1]), [one, two]


def test_two_providers_establish_a_connection() -> None:
    async def run() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        async with _pair(COORDINATOR, ("csp-a.toml", "csp-b.toml")) as (a, b, _):
            offer = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}
            key = (await a.post("actions/offer", **offer))["outputs"]["activation_key"]
            begun = await b.post("actions/accept", account="X", activation_key=key, consent=True)
            ended = await b.settled_poll(begun["operation"])
            await a.post("hooks/settle", limit_ms=10_000)
            return ended, [(await side.state())["connections"][0] for side in (a, b)]

    ended, connections = asyncio.run(run())
    assert (ended["result"], ended["outputs"]["state"]) == ("ok", "established")
    assert [(each["customer"], each["peer"], each["issuer"]) for each in connections] == [
        ("established", "csp-b", True),
        ("established", "csp-a", False),
    ]
    placements = [each["placements"][0] for each in connections]
    assert [each["verification"] for each in placements] == ["VERIFIED", "VERIFIED"]
    assert [len(each["features"]) for each in placements] == [4, 4]
    assert placements[0]["features"][0]["config"] == placements[1]["features"][0]["config"]


def test_two_operators_federate() -> None:
    async def run() -> list[dict[str, Any]]:
        async with _pair(FEDERATION, ("op1.toml", "op2.toml")) as (lead, host, running):
            one = {"operator": "Operator1", "country": "DE"}
            two = {"operator": "Operator2", "country": "FR"}
            ids = []
            for side, who, served in ((lead, one, running[0]), (host, two, running[1])):
                network = {"mcc": "262", "mnc": ["01"], "address": served.east_west}
                ids.append(
                    (await side.post("actions/create_self_federation", **who, **network))["outputs"]["federation"]
                )
            arranged = await host.post("actions/expect_partner", partner=ids[0], address=running[0].east_west, **one)
            key = arranged["outputs"]["api_key"]
            begun = await lead.post(
                "actions/add_partner", partner=ids[1], address=running[1].east_west, api_key=key, **two
            )
            ended = await lead.settled_poll(begun["operation"])
            assert ended["result"] == "ok", ended
            return [(await side.state())["partners"][0] for side in (lead, host)]

    shown = asyncio.run(run())
    assert [(each["operator"], each["access"], each["share"]) for each in shown] == [
        ("Operator2", True, False),
        ("Operator1", False, True),
    ]


def test_the_wire_refuses_a_long_body_and_a_path_with_dots() -> None:
    async def run() -> list[tuple[int, str]]:
        config = _example("csp-a.toml", COORDINATOR)
        async with party_served(config, COORDINATOR) as running, httpx.AsyncClient(trust_env=False) as client:
            confirm = f"{running.east_west}/providers/csp-b/environments/env1/ConfirmActivationKey"
            headers = {"authorization": "Bearer example-csp-b-to-csp-a"}

            async def endless() -> AsyncIterator[bytes]:
                for _ in range(40):
                    yield b" " * 65_536

            answers = [
                await client.post(confirm, headers=headers, content=b" " * (1 << 20) + b"1"),
                await client.post(confirm, headers=headers, content=endless()),
                await client.post(confirm, headers=headers, json={"encodedKey": "x"}),
            ]
            dots = await _raw(running.east_west, "GET /providers/../providers HTTP/1.1")
            return [*((each.status_code, each.json().get("detail", "")) for each in answers), dots]

    too_long = (413, "body: want at most 1048576 bytes, got more")
    dots = (400, "path: want plain ids, got a segment of dots")
    assert asyncio.run(run()) == [too_long, too_long, (200, ""), dots]


def test_no_body_is_awaited_that_nobody_would_read() -> None:
    """The length was announced, the body never comes: a stranger and a too long body are refused at once."""

    async def run() -> list[tuple[int, str]]:
        config = _example("csp-a.toml", COORDINATOR)
        line = "POST /providers/csp-b/environments/env1/ConfirmActivationKey HTTP/1.1"
        async with party_served(config, COORDINATOR) as running:
            return [
                await _raw(running.east_west, line, "Content-Length: 9"),
                await _raw(
                    running.east_west, line, "Content-Length: 1048577", "Authorization: Bearer example-csp-b-to-csp-a"
                ),
            ]

    assert asyncio.run(run()) == [
        (401, "want valid credentials in the header Authorization: Bearer …"),
        (413, "body: want at most 1048576 bytes, got more"),
    ]


async def _raw(url: str, line: str, *headers: str) -> tuple[int, str]:
    """Status and detail of the answer to a request that no client library would send."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("\r\n".join([line, "Host: party", *headers, "", ""]).encode())
    first = await asyncio.wait_for(reader.readline(), 20)  # a server that waits for a body would never answer
    status = int(first.split()[1])
    length = 0
    while header := (await reader.readline()).strip():
        name, _, value = header.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    body = await reader.readexactly(length)
    writer.close()
    return status, json.loads(body)["detail"]


def test_a_call_to_an_arranged_partner_carries_its_key_in_both_headers() -> None:
    """FI-AUTH-002; and a stranger is not called at all."""
    tables = Tables(fi_records.SCHEMA)
    with tables.begin() as tx:
        tx.put(fi_records.PARTNERS, fi_records.Partner("f-two", "f-one", "Op", "DE", "op2.example:8443", key="the-key"))
        tx.put(fi_records.PARTNERS, fi_records.Partner("f-three", "f-one", "Op", "DE", "http://op3.example"))
    calls = [Call(1, peer, "POST /operator/zone", ()) for peer in ("f-two", "f-three", "f-four")]
    found = [FEDERATION.endpoint(tables, {}, call) for call in calls]
    assert found == [
        Endpoint("https://op2.example:8443", {"authorization": "Bearer the-key", "x-api-key": "the-key"}),
        Endpoint("http://op3.example"),
        None,
    ]


class _Holding:
    """A Node that holds its answers until it is told to give them."""

    def __init__(self) -> None:
        self.party: Party[Any] = COORDINATOR.party("csp-a")
        self.asked: list[str] = []
        self.arrived = asyncio.Event()
        self.released = asyncio.Event()
        self.answered = asyncio.Event()

    async def submit(self, event: Requested | Acted) -> Reply:
        self.asked.append(event.operation if isinstance(event, Requested) else event.action)
        self.arrived.set()
        await self.released.wait()
        self.answered.set()
        return Reply("r1", 200, None)


def test_a_client_that_leaves_does_not_end_what_it_asked_for() -> None:
    async def run() -> tuple[list[str], int]:
        node = _Holding()
        app = east_west_app(node, COORDINATOR, lambda headers: Caller("csp-b"))
        async with serving(app) as url, httpx.AsyncClient(trust_env=False) as client:
            leaving = asyncio.create_task(client.get(f"{url}/providers"))
            await node.arrived.wait()
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            node.released.set()
            await node.answered.wait()
            return node.asked, (await client.get(f"{url}/providers/csp-b")).status_code

    assert asyncio.run(run()) == (["ListProviders", "GetProvider"], 200)


def test_the_greeting_says_where_it_listens_and_holds_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    async def run(config: PartyConfig) -> None:
        async def at_once() -> None:
            pass

        await run_party(config, COORDINATOR, until=at_once)

    config = _example("csp-a.toml", COORDINATOR)
    asyncio.run(run(config))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "csp-a serves Connection Coordinator"
    assert lines[1].startswith("  to its counterparts   http://127.0.0.1:")
    assert not lines[1].endswith(":0/openapi.json")
    assert [line for line in lines if line.startswith("  curl")] == lines[6:9]
    assert json.loads(lines[8].split("'")[1])["mbps"] == 1000
    assert lines[-1] == "csp-a has stopped"
    assert not [line for line in lines if "example-" in line]


def test_a_party_that_is_started_again_goes_on_with_its_database(tmp_path: Path) -> None:
    config = _example("csp-a.toml", COORDINATOR)
    messages = [operation.request for operation in COORDINATOR.operations.values()]

    async def run(offers: int) -> int:
        with contextlib.closing(SqlStore(f"sqlite:///{tmp_path}/csp-a.db", config.id, messages)) as store:
            async with (
                party_served(config, COORDINATOR, store) as running,
                httpx.AsyncClient(trust_env=False) as client,
            ):
                operator = _Operator(client, running, config)
                for _ in range(offers):
                    await operator.post("actions/offer", account="X", remote_account="X", environment="env1", mbps=1000)
                return len((await operator.state())["connections"])

    assert [asyncio.run(run(1)), asyncio.run(run(0)), asyncio.run(run(1))] == [1, 1, 2]


def test_the_command_ends_with_2_where_it_cannot_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve("smoke-signals", tmp_path) == 2
    assert serve("connection-coordinator", tmp_path / "none.toml") == 2
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        text = (EXAMPLES / "op1.toml").read_text(encoding="utf-8")
        party = tmp_path / "op1.toml"
        party.write_text(text.replace(":8011", f":{taken.getsockname()[1]}").replace(":8111", ":0"), encoding="utf-8")
        assert serve("federation-interconnect", party) == 2
    assert serve("connection-coordinator", EXAMPLES / "csp-a.toml", "no-url") == 2
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert lines.pop().startswith("interlock serve: --database: want a database URL such as sqlite:///party.db, got ")
    assert lines == [
        "interlock serve: protocol: want one of connection-coordinator, federation-interconnect, got 'smoke-signals'",
        f"interlock serve: {tmp_path / 'none.toml'}: want a readable TOML file, got No such file or directory",
        f"interlock serve: {party}: want addresses that are free, got Address already in use",
    ]


CALL = Call(1, "csp-b", "Look", ())
LOOK = Operation("Look", "GET", "/look")


@pytest.mark.parametrize(("idle", "connections"), [(0, 2), (60, 1)])
def test_a_connection_that_was_idle_for_long_is_not_used_again(
    idle: int, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a call could leave just when the server gives the connection up, and nobody knows whether it was heard."""
    monkeypatch.setattr(transport, "IDLE_SECONDS", idle)

    async def run() -> int:
        ports: set[int] = set()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            ports.add(scope["client"][1])
            await json_response({})(scope, receive, send)

        async with serving(app) as url, http_client() as client:
            for _ in range(2):
                await HttpTransport(client, lambda call: Endpoint(url)).send(CALL, LOOK)
        return len(ports)

    assert asyncio.run(run()) == connections


def test_clients_give_up_idle_connections_before_servers_do() -> None:
    """Ours before anybody's server, whose usual limit is five seconds; our servers after anybody's client."""
    assert transport.IDLE_SECONDS < 5 < DEFAULT_LIMITS.keep_alive_seconds
