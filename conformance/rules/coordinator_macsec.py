"""Rules of MACsec keys: what a channel's list shows, and in which order a manager rotates."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Any

from conformance.documented import documented
from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.coordinator_issues import moment
from conformance.rules.coordinator_static import body_of
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Verdict, Waiting

STAMP = 5_000
"""Milliseconds by which a startTime may differ from the moment of acceptance (CC-MACSEC-002/4)."""


def _id(name: Any) -> str:
    return str(name).rpartition("/")[2]


def _shown(exchange: Exchange) -> dict[str, dict[str, Any]]:
    """The keys of a ListMacSecKeys by ID."""
    return {_id(each.get("name")): each for each in body_of(exchange).get("macSecKeys") or ()}


def _active(exchange: Exchange) -> list[str]:
    return sorted(id for id, key in _shown(exchange).items() if key.get("active") is True)


def _told(exchange: Exchange) -> str:
    if not exchange.succeeded:
        return exchange.told()
    keys = _shown(exchange)
    return ", ".join(f"{id} {'active' if key.get('active') else 'inactive'}" for id, key in keys.items()) or "no keys"


@rule
def keys_listed(
    view: TraceView,
    exchange: str,
    absent: Sequence[str] = (),
    only: Sequence[str] | None = None,
    active: str | None = None,
) -> Finding | Waiting:
    """The list was answered, holds none of ``absent``, exactly ``only``, and ``active`` is the one that is active."""
    seen = exchange_of(view, exchange)
    ids = set(_shown(seen))
    wanted = [f"not {', '.join(absent)}"] if absent else []
    wanted += [f"exactly {', '.join(sorted(only))}"] if only is not None else []
    wanted += [f"{active} active, no other"] if active else []
    right = not ids & set(absent) and only in (None, sorted(ids), [*only] if only and set(only) == ids else None)
    if seen.succeeded and right and (active is None or _active(seen) == [active]):
        return Finding.passed(_told(seen), evidence=seen.evidence)
    return Finding.failed(want="; ".join(wanted), got=_told(seen), evidence=seen.evidence)


@rule
def key_stands_by(view: TraceView, exchange: str, key: str) -> Finding | Waiting:
    """The manager lists the key that it is about to hand over as inactive. One that lists it only later shows nothing
    of its router on the wire."""
    seen = exchange_of(view, exchange)
    shown = _shown(seen).get(key)
    if shown is None:
        return Finding(
            Verdict.UNTESTED, got="the key is not listed yet; the router cannot be seen", evidence=seen.evidence
        )
    if shown.get("active"):
        return Finding.failed(want=f"{key} inactive", got=_told(seen), evidence=seen.evidence)
    return Finding.passed(_told(seen), evidence=seen.evidence)


@rule
def key_stamped(view: TraceView, created: str, exchange: str, key: str, asked_at: int) -> Finding | Waiting:
    """4xx, or the key has a startTime of now in the answer and in the list, and is not active in the answer yet. Between the
    answer and the list its router may have taken it into use."""
    answer, seen = exchange_of(view, created), exchange_of(view, exchange)
    if answer.refused:
        return Finding.passed(answer.told(), evidence=answer.evidence)
    listed = _shown(seen).get(key, {})
    for shown in (body_of(answer), listed):
        at = moment(shown.get("startTime"))
        early = shown is not listed and shown.get("active")
        if at is None or abs(at - asked_at) > STAMP or early:
            got = f"startTime {shown.get('startTime')}, active {shown.get('active')}"
            want = "startTime within 5 s of the acceptance, not active yet"
            return Finding.failed(want=want, got=got, evidence=(*answer.evidence, *seen.evidence))
    return Finding.passed(str(body_of(answer).get("startTime")), evidence=(*answer.evidence, *seen.evidence))


@rule
def start_times_increase(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Of keys that were taken one after the other the later has the later startTime."""
    seen = [exchange_of(view, each) for each in exchanges]
    times = [moment(body_of(each).get("startTime")) for each in seen]
    evidence = [record for each in seen for record in each.evidence]
    known = [at for at in times if at is not None]
    if len(known) == len(times) and all(one < two for one, two in itertools.pairwise(known)):
        return Finding.passed(" < ".join(str(body_of(each).get("startTime")) for each in seen), evidence=evidence)
    got = ", ".join(str(body_of(each).get("startTime")) for each in seen)
    return Finding.failed(want="increasing", got=got, evidence=evidence)


@rule
def one_active_key(view: TraceView, lists: Sequence[str], new: str) -> Finding | Waiting:
    """No list shows two active keys, or none; the last one shows the new key active (CC-ERR-27)."""
    seen = [exchange_of(view, each) for each in lists]
    for each in seen:
        if len(_active(each)) != 1:
            return Finding.failed(want="exactly one active key", got=_told(each), evidence=each.evidence)
    if _active(seen[-1]) != [new]:
        return Finding.failed(want=f"{new} active at last", got=_told(seen[-1]), evidence=seen[-1].evidence)
    return Finding.passed(f"{len(seen)} lists, at last {_told(seen[-1])}", evidence=seen[-1].evidence)


@rule
def key_as_listed(view: TraceView, exchange: str, listing: str) -> Finding | Waiting:
    """GetMacSecKey and ListMacSecKeys show the same of a key, startTime and active among it."""
    seen, all_ = exchange_of(view, exchange), exchange_of(view, listing)
    shown = documented("GetMacSecKey", body_of(seen))
    there = documented("GetMacSecKey", _shown(all_).get(_id(shown.get("name")), {}))
    differing = sorted(name for name in shown | there if (shown.get(name) or None) != (there.get(name) or None))
    missing = [name for name in ("startTime", "active") if not shown.get(name)]
    if seen.succeeded and there and not differing and not missing:
        return Finding.passed(told_body(sorted(shown)), evidence=seen.evidence)
    got = f"{seen.told()}, different: {', '.join(differing) or 'nothing'}, missing: {', '.join(missing) or 'nothing'}"
    return Finding.failed(want="the same in both, with startTime and active", got=got, evidence=seen.evidence)


@rule
def cak_hidden(view: TraceView, exchange: str, to_manager: bool) -> Finding | Waiting:
    """The CAK is absent or masked, which looks the same for all keys; the value itself may be told to the channel's
    manager, who made it, with a warning (CC-ERR-27). A mask is told by its bearing no two values."""
    seen = exchange_of(view, exchange)
    shown = str(body_of(seen).get("cak") or "")
    if not seen.succeeded:
        return Finding.failed(want="a key", got=seen.told(), evidence=seen.evidence)
    sent = {str((each.request.body or {}).get("cak")) for each in view.exchanges("CreateMacSecKey")}
    if not shown or (shown not in sent and _looks_masked(view, shown)):
        return Finding.passed("absent" if not shown else "masked", evidence=seen.evidence, errata=("CC-ERR-27",))
    if to_manager:
        return Finding(Verdict.WARNED, "absent or masked", "the value", seen.evidence, ("CC-ERR-27",))
    return Finding.failed(want="absent or masked", got="the value", evidence=seen.evidence)


def _looks_masked(view: TraceView, shown: str) -> bool:
    """The same for two different keys: what a trace holds instead of a CAK is equal where the CAKs are."""
    bearers = {
        (each.segment("channels"), _id(key.get("name")), str(key.get("ckn")))
        for each in view.exchanges("ListMacSecKeys")
        for key in _shown(each).values()
        if key.get("cak") == shown
    }
    return len(bearers) > 1


@rule
def key_deleted(view: TraceView, sender: str, key: str) -> Finding | Waiting:
    """The sender deletes this key at its peer."""
    for each in view.exchanges("DeleteMacSecKey", sender=sender, ours=False):
        if each.segment("macSecKeys") == key and each.succeeded:
            return Finding.passed(each.told(), evidence=each.evidence)
    return Waiting(f"DeleteMacSecKey of {key} from {sender}")


def _handed_over(view: TraceView, sender: str) -> list[Exchange]:
    return [each for each in view.exchanges("CreateMacSecKey", sender=sender, ours=False) if each.succeeded]


@rule
def key_handed_over(view: TraceView, sender: str, channel: str) -> Finding | Waiting:
    """The sender hands over a key for this channel."""
    for each in _handed_over(view, sender):
        if each.segment("channels") == channel:
            return Finding.passed(each.told(), evidence=each.evidence)
    return Waiting(f"CreateMacSecKey for {channel} from {sender}")


@rule
def rolled_forward(view: TraceView, sender: str, channel: str) -> Finding | Waiting:
    """A key that stayed inactive is deleted, and then another one is handed over."""
    made = [each for each in _handed_over(view, sender) if each.segment("channels") == channel]
    if not made:
        return Waiting(f"CreateMacSecKey for {channel} from {sender}")
    first = made[0].request.query.get("macSecKeyId")
    gone = [
        each
        for each in view.exchanges("DeleteMacSecKey", sender=sender, ours=False)
        if each.segment("macSecKeys") == first and each.succeeded
    ]
    if not gone:
        return Waiting(f"DeleteMacSecKey of {first}, which never became active", "it stays")
    later = [
        each
        for each in view.exchanges("CreateMacSecKey", sender=sender, ours=False)
        if each.request.seq > gone[0].request.seq and each.request.query.get("macSecKeyId") != first
    ]
    if later:
        return Finding.passed(later[0].told(), evidence=(*gone[0].evidence, *later[0].evidence))
    return Waiting("a further key", "none yet")


@rule
def one_rotation_at_a_time(view: TraceView, seat_shown: str, wanted: int) -> Finding | Waiting:
    """No key is offered for a channel before the old key of the one before was deleted; ``wanted`` were taken."""
    made = _handed_over(view, seat_shown)
    gone = [e.request.seq for e in view.exchanges("DeleteMacSecKey", sender=seat_shown, ours=False) if e.succeeded]
    for one in made:
        end = min((seq for seq in gone if seq > one.request.seq), default=None)
        for two in view.exchanges("CreateMacSecKey", sender=seat_shown, ours=False):
            early = end is None or two.request.seq < end
            if one.request.seq < two.request.seq and early and one.segment("channels") != two.segment("channels"):
                got = f"{two.told()} before the old key of {one.segment('channels')} was deleted"
                return Finding.failed(want="one after the other", got=got, evidence=(*one.evidence, *two.evidence))
    if len({each.segment("channels") for each in made}) < wanted:
        got = ", ".join(each.segment("channels") for each in made) or "none"
        return Finding.failed(want=f"{wanted} channels rotated", got=got, evidence=[e.request.seq for e in made])
    return Finding.passed(" -> ".join(each.segment("channels") for each in made), evidence=made[-1].evidence)


@rule
def rotations_apart(view: TraceView, seats: Sequence[str], wanted: int, apart: int) -> Finding | Waiting:
    """At least ``wanted`` keys were taken on an interconnect from these seats, any two of them at least ``apart``
    milliseconds from each other."""
    made = sorted((each for seat in seats for each in _handed_over(view, seat)), key=lambda each: each.evidence[-1])
    evidence = [record for each in made for record in each.evidence]
    if len(made) < wanted:
        got = f"{len(made)}: {', '.join(each.told() for each in made)}"
        return Finding.failed(want=f"{wanted} keys handed over and taken", got=got, evidence=evidence)
    for one, two in itertools.pairwise(made):
        between = two.request.at - one.request.at
        if between < apart:
            got = f"{between / 60_000:.0f} min between {one.told()} and {two.told()}"
            want = f"at least {apart // 60_000} min between two rotations"
            return Finding.failed(want=want, got=got, evidence=(*one.evidence, *two.evidence))
    return Finding.passed(f"{len(made)} taken", evidence=evidence)


@rule
def channels_managed(
    view: TraceView, exchange: str, parties: Sequence[str], each: int | None = None
) -> Finding | Waiting:
    """Every channel names its MACsec manager, one of the two; with ``each``, every party manages so many."""
    seen = exchange_of(view, exchange)
    managers = {
        _id(one.get("name")): _id(one.get("macsecManagerProvider") or "") for one in body_of(seen).get("channels") or ()
    }
    counted = Counter(managers.values())
    want = f"each channel managed by {' or '.join(parties)}" + (f", {each} each" if each else "")
    named = all(managers.values()) and bool(managers)
    even = each is None or all(counted[party] == each for party in parties)
    if named and even:
        return Finding.passed(str(dict(counted)), evidence=seen.evidence)
    return Finding.failed(want=want, got=str(managers), evidence=seen.evidence)


@rule
def one_active_each(view: TraceView, lists: Sequence[str]) -> Finding | Waiting:
    """Every channel's list shows exactly one active key."""
    for seen in (exchange_of(view, each) for each in lists):
        if len(_active(seen)) != 1:
            got = f"{seen.segment('channels')}: {_told(seen)}"
            return Finding.failed(want="exactly one active key", got=got, evidence=seen.evidence)
    return Finding.passed(f"{len(lists)} channels")


@rule
def one_taken(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Exactly one of these was taken, all others were answered 409."""
    seen = [exchange_of(view, each) for each in exchanges]
    evidence = [record for each in seen for record in each.evidence]
    got = ", ".join(f"{each.segment('channels')} {each.end}" for each in seen)
    taken = sum(each.succeeded for each in seen)
    if taken == 1 and all(each.succeeded or each.status == 409 for each in seen):
        return Finding.passed(got, evidence=evidence)
    return Finding.failed(want="one 2xx, 409 to the others", got=got, evidence=evidence)


@rule
def same_key_or_conflict(view: TraceView, first: str, second: str) -> Finding | Waiting:
    """The repetition is answered 409, or 2xx with the same key."""
    one, two = exchange_of(view, first), exchange_of(view, second)
    same = two.succeeded and all(
        body_of(one).get(name) == body_of(two).get(name) for name in ("name", "ckn", "startTime")
    )
    if one.succeeded and (same or two.status == 409):
        return Finding.passed(two.told(), evidence=(*one.evidence, *two.evidence))
    got = f"{one.told()}, then {two.told()}"
    return Finding.failed(want="2xx, then the same key or 409", got=got, evidence=(*one.evidence, *two.evidence))


@rule
def deleted_when_inactive(view: TraceView, receiver: str, old: str, new: str) -> Finding | Waiting:
    """The old key's deletion is taken once the new one is active and not before; no list is without an active key."""
    taken = False
    for each in view.exchanges(receiver=receiver, ours=True):
        if each.request.operation == "DeleteMacSecKey" and each.segment("macSecKeys") == old:
            taken = each.succeeded
        elif each.request.operation == "ListMacSecKeys" and (
            len(_active(each)) != 1 or (taken and new not in _active(each))
        ):
            got = f"{'after the deletion ' if taken else ''}{_told(each)}"
            return Finding.failed(want="always one active key", got=got, evidence=each.evidence)
    if taken:
        return Finding.passed(f"{old} went when {new} was active")
    return Finding.failed(want=f"{old} deleted once {new} is active", got="its deletion is declined to the end")
