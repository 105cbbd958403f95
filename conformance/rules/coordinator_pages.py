"""Rules of paging: pages, their bounds, and the tokens that lead from one to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_static import body_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting


def names_in(exchange: Exchange, collection: str) -> list[str]:
    """The names on a page, of comments, which have none, their texts (CC-ERR-43: an absent list is empty)."""
    return [str(row.get("name", row.get("body"))) for row in body_of(exchange).get(collection) or []]


def _token(exchange: Exchange) -> Any:
    return body_of(exchange).get("nextPageToken")


def _evidence(exchanges: Sequence[Exchange]) -> list[int]:
    return [number for each in exchanges for number in each.evidence]


@rule
def pages_bounded(view: TraceView, firsts: Mapping[str, str], size: int) -> Finding | Waiting:
    """The first page of each collection holds at most ``size`` items and a nextPageToken. ``firsts``: exchanges by
    collection."""
    seen = {collection: exchange_of(view, each) for collection, each in firsts.items()}
    for collection, each in seen.items():
        names = names_in(each, collection)
        if not each.succeeded or len(names) > size or not _token(each):
            got = f"{each.told()}: {len(names)} {collection}, {'a' if _token(each) else 'no'} token"
            return Finding.failed(want=f"at most {size} and a nextPageToken", got=got, evidence=each.evidence)
    return Finding.passed(f"{len(seen)} first pages", evidence=_evidence(list(seen.values())))


@rule
def lists_answered(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Without a page size, or with 0, the server's default applies: 2xx."""
    seen = [exchange_of(view, each) for each in exchanges]
    for each in seen:
        if not each.succeeded:
            return Finding.failed(want="2xx", got=each.told(), evidence=each.evidence)
    return Finding.passed(f"{len(seen)} lists", evidence=_evidence(seen[:1]))


@rule
def lists_refused(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Each is answered 4xx, never 5xx (CC-ERR-36)."""
    seen = [exchange_of(view, each) for each in exchanges]
    for each in seen:
        if not each.refused:
            return Finding.failed(want="4xx", got=f"{each.told()} {each.request.query}", evidence=each.evidence)
    return Finding.passed(f"{len(seen)} refused", evidence=_evidence(seen[:1]))


@rule
def every_item_once(
    view: TraceView, walks: Mapping[str, Sequence[str]], collection: str, number: int, sizes: Sequence[int]
) -> Finding | Waiting:
    """Whatever the page size, the pages hold the same ``number`` items, each once, and come to an end. ``walks``: the
    pages' exchanges by page size."""
    first: list[str] | None = None
    for size in sizes:
        pages = [exchange_of(view, each) for each in walks[str(size)]]
        names = [name for page in pages for name in names_in(page, collection)]
        want = f"{number} {collection}, each once, on pages of {size}, then the end"
        too_long = [page for page in pages if len(names_in(page, collection)) > size]
        bad = not all(page.succeeded for page in pages) or _token(pages[-1]) or too_long
        if bad or len(names) != number or len(set(names)) != number or sorted(names) != sorted(first or names):
            got = f"{len(names)}, {len(set(names))} different, on {len(pages)} pages{', no end' if _token(pages[-1]) else ''}"
            return Finding.failed(want=want, got=got, evidence=_evidence(pages))
        first = first or names
    return Finding.passed(f"{number} {collection} with page sizes {list(sizes)}")


@rule
def steady_items_once(
    view: TraceView, pages: Sequence[str], collection: str, steady: Sequence[str]
) -> Finding | Waiting:
    """While items come and go between pages, each that was there throughout is shown exactly once; no 5xx."""
    seen = [exchange_of(view, each) for each in pages]
    names = [name.rpartition("/")[2] for page in seen for name in names_in(page, collection)]
    wrong = {each: names.count(each) for each in steady if names.count(each) != 1}
    if all(page.succeeded for page in seen) and not wrong and not _token(seen[-1]):
        return Finding.passed(f"{len(steady)} steady ones once", evidence=_evidence(seen))
    got = f"{[page.status for page in seen]}, times shown {wrong}"
    return Finding.failed(want="each steady item once, 2xx, an end", got=got, evidence=_evidence(seen))


@rule
def token_keeps_to_its_list(view: TraceView, exchange: str, collection: str, prefix: str) -> Finding | Waiting:
    """A token used elsewhere is answered 4xx, or with items of that place only: names under ``prefix``."""
    seen = exchange_of(view, exchange)
    if seen.refused:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    names = names_in(seen, collection)
    foreign = [name for name in names if not name.startswith(prefix)]
    if seen.succeeded and not foreign:
        return Finding.passed(f"{len(names)} own items", evidence=seen.evidence)
    got = f"{seen.told()}: {foreign}"
    return Finding.failed(want=f"4xx, or only items under {prefix}", got=got, evidence=seen.evidence)


@rule
def continued_or_refused(
    view: TraceView, first: str, exchange: str, rest: Sequence[str], collection: str, number: int
) -> Finding | Waiting:
    """The same token with another pageSize: 4xx, or a correct continuation to the end."""
    seen = exchange_of(view, exchange)
    if seen.refused:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    pages = [exchange_of(view, each) for each in (first, exchange, *rest)]
    names = [name for page in pages for name in names_in(page, collection)]
    if len(names) == number == len(set(names)) and all(page.succeeded for page in pages):
        return Finding.passed(f"{number} {collection}, each once", evidence=_evidence(pages))
    got = f"{seen.told()}: {len(names)}, {len(set(names))} different"
    return Finding.failed(want=f"4xx, or all {number} {collection} once", got=got, evidence=_evidence(pages))
