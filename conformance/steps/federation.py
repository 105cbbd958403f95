"""Steps of the Federation Interconnect: seats, the states that scenarios start from, and what operators show.

Seats are called OP1 (the lead, it uses zones) and OP2 (the host, it shares zones); "the target" is the seat that a
scenario judges, "its peer" the other one, "the third operator" somebody else.
"""

from __future__ import annotations

import copy
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session

_SEATS = "OP1|OP2|the target|its peer|the third operator"
SEAT = rf"(?P<seat>{_SEATS})"
OTHER_SEAT = rf"(?P<other>{_SEATS})"
CHECK = r"\((?P<check>FI-[A-Z]+-\d{3}/\d+)(?: @(?P<at>op[12]))?\)"
ROLES = {"access": (True, False), "share": (False, True), "access and share": (True, True)}

Ruled = tuple[str, dict[str, Any]]


def seat_of(session: Session, named: str) -> str:
    """The seat that a phrase means."""
    if named == "the target":
        return session.target
    if named == "its peer":
        return OTHER[session.target]
    return {"OP1": "op1", "OP2": "op2", "the third operator": prologue.THIRD}[named]


def claim(session: Session, check: str, at: str | None, *ruled: Ruled) -> None:
    """Claim that all these rules hold; every operator is asked for its state once more before.

    The parameters are copied: a claim stays what it was when later steps add to the session's notes.
    """
    ruled = copy.deepcopy(ruled)
    seats = tuple(dict.fromkeys(("op1", "op2", *session.notes.get("federations", {}))))
    if len(ruled) == 1:
        session.check(check, ruled[0][0], seat=at, observe=seats, **ruled[0][1])
    else:
        session.check(check, "all_of", seat=at, observe=seats, claims=[list(each) for each in ruled])


def moment(session: Session) -> int:
    """The place in the trace where we are: what comes later has a greater seq."""
    return len(session.stage.wire.trace)


# --- states to start from -------------------------------------------------------------------------------------------


@given("the operators have zones and federations, and have arranged to be partners")
def two_prepared(session: Session) -> None:
    prologue.prepare(session, "op1", "op2")


@given("the operators have federations without zones, and have arranged to be partners")
def two_without_zones(session: Session) -> None:
    for seat in ("op1", "op2"):
        prologue.demanded(prologue.set_up(session, seat))
    prologue.arrange(session, "op1", "op2")


@given("three operators have zones and federations, and have arranged to be partners")
def three_prepared(session: Session) -> None:
    prologue.prepare(session, "op1", "op2", "op3")


@given(parsers.re(rf"{SEAT} has added {OTHER_SEAT}"))
def has_added(session: Session, seat: str, other: str) -> None:
    prologue.add(session, seat_of(session, seat), seat_of(session, other))


@given(parsers.re(rf"{SEAT} has been admitted by {OTHER_SEAT}, speaking by hand"))
def has_been_admitted(session: Session, seat: str, other: str) -> None:
    prologue.admitted(session, seat_of(session, seat), seat_of(session, other))


@given(parsers.re(rf"{SEAT} has registered a zone of {OTHER_SEAT}, speaking by hand"))
def has_registered_by_hand(session: Session, seat: str, other: str) -> None:
    sender, receiver = seat_of(session, seat), seat_of(session, other)
    exchange = session.send(
        sender,
        receiver,
        prologue.REGISTER,
        {},
        json=prologue.message(session, sender, receiver, prologue.REGISTER),
    )
    if not exchange.succeeded:
        raise Unprepared(f"{receiver} does not register its zone for {sender}: {exchange.told()}")


@given(parsers.re(rf"{SEAT} has registered a zone of {OTHER_SEAT}"))
def has_registered(session: Session, seat: str, other: str) -> None:
    lead, host = seat_of(session, seat), seat_of(session, other)
    zone = prologue.OPERATORS[host].zones[0]
    prologue.demanded(session.finish(prologue.ask_to_register(session, lead, host, zone)))


@given("the operators are at rest")
@when("the operators come to rest")
def at_rest(session: Session) -> None:
    if not session.settle():
        raise Unprepared("the operators do not come to rest within the time-out")


# --- what operators show --------------------------------------------------------------------------------------------


@then(parsers.re(rf"{SEAT} shows {OTHER_SEAT} once, with (?P<roles>access and share|access|share) {CHECK}"))
def shows_once(session: Session, seat: str, other: str, roles: str, check: str, at: str | None) -> None:
    claim(session, check, at, shown(seat_of(session, seat), seat_of(session, other), roles))


def shown(shower: str, other: str, roles: str, **attributes: Any) -> Ruled:
    access, share = ROLES[roles]
    params = {"at": shower, "other": other, "access": access, "share": share}
    return "shows_partner", params | ({"attributes": attributes} if attributes else {})


@then(parsers.re(rf"{SEAT} knows no zone of {OTHER_SEAT}, which has no role there {CHECK}"))
def no_role(session: Session, seat: str, other: str, check: str, at: str | None) -> None:
    claim(session, check, at, *nothing_gained(seat_of(session, seat), seat_of(session, other)))


def nothing_gained(shower: str, other: str) -> tuple[Ruled, Ruled]:
    return (
        ("shows_no_role", {"at": shower, "other": other}),
        ("knows_zones", {"at": shower, "of": other, "zones": []}),
    )


def refused_silently(session: Session, seat: str) -> tuple[Ruled, Ruled, Ruled]:
    """The last action was refused northbound, nothing was sent because of it, and the state is as it was."""
    asked = session.notes["asked"].seq
    return (
        ("actions_refused", {"asked": [asked]}),
        ("nothing_sent", {"sender": seat, "after": asked}),
        ("state_as_before", {"at": seat, "moment": asked}),
    )


@then(parsers.re(rf"{SEAT} refuses northbound and sends nothing {CHECK}"))
def refuses_northbound(session: Session, seat: str, check: str, at: str | None) -> None:
    claim(session, check, at, *refused_silently(session, seat_of(session, seat)))
