"""Rules of milestone 1 at the acceptor: what it checks before it asks, and what it does with the issuer's verdict."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from conformance.rules import rule
from conformance.rules.coordinator import connection_in
from conformance.rules.coordinator_intent import connections_that_came, issued, states_around
from conformance.view import Exchange, TraceView
from reports.redact import key_facts
from reports.verdict import Finding, Waiting


@rule
def keys_turned_down_unasked(view: TraceView, seat_asked: str, number: int) -> Finding | Waiting:
    """The latest acceptances, so many, were refused without a question to anybody, and no connection came to be."""
    outcomes = view.outcomes(seat_asked, "accept")[-number:]
    want = f"{number} refused, no ConfirmActivationKey, no connection"
    if len(outcomes) < number:
        return Waiting(want, f"{len(outcomes)} were tried")
    for outcome in outcomes:
        if outcome.result != "refused":
            return Finding.failed(want=want, got=f"one ended {outcome.result}", evidence=[outcome.of, outcome.seq])
    first = outcomes[0].of
    calls = [each for each in view.exchanges(sender=seat_asked, ours=False) if each.request.seq > first]
    asked = [each for each in calls if each.request.operation in ("ConfirmActivationKey", "CreateConnection")]
    if asked:
        return Finding.failed(want=want, got=asked[0].told(), evidence=asked[0].evidence)
    around = states_around(view, seat_asked, first, outcomes[-1].seq)
    if around is None:
        return Waiting(want, "the state before or after was not observed")
    if came := connections_that_came(*around):
        return Finding.failed(want=want, got=f"connections {came}", evidence=[around[0].seq, around[1].seq])
    return Finding.passed(f"{number} refused", evidence=[each.seq for each in outcomes])


@rule
def acceptance_ended(view: TraceView, seat_asked: str, uuid: str, well: bool) -> Finding | Waiting:
    """The latest acceptance ended with an established connection, or else (``well`` False) with nothing left pending."""
    outcomes = view.outcomes(seat_asked, "accept")
    want = "the connection established" if well else "refused or failed, and nothing left pending or placed"
    if not outcomes or outcomes[-1].result == "running":
        return Waiting(want, "it has not ended")
    last = outcomes[-1]
    shown, seq = connection_in(view, seat_asked, uuid)
    left = shown is not None and (shown["placements"] or shown["customer"] not in ("failed", "deleted"))
    reached = last.result == "ok" if well else last.result in ("refused", "failed") and not left
    got = (
        f"{last.result}{f' ({last.reason})' if last.reason else ''}, {shown['customer'] if shown else 'no connection'}"
    )
    if reached:
        return Finding.passed(got, evidence=[last.seq, seq])
    return Finding.failed(want=want, got=got, evidence=[last.seq, seq])


@rule
def preview_equals_key(view: TraceView, seat_asked: str, issuer: str) -> Finding | Waiting:
    """Environment, bandwidth and account shown to the customer are those of the key."""
    previews = view.outcomes(seat_asked, "preview")
    keys = issued(view, issuer)
    if not previews or not keys:
        return Waiting("a key shown to the customer", "none was submitted")
    shown, members = previews[-1], keys[-1][1].members or {}
    environment = str(members.get("destinationEnvironmentUri", "")).rstrip("/").rpartition("/")[2]
    wanted = {
        "environment": environment,
        "mbps": members.get("connectionSizeMbps"),
        "account": members.get("destinationAccountId"),
    }
    got = {name: shown.outputs.get(name) for name in wanted}
    if shown.result == "ok" and got == wanted:
        return Finding.passed(str(got), evidence=[shown.seq])
    return Finding.failed(want=str(wanted), got=f"{shown.result} {got}", evidence=[shown.seq])


@rule
def nothing_begun(view: TraceView, seat_asked: str, uuid: str) -> Finding | Waiting:
    """Without the customer's consent there is no connection object and no call to the issuer."""
    shown, seq = connection_in(view, seat_asked, uuid)
    calls = view.exchanges(sender=seat_asked, ours=False)
    if shown is None and not calls:
        return Finding.passed("no object, no call", evidence=[seq])
    got = f"a connection {shown['customer']}" if shown else calls[0].told()
    return Finding.failed(want="no connection object and no call", got=got, evidence=[seq])


@rule
def read_as_tentative(view: TraceView, seat_asked: str, uuid: str, confirmed: bool) -> Finding | Waiting:
    """The customer reads pending, before (no CreateConnection yet) or after (one under way) the key was confirmed."""
    reads = view.outcomes(seat_asked, "read")
    if not reads:
        return Waiting("the customer reads the connection", "nobody read")
    last = reads[-1]
    creates = view.exchanges("CreateConnection", sender=seat_asked, ours=False, about=uuid)
    made = f"{len(creates)} CreateConnection"
    want = "pending, " + ("under negotiation" if confirmed else "no CreateConnection")
    got = f"{last.outputs.get('state')}, {made}"
    if last.outputs.get("state") == "pending" and bool(creates) is confirmed:
        return Finding.passed(got, evidence=[last.seq])
    return Finding.failed(want=want, got=got, evidence=[last.seq])


@rule
def confirmed_first(view: TraceView, seat_asked: str, issuer: str, uuid: str, environment: str) -> Finding | Waiting:
    """The first call about the connection is ConfirmActivationKey with the customer's key, byte for byte."""
    calls = view.exchanges(sender=seat_asked, ours=False, about=uuid)
    path = f"/providers/{seat_asked}/environments/{environment}/ConfirmActivationKey"
    want = f"first POST {path} with the customer's key"
    if not calls:
        return Waiting(want, "no call about it")
    first = calls[0]
    sent = key_facts((first.request.body or {}).get("encodedKey"))
    handed = issued(view, issuer)[-1][1]
    if (first.request.method, first.request.path) != ("POST", path):
        return Finding.failed(want=want, got=first.told(), evidence=first.evidence)
    if sent is None or sent.digest != handed.digest:
        return Finding.failed(want=want, got="encodedKey is another text", evidence=first.evidence)
    return Finding.passed(first.told(), evidence=first.evidence)


def _verdict(exchange: Exchange) -> bool:
    body = exchange.response.body if exchange.response else None
    return exchange.succeeded and isinstance(body, dict) and body.get("keyValid") is True


@rule
def created_after_confirmation(view: TraceView, seat_asked: str, uuid: str) -> Finding | Waiting:
    """No CreateConnection was sent before a 2xx with keyValid true."""
    creates = view.exchanges("CreateConnection", sender=seat_asked, ours=False, about=uuid)
    yes = [each for each in view.exchanges("ConfirmActivationKey", sender=seat_asked, ours=False) if _verdict(each)]
    want = "CreateConnection only after keyValid true"
    if not creates:
        return Waiting(want, "no CreateConnection")
    if not yes or creates[0].request.seq < yes[0].evidence[-1]:
        return Finding.failed(want=want, got=creates[0].told(), evidence=creates[0].evidence)
    return Finding.passed(want, evidence=[*yes[0].evidence, creates[0].request.seq])


@rule
def encoded_key_is_used(view: TraceView, seat_asked: str) -> Finding | Waiting:
    """The deprecated ``key`` object is not sent alone."""
    asked = view.exchanges("ConfirmActivationKey", sender=seat_asked, ours=False)
    if not asked:
        return Waiting("a ConfirmActivationKey", "none")
    for each in asked:
        if not (each.request.body or {}).get("encodedKey"):
            got = f"members {sorted(each.request.body or {})}"
            return Finding.failed(want="encodedKey in the body", got=got, evidence=each.evidence)
    return Finding.passed("encodedKey", evidence=asked[0].evidence)


@rule
def went_on_after_confirmation(view: TraceView, seat_asked: str, uuid: str) -> Finding | Waiting:
    """A CreateConnection followed the confirmation."""
    creates = view.exchanges("CreateConnection", sender=seat_asked, ours=False, about=uuid)
    if creates:
        return Finding.passed(creates[0].told(), evidence=creates[0].evidence)
    return Waiting(f"{seat_asked} to go on with CreateConnection", "none came")


@rule
def abandoned(view: TraceView, seat_asked: str, uuid: str, most: int = 20) -> Finding | Waiting:
    """Without a verdict keyValid true: failure told, tentative connection gone, never a CreateConnection, no endless
    retry (at most ``most`` questions in all)."""
    want = "the acceptance failed, no tentative connection, no CreateConnection"
    outcomes = view.outcomes(seat_asked, "accept")
    creates = view.exchanges("CreateConnection", sender=seat_asked, ours=False, about=uuid)
    if creates:
        return Finding.failed(want=want, got=creates[0].told(), evidence=creates[0].evidence)
    questions = view.exchanges("ConfirmActivationKey", sender=seat_asked, ours=False, about=uuid)
    if len(questions) > most:
        return Finding.failed(
            want=f"at most {most} questions", got=f"{len(questions)}", evidence=questions[-1].evidence
        )
    if not outcomes or outcomes[-1].result == "running":
        return Waiting(want, "the acceptance has not ended")
    shown, seq = connection_in(view, seat_asked, uuid)
    gone = shown is None or (not shown["placements"] and shown["customer"] in ("failed", "deleted"))
    got = f"acceptance {outcomes[-1].result}, connection {shown['customer'] if shown else 'gone'}"
    if outcomes[-1].result in ("failed", "refused") and gone:
        return Finding.passed(got, evidence=[outcomes[-1].seq, seq])
    return Finding.failed(want=want, got=got, evidence=[outcomes[-1].seq, seq])


@rule
def asked_again_then_created_once(view: TraceView, seat_asked: str, uuid: str, failures: int) -> Finding | Waiting:
    """After so many 5xx the question came again, each time later, and then exactly one CreateConnection."""
    asked = view.exchanges("ConfirmActivationKey", sender=seat_asked, ours=False, about=uuid)
    creates = view.exchanges("CreateConnection", sender=seat_asked, ours=False, about=uuid)
    want = f"{failures + 1} questions, increasingly apart, then one CreateConnection"
    if len(asked) <= failures or not creates:
        return Waiting(want, f"{len(asked)} questions, {len(creates)} CreateConnection")
    gaps = [after.request.at - before.request.at for before, after in itertools.pairwise(asked)]
    got = f"{len(asked)} questions, {gaps} ms apart, {len(creates)} CreateConnection"
    evidence = [each.request.seq for each in (*asked, *creates)]
    grows = gaps[0] > 0 and all(before < after for before, after in itertools.pairwise(gaps))
    if len(asked) == failures + 1 and grows and len(creates) == 1 and creates[0].request.seq > asked[-1].evidence[-1]:
        return Finding.passed(got, evidence=evidence)
    return Finding.failed(want=want, got=got, evidence=evidence)


@rule
def connection_id_of_key(view: TraceView, seat_asked: str, issuer: str) -> Finding | Waiting:
    """The negotiator's connectionId is the UUID of the customer's key."""
    creates = view.exchanges("CreateConnection", sender=seat_asked, ours=False)
    keys = issued(view, issuer)
    if not creates or not keys:
        return Waiting("a CreateConnection for an issued key", "none")
    wanted = (keys[-1][1].members or {}).get("sharedConnectionUuid")
    given = creates[0].request.query.get("connectionId")
    if given == wanted:
        return Finding.passed(str(given), evidence=creates[0].evidence)
    return Finding.failed(want=f"connectionId {wanted}", got=str(given), evidence=creates[0].evidence)


MILESTONES = (
    "ConfirmActivationKey",
    "CreateConnection",
    "GenerateFeatureGuidance",
    "CreateFeature",
    "NotifyConnectionStatus",
)


@rule
def milestones_in_order(
    view: TraceView, seat_asked: str, uuid: str, stages: Sequence[str] = MILESTONES
) -> Finding | Waiting:
    """The acceptor drives: confirm, create, guidance, features, notify; no stage begins, on either side, before the
    stage before it succeeded."""
    ended = -1
    places = []
    for number, stage in enumerate(stages):
        calls = [
            e for e in view.exchanges(stage, ours=False) if uuid in f"{e.request.path}{e.request.query}{e.request.body}"
        ]
        if stage != "NotifyConnectionStatus" and any(each.request.sender != seat_asked for each in calls):
            other = next(each for each in calls if each.request.sender != seat_asked)
            return Finding.failed(want=f"{stage} by {seat_asked} only", got=other.told(), evidence=other.evidence)
        good = [each for each in calls if _verdict(each) or (number and each.succeeded)]
        if not good:
            return Waiting(f"{stage} to succeed")
        if calls[0].request.seq < ended:
            want = f"{stages[number - 1]} to succeed before {stage}"
            return Finding.failed(want=want, got=calls[0].told(), evidence=calls[0].evidence)
        ended = good[0].evidence[-1]
        places.append(good[0].request.seq)
    return Finding.passed(" -> ".join(stages), evidence=places)


@rule
def leaves_negotiation(view: TraceView, seat_asked: str) -> Finding | Waiting:
    """The issuer that answered true proposes neither connection nor feature (nothing was deferred to it)."""
    for operation in ("CreateConnection", "CreateFeature"):
        for each in view.exchanges(operation, sender=seat_asked, ours=False):
            return Finding.failed(want=f"no {operation} from {seat_asked}", got=each.told(), evidence=each.evidence)
    return Finding.passed(f"{seat_asked} proposes nothing")
