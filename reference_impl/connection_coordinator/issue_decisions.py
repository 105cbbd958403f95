"""The choices of a provider that answers issues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from reference_impl.connection_coordinator.issue_messages import IssueContext, State

DEFAULT_PAGE, LARGEST_PAGE = 50, 1000

DEMANDS: Mapping[IssueContext, str] = {
    IssueContext.CONNECTION: "connectionContexts",
    IssueContext.INTERCONNECT: "interconnectContexts",
}
"""Which context a preset type of issue demands (schemas/issues.yaml, IssueContext)."""


@dataclass(frozen=True, slots=True)
class IssueDecisions:
    initial: Callable[[State | None], State] = lambda asked: State.OPEN
    """The state of a new issue, given what the request says (CC-ISSUE-001)."""
    keeps: Collection[str] = ("remoteIssueId", "remoteContactEmail", "contexts")
    """What of a request is echoed besides title, body and priority (CC-ISSUE-001, -002)."""
    overwrites: bool = False
    """Let a second issue replace the first one of its id (CC-ISSUE-001 forbids it)."""
    demands: Callable[[IssueContext], str | None] = DEMANDS.get
    """A preset type of issue without its context is refused (CC-ISSUE-002)."""
    may_name: Callable[[str, str], bool] = lambda name, caller: name.startswith(f"providers/{caller}/environments/")
    """May a caller's context name this resource (CC-ISSUE-002)?"""
    echoes: Callable[[str], str] = lambda name: name
    """What a context says of the resource that it names: nothing (CC-ISSUE-002)."""
    needs_text: bool = True
    """An empty title, body or comment is none (CC-ISSUE-001, -006)."""
    belongs: Callable[[str, str], bool] = str.__eq__
    """May this caller read that provider's issues (CC-ISSUE-003, -004)?"""
    page_size: Callable[[int], int] = lambda wanted: min(wanted or DEFAULT_PAGE, LARGEST_PAGE)
    """Issues or comments on a page, given the number wanted, 0 for the default (CC-ISSUE-004, -007)."""
    closes: bool = True
    """CloseIssue closes, and the issue stays readable (CC-ISSUE-005)."""
    comment_of: Callable[[str], str] = lambda body: body
    """What is kept of a comment (CC-ISSUE-006)."""
    newest_first: bool = True
    """Comments are listed by createTime descending (CC-ISSUE-007)."""
    created: Callable[[int], int] = lambda now: now
    """The createTime of an issue or comment (CC-ISSUE-001, -006)."""
    shows: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda issue: issue
    """What a read shows of an issue's members (CC-ISSUE-003)."""
    limit: int = 10_000
    """How many issues, and comments on each, a partner may leave here."""


ISSUE_HANDLER = IssueDecisions()
