"""Rules about one exchange: how it was answered, and that a refusal had no effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.documented import documented_of
from conformance.rules import rule
from conformance.view import Exchange, TraceView
from reports.verdict import Finding, Waiting


def exchange_of(view: TraceView, exchange: str) -> Exchange:
    """The exchange with this id; LookupError when the view does not hold it."""
    for each in view.exchanges():
        if each.request.exchange == exchange:
            return each
    raise LookupError(f"no exchange {exchange} in this scenario")


def told_body(body: Any) -> str:
    """An answer's body in few words, for ``got``."""
    text = str(body)
    return text if len(text) <= 120 else text[:117] + "..."


@rule
def answered_with(
    view: TraceView, exchange: str, statuses: Sequence[int] = (), members: dict[str, Any] | None = None
) -> Finding | Waiting:
    """The exchange was answered with one of the statuses (none given: any 2xx) and these members of the body."""
    seen = exchange_of(view, exchange)
    wanted = " or ".join(map(str, statuses)) if statuses else "2xx"
    want = wanted + (f" with {members}" if members else "")
    fits = seen.status in statuses if statuses else seen.succeeded
    body = seen.response.body if seen.response else None
    shown = body | documented_of(seen) if isinstance(body, dict) else {}
    wrong = {name: shown.get(name) for name, value in (members or {}).items() if shown.get(name) != value}
    if fits and not wrong:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    got = f"{seen.told()}" + (f" with {wrong}" if wrong else f" {told_body(body)}" if body else "")
    return Finding.failed(want=want, got=got, evidence=seen.evidence)


@rule
def refused(view: TraceView, exchange: str, statuses: Sequence[int] = ()) -> Finding | Waiting:
    """The exchange was answered with a client error: any 4xx, or one of ``statuses``."""
    seen = exchange_of(view, exchange)
    fits = seen.refused and (not statuses or seen.status in statuses)
    if fits:
        return Finding.passed(seen.told(), evidence=seen.evidence)
    return Finding.failed(
        want=" or ".join(map(str, statuses)) if statuses else "a client error (4xx)",
        got=seen.told(),
        evidence=seen.evidence,
    )


@rule
def refused_without_effect(view: TraceView, exchange: str, statuses: Sequence[int] = ()) -> Finding | Waiting:
    """Refused, and the receiver's state right before the request equals the state right after it (I11)."""
    said = refused(view, exchange, statuses)
    if isinstance(said, Waiting) or said.verdict != "passed":
        return said
    return without_effect(view, exchange)


@rule
def without_effect(view: TraceView, exchange: str) -> Finding | Waiting:
    """Whatever the answer, the receiver's state right before the request equals the state right after it."""
    seen = exchange_of(view, exchange)
    states = view.observations(seen.request.receiver, "state")
    before = [r for r in states if r.seq < seen.request.seq]
    after = [r for r in states if r.seq > seen.evidence[-1]]
    if not before or not after:
        return Waiting("the state before and after the request", "one of the two was not observed")
    if before[-1].value != after[0].value:
        changed = sorted(
            name for name, value in after[0].value.items() if (name, value) not in before[-1].value.items()
        )
        return Finding.failed(
            want="a refusal without effect" if seen.refused else "no effect",
            got=f"{seen.told()}, but {', '.join(changed)} changed",
            evidence=(before[-1].seq, *seen.evidence, after[0].seq),
        )
    return Finding.passed(seen.told(), evidence=seen.evidence)


@rule
def never_called(
    view: TraceView, operation: str, sender: str, receiver: str | None = None, about: str | None = None
) -> Finding | Waiting:
    """The sender, of its own accord, made no such call (about this UUID)."""
    made = view.exchanges(operation, sender=sender, receiver=receiver, ours=False, about=about)
    if made:
        return Finding.failed(
            want=f"no {operation} from {sender}", got=f"{len(made)}: {made[0].told()}", evidence=made[0].evidence
        )
    return Finding.passed(f"no {operation} from {sender}")


@rule
def calls_in_order(
    view: TraceView, sender: str, operations: Sequence[str], about: str | None = None
) -> Finding | Waiting:
    """The first successes of these operations by the sender came in this order, and all of them came."""
    firsts = []
    for operation in operations:
        succeeded = [e for e in view.exchanges(operation, sender=sender, ours=False, about=about) if e.succeeded]
        if not succeeded:
            return Waiting(f"{operation} from {sender} to succeed")
        firsts.append(succeeded[0])
    places = [each.evidence[-1] for each in firsts]
    begun = [each.request.seq for each in firsts]
    if all(begun[i + 1] > places[i] for i in range(len(places) - 1)):
        return Finding.passed(" -> ".join(operations), evidence=places)
    order = [name for _, name in sorted(zip(begun, operations, strict=True))]
    return Finding.failed(want=" -> ".join(operations), got=" -> ".join(order), evidence=begun)


@rule
def action_ended(
    view: TraceView, seat_shown: str, action: str, results: Sequence[str], number: int = -1
) -> Finding | Waiting:
    """The latest such action at the seat ended in one of these results (ok, refused, failed)."""
    outcomes = view.outcomes(seat_shown, action)
    want = f"{action} at {seat_shown} to end as {' or '.join(results)}"
    if not outcomes:
        return Waiting(want, "it was not asked")
    last = outcomes[number]
    if last.result == "running":
        return Waiting(want, "it is still running", (last.seq,))
    got = f"{last.result}{f' ({last.reason})' if last.reason else ''}"
    if last.result in results:
        return Finding.passed(got, evidence=[last.seq])
    return Finding.failed(want=want, got=got, evidence=[last.seq])
