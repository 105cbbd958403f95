"""What a message about applications says, wherever its members are, and "validate federation" for it.

Their identities are named by role: of all but the report the lead is the sender, whose operator they name. The report
comes from the host and names the lead's operator, too, which is ours (federation-wire, sections 4 and 7.9).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from reference_impl.federation_interconnect import application_messages as m
from reference_impl.federation_interconnect import application_syntax, syntax
from reference_impl.federation_interconnect.application_operations import (
    APPLICATION_STATUS,
    ONBOARD_APPLICATION,
    POST_ARTIFACT_STATUS,
    REMOVE_APPLICATION,
    REPORT_ARTIFACT,
    UPLOAD_ARTIFACT,
)
from reference_impl.federation_interconnect.desk import Desk, demand, federation_of
from reference_impl.federation_interconnect.messages import PartnerMessage
from reference_impl.federation_interconnect.records import Partner
from reference_impl.federation_interconnect.validation import (
    UNKNOWN,
    authenticated,
    demand_direction,
    demand_operator,
    demand_readable,
)
from reference_impl.kernel.party import Message, Refusal, Requested

M = TypeVar("M", bound=m.ApplicationMessage)

_CLASSES: Mapping[str, type[m.ApplicationMessage]] = {
    UPLOAD_ARTIFACT: m.UploadArtifactRequest,
    REPORT_ARTIFACT: m.ArtifactStatus,
    POST_ARTIFACT_STATUS: m.ArtifactStatus,
    ONBOARD_APPLICATION: m.OnboardApplicationRequest,
    APPLICATION_STATUS: m.ApplicationStatusQuery,
    REMOVE_APPLICATION: m.ApplicationRemoval,
}


def message_in(request: Requested) -> PartnerMessage | None:
    """What a request says in its body, its query, or both; None where it cannot be read."""
    try:
        return read(request, m.ApplicationMessage)
    except Refusal:
        return None


def read(request: Requested, wanted: type[M]) -> M:
    """The typed message of a request; 400 where a member is missing, or is said twice in different ways."""
    kind = _CLASSES[request.operation]
    said = request.body if isinstance(request.body, kind) else _gathered(request, kind)
    if not isinstance(said, wanted):
        raise Refusal(400, f"want the members of {request.operation}")
    return said


def _gathered(request: Requested, kind: type[m.ApplicationMessage]) -> m.ApplicationMessage:
    members = dict(_members(request.body))
    for name, value in request.query.items():
        if members.setdefault(name, value) != value:
            raise Refusal(400, f"{name}: want the same in the body and in the query, got two values")
    try:
        return kind.model_validate(members)
    except ValidationError as problem:
        missing = [str(each["loc"][0]) for each in problem.errors(include_url=False) if each["loc"]]
        raise Refusal(400, f"want {', '.join(missing) or 'an object'}, got nothing that can be used") from None


def _members(body: Message | None) -> Mapping[str, Any]:
    return {} if body is None else body.to_json()


def sender_of(request: Requested) -> str:
    """Which federation a request claims to be from, before anything of it is believed; "" where it says nothing."""
    message = message_in(request)
    return "" if message is None else message.sender_id


def message_of(request: Requested, wanted: type[M]) -> M:
    """The typed message with readable identities; else 400."""
    message = read(request, wanted)
    demand("leadfederationId", syntax.federation_id(message.leadfederationId), 400)
    demand("partnerfederationId", syntax.federation_id(message.partnerfederationId), 400)
    operator, country = operator_in(message)
    if operator is not None:
        demand_readable(message.requestId, operator, country)
    return message


def operator_in(message: m.ApplicationMessage) -> tuple[str | None, str | None]:
    """Operator and country of the lead, under whatever name a message has them (FI-ERR-17)."""
    match message:
        case m.UploadArtifactRequest() | m.ArtifactStatus():
            return message.operator, message.country
        case m.OnboardApplicationRequest():
            return message.leadOperatorId, None
        case m.ApplicationRemoval():
            return message.leadOperatorId, message.leadOperatorcountry
        case m.ApplicationStatusQuery():
            return message.Operator, message.Country
    return None, None


def validate_federation(desk: Desk, request: Requested, message: m.ApplicationMessage) -> Partner:
    """The record of the sender, validated by V1 to V5 in this order."""
    partner = authenticated(desk, request, message)
    if partner is None:  # only an add lets somebody in
        raise Refusal(401, UNKNOWN)
    operator, country = operator_in(message)
    own = federation_of(desk, partner)
    lead = (partner.operator, partner.country)
    if isinstance(message, m.ArtifactStatus) and operator != partner.operator:
        lead = (own.operator, own.country)  # the origin says the partner's own where it should say the lead's
    if operator is not None:
        demand_operator(desk, operator, country, *lead)
    demand_direction(desk, request, partner)
    return partner


def demand_app(desk: Desk, app: str) -> None:
    demand("appId", desk.decisions.applications.accepts_app_id(app), 400)


def demand_text(name: str, value: str) -> None:
    demand(name, application_syntax.text(value), 400)
