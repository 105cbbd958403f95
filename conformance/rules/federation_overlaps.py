"""Rules for orders and messages that overlap or are repeated: zones, registrations, removals (federation-wire, section 11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.documented import documented_of
from conformance.rules import evaluate, rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.federation import federation_of, state_of
from conformance.view import TraceView
from reports.record import Outcome
from reports.verdict import Finding, Verdict, Waiting

REGISTER, DEREGISTER = "POST /operator/zone", "DELETE /operator/zone"


@rule
def if_answered(
    view: TraceView, exchange: str, accepted: bool, claims: Sequence[tuple[str, dict[str, Any]]]
) -> Finding | Waiting:
    """Both answers are allowed, and these rules are for one of them: with the other one the situation does not arise."""
    seen = exchange_of(view, exchange)
    if not (seen.succeeded or seen.refused):
        return Finding.failed(want="2xx or 4xx", got=seen.told(), evidence=seen.evidence)
    if seen.succeeded is not accepted:
        return Finding.passed(f"does not arise: {seen.told()}", evidence=seen.evidence)
    return evaluate("all_of", view, {"claims": claims})


@rule
def answered_and_consistent(
    view: TraceView, at: str, other: str, zone: str, asked: Sequence[int], exchanges: Sequence[str]
) -> Finding | Waiting:
    """Of each zone of these rounds: not registered without being shared, and every call answered (FI-RACE-001).

    ``zone`` is the beginning of the ids of the rounds' zones.
    """
    state, seq = state_of(view, at)
    who = federation_of(view, other)
    ends = {r.of: r for r in view.records if isinstance(r, Outcome)}
    if open_ := [of for of in asked if ends[of].result == "running"]:
        return Waiting("every withdrawal to end", f"{len(open_)} are running")
    for each in (exchange_of(view, one) for one in exchanges):
        if not (each.succeeded or each.refused):
            return Finding.failed(want="2xx or 4xx", got=each.told(), evidence=each.evidence)
    shared = {each["zone"] for each in state["zones"] if who in each["shared_with"]}
    held = {each["zone"] for each in state["registrations"] if each["partner"] == who}
    if lost := sorted(each for each in held - shared if each.startswith(zone)):
        return Finding.failed(want="registered and shared, or neither", got=f"{lost} registered only", evidence=[seq])
    return Finding.passed(f"{len(exchanges)} rounds, {len(held)} registered and shared", evidence=[seq])


@rule
def removed_or_registered(view: TraceView, at: str, other: str, zone: str, moments: Sequence[int]) -> Finding | Waiting:
    """After each round the other is removed and has nothing registered, or is a partner and has the zone (FI-RACE-003)."""
    who = federation_of(view, other)
    removed = 0
    for moment in moments:
        seen = next((r for r in view.observations(at, "state") if r.seq > moment), None)
        if seen is None:
            return Waiting(f"the state of {at} after each round")
        share = any(each["partner"] == who and each["share"] for each in seen.value["partners"])
        held = any((each["zone"], each["partner"]) == (zone, who) for each in seen.value["registrations"])
        if share is not held:
            got = "removed and registered" if held else "partner, and not registered"
            return Finding.failed(want="removed, or registered", got=got, evidence=[seen.seq])
        removed += not share
    return Finding.passed(f"{len(moments)} rounds, removed in {removed}", evidence=[])


@rule
def decided_before(view: TraceView, sender: str, first: str, then: str) -> Finding | Waiting:
    """The sender called no ``then`` of its own accord while a ``first`` of its own was open (FI-RACE-003)."""
    earlier = view.exchanges(first, sender=sender, ours=False)
    for late in view.exchanges(then, sender=sender, ours=False):
        for one in earlier:
            end = one.response or one.lost
            if one.request.seq < late.request.seq and (end is None or end.seq > late.request.seq):
                evidence = [one.request.seq, late.request.seq]
                return Finding.failed(want=f"{then} after the answer to {first}", got="before it", evidence=evidence)
    return Finding.passed(f"no {then} while {first} is open", evidence=[each.request.seq for each in earlier])


@rule
def reported_or_taken_back(view: TraceView, sender: str, receiver: str, asked: int) -> Finding | Waiting:
    """The registration is reported as failed, or was deregistered at the host again (FI-RACE-002)."""
    ended = [r for r in view.records if isinstance(r, Outcome) and r.of == asked][-1]
    back = view.exchanges(DEREGISTER, sender=sender, receiver=receiver, ours=False)
    if ended.result in ("failed", "refused") or back:
        return Finding.passed(f"{ended.result}, {len(back)} deregistrations", evidence=[ended.seq])
    return Waiting("the conflict reported or taken back", ended.result, (ended.seq,))


@rule
def registered_or_taken_back(view: TraceView, sender: str, receiver: str, zone: str) -> Finding | Waiting:
    """The lead shows the zone as registered, or has deregistered it at the host (FI-RACE-008)."""
    state, seq = state_of(view, sender)
    who = federation_of(view, receiver)
    held = any(z["registered"] for z in state["partner_zones"] if (z["partner"], z["zone"]) == (who, zone))
    back = view.exchanges(DEREGISTER, sender=sender, receiver=receiver, ours=False)
    if held or back:
        return Finding.passed("registered" if held else "deregistered at the host", evidence=[seq])
    return Finding.failed(want="registered on both sides, or on neither", got="not registered", evidence=[seq])


@rule
def accounts_alike(view: TraceView, first: str, second: str) -> Finding | Waiting:
    """A repeated registration was answered with the same zones and quotas, or with a client error (FI-RACE-008)."""
    one, other = exchange_of(view, first), exchange_of(view, second)
    evidence = (*one.evidence, *other.evidence)
    if not one.succeeded or not (other.succeeded or other.refused):
        return Finding.failed(want="2xx, then 2xx or 4xx", got=f"{one.told()}, {other.told()}", evidence=evidence)
    if other.refused:
        return Finding.passed(f"{one.told()}, then {other.status}", evidence=evidence)
    bodies = [shown if isinstance(shown := documented_of(each), dict) else {} for each in (one, other)]
    if bodies[0].get("zone") != bodies[1].get("zone"):
        return Finding.failed(want=told_body(bodies[0]), got=told_body(bodies[1]), evidence=evidence)
    return Finding.passed("twice the same account", evidence=evidence)


@rule
def straggler_recorded(view: TraceView, at: str, other: str, zone: str, exchange: str) -> Finding | Waiting:
    """A deregistration from an earlier federation: preferred without effect; one that acts is recorded (FI-RACE-013)."""
    seen = exchange_of(view, exchange)
    state, seq = state_of(view, at)
    who = federation_of(view, other)
    held = any((each["zone"], each["partner"]) == (zone, who) for each in state["registrations"])
    evidence = (*seen.evidence, seq)
    if not held:
        return Finding(
            Verdict.WARNED, f"{zone} still registered", f"{seen.told()}: it acted on the straggler", evidence
        )
    return Finding.passed(f"{seen.told()}, {zone} still registered", evidence=evidence)
