"""Steps of transport security: the harness shakes hands as a client, and lowers its guard as a server."""

from __future__ import annotations

from typing import cast

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.handshakes import VERSIONS, Guard
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim

IN_VAIN = 20_000
"""Milliseconds in which a call is tried that cannot be delivered."""


@when(parsers.re(r"handshakes with the target offer (?P<versions>TLS [\w., ]+), one at a time"))
def shakes_hands(session: Session, versions: str) -> None:
    session.shake(session.target, [each for each in reversed(VERSIONS) if each in versions])


@when("the target is asked without TLS where it listens")
def asks_plainly(session: Session) -> None:
    session.ask_plainly(session.target, "/providers")


@given(parsers.re(r"its peer offers (?P<guard>TLS 1\.[23]|a certificate that nobody vouches for) to the target"))
def offers(session: Session, guard: str) -> None:
    session.guard(prologue.OTHER[session.target], session.target, cast(Guard, guard))


# --- claims -----------------------------------------------------------------------------------------------------


@then(parsers.re(rf"the one with (?P<version>TLS 1\.3) comes about and no other {CHECK}"))
def only_that(session: Session, version: str, check: str, at: str | None) -> None:
    claim(session, check, at, "shakes_hands_with", seat_shown=session.target, versions=[version])


@then(parsers.re(rf"it gives no answer of the API {CHECK}"))
def no_answer(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "silent_in_the_clear", seat_shown=session.target)


@then(parsers.re(rf"the target's confirmation reaches its peer {CHECK}"))
def reaches(session: Session, check: str, at: str | None) -> None:
    params = {"sender": session.target, "operations": ["ConfirmActivationKey"]}
    claim(session, check, at, "calls_in_order", within=IN_VAIN, about=None, **params)


@then(parsers.re(rf"nothing that the target sends is delivered to its peer {CHECK}"))
def nothing_delivered(session: Session, check: str, at: str | None) -> None:
    session.pass_time(IN_VAIN)
    claim(session, check, at, "nothing_delivered", sender=session.target)
