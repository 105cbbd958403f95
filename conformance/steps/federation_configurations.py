"""Steps for what an operator may arrange in one way or another: zones shared one by one, one key for all (FI-ERR-07, -13)."""

from __future__ import annotations

from pytest_bdd import given, parsers, when

from conformance import prologue_federation as prologue
from conformance.players import Untested
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import OTHER_SEAT, SEAT, Ruled, seat_of
from conformance.steps.federation_by_hand import GHOST, message, send
from conformance.steps.federation_phrases import SEAT_PHRASE, Said, phrase


@given(parsers.re(rf'{SEAT} shares "(?P<zone>[^"]+)" with {OTHER_SEAT} only'))
def shares_with_one(session: Session, seat: str, zone: str, other: str) -> None:
    """Where zones are shared with everybody, this one is taken from the others; where they are shared one by one, the
    others have never got it, and an order to take it from them may be refused."""
    host, chosen = seat_of(session, seat), seat_of(session, other)
    session.act(host, "share_zone", zone=zone, partner=prologue.federation_id(session, chosen))
    for each in session.notes["federations"]:
        if each not in (host, chosen):
            session.act(host, "unshare_zone", zone=zone, partner=prologue.federation_id(session, each))
    session.settle()


@when(
    parsers.re(
        rf'{SEAT} sends {OTHER_SEAT} by hand a registration of "(?P<zone>[^"]+)" and one of a zone that is nobody\'s'
    )
)
def registers_both(session: Session, seat: str, other: str, zone: str) -> None:
    sender, receiver = seat_of(session, seat), seat_of(session, other)
    sent = [
        send(
            session, sender, receiver, prologue.REGISTER, message(session, sender, receiver, prologue.REGISTER, [each])
        )
        for each in (zone, GHOST)
    ]
    session.notes["sent"] = [each.request.exchange for each in sent]


@phrase(rf"{SEAT_PHRASE} tells of both the same")
def _same(session: Session, said: Said) -> Ruled:
    return "same_status", {"exchanges": session.notes["sent"]}


@given("the target has one key for all its partners, and has added two")
def one_key(session: Session) -> None:
    """Partners that it adds without expecting them get no key of their own: they use the one of its federation. What
    does not take that key from them has a key for each (FI-ERR-13)."""
    target, peer = session.target, OTHER[session.target]
    for seat in (target, peer, prologue.THIRD):
        prologue.onboard(session, seat)
        prologue.form_zones(session, seat)
        prologue.demanded(prologue.set_up(session, seat))
    for other in (peer, prologue.THIRD):
        key = prologue.expect(session, other, target)
        session.notes["api-keys"][other, target] = session.notes["own-keys"][target]
        added = session.finish(prologue.ask_to_add(session, target, other, api_key=key))
        news = prologue.message(session, other, target, prologue.UPDATE)
        if added.result != "ok" or not session.send(other, target, prologue.UPDATE, {}, json=news).succeeded:
            raise Untested("not claimed: one key for all partners")
