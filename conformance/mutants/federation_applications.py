"""Wrong operators' platforms: applications, of the lead that onboards them and of the host (federation-wire 7.8 to 7.12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.federation_interconnect import application_decisions as d
from reference_impl.federation_interconnect.application_decisions import APPLICATIONS
from reference_impl.federation_interconnect.application_messages import ApplicationStatusResponse, ArtifactStatus
from reference_impl.federation_interconnect.application_operations import ONBOARD_APPLICATION
from reference_impl.federation_interconnect.application_records import Onboarding, Stage, Storage
from reference_impl.federation_interconnect.decisions import OPERATOR, accepts_direction
from reference_impl.federation_interconnect.records import Roles


def _mutant(id_: str, vice: str, caught_by: str, seat: str, **choices: Any) -> Mutant:
    """Choices about applications; what is none of them is one about every message."""
    about = {name: value for name, value in choices.items() if hasattr(APPLICATIONS, name)}
    general = {name: value for name, value in choices.items() if name not in about}
    decisions = replace(OPERATOR, **general, applications=replace(APPLICATIONS, **about))
    return Mutant(f"fi-app-{id_}", vice, caught_by, "federation-interconnect", seat, decisions)


def _uses_theirs(operation: str, roles: Roles) -> bool:
    return roles.access if operation == ONBOARD_APPLICATION else accepts_direction(operation, roles)


def _any_report(stage: Stage, told: ArtifactStatus) -> Stage | None:
    return {"uploaded": Stage.UPLOADED, "failed": Stage.FAILED}.get(told.status)


def _good_news(stage: Stage, told: ArtifactStatus) -> Stage | None:
    return Stage.UPLOADED if stage is Stage.UPLOADPENDING else None


def _by_application(ours: Sequence[Onboarding], told: ArtifactStatus) -> Onboarding | None:
    return next(iter(ours), None)


def _hopes(answer: ApplicationStatusResponse | None, zone: str) -> Stage | None:
    read = d.read_status(answer, zone)
    named = any(each.status == "FAILED" for each in (answer and answer.onboardstatus) or ())
    return Stage.ONBOARDED if read is Stage.FAILED and not named else read


def _patient(answer: ApplicationStatusResponse | None, zone: str) -> Stage | None:
    read = d.read_status(answer, zone)
    return None if read is Stage.FAILED else read


MUTANTS = (
    # --- the lead
    _mutant("any-id", "onboards applications of any id", "FI-APP-001/1", "op1", accepts_app_id=lambda app: None),
    _mutant("anywhere", "onboards in zones that it has not registered", "FI-APP-002/1", "op1", onboards_anywhere=True),
    _mutant(
        "leaves-it-there",
        "deregisters a zone with an application in it",
        "FI-APP-002/3",
        "op1",
        deregisters_under_applications=True,
    ),
    _mutant(
        "uploaded-at-once",
        "shows uploaded before it has uploaded",
        "FI-APP-003/1",
        "op1",
        first_stage=Stage.UPLOADED,
    ),
    _mutant(
        "pending-for-ever",
        "goes on waiting after a refusal",
        "FI-APP-003/3",
        "op1",
        stage_of_refusal=Stage.UPLOADPENDING,
    ),
    _mutant(
        "does-not-wait",
        "onboards as soon as its upload is answered",
        "FI-APP-004/1",
        "op1",
        onboards_after_upload=lambda stage: True,
    ),
    _mutant("hopes", "takes an answer that means nothing for success", "FI-APP-010/3", "op1", read_status=_hopes),
    _mutant("is-patient", "goes on asking after FAILED", "FI-APP-010/2", "op1", read_status=_patient),
    _mutant("never-gives-up", "asks for the status for ever", "FI-APP-010/4", "op1", polls=1_000_000),
    _mutant("asks-and-asks", "asks for the status without a pause", "FI-APP-010/4", "op1", poll_pause=50, polls=2_000),
    _mutant("forgets-first", "forgets an application before the host agrees", "FI-APP-012/2", "op1", drops_first=True),
    _mutant("cuts-content", "loses the last byte of an artifact", "FI-ARTIFACT-001/2", "op1", sends=lambda c: c[:-1]),
    _mutant(
        "onboards-per-report",
        "begins anew with every report",
        "FI-ARTIFACT-006/2",
        "op1",
        on_report=_any_report,
    ),
    _mutant(
        "any-application",
        "takes a report for whatever it has under way",
        "FI-ARTIFACT-006/4",
        "op1",
        correlated=_by_application,
    ),
    _mutant("good-news-only", "takes every report for a success", "FI-ARTIFACT-007/1", "op1", on_report=_good_news),
    _mutant(
        "falls-back",
        "goes back to uploadpending when its upload is answered",
        "FI-RACE-011/2",
        "op1",
        after_upload=lambda stage: Stage.UPLOADPENDING,
    ),
    # --- the host
    _mutant(
        "wrong-direction",
        "onboards for those whose zones it uses",
        "FI-APP-005/1",
        "op2",
        accepts_direction=_uses_theirs,
    ),
    _mutant(
        "unregistered",
        "onboards in zones that the caller has not registered",
        "FI-APP-006/1",
        "op2",
        to_onboard=lambda asked, shared, registered: tuple(asked),
    ),
    _mutant(
        "any-components",
        "does not look at components",
        "FI-APP-007/1",
        "op2",
        accepts_components=lambda specification, limit: None,
    ),
    _mutant(
        "failed-artifact",
        "onboards an artifact whose upload has failed",
        "FI-APP-007/2",
        "op2",
        refuses_unusable=False,
        usable=lambda artifact: d.usable(artifact) if artifact is None else None,
    ),
    _mutant("hosts-again", "onboards an application twice in a zone", "FI-APP-008/2", "op2", hosts_again=True),
    _mutant("never-ends", "tells PENDING for ever", "FI-APP-009/1", "op2", tells=lambda state: "PENDING"),
    _mutant(
        "tells-anybody",
        "tells one partner of another's application",
        "FI-APP-009/4",
        "op2",
        sees=lambda row, partner: True,
    ),
    _mutant("keeps-removed", "keeps an application that was removed", "FI-APP-011/1", "op2", removes=False),
    _mutant(
        "foreign-operator",
        "takes uploads of any operator",
        "FI-ARTIFACT-002/2",
        "op2",
        accepts_operator=lambda operator, recorded: True,
    ),
    _mutant(
        "everybodys-artifact",
        "lets one partner use another's artifact",
        "FI-ARTIFACT-003/3",
        "op2",
        finds_artifact=lambda artifact, partner: True,
    ),
    _mutant(
        "any-descriptor",
        "takes descriptors of any kind",
        "FI-ARTIFACT-004/2",
        "op2",
        accepts_descriptor=lambda kind: None,
    ),
    _mutant(
        "climbs-out",
        "does not look into archives",
        "FI-ARTIFACT-004/3",
        "op2",
        inspects=lambda content: None,
    ),
    _mutant(
        "reports-success",
        "reports what it cannot use as uploaded",
        "FI-ARTIFACT-005/3",
        "op2",
        refuses_unusable=False,
        reports=lambda state: "uploaded",
    ),
    _mutant(
        "reports-failure",
        "reports what is stored as failed",
        "FI-ARTIFACT-005/1",
        "op2",
        reports=lambda state: "failed" if state is Storage.UPLOADED else "uploaded",
    ),
    _mutant(
        "abandons-applications",
        "lets a zone go under an application",
        "FI-ZDEREG-007/3",
        "op2",
        deregisters_used=True,
    ),
    _mutant(
        "both-at-once",
        "takes an onboarding and the end of its registration",
        "FI-RACE-012/1",
        "op2",
        deregisters_used=True,
    ),
)
