"""What a provider keeps of issues: those that partners opened here with what was said, and those opened at partners."""

from __future__ import annotations

from dataclasses import dataclass

from reference_impl.connection_coordinator.issue_messages import Issue as IssueMessage
from reference_impl.connection_coordinator.issue_messages import State
from reference_impl.kernel.tables import Table


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue that ``peer`` opened here. ``content`` is what it sent; the other members are this side's."""

    peer: str
    id: str
    content: IssueMessage
    state: State
    local_id: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Comment:
    """``number`` counts the comments of an issue from 1."""

    peer: str
    issue: str
    number: int
    body: str
    author: str
    local_id: str
    created_at: int


@dataclass(frozen=True, slots=True)
class OpenedIssue:
    """An issue that this side opens at ``peer``: opening, open, closed, or refused for a ``reason``."""

    id: str
    peer: str
    title: str
    state: str
    reason: str = ""


ISSUES = Table("issues", Issue, ("peer", "id"), (("peer",),))
COMMENTS = Table("comments", Comment, ("peer", "issue", "number"), (("peer", "issue"),))
OPENED_ISSUES = Table("opened_issues", OpenedIssue, ("id",))

ISSUE_TABLES = (ISSUES, COMMENTS, OPENED_ISSUES)
