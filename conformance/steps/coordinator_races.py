"""Steps of the races of placement: proposals that cross, creates in numbers, a key used twice."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.coordinator import CHECK, SEAT, claim, seat_of
from conformance.steps.coordinator_by_hand import KEY, named, remember


@given(parsers.re(rf"the customer of {SEAT} holds {KEY} for 1000 Mbps, issued by the other side"))
def holds_of_other(session: Session, seat: str, key: str) -> None:
    prologue.offer(session, OTHER[seat_of(session, seat)], 1000)
    remember(session, key)


@when(parsers.re(r"both accept, and (?P<which>the target's|its peer's) proposal is delivered first"))
def both_accept(session: Session, which: str) -> None:
    """Both first proposals are under way before one is delivered; the other one follows after a quarter second."""
    target, peer = session.target, OTHER[session.target]
    calls = {seat: session.disturb("hold", "CreateConnection", sender=seat) for seat in (target, peer)}
    accepted = []
    for seat, key in ((target, "K1"), (peer, "K2")):
        accepted.append(prologue.accept(session, seat, named(session, key)["key"]))
        if not session.arrived(calls[seat]):
            raise Unprepared(f"{seat} proposes nothing")
    order = (target, peer) if which == "the target's" else (peer, target)
    for seat in order:
        session.release(calls[seat])
        session.pass_time(250)
    for each in accepted:
        session.finish(each)
    session.settle()


@when("both accept, and the target's proposal is held until its peer's is answered")
def crossing_held(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    call = session.disturb("hold", "CreateConnection", sender=target)
    first = prologue.accept(session, target, named(session, "K1")["key"])
    if not session.arrived(call):
        raise Unprepared(f"{target} proposes nothing")
    second = prologue.accept(session, peer, named(session, "K2")["key"])
    session.pass_time(8_000)  # the longest that an answer may be held, and more (CC-ERR-57)
    session.release(call)
    for each in (first, second):
        session.finish(each)
    session.settle()


@when(parsers.re(rf"the customer of CSP B accepts {KEY} twice at once"))
def accepts_twice(session: Session, key: str) -> None:
    known = named(session, key)
    first = prologue.accept(session, "csp-b", known["key"])
    second = prologue.accept(session, "csp-b", known["key"])
    for each in (first, second):
        if each.result == "running":
            session.finish(each)
    session.settle()


@when(parsers.re(rf"the harness confirms {KEY} (?P<number>\d+) times at once"))
def confirms_at_once(session: Session, key: str, number: str) -> None:
    known, peer = named(session, key), OTHER[session.target]
    path = {"provider": peer, "environment": known["environment"]}
    one = session.sending(peer, session.target, "ConfirmActivationKey", path, json={"encodedKey": known["key"]})
    session.notes["together"] = session.send_together([one] * int(number))


@given(parsers.re(rf"the customer of the target holds {KEY} for 1000 Mbps of its own"))
def holds_own(session: Session, key: str) -> None:
    prologue.offer(session, session.target, 1000)
    remember(session, key)


@given("the answer to the first confirmation is lost")
def confirmation_lost(session: Session) -> None:
    session.disturb("lose", "ConfirmActivationKey")


@then(parsers.re(rf"the issuer confirmed (?P<number>\d+) times, each time with keyValid true {CHECK}"))
def confirmed_again(session: Session, number: str, check: str, at: str | None) -> None:
    claim(session, check, at, "confirmed_each_time", uuid=session.notes["uuid"], least=int(number))


@then(parsers.re(rf"at rest each interconnect has room for what both sides list {CHECK}"))
def at_rest(session: Session, check: str, at: str | None) -> None:
    seats = [session.target, OTHER[session.target]]
    for seat in seats:
        session.observe(seat)
    readings.survey(session)
    claim(session, check, at, "never_oversold", seats=seats)
    uuids = [known["uuid"] for known in session.notes["book"].values()]
    claim(session, check, at, "each_placed_alike", seats=seats, uuids=uuids)


@then(parsers.re(rf"the peer's proposal was answered 409, or the target gave up its own {CHECK}"))
def loser(session: Session, check: str, at: str | None) -> None:
    book = session.notes["book"]
    claim(
        session,
        check,
        at,
        "one_of_two_stays",
        seat_shown=session.target,
        own=book["K1"]["uuid"],
        other=book["K2"]["uuid"],
        interconnect="ix1",
    )


@then(parsers.re(rf"both connections are established, one on each interconnect {CHECK}"))
def one_each(session: Session, check: str, at: str | None) -> None:
    _ended_as(session, check, at, {"established": 2}, interconnects=2)


@then(parsers.re(rf"one connection is established, and the other one failed and left nothing {CHECK}"))
def one_fails(session: Session, check: str, at: str | None) -> None:
    _ended_as(session, check, at, {"established": 1, "failed": 1}, interconnects=1)


def _ended_as(session: Session, check: str, at: str | None, states: dict[str, int], interconnects: int) -> None:
    book = session.notes["book"]
    seats = (session.target, OTHER[session.target])
    accepted = {seat: book[key]["uuid"] for seat, key in zip(seats, ("K1", "K2"), strict=True)}
    claim(
        session, check, at, "both_ended", observe=seats, accepted=accepted, states=states, interconnects=interconnects
    )


@then(parsers.re(rf"CSP B asked and proposed once for it {CHECK}"))
def one_chain(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "one_chain", sender="csp-b", uuid=session.notes["uuid"])


@then(parsers.re(rf"CSP B goes on with guidance where the connection is stored {CHECK}"))
def goes_on_there(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "adopts_or_deletes", sender="csp-b", uuid=session.notes["uuid"])


@then(parsers.re(rf"the target reserves once what it placed {CHECK}"))
def reserves_once(session: Session, check: str, at: str | None) -> None:
    """By the listing that was read before: one unit on each interconnect that took it."""
    granted = {e.segment("interconnects") for e in session.notes["together"] if e.succeeded}
    rooms = {each: 1000 if each in granted else 0 for each in ("ix1", "ix2")}
    claim(session, check, at, "reserved_is", observe=(session.target,), seat_shown=session.target, interconnects=rooms)


@when(parsers.re(rf"the customer of the target withdraws {KEY}"))
def withdraws(session: Session, key: str) -> None:
    session.act(session.target, "delete", account="X", uuid=named(session, key)["uuid"])


@when(
    parsers.re(
        rf"the customer accepts {KEY} at CSP B, and at CSP A withdraws it (?P<moment>before|after) the create arrive[sd]"
    )
)
def accepts_and_withdraws(session: Session, key: str, moment: str) -> None:
    action = "hold" if moment == "before" else "hold-answer"
    call = session.disturb(action, "CreateConnection", sender="csp-b")
    known = named(session, key)
    accepted = prologue.accept(session, "csp-b", known["key"])
    if not session.arrived(call):
        raise Unprepared("csp-b proposes nothing")
    session.act("csp-a", "delete", account="X", uuid=known["uuid"])
    session.pass_time(1_000)
    session.release(call)
    session.finish(accepted)
    session.settle()
