"""The lead onboards what has been uploaded, and follows it to its end (FI-APP-004, -010)."""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import own_requests
from reference_impl.federation_interconnect.application_calls import call, current, fail, repeated
from reference_impl.federation_interconnect.application_operations import APPLICATION_STATUS, ONBOARD_APPLICATION
from reference_impl.federation_interconnect.application_records import ONBOARDINGS, Onboarding, Stage
from reference_impl.federation_interconnect.desk import Desk, federation_of
from reference_impl.federation_interconnect.records import OWN_REQUESTS, PARTNERS, Partner
from reference_impl.kernel.party import Call

_FIRST_PAUSE = 1_000
"""Milliseconds before the first question; the pauses are never shorter (FI-APP-010)."""


def begin(desk: Desk, partner: Partner, row: Onboarding) -> None:
    """The artifact is at the partner: onboard (FI-APP-004)."""
    post(desk, partner, desk.tx.put(ONBOARDINGS, replace(row, request=desk.ctx.fresh("request"), doubt=False)))


def post(desk: Desk, partner: Partner, row: Onboarding) -> None:
    """Onboard, or say so once more: the same in every attempt."""
    own = federation_of(desk, partner)
    operator, _ = desk.decisions.names_sender(own, partner)
    call(
        desk,
        partner,
        row,
        ONBOARD_APPLICATION,
        m.OnboardApplicationRequest(
            requestId=row.request,
            leadOperatorId=operator,
            leadfederationId=own.id,
            partnerfederationId=partner.id,
            appId=row.app,
            appName=row.name or None,
            appType="server",
            appDescriptorType=row.descriptor,
            artifactId=row.artifact,
            metadata=m.AppMetadata(developerId=row.developer, version=row.version),
            regions=(m.AppRegion(zone=row.zone, operator=partner.operator, country=partner.country),),
            specification=m.AppSpecification(componentdetails=(m.ComponentDetail(components=row.components),)),
        ),
    )


def acknowledged(desk: Desk, made: Call, status: int | None, body: object) -> None:
    """The host's answer to the onboarding: from now on it is followed (FI-APP-010)."""
    row = current(desk, made)
    if row is None or row.stage is not Stage.UPLOADED or repeated(desk, row, made, status) or status is None:
        return
    if desk.decisions.is_success(status) or desk.decisions.conflict_confirms(status, row.doubt):
        row = desk.tx.put(ONBOARDINGS, replace(row, stage=Stage.ONBOARDING, doubt=False))
        _ask(desk, row, attempt=0)
    else:
        clear = status in (403, 404)
        fail(desk, row, f"the partner refuses the onboarding with {status}", doubt=row.doubt and not clear)


def _ask(desk: Desk, row: Onboarding, attempt: int) -> None:
    """How does it stand? In a while, which grows."""
    partner = desk.tx.get(PARTNERS, row.partner)
    if partner is None:
        fail(desk, row, "the partner was removed meanwhile")
        return
    own = federation_of(desk, partner)
    operator, country = desk.decisions.names_sender(own, partner)
    query = {
        "requestId": row.request,
        "appId": row.app,
        "Operator": operator,
        "Country": country,
        "leadfederationId": own.id,
        "partnerfederationId": partner.id,
    }
    pause = min(desk.decisions.applications.poll_pause, _FIRST_PAUSE << min(attempt, 16))
    call(desk, partner, row, APPLICATION_STATUS, query=query, attempt=attempt, after=pause)


def followed(desk: Desk, made: Call, status: int | None, body: m.ApplicationStatusResponse | None) -> None:
    """How the onboarding stands at the host; a lasting PENDING and what cannot be understood end in failure."""
    row = current(desk, made)
    if row is None or row.stage is not Stage.ONBOARDING:
        return
    choices = desk.decisions.applications
    answered = status is not None and status != 429 and not desk.decisions.is_unclear(status)
    if answered and status is not None and not desk.decisions.is_success(status):
        fail(desk, row, f"the partner answers {status} when asked how it stands", doubt=status != 404)
        return
    stage = choices.read_status(body, row.zone) if answered else None
    if stage is None and made.attempt + 1 < choices.polls:
        _ask(desk, row, made.attempt + 1)
    elif stage is None:
        fail(desk, row, f"asked {choices.polls} times, and it has not come to an end", doubt=True)
    elif stage is Stage.ONBOARDED:
        _onboarded(desk, row)
    else:
        failed = body is not None and any(each.status == "FAILED" for each in body.onboardstatus or ())
        reason = "the partner says that it has failed" if failed else "the partner's answer cannot be understood"
        fail(desk, row, reason, doubt=not failed)


def _onboarded(desk: Desk, row: Onboarding) -> None:
    desk.tx.put(ONBOARDINGS, replace(row, stage=Stage.ONBOARDED, reason="", doubt=False))
    order = desk.tx.get(OWN_REQUESTS, row.order)
    if order is not None:
        own_requests.succeed(desk, order)
