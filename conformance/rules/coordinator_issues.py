"""Rules of issues: what the server adds, what it echoes, and the pages of issues and comments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from conformance.documented import documented
from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.coordinator_static import body_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting

SKEW = 5 * 60_000
"""Milliseconds by which a server's clock may differ from ours for a createTime to be "about now"."""

NOT_OPEN = (None, "STATE_UNSPECIFIED", "STATE_CLOSED")


def moment(text: Any) -> int | None:
    """An RFC 3339 moment in milliseconds; None for what is none."""
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return round(at.timestamp() * 1000) if at is not None and at.tzinfo is not None else None


def _about(text: Any, now: int) -> bool:
    at = moment(text)
    return at is not None and abs(at - now) <= SKEW


@rule
def issue_opened(view: TraceView, exchange: str, name: str, asked_at: int) -> Finding | Waiting:
    """2xx with the name that was asked for, an open state and a createTime about now (CC-ERR-37)."""
    seen = exchange_of(view, exchange)
    body = body_of(seen)
    want = f"2xx, name {name}, an open state, a createTime about now"
    right = body.get("name") == name and body.get("state") not in NOT_OPEN and _about(body.get("createTime"), asked_at)
    if not (seen.succeeded and right):
        return Finding.failed(want=want, got=f"{seen.told()} {told_body(body)}", evidence=seen.evidence)
    errata = () if body.get("state") == "STATE_OPEN" else ("CC-ERR-37",)
    return Finding.passed(str(body.get("state")), evidence=seen.evidence, errata=errata)


@rule
def issue_unchanged(view: TraceView, exchange: str, opened: str) -> Finding | Waiting:
    """What is read equals what was returned on creation; absent and empty are the same (CC-ERR-43). An open issue's
    state may have gone on, since somebody works at it."""
    seen, first = exchange_of(view, exchange), exchange_of(view, opened)
    now, then = _content(seen), _content(first)
    differing = sorted(name for name in now | then if now.get(name) != then.get(name))
    if seen.succeeded and first.succeeded and not differing:
        return Finding.passed(f"{len(now)} members", evidence=seen.evidence)
    got = f"{seen.told()}, different: {', '.join(differing) or 'nothing'}"
    return Finding.failed(want="the same as on creation", got=got, evidence=(*first.evidence, *seen.evidence))


def _content(exchange: Exchange) -> dict[str, Any]:
    shown = documented(exchange.request.operation, body_of(exchange))
    body = {name: value for name, value in shown.items() if value}
    if body.get("state") not in NOT_OPEN:
        body["state"] = "open"
    return body


@rule
def members_ignored(view: TraceView, exchange: str, claimed: Mapping[str, Any]) -> Finding | Waiting:
    """4xx, or 2xx with none of the claimed values in force."""
    seen = exchange_of(view, exchange)
    kept = [name for name, value in claimed.items() if body_of(seen).get(name) == value]
    moved = moment(body_of(seen).get("createTime")) == moment(claimed.get("createTime"))
    if seen.refused or (seen.succeeded and not kept and not moved):
        return Finding.passed(seen.told(), evidence=seen.evidence)
    got = f"{seen.told()}, taken over: {', '.join(kept or ['createTime']) if seen.succeeded else 'nothing'}"
    return Finding.failed(want="ignored, or 4xx", got=got, evidence=seen.evidence)


@rule
def context_not_looked_up(view: TraceView, exchange: str, given: Mapping[str, Any]) -> Finding | Waiting:
    """4xx, or 2xx whose contexts say no more than the request's. Members of its own in them are a warning: somebody has to
    read whether they tell of the resource."""
    seen = exchange_of(view, exchange)
    body = body_of(seen)
    raw, known = (
        {name: value for name, value in told.items() if name.endswith("Contexts") and value}
        for told in (body, documented(seen.request.operation, body))
    )
    more = [name for name, value in known.items() if value != given.get(name)]
    want = "4xx, or the name and nothing about it"
    if not (seen.refused or (seen.succeeded and not more)):
        return Finding.failed(want=want, got=f"{seen.told()} {raw}", evidence=seen.evidence)
    if not seen.refused and raw != known:
        return Finding(Verdict.WARNED, want, f"{seen.told()} {raw}", tuple(seen.evidence))
    return Finding.passed(seen.told(), evidence=seen.evidence)


def _rows(exchanges: Sequence[Exchange], member: str) -> list[Mapping[str, Any]]:
    return [row for each in exchanges for row in body_of(each).get(member) or []]


def _broken(pages: Sequence[Exchange], member: str, most: int) -> str:
    """Why these are no pages from the first to the end, in words."""
    if bad := [page for page in pages if not page.succeeded]:
        return bad[0].told()
    if longest := [number for page in pages if (number := len(body_of(page).get(member) or [])) > most]:
        return f"{longest[0]} {member} on a page"
    return "no end" if body_of(pages[-1]).get("nextPageToken") else ""


@rule
def issues_paged(
    view: TraceView,
    pages: Sequence[str],
    items: Sequence[str],
    most: int,
    hidden: Sequence[str] = (),
    paged: bool = False,
) -> Finding | Waiting:
    """From the first page to the end: at most so many on each, every one of ``items`` (IDs) once, none of ``hidden``.
    ``paged``: there are so many that the first page has a nextPageToken."""
    seen = [exchange_of(view, each) for each in pages]
    ids = [str(row.get("name", "")).rpartition("/")[2] for row in _rows(seen, "issues")]
    wrong = [each for each in items if ids.count(each) != 1]
    shown = [each for each in hidden if each in json.dumps([body_of(page) for page in seen])]
    want = f"pages of at most {most} with each of {len(items)} issues once, then the end"
    evidence = [number for page in seen for number in page.evidence]
    broken = _broken(seen, "issues", most) or ("one page" if paged and len(seen) < 2 else "")
    if broken or wrong or shown:
        got = broken or f"{len(ids)} issues, {len(wrong)} missing or repeated, shown of others: {shown}"
        return Finding.failed(want=want, got=got, evidence=evidence)
    return Finding.passed(f"{len(ids)} issues on {len(seen)} pages", evidence=evidence)


@rule
def page_capped(view: TraceView, exchange: str, most: int) -> Finding | Waiting:
    """A larger pageSize counts as ``most``: 2xx, at most so many items, and a token, since there are more."""
    seen = exchange_of(view, exchange)
    number = len(body_of(seen).get("issues") or [])
    size = seen.response.size if seen.response else 0
    if seen.succeeded and size and not body_of(seen):
        return Finding(Verdict.UNTESTED, got=f"a body of {size} bytes, more than a trace keeps", evidence=seen.evidence)
    if seen.succeeded and number <= most and body_of(seen).get("nextPageToken"):
        return Finding.passed(f"{number} issues", evidence=seen.evidence)
    return Finding.failed(
        want=f"2xx, at most {most}, a nextPageToken", got=f"{seen.told()} with {number} issues", evidence=seen.evidence
    )


@rule
def comment_returned(view: TraceView, exchange: str, text: str, asked_at: int) -> Finding | Waiting:
    """2xx; the comment's body as it was sent, and a createTime about now."""
    seen = exchange_of(view, exchange)
    comment = body_of(seen).get("comment") or {}
    if seen.succeeded and comment.get("body") == text and _about(comment.get("createTime"), asked_at):
        return Finding.passed(f"at {comment.get('createTime')}", evidence=seen.evidence)
    want = f"2xx with the body {text!r} and a createTime about now"
    return Finding.failed(want=want, got=f"{seen.told()} {told_body(body_of(seen))}", evidence=seen.evidence)


@rule
def comments_listed(view: TraceView, pages: Sequence[str], texts: Sequence[str], most: int = 1000) -> Finding | Waiting:
    """Each comment once, createTime descending; ``texts`` are in the order in which they were made. Of comments of one
    moment the order is free. More than ``most`` do not stand on one page."""
    seen = [exchange_of(view, each) for each in pages]
    rows = [row for row in _rows(seen, "comments") if row.get("body") in texts]
    times = [moment(row.get("createTime")) for row in rows]
    evidence = [number for page in seen for number in page.evidence]
    broken = _broken(seen, "comments", most) or ("one page" if len(texts) > most and len(seen) < 2 else "")
    if broken or sorted(str(row.get("body")) for row in rows) != sorted(texts):
        got = broken or f"{len(rows)} of them"
        return Finding.failed(want=f"each of {len(texts)} comments once, then the end", got=got, evidence=evidence)
    known = [each for each in times if each is not None]
    if len(known) < len(times) or known != sorted(known, reverse=True):
        got = ", ".join(f"{row.get('body')} {row.get('createTime')}" for row in rows[:3])
        return Finding.failed(want="createTime descending", got=got, evidence=evidence)
    return Finding.passed(f"{len(rows)} comments on {len(seen)} pages", evidence=evidence)
