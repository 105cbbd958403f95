"""Rules of ConfirmActivationKey and of what a refusal leaves: verdicts on keys, and states before and after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from conformance.documented import documented_of
from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.coordinator_intent import states_around
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting


def key_valid(exchange: Exchange) -> Any:
    """keyValid of an answer; None where it is absent."""
    body = exchange.response.body if exchange.response else None
    return body.get("keyValid") if isinstance(body, dict) else None


def _told(exchange: Exchange) -> str:
    said = key_valid(exchange)
    if said is None:
        return f"{exchange.end} without keyValid" if exchange.succeeded else exchange.end
    return f"{exchange.end} keyValid {said}"


@rule
def key_confirmed(view: TraceView, exchange: str) -> Finding | Waiting:
    """2xx with keyValid true."""
    seen = exchange_of(view, exchange)
    if seen.succeeded and key_valid(seen) is True:
        return Finding.passed(_told(seen), evidence=seen.evidence)
    return Finding.failed(want="2xx with keyValid true", got=_told(seen), evidence=seen.evidence)


@rule
def keys_not_confirmed(view: TraceView, exchanges: Sequence[str], refusal: bool = False) -> Finding | Waiting:
    """Each is answered 2xx without keyValid true, or 4xx (CC-ERR-44); with ``refusal`` only by 4xx. Never 5xx."""
    want = "4xx" if refusal else "4xx, or 2xx without keyValid true"
    for seen in (exchange_of(view, each) for each in exchanges):
        good = seen.refused or (not refusal and seen.succeeded and key_valid(seen) is not True)
        if not good:
            return Finding.failed(want=want, got=_told(seen), evidence=seen.evidence)
    told = ", ".join(_told(exchange_of(view, each)) for each in exchanges)
    return Finding.passed(told, evidence=[e for each in exchanges for e in exchange_of(view, each).evidence])


@rule
def key_confirmed_or_unsupported(view: TraceView, exchange: str) -> Finding | Waiting:
    """keyValid true, false, absent or 4xx: whether a form or repetition is supported is free; never 5xx."""
    seen = exchange_of(view, exchange)
    if seen.succeeded or seen.refused:
        return Finding.passed(_told(seen), evidence=seen.evidence, errata=["CC-ERR-02", "CC-ERR-03"])
    return Finding.failed(want="a verdict or 4xx", got=_told(seen), evidence=seen.evidence)


@rule
def verdicts_tell_nothing(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """The answers do not tell why a key is not confirmed; a difference beyond the key itself is a warning."""
    seen = [exchange_of(view, each) for each in exchanges]
    shown = [_neutral(each) for each in seen]
    evidence = [number for each in seen for number in each.evidence]
    if any(each.succeeded and key_valid(each) is True for each in seen):
        return Finding.failed(want="neither confirmed", got=", ".join(map(_told, seen)), evidence=evidence)
    if len(set(shown)) > 1:
        return Finding(Verdict.WARNED, "equal answers", " / ".join(shown), tuple(evidence))
    return Finding.passed(shown[0], evidence=evidence)


def _neutral(exchange: Exchange) -> str:
    """Status and body without UUIDs, numbers of requests and the like."""
    body = str(exchange.response.body) if exchange.response else ""
    return f"{exchange.status} {re.sub(r'[0-9a-f]{8}-[0-9a-f-]{27}', 'UUID', body)}"


@rule
def answered_without_effect(view: TraceView, provider: str, exchange: str) -> Finding | Waiting:
    """Answered, in whatever way but 5xx, and the state of the provider is the same before and after."""
    seen = exchange_of(view, exchange)
    if seen.response is None or (seen.status or 500) >= 500:
        return Finding.failed(want="an answer without server failure", got=seen.told(), evidence=seen.evidence)
    return unchanged(view, provider, [seen]) or Finding.passed(_told(seen), evidence=seen.evidence)


@rule
def each_refused_without_effect(
    view: TraceView, provider: str, exchanges: Sequence[str], statuses: Sequence[int] = ()
) -> Finding | Waiting:
    """Each is refused with 4xx (or one of ``statuses``), and the provider's state around them is the same (I11)."""
    seen = [exchange_of(view, each) for each in exchanges]
    want = " or ".join(map(str, statuses)) if statuses else "4xx"
    for each in seen:
        if not each.refused or (statuses and each.status not in statuses):
            body = told_body(each.response.body) if each.response else ""
            return Finding.failed(want=f"{want}, nothing stored", got=f"{each.told()} {body}", evidence=each.evidence)
    got = ", ".join(str(each.status) for each in seen)
    evidence = [number for each in seen for number in each.evidence]
    return unchanged(view, provider, seen) or Finding.passed(got, evidence=evidence)


def unchanged(view: TraceView, provider: str, seen: Sequence[Exchange]) -> Finding | Waiting | None:
    around = states_around(view, provider, seen[0].request.seq, seen[-1].evidence[-1])
    if around is None:
        return Waiting("the provider's state before and after", "one of the two was not observed")
    before, after = around
    if before.value == after.value:
        return None
    changed = sorted(name for name, value in after.value.items() if (name, value) not in before.value.items())
    got = f"{seen[-1].told()}, but {', '.join(changed)} changed"
    return Finding.failed(want="no effect", got=got, evidence=(before.seq, *seen[-1].evidence, after.seq))


@rule
def create_repeated_in_vain(view: TraceView, exchange: str, listing: str, uuid: str) -> Finding | Waiting:
    """A second CreateConnection of a used key is answered 409, and the list still shows exactly one connection."""
    seen, shown = exchange_of(view, exchange), exchange_of(view, listing)
    rows = (shown.response.body or {}).get("connections") or [] if shown.response else []
    mine = [row for row in rows if str(row.get("name", "")).endswith(uuid)]
    got = f"{seen.end}, {len(mine)} connections"
    evidence = [*seen.evidence, *shown.evidence]
    if seen.status == 409 and len(mine) == 1:
        return Finding.passed(got, evidence=evidence)
    return Finding.failed(want="409, one connection", got=got, evidence=evidence)


@rule
def create_decided_wholly(view: TraceView, exchange: str, read: str) -> Finding | Waiting:
    """CreateConnection is answered 200 and the connection is there, or 4xx and it is not."""
    created, shown = exchange_of(view, exchange), exchange_of(view, read)
    got = f"create {created.end}, read {shown.end}"
    evidence = [*created.evidence, *shown.evidence]
    if (created.succeeded and shown.succeeded) or (created.refused and shown.refused):
        return Finding.passed(got, evidence=evidence)
    return Finding.failed(want="200 and there, or 4xx and not there", got=got, evidence=evidence)


@rule
def confirming_takes_no_room(
    view: TraceView, confirms: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> Finding | Waiting:
    """The keys were judged, and ListConnections of each interconnect shows the same before and after."""
    for each in (exchange_of(view, one) for one in confirms):
        if not each.succeeded:
            return Finding.failed(want="2xx to the confirmation", got=each.told(), evidence=each.evidence)
    for one, other in zip(before, after, strict=True):
        first, second = exchange_of(view, one), exchange_of(view, other)
        bodies = [documented_of(each) if each.succeeded else None for each in (first, second)]
        if bodies[0] is None or bodies[0] != bodies[1]:
            got = f"{told_body(bodies[0])} then {told_body(bodies[1])}"
            return Finding.failed(want="unchanged lists", got=got, evidence=[*first.evidence, *second.evidence])
    return Finding.passed(f"{len(before)} lists unchanged", evidence=exchange_of(view, confirms[0]).evidence)


@rule
def one_created_one_refused(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Of two creations for one room exactly one is answered 2xx, the other 409."""
    seen = [exchange_of(view, each) for each in exchanges]
    evidence = [number for each in seen for number in each.evidence]
    got = " and ".join(str(each.status) for each in seen)
    if sorted((each.succeeded, each.status == 409) for each in seen) == [(False, True), (True, False)]:
        return Finding.passed(got, evidence=evidence)
    return Finding.failed(want="one 2xx and one 409", got=got, evidence=evidence)
