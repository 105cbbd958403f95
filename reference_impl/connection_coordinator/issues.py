"""Issues that partners open here (paths/issues.yaml), and the comments on them.

An issue belongs to the provider that opened it, who may read, comment and close it; for everybody else it does not
exist (CC-ISSUE-003). Contexts are echoed, and nothing is looked up for them (CC-ISSUE-002).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reference_impl.connection_coordinator import issue_messages as m
from reference_impl.connection_coordinator import moments, names, reads
from reference_impl.connection_coordinator.desk import Desk, refuse_stranger
from reference_impl.connection_coordinator.issue_records import COMMENTS, ISSUES, Comment, Issue
from reference_impl.kernel.party import Answer, Refusal, Requested

_ID = re.compile(r"[A-Za-z0-9._~-]{1,63}")
"""What can stand in a name unescaped (CC-ERR-55)."""

CONTEXTS = ("interconnectContexts", "channelContexts", "connectionContexts", "featureContexts")
_OUR_OWN = ("name", "state", "createTime", "localIssueId")
_HIGHEST = 10**9


def create_issue(desk: Desk, request: Requested) -> Answer:
    peer = _owner(desk, request)
    id, body, choices = request.query.get("issueId", ""), request.body, desk.decisions.issues
    if not _ID.fullmatch(id) or not isinstance(body, m.Issue):
        raise Refusal(
            400, "want issueId in the query, of at most 63 letters, digits and hyphens, and an issue in the body"
        )
    if choices.needs_text and not (body.title.strip() and body.body.strip()):
        raise Refusal(400, "title and body: want a text each")
    if body.name is not None and body.name != _name(peer, id):
        raise Refusal(400, f"name: want {_name(peer, id)!r} or nothing, got {body.name!r}")
    _check_contexts(desk, body, request.caller)
    if desk.tx.get(ISSUES, peer, id) is not None and not choices.overwrites:
        raise Refusal(409, f"issue {id!r} exists already")
    if len(desk.tx.by(ISSUES, peer=peer)) >= choices.limit:
        raise Refusal(409, f"want at most {choices.limit} issues")
    dropped = [*_OUR_OWN, *(CONTEXTS if "contexts" not in choices.keeps else ())]
    dropped += [each for each in ("remoteIssueId", "remoteContactEmail") if each not in choices.keeps]
    content = m.Issue(**{key: value for key, value in body if key not in dropped})
    created = choices.created(desk.ctx.now)
    issue = Issue(peer, id, content, choices.initial(body.state), desk.ctx.fresh("case"), created)
    return Answer(m.Issue(**_whole(desk, desk.tx.put(ISSUES, issue))))


def _check_contexts(desk: Desk, body: m.Issue, caller: str) -> None:
    """Contexts name the caller's resources; a preset type has the one that it is about."""
    choices = desk.decisions.issues
    demanded = choices.demands(body.issueContext) if body.issueContext else None
    if demanded and not getattr(body, demanded):
        raise Refusal(400, f"{demanded}: want at least one for {body.issueContext}")
    for kind in CONTEXTS:
        for context in getattr(body, kind):
            if not choices.may_name(context.name, caller):
                want = f"a name under {names.provider_name(caller)}/environments/"
                raise Refusal(400, f"{kind}: want {want}, got {context.name!r}")


def get_issue(desk: Desk, request: Requested) -> Answer:
    return Answer(resource(desk, _issue_at(desk, request)))


def list_issues(desk: Desk, request: Requested) -> Answer:
    peer = _owner(desk, request)
    rows = [row for row in desk.tx.rows(ISSUES) if desk.decisions.issues.belongs(row.peer, peer)]
    page, token = reads.paged(desk, request, rows, lambda row: row.id, desk.decisions.issues.page_size)
    return Answer(m.ListIssuesResponse(issues=tuple(resource(desk, row) for row in page), nextPageToken=token))


def close_issue(desk: Desk, request: Requested) -> Answer:
    """Closing what is closed changes nothing (CC-ERR-37)."""
    issue = _issue_at(desk, request)
    closed = replace(issue, state=m.State.CLOSED)
    if desk.decisions.issues.closes:
        desk.tx.put(ISSUES, closed)
    return Answer(resource(desk, closed))


def add_comment(desk: Desk, request: Requested) -> Answer:
    """A closed issue takes comments too (CC-ERR-37)."""
    issue = _issue_at(desk, request)
    body, choices = request.body, desk.decisions.issues
    if not isinstance(body, m.AddCommentRequest) or (choices.needs_text and not body.comment.body.strip()):
        raise Refusal(400, "comment: want one with a body")
    number = len(desk.tx.by(COMMENTS, peer=issue.peer, issue=issue.id)) + 1
    if number > choices.limit:
        raise Refusal(409, f"want at most {choices.limit} comments on an issue")
    text, created = choices.comment_of(body.comment.body), choices.created(desk.ctx.now)
    comment = Comment(issue.peer, issue.id, number, text, request.caller, desk.ctx.fresh("comment"), created)
    return Answer(m.AddCommentResponse(comment=_said(desk, desk.tx.put(COMMENTS, comment))))


def list_comments(desk: Desk, request: Requested) -> Answer:
    """The newest first; of two of one moment the one that came later (CC-ISSUE-007)."""
    issue = _issue_at(desk, request)
    rows = desk.tx.by(COMMENTS, peer=issue.peer, issue=issue.id)
    descending = desk.decisions.issues.newest_first
    place: Callable[[Comment], str] = lambda row: f"{_HIGHEST - row.number if descending else row.number:010d}"  # noqa: E731 (one of two orders)
    page, token = reads.paged(desk, request, rows, place, desk.decisions.issues.page_size)
    return Answer(m.ListCommentsResponse(comments=tuple(_said(desk, row) for row in page), nextPageToken=token))


def resource(desk: Desk, issue: Issue) -> m.Issue:
    """The issue as read."""
    return m.Issue(**desk.decisions.issues.shows(_whole(desk, issue)))


def _whole(desk: Desk, issue: Issue) -> dict[str, Any]:
    echoed = {
        kind: tuple(each.model_copy(update={"name": desk.decisions.issues.echoes(each.name)}) for each in given)
        for kind in CONTEXTS
        if (given := getattr(issue.content, kind))
    }
    return {
        **dict(issue.content),
        **echoed,
        "name": _name(issue.peer, issue.id),
        "state": issue.state,
        "createTime": moments.written(issue.created_at),
        "localIssueId": issue.local_id,
    }


def _said(desk: Desk, comment: Comment) -> m.Comment:
    return m.Comment(
        body=comment.body,
        createTime=moments.written(comment.created_at),
        displayName=reads.display_name(desk, comment.author),
        localCommentId=comment.local_id,
    )


def _name(provider: str, issue: str) -> str:
    return f"{names.provider_name(provider)}/issues/{issue}"


def _owner(desk: Desk, request: Requested) -> str:
    refuse_stranger(desk, request)
    return request.path["provider"]


def _issue_at(desk: Desk, request: Requested) -> Issue:
    peer, id = _owner(desk, request), request.path["issue"]
    found = desk.tx.get(ISSUES, peer, id)
    if found is None:
        others = (row for row in desk.tx.rows(ISSUES) if row.id == id)
        found = next((row for row in others if desk.decisions.issues.belongs(row.peer, peer)), None)
    if found is None:
        raise Refusal(404, f"there is no issue {id!r} of yours")
    return found


REQUESTED = {
    "CreateIssue": create_issue,
    "GetIssue": get_issue,
    "ListIssues": list_issues,
    "CloseIssue": close_issue,
    "AddComment": add_comment,
    "ListComments": list_comments,
}
