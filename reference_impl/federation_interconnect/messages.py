"""The Federation Interconnect's messages (federation-wire, sections 4, 6 and 7); HEAD's shapes are normative (FI-ERR-15).

What is declared here is the shape alone: a mandatory member has no default. The syntax of the values is checked by the
receiver (``validation``), so that a refusal says what is wrong with them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from reference_impl.kernel.party import Message

Amount = Annotated[int, Field(ge=0)]


class ErrorMessage(Message):
    """The body of every refusal between operators (federation-wire 5.1, FI-INPUT-003)."""

    message: str


class PartnerMessage(Message):
    """A message between two partners: its id, equal on repeats, and the federation ids of its sender and its receiver."""

    requestId: str | None = None

    @property
    def sender_id(self) -> str:
        raise NotImplementedError

    @property
    def receiver_id(self) -> str:
        raise NotImplementedError


class FederationMessage(PartnerMessage):
    """What every management message begins with: who sends to whom; operator and country are the sender's (FI-ERR-17)."""

    origFederationId: str
    destFederationId: str
    operator: str
    country: str | None = None

    @property
    def sender_id(self) -> str:
        return self.origFederationId

    @property
    def receiver_id(self) -> str:
        return self.destFederationId


class ZoneInfo(Message):
    """An availability zone as a partner sees it; no cloudlet is named (FI-CLOUDLET-002)."""

    zoneId: str
    geoLocation: str
    city: str | None = None
    state: str | None = None
    locality: str | None = None
    edgeCount: Annotated[int, Field(ge=1)]


class AddPartnerRequest(FederationMessage):
    """``origFederationAddr`` is of the early edition; where admission is prearranged it is ignored (FI-ERR-08)."""

    country: str
    applicationAnchormentReq: bool | None = None
    origFederationAddr: str | None = None


class AddPartnerResponse(Message):
    """orig* denotes the operator who answers, although in the request it denoted the caller (FI-ERR-16)."""

    requestId: str | None = None
    origOperatorId: str
    origFederationId: str
    partnerOperatorId: str
    destFederationId: str
    MCC: str
    MNC: tuple[str, ...]
    locatorEndPoint: str | None = None
    partnerZone: tuple[ZoneInfo, ...] | None = None


class UpdatePartnerRequest(FederationMessage):
    """What is absent or empty stays as it was; MNC replaces the whole list (federation-wire 7.2, FI-ERR-30)."""

    MCC: str | None = None
    MNC: tuple[str, ...] | None = None
    locatorEndPoint: str | None = None


class RemovePartnerRequest(FederationMessage):
    pass


class ZoneSharedRequest(FederationMessage):
    partnerZone: ZoneInfo


class ZoneWithdrawnRequest(FederationMessage):
    zone: str


class RegisterZonesRequest(FederationMessage):
    zones: tuple[str, ...]


class DeregisterZonesRequest(FederationMessage):
    """The early edition's ``zone`` may come along; ``zones`` counts (FI-ERR-15)."""

    zones: tuple[str, ...]


class ZoneResourceInfo(Message):
    """cpu in cores, ram and disk in GB; 0 or absent is not stated."""

    cpu: Amount | None = None
    ram: Amount | None = None
    disk: Amount | None = None
    gpu: Amount | None = None


class ZoneRegisterDetails(Message):
    zoneId: str
    registrationToken: str | None = None
    guaranteedResources: ZoneResourceInfo | None = None
    upperLimitQuota: ZoneResourceInfo | None = None


def _listed(value: object) -> object:
    """The early edition answers for a single zone with a bare object; lists are what is sent here (FI-ERR-15)."""
    return (value,) if isinstance(value, dict) else tuple(value) if isinstance(value, list) else value


class RegisterZonesResponse(Message):
    """Whose ids the three identities are is contradictory in the origin and not judged (FI-ERR-16)."""

    requestId: str | None = None
    leadOperatorId: str | None = None
    partnerOperatorId: str | None = None
    federationId: str | None = None
    zone: Annotated[tuple[ZoneRegisterDetails, ...], BeforeValidator(_listed)]
