"""Rules of security: nothing for strangers, nothing under another's prefix, no key material where it does not belong."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.coordinator_confirmation import key_valid, unchanged
from conformance.rules.coordinator_intent import issued
from conformance.rules.coordinator_static import body_of
from conformance.view import Exchange, TraceView
from reports.redact import key_facts
from reports.verdict import Finding, Verdict, Waiting

DOMAIN_REFUSALS = (400, 403, 409, 412, 422)
"""What the documents know as an answer to a valid request that cannot be granted (CC-ERR-07, -08)."""


def _evidence(exchanges: Sequence[Exchange]) -> list[int]:
    return [number for each in exchanges for number in each.evidence]


@rule
def strangers_refused(
    view: TraceView, provider: str, exchanges: Sequence[str], unasked: Sequence[str] = ()
) -> Finding | Waiting:
    """Every operation answers 401 or 403, names no resource, and changes nothing."""
    seen = [exchange_of(view, each) for each in exchanges]
    for each in seen:
        text = json.dumps(each.response.body) if each.response else ""
        if each.status not in (401, 403) or re.search(r"providers/\w", text):
            got = f"{each.told()} {told_body(text)}"
            return Finding.failed(want="401 or 403 without data", got=got, evidence=each.evidence)
    return unchanged(view, provider, seen) or _whole(f"{len(seen)} operations are refused", seen, unasked)


@rule
def foreign_prefix_hidden(
    view: TraceView, provider: str, pairs: Mapping[str, str], ids: Sequence[str], unasked: Sequence[str] = ()
) -> Finding | Waiting:
    """Calls under another partner's prefix: 403 or 404, nothing changes, and the same answer as for a prefix that does
    not exist. ``pairs``: the exchanges under the one and under the other; ``ids``: the two provider IDs."""
    foreign = [exchange_of(view, each) for each in pairs]
    for each in foreign:
        if each.status not in (403, 404):
            return Finding.failed(want="403 or 404", got=each.told(), evidence=each.evidence)
    for each, other in zip(foreign, (exchange_of(view, one) for one in pairs.values()), strict=True):
        if _answer(each, ids) != _answer(other, ids):
            got = f"{_answer(each, ids)} but {_answer(other, ids)} for {each.request.operation}"
            evidence = [*each.evidence, *other.evidence]
            return Finding.failed(want="the same answer as for what does not exist", got=got, evidence=evidence)
    found = unchanged(view, provider, [*foreign, *(exchange_of(view, one) for one in pairs.values())])
    return found or _whole(f"{len(foreign)} operations hide them", foreign, unasked)


def _whole(told: str, seen: Sequence[Exchange], unasked: Sequence[str]) -> Finding:
    """Operations that could not be asked leave the check untested, never passed: the whole API is what is wanted."""
    evidence = tuple(_evidence(seen[:1]))
    if unasked:
        return Finding(Verdict.UNTESTED, got=f"{told}; not asked: {', '.join(unasked)}", evidence=evidence)
    return Finding.passed(told, evidence=evidence)


def _answer(exchange: Exchange, ids: Sequence[str]) -> str:
    text = f"{exchange.status} {exchange.response.body if exchange.response else ''}"
    for each in ids:
        text = text.replace(each, "ID")
    return text


def _names(value: Any) -> list[str]:
    """Every ``name`` in a body, at any depth."""
    if isinstance(value, dict):
        own = [value["name"]] if isinstance(value.get("name"), str) else []
        return own + [name for each in value.values() for name in _names(each)]
    return [name for each in value for name in _names(each)] if isinstance(value, list) else []


@rule
def only_own_resources(
    view: TraceView, exchanges: Sequence[str], prefix: str, wanted: Sequence[str], hidden: Sequence[str]
) -> Finding | Waiting:
    """All that is shown is named under the caller's prefix; these last segments are there, those are not."""
    seen = [exchange_of(view, each) for each in exchanges]
    names = [name for each in seen for name in _names(body_of(each))]
    ids = {name.rpartition("/")[2] for name in names}
    outside = [name for name in names if not name.startswith(prefix)] + [each for each in hidden if each in ids]
    missing = [each for each in wanted if each not in ids]
    if all(each.succeeded for each in seen) and not outside and not missing:
        return Finding.passed(f"{len(names)} names", evidence=_evidence(seen))
    want = f"2xx, only {prefix}…, with {list(wanted)}"
    got = f"{[each.status for each in seen]}, foreign {outside}, missing {missing}"
    return Finding.failed(want=want, got=got, evidence=_evidence(seen))


@rule
def crooked_paths_refused(view: TraceView, exchanges: Sequence[str], hidden: Sequence[str]) -> Finding | Waiting:
    """Traversal and encoded separators: 4xx, and nothing of the other partner in the answer."""
    seen = [exchange_of(view, each) for each in exchanges]
    for each in seen:
        text = json.dumps(each.response.body) if each.response else ""
        if not each.refused or any(secret in text for secret in hidden):
            got = f"{each.told()} {told_body(text)}"
            return Finding.failed(want="4xx without another's data", got=got, evidence=each.evidence)
    return Finding.passed(f"{len(seen)} paths refused", evidence=_evidence(seen[:1]))


@rule
def guesses_in_vain(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """No guessed UUID is confirmed, and all answers have one status and one shape."""
    seen = [exchange_of(view, each) for each in exchanges]
    hits = [each for each in seen if key_valid(each) is True]
    if hits:
        return Finding.failed(want="none confirmed", got=hits[0].told(), evidence=hits[0].evidence)
    shapes = {f"{each.status} {sorted((each.response.body or {}) if each.response else {})}" for each in seen}
    if len(shapes) > 1:
        return Finding.failed(want="answers of one shape", got=" / ".join(sorted(shapes)), evidence=_evidence(seen[:2]))
    return Finding.passed(f"{len(seen)} times {shapes.pop()}", evidence=_evidence(seen[:1]))


@rule
def key_not_disclosed(view: TraceView, exchanges: Sequence[str], issuer: str) -> Finding | Waiting:
    """activationKey is absent or empty in what a peer reads, or it is the key of its own connection there."""
    seen = [exchange_of(view, each) for each in exchanges]
    own = {facts.digest for _, facts in issued(view, issuer)}
    uuids = {facts.digest: (facts.members or {}).get("sharedConnectionUuid") for _, facts in issued(view, issuer)}
    for each in seen:
        if not each.succeeded:
            return Finding.failed(want="2xx", got=each.told(), evidence=each.evidence)
        body = body_of(each)
        for row in body.get("connections") or [body]:
            facts = key_facts(row.get("activationKey"))
            fits = not row.get("activationKey") or (
                facts is not None
                and facts.digest in own
                and str(row.get("name", "")).endswith(str(uuids.get(facts.digest)))
            )
            if not fits:
                got = f"an activationKey in {row.get('name')}"
                return Finding.failed(want="absent, or that connection's own", got=got, evidence=each.evidence)
    return Finding.passed("no key of another connection", evidence=_evidence(seen), errata=["CC-ERR-04"])


@rule
def operations_served(view: TraceView, asked: Sequence[str], unasked: Sequence[str]) -> Finding | Waiting:
    """Each operation answers a valid request 2xx or with a domain refusal; 404 for what its own refusal to create it left
    unmade is one too."""
    seen = [exchange_of(view, each) for each in asked]
    unmade = tuple(place for each in seen if each.status in DOMAIN_REFUSALS for place in _made_by(each))
    for each in seen:
        if each.status == 404 and f"{each.request.path}/".startswith(unmade):
            continue
        if not each.succeeded and each.status not in DOMAIN_REFUSALS:
            got = f"{each.request.operation}: {each.told()}"
            return Finding.failed(want="2xx or a domain refusal", got=got, evidence=each.evidence)
    return _whole(f"{len(seen)} operations are served", seen, unasked)


def _made_by(each: Exchange) -> list[str]:
    """The path of what a creation creates."""
    ids = [value for name, value in each.request.query.items() if name.endswith("Id") and each.request.method == "POST"]
    return [f"{each.request.path}/{id_}/" for id_ in ids]


@rule
def withstands(view: TraceView, exchanges: Sequence[str], alive: str) -> Finding | Waiting:
    """Each request was answered, never with 5xx, and a right one after them with 2xx. The monitor of the contract looks at
    what the answers hold."""
    seen = [each for each in view.exchanges() if each.request.exchange in set(exchanges)]
    for each in seen:
        if each.status is None or each.status >= 500:
            want = "an answer that is no server failure"
            return Finding.failed(want=want, got=f"{each.request.operation}: {each.told()}", evidence=each.evidence)
    last = exchange_of(view, alive)
    if not last.succeeded:
        return Finding.failed(want="2xx to a right request", got=last.told(), evidence=last.evidence)
    told = f"{len(seen)} requests, {sum(each.refused for each in seen)} of them refused"
    return Finding.passed(told, evidence=last.evidence)


@rule
def unknown_members_alike(view: TraceView, exchanges: Sequence[str], member: str) -> Finding | Waiting:
    """A member nobody knows is ignored everywhere, or refused with 4xx everywhere."""
    seen = [exchange_of(view, each) for each in exchanges]
    got = ", ".join(f"{each.request.operation} {each.end}" for each in seen)
    ignored = all(each.succeeded and member not in json.dumps(each.response and each.response.body) for each in seen)
    if ignored or all(each.refused for each in seen):
        return Finding.passed(got, evidence=_evidence(seen))
    return Finding.failed(want="ignored everywhere, or 4xx everywhere", got=got, evidence=_evidence(seen))
