"""Steps for partners behind a door that the harness watches: is the connection protected? (FI-AUTH-011)"""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_federation as prologue
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, claim


@given(
    parsers.re(
        r"its peer is at a host and port that we watch(?P<shown>, behind a certificate that nobody vouches for)?"
    )
)
def is_behind_a_door(session: Session, shown: str | None) -> None:
    """The address has no scheme: it means https."""
    target, peer = session.target, OTHER[session.target]
    prologue.demanded(prologue.set_up(session, target))
    prologue.demanded(prologue.set_up(session, peer))
    address = session.open_door(shown=shown is not None)
    key = prologue.expect(session, peer, target)
    session.notes["arranged"] = prologue.arrangement(session, peer) | {"address": address}
    prologue.demanded(session.act(target, "expect_partner", **session.notes["arranged"], api_key=key))
    session.notes["arranged"]["api_key"] = key


@when("the target is asked to add its peer there")
def adds_there(session: Session) -> None:
    session.notes["asked"] = session.act(session.target, "add_partner", **session.notes["arranged"])
    session.finish(session.notes["asked"])
    session.observe_door(session.target)


def _at_the_door(session: Session) -> dict[str, Any]:
    return {"at": session.target}


@then(parsers.re(rf"the target opens TLS connections only {CHECK}"))
def opens_tls(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("knocks_with_tls", _at_the_door(session)))


@then(parsers.re(rf"the target sends no request there, and reports the failure {CHECK}"))
def sends_none(session: Session, check: str, at: str | None) -> None:
    """That it came to the door at all, a target without TLS would do as well: the other scenario judges that."""
    failed = ("action_failed", {"asked": session.notes["asked"].seq})
    claim(session, check, at, ("tells_nothing_at_the_door", _at_the_door(session)), failed)
