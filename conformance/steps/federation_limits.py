"""Steps for addresses that messages name and for limits of requests (FI-AUTH-012, FI-INPUT-006)."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from conformance import prologue_federation as prologue
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, claim, moment
from conformance.steps.federation_by_hand import WRONG_KEY, message, send

PAUSE = 60_000
"""Milliseconds after which a partner that was told 429 is heard again (FI-INPUT-006)."""


def _with(session: Session, *bodies: tuple[str, dict[str, Any], dict[str, Any]]) -> None:
    """Send these (operation, body, how) in the peer's name, each between two looks; remembered as ``sent``."""
    peer, target = OTHER[session.target], session.target
    for each in (peer, target):
        session.observe(each)
    session.notes["before"] = moment(session)
    session.notes["sent"], session.notes["twins"] = [], []
    for operation, body, how in bodies:
        session.notes["sent"].append(send(session, peer, target, operation, body, **how).request.exchange)


@when("its peer and a stranger repeat the add with the third operator's address")
def repeats_add(session: Session) -> None:
    """The stranger knows the peer's ids and not its key."""
    third = session.stage.origin(prologue.THIRD)
    body = prologue.message(session, OTHER[session.target], session.target, origFederationAddr=third)
    stranger = {"authenticated": False, "headers": {"authorization": f"Bearer {WRONG_KEY}"}}
    _with(session, (prologue.ADD, body, {}), (prologue.ADD, body, stranger))


@when("its peer sends updates with the third operator's address in every member that could be one")
def updates_address(session: Session) -> None:
    """A locator is an attribute, which an update may change; it is not where the operator is called."""
    peer, target = OTHER[session.target], session.target
    third = session.stage.origin(prologue.THIRD)
    named = dict.fromkeys(("origFederationAddr", "federationAddr", "address"), third)
    update = prologue.message(session, peer, target, prologue.UPDATE)
    _with(
        session,
        (prologue.UPDATE, update | named, {}),
        (prologue.UPDATE, prologue.message(session, peer, target, prologue.UPDATE, locatorEndPoint=third), {}),
    )


# --- limits ---------------------------------------------------------------------------------------------------------


@when(
    parsers.re(
        r"its peer notifies (?P<number>\d+) zones at once,"
        r" and those that were refused for their number again after a pause"
    )
)
def notifies_many(session: Session, number: str) -> None:
    peer, target = OTHER[session.target], session.target
    bodies = [message(session, peer, target, prologue.NOTIFY, [f"many-zone-{each:03}"]) for each in range(int(number))]
    seen = session.send_together([session.sending(peer, target, prologue.NOTIFY, {}, json=each) for each in bodies])
    session.observe(target)
    session.notes["sent"] = [each.request.exchange for each in seen]
    session.notes["again"] = []
    late = [body for body, each in zip(bodies, seen, strict=True) if each.status == 429]
    if late:
        session.pass_time(PAUSE)
        session.notes["again"] = [send(session, peer, target, prologue.NOTIFY, late[0]).request.exchange]


@then(
    parsers.re(
        rf"the target knows each zone whose notification it accepted, and accepts the others after the pause {CHECK}"
    )
)
def knows_accepted(session: Session, check: str, at: str | None) -> None:
    peer = OTHER[session.target]
    params = {"exchanges": session.notes["sent"], "again": session.notes["again"], "at": session.target, "of": peer}
    claim(session, check, at, ("limited_without_effect", params))


@when(
    parsers.re(
        r"a stranger sends (?P<number>\d+) adds in its peer's name without a key, and then its peer a correct one"
    )
)
def stranger_floods(session: Session, number: str) -> None:
    """The check says 500; what is limited, is limited at a fifth of that."""
    peer, target = OTHER[session.target], session.target
    body = prologue.message(session, peer, target)
    for _ in range(int(number)):
        session.send(peer, target, prologue.ADD, {}, json=body, authenticated=False)
    own = send(session, peer, target, prologue.ADD, prologue.message(session, peer, target))
    if own.status == 429:
        session.pass_time(PAUSE)
        own = send(session, peer, target, prologue.ADD, prologue.message(session, peer, target))
    session.notes["sent"] = [own.request.exchange]


@then(parsers.re(rf"the target accepts the peer's own within a minute {CHECK}"))
def accepts_own(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("every_accepted", {"exchanges": session.notes["sent"]}))
