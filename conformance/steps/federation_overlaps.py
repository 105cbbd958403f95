"""Steps for orders and messages that overlap or are repeated: zones, registrations, removals (federation-wire, section 11)."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from conformance import prologue_federation as prologue
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, Ruled, claim, moment, seat_of
from conformance.steps.federation_by_hand import message, send
from conformance.steps.federation_phrases import OTHER_PHRASE, SEAT_PHRASE, Said, phrase, ruled

ROUNDS = 10
"""The checks say 50; ten rounds of alternating order meet the same interleavings at a fifth of the time."""

_S, _O = SEAT_PHRASE, OTHER_PHRASE


def _last(session: Session) -> str:
    return str(session.notes["sent"][-1])


@then(parsers.re(rf"if the (?:request|withdrawal) was (?P<how>accepted|refused), it holds that (?P<said>.+) {CHECK}"))
def if_answered(session: Session, how: str, said: str, check: str, at: str | None) -> None:
    claims = [list(each) for each in ruled(session, said)]
    params = {"exchange": _last(session), "accepted": how == "accepted", "claims": claims}
    claim(session, check, at, ("if_answered", params))


# --- phrases --------------------------------------------------------------------------------------------------------


@phrase(rf'{_S} shares "(?P<zone>[^"]+)" with {_O} and has it registered, or neither, as it has said')
def _as_said(session: Session, said: Said) -> Ruled:
    seats = {"at": seat_of(session, said["seat"]), "other": seat_of(session, said["other"])}
    asked = session.notes["asked"].seq
    return "shared_or_gone_as_told", seats | {"zone": said["zone"], "exchange": _last(session), "asked": asked}


@phrase(rf"{_S} reports the conflict, or takes the registration at {_O} back")
def _reported(session: Session, said: Said) -> Ruled:
    seats = {"sender": seat_of(session, said["seat"]), "receiver": seat_of(session, said["other"])}
    return "reported_or_taken_back", seats | {"asked": session.notes["asked"].seq}


@phrase(rf"{_S} has registered the first zone of {_O}, or has deregistered it there")
def _or_back(session: Session, said: Said) -> Ruled:
    other = seat_of(session, said["other"])
    seats = {"sender": seat_of(session, said["seat"]), "receiver": other}
    return "registered_or_taken_back", seats | {"zone": prologue.OPERATORS[other].zones[0]}


@phrase(rf"{_S} sends no removal while its registration is open")
def _no_removal(session: Session, said: Said) -> Ruled:
    sender = seat_of(session, said["seat"])
    return "decided_before", {"sender": sender, "first": prologue.REGISTER, "then": prologue.REMOVE}


@phrase(r"both requests were answered with the same account, or the second one with 4xx")
def _alike(session: Session, said: Said) -> Ruled:
    first, second = session.notes["sent"]
    return "accounts_alike", {"first": first, "second": second}


@phrase(r"the repeat was answered with 2xx, 401, 404 or 409")
def _repeat(session: Session, said: Said) -> Ruled:
    """401: where the removed partner has left no trace (federation-wire 7.3); some say that with 400 or 403 (FI-ERR-13)."""
    return "answered_with", {"exchange": _last(session), "statuses": [200, 201, 202, 204, 400, 401, 403, 404, 409]}


@phrase(rf'{_S} still has "(?P<zone>[^"]+)" registered for {_O}, or it is recorded')
def _straggler(session: Session, said: Said) -> Ruled:
    seats = {"at": seat_of(session, said["seat"]), "other": seat_of(session, said["other"])}
    return "straggler_recorded", seats | {"zone": said["zone"], "exchange": _last(session)}


# --- rounds ---------------------------------------------------------------------------------------------------------


@when("OP2 is asked to delete zones while OP1 registers them, round after round")
def delete_against_register(session: Session) -> None:
    """Neither waits for the other's end; which one comes first, alternates."""
    asked, sent = [], []
    for number in range(ROUNDS):
        zone = f"round-zone-{number:02}"
        prologue.demanded(prologue.form_zone(session, "op2", zone))
        session.settle()
        body = message(session, "op1", "op2", prologue.REGISTER, [zone])
        register = session.sending("op1", "op2", prologue.REGISTER, {}, json=body)
        if number % 2:
            sent += session.send_together([register])
        order = session.act("op2", "delete_zone", zone=zone)
        if not number % 2:
            sent += session.send_together([register])
        session.finish(order)
        asked.append(order.seq)
    params = {"at": "op2", "other": "op1", "zone": "round-zone-", "asked": asked}
    session.notes["rounds"] = params | {"exchanges": [each.request.exchange for each in sent]}


@phrase(r"in each round every call was answered, and no zone is registered without being shared")
def _each_round(session: Session, said: Said) -> Ruled:
    return "answered_and_consistent", session.notes["rounds"]


@when("its peer sends a removal and a registration at once, round after round, and is admitted anew")
def remove_against_register(session: Session) -> None:
    target, peer = session.target, OTHER[session.target]
    moments = []
    for number in range(ROUNDS):
        operations = (prologue.REMOVE, prologue.REGISTER) if number % 2 else (prologue.REGISTER, prologue.REMOVE)
        bodies = {each: message(session, peer, target, each, ()) for each in operations}
        session.send_together([session.sending(peer, target, each, {}, json=body) for each, body in bodies.items()])
        moments.append(moment(session))
        shares = bool(session.observe(target).value["registrations"])
        following = (prologue.DEREGISTER, prologue.REMOVE) if shares else ()
        for each in (*following, *((prologue.ADD,) if number < ROUNDS - 1 else ())):
            send(session, peer, target, each, message(session, peer, target, each, ()))
    zone = prologue.OPERATORS[target].zones[0]
    session.notes["rounds"] = {"at": target, "other": peer, "zone": zone, "moments": moments}


@phrase(r"after each round its peer is removed, or has the zone registered")
def _removed_or_registered(session: Session, said: Said) -> Ruled:
    return "removed_or_registered", session.notes["rounds"]
