"""Steps of issues: the harness opens, reads, comments and closes issues at the target in its peer's name.

An issue that a scenario calls "I1" has an ID of its own in every scenario, because a target may keep those of earlier
ones. ``answer`` is the newest exchange, ``opened`` holds the exchange that opened each issue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, parsers, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session
from conformance.view import Exchange

ISSUE = r'"(?P<issue>I\d+)"'
THIRD = "csp-c"
TEXT = {"title": "Light levels are low", "body": "Receive power fell by 6 dB at noon."}


def issue_id(session: Session, issue: str) -> str:
    book: dict[str, str] = session.notes.setdefault("issues", {})
    if issue not in book:
        book[issue] = f"{issue.lower()}-{session.stage.clock.now()}"
    return book[issue]


def call(
    session: Session, operation: str, issue: str = "", caller: str = "", provider: str = "", **how: Any
) -> Exchange:
    """Any operation of issues in the peer's name; remembered as ``answer``. ``issue`` is an ID."""
    caller = caller or prologue.OTHER[session.target]
    path = {"provider": provider or caller} | ({"issue": issue} if issue else {})
    answer = session.send(caller, session.target, operation, path, **{"whole": False} | how)
    session.notes["answer"] = answer
    return answer


def open_(session: Session, id: str | None, members: Mapping[str, Any] | None = None, caller: str = "") -> Exchange:
    """Open an issue; ``members`` change the request, None leaves one out."""
    body = {name: value for name, value in {**TEXT, **(members or {})}.items() if value is not None}
    session.notes.update(given=body, asked_at=session.stage.clock.now())
    return call(session, "CreateIssue", caller=caller, query={"issueId": id} if id is not None else {}, json=body)


def names(session: Session) -> dict[str, str]:
    """Names of shared resources, as the peer calls them."""
    interconnect = f"providers/{prologue.OTHER[session.target]}/environments/env1/interconnects/ix1"
    connection = f"{interconnect}/connections/{session.notes.get('uuid', '00000000-0000-4000-8000-000000000001')}"
    return {
        "interconnect": interconnect,
        "channel": f"{interconnect}/channels/ch1",
        "connection": connection,
        "feature": f"{connection}/features/f-ch1",
    }


def contexts(session: Session, *kinds: str) -> dict[str, Any]:
    return {f"{kind}Contexts": [{"name": names(session)[kind]}] for kind in kinds}


def _nobodys(session: Session) -> str:
    return f"nobodys-{session.stage.clock.now()}"


def _opened(session: Session, answer: Exchange, what: str) -> None:
    if not answer.succeeded:
        raise Unprepared(f"the target does not open {what}: {answer.told()}")


# --- given ------------------------------------------------------------------------------------------------------------


@given(parsers.re(rf"its peer has opened the issue {ISSUE} at the target"))
def has_opened(session: Session, issue: str) -> None:
    answer = open_(session, issue_id(session, issue))
    _opened(session, answer, "an issue")
    session.notes.setdefault("opened", {})[issue] = answer.request.exchange


@given(parsers.re(rf"csp-c has opened the issue {ISSUE} at the target"))
def third_has_opened(session: Session, issue: str) -> None:
    _opened(session, open_(session, issue_id(session, issue), caller=THIRD), "the issue of csp-c")


@given(parsers.re(r"its peer has opened (?P<number>\d+) issues at the target"))
def has_opened_many(session: Session, number: str) -> None:
    """Fifty at once, one batch after the other."""
    peer, prefix = prologue.OTHER[session.target], f"many-{session.stage.clock.now()}"
    ids = [f"{prefix}-{each}" for each in range(int(number))]
    for first in range(0, len(ids), 50):
        requests = [
            session.sending(
                peer,
                session.target,
                "CreateIssue",
                {"provider": peer},
                query={"issueId": id},
                json={**TEXT, "title": id},
            )
            for id in ids[first : first + 50]
        ]
        for answer in session.send_together(requests):
            _opened(session, answer, f"{number} issues")
    session.notes["many"] = ids


# --- when: issues -----------------------------------------------------------------------------------------------------


@when(parsers.re(rf"its peer opens the issue {ISSUE} at the target with all that may be given"))
def opens_whole(session: Session, issue: str) -> None:
    more = contexts(session, "interconnect", "channel")
    contact = {"remoteIssueId": "TICKET-4711", "remoteContactEmail": "noc@peer.example"}
    answer = open_(session, issue_id(session, issue), {"priority": "PRIORITY_P1", **contact, **more})
    session.notes.setdefault("opened", {})[issue] = answer.request.exchange
    session.notes["name"] = f"providers/{prologue.OTHER[session.target]}/issues/{issue_id(session, issue)}"


@when(parsers.re(r"its peer opens an issue at the target (?P<how>with(?:out)? an? .+)"))
def opens_wrong(session: Session, how: str) -> None:
    id = issue_id(session, "I1")
    if how == "without an issueId":
        open_(session, None)
    elif how.startswith("without"):
        open_(session, id, {how.rpartition(" ")[2]: None})
    else:
        open_(session, id, {"priority": "PRIORITY_AT_ONCE"})


@when(parsers.re(rf"its peer opens the issue {ISSUE} at the target with another title"))
def opens_again(session: Session, issue: str) -> None:
    open_(session, issue_id(session, issue), {"title": "Something else"})


@when(
    parsers.re(
        rf"its peer opens the issue {ISSUE} at the target with a state, a createTime and a localIssueId of its own"
    )
)
def opens_claiming(session: Session, issue: str) -> None:
    claimed = {"state": "STATE_CLOSED", "createTime": "2001-02-03T04:05:06Z", "localIssueId": "chosen-by-the-peer"}
    session.notes["claimed"] = claimed
    open_(session, issue_id(session, issue), claimed)


@when(parsers.re(r"its peer opens an issue of the type (?P<type>[A-Z_]+) at the target, about (?P<about>.+)"))
def opens_about(session: Session, type: str, about: str) -> None:
    kinds = [] if about == "nothing" else about.removeprefix("the ").split(", ")
    open_(session, issue_id(session, "I1"), {"issueContext": f"ISSUE_CONTEXT_{type}", **contexts(session, *kinds)})


@when(parsers.re(r"its peer opens an issue at the target whose (?P<kind>\w+Contexts) has no name"))
def opens_nameless(session: Session, kind: str) -> None:
    open_(session, issue_id(session, "I1"), {kind: [{}]})


@when("its peer opens an issue at the target about the connection of csp-c")
def opens_about_third(session: Session) -> None:
    name = f"providers/{THIRD}/environments/env1/interconnects/ix1/connections/{session.notes['third']}"
    type = "ISSUE_CONTEXT_CONNECTION_ISSUE"
    open_(session, issue_id(session, "I1"), {"issueContext": type, "connectionContexts": [{"name": name}]})


@when(parsers.re(rf"its peer (?P<does>reads|closes) the issue {ISSUE}"))
def reads_or_closes(session: Session, does: str, issue: str) -> None:
    id = issue_id(session, issue)
    if does == "reads":
        call(session, "GetIssue", id)
    else:
        call(session, "CloseIssue", id, json={})


@when(
    parsers.re(
        r"its peer (?P<does>reads|closes|comments on|lists the comments of) an issue of the target that nobody opened"
    )
)
def asks_for_nobodys(session: Session, does: str) -> None:
    id = _nobodys(session)
    if does == "reads":
        call(session, "GetIssue", id)
    elif does == "closes":
        call(session, "CloseIssue", id, json={})
    elif does == "comments on":
        call(session, "AddComment", id, json={"comment": {"body": "x"}})
    else:
        call(session, "ListComments", id)


@when(parsers.re(rf"its peer reads the issue {ISSUE} of csp-c, under its own prefix and under that of csp-c"))
def reads_thirds(session: Session, issue: str) -> None:
    id = issue_id(session, issue)
    tried = [call(session, "GetIssue", id, provider=provider) for provider in ("", THIRD)]
    session.notes["tried"] = [each.request.exchange for each in tried]
    session.notes["third-reads"] = call(session, "GetIssue", id, caller=THIRD).request.exchange


@when("its peer lists the issues at the target to the end, without a page size")
def lists_all(session: Session) -> None:
    session.notes["pages"] = all_pages(session, "ListIssues", "")


@when(parsers.re(r"its peer lists the issues at the target with the page size (?P<size>\d+)"))
def lists_sized(session: Session, size: str) -> None:
    call(session, "ListIssues", query={"pageSize": size})


def all_pages(session: Session, operation: str, issue: str, most: int = 100) -> list[str]:
    """The exchanges of all pages, until there is no token."""
    pages: list[Exchange] = []
    token = ""
    while len(pages) < most and (token or not pages):
        pages.append(call(session, operation, issue, query={"pageToken": token} if token else {}))
        body = pages[-1].response.body if pages[-1].response else None
        token = str(body.get("nextPageToken") or "") if isinstance(body, dict) else ""
    return [each.request.exchange for each in pages]
