"""Rules of providers and environments: what a peer is shown, and that both sides hold the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.documented import documented
from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting

VISIBILITIES = (None, "ENVIRONMENT_VISIBILITY_PUBLIC", "ENVIRONMENT_VISIBILITY_PRIVATE")


def body_of(exchange: Exchange) -> dict[str, Any]:
    """The JSON object of a success; {} for anything else."""
    body = exchange.response.body if exchange.response and exchange.succeeded else None
    return body if isinstance(body, dict) else {}


def _defined(exchange: Exchange) -> dict[str, Any]:
    """What the documents define of it: members of the server's own are not compared."""
    shown: dict[str, Any] = documented(exchange.request.operation, body_of(exchange))
    return shown


def last_segment(name: object) -> str:
    return str(name or "").rpartition("/")[2]


def _evidence(exchanges: Sequence[Exchange]) -> list[int]:
    return [number for each in exchanges for number in each.evidence]


@rule
def calls_under_own_provider(view: TraceView, seat_shown: str, peer: str, strictly: bool) -> Finding | Waiting:
    """Every call goes under the caller's own provider ID, save for reading providers; ``strictly``: and none goes below
    the peer's Provider."""
    calls = view.exchanges(sender=seat_shown, ours=False)
    want = f"no call below /providers/{peer}/" if strictly else f"calls under /providers/{seat_shown}"
    if not calls:
        return Waiting(want, f"{seat_shown} made no call")
    for each in calls:
        path = each.request.path
        own = path in ("/providers", f"/providers/{peer}") or f"{path}/".startswith(f"/providers/{seat_shown}/")
        if path.startswith(f"/providers/{peer}/") if strictly else not own:
            return Finding.failed(want=want, got=each.told(), evidence=each.evidence)
    return Finding.passed(f"{len(calls)} calls", evidence=[calls[0].request.seq, calls[-1].request.seq])


@rule
def providers_shown(view: TraceView, exchange: str, wanted: Sequence[str], hidden: Sequence[str]) -> Finding | Waiting:
    """The list holds the caller's and the server's own provider, and no other partner."""
    seen = exchange_of(view, exchange)
    body = body_of(seen)
    names = {row.get("name") for row in body.get("environments") or body.get("providers") or []}
    text = json.dumps(body)
    shown = [each for each in hidden if each in text]
    if seen.succeeded and names >= set(wanted) and not shown:
        return Finding.passed(f"{sorted(map(str, names))}", evidence=seen.evidence, errata=["CC-ERR-05"])
    want = f"2xx with {sorted(wanted)}, without {sorted(hidden)}"
    return Finding.failed(want=want, got=f"{seen.told()} {sorted(map(str, names))}", evidence=seen.evidence)


@rule
def providers_listed_by_name(view: TraceView, exchange: str) -> Finding | Waiting:
    """The list is called environments (the schema's word) or providers (its example's), equal where both are there."""
    seen = exchange_of(view, exchange)
    lists = [_defined(seen)[name] for name in ("environments", "providers") if name in body_of(seen)]
    if lists and all(isinstance(each, list) and each == lists[0] for each in lists):
        return Finding.passed(f"{len(lists)} of the two names", evidence=seen.evidence, errata=["CC-ERR-05"])
    got = f"members {sorted(body_of(seen))}"
    return Finding.failed(want="a list environments or providers", got=got, evidence=seen.evidence)


@rule
def unauthenticated_told_nothing(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """401 or 403, and no resource is named in the body."""
    seen = [exchange_of(view, each) for each in exchanges]
    for each in seen:
        body = json.dumps(each.response.body) if each.response else ""
        if each.status not in (401, 403) or re.search(r"providers/\w", body):
            got = f"{each.told()} {told_body(body)}"
            return Finding.failed(want="401 or 403 without data", got=got, evidence=each.evidence)
    return Finding.passed(f"{len(seen)} answers 401 or 403", evidence=_evidence(seen)[:2])


@rule
def provider_shown(view: TraceView, exchange: str, name: str, display: bool) -> Finding | Waiting:
    """The Provider of this name, with a display name where ``display``."""
    seen = exchange_of(view, exchange)
    shown = {member: body_of(seen).get(member) for member in ("name", "displayName")}
    fits = shown["name"] == name and (not display or (isinstance(shown["displayName"], str) and shown["displayName"]))
    if fits:
        return Finding.passed(str(shown), evidence=seen.evidence)
    want = f"2xx, name {name}{', a displayName' if display else ''}"
    return Finding.failed(want=want, got=f"{seen.told()} {shown}", evidence=seen.evidence)


@rule
def hidden_alike(
    view: TraceView, exchanges: Sequence[str], ids: Sequence[str], statuses: Sequence[int] = (403, 404)
) -> Finding | Waiting:
    """What is another's and what does not exist are answered alike, 403 or 404; a difference is a warning."""
    seen = [exchange_of(view, each) for each in exchanges]
    want = f"{' or '.join(map(str, statuses))} to each"
    for each in seen:
        if each.status not in statuses:
            return Finding.failed(want=want, got=each.told(), evidence=each.evidence)
    answers = {_without(each, ids) for each in seen}
    if len(answers) > 1:
        return Finding(Verdict.WARNED, "equal answers", " / ".join(sorted(answers)), tuple(_evidence(seen)))
    return Finding.passed(f"{seen[0].status} to each", evidence=_evidence(seen))


def _without(exchange: Exchange, ids: Sequence[str]) -> str:
    text = f"{exchange.status} {exchange.response.body if exchange.response else ''}"
    for each in ids:
        text = text.replace(each, "ID")
    return text


@rule
def equal_to_list_entry(view: TraceView, exchange: str, listing: str) -> Finding | Waiting:
    """The resource as it was read equals its entry in the list, field by field."""
    seen, listed = exchange_of(view, exchange), exchange_of(view, listing)
    one = _defined(seen)
    entry = next(
        (row for row in _defined(listed).get("environments") or [] if row.get("name") == one.get("name")), None
    )
    evidence = [*seen.evidence, *listed.evidence]
    if one and one == entry:
        return Finding.passed(f"{len(one)} equal members", evidence=evidence)
    differ = sorted(name for name in {*one, *(entry or {})} if one.get(name) != (entry or {}).get(name))
    return Finding.failed(want="equal representations", got=f"{seen.told()}, different: {differ}", evidence=evidence)


@rule
def sites_name_the_pair(view: TraceView, exchange: str, providers: Sequence[str], texts: bool) -> Finding | Waiting:
    """providerSites: at most two, of exactly these providers (CC-ERR-30); ``texts``: each site a non-empty string."""
    seen = exchange_of(view, exchange)
    sites = body_of(seen).get("providerSites") or []
    named = [str(row.get("providerId", "")).removeprefix("providers/") for row in sites]
    if texts:
        fits = bool(sites) and all(isinstance(row.get("site"), str) and row["site"] for row in sites)
    else:
        fits = len(sites) <= 2 and len(set(named)) == len(named) and set(named) == set(providers)
    if seen.succeeded and fits:
        return Finding.passed(str(sites), evidence=seen.evidence, errata=() if texts else ["CC-ERR-30"])
    want = "each site a non-empty string" if texts else f"two sites, of {sorted(providers)}"
    return Finding.failed(want=want, got=f"{seen.told()} {sites}", evidence=seen.evidence)


@rule
def environments_tell_apart(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Two environments of one pair differ in a site (no other quality is documented)."""
    seen = [exchange_of(view, each) for each in exchanges]
    pairs = [sorted(str(row.get("site")) for row in body_of(each).get("providerSites") or []) for each in seen]
    if all(pairs) and pairs[0] != pairs[1]:
        return Finding.passed(f"{pairs[0]} and {pairs[1]}", evidence=_evidence(seen))
    return Finding.failed(want="different sites", got=f"{pairs[0]} and {pairs[1]}", evidence=_evidence(seen))


@rule
def sizes_are_tiers(view: TraceView, exchange: str) -> Finding | Waiting:
    """supportedConnectionSizeMbps is a non-empty list of distinct positive int32."""
    seen = exchange_of(view, exchange)
    sizes = body_of(seen).get("supportedConnectionSizeMbps")
    fits = isinstance(sizes, list) and sizes and all(type(each) is int and 0 < each < 1 << 31 for each in sizes)
    if fits and len(set(sizes or ())) == len(sizes or ()):
        return Finding.passed(str(sizes), evidence=seen.evidence)
    return Finding.failed(want="distinct positive int32", got=f"{seen.told()} {sizes}", evidence=seen.evidence)


@rule
def offers_are_the_lists(view: TraceView, seat_shown: str, exchanges: Sequence[str]) -> Finding | Waiting:
    """The customer is offered in each environment exactly its own list of sizes."""
    offers = view.outcomes(seat_shown, "offers")
    if not offers:
        return Waiting("the offers to a customer", "not asked for")
    seen = [body_of(exchange_of(view, each)) for each in exchanges]
    wanted = {last_segment(one.get("name")): sorted(one.get("supportedConnectionSizeMbps") or []) for one in seen}
    got = {row["id"]: sorted(row["sizes"]) for row in offers[-1].outputs.get("environments", [])}
    if got == wanted and len(set(map(str, wanted.values()))) > 1:
        return Finding.passed(str(got), evidence=[offers[-1].seq])
    return Finding.failed(want=str(wanted), got=str(got), evidence=[offers[-1].seq])


@rule
def visibility_is_known(view: TraceView, exchange: str) -> Finding | Waiting:
    """environmentVisibility is absent or one of the two values."""
    seen = exchange_of(view, exchange)
    shown = body_of(seen).get("environmentVisibility")
    if seen.succeeded and shown in VISIBILITIES:
        return Finding.passed(str(shown), evidence=seen.evidence)
    return Finding.failed(want="absent, PUBLIC or PRIVATE", got=f"{seen.told()} {shown}", evidence=seen.evidence)


@rule
def endpoint_shown(view: TraceView, exchange: str, endpoint: str) -> Finding | Waiting:
    """apiUri, when populated, is the endpoint at which the provider in the path serves the environment."""
    seen = exchange_of(view, exchange)
    shown = body_of(seen).get("apiUri")
    if seen.succeeded and (not shown or str(shown).rstrip("/") == endpoint.rstrip("/")):
        return Finding.passed(str(shown), evidence=seen.evidence)
    return Finding.failed(want=endpoint, got=f"{seen.told()} {shown}", evidence=seen.evidence)


@rule
def writing_not_served(view: TraceView, writes: Sequence[str], reads: Mapping[str, str]) -> Finding | Waiting:
    """Each write is answered 404 or 405; ``reads`` pairs the GETs before with those after: unchanged."""
    for each in (exchange_of(view, one) for one in writes):
        if each.status not in (404, 405):
            return Finding.failed(want="404 or 405", got=each.told(), evidence=each.evidence)
    for before, after in reads.items():
        one, other = exchange_of(view, before), exchange_of(view, after)
        if not body_of(one) or _defined(one) != _defined(other):
            evidence = [*one.evidence, *other.evidence]
            return Finding.failed(want="the same before and after", got=other.told(), evidence=evidence)
    return Finding.passed(f"{len(writes)} writes not served", evidence=exchange_of(view, writes[0]).evidence)


@rule
def copies_agree(
    view: TraceView, pairs: Mapping[str, str], collection: str, members: Sequence[str]
) -> Finding | Waiting:
    """Both sides' lists hold the same IDs with equal shared attributes, whatever the order of a list (CC-ERR-30, -43: absent
    is empty; a word that one side leaves out is not compared)."""
    for one, other in pairs.items():
        seen = [exchange_of(view, one), exchange_of(view, other)]
        shown = [
            {last_segment(row.get("name")): {name: _in_order(row.get(name)) for name in members} for row in rows}
            for rows in (_defined(each).get(collection) or [] for each in seen)
        ]
        if not shown[0] or not _agree(*shown):
            got = f"{told_body(shown[0])} and {told_body(shown[1])}"
            return Finding.failed(want=f"equal {collection}", got=got, evidence=_evidence(seen))
    return Finding.passed(f"{len(pairs)} lists of {collection} agree")


def _in_order(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value, key=json.dumps) or None
    return value.removeprefix("providers/") or None if isinstance(value, str) else value or None


def _agree(one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]) -> bool:
    def same(mine: Any, theirs: Any) -> bool:
        untold = [each for each in (mine, theirs) if each is None]
        return mine == theirs or (bool(untold) and isinstance(mine or theirs, str))

    return one.keys() == other.keys() and all(
        same(each, other[id_][name]) for id_, row in one.items() for name, each in row.items()
    )


@rule
def pages_hold_exactly(
    view: TraceView, pages: Sequence[str], collection: str, ids: Sequence[str], under: str
) -> Finding | Waiting:
    """The pages together hold exactly these items, each once, all named under this prefix."""
    seen = [exchange_of(view, each) for each in pages]
    names = [str(row.get("name")) for each in seen for row in body_of(each).get(collection) or []]
    got = sorted(map(last_segment, names))
    outside = [name for name in names if not name.startswith(under)]
    if got == sorted(ids) and not outside and all(each.succeeded for each in seen):
        return Finding.passed(f"{len(names)} on {len(pages)} pages", evidence=_evidence(seen))
    return Finding.failed(want=f"{sorted(ids)} under {under}", got=f"{got} {outside}", evidence=_evidence(seen))
