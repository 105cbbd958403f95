"""Steps of endpoints: the peer is reached at another place for each environment (CC-ENV-006)."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from simulator.inventories import PLANS


@when(
    parsers.re(r"the customer of the target accepts a key of its peer in (?P<one>env\d), and one in (?P<other>env\d)")
)
def accepts_in_both(session: Session, one: str, other: str) -> None:
    for environment in (one, other):
        prologue.offer(session, prologue.OTHER[session.target], environment=environment)
        session.finish(prologue.accept(session, session.target))
        if not session.settle():
            raise Unprepared("the parties do not come to rest")


@then(
    parsers.re(
        rf"the calls of the target about (?P<environments>env\d(?:, env\d)*) arrive each at its own endpoint {CHECK}"
    )
)
def arrive_there(session: Session, environments: str, check: str, at: str | None) -> None:
    registered = dict(PLANS[session.notes["inventory"]].endpoints)
    endpoints = {each: registered.get(each, "") for each in environments.split(", ")}
    claim(session, check, at, "arrive_at_endpoints", sender=session.target, endpoints=endpoints)
