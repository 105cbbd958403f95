"""Steps of comments on issues: the harness says something about an issue in the peer's name, and reads what was said."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_issues import ISSUE, all_pages, call, issue_id
from conformance.view import Exchange

DELAY = 10_000
"""Milliseconds after which a comment is listed at the latest (CC-ERR-37)."""
MOMENT = 1_500
"""Milliseconds between two comments that shall have different times."""


def _comment(session: Session, issue: str, text: str) -> Exchange:
    session.notes["asked_at"] = session.stage.clock.now()
    return call(session, "AddComment", issue_id(session, issue), json={"comment": {"body": text}})


@when(parsers.re(rf'its peer comments "(?P<text>\w+)" on the issue {ISSUE}'))
def comments(session: Session, text: str, issue: str) -> None:
    session.notes.update(texts=[text], commented=_comment(session, issue, text).request.exchange)
    _read_comments(session, issue)


@when(parsers.re(rf"its peer comments on the issue {ISSUE} (?P<how>with.+)"))
def comments_wrong(session: Session, issue: str, how: str) -> None:
    call(session, "AddComment", issue_id(session, issue), json={} if how == "without a comment" else {"comment": {}})


@when(parsers.re(rf'its peer comments "one", "two" and "three" on the issue {ISSUE}, a moment after each other'))
def comments_thrice(session: Session, issue: str) -> None:
    session.notes["texts"] = ["one", "two", "three"]
    for text in session.notes["texts"]:
        if not _comment(session, issue, text).succeeded:
            raise Unprepared("the target takes no comment")
        _wait(session, MOMENT)
    _read_comments(session, issue)


@when(parsers.re(rf"its peer makes (?P<number>\d+) comments on the issue {ISSUE}"))
def comments_often(session: Session, number: str, issue: str) -> None:
    session.notes["texts"] = [f"comment {each}" for each in range(int(number))]
    for text in session.notes["texts"]:
        if not _comment(session, issue, text).succeeded:
            raise Unprepared(f"the target does not take {number} comments")
    _read_comments(session, issue)


def _read_comments(session: Session, issue: str) -> None:
    """All pages of comments; once more after a while if one is missing, which may take so long (CC-ERR-37)."""
    end = session.stage.clock.now() + DELAY
    while True:
        session.notes["pages"] = all_pages(session, "ListComments", issue_id(session, issue))
        listed = str(session.notes["answer"].response and session.notes["answer"].response.body)
        if len(session.notes["pages"]) > 1 or session.notes["texts"][0] in listed or session.stage.clock.now() >= end:
            return
        _wait(session, MOMENT)


def _wait(session: Session, milliseconds: int) -> None:
    """Let some time go by, without moving anybody's clock."""
    session.portal.call(session.stage.run(lambda: False, milliseconds))


@then(parsers.re(rf"the comment is returned with what the server adds {CHECK}"))
def comment_returned(session: Session, check: str, at: str | None) -> None:
    params = {"text": session.notes["texts"][0], "asked_at": session.notes["asked_at"]}
    claim(session, check, at, "comment_returned", exchange=session.notes["commented"], **params)


@then(parsers.re(rf"ListComments shows (?:it|them with the newest first) {CHECK}"))
def comments_listed(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "comments_listed", pages=session.notes["pages"], texts=session.notes["texts"])


@then(
    parsers.re(
        rf"no page of comments holds more than (?P<most>\d+), and each of the (?P<number>\d+) comes once {CHECK}"
    )
)
def pages_of_comments(session: Session, most: str, number: str, check: str, at: str | None) -> None:
    params = {"pages": session.notes["pages"], "texts": session.notes["texts"]}
    claim(session, check, at, "comments_listed", most=int(most), **params)
