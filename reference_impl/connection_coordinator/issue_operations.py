"""The operations of issues (paths/issues.yaml), one row each; ``operations`` holds the whole table."""

from __future__ import annotations

from reference_impl.connection_coordinator import issue_messages as m
from reference_impl.kernel.operation import Operation, Parameter

ISSUES = "/providers/{provider}/issues"
ISSUE = ISSUES + "/{issue}"

_EITHER = ("csp-a", "csp-b")
_PAGE = (
    Parameter(
        "pageSize",
        "integer",
        description="the most items wanted, 50 if absent; above 1000 counts as 1000",
        format="int32",
    ),
    Parameter("pageToken", description="nextPageToken of the call before; all other parameters must be the same"),
)
_GONE = {401: "no valid credentials", 404: "no such issue of yours"}
_BAD_PAGE = {400: "the page size or token is not usable"}

ALL = (
    Operation(
        "CreateIssue",
        "POST",
        ISSUES,
        m.Issue,
        m.Issue,
        caller=_EITHER,
        query=(Parameter("issueId", required=True, description="the id of the new issue"),),
        statuses={
            200: "opened",
            400: "incomplete, or about what is not the caller's",
            401: "no valid credentials",
            404: "no such provider",
            409: "the id is in use",
        },
        links=("GetIssue", "AddComment", "CloseIssue", "ListComments"),
        summary="Open an issue with the other provider",
    ),
    Operation(
        "GetIssue",
        "GET",
        ISSUE,
        response=m.Issue,
        caller=_EITHER,
        statuses={200: "the issue", **_GONE},
        links=("AddComment", "CloseIssue", "ListComments"),
        summary="One issue of the caller",
    ),
    Operation(
        "ListIssues",
        "GET",
        ISSUES,
        response=m.ListIssuesResponse,
        caller=_EITHER,
        query=_PAGE,
        statuses={200: "one page", **_BAD_PAGE, **_GONE},
        links=("ListIssues",),
        summary="The caller's issues",
    ),
    Operation(
        "CloseIssue",
        "POST",
        ISSUE + "/Close",
        m.CloseIssueRequest,
        m.Issue,
        caller=_EITHER,
        body_required=False,
        statuses={200: "closed", **_GONE},
        links=("GetIssue", "AddComment"),
        summary="The issue is resolved",
    ),
    Operation(
        "AddComment",
        "POST",
        ISSUE + "/AddComment",
        m.AddCommentRequest,
        m.AddCommentResponse,
        caller=_EITHER,
        statuses={200: "added", 400: "no comment, or an empty one", **_GONE},
        links=("ListComments",),
        summary="Say something about an issue",
    ),
    Operation(
        "ListComments",
        "GET",
        ISSUE + "/comments",
        response=m.ListCommentsResponse,
        caller=_EITHER,
        query=_PAGE,
        statuses={200: "one page, the newest first", **_BAD_PAGE, **_GONE},
        links=("ListComments",),
        summary="What was said about an issue",
    ),
)
