"""Steps for adds that overlap, cross or are repeated (federation-wire, section 11)."""

from __future__ import annotations

import asyncio

from pytest_bdd import parsers, then, when

from conformance import prologue_federation as prologue
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, Ruled, claim, shown
from conformance.view import TraceView

AT_ONCE = 10


@when("its peer sends ten adds to the target at once")
def ten_at_once(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    bodies = [prologue.message(session, peer, target) for _ in range(AT_ONCE)]
    session.send_together([session.sending(peer, target, prologue.ADD, {}, json=body) for body in bodies])
    view = TraceView(session.stage.wire.trace[session.since :])
    sent = view.exchanges(prologue.ADD, sender=peer, receiver=target, ours=True)
    session.notes["sent"] = [each.request.exchange for each in sent]


@then(parsers.re(rf"the target accepts one of them, or answers all alike {CHECK}"))
def accepts_one(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    claim(session, check, at, ("one_success", {"exchanges": session.notes["sent"]}), shown(target, peer, "share"))


@when("the target is asked twice at once to add its peer, which refuses a second add")
def asked_twice(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    first = session.disturb("hold-answer", prologue.ADD, sender=target)
    session.disturb("answer", prologue.ADD, sender=target, status=409, body={"message": "already partner"}, times=-1)
    one = prologue.ask_to_add(session, target, peer)
    if not session.arrived(first):
        raise Unprepared("the target does not call its peer")
    other = prologue.ask_to_add(session, target, peer)
    session.release(first)
    session.finish(other)
    session.notes["asked"] = session.finish(one)


@then(parsers.re(rf"the target ends with access and the zones of its peer, once each {CHECK}"))
def ends_with_access(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    zones: Ruled = ("knows_zones", {"at": target, "of": peer, "zones": prologue.OPERATORS[peer].zones})
    claim(session, check, at, shown(target, peer, "access"), zones)


@when("the target adds its peer, which holds the answer")
def held_add(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    session.notes["held"] = session.disturb("hold-answer", prologue.ADD, sender=target)
    session.notes["asked"] = prologue.ask_to_add(session, target, peer)
    if not session.arrived(session.notes["held"]):
        raise Unprepared("the target does not call its peer")


@when("its peer sends its own add meanwhile")
def crossing_add(session: Session) -> None:
    prologue.by_hand(session, OTHER[session.target], prologue.ADD, session.target)


@then(parsers.re(rf"the target answers it while its own add is open {CHECK}"))
def answers_meanwhile(session: Session, check: str, at: str | None) -> None:
    params = {"exchange": session.notes["sent"][-1], "server": session.target, "operation": prologue.ADD}
    claim(session, check, at, ("answered_while_open", params))


@when("the answer to the target is released")
def released(session: Session) -> None:
    session.release(session.notes["held"])
    if not session.settle():
        raise Unprepared("the operators do not come to rest within the time-out")


@when("its peer's add is answered in vain, a zone is registered, and the add is repeated byte by byte")
def repeated_bytes(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    body = prologue.message(session, peer, target)
    session.disturb("lose", prologue.ADD, sender=peer)
    session.portal.call(_in_vain(session, body))
    register = prologue.message(session, peer, target, prologue.REGISTER)
    registered = session.send(peer, target, prologue.REGISTER, {}, json=register)
    if not registered.succeeded:
        raise Unprepared(f"the target does not register its zone: {registered.told()}")
    session.notes["sent"] = [session.send(peer, target, prologue.ADD, {}, json=body).request.exchange]


async def _in_vain(session: Session, body: dict[str, object]) -> None:
    """The peer waits for an answer that does not come; time passes until it gives up."""
    sending = session.sending(OTHER[session.target], session.target, prologue.ADD, {}, json=body)
    task = asyncio.ensure_future(sending())
    await session.stage.run(task.done, 60_000)
    await task


@then(parsers.re(rf"the target answers the repeat as before or with a conflict, and loses nothing {CHECK}"))
def answers_repeat(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    kept: Ruled = ("keeps_registration", {"at": target, "zone": prologue.OPERATORS[target].zones[0], "other": peer})
    repeated: Ruled = ("repeat_answered", {"exchange": session.notes["sent"][0]})
    claim(session, check, at, repeated, shown(target, peer, "share"), kept)


@when("the target adds its peer, whose answer is lost and who refuses the repeat with 409")
def lost_then_conflict(session: Session) -> None:
    session.disturb("lose", prologue.ADD, sender=session.target)
    session.disturb("answer", prologue.ADD, sender=session.target, status=409, body={"message": "already partner"})
    session.finish(prologue.ask_to_add(session, session.target, OTHER[session.target]))


@then(parsers.re(rf"the target ends with access and the zones of its peer, or with a clear report {CHECK}"))
def converges(session: Session, check: str, at: str | None) -> None:
    target, peer = session.target, OTHER[session.target]
    params = {"at": target, "of": peer, "asked": session.notes["asked"].seq, "zones": prologue.OPERATORS[peer].zones}
    claim(session, check, at, ("converged", params))
