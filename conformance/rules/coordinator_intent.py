"""Rules of milestone 1 at the issuer: what an offer yields, what the key says, and the silence that follows."""

from __future__ import annotations

import itertools
import re
import uuid as uuids
from typing import Any

from conformance.rules import rule
from conformance.rules.coordinator import connection_in
from conformance.view import TraceView
from reports.record import Observation, Outcome
from reports.redact import KEY_MEMBERS, KeyFacts, key_facts
from reports.verdict import Finding, Waiting

_TOO_MUCH = re.compile(r"credential|secret|token|password|passwd|md5|bgp|asn|vlan|subnet|interconnect|channel", re.I)


def states_around(view: TraceView, seat: str, first: int, last: int) -> tuple[Observation, Observation] | None:
    """The newest state of a seat before record ``first`` and the oldest after ``last``; None where one is missing."""
    states = view.observations(seat, "state")
    before = [each for each in states if each.seq < first]
    after = [each for each in states if each.seq > last]
    return (before[-1], after[0]) if before and after else None


def connections_that_came(before: Observation, after: Observation) -> list[str]:
    """UUIDs of living connections in the second state that were not in the first; a failed record may remain."""
    known = {each["uuid"] for each in before.value["connections"]}
    return [
        each["uuid"]
        for each in after.value["connections"]
        if each["uuid"] not in known and (each["placements"] or each["customer"] not in ("failed", "deleted"))
    ]


def issued(view: TraceView, seat: str) -> list[tuple[Outcome, KeyFacts]]:
    """The offers of a seat that yielded a key, with what the key says."""
    found = ((each, key_facts(each.outputs.get("activation_key"))) for each in view.outcomes(seat, "offer"))
    return [(outcome, facts) for outcome, facts in found if outcome.result == "ok" and facts is not None]


def _last_key(view: TraceView, seat: str) -> tuple[Outcome, KeyFacts] | Finding:
    outcomes = view.outcomes(seat, "offer")
    keys = issued(view, seat)
    if keys and keys[-1][0] is outcomes[-1]:
        return keys[-1]
    last = outcomes[-1]
    got = f"{last.result}{f' ({last.reason})' if last.reason else ''}"
    return Finding.failed(want=f"an activation key from {seat}", got=got, evidence=[last.seq])


@rule
def key_issued(view: TraceView, seat_asked: str, mbps: int, environment: str) -> Finding | Waiting:
    """The latest offer yielded a key for this bandwidth in this environment."""
    found = _last_key(view, seat_asked)
    if isinstance(found, Finding):
        return found
    outcome, facts = found
    members = facts.members or {}
    got = f"{members.get('connectionSizeMbps')} Mbps in {members.get('destinationEnvironmentUri')}"
    if members.get("connectionSizeMbps") == mbps and _ends_in(members, environment):
        return Finding.passed(got, evidence=[outcome.seq])
    return Finding.failed(want=f"a key for {mbps} Mbps in {environment}", got=got, evidence=[outcome.seq])


@rule
def key_and_connection_in(view: TraceView, seat_asked: str, environment: str) -> Finding | Waiting:
    """The key and the pending connection of the latest offer name this environment."""
    found = _last_key(view, seat_asked)
    if isinstance(found, Finding):
        return found
    outcome, facts = found
    shown, seq = connection_in(view, seat_asked, str(outcome.outputs.get("uuid")))
    in_key = _ends_in(facts.members or {}, environment)
    in_connection = shown is not None and shown["environment"] == environment
    if in_key and in_connection:
        return Finding.passed(f"both name {environment}", evidence=[outcome.seq, seq])
    got = f"the key {(facts.members or {}).get('destinationEnvironmentUri')}, the connection {(shown or {}).get('environment')}"
    return Finding.failed(want=f"both name {environment}", got=got, evidence=[outcome.seq, seq])


@rule
def offers_refused(view: TraceView, seat_asked: str, number: int) -> Finding | Waiting:
    """The latest offers, so many, were all refused: no key, and no connection came to be."""
    outcomes = view.outcomes(seat_asked, "offer")[-number:]
    want = f"{number} refused, without a key and without a connection"
    if len(outcomes) < number:
        return Waiting(want, f"{len(outcomes)} were asked")
    for outcome in outcomes:
        if outcome.result != "refused" or "activation_key" in outcome.outputs:
            return Finding.failed(want=want, got=f"an offer ended {outcome.result}", evidence=[outcome.of, outcome.seq])
    around = states_around(view, seat_asked, outcomes[0].of, outcomes[-1].seq)
    if around is None:
        return Waiting(want, "the state before or after was not observed")
    if came := connections_that_came(*around):
        return Finding.failed(want=want, got=f"connections {came}", evidence=[around[0].seq, around[1].seq])
    return Finding.passed(f"{number} refused", evidence=[each.seq for each in outcomes])


@rule
def customer_told(view: TraceView, seat_asked: str, state: str) -> Finding | Waiting:
    """The latest customer's read showed the connection in this state, and the operator sees it carry no traffic."""
    reads = view.outcomes(seat_asked, "read")
    want = f"the customer of {seat_asked} reads {state}"
    if not reads:
        return Waiting(want, "nobody read")
    last = reads[-1]
    got = str(last.outputs.get("state", last.reason))
    shown, seq = connection_in(view, seat_asked, str(last.outputs.get("uuid")))
    verified = [each for each in (shown or {}).get("placements", []) if each["verification"] == "VERIFIED"]
    if got == state and (state == "established" or not verified):
        return Finding.passed(got, evidence=[last.seq, seq])
    return Finding.failed(want=want, got=f"{got}, {len(verified)} placements verified", evidence=[last.seq, seq])


@rule
def keys_differ(view: TraceView, seat_asked: str, number: int) -> Finding | Waiting:
    """So many keys were issued; their texts and UUIDs all differ, each UUID is one, and none follows from another."""
    keys = issued(view, seat_asked)
    want = f"{number} different keys with different UUIDs, none next to another"
    if len(keys) < number:
        return Waiting(want, f"{len(keys)} keys")
    evidence = [outcome.seq for outcome, _ in keys]
    texts = [str((facts.members or {}).get("sharedConnectionUuid")) for _, facts in keys]
    try:
        values = [uuids.UUID(text).int for text in texts]
    except ValueError:
        return Finding.failed(want=want, got="a sharedConnectionUuid that is no UUID", evidence=evidence)
    if len({facts.digest for _, facts in keys}) < len(keys) or len(set(values)) < len(values):
        return Finding.failed(want=want, got="a key or UUID that came twice", evidence=evidence)
    ordered = sorted(values)
    if any(after - before < 1 << 16 for before, after in itertools.pairwise(ordered)):
        return Finding.failed(want=want, got="UUIDs that count up", evidence=evidence)
    return Finding.passed(f"{len(keys)} different keys", evidence=evidence[:1] + evidence[-1:])


@rule
def key_states(view: TraceView, seat_asked: str, mbps: int, environment: str, account: str) -> Finding | Waiting:
    """The five members of the key are there and equal what the customer asked for (CC-ERR-54: version 1)."""
    found = _last_key(view, seat_asked)
    if isinstance(found, Finding):
        return found
    outcome, facts = found
    members = facts.members or {}
    wrong = {
        name: members.get(name)
        for name, value in (("version", 1), ("connectionSizeMbps", mbps), ("destinationAccountId", account))
        if members.get(name) != value
    }
    if not _ends_in(members, environment):
        wrong["destinationEnvironmentUri"] = members.get("destinationEnvironmentUri")
    if not _is_uuid(members.get("sharedConnectionUuid")):
        wrong["sharedConnectionUuid"] = members.get("sharedConnectionUuid")
    want = f"version 1, {mbps} Mbps, account {account}, …/environments/{environment}, a UUID"
    if wrong:
        return Finding.failed(want=want, got=str(wrong), evidence=[outcome.seq])
    return Finding.passed(want, evidence=[outcome.seq], errata=["CC-ERR-54"])


@rule
def key_holds_no_more(view: TraceView, seat_asked: str) -> Finding | Waiting:
    """Beyond its five members the key has no credential, interconnect, channel or BGP detail, nor has its URI."""
    found = _last_key(view, seat_asked)
    if isinstance(found, Finding):
        return found
    outcome, facts = found
    members = facts.members or {}
    extra = sorted(name for name in members if name not in KEY_MEMBERS)
    uri = str(members.get("destinationEnvironmentUri", ""))
    bad = [name for name in extra if _TOO_MUCH.search(name)]
    if bad or "@" in uri or "/interconnects/" in uri:
        return Finding.failed(want="the five members only", got=f"{bad or uri}", evidence=[outcome.seq])
    return Finding.passed(f"five members{f' and {extra}' if extra else ''}", evidence=[outcome.seq])


@rule
def key_is_base64(view: TraceView, seat_asked: str) -> Finding | Waiting:
    """The key's text decodes strictly as base64 and yields the serialised key (CC-ERR-02: JSON)."""
    found = _last_key(view, seat_asked)
    if isinstance(found, Finding):
        return found
    outcome, facts = found
    if facts.encoding == "base64" and facts.members is not None:
        return Finding.passed("base64 of JSON", evidence=[outcome.seq], errata=["CC-ERR-02"])
    return Finding.failed(want="standard base64 of the key", got=f"encoding {facts.encoding}", evidence=[outcome.seq])


@rule
def silent_about(view: TraceView, seat_asked: str, uuid: str) -> Finding | Waiting:
    """The seat made no call that mentions the UUID, and no connection or feature call at all."""
    calls = [
        each
        for each in view.exchanges(sender=seat_asked, ours=False)
        if uuid in f"{each.request.path} {each.request.query} {each.request.body}"
        or each.request.operation in ("CreateConnection", "DeleteConnection", "CreateFeature")
    ]
    if calls:
        return Finding.failed(want=f"no call from {seat_asked}", got=calls[0].told(), evidence=calls[0].evidence)
    return Finding.passed(f"{seat_asked} made no call about it")


def _ends_in(members: dict[str, Any], environment: str) -> bool:
    """The URI may be absolute or relative (CC-ERR-31)."""
    return str(members.get("destinationEnvironmentUri", "")).rstrip("/").endswith(f"environments/{environment}")


def _is_uuid(value: object) -> bool:
    try:
        return bool(uuids.UUID(str(value)))
    except ValueError:
        return False


def _offers(view: TraceView, seat: str) -> tuple[set[str], int] | None:
    asked = view.outcomes(seat, "offers")
    return ({each["id"] for each in asked[-1].outputs.get("environments", [])}, asked[-1].seq) if asked else None


@rule
def environment_sold(view: TraceView, seat_asked: str, environment: str) -> Finding | Waiting:
    """An admitted customer finds the environment among the offers and gets a key for it."""
    shown, last = _offers(view, seat_asked), _last_key(view, seat_asked)
    want = f"{environment} among the offers and a key for it"
    if shown is None:
        return Waiting(want, "the offers were not asked for")
    if environment not in shown[0] or isinstance(last, Finding):
        got = f"offers {sorted(shown[0])}, {'no key' if isinstance(last, Finding) else 'a key'}"
        return Finding.failed(want=want, got=got, evidence=[shown[1]])
    return Finding.passed(want, evidence=[shown[1], last[0].seq])


@rule
def environment_withheld(view: TraceView, seat_asked: str, environment: str) -> Finding | Waiting:
    """Another customer does not find the environment, and its creation there is refused without effect."""
    shown = _offers(view, seat_asked)
    want = f"{environment} neither among the offers nor sold"
    if shown is None:
        return Waiting(want, "the offers were not asked for")
    if environment in shown[0]:
        return Finding.failed(want=want, got=f"offers {sorted(shown[0])}", evidence=[shown[1]])
    return offers_refused(view, seat_asked, 1)
