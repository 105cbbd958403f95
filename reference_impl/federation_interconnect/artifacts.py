"""The host takes artifacts of its partners into its registry, and reports how each upload has ended.

A content is handed to the registry as a job (``registry``): what is not wholly there after a crash is put there again,
and only what is there is reported as uploaded (FI-ARTIFACT-002 to -005). The report goes on until the lead has it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import application_syntax, repeats, telling
from reference_impl.federation_interconnect.application_operations import (
    POST_ARTIFACT_STATUS,
    REPORT_ARTIFACT,
    UPLOAD_ARTIFACT,
)
from reference_impl.federation_interconnect.application_records import ARTIFACTS, HOSTED, Artifact, Storage
from reference_impl.federation_interconnect.application_validation import (
    demand_app,
    demand_text,
    message_of,
    validate_federation,
)
from reference_impl.federation_interconnect.desk import Desk, demand, federation_of
from reference_impl.federation_interconnect.records import PARTNERS, TELLINGS, Partner, Telling
from reference_impl.federation_interconnect.registry import DROP, STORE
from reference_impl.kernel.party import CALLS, JOBS, Answer, Call, Refusal, Requested, Subject


def upload(desk: Desk, request: Requested) -> Answer:
    """Take an artifact over: its report comes later. What cannot be one is refused (FI-ARTIFACT-002 to -004)."""
    message = message_of(request, m.UploadArtifactRequest)
    partner = validate_federation(desk, request, message)
    _demand_readable(desk, message)
    content = _content(desk, message)
    if repeats.is_repeat(desk, partner, UPLOAD_ARTIFACT, message):
        return _taken(desk, partner, message)
    choices = desk.decisions.applications
    reason = choices.inspects(content)
    if choices.refuses_unusable:
        demand("filename", reason, 400)
    digest = hashlib.sha256(content).hexdigest()
    id = message.artifactId or choices.proposed_artifact_id(f"{partner.id} {message.requestId}")
    known = desk.tx.get(ARTIFACTS, partner.id, id)
    ruling = "replace" if known is None else choices.on_known_artifact(known, digest)
    if ruling == "refuse":
        raise Refusal(409, "artifactId: it is in use, for another content or one that is being stored")
    if known is not None and ruling == "report":
        _report(desk, partner, desk.tx.put(ARTIFACTS, replace(known, request=message.requestId)))
    else:
        _make_room(desk, partner)
        _store(desk, _artifact(partner, message, id, digest, len(content)), content, reason)
    repeats.remember(desk, partner, UPLOAD_ARTIFACT, message)
    return Answer(m.UploadArtifactResponse(requestId=message.requestId, artifactId=id))


def _demand_readable(desk: Desk, message: m.UploadArtifactRequest) -> None:
    choices = desk.decisions.applications
    demand_app(desk, message.appId)
    demand_text("version", message.version)
    demand_text("userId", message.userId)
    demand("artifactName", application_syntax.artifact_name(message.artifactName), 400)
    if message.artifactId is not None:
        demand("artifactId", choices.accepts_artifact_id(message.artifactId), 400)
    if message.appDescriptorType is not None:
        demand("appDescriptorType", choices.accepts_descriptor(message.appDescriptorType), 400)


def _content(desk: Desk, message: m.UploadArtifactRequest) -> bytes:
    limit = desk.decisions.artifact_bytes
    content = application_syntax.decoded(message.filename) if len(message.filename) <= 2 * limit else None
    if content is None and len(message.filename) <= 2 * limit:
        raise Refusal(400, "filename: want the content in base64, got none")
    if content is None or len(content) > limit:
        raise Refusal(413, f"filename: want at most {limit} bytes, got more")
    return content


def _artifact(partner: Partner, message: m.UploadArtifactRequest, id: str, digest: str, size: int) -> Artifact:
    return Artifact(
        partner.id,
        id,
        message.appId,
        message.version,
        message.artifactName,
        message.userId,
        message.appDescriptorType or "",
        digest,
        size,
        message.requestId,
        Storage.STORING,
    )


def _taken(desk: Desk, partner: Partner, message: m.UploadArtifactRequest) -> Answer:
    """The answer once more, for what is still there."""
    found = [row for row in desk.tx.by(ARTIFACTS, partner=partner.id) if row.request == message.requestId]
    if not found:
        raise Refusal(409, "requestId: this upload was carried out, and its artifact removed since")
    return Answer(m.UploadArtifactResponse(requestId=message.requestId, artifactId=found[0].id))


def _store(desk: Desk, row: Artifact, content: bytes, reason: str | None) -> None:
    """Hand it to the registry; one that was seen to be of no use does not get there."""
    desk.tx.put(ARTIFACTS, row)
    if reason is not None:
        _ended(desk, row, Storage.FAILED, reason)
        return
    for job in desk.tx.rows(JOBS):
        if job.kind == DROP and job.subject[2] == row.digest:
            desk.tx.delete(JOBS, job.kind, job.subject)
    desk.provision(STORE, (row.partner, row.id, row.digest), base64.b64encode(content).decode())


def stored(desk: Desk, subject: Subject, done: bool) -> None:
    """The registry has the content, or could not keep it."""
    partner, id, digest = subject
    row = desk.tx.get(ARTIFACTS, partner, id)
    if row is None or row.digest != digest:  # it was given up meanwhile
        _drop(desk, partner, id, digest)
    elif row.state is Storage.STORING:
        reason = "" if done else "the registry could not keep it"
        _ended(desk, row, Storage.UPLOADED if done else Storage.FAILED, reason)


def _ended(desk: Desk, row: Artifact, state: Storage, reason: str) -> None:
    row = desk.tx.put(ARTIFACTS, replace(row, state=state, reason=reason))
    partner = desk.tx.get(PARTNERS, row.partner)
    if partner is not None:
        _report(desk, partner, row)


def _make_room(desk: Desk, partner: Partner) -> None:
    """The oldest artifact that nothing uses gives way where there are too many."""
    rows = desk.tx.by(ARTIFACTS, partner=partner.id)
    if len(rows) < desk.decisions.artifact_limit:
        return
    used = {row.artifact for row in desk.tx.by(HOSTED, partner=partner.id)}
    unused = next((row for row in rows if row.state is not Storage.STORING and row.id not in used), None)
    if unused is None:
        raise Refusal(409, f"artifactId: want at most {len(rows)} artifacts, and all of yours are in use")
    _give_up(desk, unused)


def _give_up(desk: Desk, row: Artifact) -> None:
    desk.tx.delete(ARTIFACTS, row.partner, row.id)
    if row.state is Storage.UPLOADED:
        _drop(desk, row.partner, row.id, row.digest)


def _drop(desk: Desk, partner: str, id: str, digest: str) -> None:
    """The registry need not keep a content that no artifact has any more."""
    if not desk.tx.by(ARTIFACTS, digest=digest):
        desk.provision(DROP, (partner, id, digest))


def dropped(desk: Desk, subject: Subject, done: bool) -> None:
    """Whether a content is still there makes no difference once nobody names it."""


# --- the report ---------------------------------------------------------------------------------------------------


def _about(id: str) -> str:
    return f"artifact {id}"


def _report(desk: Desk, partner: Partner, row: Artifact) -> None:
    """Tell the lead how the upload has ended, until it has heard it (FI-ARTIFACT-005, FI-ERR-03)."""
    own = federation_of(desk, partner)
    choices = desk.decisions.applications
    message = m.ArtifactStatus(
        requestId=row.request,
        leadfederationId=partner.id,
        partnerfederationId=own.id,
        operator=partner.operator,
        country=partner.country,
        appId=row.app,
        version=row.version,
        artifactId=row.id,
        operation="ADDED",
        status=choices.reports(row.state),
    )
    told = Telling(partner.id, _about(row.id), choices.reports_with, row.request, None)
    if choices.reports_with == POST_ARTIFACT_STATUS:
        told = replace(told, body=message)
    else:
        told = replace(told, query=tuple(message.to_json().items()))
    telling.send(desk, told, partner, attempt=0, after=0)


def reported(desk: Desk, call: Call, status: int | None, body: object) -> None:
    """The lead's answer to a report: heard, or of no use to it any more (404, a lasting 409); any other refusal the
    operator sees. Whatever is unclear is said again."""
    found = telling.decided(desk, call, status, lambda desk, partner, about: None)
    if found is None or status is None:
        return
    row, partner = found
    pauses = desk.decisions.telling_pauses
    if desk.decisions.applications.report_waits(status) and call.attempt < len(pauses):
        telling.send(desk, row, partner, call.attempt + 1, pauses[call.attempt])
    elif desk.decisions.is_success(status) or status in (404, 409):
        desk.tx.delete(TELLINGS, row.partner, row.about)
    else:
        telling.refuse(desk, row, f"the partner refuses with {status}")


def forget(desk: Desk, partner: Partner) -> None:
    """The partner has left: its artifacts go, and nothing more is reported of them (FI-REMOVE-004, -007)."""
    for row in desk.tx.by(ARTIFACTS, partner=partner.id):
        _give_up(desk, row)
    for told in desk.tx.by(TELLINGS, partner=partner.id):
        if told.operation in (REPORT_ARTIFACT, POST_ARTIFACT_STATUS):
            desk.tx.delete(TELLINGS, told.partner, told.about)
            for call in desk.tx.rows(CALLS):
                if (call.peer, call.subject) == (told.partner, (told.id, told.about)) and not call.sent:
                    desk.tx.delete(CALLS, call.id)
