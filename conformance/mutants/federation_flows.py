"""Wrong operators' platforms: attributes, zones and registrations while federated, removals, and what overlaps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants import Mutant
from reference_impl.federation_interconnect import decisions as d
from reference_impl.federation_interconnect.decisions import OPERATOR
from reference_impl.federation_interconnect.messages import UpdatePartnerRequest
from reference_impl.federation_interconnect.records import Early, Federation, Partner, Roles


def _mutant(id_: str, vice: str, caught_by: str, seat: str, **decisions: Any) -> Mutant:
    return Mutant(f"fi-{id_}", vice, caught_by, "federation-interconnect", seat, replace(OPERATOR, **decisions))


def _merged(partner: Partner, told: UpdatePartnerRequest) -> Partner:
    new = d.updated(partner, told)
    return replace(new, mnc=tuple(dict.fromkeys((*partner.mnc, *new.mnc))))


def _what_it_can(asked: Sequence[str], shared: Collection[str], registered: Collection[str]) -> Sequence[str]:
    return tuple(zone for zone in asked if zone in shared and zone not in registered)


def _whatever_is_shared(
    asked: Sequence[str], shared: Collection[str], registered: Collection[str]
) -> Sequence[str] | d.Objection:
    return d.to_register(asked, shared, ())


def _what_is_registered(asked: Sequence[str], shared: Collection[str], registered: Collection[str]) -> Sequence[str]:
    return tuple(zone for zone in asked if zone in registered)


def _foreign_name(own: Federation, partner: Partner) -> tuple[str, str]:
    """The host's, once it is the host."""
    return (partner.operator, partner.country) if partner.roles.access else (own.operator, own.country)


MUTANTS = (
    # --- attributes
    _mutant("any-mcc", "stores any MCC", "FI-UPD-001/1", "op2", accepts_mcc=lambda mcc: None),
    _mutant("any-locator", "stores any locator", "FI-UPD-001/3", "op2", accepts_locator=lambda locator: None),
    _mutant(
        "forgets-unnamed",
        "empties the attributes that a change does not name",
        "FI-UPD-002/1",
        "op2",
        changed=lambda own, mcc, mnc, locator: replace(own, mcc=mcc or "", mnc=tuple(mnc or ()), locator=locator or ""),
    ),
    _mutant("tells-nobody", "tells no partner of its attributes", "FI-UPD-003/1", "op2", tells=lambda roles: False),
    _mutant("tells-those-gone", "tells partners that have removed it", "FI-UPD-003/2", "op2", tells=lambda roles: True),
    _mutant("tells-no-news", "tells a change that changes nothing", "FI-UPD-004/3", "op2", tells_no_news=True),
    _mutant(
        "any-partners-update",
        "takes one partner's update in another's name",
        "FI-UPD-005/3",
        "op1",
        accepts_credential=lambda key, seal: bool(key),
    ),
    _mutant("merges-mnc", "adds the new MNCs to the old ones", "FI-UPD-006/2", "op1", updated=_merged),
    _mutant("empty-update", "accepts an update of nothing", "FI-UPD-007/1", "op1", takes_empty_update=True),
    # --- zones are shared and withdrawn
    _mutant(
        "offers-first-two",
        "does not offer later partners the zones created since",
        "FI-SHARE-001/2",
        "op2",
        zones_offered=lambda own, learnt: own[:2],
    ),
    _mutant("tells-hosts", "tells those whose zones it uses", "FI-SHARE-002/2", "op2", tells=lambda roles: roles.any),
    _mutant(
        "any-answer-delivers",
        "takes a failure for a delivery",
        "FI-SHARE-003/1",
        "op2",
        is_success=lambda status: True,
        is_unclear=lambda status: status is None,
    ),
    _mutant(
        "any-direction",
        "takes notifications from those that use its zones",
        "FI-SHARE-004/2",
        "op1",
        accepts_direction=lambda operation, roles: True,
    ),
    _mutant("two-zones", "keeps two zones of a partner", "FI-SHARE-005/1", "op1", zone_limit=2),
    _mutant(
        "resets-known-zone",
        "resets a registration when the zone is notified again",
        "FI-SHARE-006/2",
        "op1",
        on_known_zone=lambda known, told: "replace",
    ),
    _mutant("nameless-zone", "stores a zone without id", "FI-SHARE-007/1", "op1", takes_over_zone=lambda zone: None),
    _mutant(
        "registers-anything",
        "registers zones that there are not any more",
        "FI-UNSHARE-001/2",
        "op2",
        to_register=lambda asked, shared, registered: tuple(asked),
    ),
    _mutant("deletes-used", "deletes a zone in use", "FI-UNSHARE-002/1", "op2", withdraws_registered=True),
    _mutant(
        "withdraws-from-hosts",
        "tells those whose zones it uses of a withdrawal",
        "FI-UNSHARE-003/2",
        "op2",
        tells=lambda roles: roles.any,
    ),
    _mutant(
        "foreign-withdrawal",
        "does not look at the operator of a withdrawal",
        "FI-UNSHARE-004/1",
        "op1",
        accepts_operator=lambda operator, recorded: True,
    ),
    _mutant(
        "keeps-withdrawn",
        "refuses every withdrawal",
        "FI-UNSHARE-005/1",
        "op1",
        on_withdrawal=lambda known, registering, deregistering: "refuse",
    ),
    _mutant(
        "lets-go-of-used",
        "forgets a zone that it has registered",
        "FI-UNSHARE-006/1",
        "op1",
        on_withdrawal=lambda known, registering, deregistering: "forget",
    ),
    # --- zones are registered and deregistered
    _mutant("asks-for-unknown", "asks for zones it does not know", "FI-ZREG-001/1", "op1", asks_for_any_zone=True),
    _mutant("registers-as-host", "registers in the host's name", "FI-ZREG-002/1", "op1", names_sender=_foreign_name),
    _mutant(
        "registers-for-hosts",
        "registers zones for those whose zones it uses",
        "FI-ZREG-003/2",
        "op2",
        accepts_direction=lambda operation, roles: True,
    ),
    _mutant(
        "deletes-registered", "deletes what was just registered", "FI-ZREG-004/2", "op2", withdraws_registered=True
    ),
    _mutant(
        "accounts-for-one",
        "names the first zone only in its answer",
        "FI-ZREG-005/1",
        "op2",
        accounts=lambda zones: zones[:1],
    ),
    _mutant(
        "believes-all-registered",
        "does not read which zones the host has registered",
        "FI-ZREG-006/4",
        "op1",
        accounted_for=lambda answer, asked: asked,
    ),
    _mutant(
        "registers-unshared",
        "registers zones that are nobody's",
        "FI-ZREG-007/1",
        "op2",
        to_register=lambda asked, shared, registered: tuple(asked),
    ),
    _mutant(
        "registers-again",
        "registers a zone a second time",
        "FI-ZREG-008/1",
        "op2",
        to_register=_whatever_is_shared,
    ),
    _mutant("registers-a-part", "registers what it can", "FI-ZREG-009/2", "op2", to_register=_what_it_can),
    _mutant(
        "deletes-what-another-uses",
        "deletes a zone once one of its users has left it",
        "FI-ZREG-010/2",
        "op2",
        withdraws_registered=True,
    ),
    _mutant("gives-up-unheld", "gives up what it does not hold", "FI-ZDEREG-001/1", "op1", asks_for_any_zone=True),
    _mutant(
        "foreign-deregistration",
        "does not look at the operator of a deregistration",
        "FI-ZDEREG-003/2",
        "op2",
        accepts_operator=lambda operator, recorded: True,
    ),
    _mutant(
        "deregisters-a-part", "deregisters what it can", "FI-ZDEREG-004/3", "op2", to_deregister=_what_is_registered
    ),
    _mutant(
        "conflict-ends-all",
        "takes any refusal of a deregistration for its success",
        "FI-ZDEREG-005/2",
        "op1",
        absence_confirms=lambda status, doubt: status in (404, 409),
    ),
    _mutant(
        "deregisters-nothing",
        "accepts to deregister what is not registered",
        "FI-ZDEREG-006/1",
        "op2",
        to_deregister=_what_is_registered,
    ),
    # --- partners are removed
    _mutant("leaves-with-zones", "leaves with zones registered", "FI-REMOVE-001/1", "op1", removes_registered=True),
    _mutant("leaves-as-host", "removes in the host's name", "FI-REMOVE-002/1", "op1", names_sender=_foreign_name),
    _mutant(
        "removed-by-anybody",
        "lets one partner remove another",
        "FI-REMOVE-003/1",
        "op2",
        accepts_credential=lambda key, seal: bool(key),
    ),
    _mutant(
        "loses-access",
        "gives its own access up when it is removed",
        "FI-REMOVE-004/3",
        "op2",
        roles_after_removal=lambda before: Roles(access=False, share=False),
    ),
    _mutant(
        "stops-sharing",
        "stops sharing with whom it removes",
        "FI-REMOVE-005/3",
        "op1",
        roles_after_removing=lambda before: Roles(access=False, share=False),
    ),
    _mutant(
        "conflict-removes",
        "takes a refusal of its removal for success",
        "FI-REMOVE-005/2",
        "op1",
        absence_confirms=lambda status, doubt: status in (404, 409),
    ),
    _mutant("lets-users-go", "lets a partner go that uses a zone", "FI-REMOVE-006/1", "op2", lets_go_registered=True),
    _mutant("tells-the-removed", "goes on telling who has left", "FI-REMOVE-007/2", "op2", tells=lambda roles: True),
    _mutant(
        "hears-the-removed",
        "takes notifications from whom it has removed",
        "FI-REMOVE-008/1",
        "op1",
        accepts_direction=lambda operation, roles: True,
    ),
    # --- what overlaps
    _mutant("registers-leaving", "registers a zone being withdrawn", "FI-RACE-001/1", "op2", registers_withdrawn=True),
    _mutant("removes-undecided", "removes before it is decided", "FI-RACE-003/3", "op1", removes_undecided=True),
    _mutant("gone-but-used", "lets a user of a zone go", "FI-RACE-003/1", "op2", lets_go_registered=True),
    _mutant(
        "revives-share",
        "gives the role back that was given up while its add was open",
        "FI-RACE-005/4",
        "op1",
        roles_of_answerer=lambda before: Roles(access=True, share=True),
    ),
    _mutant(
        "stuck-registering",
        "is stuck when its registration is a fact already",
        "FI-RACE-008/1",
        "op1",
        conflict_confirms=lambda status, doubt: False,
    ),
    _mutant(
        "stuck-deregistering",
        "is stuck when its deregistration is a fact already",
        "FI-RACE-008/2",
        "op1",
        absence_confirms=lambda status, doubt: False,
    ),
    _mutant(
        "tells-once",
        "does not repeat what got no answer",
        "FI-RACE-009/1",
        "op2",
        is_unclear=lambda status: status is not None and status >= 500,
    ),
    _mutant(
        "never-satisfied",
        "tells on what the partner knows already",
        "FI-RACE-009/2",
        "op2",
        conflict_confirms=lambda status, doubt: False,
    ),
    _mutant(
        "deaf-while-adding",
        "forgets what it hears while its add is open",
        "FI-RACE-010/1",
        "op1",
        zones_taken_over=lambda answered, early: answered,
    ),
    _mutant(
        "revives-withdrawn",
        "stores what was withdrawn while its add was open",
        "FI-RACE-010/3",
        "op1",
        zones_taken_over=lambda answered, early: d.zones_taken_over(answered, Early(zones=early.zones)),
    ),
    _mutant("tells-at-once", "tells two updates at once", "FI-RACE-013/1", "op2", tells_one_at_a_time=False),
)
