"""What a seat's peer sees of it, beside what its operator sees: the same wherever both show something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from conformance import prologue
from conformance.cast import CONNECTION_COORDINATOR, FEDERATION_INTERCONNECT
from conformance.northbound import Answered, Lacks, Northbound
from conformance.outside import delete_from_outside, seen_from_outside
from conformance.portal import Portal
from conformance.self_play_stage import SelfPlayStage
from conformance.session import Session
from conformance.unseen import UNSEEN


class Blind:
    """An adapter that shows no state, and lists nothing unless it is said to."""

    def __init__(self, inner: Northbound, *, lists: bool) -> None:
        self._inner, self._lists = inner, lists

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        if action == "list" and not self._lists:
            return Answered("unavailable")
        return await self._inner.act(action, inputs)

    async def poll(self, operation: str) -> Answered:
        return await self._inner.poll(operation)

    async def state(self) -> dict[str, Any]:
        raise Lacks("adapter lacks state")

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return await self._inner.hook(hook, inputs)


@pytest.fixture
def session() -> Iterator[Session]:
    portal = Portal(background=False)
    stage = SelfPlayStage(CONNECTION_COORDINATOR)
    portal.call(stage.open())
    portal.call(stage.begin("csp-b"))
    yield Session(stage, portal, "csp-b")
    portal.call(stage.close())
    portal.close()


def blinded(session: Session, *, lists: bool) -> None:
    player: Any = session.stage.seats["csp-b"].player
    player.northbound = Blind(player.northbound, lists=lists)


def agrees(seen: Any, shown: Any) -> bool:
    """Is everything that is seen from outside also shown by the operator?"""
    if seen == UNSEEN:
        return True
    if isinstance(seen, dict):
        return all(agrees(value, shown[name]) for name, value in seen.items())
    if isinstance(seen, list):
        return len(seen) == len(shown) and all(agrees(one, two) for one, two in zip(seen, shown, strict=True))
    return bool(seen == shown)


def test_an_established_connection(session: Session) -> None:
    made = prologue.establish(session)
    shown = session.observe("csp-b")
    blinded(session, lists=True)
    records = len(session.stage.wire.trace)
    seen = session.observe("csp-b")
    assert (shown.source, seen.source) == ("dump", "wire")
    assert len(session.stage.wire.trace) == records + 1  # the GETs are no part of the scenario
    raw: Any = session.portal.call(seen_from_outside(session.stage, "csp-b"))
    assert agrees(raw, shown.value)
    (row,) = raw["connections"]
    (placement,) = row["placements"]
    assert (row["uuid"], row["customer"], row["mbps"]) == (made["uuid"], "established", 1000)
    assert (placement["verification"], placement["mbps"], len(placement["features"])) == ("VERIFIED", 1000, 4)
    assert [each["reserved_mbps"] for each in raw["interconnects"]] == [
        each["reserved_mbps"] for each in shown.value["interconnects"]
    ]


def test_without_the_customers_lists_there_may_be_more(session: Session) -> None:
    prologue.establish(session)
    blinded(session, lists=False)
    raw: Any = session.portal.call(seen_from_outside(session.stage, "csp-b"))
    assert raw["connections"][-1] == UNSEEN
    assert raw["connections"][0]["customer"] == UNSEEN


def test_a_key_that_nobody_used_is_told_by_its_customer_only(session: Session) -> None:
    offered = prologue.offer(session, "csp-a")
    raw: Any = session.portal.call(seen_from_outside(session.stage, "csp-a"))
    (row,) = raw["connections"]
    assert (row["uuid"], row["customer"], row["placements"]) == (offered["uuid"], "pending", [])
    assert session.portal.call(seen_from_outside(session.stage, "csp-a", customers=False))["connections"] == [UNSEEN]


def test_the_peer_deletes_what_it_sees(session: Session) -> None:
    prologue.establish(session)
    session.portal.call(delete_from_outside(session.stage, "csp-b"))
    raw: Any = session.portal.call(seen_from_outside(session.stage, "csp-b", customers=False))
    assert raw["connections"] == [UNSEEN]
    assert session.stage.wire.trace[-1].__class__.__name__ == "Response"


def test_an_operator_shows_its_partners_too_little() -> None:
    portal = Portal(background=False)
    stage = SelfPlayStage(FEDERATION_INTERCONNECT)
    portal.call(stage.open())
    with pytest.raises(Lacks, match="adapter lacks state"):
        portal.call(seen_from_outside(stage, "op1"))
    portal.call(delete_from_outside(stage, "op1"))
    portal.call(stage.close())
    portal.close()
