"""Rules for the cells of the documented tables: an order with its guard, a message with its validation."""

from __future__ import annotations

from conformance.rules import rule
from conformance.rules.federation import federation_of, state_of
from conformance.rules.federation_flows import PLACE
from conformance.view import TraceView
from reports.record import Outcome
from reports.verdict import Finding, Waiting


@rule
def only_the_last_carried_out(view: TraceView, at: str, action: str) -> Finding | Waiting:
    """Of these orders all were refused northbound but the last one, which was carried out."""
    orders = [each.seq for each in view.actions(at, action)]
    ends = {r.of: r for r in view.records if isinstance(r, Outcome)}
    results = [ends[seq].result for seq in orders]
    evidence = [ends[seq].seq for seq in orders]
    if results and results[-1] == "running":
        return Waiting(f"{action} to end", "it is still running", tuple(evidence))
    if len(results) < 2 or results != [*["refused"] * (len(results) - 1), "ok"]:
        return Finding.failed(want=f"{action} refused at first, then carried out", got=f"{results}", evidence=evidence)
    return Finding.passed(f"{len(results) - 1} refused, the last one carried out", evidence=evidence)


@rule
def accepts_only_what_is_right(view: TraceView, sender: str, receiver: str, operation: str) -> Finding | Waiting:
    """What the platform of the sender sent of its own accord was accepted, all that was sent by hand was refused."""
    own = view.exchanges(operation, sender=sender, receiver=receiver, ours=False)
    forged = view.exchanges(operation, receiver=receiver, ours=True)
    if not own:
        return Waiting(f"{sender} to send {operation} to {receiver}")
    if not own[-1].succeeded:
        return Finding.failed(want="2xx", got=own[-1].told(), evidence=own[-1].evidence)
    for each in forged:
        if not each.refused:
            return Finding.failed(want="a client error (4xx)", got=each.told(), evidence=each.evidence)
    evidence = [seq for each in (*forged, own[-1]) for seq in each.evidence]
    return Finding.passed(f"accepted, and {len(forged)} forged refused", evidence=evidence)


@rule
def stored_as_notified(view: TraceView, lead: str, host: str, zone: str) -> Finding | Waiting:
    """The notified zone is known once, with its attributes as they were told, and not registered (FI-SHARE-005)."""
    told = view.exchanges("POST /operator/notify/zone", sender=host, receiver=lead)
    named = [(each.request.body or {}).get("partnerZone") or {} for each in told if each.succeeded]
    named = [each for each in named if each.get("zoneId") == zone]
    if not named:
        return Waiting(f"{host} to notify {zone}")
    state, seq = state_of(view, lead)
    who = federation_of(view, host)
    known = [each for each in state["partner_zones"] if (each["partner"], each["zone"]) == (who, zone)]
    if len(known) != 1:
        return Finding.failed(want=f"{zone} known once", got=f"{len(known)} times", evidence=[seq])
    wrong = {
        own: known[0][own] for name, own in PLACE.items() if (known[0][own] or None) != (named[0].get(name) or None)
    }
    if wrong or known[0]["registered"]:
        got = f"{wrong or 'registered'}"
        return Finding.failed(want=f"{zone} as told, not registered", got=got, evidence=[seq])
    return Finding.passed(f"{zone} as it was told", evidence=[told[-1].request.seq, seq])
