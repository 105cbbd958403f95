"""The host onboards applications of its partners in the zones that they have registered, and tells how each stands.

FI-APP-005 to -009, -011. An onboarding is work of the own equipment, a job. A zone that carries applications stays
registered (I3, FI-ZDEREG-007, FI-RACE-012): the host decides one thing after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import repeats
from reference_impl.federation_interconnect.application_operations import ONBOARD_APPLICATION, REMOVE_APPLICATION
from reference_impl.federation_interconnect.application_records import (
    ARTIFACTS,
    HOSTED,
    Artifact,
    Hosted,
    HostedApplication,
)
from reference_impl.federation_interconnect.application_validation import (
    demand_app,
    demand_text,
    message_of,
    validate_federation,
)
from reference_impl.federation_interconnect.desk import Desk, demand, federation_of, shared_zones
from reference_impl.federation_interconnect.objection import Objection
from reference_impl.federation_interconnect.records import REGISTRATIONS, Partner
from reference_impl.federation_interconnect.registry import ONBOARD
from reference_impl.kernel import moments
from reference_impl.kernel.party import JOBS, Answer, Refusal, Requested, Subject


def onboard_application(desk: Desk, request: Requested) -> Answer:
    """Store the application with each zone and begin, or refuse as a whole (FI-APP-005 to -008)."""
    message = message_of(request, m.OnboardApplicationRequest)
    partner = validate_federation(desk, request, message)
    _demand_readable(desk, partner, message)
    if repeats.is_repeat(desk, partner, ONBOARD_APPLICATION, message):
        return _acknowledged_again(desk, partner, message)
    artifact = _artifact(desk, partner, message.artifactId)
    zones = _zones(desk, partner, message, artifact)
    for zone in zones:
        row = HostedApplication(
            partner.id,
            message.appId,
            zone,
            (message.metadata.version if message.metadata else None) or artifact.version,
            artifact.id,
            message.requestId,
            desk.ctx.now,
            Hosted.PENDING,
        )
        desk.tx.put(HOSTED, row)
        desk.provision(ONBOARD, (row.partner, row.app, row.zone), artifact.digest)
    repeats.remember(desk, partner, ONBOARD_APPLICATION, message)
    return _acknowledgement(message, desk.ctx.now)


def _demand_readable(desk: Desk, partner: Partner, message: m.OnboardApplicationRequest) -> None:
    choices = desk.decisions.applications
    demand_app(desk, message.appId)
    demand_text("artifactId", message.artifactId)
    number, own = len(message.regions), federation_of(desk, partner)
    wanted = f"want 1 to {choices.region_limit}, got {number}"
    demand("regions", None if 1 <= number <= choices.region_limit else wanted, 400)
    for each in message.regions:
        demand("regions", desk.decisions.accepts_zone_id(each.zone), 400)
        ours = each.operator in (None, own.operator) and each.country in (None, own.country)
        demand("regions", None if ours else "want our operator and country, or none", 400)
    demand("specification", choices.accepts_components(message.specification, choices.component_limit), 400)


def _artifact(desk: Desk, partner: Partner, id: str) -> Artifact:
    choices = desk.decisions.applications
    found = [row for row in desk.tx.rows(ARTIFACTS) if row.id == id and choices.finds_artifact(row, partner.id)]
    artifact = next(iter(found), None)
    objection = choices.usable(artifact)
    if objection is not None:
        raise Refusal(objection.status, f"artifactId: {objection.reason}")
    if artifact is None:
        raise Refusal(404, "artifactId: there is none")
    return artifact


def _zones(desk: Desk, partner: Partner, message: m.OnboardApplicationRequest, artifact: Artifact) -> Sequence[str]:
    mine = [row.zone for row in desk.tx.by(REGISTRATIONS, partner=partner.id)]
    shared = [zone.id for zone in shared_zones(desk, partner)]
    choices = desk.decisions.applications
    ruling = choices.to_onboard([each.zone for each in message.regions], shared, mine)
    if isinstance(ruling, Objection):
        raise Refusal(ruling.status, f"regions: {ruling.reason}")
    for zone in ruling:
        there = desk.tx.get(HOSTED, partner.id, message.appId, zone)
        if there is not None and there.state is not Hosted.FAILED and not choices.hosts_again:
            raise Refusal(409, "appId: this application is onboarded already in one of these zones")
    return ruling


def _acknowledgement(message: m.OnboardApplicationRequest, at: int) -> Answer:
    return Answer(
        m.OnboardApplicationResponse(createdAt=moments.written(at), appId=message.appId, requestId=message.requestId)
    )


def _acknowledged_again(desk: Desk, partner: Partner, message: m.OnboardApplicationRequest) -> Answer:
    rows = [desk.tx.get(HOSTED, partner.id, message.appId, each.zone) for each in message.regions]
    found = [row for row in rows if row is not None and row.request == message.requestId]
    if len(found) < len(rows):
        raise Refusal(409, "requestId: this onboarding was carried out, and ended since")
    return _acknowledgement(message, found[0].created_at)


def onboarded(desk: Desk, subject: Subject, done: bool) -> None:
    """The equipment has onboarded it, or could not."""
    row = desk.tx.get(HOSTED, *subject)
    if row is not None and row.state is Hosted.PENDING:
        desk.tx.put(HOSTED, replace(row, state=desk.decisions.applications.ends_in(done)))


def application_status(desk: Desk, request: Requested) -> Answer:
    """How an application of the caller stands, zone by zone; nothing changes (FI-APP-009)."""
    message = message_of(request, m.ApplicationStatusQuery)
    demand_app(desk, message.appId)
    partner = validate_federation(desk, request, message)
    rows = [row for row in _seen(desk, partner) if row.app == message.appId]
    if not rows:
        raise Refusal(404, "appId: no application of this id is onboarded by you")
    tells = desk.decisions.applications.tells
    return Answer(
        m.ApplicationStatusResponse(
            requestId=message.requestId,
            appId=message.appId,
            leadOperatorId=partner.operator,
            leadfederationId=partner.id,
            onboardstatus=tuple(m.ZoneOnboardStatus(zoneId=row.zone, status=tells(row.state)) for row in rows),
        )
    )


def _seen(desk: Desk, partner: Partner) -> list[HostedApplication]:
    return [row for row in desk.tx.rows(HOSTED) if desk.decisions.applications.sees(row, partner.id)]


def remove_application(desk: Desk, request: Requested) -> Answer:
    """The caller's application leaves this zone; those elsewhere and those of others stay (FI-APP-011)."""
    message = message_of(request, m.ApplicationRemoval)
    demand_app(desk, message.appId)
    demand_text("version", message.version)
    demand("zone", desk.decisions.accepts_zone_id(message.zone), 400)
    partner = validate_federation(desk, request, message)
    if repeats.is_repeat(desk, partner, REMOVE_APPLICATION, message):
        return Answer()
    wanted = (message.appId, message.zone, message.version)
    found = [row for row in _seen(desk, partner) if (row.app, row.zone, row.version) == wanted]
    if not found:
        raise Refusal(404, "appId: no such application of this version is onboarded by you in this zone")
    if desk.decisions.applications.removes:
        _take_away(desk, found[0])
    repeats.remember(desk, partner, REMOVE_APPLICATION, message)
    return Answer()


def _take_away(desk: Desk, row: HostedApplication) -> None:
    desk.tx.delete(HOSTED, row.partner, row.app, row.zone)
    desk.tx.delete(JOBS, ONBOARD, (row.partner, row.app, row.zone))


def applications_in(desk: Desk, partner: Partner, zones: Sequence[str]) -> list[str]:
    """The partner's applications that live, or are to live, in one of these zones."""
    rows = desk.tx.by(HOSTED, partner=partner.id)
    return [row.app for row in rows if row.zone in zones and row.state is not Hosted.FAILED]


def forget(desk: Desk, partner: Partner, zones: Sequence[str] | None = None) -> None:
    """The partner has deregistered these zones, or left: what has failed there is shown no more."""
    for row in desk.tx.by(HOSTED, partner=partner.id):
        if zones is None or (row.zone in zones and row.state is Hosted.FAILED):
            _take_away(desk, row)


def complete(desk: Desk, partner: str, app: str, zone: str, done: bool) -> None:
    """A test says how an onboarding ends, instead of the equipment (federation-wire, section 9)."""
    row = desk.tx.get(HOSTED, partner, app, zone)
    if row is None or row.state is not Hosted.PENDING:
        raise Refusal(409, f"application {app!r} of {partner!r} is not PENDING in {zone!r}")
    desk.tx.delete(JOBS, ONBOARD, (partner, app, zone))
    onboarded(desk, (partner, app, zone), done)
