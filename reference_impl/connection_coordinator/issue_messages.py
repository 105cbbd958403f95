"""The messages of issues (schemas/issues.yaml): an operator writes to the other provider's operator.

The contexts name resources under the caller's own provider ID, as every name that the caller uses (CC-PROV-001).
"""

from __future__ import annotations

from enum import StrEnum

from reference_impl.connection_coordinator.messages import Moment
from reference_impl.kernel.party import Message


class State(StrEnum):
    UNSPECIFIED = "STATE_UNSPECIFIED"
    OPEN = "STATE_OPEN"
    IN_PROGRESS = "STATE_IN_PROGRESS"
    ACTION_REQUIRED = "STATE_ACTION_REQUIRED"
    CLOSED = "STATE_CLOSED"


class Priority(StrEnum):
    UNSPECIFIED = "PRIORITY_UNSPECIFIED"
    P0 = "PRIORITY_P0"
    P1 = "PRIORITY_P1"
    P2 = "PRIORITY_P2"
    P3 = "PRIORITY_P3"
    P4 = "PRIORITY_P4"


class IssueContext(StrEnum):
    """The preset types. A connection issue needs a connection context, an interconnect issue an interconnect context."""

    UNSPECIFIED = "ISSUE_CONTEXT_UNSPECIFIED"
    CONNECTION = "ISSUE_CONTEXT_CONNECTION_ISSUE"
    INTERCONNECT = "ISSUE_CONTEXT_INTERCONNECT_ISSUE"


class InterconnectContext(Message):
    name: str


class ChannelContext(Message):
    name: str


class ConnectionContext(Message):
    name: str


class FeatureContext(Message):
    name: str


class Issue(Message):
    """The resource as served, and as created: in a request ``name``, ``state``, ``createTime`` and ``localIssueId`` do
    not count."""

    name: str | None = None
    title: str
    body: str
    priority: Priority | None = None
    state: State | None = None
    createTime: Moment | None = None
    localIssueId: str | None = None
    remoteIssueId: str | None = None
    remoteContactEmail: str | None = None
    issueContext: IssueContext | None = None
    interconnectContexts: tuple[InterconnectContext, ...] = ()
    channelContexts: tuple[ChannelContext, ...] = ()
    connectionContexts: tuple[ConnectionContext, ...] = ()
    featureContexts: tuple[FeatureContext, ...] = ()


class ListIssuesResponse(Message):
    issues: tuple[Issue, ...] = ()
    nextPageToken: str | None = None


class CloseIssueRequest(Message):
    pass


class Comment(Message):
    """As served, and as added: in a request only ``body`` counts."""

    body: str
    createTime: Moment | None = None
    displayName: str | None = None
    localCommentId: str | None = None


class AddCommentRequest(Message):
    comment: Comment


class AddCommentResponse(Message):
    comment: Comment | None = None


class ListCommentsResponse(Message):
    comments: tuple[Comment, ...] = ()
    nextPageToken: str | None = None
