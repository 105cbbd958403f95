"""Rules over a host's answers to registrations, and over what one partner learns of another (FI-ZREG-005, -009, -010)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.federation import federation_of, inputs_of, state_of
from conformance.rules.federation_wire import add_answer, name_never_told
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting

KINDS = ("cpu", "ram", "disk", "gpu")


def _entries(seen: Exchange) -> list[dict[str, Any]]:
    """The zones of an answer; a bare object is one (the early edition)."""
    body = seen.response.body if seen.response and isinstance(seen.response.body, dict) else {}
    zones = body.get("zone") or []
    return [zones] if isinstance(zones, dict) else [each for each in zones if isinstance(each, dict)]


@rule
def accounts_for(view: TraceView, exchange: str, zones: Sequence[str]) -> Finding | Waiting:
    """The answer repeats the requestId and has one entry for each of these zones (FI-ZREG-005)."""
    seen = exchange_of(view, exchange)
    body = seen.response.body if seen.response and isinstance(seen.response.body, dict) else {}
    named = sorted(str(each.get("zoneId")) for each in _entries(seen))
    asked = (seen.request.body or {}).get("requestId")
    if not seen.succeeded or named != sorted(zones) or body.get("requestId") != asked:
        want = f"{asked}: {sorted(zones)}"
        return Finding.failed(want=want, got=f"{seen.told()} {told_body(body)}", evidence=seen.evidence)
    return Finding.passed(f"accounts for {named}", evidence=seen.evidence)


@rule
def quotas_fit(view: TraceView, exchange: str) -> Finding | Waiting:
    """Whole numbers from 0; what is guaranteed is at most the upper limit, 0 or absent: not stated (FI-ZREG-005)."""
    seen = exchange_of(view, exchange)
    if not seen.succeeded or not _entries(seen):
        return Finding.failed(want="2xx with zones", got=seen.told(), evidence=seen.evidence)
    for each in _entries(seen):
        low, high = (each.get(name) or {} for name in ("guaranteedResources", "upperLimitQuota"))
        for kind in KINDS:
            a, b = low.get(kind) or 0, high.get(kind) or 0
            whole = all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in (a, b))
            if not whole or (a and b and a > b):
                got = f"{each.get('zoneId')}: {kind} {a!r} of {b!r}"
                return Finding.failed(want="0 <= guaranteed <= upper limit", got=got, evidence=seen.evidence)
    return Finding.passed(f"quotas of {len(_entries(seen))} zones fit", evidence=seen.evidence)


@rule
def registered_once_or_refused(view: TraceView, exchange: str, at: str, zone: str, other: str) -> Finding | Waiting:
    """A request that names a zone twice: accepted with one registration, or refused with none (FI-ZREG-009)."""
    seen = exchange_of(view, exchange)
    state, seq = state_of(view, at)
    who = federation_of(view, other)
    held = [each for each in state["registrations"] if (each["zone"], each["partner"]) == (zone, who)]
    got = f"{seen.told()}, {len(held)} registrations"
    if not ((seen.succeeded and len(held) == 1) or (seen.refused and not held)):
        return Finding.failed(want="2xx with one, or 4xx with none", got=got, evidence=(*seen.evidence, seq))
    return Finding.passed(got, evidence=(*seen.evidence, seq))


@rule
def not_shown_registered(view: TraceView, at: str, of: str, zone: str) -> Finding | Waiting:
    """The lead does not show this zone as registered (FI-ZREG-006)."""
    state, seq = state_of(view, at)
    known = [each for each in state["partner_zones"] if each["partner"] == federation_of(view, of)]
    if any(each["zone"] == zone and each["registered"] for each in known):
        return Finding.failed(want=f"{zone} not registered", got="registered", evidence=[seq])
    return Finding.passed(f"{zone} is not registered", evidence=[seq])


@rule
def tells_nothing_of(view: TraceView, sender: str, receiver: str, third: str) -> Finding | Waiting:
    """Neither operator nor federation id of the third occurs in what the sender tells the receiver (FI-ZREG-010)."""
    names = (federation_of(view, third), str(inputs_of(view, third, "create_self_federation")["operator"]))
    said: Finding | Waiting = Finding.passed("nothing")
    for name in names:
        said = name_never_told(view, sender, receiver, name)
        if isinstance(said, Waiting) or said.verdict is not Verdict.PASSED:
            return said
    return said


@rule
def add_answer_carries(view: TraceView, host: str, lead: str, members: Mapping[str, Any]) -> Finding | Waiting:
    """The answer to the latest add has these members (FI-UPD-002)."""
    seen = add_answer(view, lead, host)
    if seen is None or seen.response is None:
        return Waiting(f"{host} to answer an add of {lead} with 2xx")
    wrong = {n: (seen.response.body or {}).get(n) for n, v in members.items() if (seen.response.body or {}).get(n) != v}
    if wrong:
        return Finding.failed(want=f"{ {n: members[n] for n in wrong} }", got=f"{wrong}", evidence=seen.evidence)
    return Finding.passed(f"the answer carries {dict(members)}", evidence=seen.evidence)


@rule
def knows_no_other_zones(view: TraceView, at: str, of: str, zones: Sequence[str]) -> Finding | Waiting:
    """No zone of the other is known but these: none is stored under a name that nobody said (FI-SHARE-007)."""
    state, seq = state_of(view, at)
    ids = [each["zone"] for each in state["partner_zones"] if each["partner"] == federation_of(view, of)]
    if foreign := [each for each in ids if each not in zones]:
        return Finding.failed(want=f"none but {list(zones)}", got=f"{foreign}", evidence=[seq])
    return Finding.passed(f"{ids}", evidence=[seq])


@rule
def repeated_until_taken(
    view: TraceView, sender: str, receiver: str, operation: str, statuses: Sequence[int] = ()
) -> Finding | Waiting:
    """What was not taken was sent again, until it was taken (2xx, or one of ``statuses``), and not after that."""
    sent = view.exchanges(operation, sender=sender, receiver=receiver, ours=False)
    taken = [each.succeeded or each.status in statuses for each in sent]
    evidence = [each.request.seq for each in sent]
    if len(sent) < 2 or not taken[-1]:
        return Waiting(f"{sender} to repeat {operation} until it is taken", f"{[each.status for each in sent]}")
    if any(taken[:-1]):
        got = f"{[each.status for each in sent]}"
        return Finding.failed(want="nothing more once it is taken", got=got, evidence=evidence)
    return Finding.passed(f"{len(sent)} attempts, the last one taken", evidence=evidence)


@rule
def kept_or_gone(view: TraceView, at: str, of: str, zone: str, exchange: str) -> Finding | Waiting:
    """A withdrawal of a registered zone: refused and both are kept, or accepted and both are gone (FI-UNSHARE-006)."""
    seen = exchange_of(view, exchange)
    state, seq = state_of(view, at)
    known = [each for each in state["partner_zones"] if each["partner"] == federation_of(view, of)]
    held = [each["registered"] for each in known if each["zone"] == zone]
    evidence = (*seen.evidence, seq)
    if (seen.refused and held == [True]) or (seen.succeeded and not held):
        return Finding.passed(f"{seen.told()}, {'kept' if held else 'gone'}", evidence=evidence)
    return Finding.failed(want="kept, or gone", got=f"{seen.told()}, registered {held}", evidence=evidence)
