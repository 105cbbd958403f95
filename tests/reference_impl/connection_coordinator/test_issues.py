"""Issues: what a provider answers to its partner, and what its own operator sends."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.connection_coordinator import issue_messages as m
from reference_impl.kernel.party import Message, Requested
from tests.reference_impl.connection_coordinator.pair import Pair, pair

ISSUE = m.Issue(title="Light is low", body="since noon")


def ask(duo: Pair, operation: str, body: Message | None = None, caller: str = "csp-b", **where: str) -> tuple[int, Any]:
    """Ask csp-a; ``where``: issue (path), and query parameters."""
    path = {"provider": caller} | ({"issue": where.pop("issue")} if "issue" in where else {})
    reply = duo.submit("csp-a", Requested("", caller, operation, path, where, body))
    return reply.status, reply.body


def test_an_issue_from_its_opening_to_its_end() -> None:
    with pair() as duo:
        contexts = (m.ChannelContext(name="providers/csp-b/environments/env1/interconnects/ix1/channels/ch1"),)
        given = ISSUE.model_copy(
            update={
                "priority": m.Priority.P1,
                "remoteIssueId": "T-1",
                "channelContexts": contexts,
                "state": "STATE_CLOSED",
            }
        )
        status, opened = ask(duo, "CreateIssue", given, issueId="i1")
        assert (status, opened.name, opened.state) == (200, "providers/csp-b/issues/i1", m.State.OPEN)
        assert (opened.createTime, opened.localIssueId) == (
            "2026-01-01T00:00:00.000Z",
            "00000000-0000-4000-8000-000000000001",
        )
        assert (opened.title, opened.priority, opened.remoteIssueId) == ("Light is low", m.Priority.P1, "T-1")
        assert opened.channelContexts == contexts
        assert ask(duo, "GetIssue", issue="i1") == (200, opened)
        status, said = ask(duo, "AddComment", m.AddCommentRequest(comment=m.Comment(body="x")), issue="i1")
        assert (status, said.comment.body, said.comment.displayName) == (200, "x", "Cloud Service Provider B")
        closed = opened.model_copy(update={"state": m.State.CLOSED})
        for operation in ("CloseIssue", "CloseIssue", "GetIssue"):
            assert ask(duo, operation, issue="i1") == (200, closed)


@pytest.mark.parametrize(
    ("change", "query", "status"),
    [
        ({}, {"issueId": "i1"}, 409),
        ({"title": " "}, {"issueId": "i2"}, 400),
        ({}, {}, 400),
        ({}, {"issueId": "a/b"}, 400),
        ({"name": "providers/csp-b/issues/other"}, {"issueId": "i2"}, 400),
        ({"name": "providers/csp-b/issues/i2"}, {"issueId": "i2"}, 200),
        ({"issueContext": m.IssueContext.CONNECTION}, {"issueId": "i2"}, 400),
        ({"issueContext": m.IssueContext.UNSPECIFIED}, {"issueId": "i2"}, 200),
        ({"featureContexts": (m.FeatureContext(name="providers/csp-c/environments/e"),)}, {"issueId": "i2"}, 400),
    ],
)
def test_what_can_be_opened(change: dict[str, Any], query: dict[str, str], status: int) -> None:
    with pair() as duo:
        assert ask(duo, "CreateIssue", ISSUE, issueId="i1")[0] == 200
        assert ask(duo, "CreateIssue", ISSUE.model_copy(update=change), **query)[0] == status
        assert [row["id"] for row in duo.dump("csp-a")["issues"]] == ["i1", "i2"][: 1 + (status == 200)]


def test_pages_of_issues_and_of_comments_the_newest_first() -> None:
    with pair() as duo:
        for number in range(60):
            assert ask(duo, "CreateIssue", ISSUE, issueId=f"i{number}")[0] == 200
            ask(duo, "AddComment", m.AddCommentRequest(comment=m.Comment(body=str(number))), issue="i0")
        first = ask(duo, "ListIssues")[1]
        rest = ask(duo, "ListIssues", pageToken=first.nextPageToken)[1]
        assert (len(first.issues), len(rest.issues), rest.nextPageToken) == (50, 10, None)
        assert len({each.name for each in (*first.issues, *rest.issues)}) == 60
        assert len(ask(duo, "ListIssues", pageSize="5000")[1].issues) == 60
        comments = ask(duo, "ListComments", issue="i0")[1]
        assert [each.body for each in comments.comments] == [str(number) for number in range(59, 9, -1)]
        assert ask(duo, "ListComments", issue="i0", pageToken=first.nextPageToken)[0] == 400


def test_a_partner_sees_its_own_issues_only() -> None:
    with pair("three-partners") as duo:
        ask(duo, "CreateIssue", ISSUE, issueId="i1", caller="csp-c")
        for operation in ("GetIssue", "CloseIssue", "ListComments"):
            assert ask(duo, operation, issue="i1")[0] == 404
        assert ask(duo, "ListIssues")[1].issues == ()


def test_an_operator_opens_comments_and_closes_in_any_order_of_answers() -> None:
    with pair() as duo:
        duo.wire.twist("csp-b", "CreateIssue", "drop", 503, "lose")
        issue = duo.act("csp-b", "open_issue", title="t", body="b")["outputs"]["issue"]
        duo.act("csp-b", "comment_issue", issue=issue, body="and more")
        duo.act("csp-b", "close_issue", issue=issue)
        duo.settle()
        (own,) = duo.act("csp-b", "issues")["outputs"]["own"]
        assert (own["issue"], own["state"]) == (issue, "closed")
        assert duo.dump("csp-a")["issues"] == [{"peer": "csp-b", "id": issue, "state": "CLOSED", "comments": 1}]
        statuses = [each.status for each in duo.wire.log if each.operation == "CreateIssue"]
        assert statuses == [None, 503, None, 409]


def test_an_operator_reads_why_an_issue_was_refused() -> None:
    with pair() as duo:
        duo.wire.twist("csp-b", "CreateIssue", 400)
        issue = duo.act("csp-b", "open_issue", title="t", body="b")["outputs"]["issue"]
        duo.settle()
        (own,) = duo.act("csp-b", "issues")["outputs"]["own"]
        assert (own["state"], own["reason"]) == ("refused", "answered 400")
        assert duo.act("csp-b", "comment_issue", issue=issue, body="x")["status"] == 404
