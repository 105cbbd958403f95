"""The manual adapter over scenarios: people who do at a portal what is asked come to the verdicts of the HTTP adapter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.certify import certify
from conformance.northbound import Answered, Lacks, Northbound
from conformance.northbound.answered import lacking
from conformance.northbound.build import northbound_of
from conformance.northbound.each_loop import InEachLoop
from conformance.northbound.manual import Asked, ManualNorthbound, Said
from conformance.target import Target
from conformance.target.file import read_target
from conformance.target.records import ClockChoice, ManualChoice, NorthboundChoice
from reports.verdict import Verdict
from tests.conformance.certification.acme import SECRETS, acme

CC = "connection-coordinator"
SOME = ("the customer reads the new", "the key as it was", "has withdrawn the connection", "neither of them")
IN_THE_SCRIPT = ManualChoice({}, (), Path("answers.yaml"), 900_000)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with pytest.MonkeyPatch.context() as patch, acme(tmp_path_factory.mktemp("acme")) as file:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        target = read_target(file)
        brief = replace(target.timeouts, values=dict(target.timeouts.values) | {"quiet": 200})
        yield replace(target, clock=ClockChoice("none"), timeouts=brief)


class WhatPeopleHave:
    """The HTTP adapter without hooks and without the state."""

    def __init__(self, target: Target) -> None:
        self._http = InEachLoop(lambda: northbound_of(target, AsyncExitStack()))

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        return await self._http.act(action, inputs)

    async def poll(self, operation: str) -> Answered:
        return await self._http.poll(operation)

    async def state(self) -> dict[str, Any]:
        raise Lacks("adapter lacks state: people are not asked for it")

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return lacking(hook)


class People:
    """They do at the portal what they are asked for, and note it."""

    def __init__(self, portal: Northbound) -> None:
        self._portal = portal
        self._begun: dict[str, str] = {}
        self.asked: list[Asked] = []

    async def __call__(self, asked: Asked) -> Said:
        self.asked.append(asked)
        about = f"{asked.action} {sorted(asked.inputs.items())}"
        if asked.stage == "end":
            answered = await self._portal.poll(self._begun[about])
        else:
            answered = await self._portal.act(asked.action, dict(asked.inputs))
        self._begun[about] = answered.operation or ""
        return Said(answered.result, answered.outputs, answered.reason or "")


def emptied(target: Target) -> None:
    assert target.northbound.http is not None
    operator = {"authorization": f"Bearer {SECRETS['OPERATOR']}"}
    standard = {"inventory": "standard", "seat": "csp-a"}
    url = f"{target.northbound.http.base_url}/hooks/reset"
    assert httpx.post(url, json=standard, headers=operator, trust_env=False).status_code == 200


def verdicts(target: Target, northbound: Northbound) -> dict[str, tuple[str, str | None]]:
    report = certify(target, northbound, SOME).report
    return {
        f"{check.id} {check.seat}": (check.verdict, check.reason)
        for each in report.requirements
        for check in each.checks
        if check.scenarios
    }


def test_people_come_to_the_same_verdicts(served: Target) -> None:
    people = People(WhatPeopleHave(served))
    portal = replace(served, northbound=NorthboundChoice("manual", manual=IN_THE_SCRIPT))
    emptied(served)
    by_hand = verdicts(portal, ManualNorthbound(IN_THE_SCRIPT, CC, people))
    emptied(served)
    assert by_hand == verdicts(served, WhatPeopleHave(served))
    passed = (Verdict.PASSED, None)
    assert by_hand == {
        "CC-KEY-004/1 csp-a": passed,
        "CC-KEY-006/5 csp-a": passed,
        "CC-KEY-014/1 csp-a": passed,  # one partner is enough for it; CC-KEY-014/2 has a scenario of its own
        "CC-KEY-016/2 csp-a": passed,
    }
    assert {(each.action, each.stage) for each in people.asked} >= {
        ("offer", "act"),
        ("delete", "act"),
        ("delete", "end"),
    }
    first = next(each for each in people.asked if each.action == "offer")
    assert (first.who, first.text, first.timeout_ms) == (
        "customer",
        "Create Connection at CSP A: a pending connection and the activation key for the customer",
        900_000,
    )
    assert first.inputs["environment"] == "env1"
    assert set(first.outputs) == {"uuid", "activation_key", "state"}
