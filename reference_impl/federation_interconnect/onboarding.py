"""The lead onboards an application in a zone of its partner (application table of the seed, with its completion).

uploadpending before the artifact is uploaded (FI-APP-001 to -003, FI-ARTIFACT-001); what becomes of the upload is in
``upload``, and the onboarding itself in ``following``.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import following
from reference_impl.federation_interconnect.application_calls import call
from reference_impl.federation_interconnect.application_operations import UPLOAD_ARTIFACT
from reference_impl.federation_interconnect.application_records import ONBOARDINGS, Onboarding, Stage
from reference_impl.federation_interconnect.desk import Desk, federation_of, partner_named
from reference_impl.federation_interconnect.records import (
    OWN_REQUESTS,
    PARTNER_ZONES,
    Outcome,
    OwnRequest,
    Partner,
)
from reference_impl.kernel.party import Refusal

ACTION = "onboard_application"


@dataclass(frozen=True, slots=True)
class Application:
    """What a developer hands over, checked."""

    app: str
    name: str
    version: str
    developer: str
    artifact_name: str
    descriptor: str
    components: tuple[m.AppComponent, ...]
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def is_in(self, row: Onboarding) -> bool:
        """Is the onboarding one of this very application?"""
        kept = (row.app, row.name, row.version, row.developer, row.descriptor, row.components, row.digest)
        return kept == (
            self.app,
            self.name,
            self.version,
            self.developer,
            self.descriptor,
            self.components,
            self.digest,
        )


def onboard(desk: Desk, partner: str, zone: str, wanted: Application) -> OwnRequest:
    """Keep the order, with its status, and begin the upload (FI-APP-002, -003).

    What ended in doubt is gone on with, where it is the same: the partner may have it (FI-ERR-24).
    """
    found = partner_named(desk, partner)
    if not found.key and not desk.decisions.sends_without_key:
        raise Refusal(409, f"there is no key to use towards {partner}: set it first")
    _demand_zone(desk, partner, zone)
    there = desk.tx.get(ONBOARDINGS, partner, wanted.app, zone)
    if there is not None and not desk.decisions.applications.onboards_again:
        _demand_free(desk, there, wanted)
        if there.doubt:
            return _go_on(desk, found, there)
    forget_ended(desk, partner, zone, wanted.app, ACTION)
    choices = desk.decisions.applications
    order = desk.tx.put(OWN_REQUESTS, OwnRequest(desk.ctx.fresh("request"), ACTION, partner, (zone,), app=wanted.app))
    row = desk.tx.put(
        ONBOARDINGS,
        Onboarding(
            partner,
            wanted.app,
            zone,
            choices.first_stage,
            wanted.name,
            wanted.version,
            wanted.developer,
            wanted.descriptor,
            choices.proposed_artifact_id(order.id),
            wanted.digest,
            wanted.components,
            order.id,
        ),
    )
    call(desk, found, row, UPLOAD_ARTIFACT, _upload(desk, found, row, wanted))
    return order


def _demand_zone(desk: Desk, partner: str, zone: str) -> None:
    """The zone is registered, and nothing is under way or in doubt that would end that (FI-RACE-012)."""
    choices = desk.decisions.applications
    known = desk.tx.get(PARTNER_ZONES, partner, zone)
    if known is None and not choices.onboards_anywhere:
        raise Refusal(404, f"zone {zone!r} is not known from {partner!r}")
    if known is not None and not known.registered and not choices.onboards_anywhere:
        raise Refusal(409, f"zone {zone!r} of {partner!r} is not registered: register it first")
    for row in () if choices.onboards_undecided else desk.tx.by(OWN_REQUESTS, partner=partner):
        ends = row.action == "remove_partner" or (row.action == "deregister_zone" and zone in row.zones)
        if ends and (row.outcome is Outcome.RUNNING or row.doubt):
            raise Refusal(409, f"{row.action} is under way or in doubt at {partner}")


def _demand_free(desk: Desk, there: Onboarding, wanted: Application) -> None:
    what = f"application {there.app!r} in {there.zone!r} of {there.partner!r}"
    if there.stage is not Stage.FAILED:
        raise Refusal(409, f"{what} is {there.stage.value}")
    for row in desk.tx.by(OWN_REQUESTS, partner=there.partner, action="deboard_application"):
        same = (row.zones, row.app) == ((there.zone,), there.app)
        if same and (row.outcome is Outcome.RUNNING or row.doubt):
            raise Refusal(409, f"the removal of {what} is under way or in doubt")
    if there.doubt and not wanted.is_in(there):
        raise Refusal(409, f"whether the partner has {what} is not known: onboard the same again, or deboard it first")


def _go_on(desk: Desk, partner: Partner, row: Onboarding) -> OwnRequest:
    order = desk.tx.get(OWN_REQUESTS, row.order) or OwnRequest(row.order, ACTION, row.partner, (row.zone,), app=row.app)
    order = desk.tx.put(OWN_REQUESTS, replace(order, outcome=Outcome.RUNNING, reason=""))
    following.post(desk, partner, desk.tx.put(ONBOARDINGS, replace(row, stage=Stage.UPLOADED, reason="")))
    return order


def forget_ended(desk: Desk, partner: str, zone: str, app: str, action: str) -> None:
    """What was ordered before and has ended clearly is past."""
    for row in desk.tx.by(OWN_REQUESTS, partner=partner, action=action):
        if (row.zones, row.app) == ((zone,), app) and row.outcome is not Outcome.RUNNING and not row.doubt:
            desk.tx.delete(OWN_REQUESTS, row.id)


def applications_in(desk: Desk, partner: str, zones: Sequence[str]) -> list[str]:
    """Our applications that are in one of these zones of a partner, or may be."""
    rows = desk.tx.by(ONBOARDINGS, partner=partner)
    return [row.app for row in rows if row.zone in zones and (row.stage is not Stage.FAILED or row.doubt)]


def forget(desk: Desk, partner: str) -> None:
    """The federation with a partner has ended: nothing is onboarded there any more."""
    for row in desk.tx.by(ONBOARDINGS, partner=partner):
        desk.tx.delete(ONBOARDINGS, row.partner, row.app, row.zone)


def _upload(desk: Desk, partner: Partner, row: Onboarding, wanted: Application) -> m.UploadArtifactRequest:
    own = federation_of(desk, partner)
    operator, country = desk.decisions.names_sender(own, partner)
    return m.UploadArtifactRequest(
        requestId=row.order,
        leadfederationId=own.id,
        partnerfederationId=partner.id,
        operator=operator,
        country=country,
        appId=row.app,
        version=row.version,
        userId=row.developer,
        artifactName=wanted.artifact_name,
        filename=base64.b64encode(desk.decisions.applications.sends(wanted.content)).decode(),
        artifactId=row.artifact,
        appDescriptorType=row.descriptor,
    )
