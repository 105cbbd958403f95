"""What the lead says about one of its onboardings: calls, their repeats, and an end without success."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import own_requests
from reference_impl.federation_interconnect.application_operations import UPLOAD_ARTIFACT
from reference_impl.federation_interconnect.application_records import ONBOARDINGS, Onboarding
from reference_impl.federation_interconnect.desk import Desk
from reference_impl.federation_interconnect.records import OWN_REQUESTS, PARTNERS, Partner
from reference_impl.kernel.party import CALLS, Call, Message


def call(
    desk: Desk,
    partner: Partner,
    row: Onboarding,
    operation: str,
    body: Message | None = None,
    *,
    query: dict[str, str] | None = None,
    attempt: int = 0,
    after: int = 0,
) -> None:
    """A call about this onboarding, with the partner's key as it is now."""
    subject = (row.app, row.zone, row.order)
    desk.call(
        partner.id,
        operation,
        {},
        query=query,
        body=body,
        subject=subject,
        attempt=attempt,
        after=after,
        credential=partner.key,
    )


def repeated(desk: Desk, row: Onboarding, made: Call, status: int | None) -> bool:
    """Where an answer is unclear: say the same once more, if it has not been said often enough. Else False."""
    unclear = desk.decisions.is_unclear(status)
    if not unclear and status != 429:
        return False
    row = desk.tx.put(ONBOARDINGS, replace(row, doubt=row.doubt or unclear))
    partner, pauses = desk.tx.get(PARTNERS, row.partner), desk.decisions.applications.pauses
    if partner is None or made.attempt >= len(pauses):
        last = "without an answer" if status is None else f"answered with {status}"
        fail(desk, row, f"{made.attempt + 1} attempts, the last one {last}", doubt=made.operation != UPLOAD_ARTIFACT)
        return True
    call(
        desk,
        partner,
        row,
        made.operation,
        made.body,
        query=dict(made.query),
        attempt=made.attempt + 1,
        after=pauses[made.attempt],
    )
    return True


def current(desk: Desk, made: Call) -> Onboarding | None:
    """The onboarding that a call was about, unless it has been forgotten or begun anew."""
    app, zone, order = made.subject
    row = desk.tx.get(ONBOARDINGS, made.peer, app, zone)
    return row if row is not None and row.order == order else None


def hush(desk: Desk, row: Onboarding, *operations: str) -> None:
    """What of these operations was to be said about it and has not left is said no more."""
    for each in desk.tx.rows(CALLS):
        same = (each.peer, each.subject) == (row.partner, (row.app, row.zone, row.order))
        if same and each.operation in operations and not each.sent:
            desk.tx.delete(CALLS, each.id)


def fail(desk: Desk, row: Onboarding, reason: str, *, doubt: bool = False) -> None:
    """End without success. ``doubt``: the partner may have the application all the same."""
    stage = desk.decisions.applications.stage_of_refusal
    desk.tx.put(ONBOARDINGS, replace(row, stage=stage, reason=reason, doubt=doubt))
    order = desk.tx.get(OWN_REQUESTS, row.order)
    if order is not None:
        own_requests.fail(desk, order, reason)
