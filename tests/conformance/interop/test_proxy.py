"""``interlock proxy``: what goes through the doors, what the faults do to it, and what is told of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.cli import main
from conformance.faults import BadFault, ProxyFault, fault
from conformance.proxy import NoPair, ProxyStage, sides_of
from conformance.target.file import read_target
from reference_impl.serve.server import serving
from reports.record import Fault, Lost, Request, Response
from reports.redact import Redactor
from reports.trace import Trace
from tests.conformance.interop.partners import CC, FI, free_ports, partners

Out = pytest.CaptureFixture[str]
LISTS = "/providers/{}/environments"
CREATE = "/providers/{}/environments/e/interconnects/i/connections?connectionId=u"


class Echo:
    """A partner that says what came, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"")
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["method"], scope["path"] + query, headers, body))
        answer = json.dumps({"number": len(self.asked)}).encode()
        headers_out = [(b"content-type", b"application/json"), (b"x-own", b"kept")]
        await send({"type": "http.response.start", "status": 200, "headers": headers_out})
        await send({"type": "http.response.body", "body": answer})


TARGET = """\
[target]
name = "{title}"
protocol = "{protocol}"
seats = {seats}
base_url = "{url}"
[identity]
target = {{ id = "{me}" }}
counterpart = {{ id = "{other}" }}
[counterpart]
listen = "127.0.0.1:0"
"""


def written(directory: Path, me: str, url: str, **changes: str) -> Path:
    values = {"title": me.title(), "protocol": CC, "seats": '["csp-a", "csp-b"]', "other": "beta", "me": me, "url": url}
    file = directory / f"{me}.toml"
    file.write_text(
        TARGET.format(**(values | {"other": "alpha" if me == "beta" else "beta"} | changes)), encoding="utf-8"
    )
    return file


class Between:
    """Alpha and Beta with a proxy between them; both APIs are below a prefix."""

    def __init__(self) -> None:
        self.alpha, self.beta = Echo(), Echo()
        self.trace = Trace()
        self.client = httpx.AsyncClient(trust_env=False, timeout=5)

    async def to(self, seat: str, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        """What the other partner sends to this seat."""
        return await self.client.request(method, self.stage.origin(seat) + path, **more)

    async def run(self, directory: Path, work: Callable[[Between], Awaitable[None]], *faults: ProxyFault) -> None:
        async with AsyncExitStack() as closing:
            self.urls = [await closing.enter_async_context(serving(app)) + "/v1" for app in (self.alpha, self.beta)]
            files = [written(directory, name, url) for name, url in zip(("alpha", "beta"), self.urls, strict=True)]
            self.stage = ProxyStage(sides_of(*map(read_target, files)), self.trace, Redactor(b"k"))
            closing.push_async_callback(self.client.aclose)
            closing.push_async_callback(self.stage.close)
            await self.stage.open()
            self.stage.disturb(faults)
            await work(self)


def between(directory: Path, work: Callable[[Between], Awaitable[None]], *faults: ProxyFault) -> Between:
    made = Between()
    asyncio.run(made.run(directory, work, *faults))
    return made


def test_what_is_sent_arrives_as_it_was_and_is_recorded_by_seats(tmp_path: Path) -> None:
    async def work(made: Between) -> None:
        answer = await made.to(
            "csp-b",
            CREATE.format("alpha"),
            "POST",
            json={"x": "providers/beta/y"},
            headers={"authorization": "Bearer t"},
        )
        assert (answer.status_code, answer.json(), answer.headers["x-own"]) == (200, {"number": 1}, "kept")
        await made.to("csp-a", LISTS.format("beta"))

    made = between(tmp_path, work)
    (method, path, headers, body), *rest = made.beta.asked
    assert (method, path, body, rest) == ("POST", "/v1" + CREATE.format("alpha"), b'{"x":"providers/beta/y"}', [])
    assert headers["authorization"] == "Bearer t"
    assert f"http://{headers['host']}/v1" == made.urls[1]
    assert [path for _, path, _, _ in made.alpha.asked] == ["/v1" + LISTS.format("beta")]
    first, answer, second, _ = made.trace
    assert isinstance(first, Request)
    assert (first.sender, first.receiver, first.operation) == ("csp-a", "csp-b", "CreateConnection")
    assert (first.path, first.body) == (CREATE.format("csp-a").partition("?")[0], {"x": "providers/csp-b/y"})
    assert isinstance(answer, Response)
    assert (answer.status, answer.sender, answer.body) == (200, "csp-b", {"number": 1})
    assert isinstance(second, Request)
    assert (second.sender, second.operation) == ("csp-b", "ListEnvironments")


@pytest.mark.parametrize(
    ("name", "asked", "statuses"),
    [
        ("drop", 1, ["lost", 200]),
        ("lose-response", 2, ["lost", 200]),
        ("duplicate", 3, [200, 200]),
        ("status", 1, [409, 200]),
        ("hold", 2, [200, 200]),
    ],
)
def test_a_fault_happens_once(name: str, asked: int, statuses: list[Any], tmp_path: Path) -> None:
    found: list[Any] = []

    async def work(made: Between) -> None:
        await made.to("csp-b", LISTS.format("alpha"))  # another operation
        for _ in range(2):
            try:
                found.append((await made.to("csp-b", CREATE.format("alpha"), "POST", json={})).status_code)
            except httpx.TransportError:
                found.append("lost")

    made = between(
        tmp_path, work, fault(f"{name}=CreateConnection:{{}}".format({"hold": "1ms"}.get(name, "")), [CREATED])
    )
    assert found == statuses
    assert len(made.beta.asked) == asked + 1
    marks = [each for each in made.trace if isinstance(each, Fault)]
    assert [(each.note, each.seat) for each in marks] == [(CREATED, "csp-b")]
    assert sum(isinstance(each, Lost) for each in made.trace) == statuses.count("lost")
    ours = [each.ours for each in made.trace if isinstance(each, Response) and each.operation == CREATED]
    assert ours[0] is (name == "status")


CREATED = "CreateConnection"


def test_a_partner_that_is_down_leaves_the_other_one_without_an_answer(tmp_path: Path) -> None:
    async def work() -> Trace:
        trace = Trace()
        files = [written(tmp_path, name, f"http://127.0.0.1:{free_ports(1)[0]}") for name in ("alpha", "beta")]
        stage = ProxyStage(sides_of(*map(read_target, files)), trace, Redactor(b"k"))
        await stage.open()
        async with httpx.AsyncClient(trust_env=False) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(stage.origin("csp-b") + LISTS.format("alpha"))
        await stage.close()
        return trace

    (lost,) = (each for each in asyncio.run(work()) if isinstance(each, Lost))
    assert (lost.receiver, lost.why) == ("csp-b", "no connection: All connection attempts failed")


OPERATIONS = ["CreateConnection", "POST /operator/partner"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("drop", ProxyFault("drop", tuple(OPERATIONS))),
        ("drop=CreateConnection", ProxyFault("drop", ("CreateConnection",))),
        ("lose-response=POST /operator/partner", ProxyFault("lose-response", ("POST /operator/partner",))),
        ("hold", ProxyFault("hold", tuple(OPERATIONS), 1_000)),
        ("hold=250ms", ProxyFault("hold", tuple(OPERATIONS), 250)),
        ("hold=CreateConnection:2s", ProxyFault("hold", ("CreateConnection",), 2_000)),
        ("status", ProxyFault("status", tuple(OPERATIONS), 409)),
        ("status=CreateConnection:503", ProxyFault("status", ("CreateConnection",), 503)),
    ],
)
def test_a_fault_as_it_is_asked_for(text: str, wanted: ProxyFault) -> None:
    assert fault(text, OPERATIONS) == wanted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("late", "want one of drop, lose-response, duplicate, hold, status"),
        (
            "drop=Nothing",
            "--fault drop: want one of the operations CreateConnection, POST /operator/partner; got 'Nothing'",
        ),
        ("drop=CreateConnection:3", "--fault drop: want no value, got '3'"),
        ("hold=CreateConnection:soon", "want a time such as 500ms, got 'soon'"),
        ("status=CreateConnection:200", "want a status from 400 to 599, got '200'"),
    ],
)
def test_what_is_no_fault(text: str, told: str) -> None:
    with pytest.raises(BadFault) as wrong:
        fault(text, OPERATIONS)
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"other": "gamma"}, "identity.counterpart.id: want 'beta', the id of Beta, got 'gamma'"),
        ({"seats": '["csp-b"]'}, None),
        ({"protocol": FI, "seats": '["op1"]'}, "want partners of one protocol"),
    ],
)
def test_who_can_be_brought_together(changes: dict[str, str], told: str | None, tmp_path: Path) -> None:
    one = read_target(written(tmp_path, "alpha", "http://a.test", **changes))
    other = read_target(written(tmp_path, "beta", "http://b.test"))
    if told is None:
        assert [(side.target.name, side.seat) for side in sides_of(one, other)] == [
            ("Alpha", "csp-b"),
            ("Beta", "csp-a"),
        ]
        same = read_target(written(tmp_path, "beta", "http://b.test", seats='["csp-b"]'))
        told, other = "want one partner in csp-a and the other one in csp-b", same
    with pytest.raises(NoPair) as wrong:
        sides_of(one, other)
    assert told in str(wrong.value)


def code(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_command_tells_where_the_doors_are_and_leaves_a_report(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPERATOR", "operator-1")
    first = free_ports(2)[0]
    with partners(tmp_path, CC, {("alpha", "beta"): first, ("beta", "alpha"): first + 1}) as files:
        assert code("proxy", *files.values(), "--cap", "0.05", "--report", tmp_path / "r", "--fault", "hold") == 0
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        f"Alpha reaches Beta at http://127.0.0.1:{first}",
        f"Beta reaches Alpha at http://127.0.0.1:{first + 1}",
        "Ctrl-C ends and judges.",
    ]
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [
        *("junit.xml", "report.html", "report.json", "report.md", "trace.jsonl")
    ]
    assert code("judge", tmp_path / "r" / "trace.jsonl", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["target"]["name"], report["target"]["seats"]) == ("Alpha with Beta", ["csp-a", "csp-b"])


def test_a_wrong_call(tmp_path: Path, capsys: Out) -> None:
    one, other = (written(tmp_path, name, "http://x.test") for name in ("alpha", "beta"))
    assert code("proxy", one, other, "--fault", "late") == 2
    assert "--fault: want one of" in capsys.readouterr().err
    assert code("proxy", one, tmp_path / "none.toml") == 2
    assert "none.toml: want a readable TOML file" in capsys.readouterr().err
