"""The lead's upload of an artifact: what the host answers, and what it reports, in whichever order they come.

The report may be quicker than the answer to the upload, which then changes nothing (FI-ARTIFACT-006, -007, FI-RACE-011).
"""

from __future__ import annotations

from dataclasses import replace

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import application_syntax, following
from reference_impl.federation_interconnect.application_calls import current, fail, hush, repeated
from reference_impl.federation_interconnect.application_operations import UPLOAD_ARTIFACT
from reference_impl.federation_interconnect.application_records import ONBOARDINGS, Onboarding, Stage
from reference_impl.federation_interconnect.application_validation import (
    demand_app,
    demand_text,
    message_of,
    validate_federation,
)
from reference_impl.federation_interconnect.desk import Desk, demand
from reference_impl.federation_interconnect.records import PARTNERS
from reference_impl.kernel.party import CALLS, Answer, Call, Refusal, Requested, Subject

REPORT_TIMER = "artifact-report"
_OPERATIONS, _STATUSES = ("ADDED", "REMOVED"), ("uploaded", "failed", "deleted")


def uploaded(desk: Desk, call: Call, status: int | None, body: m.UploadArtifactResponse | None) -> None:
    """The host's answer to an upload. Whether the artifact can be used is reported, before this or after it."""
    row = current(desk, call)
    if row is None or row.stage is Stage.FAILED:
        return
    choices = desk.decisions.applications
    row = desk.tx.put(ONBOARDINGS, replace(row, stage=choices.after_upload(row.stage)))
    taken = status is not None and desk.decisions.is_success(status)
    if taken and choices.onboards_after_upload(row.stage):
        _begin(desk, replace(row, stage=Stage.UPLOADED))
    elif row.stage is Stage.UPLOADPENDING:
        _pending(desk, row, call, status, body)


def _pending(
    desk: Desk, row: Onboarding, call: Call, status: int | None, body: m.UploadArtifactResponse | None
) -> None:
    if repeated(desk, row, call, status) or status is None:
        return
    if desk.decisions.is_success(status):
        named = body.artifactId if body is not None else None
        usable = named is not None and application_syntax.text(named) is None
        desk.tx.put(ONBOARDINGS, replace(row, artifact=named if named and usable else row.artifact, doubt=False))
    elif not desk.decisions.conflict_confirms(status, row.doubt):
        fail(desk, row, f"the partner refuses the artifact with {status}")
        return
    desk.arm(REPORT_TIMER, _subject(row), desk.decisions.applications.report_time)


def _subject(row: Onboarding) -> Subject:
    return row.partner, row.app, row.zone


def unreported(desk: Desk, subject: Subject) -> None:
    """No report has come in all that time (FI-APP-003: not pending for ever)."""
    row = desk.tx.get(ONBOARDINGS, *subject)
    if row is not None and row.stage is Stage.UPLOADPENDING:
        fail(desk, row, "the partner has not reported how the upload has ended")


def _begin(desk: Desk, row: Onboarding) -> None:
    partner = desk.tx.get(PARTNERS, row.partner)
    if partner is not None:
        following.begin(desk, partner, row)


def artifact_reported(desk: Desk, request: Requested) -> Answer:
    """The host reports how an upload of ours has ended; once more, or about one that has ended, it changes nothing."""
    message = message_of(request, m.ArtifactStatus)
    demand_app(desk, message.appId)
    for name, value in (("version", message.version), ("artifactId", message.artifactId)):
        demand_text(name, value)
    for name, value, known in (("operation", message.operation, _OPERATIONS), ("status", message.status, _STATUSES)):
        demand(name, None if value in known else f"want one of {', '.join(known)}, got {value[:60]!r}", 400)
    partner = validate_federation(desk, request, message)
    choices = desk.decisions.applications
    row = choices.correlated(desk.tx.by(ONBOARDINGS, partner=partner.id), message)
    if row is None:
        raise Refusal(404, "no upload of this id, application and version is known to you")
    if not choices.hears_early_report and _is_open(desk, row):
        raise Refusal(503, "this upload is not answered yet: say it again later")
    stage = choices.on_report(row.stage, message)
    if stage is not None:
        desk.disarm(REPORT_TIMER, _subject(row))
        hush(desk, row, UPLOAD_ARTIFACT)
    if stage is Stage.FAILED:
        fail(desk, row, "the partner reports that the artifact cannot be used")
    elif stage is not None:
        row = desk.tx.put(ONBOARDINGS, replace(row, stage=stage, artifact=message.artifactId, reason="", doubt=False))
        following.begin(desk, partner, row)
    return Answer()


def _is_open(desk: Desk, row: Onboarding) -> bool:
    subject = (row.app, row.zone, row.order)
    return any(
        (each.peer, each.operation, each.subject) == (row.partner, UPLOAD_ARTIFACT, subject)
        for each in desk.tx.rows(CALLS)
    )
