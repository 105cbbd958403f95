"""Northbound: an operator opens, comments and closes issues at a partner (coordinator-harness, 2.2), and reads what there is.

Calls without an answer are repeated; one that opens an issue may find that the lost one had opened it (409).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reference_impl.connection_coordinator import issue_messages as m
from reference_impl.connection_coordinator.desk import Desk, insist, own_id
from reference_impl.connection_coordinator.inventory_records import PARTNERS
from reference_impl.connection_coordinator.issue_records import ISSUES, OPENED_ISSUES, OpenedIssue
from reference_impl.kernel.action import Action, Kind, Value, may, ok, text
from reference_impl.kernel.party import Acted, Answer, Call, Refusal

ROWS = (
    Action(
        "open_issue",
        "operator",
        "Open an issue with a partner; it is sent until the partner has it",
        (
            Value("title"),
            Value("body"),
            may("peer", summary="which partner; needed where there are several"),
            may("connection", summary="the resource name of a connection that it is about"),
            may("interconnect", summary="the resource name of an interconnect that it is about"),
        ),
        (Value("issue"),),
    ),
    Action("comment_issue", "operator", "Say something about an own issue", (Value("issue"), Value("body"))),
    Action("close_issue", "operator", "Close an own issue", (Value("issue"),)),
    Action(
        "issues",
        "operator",
        "Own issues at partners, and those that partners opened here",
        (),
        (Value("own", Kind.OBJECTS), Value("received", Kind.OBJECTS)),
    ),
)


def open_issue(desk: Desk, asked: Acted) -> Answer:
    partners = [row.id for row in desk.tx.rows(PARTNERS) if asked.inputs.get("peer") in (None, row.id)]
    if len(partners) != 1:
        raise Refusal(422, f"peer: want one of our partners, {len(partners)} fit")
    connection, interconnect = asked.inputs.get("connection"), asked.inputs.get("interconnect")
    about = m.IssueContext.CONNECTION if connection else m.IssueContext.INTERCONNECT if interconnect else None
    issue = m.Issue(
        title=text(asked, "title"),
        body=text(asked, "body"),
        issueContext=about,
        connectionContexts=(m.ConnectionContext(name=connection),) if connection else (),
        interconnectContexts=(m.InterconnectContext(name=interconnect),) if interconnect else (),
    )
    row = OpenedIssue(desk.ctx.fresh("issue"), partners[0], issue.title, "opening")
    desk.tx.put(OPENED_ISSUES, row)
    path = {"provider": own_id(desk, row.peer)}
    desk.call(row.peer, "CreateIssue", path, query={"issueId": row.id}, body=issue, subject=(row.id,))
    return ok(issue=row.id)


def comment_issue(desk: Desk, asked: Acted) -> Answer:
    row = _own(desk, asked)
    body = m.AddCommentRequest(comment=m.Comment(body=text(asked, "body")))
    desk.call(row.peer, "AddComment", _path(desk, row), body=body, subject=(row.id,))
    return ok()


def close_issue(desk: Desk, asked: Acted) -> Answer:
    row = _own(desk, asked)
    desk.call(row.peer, "CloseIssue", _path(desk, row), body=m.CloseIssueRequest(), subject=(row.id,))
    return ok()


def issues(desk: Desk, asked: Acted) -> Answer:
    own = [
        {"issue": row.id, "peer": row.peer, "title": row.title, "state": row.state, "reason": row.reason}
        for row in desk.tx.rows(OPENED_ISSUES)
    ]
    received = [{"issue": row.id, "peer": row.peer, "state": row.state.value} for row in desk.tx.rows(ISSUES)]
    return ok(own=own, received=received)


def _own(desk: Desk, asked: Acted) -> OpenedIssue:
    row = desk.tx.get(OPENED_ISSUES, text(asked, "issue"))
    if row is None or row.state not in ("opening", "open"):
        raise Refusal(404, f"there is no open issue {asked.inputs.get('issue')!r} of ours")
    return row


def _path(desk: Desk, row: OpenedIssue) -> Mapping[str, str]:
    return {"provider": own_id(desk, row.peer), "issue": row.id}


def answered(desk: Desk, call: Call, status: int | None, body: Any) -> None:
    """The partner answered, or not: what it refuses is told, everything else is repeated."""
    row = desk.tx.get(OPENED_ISSUES, *call.subject)
    if row is None or row.state == "closed":
        return
    if status is None or status >= 500:
        insist(desk, call)
    elif call.operation == "AddComment":
        if status == 404 and row.state == "opening":  # the issue itself is still under way
            insist(desk, call)
    elif 200 <= status < 300 or (call.operation == "CreateIssue" and status == 409 and call.attempt):
        desk.tx.put(OPENED_ISSUES, replace(row, state="closed" if call.operation == "CloseIssue" else "open"))
    elif call.operation == "CloseIssue" and row.state == "opening":
        insist(desk, call)
    elif call.operation == "CreateIssue":
        desk.tx.put(OPENED_ISSUES, replace(row, state="refused", reason=f"answered {status}"))


RESPONDED: Mapping[str, Callable[[Desk, Call, int | None, Any], None]] = dict.fromkeys(
    ("CreateIssue", "AddComment", "CloseIssue"), answered
)
ACTED: Mapping[str, Callable[[Desk, Acted], Answer]] = {
    "open_issue": open_issue,
    "comment_issue": comment_issue,
    "close_issue": close_issue,
    "issues": issues,
}
