"""Every choice of the protocol, in one frozen record.

Where the documents leave a choice, or an implementation could get it wrong, the choice is a member of ``Decisions``
and nowhere else: a variant or a mutant is ``replace(OPERATOR, …)``. Everything here is a pure function or a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reference_impl.federation_interconnect import keys, syntax
from reference_impl.federation_interconnect.application_decisions import APPLICATIONS, ApplicationDecisions
from reference_impl.federation_interconnect.keys import Seal
from reference_impl.federation_interconnect.messages import (
    AddPartnerRequest,
    AddPartnerResponse,
    RegisterZonesResponse,
    UpdatePartnerRequest,
    ZoneInfo,
)
from reference_impl.federation_interconnect.objection import Objection as Objection
from reference_impl.federation_interconnect.operations import ROLES_NEEDED
from reference_impl.federation_interconnect.records import Early, Federation, Partner, PartnerZone, Roles

Attributes = tuple[str, tuple[str, ...], str]
"""MCC, MNC and locator of a federation."""


def accepts_destination(destination: str, own: Collection[str]) -> bool:
    """V2: the receiver's id is one of the receiver's own (FI-AUTH-005)."""
    return destination in own


def accepts_origin(partner: Partner | None, addressed: str | None) -> bool:
    """V3: the sender is a partner of the own federation it addresses (FI-AUTH-004, -005); None: that is V2's matter."""
    return partner is not None and addressed in (None, partner.own)


def admits_anybody(partner: Partner | None, addressed: str | None) -> bool:
    """Open admission: whoever knows the ids and the federation's key may add us (FI-ERR-08)."""
    return partner is None or addressed in (None, partner.own)


def accepts_operator(operator: str, recorded: str) -> bool:
    """V4: the operator of the sender is the one on record, not ours (FI-AUTH-006, FI-ERR-17)."""
    return operator == recorded


def accepts_country(country: str | None, recorded: str) -> bool:
    """V4: the country too, where it is sent (FI-AUTH-006)."""
    return country is None or country == recorded


def accepts_direction(operation: str, roles: Roles) -> bool:
    """V5: our record of the sender has one of the roles that the operation needs (federation-wire, section 4)."""
    needed = ROLES_NEEDED.get(operation)
    return needed is None or (roles.share and "share" in needed) or (roles.access and "access" in needed)


def is_plausible(answer: AddPartnerResponse, asked: AddPartnerRequest, operator: str) -> str | None:
    """Why the answer to our add is not the partner's answer to us, or None (FI-PARTNER-011). ``operator`` is the partner's."""
    pairs = (
        ("origFederationId", answer.origFederationId, asked.destFederationId),
        ("destFederationId", answer.destFederationId, asked.origFederationId),
        ("origOperatorId", answer.origOperatorId, operator),
        ("partnerOperatorId", answer.partnerOperatorId, asked.operator),
        ("requestId", answer.requestId or asked.requestId, asked.requestId),
    )
    for member, got, want in pairs:
        if got != want:
            return f"{member}: want {want!r}, got {got!r}"
    return None


def zones_offered(own: Sequence[ZoneInfo], learnt: Sequence[ZoneInfo]) -> Sequence[ZoneInfo]:
    """What the answer to an add offers: the own zones shared with the caller, none learnt from others (FI-PARTNER-005)."""
    return own


def zones_taken_over(answered: Sequence[ZoneInfo], early: Early) -> Sequence[ZoneInfo]:
    """The zones of an add: each once, with those notified before the answer and without those withdrawn before it
    (FI-PARTNER-007, FI-RACE-010). What came early was said later than the answer was composed.
    """
    kept = (zone for zone in answered if zone.zoneId not in early.gone)
    return tuple({zone.zoneId: zone for zone in (*kept, *early.zones)}.values())


def attributes_taken_over(answer: AddPartnerResponse, early: Early) -> Attributes:
    """MCC, MNC and locator of an add: an update that came before the answer is not overwritten by it (FI-RACE-005)."""
    return (early.mcc or answer.MCC, early.mnc or answer.MNC, early.locator or answer.locatorEndPoint or "")


def updated(partner: Partner, told: UpdatePartnerRequest) -> Partner:
    """Exactly what was sent is replaced, and nothing is merged (FI-UPD-006, FI-ERR-30)."""
    return replace(
        partner,
        mcc=told.MCC or partner.mcc,
        mnc=told.MNC or partner.mnc,
        locator=told.locatorEndPoint or partner.locator,
    )


def to_register(
    asked: Sequence[str], shared: Collection[str], registered: Collection[str]
) -> Sequence[str] | Objection:
    """The zones to register for the caller, all or none (FI-ZREG-007 to -009, FI-ERR-23).

    ``registered`` are those that the caller has registered already. A zone named twice counts once. One that is being
    withdrawn is not shared any more: 409 would tell a caller that repeats its request that it has it (FI-RACE-001).
    """
    wanted = tuple(dict.fromkeys(asked))
    if any(zone not in shared for zone in wanted):
        return Objection(404, "not every one of these zones is shared with you")
    if any(zone in registered for zone in wanted):
        return Objection(409, "not every one of these zones is free: you have registered some already")
    return wanted


def to_deregister(
    asked: Sequence[str], shared: Collection[str], registered: Collection[str]
) -> Sequence[str] | Objection:
    """The zones to deregister for the caller, all or none (FI-ZDEREG-004, -006, FI-ERR-23)."""
    wanted = tuple(dict.fromkeys(asked))
    if any(zone not in shared and zone not in registered for zone in wanted):
        return Objection(404, "not every one of these zones is shared with you")
    if any(zone not in registered for zone in wanted):
        return Objection(409, "not every one of these zones is registered by you")
    return wanted


def accounted_for(answer: RegisterZonesResponse, asked: Sequence[str]) -> Sequence[str]:
    """The zones that the partner says it registered, as far as they were asked for (FI-ZREG-006)."""
    named = [entry.zoneId for entry in answer.zone]
    return tuple(zone for zone in asked if zone in named)


def changed(own: Federation, mcc: str | None, mnc: Sequence[str] | None, locator: str | None) -> Federation:
    """An own federation with the attributes that were named; the others stay (FI-UPD-002, FI-ERR-30)."""
    return replace(
        own,
        mcc=own.mcc if mcc is None else mcc,
        mnc=own.mnc if mnc is None else tuple(mnc),
        locator=own.locator if locator is None else locator,
    )


def on_known_zone(known: ZoneInfo, told: ZoneInfo) -> Literal["keep", "refuse", "replace"]:
    """A zone is notified that is known: identical is a success, different a conflict (federation-wire 7.4, FI-SHARE-006)."""
    return "keep" if known == told else "refuse"


def on_withdrawal(known: PartnerZone, registering: bool, deregistering: bool) -> Literal["forget", "refuse"]:
    """A registered zone is not forgotten, so that both sides can settle it (FI-UNSHARE-006).

    A host that withdraws a zone has no registration of it and takes none any more: a registration of ours that is
    under way will be refused there, one whose end is under way has ended. Refusing would let both sides lose (FI-RACE-002).
    """
    return "refuse" if known.registered and not deregistering else "forget"


def members(asked: Sequence[str], onboarded: Collection[str]) -> Sequence[str] | None:
    """The members of a zone: cloudlets that are onboarded here, each of them once and at least one, or None (FI-AZ-005)."""
    wanted = tuple(dict.fromkeys(asked))
    return wanted if wanted and all(name in onboarded for name in wanted) else None


@dataclass(frozen=True, slots=True)
class Decisions:
    """The choices of an operator's platform. Times in milliseconds."""

    accepts_credential: Callable[[str | None, Seal], bool] = keys.opens
    """V1: the key presented is the one issued for this federation (FI-AUTH-003, -004)."""
    accepts_destination: Callable[[str, Collection[str]], bool] = accepts_destination
    accepts_origin: Callable[[Partner | None, str | None], bool] = accepts_origin
    admits: Callable[[Partner | None, str | None], bool] = accepts_origin
    """V3 of POST /operator/partner: prearranged admission admits whom it expects (FI-ERR-08)."""
    accepts_operator: Callable[[str, str], bool] = accepts_operator
    accepts_country: Callable[[str | None, str], bool] = accepts_country
    accepts_direction: Callable[[str, Roles], bool] = accepts_direction
    names_sender: Callable[[Federation, Partner], tuple[str, str]] = lambda own, partner: (own.operator, own.country)
    """operator and country of what we send are ours, not the partner's (FI-PARTNER-001, FI-ERR-17)."""
    accepts_country_code: Callable[[str], str | None] = syntax.country
    """Why the own federation cannot have this country, or None (FI-FED-003)."""
    deletes_under_partners: bool = False
    """The own federation stays as long as a partner hangs on it (FI-FED-004)."""
    same_request: Callable[[str, str], bool] = lambda first, now: first == now
    """Is a repeated requestId the same request? Its content, all but the id, decides (federation-wire 5.2)."""
    on_repeat: Literal["replay", "conflict"] = "replay"
    """What a repeat of a successful request gets: the answer again, or a 409; never a second effect (FI-ERR-24)."""
    refusal_memory: int = 10 * 60 * 1000
    """How long a copy of a request that was refused gets the same refusal, whatever has changed since (FI-RACE-009)."""
    memory: int = 24 * 3600 * 1000
    """How long a request is known again."""
    admits_again: bool = False
    """A partner that is admitted is not admitted twice (FI-PARTNER-009)."""
    roles_of_caller: Callable[[Roles], Roles] = lambda before: Roles(before.access, share=True)
    """The host's side of an add: it shares with the caller and gains nothing (FI-PARTNER-003, -004, -012)."""
    roles_of_answerer: Callable[[Roles], Roles] = lambda before: Roles(access=True, share=before.share)
    """The lead's side: it has access, and keeps what it gained meanwhile (FI-PARTNER-008, FI-RACE-005)."""
    is_shared: Callable[[str, Partner], bool] = lambda zone, partner: True
    """Which own zones a share partner may see: all of them, sharing is automatic (FI-ERR-07)."""
    zones_offered: Callable[[Sequence[ZoneInfo], Sequence[ZoneInfo]], Sequence[ZoneInfo]] = zones_offered
    zones_taken_over: Callable[[Sequence[ZoneInfo], Early], Sequence[ZoneInfo]] = zones_taken_over
    attributes_taken_over: Callable[[AddPartnerResponse, Early], Attributes] = attributes_taken_over
    is_plausible: Callable[[AddPartnerResponse, AddPartnerRequest, str], str | None] = is_plausible
    roles_after_failed_add: Callable[[Roles], Roles] = lambda before: before
    """An add that fails undoes nothing: what there is another add has gained (FI-RACE-004)."""
    admits_while_adding: bool = True
    """An inbound add is answered while the own one is open, else refused with 503: neither side waits (FI-RACE-005)."""
    takes_over_zone: Callable[[str], str | None] = syntax.zone_id
    """Why a zone id that a partner announces is not stored, or None (FI-ERR-25, FI-SHARE-007)."""
    kept: Callable[[Federation], Federation] = lambda own: own
    """An own federation is kept with everything that was given (FI-FED-001, -002)."""
    members: Callable[[Sequence[str], Collection[str]], Sequence[str] | None] = members
    accepts_zone_id: Callable[[str], str | None] = syntax.zone_id
    """Why an own zone cannot have this id, or None (FI-AZ-003)."""
    accepts_geo: Callable[[str], str | None] = syntax.geo_location
    """Why an own zone cannot be there, or None (FI-AZ-004); a partner's place is opaque text (FI-ERR-25)."""
    asks_for_any_zone: bool = False
    """The lead registers what it knows and has not registered, deregisters what it has (FI-ZREG-001, FI-ZDEREG-001)."""
    to_register: Callable[[Sequence[str], Collection[str], Collection[str]], Sequence[str] | Objection] = to_register
    accounts: Callable[[Sequence[str]], Sequence[str]] = lambda zones: zones
    """Of which registered zones the answer has an entry: of all (FI-ZREG-005)."""
    accounted_for: Callable[[RegisterZonesResponse, Sequence[str]], Sequence[str]] = accounted_for
    to_deregister: Callable[[Sequence[str], Collection[str], Collection[str]], Sequence[str] | Objection] = (
        to_deregister
    )
    on_known_zone: Callable[[ZoneInfo, ZoneInfo], Literal["keep", "refuse", "replace"]] = on_known_zone
    on_withdrawal: Callable[[PartnerZone, bool, bool], Literal["forget", "refuse"]] = on_withdrawal
    """A partner withdraws a zone: is it registered here, is a registration of ours or its end under way?"""
    hears_early: bool = True
    """What is told while the own add is open is kept for its outcome, else refused with 503 (FI-RACE-010)."""
    changed: Callable[[Federation, str | None, Sequence[str] | None, str | None], Federation] = changed
    updated: Callable[[Partner, UpdatePartnerRequest], Partner] = updated
    takes_empty_update: bool = False
    """An update without any attribute is refused (FI-UPD-007)."""
    tells: Callable[[Roles], bool] = lambda roles: roles.share
    """Whom we tell of our zones and attributes: whom we share with (FI-UPD-003, FI-SHARE-002, FI-UNSHARE-003, FI-ERR-05)."""
    tells_one_at_a_time: bool = True
    """Of one zone, and of our attributes, a partner is told the next thing after it has answered the last (FI-RACE-013)."""
    tells_no_news: bool = False
    """A change of attributes that changes nothing is refused, and nobody is told (FI-UPD-004)."""
    accepts_mcc: Callable[[str], str | None] = syntax.mcc
    accepts_mnc: Callable[[Sequence[str]], str | None] = syntax.mnc
    accepts_locator: Callable[[str], str | None] = syntax.locator
    """Why an attribute is not one, or None (FI-UPD-001)."""
    withdraws_registered: bool = False
    """A zone that a partner has registered is not deleted (FI-UNSHARE-002, FI-ERR-02)."""
    registers_withdrawn: bool = False
    """A zone that is being withdrawn is not registered any more (FI-RACE-001, -009)."""
    undoes_withdrawal: bool = True
    """A partner that has the zone registered says so with 409: then it stays with everybody (federation-wire 7.5)."""
    removes_registered: bool = False
    """The lead removes a partner only when none of its zones is registered (FI-REMOVE-001)."""
    removes_undecided: bool = False
    """The lead removes a partner only when nothing that it has asked of it is undecided (FI-RACE-003)."""
    lets_go_registered: bool = False
    """The host lets a lead go only when it has no zone registered (FI-REMOVE-006)."""
    in_use: int = 423
    """What the end of something in use is refused with. To a lead that repeats its own request after a lost answer, 409
    would say that it has ended already (federation-wire 5.1, FI-RACE-003, -012)."""
    roles_after_removal: Callable[[Roles], Roles] = lambda before: Roles(before.access, share=False)
    """The host's side of a removal: it keeps its own access (FI-REMOVE-004)."""
    roles_after_removing: Callable[[Roles], Roles] = lambda before: Roles(access=False, share=before.share)
    """The lead's side: it goes on sharing (FI-REMOVE-005)."""
    compensates: bool = True
    """A registration that succeeds for a zone withdrawn meanwhile is taken back at the partner (FI-RACE-002)."""
    adds_again: bool = False
    """The lead does not add a partner to whose zones it has access, or while it is adding it (FI-PARTNER-010, FI-RACE-004)."""
    url_of: Callable[[str], str] = lambda address: address if "://" in address else f"https://{address}"
    """Where a partner of this address is called: protected, unless the address says otherwise (FI-AUTH-011)."""
    sends_without_key: bool = False
    """No request without a credential is sent (FI-AUTH-001)."""
    is_success: Callable[[int], bool] = lambda status: 200 <= status < 300
    is_unclear: Callable[[int | None], bool] = lambda status: status is None or status >= 500
    """After no answer or a 5xx the sender must not assume anything, and repeats (federation-wire 5.2)."""
    conflict_confirms: Callable[[int, bool], bool] = lambda status, doubt: status == 409 and doubt
    """A conflict that meets a repeat of our own says that our wish is already reality (FI-ERR-24)."""
    absence_confirms: Callable[[int, bool], bool] = lambda status, doubt: status in (404, 409) and doubt
    """The same for what we wanted to end: that it is not there, or not so, is what we asked for (FI-RACE-007, -008)."""
    telling_pauses: tuple[int, ...] = (1000, 2000, 4000, 8000, 16000, 32000, 60000)
    """How long to wait before each repeat of what a partner has to know; the last one goes on for ever, because a
    partner that is down shall hear of it in the end (FI-RACE-009). Empty: it is repeated on order only."""
    pauses: tuple[int, ...] = (1000, 2000, 4000, 8000)
    """How long to wait before each repeat with the same requestId; after the last one the operator is told (FI-RACE-007)."""
    keeps_request_id: bool = True
    """A repeat, ours or the operator's after an unclear end, has the id of the first attempt (FI-INPUT-005)."""
    applications: ApplicationDecisions = APPLICATIONS
    artifact_bytes: int = 16 << 20
    """The largest artifact; 413 beyond."""
    artifact_limit: int = 200
    """How many artifacts of one partner are kept; the oldest that no application uses makes room for another."""
    zone_limit: int = 10_000
    """How many zones of one partner are kept: a notification of one more is refused, in an answer it is left out."""


OPERATOR = Decisions()
