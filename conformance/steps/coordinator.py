"""Steps of the Connection Coordinator: the inventory, the customers, and the milestones as a whole.

Seats are called CSP A and CSP B; "the target" is the seat that a scenario judges and "its peer" the other one.
"""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session

SEAT = r"(?P<seat>CSP A|CSP B|the target|its peer)"
CHECK = r"\((?P<check>CC-[A-Z]+-\d{3}/\d+)(?: @(?P<at>csp-[ab]))?\)"


def seat_of(session: Session, named: str) -> str:
    """The seat that a phrase means."""
    if named == "the target":
        return session.target
    if named == "its peer":
        return prologue.OTHER[session.target]
    return {"CSP A": "csp-a", "CSP B": "csp-b"}[named]


@given(parsers.re(r'the providers share the inventory "(?P<name>[a-z-]+)"'))
def inventory(session: Session, name: str) -> None:
    session.portal.call(session.stage.reset(name))
    session.notes["inventory"] = name


@given(parsers.re(rf"a customer of {SEAT} holds an activation key for (?P<mbps>\d+) Mbps in (?P<environment>\w+)"))
def holds_key(session: Session, seat: str, mbps: str, environment: str) -> None:
    prologue.offer(session, seat_of(session, seat), int(mbps), environment)


@given(parsers.re(rf"a connection of (?P<mbps>\d+) Mbps is established, created at {SEAT}"))
def established(session: Session, mbps: str, seat: str) -> None:
    prologue.establish(session, seat_of(session, seat), int(mbps))


@given(parsers.re(rf"the harness has placed a connection on (?P<interconnect>\w+) of {SEAT}"))
def placed(session: Session, interconnect: str, seat: str) -> None:
    prologue.place_by_hand(session, seat_of(session, seat), interconnect)


@when(parsers.re(rf"the customer creates a connection of (?P<mbps>-?\d+) Mbps in (?P<environment>\w+) at {SEAT}"))
def creates(session: Session, mbps: str, environment: str, seat: str) -> None:
    issuer = seat_of(session, seat)
    result = session.act(
        issuer,
        "offer",
        account="X",
        remote_account="X",
        environment=environment,
        mbps=int(mbps),
        peer=prologue.OTHER[issuer],
    )
    session.notes.update(offered=result, issuer=issuer, mbps=int(mbps), environment=environment)
    if result.result == "ok":
        session.notes.update(key=result.outputs["activation_key"], uuid=result.outputs["uuid"])


@when(parsers.re(rf"the customer accepts the key at {SEAT}"))
def accepts(session: Session, seat: str) -> None:
    prologue.accept(session, seat_of(session, seat))


@when("the parties come to rest")
def rest(session: Session) -> None:
    if not session.settle():
        raise Unprepared("the parties do not come to rest within the time-out")


@then(parsers.re(rf"{SEAT} shows the connection established {CHECK}"))
def shows_established(session: Session, seat: str, check: str, at: str | None) -> None:
    shown = seat_of(session, seat)
    claim(
        session,
        check,
        at,
        "customer_reads",
        observe=(shown,),
        within=120_000,
        seat_shown=shown,
        uuid=session.notes["uuid"],
        state="established",
        mbps=session.notes["mbps"],
    )


def claim(session: Session, check: str, at: str | None, rule: str, **params: Any) -> None:
    """Put a claim for the scenario's seat, or for the one that the step names."""
    session.check(check, rule, seat=at, **params)
