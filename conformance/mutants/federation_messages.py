"""Wrong operators' platforms: the own inventory, what answers say and how refusals look, and what overlaps or is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from conformance.twist import Answer, Asked, Twist
from reference_impl.federation_interconnect.decisions import OPERATOR
from reference_impl.federation_interconnect.messages import UpdatePartnerRequest
from reference_impl.federation_interconnect.records import Partner, Roles

ADD, ONBOARD = "POST /operator/partner", "POST /operator/application/onboarding"
WITHDRAW = "DELETE /operator/notify/zone"


def _mutant(id_: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(f"fi-{id_}", vice, caught_by, "federation-interconnect", seat, replace(OPERATOR, **decisions))


def _twisted(id_: str, vice: str, caught_by: str, seat: str, twist: Twist) -> Mutant:
    return Mutant(f"fi-{id_}", vice, caught_by, "federation-interconnect", seat, OPERATOR, twist)


def _member(asked: Asked, name: str) -> Any:
    return asked.body.get(name) if isinstance(asked.body, dict) else None


def _as_asked(asked: Asked, said: Answer) -> Answer:
    """Origin and destination of the answer as in the request, not as seen from the one who answers (FI-ERR-16)."""
    status, body = said
    if asked.operation != ADD or status >= 300:
        return said
    return status, body | {"origFederationId": body["destFederationId"], "destFederationId": body["origFederationId"]}


def _breaks_on_a_text(asked: Asked, said: Answer) -> Answer:
    return (
        (500, {"message": "boolean expected"}) if isinstance(_member(asked, "applicationAnchormentReq"), str) else said
    )


def _tells_strangers(asked: Asked, said: Answer) -> Answer:
    unknown = said[0] == 401 and str(_member(asked, "destFederationId")).startswith("nobody")
    return (404, {"message": "there is no such federation"}) if unknown else said


def _echoes(asked: Asked, said: Answer) -> Answer:
    status, body = said
    return (status, body | {"specification": _member(asked, "specification")}) if asked.operation == ONBOARD else said


def _breaks_on_unreadable(asked: Asked, said: Answer) -> Answer:
    return (500, {"message": "unexpected"}) if asked.body is None and said[0] == 400 and asked.method != "GET" else said


def _bare_errors(asked: Asked, said: Answer) -> Answer:
    return (said[0], {"error": said[0]}) if said[0] >= 400 else said


def _any_method(asked: Asked, said: Answer) -> Answer:
    return (200, {}) if said[0] == 405 else said


def _breaks_on_withdrawal(asked: Asked, said: Answer) -> Answer:
    return (500, {"message": "unexpected"}) if asked.operation == WITHDRAW and said[0] < 300 else said


def _now_and_then(asked: Asked, said: Answer) -> Answer:
    odd = str(_member(asked, "requestId"))[-1:] in "13579"
    return (said[0], said[1] | {"partnerZone": []}) if asked.operation == ADD and said[0] < 300 and odd else said


def _comes_back(partner: Partner, told: UpdatePartnerRequest) -> Partner:
    return replace(partner, mcc=told.MCC or partner.mcc, roles=Roles(access=True, share=partner.roles.share))


MUTANTS = (
    # --- the own inventory
    _mutant(
        "names-cloudlets",
        "tells partners of which cloudlet a zone is made",
        "FI-CLOUDLET-002/3",
        "op2",
        zones_offered=lambda own, learnt: tuple(zone.model_copy(update={"locality": "edge-b1"}) for zone in own),
    ),
    _mutant(
        "empty-zones",
        "forgets of what a zone is made",
        "FI-AZ-001/1",
        "op1",
        members=lambda asked, onboarded: (),
    ),
    _mutant(
        "known-members",
        "makes a zone of those cloudlets that it knows",
        "FI-AZ-005/2",
        "op2",
        members=lambda asked, onboarded: tuple(name for name in asked if name in onboarded),
    ),
    _mutant(
        "forgets-locator",
        "forgets the locator of its federation",
        "FI-FED-001/1",
        "op1",
        kept=lambda own: replace(own, locator=""),
    ),
    _mutant(
        "host-forgets-codes",
        "keeps one MNC of its federation",
        "FI-FED-002/1",
        "op2",
        kept=lambda own: replace(own, mnc=own.mnc[:1], mcc="001"),
    ),
    # --- what it says
    _mutant(
        "shares-nothing",
        "admits a partner without sharing with it",
        "FI-PARTNER-003/1",
        "op2",
        roles_of_caller=lambda before: Roles(access=True),
    ),
    _twisted(
        "answers-as-asked", "answers an add in the caller's name", "FI-PARTNER-006/1", "op2", Twist(answers=_as_asked)
    ),
    _twisted("boolean-or-bust", "fails on a wish that is a text", "FI-PARTNER-013/2", "op2", Twist(_breaks_on_a_text)),
    _twisted(
        "says-it-twice",
        "sends every request for zones twice",
        "FI-ZDEREG-002/1",
        "op1",
        Twist(calls=lambda path: (path, path) if path == "/operator/zone" else (path,)),
    ),
    # --- what refusals are like
    _mutant("one-defect", "accepts one of the defects", "FI-AUTH-007/1", "op1", takes_empty_update=True),
    _twisted("tells-strangers", "tells strangers which ids exist", "FI-AUTH-008/1", "op2", Twist(_tells_strangers)),
    _twisted("echoes", "repeats what it has been told of an application", "FI-AUTH-009/3", "op2", Twist(_echoes)),
    _mutant(
        "old-keys",
        "goes on accepting a key that was replaced",
        "FI-AUTH-010/1",
        "op2",
        accepts_credential=lambda key, seal: len(key or "") > 20,
    ),
    _twisted("breaks", "fails on bodies that it cannot read", "FI-INPUT-001/1", "op1", Twist(_breaks_on_unreadable)),
    _twisted("bare-errors", "gives no reason for a refusal", "FI-INPUT-003/1", "op1", Twist(_bare_errors)),
    _twisted("any-method", "answers methods that are not defined", "FI-INPUT-004/2", "op2", Twist(_any_method)),
    # --- what overlaps or is lost
    _twisted(
        "breaks-on-withdrawal",
        "fails on a withdrawal that it accepts",
        "FI-RACE-002/4",
        "op1",
        Twist(_breaks_on_withdrawal),
    ),
    Mutant(
        "fi-admits-in-parts",
        "admits a partner as often as it asks, with zones now and without them then",
        "FI-RACE-004/1",
        "federation-interconnect",
        "op2",
        replace(OPERATOR, admits_again=True),
        Twist(_now_and_then),
    ),
    _mutant(
        "brings-back",
        "takes an update of somebody who is gone for a partner",
        "FI-RACE-006/2",
        "op1",
        updated=_comes_back,
        accepts_direction=lambda operation, roles: True,
    ),
)
