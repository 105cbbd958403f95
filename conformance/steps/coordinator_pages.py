"""Steps of paging: the harness pages through the lists of the target in its peer's name."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from conformance import prologue
from conformance.play import Unprepared
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.steps.coordinator_by_hand import announcements_acknowledged
from conformance.view import Exchange

OPERATIONS = {
    "environments": "ListEnvironments",
    "interconnects": "ListInterconnects",
    "channels": "ListChannels",
    "connections": "ListConnections",
    "features": "ListFeatures",
    "issues": "ListIssues",
    "comments": "ListComments",
}
SIZES = (1, 2, 5, 100)
COLLECTIONS = r"(?P<collections>[a-z]+(?:, [a-z]+)*(?: and [a-z]+)?)"


def page(
    session: Session, collection: str, caller: str | None = None, interconnect: str = "ix1", **query: Any
) -> Exchange:
    """One page of a collection: the environments or issues, or what is below env1, ix1, the scenario's connection or its
    last issue."""
    caller = caller or prologue.OTHER[session.target]
    path = {"provider": caller}
    if collection == "comments":
        path["issue"] = session.notes["commented"]
    elif collection not in ("environments", "issues"):
        path["environment"] = "env1"
    if collection in ("channels", "connections", "features"):
        path["interconnect"] = interconnect
    if collection == "features":
        path["connection"] = session.notes["uuid"]
    asked = {name: str(value) for name, value in query.items() if value is not None}
    return session.send(caller, session.target, OPERATIONS[collection], path, query=asked, whole=False)


def token_of(exchange: Exchange) -> str | None:
    body = exchange.response.body if exchange.response else None
    return body.get("nextPageToken") if isinstance(body, dict) else None


def walk(session: Session, collection: str, size: int, token: str | None = None, most: int = 12) -> list[Exchange]:
    """Pages until there is no token, or too many of them."""
    pages = [page(session, collection, pageSize=size, pageToken=token)]
    while len(pages) < most and (token := token_of(pages[-1])):
        pages.append(page(session, collection, pageSize=size, pageToken=token))
    return pages


def _words(collections: str) -> list[str]:
    return collections.replace(" and ", ", ").split(", ")


def _ids(exchanges: list[Exchange]) -> list[str]:
    return [each.request.exchange for each in exchanges]


@given(parsers.re(r"the target holds (?P<number>\d) connections of its peer on (?P<interconnect>\w+)"))
def holds_connections(session: Session, number: str, interconnect: str) -> None:
    session.notes["placed"] = []
    for _ in range(int(number)):
        prologue.place_by_hand(session, session.target, interconnect)
        session.notes["placed"].append(session.notes["uuid"])


@given(parsers.re(r"the last of them has (?P<number>\d) features"))
def has_features(session: Session, number: str) -> None:
    announcements_acknowledged(session)
    for each in range(1, int(number) + 1):
        agreed = prologue.feature_by_hand(session, prologue.OTHER[session.target], f"ch{each}")
        if not agreed.succeeded:
            raise Unprepared(f"the target does not take a feature for ch{each}: {agreed.told()}")


@when(parsers.re(rf"its peer asks the target for {COLLECTIONS} in pages of (?P<size>\d+)"))
def asks_first_pages(session: Session, collections: str, size: str) -> None:
    session.notes["firsts"] = {
        each: page(session, each, pageSize=size).request.exchange for each in _words(collections)
    }


@when(parsers.re(rf"its peer asks the target for {COLLECTIONS} without a page size and with 0"))
def asks_default(session: Session, collections: str) -> None:
    session.notes["lists"] = [
        page(session, each, pageSize=size).request.exchange for each in _words(collections) for size in (None, 0)
    ]


@when(parsers.re(rf"its peer asks the target for {COLLECTIONS} with the page size -1 and a text"))
def asks_impossible(session: Session, collections: str) -> None:
    session.notes["lists"] = [
        page(session, each, pageSize=size).request.exchange for each in _words(collections) for size in (-1, "many")
    ]


@when(parsers.re(rf"its peer pages through {COLLECTIONS} of the target with page sizes 1, 2, 5 and 100"))
def pages_through(session: Session, collections: str) -> None:
    session.notes["walks"] = {
        each: {str(size): _ids(walk(session, each, size)) for size in SIZES} for each in _words(collections)
    }


@when("its peer pages through the connections of the target while one is added and one is deleted")
def pages_while_changing(session: Session) -> None:
    """After the first page of two a connection is added; the one that the page ended with is deleted."""
    first = page(session, "connections", pageSize=2)
    rows = (first.response.body or {}).get("connections", []) if first.response else []
    if len(rows) < 1 or token_of(first) is None:
        raise Unprepared(f"no first page with a token: {first.told()}")
    gone = str(rows[-1]["name"]).rpartition("/")[2]
    session.notes["placed"].remove(gone)
    caller = prologue.OTHER[session.target]
    steady = list(session.notes["placed"])
    prologue.place_by_hand(session, session.target, "ix1")
    path = prologue.connection_path(session, caller, "ix1", gone)
    if not session.send(caller, session.target, "DeleteConnection", path).succeeded:
        raise Unprepared("the target does not delete the connection")
    rest = walk(session, "connections", 2, token_of(first))
    session.notes.update(pages=_ids([first, *rest]), steady=steady)


@when(parsers.re(rf"its peer uses the page token garbage for {COLLECTIONS} of the target"))
def uses_garbage(session: Session, collections: str) -> None:
    session.notes["lists"] = [page(session, each, pageToken="garbage").request.exchange for each in _words(collections)]


@when("its peer uses a page token of the connections on ix1 for those on ix2")
def uses_on_ix2(session: Session) -> None:
    token = _token_or_unprepared(page(session, "connections", pageSize=1))
    used = page(session, "connections", interconnect="ix2", pageToken=token, pageSize=1)
    session.notes["used"] = used.request.exchange


@when("its peer uses the page token that csp-c got for its channels")
def uses_of_third(session: Session) -> None:
    token = _token_or_unprepared(page(session, "channels", caller="csp-c", pageSize=2))
    session.notes["used"] = page(session, "channels", pageToken=token, pageSize=2).request.exchange


@when("its peer goes on with a page token and another page size")
def goes_on_otherwise(session: Session) -> None:
    first = page(session, "connections", pageSize=2)
    used = page(session, "connections", pageSize=1, pageToken=_token_or_unprepared(first))
    rest = walk(session, "connections", 1, token_of(used)) if token_of(used) else []
    session.notes.update(first=first.request.exchange, used=used.request.exchange, rest=_ids(rest))


def _token_or_unprepared(first: Exchange) -> str:
    token = token_of(first)
    if not token:
        raise Unprepared(f"no page token: {first.told()}")
    return token


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"each first page holds at most (?P<size>\d+) items and a token {CHECK}"))
def first_pages(session: Session, size: str, check: str, at: str | None) -> None:
    claim(session, check, at, "pages_bounded", firsts=session.notes["firsts"], size=int(size))


@then(parsers.re(rf"the target lists by its default {CHECK}"))
def lists_by_default(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "lists_answered", exchanges=session.notes["lists"])


@then(parsers.re(rf"the target refuses each of these lists {CHECK}"))
def refuses_lists(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "lists_refused", exchanges=session.notes["lists"])


@then(parsers.re(rf"the same (?P<number>\d) items are there each time, none twice, and the pages end {CHECK}"))
def same_items(session: Session, number: str, check: str, at: str | None) -> None:
    for collection, walks in session.notes["walks"].items():
        params = {"collection": collection, "number": int(number), "sizes": SIZES}
        claim(session, check, at, "every_item_once", walks=walks, **params)


@then(parsers.re(rf"no connection that was there throughout is lost or repeated {CHECK}"))
def none_lost(session: Session, check: str, at: str | None) -> None:
    params = {"pages": session.notes["pages"], "steady": session.notes["steady"]}
    claim(session, check, at, "steady_items_once", collection="connections", **params)


@then(parsers.re(rf"the token is refused, or yields only what is on ix2 {CHECK}"))
def only_ix2(session: Session, check: str, at: str | None) -> None:
    prefix = f"providers/{prologue.OTHER[session.target]}/environments/env1/interconnects/ix2/"
    params = {"collection": "connections", "prefix": prefix}
    claim(session, check, at, "token_keeps_to_its_list", exchange=session.notes["used"], **params)


@then(parsers.re(rf"the token is refused, or yields only (?P<collection>channels|issues) of its peer {CHECK}"))
def only_own(session: Session, collection: str, check: str, at: str | None) -> None:
    prefix = f"providers/{prologue.OTHER[session.target]}/"
    params = {"collection": collection, "prefix": prefix}
    claim(session, check, at, "token_keeps_to_its_list", exchange=session.notes["used"], **params)


@then(parsers.re(rf"the page size is refused, or all (?P<number>\d) connections come once {CHECK}"))
def continued(session: Session, number: str, check: str, at: str | None) -> None:
    params = {name: session.notes[name] for name in ("first", "rest")}
    claim(
        session,
        check,
        at,
        "continued_or_refused",
        exchange=session.notes["used"],
        collection="connections",
        number=int(number),
        **params,
    )
