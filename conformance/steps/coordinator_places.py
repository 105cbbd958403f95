"""Steps about a connection under each of its places, and about a negotiator that is killed while it places one."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from conformance import prologue, readings
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_by_hand import KEY, named, place_of
from conformance.steps.coordinator_migration import new_place


@when("the harness reads the connection under each place")
def reads_each(session: Session) -> None:
    """At the target: where it is, and on another ACTIVE interconnect of its environment."""
    old = place_of(session)
    environment, uuid = session.notes["environment"], session.notes["uuid"]
    session.notes["under"] = {
        place: readings.read(
            session, session.target, "GetConnection", environment=environment, interconnect=place, connection=uuid
        ).request.exchange
        for place in (old, new_place(session, old))
    }


@then(parsers.re(rf"there are two resources, told apart by their full names {CHECK}"))
def two_resources(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "resources_at", there=session.notes["under"], uuid=session.notes["uuid"])


@then(parsers.re(rf"there is one resource, and 404 under the other place {CHECK}"))
def one_resource(session: Session, check: str, at: str | None) -> None:
    (old, read), (_, other) = session.notes["under"].items()
    claim(session, check, at, "resources_at", there={old: read}, gone=[other], uuid=session.notes["uuid"])


@when(
    parsers.re(
        rf"the customer accepts {KEY} at CSP B, which is killed (?P<moment>before|after) its CreateConnection is handled"
    )
)
def accepts_and_is_killed(session: Session, key: str, moment: str) -> None:
    """It starts again at once; only then the call goes on to CSP A, or the answer back to nobody."""
    named(session, key)
    held = session.disturb("hold" if moment == "before" else "hold-answer", "CreateConnection", sender=session.target)
    accepted = prologue.accept(session, session.target)
    if not session.arrived(held):
        raise Unprepared("CSP B sends no CreateConnection")
    session.restart(session.target)
    session.release(held)
    session.finish(accepted)
    session.settle()


@then(parsers.re(rf"no side lists a connection that the other does not {CHECK}"))
def listed_alike(session: Session, check: str, at: str | None) -> None:
    readings.survey(session)
    seats = [session.target, prologue.OTHER[session.target]]
    claim(session, check, at, "placed_alike", seats=seats, uuid=session.notes["uuid"], placements=None)
