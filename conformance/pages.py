"""Lists in pages (CC-PAGE-001): how large a page is, each server chooses. What the harness reads for itself, it reads to the
end, and its rules see the list as one answer; the trace holds every page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx

from reports.record import AnyRecord, Lost, Request, Response

FREE = frozenset({"pageSize", "pageToken"})
"""Who names one of these pages for himself."""

OF_A_BODY = frozenset({"content-length", "content-type", "transfer-encoding"})

MOST = 200
"""Pages after which a list is thought to have no end."""


def token_of(response: httpx.Response | None) -> str:
    """What continues a list; "" where nothing does."""
    if response is None or not response.is_success:
        return ""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return ""
    token = body.get("nextPageToken") if isinstance(body, dict) else None
    return token if isinstance(token, str) else ""


def further(first: httpx.Request, token: str, exchange: str) -> httpx.Request:
    """The request for the next page: all that the first one said but its body, and the token."""
    said = {name: value for name, value in first.headers.items() if name not in OF_A_BODY}
    return httpx.Request(
        "GET",
        first.url.copy_merge_params({"pageToken": token}),
        headers=said,
        extensions={"ours": True, "continues": exchange},
    )


def further_pages(records: Sequence[AnyRecord]) -> dict[str, list[str]]:
    """The exchanges of further pages, by that of the first one."""
    found: dict[str, list[str]] = {}
    for record in records:
        if isinstance(record, Request) and record.continues:
            found.setdefault(record.continues, []).append(record.exchange)
    return found


def whole(
    exchange: str, ends: Mapping[str, Response | Lost], pages: Mapping[str, Sequence[str]]
) -> Response | Lost | None:
    """What came of an exchange: with further pages all items in one answer, or the end of the page that did not come."""
    end = ends.get(exchange)
    if not isinstance(end, Response) or exchange not in pages:
        return end
    items: dict[str, Any] = dict(end.body)
    last = end
    for page in (ends.get(each) for each in pages[exchange]):
        if not isinstance(page, Response) or not 200 <= page.status < 300 or not isinstance(page.body, dict):
            return page
        last = page
        for member, value in page.body.items():
            items[member] = [*items[member], *value] if _lists(items.get(member), value) else items.get(member, value)
    items.pop("nextPageToken", None)
    if last.body.get("nextPageToken"):
        items["nextPageToken"] = last.body["nextPageToken"]
    return replace(end, seq=last.seq, at=last.at, body=items, size=end.size)


def _lists(one: Any, other: Any) -> bool:
    return isinstance(one, list) and isinstance(other, list)
