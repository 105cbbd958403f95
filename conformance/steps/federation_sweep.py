"""Sweeps: every operation that the target serves, sent in its peer's name, right or with one defect.

In a sweep with defects each defective request stands right before the correct one, which differs from it in the defect
alone and must be accepted: so a refusal has no other reason. The state is looked at before and after the defects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue_applications as applications
from conformance import prologue_federation as prologue
from conformance.application_bodies import ONBOARD, REPORT, UPLOAD, carried
from conformance.play import Unprepared
from conformance.prologue import OTHER
from conformance.session import Session
from conformance.steps.federation import CHECK, claim, moment
from conformance.steps.federation_defects import DEFECTS, WRONG_KEY, Defects, Sent, bearer, right_key
from conformance.view import TraceView


def send(session: Session, operation: str, body: dict[str, Any], differently: Sent | None = None) -> str:
    """Send in the peer's name the correct request, or one that differs in something; the exchange's id."""
    more = dict(differently or {})
    sender, operation = more.pop("sender", OTHER[session.target]), more.pop("operation", operation)
    if "raw" not in more:
        more.setdefault("json", body)
    return session.send(sender, session.target, operation, {}, **carried(operation, more)).request.exchange


def _correct(session: Session, operation: str, body: dict[str, Any], differently: Sent | None = None) -> str:
    """The correct request; an artifact is stored and an application onboarded before anything else is asked."""
    exchange = send(session, operation, body, differently)
    if operation in (UPLOAD, ONBOARD):
        session.settle()
    return exchange


def _asked(session: Session) -> tuple[str, ...]:
    """The operations of a sweep, with what a report and an onboarding need beforehand."""
    if REPORT in prologue.operations(session):
        applications.upload_unreported(session, session.target, OTHER[session.target])
    if UPLOAD in prologue.operations(session):
        applications.take_reports(session, OTHER[session.target], session.target)
    return prologue.operations(session)


def sweep(session: Session, defects: Defects) -> None:
    """For each operation the defects, then the correct request under a requestId of its own."""
    sent, twins = session.notes.setdefault("sent", []), session.notes.setdefault("twins", [])
    peer = OTHER[session.target]
    for operation in _asked(session):
        body = prologue.message(session, peer, session.target, operation)
        session.observe(session.target)
        session.notes.setdefault("before", moment(session))
        sent += [send(session, operation, body, each) for each in defects(session, operation, body)]
        session.observe(session.target)
        session.notes.setdefault("after", []).append(moment(session))
        twins.append(_correct(session, operation, prologue.message(session, peer, session.target, operation)))


def sweep_correct(session: Session, differently: Callable[[str, dict[str, Any]], Sent]) -> None:
    """For each operation one correct request, sent differently."""
    peer = OTHER[session.target]
    for operation in _asked(session):
        body = prologue.message(session, peer, session.target, operation)
        session.notes.setdefault("sent", []).append(_correct(session, operation, body, differently(operation, body)))


@when(parsers.re(rf"its peer sends every operation (?P<defect>{'|'.join(DEFECTS)}), and then correctly"))
def sends_defective(session: Session, defect: str) -> None:
    sweep(session, DEFECTS[defect])


@when(parsers.re(r"its peer sends every operation with the key (?P<where>as Bearer alone|as x-api-key alone|in both)"))
def sends_key(session: Session, where: str) -> None:
    key = right_key(session)
    headers = {
        "as Bearer alone": {"authorization": f"Bearer {key}"},
        "as x-api-key alone": {"x-api-key": key},
        "in both": {"authorization": f"Bearer {key}", "x-api-key": key},
    }[where]
    sweep_correct(session, lambda operation, body: {"authenticated": False, "headers": headers})


@when("its peer sends every operation with additional unknown members")
def sends_unknown(session: Session) -> None:
    sweep_correct(session, lambda operation, body: {"json": body | {"xUnknown": {"deep": [1]}, "address": "x"}})


@given("the target has issued a new key to its peer")
def issued_new_key(session: Session) -> None:
    peer = OTHER[session.target]
    session.notes["old-key"] = right_key(session)
    result = session.act(session.target, "rotate_api_key", partner=prologue.federation_id(session, peer))
    session.notes["api-keys"][peer, session.target] = prologue.demanded(result).outputs["api_key"]


@then(parsers.re(rf"the target refuses each defect without effect, and accepts what is correct {CHECK}"))
def refuses_each(session: Session, check: str, at: str | None) -> None:
    params = {"exchanges": session.notes["sent"], "twins": session.notes["twins"], "at": session.target}
    claim(session, check, at, ("every_refused", params))


@then(parsers.re(rf"the target accepts each of them {CHECK}"))
def accepts_each(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, ("every_accepted", {"exchanges": session.notes["sent"]}))


@then(parsers.re(rf"the target sends nothing because of it {CHECK}"))
def sends_nothing(session: Session, check: str, at: str | None) -> None:
    """But what the correct requests bring about: a report of an upload, an onboarding after a report."""
    params = {"sender": session.target, "after": session.notes["before"]}
    session.check_in_the_end(check, "nothing_sent_but_what_was_caused", seat=at, **params)


@when(parsers.re(r"its peer sends (?P<number>\d+) requests with a wrong key, and then a correct one"))
def sends_many(session: Session, number: str) -> None:
    body = prologue.message(session, OTHER[session.target], session.target)
    session.observe(session.target)
    wrong = bearer(f"Bearer {WRONG_KEY}")
    session.notes["sent"] = [send(session, prologue.ADD, body, wrong) for _ in range(int(number))]
    session.observe(session.target)
    session.notes["twins"] = [send(session, prologue.ADD, body)]


@given("the target has sent requests of its own to its peer")
def has_sent_own(session: Session) -> None:
    peer = OTHER[session.target]
    prologue.add(session, session.target, peer)
    zone = prologue.OPERATORS[peer].zones[0]
    prologue.demanded(session.finish(prologue.ask_to_register(session, session.target, peer, zone)))


@when("its peer sends the very same bodies back, and then correct requests")
def reflects(session: Session) -> None:
    own = TraceView(session.stage.wire.trace[session.since :]).exchanges(sender=session.target, ours=False)
    if not own:
        raise Unprepared("the target has sent nothing that could be reflected")
    first = own[0].request

    def reflected(session: Session, operation: str, body: dict[str, Any]) -> Iterable[Sent]:
        same = [each.request for each in own if each.request.operation == operation]
        yield from ({"json": each.body or dict(each.query)} for each in same or [first])

    sweep(session, reflected)
