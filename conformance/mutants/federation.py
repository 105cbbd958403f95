"""Wrong operators' platforms: the first two tables, validation, unreadable requests and overlapping adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.federation_interconnect import syntax
from reference_impl.federation_interconnect.decisions import OPERATOR, admits_anybody, zones_offered, zones_taken_over
from reference_impl.federation_interconnect.messages import ZoneInfo
from reference_impl.federation_interconnect.records import Roles


def _mutant(id_: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(f"fi-{id_}", vice, caught_by, "federation-interconnect", seat, replace(OPERATOR, **decisions))


def _without(member: str, zones: Sequence[ZoneInfo]) -> Sequence[ZoneInfo]:
    return tuple(zone.model_copy(update={member: None}) for zone in zones)


MUTANTS = (
    # --- cloudlets, zones and federations
    _mutant("any-zone-id", "creates zones of any id", "FI-AZ-003/2", "op2", accepts_zone_id=lambda zone: None),
    _mutant(
        "zone-id-by-length",
        "looks at the length of a zone id only",
        "FI-AZ-003/3",
        "op2",
        accepts_zone_id=lambda zone: None if 8 <= len(zone) <= 32 else "want 8 to 32 characters",
    ),
    _mutant("any-place", "creates zones anywhere", "FI-AZ-004/2", "op2", accepts_geo=lambda place: None),
    _mutant(
        "one-edge",
        "counts every zone as one cloudlet",
        "FI-AZ-002/3",
        "op2",
        zones_offered=lambda own, learnt: tuple(zone.model_copy(update={"edgeCount": 1}) for zone in own),
    ),
    _mutant(
        "any-country",
        "takes any two capital letters for a country",
        "FI-FED-003/3",
        "op1",
        accepts_country_code=lambda code: None if len(code) == 2 and code.isupper() else "want two capital letters",
    ),
    _mutant(
        "abandons-partners",
        "deletes its federation under its partners",
        "FI-FED-004/1",
        "op1",
        deletes_under_partners=True,
    ),
    # --- the lead adds
    _mutant(
        "speaks-as-host",
        "sends the partner's operator and country as its own",
        "FI-PARTNER-001/3",
        "op1",
        names_sender=lambda own, partner: (partner.operator, partner.country),
    ),
    _mutant(
        "first-zone-only",
        "takes over the first zone of the answer only",
        "FI-PARTNER-007/1",
        "op1",
        zones_taken_over=lambda answered, early: zones_taken_over(answered[:1], early),
    ),
    _mutant(
        "drops-the-state",
        "drops the state of a zone when it takes it over",
        "FI-PARTNER-007/1",
        "op1",
        zones_taken_over=lambda answered, early: _without("state", zones_taken_over(answered, early)),
    ),
    _mutant(
        "lead-shares",
        "shares its own zones with whom it adds",
        "FI-PARTNER-008/1",
        "op1",
        roles_of_answerer=lambda before: Roles(access=True, share=True),
    ),
    _mutant("adds-again", "adds a partner that it has added", "FI-PARTNER-010/2", "op1", adds_again=True),
    _mutant(
        "believes-any-answer",
        "does not look at whose answer it gets",
        "FI-PARTNER-011/3",
        "op1",
        is_plausible=lambda answer, asked, operator: None,
    ),
    _mutant(
        "forgets-share",
        "overwrites the role that was gained while its add was open",
        "FI-RACE-005/2",
        "op1",
        roles_of_answerer=lambda before: Roles(access=True, share=False),
    ),
    _mutant(
        "new-id-per-attempt",
        "gives every attempt a requestId of its own",
        "FI-INPUT-005/2",
        "op1",
        keeps_request_id=False,
    ),
    _mutant("sends-without-key", "sends although it has no key", "FI-AUTH-001/3", "op1", sends_without_key=True),
    # --- the host is added
    _mutant("admits-strangers", "admits whom it does not expect", "FI-PARTNER-002/4", "op2", admits=admits_anybody),
    _mutant("admits-again", "admits a partner once more", "FI-PARTNER-009/1", "op2", admits_again=True),
    _mutant(
        "host-gains-access",
        "takes access in return for being added",
        "FI-PARTNER-004/1",
        "op2",
        roles_of_caller=lambda before: Roles(access=True, share=True),
    ),
    _mutant(
        "host-forgets-access",
        "replaces the record of a partner that adds it",
        "FI-PARTNER-012/1",
        "op2",
        roles_of_caller=lambda before: Roles(access=False, share=True),
    ),
    _mutant(
        "offers-one-zone",
        "offers its first zone only",
        "FI-PARTNER-005/1",
        "op2",
        zones_offered=lambda own, learnt: own[:1],
    ),
    _mutant(
        "offers-learnt-zones",
        "offers the zones that it has learnt from others",
        "FI-PARTNER-005/3",
        "op2",
        zones_offered=lambda own, learnt: (*zones_offered(own, learnt), *learnt),
    ),
    _mutant(
        "takes-any-notification",
        "does not look at the direction of a federation",
        "FI-PARTNER-004/3",
        "op2",
        accepts_direction=lambda operation, roles: True,
    ),
    # --- validate federation
    _mutant(
        "no-key-needed", "accepts whoever knows the ids", "FI-AUTH-003/1", "op2", accepts_credential=lambda k, s: True
    ),
    _mutant(
        "any-key",
        "accepts any key",
        "FI-AUTH-003/2",
        "op1",
        accepts_credential=lambda key, seal: bool(key),
    ),
    _mutant(
        "key-of-anybody",
        "accepts one partner's key for another's federation",
        "FI-AUTH-004/1",
        "op2",
        accepts_credential=lambda key, seal: len(key or "") > 20,
    ),
    _mutant(
        "any-destination",
        "does not look at the destination",
        "FI-AUTH-005/1",
        "op2",
        accepts_destination=lambda destination, own: True,
    ),
    _mutant(
        "any-operator",
        "does not look at the operator id",
        "FI-AUTH-006/1",
        "op1",
        accepts_operator=lambda operator, recorded: True,
    ),
    _mutant(
        "any-zone-told",
        "stores a notified zone of any id, and of none",
        "FI-INPUT-002/1",
        "op1",
        takes_over_zone=lambda zone: None if not zone else syntax.zone_id(zone),
    ),
)
