"""Rules over the messages between two operators (federation-wire, sections 3 to 5 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.application_bodies import members_of
from conformance.rules import rule
from conformance.rules.answers import told_body
from conformance.rules.federation import federation_of, inputs_of, state_of
from conformance.view import Exchange, TraceView
from reports.record import Action, Outcome, Request, Response
from reports.verdict import Finding, Waiting

ADD = "POST /operator/partner"


def own_adds(view: TraceView, lead: str, host: str) -> list[Exchange]:
    """The adds that the lead sent of its own accord."""
    return view.exchanges(ADD, sender=lead, receiver=host, ours=False)


def add_answer(view: TraceView, lead: str, host: str) -> Exchange | None:
    """The latest successful add between two seats, whoever sent it: the platform or the harness in its name."""
    return next((e for e in reversed(view.exchanges(ADD, sender=lead, receiver=host)) if e.succeeded), None)


def _answer(view: TraceView, lead: str, host: str) -> tuple[dict[str, Any], Exchange] | Waiting:
    seen = add_answer(view, lead, host)
    if seen is None or seen.response is None:
        return Waiting(f"{host} to answer an add of {lead} with 2xx")
    return (seen.response.body if isinstance(seen.response.body, dict) else {}), seen


@rule
def nothing_sent(
    view: TraceView,
    sender: str,
    after: int = 0,
    operation: str | None = None,
    receiver: str | None = None,
) -> Finding | Waiting:
    """The sender sent nothing of its own accord after this moment (to this receiver, of this operation)."""
    made = view.exchanges(operation, sender=sender, receiver=receiver, ours=False)
    made = [each for each in made if each.request.seq > after]
    what = operation or "request"
    if made:
        return Finding.failed(
            want=f"no {what} from {sender}", got=f"{len(made)}: {made[0].told()}", evidence=made[0].evidence
        )
    return Finding.passed(f"no {what} from {sender}")


@rule
def adds_once(view: TraceView, lead: str, host: str) -> Finding | Waiting:
    """The lead sent exactly one POST /operator/partner, a JSON object, to the host's address and nowhere else."""
    sent = view.exchanges(ADD, sender=lead, ours=False)
    if not sent:
        return Waiting(f"{lead} to call {ADD}")
    first = sent[0].request
    if len(sent) > 1 or first.receiver != host or not isinstance(first.body, dict):
        got = f"{len(sent)}, the first to {first.receiver} with {told_body(first.body)}"
        return Finding.failed(want=f"one {ADD} to {host}, JSON", got=got, evidence=sent[-1].evidence)
    return Finding.passed(f"one {ADD} to {host}", evidence=[first.seq])


@rule
def add_names(view: TraceView, lead: str, host: str) -> Finding | Waiting:
    """The add names the lead as origin, the host as destination, and has a requestId (FI-PARTNER-001)."""
    sent = own_adds(view, lead, host)
    if not sent:
        return Waiting(f"{lead} to call {ADD}")
    body, asked = sent[-1].request.body or {}, inputs_of(view, lead, "create_self_federation")
    wanted = {
        "origFederationId": federation_of(view, lead),
        "destFederationId": federation_of(view, host),
        "operator": asked["operator"],
        "country": asked["country"],
    }
    wrong = {name: body.get(name) for name, value in wanted.items() if body.get(name) != value}
    id_ = body.get("requestId")
    if not isinstance(id_, str) or not id_:
        wrong["requestId"] = id_
    if wrong:
        want = f"{ {name: wanted.get(name, 'a non-empty string') for name in wrong} }"
        return Finding.failed(want=want, got=f"{wrong}", evidence=[sent[-1].request.seq])
    return Finding.passed("the identities of sender and receiver", evidence=[sent[-1].request.seq])


@rule
def add_is_not_in_the_hosts_name(view: TraceView, lead: str, host: str) -> Finding | Waiting:
    """operator and country of the add are not the host's, a slip of the early code (FI-ERR-17)."""
    sent = own_adds(view, lead, host)
    if not sent:
        return Waiting(f"{lead} to call {ADD}")
    body, theirs = sent[-1].request.body or {}, inputs_of(view, host, "create_self_federation")
    slips = {name: body.get(name) for name in ("operator", "country") if body.get(name) == theirs[name]}
    if slips:
        return Finding.failed(want="the sender's operator and country", got=f"{slips}", evidence=sent[-1].evidence)
    return Finding.passed("not the receiver's operator and country", evidence=[sent[-1].request.seq])


@rule
def every_origin_is_own(view: TraceView, sender: str) -> Finding | Waiting:
    """Whatever the sender sends of its own accord has exactly its own id as origin (FI-FED-001)."""
    sent = view.exchanges(sender=sender, ours=False)
    if not sent:
        return Waiting(f"{sender} to send something")
    own = federation_of(view, sender)
    for each in sent:
        origin = (each.request.body or {}).get("origFederationId")
        if origin != own:
            return Finding.failed(want=f"origFederationId {own}", got=f"{origin}", evidence=[each.request.seq])
    return Finding.passed(f"{len(sent)} requests of {own}", evidence=[each.request.seq for each in sent])


@rule
def offers_zones(view: TraceView, host: str, lead: str, edges: dict[str, int]) -> Finding | Waiting:
    """The answer to the add offers exactly these zones, once each, as they were created, with so many members."""
    answered = _answer(view, lead, host)
    if isinstance(answered, Waiting):
        return answered
    body, seen = answered
    offered = body.get("partnerZone") or []
    ids = sorted(str(zone.get("zoneId")) for zone in offered)
    if ids != sorted(edges):
        return Finding.failed(want=f"the zones {sorted(edges)}", got=f"{ids}", evidence=seen.evidence)
    created = {each["zone"]: each for each in state_of(view, host)[0]["zones"]}
    for zone in offered:
        own = created.get(zone["zoneId"], {})
        wanted = {"geoLocation": own.get("geo_location"), "edgeCount": edges[zone["zoneId"]]}
        wanted |= {name: own.get(name) or None for name in ("city", "state", "locality")}
        wrong = {name: zone.get(name) for name, value in wanted.items() if (zone.get(name) or None) != value}
        if wrong:
            want = f"{zone['zoneId']} with { {name: wanted[name] for name in wrong} }"
            return Finding.failed(want=want, got=f"{wrong}", evidence=seen.evidence)
    return Finding.passed(f"offers {ids}", evidence=seen.evidence)


@rule
def never_offers(view: TraceView, host: str, lead: str, zones: Sequence[str]) -> Finding | Waiting:
    """The answer to the add offers none of these zones."""
    answered = _answer(view, lead, host)
    if isinstance(answered, Waiting):
        return answered
    body, seen = answered
    foreign = [zone.get("zoneId") for zone in body.get("partnerZone") or [] if zone.get("zoneId") in zones]
    if foreign:
        return Finding.failed(want=f"none of {list(zones)}", got=f"offers {foreign}", evidence=seen.evidence)
    return Finding.passed(f"none of {list(zones)}", evidence=seen.evidence)


@rule
def answer_identifies(view: TraceView, host: str, lead: str) -> Finding | Waiting:
    """requestId as received, orig* the answering host, partnerOperatorId and destFederationId the caller (FI-ERR-16)."""
    answered = _answer(view, lead, host)
    if isinstance(answered, Waiting):
        return answered
    body, seen = answered
    mine, theirs = (inputs_of(view, seat, "create_self_federation") for seat in (host, lead))
    wanted = {
        "requestId": (seen.request.body or {}).get("requestId"),
        "origOperatorId": mine["operator"],
        "origFederationId": federation_of(view, host),
        "partnerOperatorId": theirs["operator"],
        "destFederationId": federation_of(view, lead),
    }
    return _members(body, wanted, seen)


@rule
def answer_has_attributes(view: TraceView, host: str, lead: str) -> Finding | Waiting:
    """MCC as a string, MNC as a list of strings, locatorEndPoint: as the host was set up (FI-PARTNER-006)."""
    answered = _answer(view, lead, host)
    if isinstance(answered, Waiting):
        return answered
    body, seen = answered
    mine = inputs_of(view, host, "create_self_federation")
    return _members(body, {"MCC": mine["mcc"], "MNC": mine["mnc"], "locatorEndPoint": mine["locator"]}, seen)


def _members(body: dict[str, Any], wanted: dict[str, Any], seen: Exchange) -> Finding:
    wrong = {name: body.get(name) for name, value in wanted.items() if body.get(name) != value}
    if wrong:
        want = f"{ {name: wanted[name] for name in wrong} }"
        return Finding.failed(want=want, got=f"{wrong}", evidence=seen.evidence)
    return Finding.passed(", ".join(wanted), evidence=seen.evidence)


@rule
def stored_as_received(view: TraceView, lead: str, host: str) -> Finding | Waiting:
    """Every zone of the host's answer is known once at the lead, with its attributes, none registered (FI-PARTNER-007)."""
    answered = _answer(view, lead, host)
    if isinstance(answered, Waiting):
        return answered
    received = {str(zone["zoneId"]): zone for zone in answered[0].get("partnerZone") or []}
    state, seq = state_of(view, lead)
    known = [each for each in state["partner_zones"] if each["partner"] == federation_of(view, host)]
    if sorted(each["zone"] for each in known) != sorted(received):
        got = f"{sorted(each['zone'] for each in known)}"
        return Finding.failed(want=f"{lead} knows {sorted(received)}", got=got, evidence=[seq])
    for each in known:
        zone = received[each["zone"]]
        names = {"geo_location": "geoLocation", "city": "city", "state": "state", "locality": "locality"}
        wrong = {own: each[own] for own, name in names.items() if (each[own] or None) != (zone.get(name) or None)}
        if wrong or each["registered"]:
            got = f"{wrong or 'registered'}"
            return Finding.failed(want=f"{each['zone']} as received, not registered", got=got, evidence=[seq])
    return Finding.passed(f"{lead} knows {sorted(received)} as received", evidence=[seq])


@rule
def name_never_told(view: TraceView, sender: str, receiver: str, name: str) -> Finding | Waiting:
    """Nothing that the sender sent or answered to the receiver has this name in it (FI-CLOUDLET-002)."""
    told = [
        record
        for record in view.records
        if isinstance(record, Request | Response)
        and (record.sender, record.receiver) == (sender, receiver)
        and not (isinstance(record, Request) and record.ours)
    ]
    if not any(isinstance(record, Response) and record.body for record in told):
        return Waiting(f"{sender} to tell {receiver} something")
    for record in told:
        if name in f"{record.body}":
            return Finding.failed(want=f"no mention of {name}", got=told_body(record.body), evidence=[record.seq])
    return Finding.passed(f"no mention of {name}", evidence=[record.seq for record in told])


@rule
def sends_only_issued_keys(view: TraceView, sender: str, receiver: str) -> Finding | Waiting:
    """Every own request carries a key that the receiver has issued to the sender, and no other key (FI-AUTH-001)."""
    sent = view.exchanges(sender=sender, receiver=receiver, ours=False)
    if not sent:
        return Waiting(f"{sender} to send something to {receiver}")
    issued = issued_keys(view, receiver, federation_of(view, sender))
    for each in sent:
        keys = each.request.credentials
        foreign = {name: key for name, key in keys.items() if key not in issued}
        if foreign or not keys:
            got = f"{foreign or 'no key'} with {each.told()}"
            return Finding.failed(want=f"the key that {receiver} has issued", got=got, evidence=[each.request.seq])
    told = f"{len(sent)} requests with the key of {receiver}: {sorted({str(e.request.operation) for e in sent})}"
    return Finding.passed(told, evidence=[each.request.seq for each in sent])


def issued_keys(view: TraceView, issuer: str, partner: str) -> list[str]:
    """The keys that a seat has issued for a partner's federation id, as they stand in the trace, oldest first."""
    asked = {r.seq: r for r in view.records if isinstance(r, Action) and r.seat == issuer}
    return [
        str(r.outputs["api_key"])
        for r in view.records
        if isinstance(r, Outcome) and r.seat == issuer and "api_key" in r.outputs and r.result == "ok"
        if asked[r.of].inputs.get("partner") == partner
    ]


@rule
def zones_once_or_none(view: TraceView, at: str, of: str) -> Finding | Waiting:
    """No zone of the other is listed twice (FI-PARTNER-007)."""
    state, seq = state_of(view, at)
    ids = [each["zone"] for each in state["partner_zones"] if each["partner"] == federation_of(view, of)]
    if len(set(ids)) < len(ids):
        return Finding.failed(want="each zone once", got=f"{ids}", evidence=[seq])
    return Finding.passed(f"{ids}", evidence=[seq])


CAUSED = {
    "GET /operator/artifact/status": "POST /operator/artifacts",
    "POST /operator/artifact/status": "POST /operator/artifacts",
    "POST /operator/application/onboarding": "GET /operator/artifact/status",
}
"""What a platform sends because it accepted something else: it reports an upload, and onboards what was reported."""


@rule
def nothing_sent_but_what_was_caused(view: TraceView, sender: str, after: int) -> Finding | Waiting:
    """Of its own accord the sender sent no more after this moment than what accepted requests brought about."""
    made = [each for each in view.exchanges(sender=sender, ours=False) if each.request.seq > after]
    accepted = [e for e in view.exchanges(receiver=sender, ours=True) if e.succeeded and e.request.seq > after]
    told: dict[str | None, set[str]] = {}
    for each in made:
        members = members_of(each.request.query, each.request.body)
        told.setdefault(each.request.operation, set()).add(str(members.get("requestid")))
    for operation, ids in told.items():
        causes = [e for e in accepted if e.request.operation == CAUSED.get(operation or "")]
        if len(ids) > len(causes):
            first = next(each for each in made if each.request.operation == operation)
            got = f"{len(ids)} of {operation}, {len(causes)} accepted requests ask for one"
            return Finding.failed(want="nothing because of a refusal", got=got, evidence=first.evidence)
    return Finding.passed(f"no request from {sender} but {sorted(map(str, told)) or 'none'}")
