"""Rules for zones and attributes while federated: what is sent of one's own accord, who registered, what is shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from conformance.rules import rule
from conformance.rules.answers import told_body
from conformance.rules.federation import federation_of, inputs_of, state_of
from conformance.view import Exchange, TraceView
from reports.record import Outcome
from reports.verdict import Finding, Waiting

PLACE = {"geoLocation": "geo_location", "city": "city", "state": "state", "locality": "locality"}
"""The members of a ZoneInfo, and the inputs of create_zone that they repeat."""


def sent_by(view: TraceView, sender: str, receiver: str, operation: str, after: int) -> list[Exchange]:
    """What the sender sent to the receiver of its own accord after this moment."""
    made = view.exchanges(operation, sender=sender, receiver=receiver, ours=False)
    return [each for each in made if each.request.seq > after]


def identities(view: TraceView, sender: str, receiver: str) -> dict[str, Any]:
    """Who sends to whom (federation-wire, section 4)."""
    mine = inputs_of(view, sender, "create_self_federation")
    return {
        "origFederationId": federation_of(view, sender),
        "destFederationId": federation_of(view, receiver),
        "operator": mine["operator"],
        "country": mine["country"],
    }


@rule
def sends_one(
    view: TraceView,
    sender: str,
    receiver: str,
    operation: str,
    after: int = 0,
    members: Mapping[str, Any] | None = None,
    absent: Sequence[str] = (),
) -> Finding | Waiting:
    """Exactly one such request after this moment, with sender and receiver named rightly and these members.

    ``absent``: members that are missing, null or empty, or unchanged is tolerated elsewhere.
    """
    sent = sent_by(view, sender, receiver, operation, after)
    if not sent:
        return Waiting(f"{sender} to send {operation} to {receiver}")
    evidence = [each.request.seq for each in sent]
    if len(sent) > 1:
        return Finding.failed(want=f"one {operation} to {receiver}", got=f"{len(sent)}", evidence=evidence)
    body = sent[0].request.body if isinstance(sent[0].request.body, dict) else {}
    wanted = identities(view, sender, receiver) | dict(members or {})
    wrong = {name: body.get(name) for name, value in wanted.items() if body.get(name) != value}
    if not isinstance(body.get("requestId"), str) or not body["requestId"]:
        wrong["requestId"] = body.get("requestId")
    wrong |= {name: body[name] for name in absent if body.get(name)}
    if wrong:
        want = f"{ {name: wanted.get(name, 'a string' if name == 'requestId' else 'nothing') for name in wrong} }"
        return Finding.failed(want=want, got=f"{wrong}", evidence=evidence)
    return Finding.passed(f"one {operation} from {sender} to {receiver}", evidence=evidence)


@rule
def notifies_zone(view: TraceView, sender: str, receiver: str, zone: str, after: int = 0) -> Finding | Waiting:
    """Exactly one POST /operator/notify/zone of this zone, with its place and edgeCount as created (FI-SHARE-002)."""
    asked = [each.inputs for each in view.actions(sender, "create_zone") if each.inputs.get("zone") == zone]
    if not asked:
        raise LookupError(f"{sender} was not asked for the zone {zone}")
    one = sends_one(view, sender, receiver, "POST /operator/notify/zone", after)
    if isinstance(one, Waiting) or one.verdict != "passed":
        return one
    told = (sent_by(view, sender, receiver, "POST /operator/notify/zone", after)[0].request.body or {})["partnerZone"]
    wanted = {name: asked[-1].get(given) or None for name, given in PLACE.items()}
    wanted |= {"zoneId": zone, "edgeCount": len(asked[-1]["cloudlets"])}
    wrong = {name: told.get(name) for name, value in wanted.items() if (told.get(name) or None) != value}
    if wrong:
        return Finding.failed(want=f"{ {n: wanted[n] for n in wrong} }", got=f"{wrong}", evidence=one.evidence)
    return Finding.passed(f"{zone} as it was created", evidence=one.evidence)


@rule
def attributes_well_typed(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """MNC is a list of strings, MCC and locatorEndPoint are strings, wherever a PUT has them (FI-UPD-003)."""
    sent = sent_by(view, sender, receiver, "PUT /operator/partner", 0)
    if not sent:
        return Waiting(f"{sender} to send PUT /operator/partner")
    for each in sent:
        body = each.request.body or {}
        mnc = body.get("MNC")
        fits = mnc is None or (isinstance(mnc, list) and all(isinstance(one, str) for one in mnc))
        fits = fits and all(isinstance(body.get(name, ""), str) for name in ("MCC", "locatorEndPoint"))
        if not fits or not isinstance(body.get("requestId"), str) or not body["requestId"]:
            return Finding.failed(
                want="strings, and a list of strings", got=told_body(body), evidence=[each.request.seq]
            )
    return Finding.passed(f"{len(sent)} PUT with typed members", evidence=[each.request.seq for each in sent])


@rule
def registered_by(view: TraceView, at: str, zone: str, others: Sequence[str]) -> Finding | Waiting:
    """Exactly these operators have this zone of the host registered, each once."""
    state, seq = state_of(view, at)
    held = sorted(each["partner"] for each in state["registrations"] if each["zone"] == zone)
    if held != sorted(federation_of(view, other) for other in others):
        return Finding.failed(want=f"{zone} registered by {list(others)}", got=f"{held}", evidence=[seq])
    return Finding.passed(f"{zone} registered by {list(others) or 'nobody'}", evidence=[seq])


@rule
def shared_with(view: TraceView, at: str, zone: str, others: Sequence[str]) -> Finding | Waiting:
    """The own zone is shared with exactly these operators; for nobody, it may be gone altogether (FI-UNSHARE-001)."""
    state, seq = state_of(view, at)
    own = [each for each in state["zones"] if each["zone"] == zone]
    shared = sorted(partner for each in own for partner in each["shared_with"])
    if shared != sorted(federation_of(view, other) for other in others):
        return Finding.failed(want=f"{zone} shared with {list(others)}", got=f"{shared}", evidence=[seq])
    return Finding.passed(f"{zone} shared with {list(others) or 'nobody'}", evidence=[seq])


@rule
def shared_or_gone_as_told(
    view: TraceView, at: str, zone: str, other: str, exchange: str, asked: int
) -> Finding | Waiting:
    """A registration that met the withdrawal of the zone (FI-RACE-001): either it was refused and the zone is shared no
    longer, or it was accepted, the zone is shared and registered, and the withdrawal was reported as failed."""
    seen = next(each for each in view.exchanges() if each.request.exchange == exchange)
    ended = [r for r in view.records if isinstance(r, Outcome) and r.of == asked][-1]
    state, seq = state_of(view, at)
    who = federation_of(view, other)
    held = any((each["zone"], each["partner"]) == (zone, who) for each in state["registrations"])
    shared = any(each["zone"] == zone and who in each["shared_with"] for each in state["zones"])
    got = f"{seen.told()}, {zone} {'' if shared else 'not '}shared, {'' if held else 'not '}registered, {ended.result}"
    evidence = (*seen.evidence, ended.seq, seq)
    if seen.refused:
        fits = not held and (not shared or ended.result != "ok")
    else:
        fits = seen.succeeded and held and shared and ended.result in ("failed", "refused")
    if not fits:
        return Finding.failed(want="registered and shared, or neither, as answered", got=got, evidence=evidence)
    return Finding.passed(got, evidence=evidence)


@rule
def shows_attributes(view: TraceView, at: str, attributes: Mapping[str, Any]) -> Finding | Waiting:
    """The own federation has these attributes."""
    state, seq = state_of(view, at)
    own = next(each for each in state["federations"] if each["federation"] == federation_of(view, at))
    wrong = {name: own.get(name) for name, value in attributes.items() if own.get(name) != value}
    if wrong:
        return Finding.failed(want=f"{ {name: attributes[name] for name in wrong} }", got=f"{wrong}", evidence=[seq])
    return Finding.passed(f"{at} has {dict(attributes)}", evidence=[seq])


@rule
def reports_undelivered(view: TraceView, at: str, other: str, asked: int) -> Finding | Waiting:
    """What the platform shows names the partner that has not been informed; the order's outcome, where it shows none."""
    who = federation_of(view, other)
    ended = [r for r in view.records if isinstance(r, Outcome) and r.of == asked][-1]
    state, seq = state_of(view, at)
    told = who in f"{ended.outputs} {ended.reason}"
    if "undelivered" in state:
        told = any(each["partner"] == who for each in state["undelivered"])
    if not told:
        return Finding.failed(want=f"{other} named as not informed", got="nobody", evidence=[ended.seq, seq])
    return Finding.passed(f"{other} named as not informed", evidence=[ended.seq, seq])


@rule
def tells_in_turn(view: TraceView, sender: str, receiver: str, operation: str, last: Mapping[str, Any]) -> Finding:
    """No two such requests were open at the same time, and the last one says this (FI-RACE-013)."""
    sent = sent_by(view, sender, receiver, operation, 0)
    for one, next_ in pairwise(sent):
        end = one.response or one.lost
        if end is None or end.seq > next_.request.seq:
            evidence = [one.request.seq, next_.request.seq]
            return Finding.failed(want="one after the other", got="two open at once", evidence=evidence)
    body = (sent[-1].request.body or {}) if sent else {}
    wrong = {name: body.get(name) for name, value in last.items() if body.get(name) != value}
    if wrong:
        return Finding.failed(want=f"{dict(last)}", got=f"{wrong}", evidence=[s.request.seq for s in sent])
    return Finding.passed(f"{len(sent)} one after the other", evidence=[each.request.seq for each in sent])
