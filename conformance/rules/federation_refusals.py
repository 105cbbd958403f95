"""Rules over what a platform accepts and refuses, and what its refusals tell (FI-AUTH, FI-INPUT; federation-wire 5.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from statistics import median
from typing import Any

from conformance.documented import documented_of
from conformance.rules import rule
from conformance.rules.answers import exchange_of, told_body
from conformance.rules.federation import partner_in, state_of
from conformance.view import Exchange, TraceView
from reports.record import Action, Observation, Outcome, Response
from reports.verdict import Finding, Verdict, Waiting

GENERATING = ("create_self_federation", "expect_partner", "rotate_api_key")
"""The actions that show a key, once, for hand-over (FI-AUTH-009)."""

INTERNAL = re.compile(
    r"Traceback|pq:|SELECT |/(?:usr|home|etc|var|opt)/|[\w/]+\.py\b|\b(?:10|127|192\.168)(?:\.\d+){2,3}\b"
)
"""Stack traces, SQL, file paths and private addresses (FI-INPUT-003)."""


@rule
def one_success(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Of several adds under way at once exactly one succeeds and the others are refused, or all get equal content."""
    seen = [exchange_of(view, each) for each in exchanges]
    won = [each for each in seen if each.succeeded]
    lost = [each for each in seen if each.refused]
    contents = [
        {name: value for name, value in (documented_of(each) or {}).items() if name != "requestId"}
        for each in won
        if each.response
    ]
    evidence = [each.request.seq for each in seen]
    alike = len(won) == len(seen) and all(content == contents[0] for content in contents)
    if alike or (len(won) == 1 and len(lost) == len(seen) - 1):
        return Finding.passed(f"{len(won)} of {len(seen)} accepted", evidence=evidence)
    got = f"{[each.status for each in seen]}"
    return Finding.failed(want="one 2xx and the others 4xx, or equal answers", got=got, evidence=evidence)


@rule
def every_accepted(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Each of these exchanges was answered with any 2xx."""
    seen = [exchange_of(view, each) for each in exchanges]
    wrong = [each for each in seen if not each.succeeded]
    if wrong or not seen:
        got = f"{wrong[0].told()} {told_body(wrong[0].response.body if wrong[0].response else '')}" if wrong else "none"
        return Finding.failed(want="2xx", got=got, evidence=wrong[0].evidence if wrong else ())
    return Finding.passed(f"{len(seen)} accepted", evidence=[seq for each in seen for seq in each.evidence])


@rule
def every_refused(view: TraceView, exchanges: Sequence[str], twins: Sequence[str], at: str) -> Finding | Waiting:
    """Each exchange was answered with a client error, and the state observed next equals the one observed before.

    ``twins`` are the same requests without the defect: when they are refused as well, a refusal proves nothing.
    """
    states = view.observations(at, "state")
    evidence: list[int] = []
    for seen in (exchange_of(view, each) for each in exchanges):
        if not seen.refused:
            got = f"{seen.told()} to {told_body(seen.request.body)}"
            return Finding.failed(want="a client error (4xx)", got=got, evidence=seen.evidence)
        before = [r for r in states if r.seq < seen.request.seq]
        after = [r for r in states if r.seq > seen.evidence[-1]]
        if not before or not after:
            return Waiting("the state before and after each request", "one of the two was not observed")
        if before[-1].value != after[0].value:
            changed = sorted(n for n, value in after[0].value.items() if before[-1].value.get(n) != value)
            return Finding.failed(
                want="a refusal without effect",
                got=f"{seen.told()}, but {', '.join(changed)} changed",
                evidence=(before[-1].seq, *seen.evidence, after[0].seq),
            )
        evidence += seen.evidence
    for twin in (exchange_of(view, each) for each in twins):
        if not twin.succeeded:
            reason = f"the correct request is refused as well: {twin.told()}"
            return Finding.inconclusive(reason, evidence=twin.evidence)
    return Finding.passed(f"{len(exchanges)} refused without effect", evidence=evidence)


@rule
def never_fails(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """Each exchange was answered, with a success or a client error."""
    for seen in (exchange_of(view, each) for each in exchanges):
        if not (seen.succeeded or seen.refused):
            return Finding.failed(want="2xx or 4xx", got=seen.told(), evidence=seen.evidence)
    return Finding.passed(f"{len(exchanges)} answered")


@rule
def no_zones_told(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """None of these answers has a zone in it."""
    for seen in (exchange_of(view, each) for each in exchanges):
        if seen.response is not None and "partnerZone" in f"{seen.response.body}":
            return Finding.failed(want="no partnerZone", got=told_body(seen.response.body), evidence=seen.evidence)
    return Finding.passed("no zone told")


@rule
def same_offers(view: TraceView, exchanges: Sequence[str], at: str) -> Finding | Waiting:
    """Each add was accepted, offered the same zones, and left the same roles at the host."""
    seen = [exchange_of(view, each) for each in exchanges]
    told = []
    for each in seen:
        if not each.succeeded or each.response is None:
            return Finding.failed(want="2xx", got=each.told(), evidence=each.evidence)
        after = next((r for r in view.observations(at, "state") if r.seq > each.evidence[-1]), None)
        if after is None:
            return Waiting(f"the state of {at} after each add")
        roles = [(partner["access"], partner["share"]) for partner in after.value["partners"]]
        told.append(((documented_of(each) or {}).get("partnerZone"), roles))
    if any(each != told[0] for each in told):
        return Finding.failed(want=f"each time {told[0]}", got=f"{told}", evidence=[e.request.seq for e in seen])
    return Finding.passed(f"{len(seen)} times the same", evidence=[e.request.seq for e in seen])


def _error(seen: Exchange) -> Any:
    return seen.response.body if seen.response is not None else None


def _passing(view: TraceView, exchanges: Sequence[str]) -> frozenset[str]:
    """The members of these errors, the message excepted, of which no two have the same value."""
    bodies = [body for each in exchanges if isinstance(body := _error(exchange_of(view, each)), dict)]
    if len(bodies) < max(2, len(exchanges)):
        return frozenset()
    names = set.intersection(*({*body} for body in bodies)) - {"message"}
    return frozenset(name for name in names if len({json.dumps(body[name]) for body in bodies}) == len(bodies))


def _but(body: Any, names: frozenset[str]) -> Any:
    return {name: None if name in names else value for name, value in body.items()} if isinstance(body, dict) else body


@rule
def answers_alike(view: TraceView, first: Sequence[str], second: Sequence[str]) -> Finding | Waiting:
    """Pairwise the same status and the same body (FI-AUTH-008), but for members that are new in every answer, such as the
    number under which an error is found in a log; the message is none of these."""
    evidence = []
    passing = _passing(view, first) & _passing(view, second)
    for one, other in zip(first, second, strict=True):
        a, b = exchange_of(view, one), exchange_of(view, other)
        alike = a.status == b.status and _but(_error(a), passing) == _but(_error(b), passing)
        if not alike or not a.refused:
            got = f"{a.status} {told_body(_error(a))}, {b.status} {told_body(_error(b))}"
            return Finding.failed(want="two refusals that look alike", got=got, evidence=(*a.evidence, *b.evidence))
        evidence += [*a.evidence, *b.evidence]
    return Finding.passed(f"{len(first)} pairs alike", evidence=evidence)


@rule
def same_status(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """All of them were answered with one status: the refusal does not tell why (FI-ZREG-007)."""
    seen = [exchange_of(view, each) for each in exchanges]
    evidence = [seq for each in seen for seq in each.evidence]
    if len({each.status for each in seen}) != 1:
        return Finding.failed(want="one status", got=f"{[each.told() for each in seen]}", evidence=evidence)
    return Finding.passed(f"{seen[0].status} for each", evidence=evidence)


@rule
def answered_as_fast(view: TraceView, first: Sequence[str], second: Sequence[str], limit: int) -> Finding | Waiting:
    """The medians of the times to answer differ by less than ``limit`` ms."""

    def times(ids: Sequence[str]) -> list[int]:
        seen = [exchange_of(view, each) for each in ids]
        return [each.response.at - each.request.at for each in seen if each.response is not None]

    one, other = times(first), times(second)
    if len(one) < len(first) or len(other) < len(second):
        return Waiting("every request to be answered")
    apart = abs(median(one) - median(other))
    if apart >= limit:
        return Finding.failed(want=f"medians less than {limit} ms apart", got=f"{apart:.0f} ms apart")
    return Finding.passed(f"medians {apart:.0f} ms apart")


@rule
def keys_never_shown(view: TraceView, at: str) -> Finding | Waiting:
    """No key in what this seat shows or answers, but where it generates one (FI-AUTH-009)."""
    asked = {r.seq for r in view.records if isinstance(r, Action) and r.action in GENERATING}
    shown: list[tuple[int, Any]] = []
    for record in view.records:
        if isinstance(record, Observation) and record.seat == at:
            shown.append((record.seq, record.value))
        elif isinstance(record, Outcome) and record.seat == at and record.of not in asked:
            shown.append((record.seq, [record.outputs, record.reason]))
        elif isinstance(record, Response) and record.sender == at:
            shown.append((record.seq, record.body))
    for seq, value in shown:
        if "secret:api-key:" in json.dumps(value):
            return Finding.failed(want="no key", got=f"a key in r{seq}", evidence=[seq])
    return Finding.passed(f"no key in {len(shown)} answers of {at}")


@rule
def no_key_repeated(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """The refusals do not repeat the key that was presented."""
    for seen in (exchange_of(view, each) for each in exchanges):
        if not seen.refused:
            return Finding.failed(want="a client error (4xx)", got=seen.told(), evidence=seen.evidence)
        if "secret:" in json.dumps(_error(seen)):
            return Finding.failed(want="no key in it", got="an error with the key", evidence=seen.evidence)
    return Finding.passed("no key in the errors", evidence=[exchange_of(view, each).request.seq for each in exchanges])


def _refusals(view: TraceView, at: str) -> list[Response]:
    return [each.response for each in view.exchanges(receiver=at, ours=True) if each.refused and each.response]


@rule
def errors_have_a_message(view: TraceView, at: str) -> Finding | Waiting:
    """Every refusal is a JSON object with a non-empty string ``message`` (FI-INPUT-003)."""
    refusals = _refusals(view, at)
    if not refusals:
        return Waiting(f"{at} to refuse something")
    for record in refusals:
        message = record.body.get("message") if isinstance(record.body, dict) else None
        media_type = (record.media_type or "").partition(";")[0].strip()
        if not isinstance(message, str) or not message or media_type != "application/json":
            got = f"{record.status} {media_type} {told_body(record.body)}"
            return Finding.failed(want="application/json with a message", got=got, evidence=[record.seq])
    return Finding.passed(f"{len(refusals)} errors of one shape", evidence=[record.seq for record in refusals])


@rule
def errors_tell_nothing_internal(view: TraceView, at: str) -> Finding | Waiting:
    """No refusal tells a stack trace, SQL, a file path or a private address."""
    refusals = _refusals(view, at)
    if not refusals:
        return Waiting(f"{at} to refuse something")
    for record in refusals:
        if found := INTERNAL.search(json.dumps(record.body)):
            return Finding.failed(want="nothing internal", got=f"{found[0]!r} in an error", evidence=[record.seq])
    return Finding.passed(f"nothing internal in {len(refusals)} errors")


@rule
def country_kept(view: TraceView, exchanges: Sequence[str], at: str, other: str, country: str) -> Finding | Waiting:
    """A foreign country should be refused; where it is accepted, the stored one stays (FI-AUTH-006)."""
    records = partner_in(view, at, other)
    if any(each["country"] != country for each in records):
        return Finding.failed(want=f"{other} kept with {country}", got=f"{records}", evidence=[state_of(view, at)[1]])
    seen = [exchange_of(view, each) for each in exchanges]
    if accepted := [each for each in seen if each.succeeded]:
        got = f"{accepted[0].told()}, though without effect on the country"
        return Finding(Verdict.WARNED, "a client error (4xx)", got, accepted[0].evidence)
    if failed := [each for each in seen if not each.refused]:
        return Finding.failed(want="a client error (4xx)", got=failed[0].told(), evidence=failed[0].evidence)
    return Finding.passed(f"{len(seen)} refused", evidence=[each.request.seq for each in seen])


@rule
def request_id_echoed(view: TraceView, exchanges: Sequence[str]) -> Finding | Waiting:
    """The answer to each add or registration has the requestId as sent; one without is answered 2xx or 400."""
    for seen in (exchange_of(view, each) for each in exchanges):
        sent = (seen.request.body or {}).get("requestId")
        if sent is None and (seen.succeeded or seen.refused):
            continue
        answered = (_error(seen) or {}).get("requestId")
        has_member = seen.request.operation in ("POST /operator/partner", "POST /operator/zone")
        if not seen.succeeded or (has_member and answered != sent):
            want = f"2xx with requestId {str(sent)[:20]!r}…"
            return Finding.failed(want=want, got=f"{seen.told()} with {str(answered)[:20]!r}", evidence=seen.evidence)
    return Finding.passed(f"{len(exchanges)} answered with their ids")


@rule
def request_ids_differ(view: TraceView, sender: str, number: int) -> Finding | Waiting:
    """So many requests of the sender's own all have a requestId, no two the same."""
    sent = view.exchanges(sender=sender, ours=False)
    ids = [(each.request.body or {}).get("requestId") for each in sent]
    evidence = [each.request.seq for each in sent]
    if len(ids) < number:
        return Waiting(f"{number} requests of {sender}", f"{len(ids)}")
    if not all(isinstance(each, str) and each for each in ids) or len(set(ids)) < len(ids):
        return Finding.failed(want=f"{len(ids)} different ids", got=f"{ids}", evidence=evidence)
    return Finding.passed(f"{len(ids)} different ids", evidence=evidence)


@rule
def retried_with_the_same_id(view: TraceView, sender: str, operation: str) -> Finding | Waiting:
    """A request without an answer is sent again, and unchanged (FI-INPUT-005)."""
    sent = view.exchanges(operation, sender=sender, ours=False)
    if len(sent) < 2:
        return Waiting(f"{sender} to send {operation} again", f"{len(sent)} attempt")
    ids = [(each.request.body or {}).get("requestId") for each in sent]
    evidence = [each.request.seq for each in sent]
    if len(set(ids)) > 1 or not ids[0]:
        return Finding.failed(want="one requestId in all attempts", got=f"{ids}", evidence=evidence)
    return Finding.passed(f"{len(ids)} attempts with one id", evidence=evidence)
