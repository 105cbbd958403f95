"""Rules for limits of requests, and for what comes to a door that the harness watches (FI-INPUT-006, FI-AUTH-011)."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.federation import federation_of, state_of
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def limited_without_effect(
    view: TraceView, exchanges: Sequence[str], again: Sequence[str], at: str, of: str
) -> Finding | Waiting:
    """Each notification was accepted and its zone is known, or answered 429 and it is not; after the pause it is taken.

    ``exchanges`` are notifications of zones that were under way at once, ``again`` those repeated after the pause.
    """
    seen = [exchange_of(view, each) for each in exchanges]
    if wrong := [each for each in seen if not (each.succeeded or each.status == 429)]:
        return Finding.failed(want="2xx, or 429 for the excess", got=wrong[0].told(), evidence=wrong[0].evidence)
    for each in (exchange_of(view, one) for one in again):
        if not each.succeeded:
            return Finding.failed(want="2xx after the pause", got=each.told(), evidence=each.evidence)
    taken = {str((each.request.body or {})["partnerZone"]["zoneId"]) for each in seen if each.succeeded}
    late = {str((exchange_of(view, one).request.body or {})["partnerZone"]["zoneId"]) for one in again}
    named = {str((each.request.body or {})["partnerZone"]["zoneId"]) for each in seen}
    state, seq = state_of(view, at)
    known = {each["zone"] for each in state["partner_zones"] if each["partner"] == federation_of(view, of)} & named
    if known != taken | late:
        got = f"{sorted(known - taken - late)} more, {sorted((taken | late) - known)} less"
        return Finding.failed(want="the zones that were accepted", got=got, evidence=[seq])
    return Finding.passed(f"{len(taken)} of {len(seen)} accepted at once, {len(late)} later", evidence=[seq])


@rule
def knocks_with_tls(view: TraceView, at: str) -> Finding | Waiting:
    """Every connection that this seat opened at the watched address began with TLS (FI-AUTH-011)."""
    seen = view.latest(at, "door")
    if seen is None or not seen.value["knocks"]:
        return Waiting(f"{at} to connect to the address", "no connection")
    plain = [each for each in seen.value["knocks"] if not each["tls"]]
    if plain:
        return Finding.failed(want="TLS", got=f"{plain[0]['request']!r} in the clear", evidence=[seen.seq])
    return Finding.passed(f"{len(seen.value['knocks'])} connections, all with TLS", evidence=[seen.seq])


@rule
def tells_nothing_at_the_door(view: TraceView, at: str) -> Finding | Waiting:
    """No request came over a connection whose certificate nobody vouches for (FI-AUTH-011)."""
    seen = view.latest(at, "door")
    if seen is None:
        return Waiting(f"the connections of {at}", "nobody looked")
    told = [each for each in seen.value["knocks"] if each["request"] is not None]
    if told:
        key = "with a credential" if told[0]["credential"] else "without a credential"
        return Finding.failed(want="no request", got=f"{told[0]['request']!r} {key}", evidence=[seen.seq])
    return Finding.passed("no request", evidence=[seen.seq])
