"""Claims about issues: what is opened, echoed, refused, listed and closed (CC-ISSUE)."""

from __future__ import annotations

from pytest_bdd import parsers, then

from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim


def _answer(session: Session) -> str:
    exchange: str = session.notes["answer"].request.exchange
    return exchange


@then(parsers.re(rf"the issue is open under the ID that its peer chose {CHECK}"))
def is_open(session: Session, check: str, at: str | None) -> None:
    params = {name: session.notes[name] for name in ("name", "asked_at")}
    claim(session, check, at, "issue_opened", exchange=_answer(session), **params)


@then(parsers.re(rf"everything that was given is echoed {CHECK}"))
def is_echoed(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=_answer(session), members=session.notes["given"])


@then(parsers.re(rf"it is the same as when it was opened {CHECK}"))
def is_same(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "issue_unchanged", exchange=_answer(session), opened=session.notes["opened"]["I1"])


@then(parsers.re(rf"the target refuses that {CHECK}"))
def refuses(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "refused", exchange=_answer(session))


@then(parsers.re(rf"the target answers 404 {CHECK}"))
def not_found(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "refused", exchange=_answer(session), statuses=[404])


@then(parsers.re(rf"the target takes it, or refuses it with a client error {CHECK}"))
def takes_or_refuses(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "each_answered", exchanges=[_answer(session)], statuses=list(range(400, 500)))


@then(parsers.re(rf"these are ignored, or the target refuses them {CHECK}"))
def ignored_or_refused(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "members_ignored", exchange=_answer(session), claimed=session.notes["claimed"])


@then(parsers.re(rf"the target takes it and echoes the contexts {CHECK}"))
def takes_contexts(session: Session, check: str, at: str | None) -> None:
    wanted = {name: value for name, value in session.notes["given"].items() if name.endswith("Contexts")}
    claim(session, check, at, "answered_with", exchange=_answer(session), members=wanted)


@then(parsers.re(rf"the target refuses it, or keeps the name and tells nothing about it {CHECK}"))
def tells_nothing(session: Session, check: str, at: str | None) -> None:
    params = {"exchange": _answer(session), "given": session.notes["given"]}
    claim(session, check, at, "context_not_looked_up", **params)


@then(parsers.re(rf"the target shows it neither way {CHECK}"))
def shows_neither(session: Session, check: str, at: str | None) -> None:
    for each in session.notes["tried"]:
        claim(session, check, at, "refused", exchange=each, statuses=[403, 404])


@then(parsers.re(rf"csp-c still reads it {CHECK}"))
def third_reads(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=session.notes["third-reads"])


@then(parsers.re(rf"no page holds more than (?P<most>\d+), and each of the (?P<number>\d+) comes once {CHECK}"))
def pages_of_issues(session: Session, most: str, number: str, check: str, at: str | None) -> None:
    params = {"pages": session.notes["pages"], "items": session.notes["many"], "paged": int(number) > int(most)}
    claim(session, check, at, "issues_paged", most=int(most), **params)


@then(parsers.re(rf"the page holds at most (?P<most>\d+) {CHECK}"))
def page_capped(session: Session, most: str, check: str, at: str | None) -> None:
    claim(session, check, at, "page_capped", exchange=_answer(session), most=int(most))


@then(parsers.re(rf"its own are there and that of csp-c is not {CHECK}"))
def own_only(session: Session, check: str, at: str | None) -> None:
    book = session.notes["issues"]
    claim(
        session,
        check,
        at,
        "issues_paged",
        pages=session.notes["pages"],
        items=[book["I1"]],
        hidden=[book["I3"]],
        most=50,
    )


@then(parsers.re(rf"the issue is closed {CHECK}"))
def closed(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "answered_with", exchange=_answer(session), members={"state": "STATE_CLOSED"})
