"""Running a party: its log, its probes, its numbers, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from reference_impl.connection_coordinator.inventory_records import PARTNERS, Partner
from reference_impl.connection_coordinator.messages import ActivationKey
from reference_impl.connection_coordinator.names import encode_key
from reference_impl.kernel.clock import VirtualClock
from reference_impl.kernel.node import Node
from reference_impl.kernel.store import MemoryStore, StoreError
from reference_impl.kernel.store.sql import SqlStore
from reference_impl.kernel.tables import Change
from reference_impl.serve.authentication import Tokens
from reference_impl.serve.config import read_config
from reference_impl.serve.journal import Metrics, to_nobody
from reference_impl.serve.northbound import northbound_app
from reference_impl.serve.party import party_served, run_party
from reference_impl.serve.probes import Probes
from reference_impl.serve.protocols import SERVED
from tests.reference_impl.serve.parties import COORDINATOR, FEDERATION, OF_B, OPERATOR, Served, served
from tests.reference_impl.serve.served_nodes import Nobody, client_of

T = TypeVar("T")
PROTOCOL = SERVED["connection-coordinator"]
OFFER = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}


def play(directory: Path, work: Callable[[Served], Awaitable[T]], text: str = COORDINATOR) -> T:
    async def run() -> T:
        async with served(directory, text) as party:
            return await work(party)

    return asyncio.run(run())


def test_each_request_is_one_line_with_what_it_was_about(tmp_path: Path) -> None:
    async def work(party: Served) -> tuple[str, list[dict[str, Any]]]:
        uuid = (await party.act("/actions/offer", **OFFER)).json()["outputs"]["uuid"]
        await party.act("/actions/read", account="X", uuid=uuid)
        path = f"/providers/csp-b/environments/env1/interconnects/ix1/connections/{uuid}?token=geheim"
        await party.get(path, **OF_B)
        await party.get("/providers", authorization="Bearer geheim")
        await party.get("/geheim", **OF_B)
        await party.operator(f"/operations/accept:{uuid}")
        return uuid, party.log

    uuid, log = play(tmp_path, work)
    keys = ("side", "operation", "counterpart", "connection", "status")
    assert [tuple(line.get(key) for key in keys) for line in log] == [
        ("northbound", "offer", "operator", None, 200),
        ("northbound", "read", "operator", uuid, 200),
        ("east-west", "GetConnection", "csp-b", uuid, 404),
        ("east-west", "ListProviders", None, None, 401),
        ("east-west", None, None, None, 404),
        ("northbound", "Poll", "operator", uuid, 202),
    ]
    for line in log:
        assert line["party"] == "csp-a"
        assert line["ms"] >= 0
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
        assert re.fullmatch(r"[0-9a-f-]{36}", line["request"])
    assert len({line["request"] for line in log}) == len(log)
    text = json.dumps(log)
    assert [secret for secret in ("geheim", "operator-1", "of-b-1", "eyJ") if secret in text] == []


IDS = {
    "its own": (["abc-1.2_3"], "abc-1.2_3"),
    "none": ([], None),
    "too long": (["a" * 65], None),
    "with a line break's worth of trouble": (["a b"], None),
    "two": (["a", "b"], None),
}


@pytest.mark.parametrize("name", IDS)
def test_a_sane_request_id_is_kept_and_every_answer_has_one(name: str, tmp_path: Path) -> None:
    sent, kept = IDS[name]

    async def work(party: Served) -> tuple[str, str]:
        headers = [("x-request-id", each) for each in sent]
        answer = await party.client.get(f"{party.running.east_west}/nowhere", headers=headers)
        return answer.headers["x-request-id"], party.log[0]["request"]

    echoed, logged = play(tmp_path, work)
    assert echoed == logged
    assert echoed == kept if kept else re.fullmatch(r"[0-9a-f-]{36}", echoed)


class _Full(MemoryStore):
    """A store whose disk can be full."""

    full = False

    def commit(self, changes: Sequence[Change]) -> None:
        if self.full:
            raise StoreError("no space left on device")
        super().commit(changes)


def test_probes_need_no_token_and_a_full_disk_is_not_ready() -> None:
    """The store is asked at most once a second."""
    now = [0.0]

    async def run() -> list[tuple[int, int]]:
        store = _Full()
        node = Node(PROTOCOL.party("csp-a"), store, VirtualClock(), Nobody(), str)
        await node.start()
        with node.tables.begin() as tx:
            tx.put(PARTNERS, Partner("csp-b", "B", "csp-a"))
        probes = Probes(node, Metrics(dict), lambda: now[0])
        async with client_of(northbound_app(node, PROTOCOL, Tokens({}), {}, probes=probes.answers)) as client:
            seen = []
            for full, moment in ((False, 0.0), (True, 0.5), (True, 1.0), (False, 1.5), (False, 2.0)):
                store.full, now[0] = full, moment
                answers = [await client.get(f"/{path}") for path in ("healthz", "readyz")]
                seen.append((answers[0].status_code, answers[1].status_code))
            assert (await client.get("/state")).status_code == 401
            assert [row.id for row in store.load(node.party.schema).rows(PARTNERS)] == ["csp-b"]
        return seen

    assert asyncio.run(run()) == [(200, 200), (200, 200), (200, 503), (200, 503), (200, 200)]


async def _metrics(party: Served) -> dict[str, float]:
    answer = await party.client.get(f"{party.running.northbound}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_numbers_of_a_provider(tmp_path: Path) -> None:
    async def work(party: Served) -> dict[str, float]:
        await party.act("/actions/offer", **OFFER)
        await party.act("/actions/offer", **OFFER | {"mbps": 7})
        await party.get("/providers", **OF_B)
        await party.get("/providers/csp-c", **OF_B)
        await party.get("/nowhere", **OF_B)
        return await _metrics(party)

    numbers = play(tmp_path, work)
    requests = {name: value for name, value in numbers.items() if name.startswith("interlock_requests_total")}
    assert requests == {
        'interlock_requests_total{operation="offer",side="northbound",status="200"}': 1,
        'interlock_requests_total{operation="offer",side="northbound",status="422"}': 1,
        'interlock_requests_total{operation="ListProviders",side="east-west",status="200"}': 1,
        'interlock_requests_total{operation="GetProvider",side="east-west",status="404"}': 1,
        'interlock_requests_total{operation="none",side="east-west",status="404"}': 1,
    }
    assert numbers['interlock_request_seconds_count{operation="offer",side="northbound"}'] == 2
    assert numbers['interlock_connections{state="pending"}'] == 1
    assert numbers['interlock_connections{state="established"}'] == 0
    assert numbers['interlock_placements{state="placed"}'] == 0
    assert numbers['interlock_open_calls{state="due"}'] == 0


def test_the_numbers_of_an_operator(tmp_path: Path) -> None:
    async def work(party: Served) -> dict[str, float]:
        await party.act("/actions/onboard_cloudlet", name="c1", location={"lat": 1, "long": 2})
        zone = {"zone": "zone-0001", "cloudlets": ["c1"], "geo_location": "1.0,2.0"}
        assert (await party.act("/actions/create_zone", **zone)).status_code == 200
        return await _metrics(party)

    numbers = play(tmp_path, work, FEDERATION)
    assert numbers['interlock_zones{state="own"}'] == 1
    assert numbers['interlock_partners{state="both"}'] == 0


KEY_OF_B = ActivationKey(
    version=1,
    destinationEnvironmentUri="providers/csp-b/environments/env1",
    sharedConnectionUuid="00000000-0000-4000-8000-000000000001",
    connectionSizeMbps=1000,
    destinationAccountId="X",
)


def test_what_is_under_way_is_finished_after_the_signal_to_stop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SIGTERM while a request waits: nobody else is let in, and its answer comes all the same."""
    file = tmp_path / "party.toml"
    file.write_text(COORDINATOR.format(more="", csp_b="", csp_c=""), encoding="utf-8")
    config = read_config(file, PROTOCOL)

    async def run() -> tuple[int, Any]:
        running = asyncio.create_task(run_party(config, PROTOCOL, tell=to_nobody))
        said = ""
        while "to its operator" not in said:
            await asyncio.sleep(0)
            said += capsys.readouterr().out
        url = re.findall(r"to its operator +(http://\S+)", said)[0]
        async with httpx.AsyncClient(trust_env=False, headers=OPERATOR) as client:
            asked = {"account": "X", "activation_key": encode_key(KEY_OF_B), "consent": True}
            assert (await client.post(f"{url}/actions/accept", json=asked)).status_code == 202
            # the key is confirmed by nobody: that goes on for longer than this request waits
            waiting = asyncio.create_task(client.post(f"{url}/hooks/settle", json={"limit_ms": 700}))
            for _ in range(3):
                await client.get(f"{url}/healthz")
            assert not waiting.done()
            os.kill(os.getpid(), signal.SIGTERM)
            answer = await waiting
            with pytest.raises(httpx.TransportError):
                await client.get(f"{url}/healthz")
        await running
        return answer.status_code, answer.json()

    assert asyncio.run(run()) == (200, {"result": "ok", "outputs": {"settled": False}})
    assert capsys.readouterr().out.endswith("csp-a has stopped\n")


def test_a_party_with_a_database_is_ready_while_events_are_kept(tmp_path: Path) -> None:
    """The probe waits for its turn at the disk among the events, and changes nothing."""
    file = tmp_path / "party.toml"
    file.write_text(COORDINATOR.format(more="", csp_b="", csp_c=""), encoding="utf-8")
    messages = [operation.request for operation in PROTOCOL.operations.values()]

    async def run() -> tuple[set[int], bool]:
        with contextlib.closing(SqlStore(f"sqlite:///{tmp_path}/a.db", "csp-a", messages)) as store:
            async with (
                party_served(read_config(file, PROTOCOL), PROTOCOL, store) as running,
                httpx.AsyncClient(trust_env=False, headers=OPERATOR) as client,
            ):
                offers = [client.post(f"{running.northbound}/actions/offer", json=OFFER) for _ in range(8)]
                probes = [running.node.keeps() for _ in range(8)]
                answers = await asyncio.gather(*offers)
                kept = await asyncio.gather(*probes)
                ready = await client.get(f"{running.northbound}/readyz")
                same = store.load(running.node.tables.schema).fingerprint() == running.node.tables.fingerprint()
                return {each.status_code for each in (*answers, ready)}, all(kept) and same

    assert asyncio.run(run()) == ({200}, True)
