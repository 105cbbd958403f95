"""Wrong implementations of issues: what is forgotten, invented, shown to others, or listed amiss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.connection_coordinator.decisions import PROVIDER
from reference_impl.connection_coordinator.issue_messages import State


def _mutant(id: str, vice: str, caught_by: str, seat: str = "csp-a", **choices: Any) -> Mutant:
    return Mutant(
        id=id,
        vice=vice,
        caught_by=caught_by,
        protocol="connection-coordinator",
        seat=seat,
        decisions=replace(PROVIDER, issues=replace(PROVIDER.issues, **choices)),
    )


def _without(member: str) -> Any:
    def shows(issue: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in issue.items() if name != member}

    return shows


MUTANTS = (
    _mutant("cc-issue-born-closed", "opens issues as closed", "CC-ISSUE-001/1", initial=lambda asked: State.CLOSED),
    _mutant("cc-issue-old", "dates issues back by a day", "CC-ISSUE-001/1", created=lambda now: now - 86_400_000),
    _mutant(
        "cc-issue-forgets-ticket",
        "forgets the ticket number of the other side",
        "CC-ISSUE-001/2",
        "csp-b",
        keeps=("remoteContactEmail", "contexts"),
    ),
    _mutant("cc-issue-overwrites", "lets a second issue replace the first", "CC-ISSUE-001/4", "csp-b", overwrites=True),
    _mutant(
        "cc-issue-obeys-state",
        "takes the state of a new issue from the request",
        "CC-ISSUE-001/5",
        initial=lambda asked: asked or State.OPEN,
    ),
    _mutant(
        "cc-issue-forgets-contexts",
        "forgets what an issue is about",
        "CC-ISSUE-002/1",
        keeps=("remoteIssueId", "remoteContactEmail"),
    ),
    _mutant(
        "cc-issue-any-resource",
        "tells of a resource of somebody else",
        "CC-ISSUE-002/4",
        may_name=lambda name, caller: True,
        echoes=lambda name: f"{name} (VERIFIED)",
    ),
    _mutant(
        "cc-issue-shows-less",
        "leaves the priority out of what is read",
        "CC-ISSUE-003/1",
        "csp-b",
        shows=_without("priority"),
    ),
    _mutant("cc-issue-of-anybody", "shows everybody's issues", "CC-ISSUE-003/3", belongs=lambda peer, caller: True),
    _mutant(
        "cc-issue-lists-anybody",
        "lists everybody's issues",
        "CC-ISSUE-004/3",
        "csp-b",
        belongs=lambda peer, caller: True,
    ),
    _mutant(
        "cc-issue-large-default", "lists 100 by default", "CC-ISSUE-004/1", page_size=lambda n: min(n or 100, 1000)
    ),
    _mutant("cc-issue-no-cap", "lists as many as are wanted", "CC-ISSUE-004/2", "csp-b", page_size=lambda n: n or 50),
    _mutant("cc-issue-never-closed", "says closed, and stays open", "CC-ISSUE-005/1", closes=False),
    _mutant("cc-issue-quotes", "decorates comments", "CC-ISSUE-006/1", comment_of=lambda text: f"> {text}"),
    _mutant("cc-issue-oldest-first", "lists the oldest comments first", "CC-ISSUE-007/1", "csp-b", newest_first=False),
    _mutant(
        "cc-issue-all-comments",
        "lists 100 comments by default",
        "CC-ISSUE-007/2",
        page_size=lambda n: min(n or 100, 1000),
    ),
)
