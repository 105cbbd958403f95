"""Steps of the proof of a customer's act, by the plug-in of the pair: what the harness sends along, and what the target does."""

from __future__ import annotations

from typing import Any

import httpx
from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.harness_copy import plain_accounts
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.proof import VALID, CustomerProof
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_by_hand import KEY, between, named, place_of, remember

HOUR = 3_600_000
CREATE, UPDATE, DELETE = "CreateConnection", "UpdateConnection", "DeleteConnection"
OPERATIONS = {"placement": CREATE, "update": UPDATE, "deletion": DELETE}
FLAW = r"(?P<flaw>of another account|expired|made for another connection|absent)"
ELSEWHERE = "00000000-0000-4000-8000-000000000000"


def plug_in(session: Session) -> CustomerProof:
    found = session.stage.proof
    if found is None:
        raise Untested("adapter lacks a proof of the customer's act: [declares] proof names no plug-in")
    return found


def account(session: Session, letter: str = "X") -> str:
    """What the account of the scenarios is called on the wire."""
    return str(session.stage.names.out({"account": letter})["account"])


def proof(session: Session, operation: str, flaw: str = "") -> str:
    """What the customer hands over for this operation on the connection; ``flaw``: what is wrong with it."""
    uuid = ELSEWHERE if flaw == "made for another connection" else session.notes["uuid"]
    expires = session.stage.clock.now() + (-1000 if flaw == "expired" else HOUR)
    who = account(session, "Y" if flaw == "of another account" else "X")
    return plug_in(session).made(who, operation, uuid, expires)


def _headers(session: Session, operation: str, flaw: str) -> dict[str, str]:
    return {} if flaw == "absent" else plug_in(session).headers(proof(session, operation, flaw))


def _call(session: Session, operation: str, flaw: str = "") -> None:
    """One of the three calls at the target by hand, its state observed before and after it."""
    peer = prologue.OTHER[session.target]
    how: dict[str, Any] = {"headers": _headers(session, operation, flaw)}
    if operation == CREATE:
        path = prologue.connection_path(session, peer, "ix1")
        how["query"] = {"connectionId": path.pop("connection")}
        how["json"] = {"bandwidthMbps": session.notes["mbps"], "activationKey": session.notes["key"]}
    else:
        path = prologue.connection_path(session, peer, place_of(session))
    if operation == UPDATE:
        how["query"] = {"updateMask": "bandwidthMbps"}
        how["json"] = {"bandwidthMbps": 10_000}
    between(session, lambda: session.send(peer, session.target, operation, path, **how))
    if operation == CREATE and session.notes["answer"].succeeded:
        session.notes.setdefault("places", {})[session.notes["uuid"]] = "ix1"


@given("the customers of the target prove what they want")
def customers_prove(session: Session) -> None:
    """The target and its peer have agreed on it; the harness in the peer's seat asks for none itself."""
    plug_in(session)
    session.portal.call(session.stage.reset("proving-customers"))
    session.notes["inventory"] = "proving-customers"
    plain_accounts(session, prologue.OTHER[session.target])


@given(parsers.re(rf"the connection {KEY} was established with proof, created at the target"))
def established_with_proof(session: Session, key: str) -> None:
    _established(session, session.target, key)


@given(parsers.re(rf"the connection {KEY} was established with proof, created at its peer"))
def established_at_peer(session: Session, key: str) -> None:
    _established(session, prologue.OTHER[session.target], key)


def _established(session: Session, issuer: str, key: str) -> None:
    prologue.offer(session, issuer)
    remember(session, key)
    if session.finish(_accept(session, prologue.OTHER[issuer])).result != "ok" or not session.settle():
        raise Unprepared("the connection is not established")
    place_of(session)


def _accept(session: Session, seat: str) -> Any:
    return session.act(
        seat,
        "accept",
        account="X",
        activation_key=session.notes["key"],
        consent=True,
        proof=proof(session, CREATE),
    )


@when(parsers.re(r"its peer sends the (?P<what>placement|update|deletion) with the customer's proof"))
def sends_with_proof(session: Session, what: str) -> None:
    _call(session, OPERATIONS[what])


@when(parsers.re(rf"its peer sends the (?P<what>placement|update|deletion) with a proof that is {FLAW}"))
def sends_flawed(session: Session, what: str, flaw: str) -> None:
    _call(session, OPERATIONS[what], flaw)


@when(parsers.re(rf"the customer accepts {KEY} at the target, with proof"))
def accepts_with_proof(session: Session, key: str) -> None:
    named(session, key)
    _witness(session)
    session.finish(_accept(session, session.target))
    session.settle()


@when(parsers.re(rf"the customer of the target (?P<act>changes|deletes) {KEY}, with proof"))
def acts_with_proof(session: Session, act: str, key: str) -> None:
    named(session, key)
    _witness(session)
    asked: dict[str, Any] = {"account": "X", "uuid": session.notes["uuid"]}
    if act == "changes":
        asked |= {"mbps": 10_000, "proof": proof(session, UPDATE)}
    else:
        asked |= {"proof": proof(session, DELETE)}
    session.finish(session.act(session.target, "update" if act == "changes" else "delete", **asked))
    session.settle()


def _witness(session: Session) -> None:
    """From now on the wire tells of each call what accompanies it."""
    judge, clock, who = plug_in(session), session.stage.clock, account(session)

    def witness(request: httpx.Request, operation: str, connection: str) -> str:
        return judge.problem(dict(request.headers), who, operation, connection, clock.now()) or VALID

    session.stage.wire.witness = witness


@then(parsers.re(rf"the target's (?P<what>placement|update|deletion) is accompanied by the customer's proof {CHECK}"))
def is_accompanied(session: Session, what: str, check: str, at: str | None) -> None:
    params = {"sender": session.target, "operation": OPERATIONS[what], "uuid": session.notes["uuid"]}
    claim(session, check, at, "proof_accompanies", **params)
