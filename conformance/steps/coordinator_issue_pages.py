"""Steps of paging through issues and comments; the claims are those of all lists."""

from __future__ import annotations

from pytest_bdd import given, parsers, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.players import Untested
from conformance.session import Session
from conformance.steps.coordinator_issues import TEXT
from conformance.steps.coordinator_pages import page, token_of
from conformance.view import Exchange


def _open(session: Session, caller: str, id: str) -> Exchange:
    answer = session.send(
        caller, session.target, "CreateIssue", {"provider": caller}, query={"issueId": id}, json={**TEXT, "title": id}
    )
    if not answer.succeeded:
        raise Unprepared(f"the target does not open an issue of {caller}: {answer.told()}")
    return answer


@given(parsers.re(r"the target holds (?P<number>\d) issues of its peer, the last with (?P<comments>\d) comments"))
def holds_issues(session: Session, number: str, comments: str) -> None:
    peer, prefix = prologue.OTHER[session.target], f"page-{session.stage.clock.now()}"
    for each in range(1, int(number) + 1):
        _open(session, peer, f"{prefix}-{each}")
    held = page(session, "issues", pageSize=100)
    shown = (held.response.body or {}).get("issues", []) if held.response else []
    if len(shown) > int(number):  # nobody can delete an issue
        raise Untested("adapter lacks reset: the target keeps issues from before, so that pages cannot be counted")
    session.notes["commented"] = f"{prefix}-{number}"
    for each in range(1, int(comments) + 1):
        path = {"provider": peer, "issue": session.notes["commented"]}
        said = session.send(peer, session.target, "AddComment", path, json={"comment": {"body": f"number {each}"}})
        if not said.succeeded:
            raise Unprepared(f"the target takes no comment: {said.told()}")


@when("its peer uses the page token that csp-c got for its issues")
def uses_token_of_third(session: Session) -> None:
    for each in range(1, 4):
        _open(session, "csp-c", f"third-{session.stage.clock.now()}-{each}")
    token = token_of(page(session, "issues", caller="csp-c", pageSize=2))
    if not token:
        raise Unprepared("the target gives csp-c no page token")
    session.notes["used"] = page(session, "issues", pageToken=token, pageSize=2).request.exchange
