"""The choices of a platform that onboards applications at partners, and hosts those of partners."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from reference_impl.federation_interconnect import application_syntax, archive
from reference_impl.federation_interconnect.application_messages import (
    ApplicationStatusResponse,
    AppSpecification,
    ArtifactStatus,
)
from reference_impl.federation_interconnect.application_operations import REPORT_ARTIFACT
from reference_impl.federation_interconnect.application_records import (
    Artifact,
    Hosted,
    HostedApplication,
    Onboarding,
    Stage,
    Storage,
)
from reference_impl.federation_interconnect.objection import Objection

# --- the lead -----------------------------------------------------------------------------------------------------


def proposed_artifact_id(order: str) -> str:
    """An id of its own for each upload: the same content may be uploaded for another zone (FI-ERR-20)."""
    return hashlib.sha256(order.encode()).hexdigest()[:16]


def correlated(ours: Sequence[Onboarding], told: ArtifactStatus) -> Onboarding | None:
    """The upload that a report is about: by requestId, and where it has none by application and version (FI-ERR-20).

    ``ours`` are those at the sender. An id that is none of ours is of an upload that is past, or of nobody.
    """
    if told.requestId is not None:
        return next((each for each in ours if each.order == told.requestId), None)
    same = [each for each in ours if (each.app, each.version) == (told.appId, told.version)]
    exact = [each for each in same if each.artifact == told.artifactId]
    pending = [each for each in (*exact, *same) if each.stage is Stage.UPLOADPENDING]
    return next(iter((*pending, *exact, *same)), None)


def on_report(stage: Stage, told: ArtifactStatus) -> Stage | None:
    """What a report makes of an upload that is pending; of any other nothing (FI-ARTIFACT-006, -007)."""
    if stage is not Stage.UPLOADPENDING or told.operation != "ADDED":
        return None
    return {"uploaded": Stage.UPLOADED, "failed": Stage.FAILED}.get(told.status)


def read_status(answer: ApplicationStatusResponse | None, zone: str) -> Stage | None:
    """How it stands, as the partner says; None while it is pending. What cannot be understood is no success (FI-APP-010).

    The origin leaves the zone empty in its one entry (FI-ERR-28).
    """
    entries = () if answer is None else answer.onboardstatus or ()
    found = [each for each in entries if each.zoneId == zone] or [each for each in entries if not each.zoneId]
    if len(found) != 1:
        return Stage.FAILED
    known = {"PENDING": None, "ONBOARDED": Stage.ONBOARDED, "FAILED": Stage.FAILED}
    return known.get(found[0].status, Stage.FAILED)


# --- the host -----------------------------------------------------------------------------------------------------


def on_known_artifact(known: Artifact, digest: str) -> Literal["replace", "report", "refuse"]:
    """An id that the partner has used is uploaded again (federation-wire 7.8): where it had failed it begins anew,
    where it is the same content that is reported again; other content is a conflict."""
    if known.state is Storage.FAILED:
        return "replace"
    return "report" if known.state is Storage.UPLOADED and known.digest == digest else "refuse"


def usable(artifact: Artifact | None) -> Objection | None:
    """Only what this very partner has uploaded successfully can be onboarded (FI-APP-007, FI-ARTIFACT-003)."""
    if artifact is None:
        return Objection(404, "no artifact of this id is known from you")
    if artifact.state is not Storage.UPLOADED:
        return Objection(409, "this artifact is not uploaded")
    return None


def to_onboard(asked: Sequence[str], shared: Collection[str], registered: Collection[str]) -> Sequence[str] | Objection:
    """The zones to onboard in, all or none: the caller must have registered each of them (FI-APP-006)."""
    wanted = tuple(dict.fromkeys(asked))
    if any(zone not in shared and zone not in registered for zone in wanted):
        return Objection(404, "not every one of these zones is shared with you")
    if any(zone not in registered for zone in wanted):
        return Objection(409, "not every one of these zones is registered by you")
    return wanted


@dataclass(frozen=True, slots=True)
class ApplicationDecisions:
    """The choices about applications. Times in milliseconds, sizes in bytes."""

    accepts_app_id: Callable[[str], str | None] = application_syntax.app_id
    accepts_components: Callable[[AppSpecification, int], str | None] = application_syntax.specification
    """Why the specification cannot be used, or None (FI-APP-001, -007)."""
    component_limit: int = 20

    proposed_artifact_id: Callable[[str], str] = proposed_artifact_id
    onboards_anywhere: bool = False
    """The lead onboards only in a zone that it has registered (FI-APP-002)."""
    onboards_undecided: bool = False
    """The lead does not onboard in a zone while its deregistration, or the partner's removal, is undecided (FI-RACE-012)."""
    onboards_again: bool = False
    """The lead does not onboard twice what it onboards already (FI-APP-008)."""
    deregisters_under_applications: bool = False
    """The lead deregisters no zone in which it has an application (FI-APP-002, -012)."""
    first_stage: Stage = Stage.UPLOADPENDING
    """What is shown before the upload starts (FI-APP-003)."""
    sends: Callable[[bytes], bytes] = lambda content: content
    """The content arrives unchanged (FI-ARTIFACT-001)."""
    after_upload: Callable[[Stage], Stage] = lambda stage: stage
    """The stage once the answer to the upload is read: what was reported before it stays (FI-RACE-011)."""
    onboards_after_upload: Callable[[Stage], bool] = lambda stage: False
    """The report starts the onboarding, not the answer to the upload (FI-APP-004, FI-RACE-011)."""
    hears_early_report: bool = True
    """A report is heard while the upload call is open, else it is refused with 503 for a repeat (FI-RACE-011)."""
    correlated: Callable[[Sequence[Onboarding], ArtifactStatus], Onboarding | None] = correlated
    on_report: Callable[[Stage, ArtifactStatus], Stage | None] = on_report
    stage_of_refusal: Stage = Stage.FAILED
    """What an upload or onboarding that is refused ends in (FI-APP-003, FI-ARTIFACT-007)."""
    report_time: int = 20 * 60 * 1000
    """How long an upload that was taken over waits for its report."""
    read_status: Callable[[ApplicationStatusResponse | None, str], Stage | None] = read_status
    poll_pause: int = 10_000
    """The longest pause between two questions how an onboarding stands; the first ones come after 1, 2, 4 and 8 s."""
    polls: int = 120
    """How often the partner is asked: 20 minutes in all (FI-APP-010)."""
    pauses: tuple[int, ...] = (1000, 2000, 4000, 8000, 16000, 32000, *(60000,) * 18)
    """How long to wait before each repeat of an upload or an onboarding: about 20 minutes. A partner that is down delays."""
    drops_first: bool = False
    """An application is forgotten after the host has agreed, not before (FI-APP-012)."""

    inspects: Callable[[bytes], str | None] = archive.objection
    """Why a content is of no use, or None (FI-ARTIFACT-004)."""
    refuses_unusable: bool = True
    """Content of no use is refused at once, else taken over and reported as failed: both are legal (FI-ARTIFACT-004)."""
    accepts_artifact_id: Callable[[str], str | None] = application_syntax.artifact_id
    accepts_descriptor: Callable[[str], str | None] = application_syntax.descriptor
    on_known_artifact: Callable[[Artifact, str], Literal["replace", "report", "refuse"]] = on_known_artifact
    finds_artifact: Callable[[Artifact, str], bool] = lambda artifact, partner: artifact.partner == partner
    """An artifact is for the use of the partner that uploaded it (FI-ARTIFACT-003)."""
    usable: Callable[[Artifact | None], Objection | None] = usable
    reports: Callable[[Storage], str] = lambda state: "uploaded" if state is Storage.UPLOADED else "failed"
    """What is reported of an upload that has ended (FI-ARTIFACT-005)."""
    reports_with: str = REPORT_ARTIFACT
    """GET with the members in the query, or POST with them in the body: both are legal (FI-ERR-03)."""
    report_waits: Callable[[int], bool] = lambda status: status in (409, 425)
    """A lead that cannot decide yet may say so in these ways, too: the report is repeated a few times (FI-RACE-011)."""
    to_onboard: Callable[[Sequence[str], Collection[str], Collection[str]], Sequence[str] | Objection] = to_onboard
    region_limit: int = 20
    hosts_again: bool = False
    """An application is not onboarded twice in a zone (FI-APP-008)."""
    ends_in: Callable[[bool], Hosted] = lambda done: Hosted.ONBOARDED if done else Hosted.FAILED
    """What the equipment's end of an onboarding is (FI-APP-009)."""
    sees: Callable[[HostedApplication, str], bool] = lambda row, partner: row.partner == partner
    """Of which applications a partner is told, and which it may remove: its own (FI-APP-009, -011, FI-ERR-28)."""
    tells: Callable[[Hosted], str] = lambda state: state.value
    """What a partner is told of one (FI-APP-009)."""
    removes: bool = True
    """An application that is removed is gone (FI-APP-011)."""
    deregisters_used: bool = False
    """A zone that carries applications of the caller is not deregistered (FI-ZDEREG-007, FI-RACE-012)."""


APPLICATIONS = ApplicationDecisions()
