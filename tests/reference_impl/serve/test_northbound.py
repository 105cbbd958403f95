"""The northbound app: actions, polls, the state, hooks."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from reference_impl.connection_coordinator.messages import ActivationKey
from reference_impl.connection_coordinator.names import encode_key
from reference_impl.connection_coordinator.provider import HANDLERS
from reference_impl.kernel.clock import RealClock
from reference_impl.kernel.party import Job
from tests.reference_impl.serve.served_nodes import OPERATOR, Side, operator_side, play, provider_side

OFFER = {"account": "X", "remote_account": "X", "environment": "env1", "peer": "csp-b", "mbps": 1000}
UUID = "00000000-0000-4000-8000-000000000001"
KEY_OF_B = ActivationKey(
    version=1,
    destinationEnvironmentUri="providers/csp-b/environments/env1",
    sharedConnectionUuid=UUID,
    connectionSizeMbps=1000,
    destinationAccountId="X",
)


def test_an_action_answers_with_its_outputs() -> None:
    async def work(side: Side) -> tuple[httpx.Response, httpx.Response]:
        offered = await side.northbound.post("/actions/offer", json=OFFER)
        return offered, await side.northbound.post("/actions/read", json={"account": "X", "uuid": UUID})

    offered, read = play(work)
    key = encode_key(KEY_OF_B.model_copy(update={"destinationEnvironmentUri": "providers/csp-a/environments/env1"}))
    assert offered.status_code == 200
    assert offered.json() == {"result": "ok", "outputs": {"uuid": UUID, "activation_key": key, "state": "pending"}}
    assert read.json()["outputs"]["state"] == "pending"


def test_a_long_action_runs_and_is_polled() -> None:
    async def work(side: Side) -> list[tuple[int, str]]:
        asked = {"account": "X", "activation_key": encode_key(KEY_OF_B), "consent": True}
        begun = await side.northbound.post("/actions/accept", json=asked)
        polled = await side.northbound.get(f"/operations/{begun.json()['operation']}")
        # nobody confirms the key: five attempts, then it has failed
        await side.northbound.post("/hooks/settle", json={"limit_ms": 600_000})
        ended = await side.northbound.get(f"/operations/{begun.json()['operation']}")
        return [(each.status_code, each.json()["result"]) for each in (begun, polled, ended)]

    assert play(work) == [(202, "running"), (202, "running"), (200, "failed")]


REFUSED = {
    "no such action": (
        "/actions/nothing",
        b"",
        404,
        "Not Found",
        f"action: want one of {', '.join(HANDLERS.acted)}; got 'nothing'",
    ),
    "refused by the party": (
        "/actions/offer",
        b'{"account":"X","remote_account":"X","environment":"env1","peer":"csp-b","mbps":7}',
        422,
        "Unprocessable Content",
        "bandwidth: want one of [1000, 10000] Mbps in env1, got 7",
    ),
    "inputs are a list": (
        "/actions/offers",
        b"[]",
        400,
        "Bad Request",
        "body: want a JSON object of inputs, got a list",
    ),
    "inputs are no JSON": (
        "/actions/offers",
        b"{'account'",
        400,
        "Bad Request",
        "body: want JSON, got a text that is none (key must be a string at line 1 column 2)",
    ),
    "not a number": (
        "/actions/offers",
        b'{"account":NaN}',
        400,
        "Bad Request",
        "body: want JSON, got a text that is none (expected value at line 1 column 12)",
    ),
    "no such hook": (
        "/hooks/explode",
        b"",
        404,
        "Not Found",
        "hook: want one of reset, settle, hold_provisioning, release_provisioning, fail_provisioning, advance_clock, "
        "restart, crash; got 'explode'",
    ),
    "no such inventory": (
        "/hooks/reset",
        b'{"inventory":"x"}',
        422,
        "Unprocessable Content",
        "inventory: want one of three-partners, one-left; got 'x'",
    ),
    "no time": (
        "/hooks/settle",
        b'{"limit_ms":true}',
        422,
        "Unprocessable Content",
        "limit_ms: want a whole number, got True",
    ),
    "no pattern": (
        "/hooks/hold_provisioning",
        b'{"match":""}',
        422,
        "Unprocessable Content",
        "match: want a pattern such as '*/l3-ch3', got ''",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_a_problem_document_and_changes_nothing(name: str) -> None:
    path, body, status, title, detail = REFUSED[name]

    async def work(side: Side) -> tuple[httpx.Response, bool]:
        before = side.node.tables.fingerprint()
        response = await side.northbound.post(path, content=body)
        return response, before == side.node.tables.fingerprint()

    response, unchanged = play(work)
    assert response.json() == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "result": "refused",
    }
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert unchanged


@pytest.mark.parametrize("path", ["/actions", "/state", "/operations/accept:1"])
@pytest.mark.parametrize("value", ["", "Bearer token-of-csp-b", f"Basic {OPERATOR}"])
def test_only_the_operator_may_ask(path: str, value: str) -> None:
    async def work(side: Side) -> httpx.Response:
        return await side.northbound.get(path, headers={"authorization": value})

    answer = play(work)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["result"] == "refused"


def test_the_names_and_the_state() -> None:
    async def work(side: Side) -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        shown = [await side.northbound.get(path) for path in ("/actions", "/state", "/operations/x:y")]
        return shown[0], shown[1], shown[2]

    names, state, unknown = play(work)
    assert names.json()["actions"][:4] == ["offers", "offer", "preview", "accept"]
    assert names.json()["hooks"][0] == "reset"
    assert (state.json()["result"], state.json()["outputs"]["connections"]) == ("ok", [])
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "no operation 'x:y'")


def test_the_federation_needs_no_token_in_one_process() -> None:
    async def work(side: Side) -> tuple[int, int, str]:
        answer = await side.northbound.get("/state")
        refused = await side.northbound.post("/actions/create_zone", json={})
        return answer.status_code, refused.status_code, refused.json()["result"]

    assert play(work, operator_side) == (200, 422, "refused")


def test_hooks_reset_and_restart_the_party() -> None:
    async def work(side: Side) -> list[int]:
        rooms = []
        for hook, inputs in (("reset", {"inventory": "one-left"}), ("restart", {}), ("crash", {}), ("reset", {})):
            answer = await side.northbound.post(f"/hooks/{hook}", json=inputs)
            assert answer.status_code == 200
            state = (await side.northbound.get("/state")).json()["outputs"]
            rooms.append(len(state["interconnects"]))
        return rooms

    assert play(work) == [1, 1, 1, 3]  # the default is the inventory named first


def test_provisioning_is_held_released_and_failed() -> None:
    async def work(side: Side) -> list[bool]:
        seen = []
        for hook in ("hold_provisioning", "release_provisioning"):
            await side.northbound.post(f"/hooks/{hook}", json={"match": "*/l3-ch3"})
            seen.append([side.node.provisioner.holds(Job("feature", ("p", f"l3-ch{n}"))) for n in (3, 4)])
        assert seen == [[True, False], [False, False]]
        await side.northbound.post("/hooks/fail_provisioning", json={"match": "*/l3-ch3"})
        side.node.provisioner.delay = 0
        return [await side.node.provisioner.work(Job("feature", ("p", f"l3-ch{n}")), RealClock()) for n in (3, 4)]

    assert play(work) == [False, True]


def test_a_virtual_clock_is_advanced() -> None:
    async def work(side: Side) -> tuple[dict[str, Any], int]:
        before = side.node.clock.now()
        answer = await side.northbound.post("/hooks/advance_clock", json={"ms": 3_600_000})
        return answer.json(), before

    answer, before = play(work)
    assert answer == {"result": "ok", "outputs": {"now": before + 3_600_000}}


def test_the_clock_on_the_wall_is_set_forward() -> None:
    async def work(side: Side) -> tuple[int, bool]:
        before = side.node.clock.now()
        sleeper = asyncio.create_task(side.node.clock.sleep_until(before + 3_600_000))
        await asyncio.sleep(0)
        answer = await side.northbound.post("/hooks/advance_clock", json={"ms": 3_600_000})
        await sleeper  # else this test does not end today
        return answer.status_code, answer.json()["outputs"]["now"] >= before + 3_600_000

    assert play(work, lambda: provider_side(RealClock())) == (200, True)
