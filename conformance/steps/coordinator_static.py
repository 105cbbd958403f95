"""Steps of what is agreed out of band: the harness reads providers and environments of the target in its peer's name."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from conformance import prologue
from conformance.session import Session
from conformance.steps.coordinator import CHECK, claim
from conformance.view import Exchange

NOBODY = "csp-nowhere"
"""A provider ID that nobody has."""

STATIC = ("", "/environments", "/environments/env1/interconnects", "/environments/env1/interconnects/ix1/channels")
"""The static collections below /providers/{peer}, the first one being the provider itself."""


def read(session: Session, operation: str, provider: str | None = None, *, swap: bool = False, **more: Any) -> Exchange:
    """One GET at the target in its peer's name (``swap``: at the peer in the target's name), under ``provider``."""
    peer = prologue.OTHER[session.target]
    caller, server = (session.target, peer) if swap else (peer, session.target)
    path = {"provider": provider or caller} | {name: value for name, value in more.items() if name != "query"}
    return session.send(caller, server, operation, path, query=more.get("query"))


def remember(session: Session, *exchanges: Exchange) -> None:
    session.notes["reads"] = [each.request.exchange for each in exchanges]


@when("its peer lists the providers of the target")
def lists_providers(session: Session) -> None:
    remember(session, session.send(prologue.OTHER[session.target], session.target, "ListProviders", {}))


@when("an unauthenticated caller lists the providers of the target")
def nobody_lists_providers(session: Session) -> None:
    peer = prologue.OTHER[session.target]
    remember(session, session.send(peer, session.target, "ListProviders", {}, authenticated=False))


@when("its peer reads its own provider at the target")
def reads_own_provider(session: Session) -> None:
    remember(session, read(session, "GetProvider"))


@when("its peer reads the provider of the target")
def reads_target_provider(session: Session) -> None:
    remember(session, read(session, "GetProvider", session.target))


@when("its peer reads the provider of another partner and one that does not exist")
def reads_others(session: Session) -> None:
    remember(session, read(session, "GetProvider", "csp-c"), read(session, "GetProvider", NOBODY))


@when("its peer pages through the environments of the target")
def pages_environments(session: Session) -> None:
    pages = [read(session, "ListEnvironments", query={"pageSize": "1"})]
    while len(pages) < 10 and (token := _next(pages[-1])):
        pages.append(read(session, "ListEnvironments", query={"pageSize": "1", "pageToken": token}))
    remember(session, *pages)


def _next(page: Exchange) -> str | None:
    body = page.response.body if page.response else None
    return body.get("nextPageToken") if isinstance(body, dict) else None


@when(parsers.re(r"its peer reads (?P<environment>env\w+) of the target, and the list"))
def reads_environment_and_list(session: Session, environment: str) -> None:
    remember(
        session,
        read(session, "GetEnvironment", environment=environment),
        read(session, "ListEnvironments"),
    )


@when(parsers.re(r"its peer reads (?P<environments>env[\w-]+(?:, env[\w-]+)*) of the target"))
def reads_environments(session: Session, environments: str) -> None:
    remember(session, *(read(session, "GetEnvironment", environment=each) for each in environments.split(", ")))


@when("a customer of the target asks what is offered")
def asks_offers(session: Session) -> None:
    session.act(session.target, "offers", account="X")


@when("its peer tries to write each static resource of the target")
def tries_to_write(session: Session) -> None:
    """POST, PUT, PATCH and DELETE on the four collections and on one item of each."""
    peer = prologue.OTHER[session.target]
    base = f"/providers/{peer}"
    items = [base, *(f"{base}{each}/{name}" for each, name in zip(STATIC[1:], ("env1", "ix1", "ch1"), strict=True))]
    paths = ["/providers", *items, *(f"{base}{each}" for each in STATIC[1:])]

    def gets() -> list[str]:
        return [session.send_path(peer, session.target, "GET", path).request.exchange for path in paths]

    before = gets()
    session.notes["writes"] = [
        session.send_path(
            peer, session.target, method, path, json=None if method == "DELETE" else {"displayName": "changed"}
        ).request.exchange
        for path in paths
        for method in ("POST", "PUT", "PATCH", "DELETE")
    ]
    session.notes["unchanged"] = dict(zip(before, gets(), strict=True))


@when("each side lists what the two have agreed on")
def both_list(session: Session) -> None:
    """Environments, and for env1 interconnects and the channels of ix1, at the target and at its peer."""
    places: dict[str, dict[str, Any]] = {
        "ListEnvironments": {},
        "ListInterconnects": {"environment": "env1"},
        "ListChannels": {"environment": "env1", "interconnect": "ix1"},
    }
    session.notes["copies"] = {
        operation: {
            read(session, operation, **place).request.exchange: read(
                session, operation, swap=True, **place
            ).request.exchange
        }
        for operation, place in places.items()
    }


# --- claims -----------------------------------------------------------------------------------------------------------


@then(parsers.re(rf"every call of the target went under its own provider ID {CHECK}"))
def under_own_id(session: Session, check: str, at: str | None) -> None:
    params = {"seat_shown": session.target, "peer": prologue.OTHER[session.target]}
    claim(session, check, at, "calls_under_own_provider", strictly=False, **params)


@then(parsers.re(rf"no call of the target went below the provider of its peer {CHECK}"))
def not_below_peer(session: Session, check: str, at: str | None) -> None:
    params = {"seat_shown": session.target, "peer": prologue.OTHER[session.target]}
    claim(session, check, at, "calls_under_own_provider", strictly=True, **params)


@then(parsers.re(rf"the target shows the two providers and no other partner {CHECK}"))
def shows_two(session: Session, check: str, at: str | None) -> None:
    wanted = [f"providers/{session.target}", f"providers/{prologue.OTHER[session.target]}"]
    params = {"wanted": wanted, "hidden": ["providers/csp-c"]}
    claim(session, check, at, "providers_shown", exchange=session.notes["reads"][0], **params)


@then(parsers.re(rf"the list is called environments or providers {CHECK}"))
def list_is_called(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "providers_listed_by_name", exchange=session.notes["reads"][0])


@then(parsers.re(rf"the target answers 401 or 403 and names no provider {CHECK}"))
def names_none(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "unauthenticated_told_nothing", exchanges=session.notes["reads"])


@then(parsers.re(rf"the target shows the provider of its peer {CHECK}"))
def shows_peer(session: Session, check: str, at: str | None) -> None:
    name = f"providers/{prologue.OTHER[session.target]}"
    claim(session, check, at, "provider_shown", exchange=session.notes["reads"][0], name=name, display=False)


@then(parsers.re(rf"the target shows itself with a name for end users {CHECK}"))
def shows_itself(session: Session, check: str, at: str | None) -> None:
    name = f"providers/{session.target}"
    claim(session, check, at, "provider_shown", exchange=session.notes["reads"][0], name=name, display=True)


@then(parsers.re(rf"the target answers both alike, as if neither existed {CHECK}"))
def hides_both(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "hidden_alike", exchanges=session.notes["reads"], ids=["csp-c", NOBODY])


@then(parsers.re(rf"the pages hold (?P<ids>env\w+(?:, env\w+)*), each once, under the provider of its peer {CHECK}"))
def pages_hold(session: Session, ids: str, check: str, at: str | None) -> None:
    params = {"collection": "environments", "ids": ids.split(", ")}
    under = f"providers/{prologue.OTHER[session.target]}/"
    claim(session, check, at, "pages_hold_exactly", pages=session.notes["reads"], under=under, **params)


@then(parsers.re(rf"both representations are equal {CHECK}"))
def representations_equal(session: Session, check: str, at: str | None) -> None:
    one, listing = session.notes["reads"]
    claim(session, check, at, "equal_to_list_entry", exchange=one, listing=listing)


@then(parsers.re(rf"the target knows no such environment {CHECK}"))
def no_such_environment(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "hidden_alike", exchanges=session.notes["reads"], ids=[])


@then(parsers.re(rf"its sites are one of each provider {CHECK}"))
def one_site_each(session: Session, check: str, at: str | None) -> None:
    params = {"providers": [session.target, prologue.OTHER[session.target]], "texts": False}
    claim(session, check, at, "sites_name_the_pair", exchange=session.notes["reads"][0], **params)


@then(parsers.re(rf"each of its sites is named {CHECK}"))
def sites_named(session: Session, check: str, at: str | None) -> None:
    params = {"providers": [], "texts": True}
    claim(session, check, at, "sites_name_the_pair", exchange=session.notes["reads"][0], **params)


@then(parsers.re(rf"the two differ in a site {CHECK}"))
def differ_in_site(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "environments_tell_apart", exchanges=session.notes["reads"])


@then(parsers.re(rf"its sizes are distinct positive numbers {CHECK}"))
def sizes_distinct(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "sizes_are_tiers", exchange=session.notes["reads"][0])


@then(parsers.re(rf"each environment is offered with exactly its own sizes {CHECK}"))
def offers_own_sizes(session: Session, check: str, at: str | None) -> None:
    params = {"seat_shown": session.target, "exchanges": session.notes["reads"]}
    claim(session, check, at, "offers_are_the_lists", **params)


@then(parsers.re(rf"its visibility is absent, public or private {CHECK}"))
def visibility(session: Session, check: str, at: str | None) -> None:
    claim(session, check, at, "visibility_is_known", exchange=session.notes["reads"][0])


@then(parsers.re(rf"its apiUri is the endpoint of the peer or absent {CHECK}"))
def api_uri(session: Session, check: str, at: str | None) -> None:
    endpoint = session.stage.origin(prologue.OTHER[session.target])
    claim(session, check, at, "endpoint_shown", exchange=session.notes["reads"][0], endpoint=endpoint)


@then(parsers.re(rf"no write is served and nothing has changed {CHECK}"))
def no_write(session: Session, check: str, at: str | None) -> None:
    params = {"writes": session.notes["writes"], "reads": session.notes["unchanged"]}
    claim(session, check, at, "writing_not_served", **params)


@then(parsers.re(rf"both list the same environments {CHECK}"))
def same_environments(session: Session, check: str, at: str | None) -> None:
    pairs = session.notes["copies"]["ListEnvironments"]
    claim(session, check, at, "copies_agree", pairs=pairs, collection="environments", members=[])


@then(parsers.re(rf"both show equal sizes, states and managers {CHECK}"))
def same_attributes(session: Session, check: str, at: str | None) -> None:
    for operation, collection, members in (
        ("ListEnvironments", "environments", ["supportedConnectionSizeMbps", "environmentVisibility"]),
        ("ListInterconnects", "interconnects", ["supportedConnectionSizeMbps", "maxBandwidthMbps", "state"]),
        (
            "ListChannels",
            "channels",
            [
                "macsecManagerProvider",
                "crossConnectManagerProvider",
                "aggregateChannelSizeGbps",
                "channelMemberSizeGbps",
            ],
        ),
    ):
        pairs = session.notes["copies"][operation]
        claim(session, check, at, "copies_agree", pairs=pairs, collection=collection, members=members)
