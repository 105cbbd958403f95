"""What docs/operating.md and the README print is what one sees: a wrong database, a full disk, a silent counterpart, a walk.

A dotted part (…) of the documents stands for anything.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.cli.serve import serve
from reference_impl.connection_coordinator.messages import ActivationKey
from reference_impl.connection_coordinator.names import encode_key
from reference_impl.kernel.store.sql import SqlStore
from reference_impl.serve.protocols import SERVED
from tests.reference_impl.serve.served_nodes import Side, play

ROOT = Path(__file__).parents[3]
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROTOCOL = SERVED["connection-coordinator"]


def fits(printed: str, seen: str) -> bool:
    """Is this what a document prints? White space counts as a blank, or as nothing after a comma."""
    pattern = ".*".join(map(re.escape, re.split(r"\s*…\s*", _flat(printed))))
    return re.fullmatch(pattern, _flat(seen), re.DOTALL) is not None


def _flat(text: str) -> str:
    return re.sub(r"([,:]) ", r"\1", " ".join(text.split()))


def test_a_printed_text_fits_itself_and_what_its_dots_stand_for() -> None:
    assert fits('{"a": "b-…",\n "c": 1}', '{"a":"b-7","c":1}')
    assert not fits('{"a": "b-…"}', '{"b":"b-7"}')


# --- what cannot begin --------------------------------------------------------------------------------------------

ROWS = dict(re.findall(r"^\| ([^|]+) \| `([^`]+)`, exit 2", OPERATING, re.MULTILINE))


def _foreign(name: str) -> None:
    with contextlib.closing(SqlStore(f"sqlite:///{name}.db", name, [])) as store:
        store.load(PROTOCOL.party(name).schema)


URLS: dict[str, tuple[str, Callable[[], object]]] = {
    "no such directory": ("sqlite:///nowhere/csp-a.db", lambda: None),
    "no URL at all": ("nonsense", lambda: None),
    "not a database": ("sqlite:///notes.txt", lambda: Path("notes.txt").write_text("dear diary, " * 100)),
    "another party's database": ("sqlite:///csp-b.db", lambda: _foreign("csp-b")),
    "another kind of database": ("mysql://u:geheim@h/db", lambda: None),
    "PostgreSQL is down at the start": ("postgresql+psycopg://interlock:geheim@127.0.0.1:1/interlock", lambda: None),
}


@pytest.mark.parametrize("name", [*ROWS, *(name for name in URLS if name not in ROWS)])
def test_a_database_that_cannot_be_used(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with contextlib.ExitStack() as stack:
        if name == "it is in use":
            url = "sqlite:///csp-a.db"
            stack.enter_context(contextlib.closing(SqlStore(url, "csp-a", [])))
        else:
            url, prepare = URLS[name]
            prepare()
        assert serve("connection-coordinator", ROOT / "examples" / "csp-a.toml", url) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert fits(ROWS[name], told.err)
    assert "geheim" not in told.err
    if name == "not a database":
        assert Path("notes.txt").read_text() == "dear diary, " * 100


# --- a served process ---------------------------------------------------------------------------------------------


def _ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def _interlock(directory: Path, *arguments: str, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """`interlock …` as a process that listens already; its stderr goes to the file ``log`` of the directory."""
    command = [sys.executable, "-c", "from conformance.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (directory / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=directory, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, **more
        )
        try:
            assert process.stdout is not None
            while "Ctrl-C stops it." not in (line := process.stdout.readline()):
                assert line, (directory / "log").read_text(encoding="utf-8")
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            if process.stdout is not None:
                process.stdout.close()


PRINTED = re.findall(r"^```\n(.*?)^```$", OPERATING, re.MULTILINE | re.DOTALL)
FULL, SILENT = (next(each for each in PRINTED if word in each) for word in ("cannot keep anything", "no verdict"))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux: the limit of another process is changed")
def test_a_full_disk(tmp_path: Path) -> None:
    """The files of the party cannot grow any more: a small row still fits into them, the next offer does not."""
    northbound, east_west = _ports(2)
    text = (ROOT / "examples" / "csp-a.toml").read_text(encoding="utf-8")
    text = text.replace(":8101", f":{northbound}").replace(":8001", f":{east_west}")
    (tmp_path / "csp-a.toml").write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "examples" / "inventory.toml", tmp_path)
    offer = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}
    headers = {"authorization": "Bearer example-operator-of-csp-a"}
    arguments = ("serve", "connection-coordinator", "--config", "csp-a.toml", "--database", "sqlite:///csp-a.db")
    with (
        _interlock(tmp_path, *arguments) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{northbound}", headers=headers, trust_env=False) as client,
    ):
        assert client.get("/readyz").status_code == 200
        wal = (tmp_path / "csp-a.db-wal").stat().st_size
        limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (wal + 100_000, resource.RLIM_INFINITY))
        kept = 0
        while (answer := client.post("/actions/offer", json=offer)).status_code == 200:
            kept += 1
            assert kept < 1_000
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert fits(FULL, answer.text)
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert len(client.get("/state").json()["outputs"]["connections"]) == kept
        assert client.post("/hooks/reset", json={}).status_code == 503
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
        _until(lambda: client.get("/readyz").status_code == 200)
        assert client.post("/actions/offer", json=offer).status_code == 200
        assert len(client.get("/state").json()["outputs"]["connections"]) == kept + 1
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert log.count("sqlite:///csp-a.db does not take the change: ") == 1
    assert "the store takes changes again" in log


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_counterpart_that_cannot_be_reached() -> None:
    """csp-a is told a key of csp-b, and nobody is there to confirm it."""
    key = ActivationKey(
        version=1,
        destinationEnvironmentUri="providers/csp-b/environments/env1",
        sharedConnectionUuid="a3fda87d-0000-4000-8000-000000000001",
        connectionSizeMbps=1000,
        destinationAccountId="X",
    )
    asked = {"account": "X", "activation_key": encode_key(key), "consent": True}

    async def work(side: Side) -> list[tuple[int, str]]:
        began = await side.northbound.post("/actions/accept", json=asked)
        told = [(began.status_code, began.json()["result"])]
        for passed in (14_000, 2_000):
            await side.node.clock.run(lambda: False, passed)
            answer = await side.northbound.get(f"/operations/{began.json()['operation']}")
            told.append((answer.status_code, answer.json()["result"]))
        assert fits(SILENT, answer.text)
        return told

    assert play(work) == [(202, "running"), (202, "running"), (200, "failed")]


# --- the README's walk --------------------------------------------------------------------------------------------


def _curl_has_json() -> bool:
    found = shutil.which("curl") and subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True)
    version = re.match(r"curl (\d+)\.(\d+)", found.stdout) if found else None
    return version is not None and (int(version[1]), int(version[2])) >= (7, 82)


@pytest.mark.skipif(not _curl_has_json(), reason="the README's commands need curl 7.82 or newer (--json)")
def test_the_walk_of_the_readme(tmp_path: Path) -> None:
    """As printed, on other ports: two parties are started, a customer connects them."""
    chapter = README.partition("## Play a flow by hand")[2]
    starts, walk = re.findall(r"^```\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)[:2]
    ports = dict(zip(("8001", "8002", "8101", "8102"), map(str, _ports(4)), strict=True))

    def moved(text: str) -> str:
        return re.sub(r":(8[01]0[12])\b", lambda found: ":" + ports[found[1]], text)

    (tmp_path / "examples").mkdir()
    for file in (ROOT / "examples").glob("*.toml"):
        (tmp_path / "examples" / file.name).write_text(moved(file.read_text(encoding="utf-8")), encoding="utf-8")
    with contextlib.ExitStack() as stack:
        for line in starts.splitlines():
            program, *arguments = line.split()
            assert program == "./interlock"
            stack.enter_context(_interlock(tmp_path, *arguments))
        accept, listed, state = _bash(moved(walk))
        assert accept["result"] == "running"
        (connection,) = listed["outputs"]["connections"]
        assert (connection["uuid"], connection["state"]) == (accept["outputs"]["uuid"], "pending")
        assert [each["uuid"] for each in state["outputs"]["connections"]] == [connection["uuid"]]
        looks = "\n".join(line for line in moved(walk).splitlines() if re.search("^A=|/actions/list|/state", line))
        _until(lambda: _bash(looks)[0]["outputs"]["connections"][0]["state"] == "established")
        _, state = _bash(looks)
        (shown,) = state["outputs"]["connections"]
        assert [place["stage"] for place in shown["placements"]] == ["verified"]


def _bash(script: str) -> list[dict[str, Any]]:
    """The JSON documents that a script prints, one after the other."""
    done = subprocess.run(["bash", "-e", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    found, at, decoder = [], 0, json.JSONDecoder()
    while at < len(done.stdout.rstrip()):
        document, at = decoder.raw_decode(done.stdout, at)
        found.append(document)
    return found
